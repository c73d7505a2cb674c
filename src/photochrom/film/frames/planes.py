"""Frames as planes of codes, and where in them a picture lies."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from photochrom.film.camera import Rect
from photochrom.film.frames.pictures import Floats

Codes = NDArray[np.uint16]

NEUTRAL = 128 * 256


@dataclass(frozen=True)
class Planes:
    """A frame, or a part of one, as uint16 codes times 256.

    Attributes:
        luma: (H, W), H and W even.
        cb: (H/2, W/2), sited on every second luma column, between two luma rows (as H.264 has it).
        cr: As `cb`.
    """

    luma: Codes
    cb: Codes
    cr: Codes

    @classmethod
    def flat(cls, size: tuple[int, int], codes: tuple[float, float, float]) -> Planes:
        """A frame of one color; `size` is (width, height)."""
        width, height = size
        luma, cb, cr = (round(code * 256) for code in codes)
        half = (height // 2, width // 2)
        return cls(
            np.full((height, width), luma, np.uint16),
            np.full(half, cb, np.uint16),
            np.full(half, cr, np.uint16),
        )

    def mixed(self, other: Planes, share: float) -> Planes:
        """This frame with `share` (0..1) of another: the mean at 0.5."""
        return Planes(
            *(
                np.asarray(cv2.addWeighted(mine, 1 - share, theirs, share, 0), np.uint16)
                for mine, theirs in zip(self.parts(), other.parts(), strict=True)
            )
        )

    def parts(self) -> tuple[Codes, Codes, Codes]:
        return self.luma, self.cb, self.cr


def extent(rect: Rect, size: tuple[int, int]) -> tuple[float, float, float, float]:
    """Left, top, right, bottom of the whole picture in frame pixels."""
    width, height = size
    across, down = width / rect.width, height / rect.height
    return (
        -rect.left * across,
        -rect.top * down,
        (1 - rect.left) * across,
        (1 - rect.top) * down,
    )


def coverage(low: float, high: float, count: int, site: float = 0.5) -> Floats:
    """How much (0..1) of each of `count` pixels a span covers: exact edges for a matted picture.

    Args:
        low: Start of the span in pixels.
        high: End of the span.
        count: Pixels.
        site: Where in its cell a pixel is centered.
    """
    begin = np.arange(count) + site - 0.5
    inside = np.minimum(begin + 1, high) - np.maximum(begin, low)
    return np.asarray(np.clip(inside, 0, 1), np.float32)
