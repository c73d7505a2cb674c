"""The photographs that benches measure on."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from training.shards import decode, evaluation_files


def photographs(kind: str, count: int | None = None) -> Iterator[tuple[str, NDArray[np.uint8]]]:
    """Yield name and (H, W, 3) RGB of evaluation photographs, at the size that they have.

    Those that training has seen are left out (`training.shards.TWINS`).

    Args:
        kind: "colour", "historical_colour", "vintage_bw" or "damaged".
        count: At most so many, spread evenly over all; None: all.

    Raises:
        FileNotFoundError: There is no data folder (see `training/README.md`).
    """
    files = evaluation_files(kind)
    if count is not None and count < len(files):
        files = [files[i * len(files) // count] for i in range(count)]
    for file in files:
        yield file.stem, decode(file.read_bytes())
