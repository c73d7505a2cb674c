"""The photographs that benches measure on."""

from __future__ import annotations

from pathlib import Path

from training.shards import evaluation_files


def files(kind: str, count: int | None = None) -> list[Path]:
    """The files of evaluation photographs.

    Those that training has seen are left out (`training.shards.TWINS`).

    Args:
        kind: "colour", "historical_colour", "vintage_bw" or "damaged".
        count: At most so many, spread evenly over all; None: all.

    Raises:
        FileNotFoundError: There is no data folder (see `training/README.md`).
    """
    found = evaluation_files(kind)
    if count is not None and count < len(found):
        found = [found[i * len(found) // count] for i in range(count)]
    return found
