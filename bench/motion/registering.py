"""Where the camera of a film really was: decoded frames laid over what they ought to show."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from bench.motion.move import Job
from bench.motion.pattern import Pattern, Plane

GRID: Final = 3
"""Each frame is measured in so many by so many parts: a zoom that is wrong shows at the sides."""

STEADY: Final = 0.02
"""Pixels; the camera went backward if it did by more. It is some times what the measure errs by."""

# Fine detail, grain and what the encoder left of both say little about where things are.
_BLUR: Final = 2.0
# The slope of what lies between five pixels; that between two neighbors' would be too flat.
_SLOPE: Final = np.array([[1, -8, 0, 8, -1]], np.float32) / 12
_MARGIN: Final = 8


def luma_of(path: Path) -> Iterator[Plane]:
    """The decoded frames of a film: (H, W) codes."""
    with av.open(str(path)) as container:
        for frame in container.decode(video=0):
            assert isinstance(frame, av.VideoFrame)
            plane = frame.planes[0]
            rows = np.frombuffer(plane, np.uint8).reshape(frame.height, plane.line_size)
            yield rows[:, : frame.width].astype(np.float32)


def displacement(shown: Plane, ideal: Plane) -> NDArray[np.float64]:
    """How far the camera of a frame was from where it ought to have been.

    By least squares on gradients (Lucas and Kanade), with contrast and brightness left free. The
    gradients are the mean of both frames', which makes the linear model right to second order.

    Args:
        shown: (H, W) codes.
        ideal: (H, W); what it ought to be, but for contrast and brightness.

    Returns:
        (GRID * GRID, 2): to the right and down, in pixels of the frame, for each part of it.
    """
    shown, ideal = (cv2.GaussianBlur(plane, (0, 0), _BLUR) for plane in (shown, ideal))
    # Brought to one contrast, so that the mean of gradients is one.
    ideal = (ideal - ideal.mean()) * (shown.std() / ideal.std())
    shown = shown - shown.mean()
    down, across = (one + other for one, other in zip(_slopes(shown), _slopes(ideal), strict=True))
    inside = slice(_MARGIN, -_MARGIN)
    parts = [
        [
            np.array_split(strip, GRID, axis=1)
            for strip in np.array_split(plane[inside, inside], GRID)
        ]
        for plane in (across / 2, down / 2, ideal, shown - ideal)
    ]
    found = []
    for row in range(GRID):
        for column in range(GRID):
            x, y, same, rest = (plane[row][column].ravel() for plane in parts)
            terms = np.stack([x, y, same, np.ones_like(x)])
            found.append(np.linalg.solve(terms @ terms.T, terms @ rest)[:2])
    return np.array(found, np.float64)


def track(film: Path, job: Job, pattern: Pattern) -> NDArray[np.float64]:
    """`displacement` of every frame of a film: (frames, GRID * GRID, 2).

    Raises:
        ValueError: The film has another number of frames than were asked for.
    """
    found = [
        displacement(luma, pattern.seen(rect, job.size))
        for luma, rect in zip(luma_of(film), job.rects, strict=True)
    ]
    return np.array(found)


def judged(displacements: NDArray[np.float64], job: Job) -> dict[str, Any]:
    """The motion of a film against the ideal one.

    What is wrong all the time in the same way is no fault of motion, and is left out.

    Args:
        displacements: From `track`.
        job: What was asked for.

    Returns:
        "rms_px" and "worst_px", distances from the ideal; "backward_steps", how often the middle of
        the frame went backward by more than `STEADY`.
    """
    off = displacements - displacements.mean(axis=(0, 1))
    distances = np.sqrt((off**2).sum(axis=2))
    rects = np.array(job.rects)
    centers = rects[:, :2] + rects[:, 2:] / 2
    asked = np.diff(centers, axis=0) * (job.size[0] / rects[1:, 2:3])
    middle = np.diff(off[:, GRID * GRID // 2], axis=0)
    length = np.maximum(np.sqrt((asked**2).sum(axis=1)), 1e-9)
    went = ((asked + middle) * asked).sum(axis=1) / length
    return {
        "rms_px": round(float(np.sqrt((distances**2).mean())), 4),
        "worst_px": round(float(distances.max()), 3),
        "backward_steps": int((went < -STEADY).sum()),
    }


def _slopes(plane: Plane) -> tuple[Plane, Plane]:
    return cv2.filter2D(plane, -1, _SLOPE.T), cv2.filter2D(plane, -1, _SLOPE)
