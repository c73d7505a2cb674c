"""What a crisp teacher makes of soft prints: `python -m training.clarity.teacher --minutes 60`.

The teacher is Real-ESRGAN x4plus (BSD-3-Clause; `photochrom models add real-esrgan`). An adversary
taught it what photographs look like, and it answers every print with one sharp picture. So a plain
distance to that does not blur, as the distance to the truth does, of which there might be many.
A crop takes it seconds: they are kept, numbered, and a run uses all that are there when it begins.

What is learned is not the teacher's picture as it is, which turns skin and cloth to wax, but that
picture corrected until, made small, it is the truth made small (back-projection, as the step
clarity has it): between the print's pixels it is the teacher's, across them the truth.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from photochrom.nets import Registry
from training.clarity.data import TAUGHT, Lesson, Plane, cut, soften
from training.loop import ROOT
from training.shards import hires_shards, open_pictures

FOLDER = ROOT / "cache" / "teacher"
_SIDE = 128
_SEED = 40
_TEACHER = "real-esrgan"
_ROUNDS = 4


def make(pictures: Sequence[NDArray[np.uint8]], number: int, registry: Registry) -> Lesson:
    """Make lesson number n: always the same one."""
    rng = np.random.default_rng([_SEED, number])
    # All photographs in turn: each has as many lessons as any other.
    sharp = cut(pictures[number % len(pictures)], 4 * _SIDE, rng)
    small = soften(sharp, 4, rng, TAUGHT).astype(np.float16)
    network = registry.network("clarity", scale=4, name=_TEACHER)
    seen = network.run({"gray": small.astype(np.float32)[None, None]})["clear"][0, 0]
    return Lesson(small, _levels(sharp), _levels(seen))


def _levels(plane: Plane) -> NDArray[np.uint8]:
    return (np.clip(plane, 0, 1) * 255 + 0.5).astype(np.uint8)


def save(lesson: Lesson, path: Path) -> None:
    """Write a lesson, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".part")
    with unfinished.open("wb") as file:
        np.savez(file, small=lesson.small, sharp=lesson.sharp, crisp=lesson.crisp)
    unfinished.replace(path)


def read_all(folder: Path = FOLDER) -> list[Lesson]:
    """Read the lessons that are there, in order, the teacher's pictures corrected."""
    lessons = []
    for path in sorted(folder.glob("*.npz")):
        with np.load(path) as arrays:
            sharp, crisp = arrays["sharp"], arrays["crisp"]
            lessons.append(Lesson(arrays["small"], sharp, corrected(crisp, sharp)))
    return lessons


def corrected(crisp: NDArray[np.uint8], sharp: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Correct a picture until, made small (mean of blocks of 4), it is another one made small.

    Args:
        crisp: (4 h, 4 w), what is corrected.
        sharp: (4 h, 4 w), what it is to be like.
    """
    seen, truth = (picture.astype(np.float32) / 255 for picture in (crisp, sharp))
    for _ in range(_ROUNDS):
        small = cv2.resize(truth - seen, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
        seen += cv2.resize(small, None, fx=4, fy=4, interpolation=cv2.INTER_CUBIC)
    return _levels(seen)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--folder", type=Path, default=FOLDER)
    parser.add_argument("--part", default="0/1", help="I/N: every Nth lesson, from the Ith on")
    parser.add_argument("--threads", type=int, default=1)
    args = parser.parse_args()
    part, parts = (int(number) for number in args.part.split("/"))
    pictures = open_pictures(hires_shards())
    registry = Registry.default(threads=args.threads)
    until = time.monotonic() + 60 * args.minutes
    number = part
    while time.monotonic() < until:
        path = args.folder / f"{number:05d}.npz"
        if not path.exists():
            save(make(pictures, number, registry), path)
            print(path.name, flush=True)
        number += parts


if __name__ == "__main__":
    main()
