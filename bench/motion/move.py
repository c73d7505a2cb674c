"""The move that all ways are asked for."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

import av

from photochrom.film.camera import RAMP, Camera, Rect

SIZE: Final = (1920, 1080)
RATE: Final = 24
SECONDS: Final = 10
PICTURE: Final = (4000, 3000)
CRF: Final = 18
PRESET: Final = "veryfast"

# In shares of the picture's width and height; of a frame's shape, 16 to 9, in a picture of 4 to 3.
_FROM: Final = Rect(0.06, 0.20, 0.84, 0.63)
_TO: Final = Rect(0.15, 0.24, 0.76, 0.57)
# The part of the picture that has the frame's shape, and holds the move.
_BAND: Final = Rect(0.0, 0.125, 1.0, 0.75)


@dataclass(frozen=True)
class Job:
    """A move over a picture, as every way is told of it.

    Attributes:
        picture: The picture's file, 8-bit RGB.
        out: Where the film goes, an .mp4 file.
        size: Of the film, in pixels.
        rate: Frames a second.
        crf: Quality that x264 is asked for.
        preset: Its preset.
        rects: What each frame shows: left, top, width and height in pixels of the picture.
        band: The part of the picture that has the film's shape, and holds the move; the same.
        shape: Width and height of the picture in pixels.
        ramp: Share of the time in which the move gets up to speed, and as much in which it slows
            down; speed rises and falls along 3x^2 - 2x^3.
    """

    picture: str
    out: str
    size: tuple[int, int]
    rate: int
    crf: int
    preset: str
    rects: tuple[tuple[float, float, float, float], ...]
    band: tuple[float, float, float, float]
    shape: tuple[int, int]
    ramp: float

    def save(self, path: Path) -> None:
        """Write it down for a process that is to do it."""
        path.write_text(json.dumps(asdict(self)), encoding="utf-8")

    @classmethod
    def load(cls, path: Path) -> Job:
        """Read what `save` wrote."""
        content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        tuples = {
            key: tuple(tuple(one) if isinstance(one, list) else one for one in value)
            for key, value in content.items()
            if isinstance(value, list)
        }
        return cls(**content | tuples)


def job_for(
    picture: Path, out: Path, shape: tuple[int, int], size: tuple[int, int], seconds: float
) -> Job:
    """The move over a picture.

    Args:
        picture: Its file.
        out: Where the film goes.
        shape: Width and height of the picture, of 4 to 3.
        size: The same of the film, of 16 to 9.
        seconds: How long it takes.
    """
    frames = round(seconds * RATE)
    camera = Camera(_FROM, _TO, "smooth")
    rects = [_pixels(camera.at(index / (frames - 1)), shape) for index in range(frames)]
    band = _pixels(_BAND, shape)
    return Job(str(picture), str(out), size, RATE, CRF, PRESET, tuple(rects), band, shape, RAMP)


def encode(job: Job, frames: Iterable[av.VideoFrame]) -> None:
    """Write yuv420p frames to the job's file."""
    with av.open(job.out, "w") as container:
        options = {"crf": str(job.crf), "preset": job.preset}
        stream = container.add_stream("libx264", rate=job.rate, options=options)
        stream.width, stream.height = job.size
        stream.pix_fmt = "yuv420p"
        for number, frame in enumerate(frames):
            frame.pts, frame.time_base = number, Fraction(1, job.rate)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


def _pixels(rect: Rect, shape: tuple[int, int]) -> tuple[float, float, float, float]:
    width, height = shape
    return rect.left * width, rect.top * height, rect.width * width, rect.height * height
