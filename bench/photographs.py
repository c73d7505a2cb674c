"""The photographs that benches measure on."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from training.shards import data_folder, decode


def photographs(kind: str, count: int | None = None) -> Iterator[tuple[str, NDArray[np.uint8]]]:
    """Yield name and (H, W, 3) RGB of evaluation photographs, at the size that they have.

    Args:
        kind: "colour", "historical_colour", "vintage_bw" or "damaged".
        count: At most so many, spread evenly over all; None: all.

    Raises:
        FileNotFoundError: There is no data folder (see `training/README.md`).
    """
    folder = data_folder() / "eval-dev"
    entries = json.loads((folder / "index.json").read_text())
    files = [entry["file"] for entry in entries if entry["kind"] == kind]
    if count is not None and count < len(files):
        files = [files[i * len(files) // count] for i in range(count)]
    for file in files:
        yield Path(file).stem, decode((folder / file).read_bytes())
