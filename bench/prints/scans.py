"""What every way is given, and what it gives."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from bench.harness import THREADS

Plane = NDArray[np.float32]
"""(H, W) float32, sRGB-encoded gray, 0..1."""
Levels = NDArray[np.uint8]
"""(H, W) uint8, sRGB-encoded gray: a scan of 8 bits."""


def light(levels: Levels) -> Plane:
    """Levels of 8 bits as light 0..1."""
    return levels.astype(np.float32) / np.float32(255)


def levels(plane: Plane) -> Levels:
    """Light 0..1 as a scan of 8 bits."""
    return (np.clip(plane, 0, 1) * 255 + 0.5).astype(np.uint8)


def threads() -> int:
    """Threads that a network gets: as many as OpenCV now, which is one where several photographs
    are worked on at a time; for no figure but seconds does it matter."""
    return max(1, min(THREADS, cv2.getNumThreads()))
