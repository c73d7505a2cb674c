"""The film made, made again with another caption, and looked at."""

from __future__ import annotations

import json
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import av

from bench.film import pictures
from bench.film.making import FILM, STORYBOARD, storyboard
from bench.harness import Progress, counted
from bench.processes import module, watched

COUNT: Final = 40
SIZE: Final = (1920, 1080)
PICTURE: Final = (4000, 3000)


def measured(count: int | None, progress: Progress) -> dict[str, Any]:
    """What the film costs; a trial is a film of so many photographs, 12 s of film each."""
    return made(count or COUNT, SIZE, PICTURE, 1.0, progress)


def made(
    count: int, size: tuple[int, int], shape: tuple[int, int], share: float, progress: Progress
) -> dict[str, Any]:
    """The same, of any size.

    Args:
        count: How many photographs.
        size: Width and height of the film.
        shape: The same of the photographs.
        share: Of the usual lengths.
        progress: Told of what is being done.
    """
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        for number in counted(range(count), count, progress, "making photographs", (0, 0.15)):
            pictures.write(folder, number, shape)
        board = storyboard(count, size, share)
        progress("filming", 0.15)
        whole = _run(folder, board)
        length, megabytes = _looked_at(folder / FILM)
        # In the middle of the film, so that what is before and behind it has to be joined again.
        board["shot"][1 + count // 2]["caption"] = "Somebody else\nSomewhere else, 1931"
        progress("filming again, with another caption", 0.95)
        again = _run(folder, board)
    return {
        "photographs": count,
        "size": list(size),
        "picture": list(shape),
        "length": length,
        "file_mb": megabytes,
        "whole": whole,
        "caption_changed": again,
    }


def _run(folder: Path, board: dict[str, Any]) -> dict[str, Any]:
    (folder / STORYBOARD).write_text(json.dumps(board), encoding="utf-8")
    return asdict(watched(module("bench.film.making", folder)))


def _looked_at(film: Path) -> tuple[float, float]:
    with av.open(str(film)) as container:
        stream = container.streams.video[0]
        length = round(float(stream.frames / stream.average_rate), 3)
    return length, round(film.stat().st_size / 1e6, 1)
