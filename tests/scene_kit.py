"""A scene in color that networks see something in, and black-and-white photographs of it."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from photochrom.emulsion import Emulsion, expose, weights
from photochrom.photograph import Photograph

Pixels = NDArray[np.uint8]


def scene(seed: int = 0, size: tuple[int, int] = (320, 240)) -> Pixels:
    """(h, w, 3): houses, say, with windows, of many colors under a sky."""
    rng = np.random.default_rng(seed)
    width, height = size
    picture = np.full((height, width, 3), (150, 180, 215), np.uint8)
    for left in range(0, width, 40):
        top, wall = int(rng.integers(30, 110)), rng.integers(40, 220, 3).tolist()
        cv2.rectangle(picture, (left, top), (left + 39, height), wall, -1)
        roof = np.array([[left - 4, top], [left + 20, top - 28], [left + 43, top]], np.int32)
        cv2.fillPoly(picture, [roof], rng.integers(20, 200, 3).tolist())
        for down in range(top + 10, height - 20, int(rng.integers(22, 40))):
            pane = rng.integers(10, 250, 3).tolist()
            for right in (left + 5, left + 22):
                cv2.rectangle(picture, (right, down), (right + 11, down + 14), pane, -1)
    for _ in range(25):
        x, y = int(rng.integers(width)), int(rng.integers(height // 2, height))
        cv2.circle(picture, (x, y), int(rng.integers(4, 14)), rng.integers(0, 255, 3).tolist(), -1)
    return picture


def part(pixels: Pixels, left: float = 0.1, top: float = 0.05, share: float = 0.8) -> Pixels:
    """A part of a picture, in shares of it."""
    height, width = pixels.shape[:2]
    rows = slice(int(top * height), int((top + share) * height))
    columns = slice(int(left * width), int((left + share) * width))
    return np.ascontiguousarray(pixels[rows, columns])


def gray(
    pixels: Pixels, emulsion: Emulsion = Emulsion.PANCHROMATIC, gamma: float = 1.0
) -> Photograph:
    """The same in black and white."""
    true = pixels.astype(np.float32) / np.float32(255)
    light = np.clip(expose(true, weights(emulsion)), 0, 1) ** gamma
    return Photograph.from_array(np.rint(light * 65535).astype(np.uint16))


def elsewhere(seed: int = 1, size: tuple[int, int] = (320, 240)) -> Pixels:
    """(h, w, 3): something else, all of circles."""
    rng = np.random.default_rng(seed)
    width, height = size
    picture = np.full((height, width, 3), (70, 110, 60), np.uint8)
    for _ in range(90):
        x, y = int(rng.integers(width)), int(rng.integers(height))
        cv2.circle(picture, (x, y), int(rng.integers(3, 30)), rng.integers(0, 255, 3).tolist(), -1)
    return picture
