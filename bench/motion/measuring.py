"""The ways to make the move, each in a process of its own, and what becomes of it."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

import av
import cv2
import numpy as np

from bench.motion import move, peers
from bench.motion.move import Job, job_for
from bench.motion.pattern import Pattern
from bench.motion.registering import judged, track
from bench.watching import CommandError, watched

OURS: Final = "photochrom"
MOVIEPY: Final = "MoviePy, resize and position"
PILLOW: Final = "MoviePy, a function of one's own with Pillow's `resize(box=...)`"
ZOOMPAN: Final = "zoompan"
UPSCALED: Final = "zoompan, after enlarging the picture 8 times"

_ROOT: Final = Path(__file__).resolve().parents[2]
_UPSCALE: Final = 8

Progress = Callable[[str, float], None]


@dataclass(frozen=True)
class Way:
    """A way to make the move: its name, and the command that does it, but for the job."""

    name: str
    command: tuple[str, ...]
    more: tuple[str, ...] = ()


def ways() -> tuple[list[Way], dict[str, str]]:
    """The ways that can be had; and those that cannot, with the reason."""
    there = [Way(OURS, (sys.executable, "-m", "bench.motion.by_photochrom"))]
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
    by_filter = (sys.executable, "-m", "bench.motion.by_zoompan")
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
        encode_ideal(ideal, pattern)
        floor = judged(track(Path(ideal.out), ideal, pattern), ideal)
        for number, way in enumerate(there):
            progress(way.name, (number + 1) / (len(there) + 1))
            job = job_for(picture, folder / f"{number}.mp4", shape, size, seconds)
            job.save(folder / "job.json")
            asked = [*way.command, str(folder / "job.json"), *way.more]
            try:
                cost = watched(asked, folder=_ROOT)
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


def encode_ideal(job: Job, pattern: Pattern) -> None:
    """The move with frames that are computed from the formula: what the measure finds in it, and
    the encoder, is the floor of all figures."""
    rng = np.random.default_rng(0)
    with av.open(job.out, "w") as container:
        options = {"crf": str(job.crf), "preset": job.preset}
        stream = container.add_stream("libx264", rate=job.rate, options=options)
        stream.width, stream.height = job.size
        stream.pix_fmt = "yuv420p"
        for number, rect in enumerate(job.rects):
            luma = pattern.seen(rect, job.size)
            luma += rng.random(luma.shape, np.float32)
            codes = np.clip(luma, 0, 255).astype(np.uint8)
            flat = np.full((codes.shape[0] // 2, codes.shape[1]), 128, np.uint8)
            frame = av.VideoFrame.from_ndarray(np.concatenate([codes, flat]), format="yuv420p")
            frame.pts, frame.time_base = number, Fraction(1, job.rate)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
