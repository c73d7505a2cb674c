"""The ways to make the move, each in a process of its own, and what becomes of it."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import av
import cv2
import numpy as np

from bench.harness import Progress, counted
from bench.motion import move, peers
from bench.motion.move import Job, encode, job_for
from bench.motion.pattern import Pattern
from bench.motion.registering import judged, track
from bench.processes import CommandError, module, watched

OURS: Final = "photochrom"
MOVIEPY: Final = "MoviePy, resize and position"
PILLOW: Final = "MoviePy, a function of one's own with Pillow's `resize(box=...)`"
ZOOMPAN: Final = "zoompan"
UPSCALED: Final = "zoompan, after enlarging the picture 8 times"

_UPSCALE: Final = 8


@dataclass(frozen=True)
class Way:
    """A way to make the move: its name, and the command that does it, but for the job."""

    name: str
    command: Sequence[str]
    more: tuple[str, ...] = ()


def ways() -> tuple[list[Way], dict[str, str]]:
    """The ways that can be had; and those that cannot, with the reason."""
    there = [Way(OURS, module("bench.motion.by_photochrom"))]
    missing = {}
    try:
        python = str(peers.python())
    except (OSError, subprocess.CalledProcessError) as error:
        why = str(getattr(error, "stderr", "") or error).strip().splitlines()
        missing = dict.fromkeys((MOVIEPY, PILLOW), why[-1] if why else "cannot be installed")
    else:
        script = str(Path(__file__).with_name("by_moviepy.py"))
        there += [
            Way(MOVIEPY, (python, script), ("resize",)),
            Way(PILLOW, (python, script), ("pillow",)),
        ]
    by_filter = module("bench.motion.by_zoompan")
    there += [Way(ZOOMPAN, by_filter), Way(UPSCALED, by_filter, (str(_UPSCALE),))]
    return there, missing


def measured(count: int | None, progress: Progress) -> dict[str, Any]:
    """Every way's cost and motion, and what the measure of motion errs by.

    Args:
        count: Seconds of the move; None: as many as the page speaks of.
        progress: Told of each way.
    """
    there, missing = ways()
    found = compared(there, move.PICTURE, move.SIZE, count or move.SECONDS, progress)
    return found | {
        "left_out": missing,
        "peers": {} if missing else peers.versions(),
    }


def compared(
    there: Sequence[Way],
    shape: tuple[int, int],
    size: tuple[int, int],
    seconds: float,
    progress: Progress,
) -> dict[str, Any]:
    """The same, of some ways and at some size.

    Args:
        there: The ways.
        shape: Width and height of the picture, of 4 to 3.
        size: The same of the film, of 16 to 9.
        seconds: How long the move is.
        progress: Told of each way.
    """
    pattern = Pattern.of(shape)
    figures: dict[str, Any] = {}
    failed: dict[str, str] = {}
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        picture = folder / "picture.png"
        progress("the picture", 0)
        cv2.imwrite(str(picture), pattern.picture()[..., ::-1])
        ideal = job_for(picture, folder / "ideal.mp4", shape, size, seconds)
        encode(ideal, ideal_frames(ideal, pattern))
        floor = judged(track(Path(ideal.out), ideal, pattern), ideal)
        turns = counted(there, len(there), progress, "{0.name}", (0.15, 1))
        for number, way in enumerate(turns):
            job = job_for(picture, folder / f"{number}.mp4", shape, size, seconds)
            job.save(folder / "job.json")
            asked = [*way.command, str(folder / "job.json"), *way.more]
            try:
                cost = watched(asked)
            except CommandError as error:
                failed[way.name] = str(error).splitlines()[-1]
                continue
            motion = judged(track(Path(job.out), job, pattern), job)
            megabytes = round(Path(job.out).stat().st_size / 1e6, 2)
            figures[way.name] = asdict(cost) | motion | {"file_mb": megabytes}
    return {
        "seconds": seconds,
        "size": list(size),
        "picture": list(shape),
        "rate": move.RATE,
        "encoder": f"x264 {move.PRESET}, CRF {move.CRF}",
        "step_px": mean_step(ideal),
        "floor": floor,
        "ways": figures,
        "failed": failed,
    }


def mean_step(job: Job) -> float:
    """Mean pixels of the frame that the picture's middle moves from frame to frame."""
    rects = np.array(job.rects)
    steps = np.diff(rects[:, :2] + rects[:, 2:] / 2, axis=0) * (job.size[0] / rects[1:, 2:3])
    return round(float(np.sqrt((steps**2).sum(axis=1)).mean()), 2)


def ideal_frames(job: Job, pattern: Pattern) -> Iterator[av.VideoFrame]:
    """The move, computed from the formula: what the measure finds in it, and the encoder, is the
    floor of all figures."""
    rng = np.random.default_rng(0)
    for rect in job.rects:
        luma = pattern.seen(rect, job.size)
        luma += rng.random(luma.shape, np.float32)
        codes = np.clip(luma, 0, 255).astype(np.uint8)
        flat = np.full((codes.shape[0] // 2, codes.shape[1]), 128, np.uint8)
        yield av.VideoFrame.from_ndarray(np.concatenate([codes, flat]), format="yuv420p")
