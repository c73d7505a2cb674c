"""From codes times 256 to the samples that an encoder takes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

from photochrom.film.frames.planes import Codes, Planes
from photochrom.film.storyboard import Film
from photochrom.film.storyboard.encoder import Bits, Sampling

Samples = NDArray[np.uint8] | NDArray[np.uint16]
"""A frame's planes one after another: (rows, W) uint8, or uint16 that hold 10 bits. `rows` is H
and half of it again where color is sampled 4:2:0, twice H where it is 4:2:2."""


def bayer_matrix() -> Codes:
    """The 8x8 ordered dither matrix (Bayer 1973), 64 evenly spread values in 0..255."""
    cell = np.array([[0]])
    for _ in range(3):
        cell = np.block([[4 * cell, 4 * cell + 2], [4 * cell + 3, 4 * cell + 1]])
    return (cell * 4 + 2).astype(np.uint16)


class Dither:
    """Brings codes times 256 to 8 or 10 bits with a fixed pattern.

    The pattern stands still, so that it costs the encoder little and never crawls.

    Args:
        size: Width and height of frames.
        bits: Of a sample.
        sampling: Of color: 4:2:2 has a sample in each row where frames have one in two.
    """

    def __init__(self, size: tuple[int, int], bits: Bits = 8, sampling: Sampling = "4:2:0"):
        width, height = size
        repeats = (-(-height // 8), -(-width // 8))
        # A step of the target is 2 to this power in codes times 256: 8-bit 16 is 10-bit 64.
        self._shift = 16 - bits
        matrix = bayer_matrix() >> (8 - self._shift)
        self._pattern = np.tile(matrix, repeats)[:height, :width].copy()
        self._size = size
        self._type = np.uint8 if bits == 8 else np.uint16
        self._tall = sampling == "4:2:2"

    def to_samples(self, planes: Planes) -> Samples:
        """Planes to the samples of a frame."""
        width, height = self._size
        rows = height if self._tall else height // 2
        out = np.empty((height + rows, width), self._type)
        self._quantize(planes.luma, out[:height])
        flat = out[height:].reshape(2, rows, width // 2)
        for plane, into in zip((planes.cb, planes.cr), flat, strict=True):
            self._quantize(_in_each_row(plane) if self._tall else plane, into)
        return out

    def _quantize(self, plane: Codes, out: Samples) -> None:
        pattern = self._pattern[: plane.shape[0], : plane.shape[1]]
        np.right_shift(plane + pattern, self._shift, out=out, casting="unsafe")


def _in_each_row(plane: Codes) -> Codes:
    """Color from between two rows to both of them: 3/4 of the nearer sample, 1/4 of the other."""
    size = (plane.shape[1], plane.shape[0] * 2)
    return np.asarray(cv2.resize(plane, size, interpolation=cv2.INTER_LINEAR), np.uint16)


def samples_of(frames: Iterable[Planes], film: Film) -> Iterator[Samples]:
    """Frames as the film's encoder takes them; what stands still is dithered once.

    Args:
        frames: Not yet dithered; the same object while nothing moves.
        film: Settings.
    """
    dither = Dither(film.size, film.encoder.depth, film.encoder.kind.sampling)
    last: tuple[Planes, Samples] | None = None
    for planes in frames:
        if last is None or last[0] is not planes:
            last = planes, dither.to_samples(planes)
        yield last[1]
