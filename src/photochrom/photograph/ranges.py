"""Which numbers are black and white where samples are not whole numbers of up to 16 bits.

Float samples, signed ones and those of 24 and more bits come from scanning and scientific programs.
Few of them say which values they mean by black and white; then the values themselves decide, and
what was decided is told.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from photochrom.photograph.container import Samples

Wide = NDArray[Any]
"""Samples of any type of numbers."""

_OVERSHOOT = 1 / 512
"""How far floats may lie beyond 0 and 1 and still mean that range: half a step of 8 bits."""

_LEAST = 1 / 256
"""Whole numbers that use a smaller part of their range would all be black at 8 bits."""


class Extent:
    """The values in a picture, gathered segment by segment.

    Attributes:
        low: The smallest number that means anything.
        high: The largest one.
        lost: How many samples are not numbers, or are marked as no data.
    """

    def __init__(self, nodata: float | None = None):
        self.low, self.high = np.inf, -np.inf
        self.lost = 0
        self._nodata = nodata
        self._steps = [0.0, 0.0]

    def add(self, samples: Wide) -> None:
        """Look at (h, w, c) samples."""
        valid = known(samples, self._nodata)
        self.lost += int(samples.size - np.count_nonzero(valid))
        values = samples[valid]
        if values.size:
            self.low = min(self.low, float(values.min()))
            self.high = max(self.high, float(values.max()))
        if samples.dtype.kind == "i":
            unsigned = samples.view(samples.dtype.str.replace("i", "u"))
            for at, read in enumerate((samples, unsigned)):
                steps = np.diff(read.astype(np.float64), axis=1)
                self._steps[at] += float(np.abs(steps).sum())

    @property
    def is_unsigned(self) -> bool:
        """Whether samples that are said to be signed are only a picture when they are not.

        Read with the wrong sign, what is gray turns from black to white and back at every crossing
        of the middle: the steps between neighbors become far larger.
        """
        return self.low < 0 and self._steps[1] < 0.8 * self._steps[0]


@dataclass(frozen=True)
class Range:
    """Which numbers are black and white.

    Attributes:
        low: Black.
        high: White.
        notice: What to tell of it; empty where it goes without saying.
        nodata: A number that stands for "nothing known"; it becomes black.
        unsigned: Signed samples are taken as unsigned ones.
    """

    low: float
    high: float
    notice: str = ""
    nodata: float | None = None
    unsigned: bool = False

    def scaled(self, samples: Wide) -> Samples:
        """Return samples of any shape at the full range of uint16."""
        if self.unsigned:
            samples = samples.view(samples.dtype.str.replace("i", "u"))
        with np.errstate(invalid="ignore", over="ignore"):  # What is no number becomes black.
            values = samples.astype(np.float64)
            values -= self.low
            values *= 65535 / (self.high - self.low) if self.high > self.low else 0.0
        values[~known(samples, self.nodata)] = 0
        np.clip(values, 0, 65535, out=values)
        return np.rint(values, out=values).astype(np.uint16)


def known(samples: Wide, nodata: float | None) -> NDArray[np.bool_]:
    """Which samples mean anything."""
    valid = np.isfinite(samples) if samples.dtype.kind == "f" else np.ones(samples.shape, bool)
    if nodata is not None:
        valid &= samples != nodata
    return valid


def full_range(dtype: np.dtype[Any], bits: int) -> tuple[float, float]:
    """What black and white are by the type of samples alone."""
    if dtype.kind == "f":
        return 0.0, 1.0
    if dtype.kind == "i":
        return -float(2 ** (bits - 1)), float(2 ** (bits - 1) - 1)
    return 0.0, float(2**bits - 1)


def range_of(
    extent: Extent,
    dtype: np.dtype[Any],
    bits: int,
    stated: tuple[float, float] | None = None,
    nodata: float | None = None,
    *,
    inverted: bool = False,
) -> Range:
    """Decide what is black and white.

    What the type says counts where the values fit it: floats within 0 and 1, signed numbers of
    which none is negative, or which use half of their range, and unsigned ones that would not all
    be black. Next comes what the file states, if all values lie in it; then the values' own range.

    Args:
        extent: Of all samples of the picture.
        dtype: Of the samples.
        bits: A sample, in the file.
        stated: The tags SMinSampleValue and SMaxSampleValue.
        nodata: The value that stands for no data.
        inverted: Whether small numbers are light.
    """
    kind = _KINDS[dtype.kind].format(bits=bits)
    black, white = full_range(dtype, bits)
    if extent.is_unsigned:
        notice = f"{kind} samples are only a picture when they are taken as unsigned"
        return Range(0, 2.0**bits - 1, notice, nodata, unsigned=True)
    low, high = extent.low, extent.high
    lost = f"; {extent.lost} samples hold no number and are black" if extent.lost else ""
    if low > high:  # There is no number at all.
        return Range(black, white, f"{kind} samples{lost}", nodata)
    if dtype.kind == "i" and low >= 0:
        black = 0.0
    if dtype.kind == "f":
        natural = low >= -_OVERSHOOT and high <= 1 + _OVERSHOOT
    elif dtype.kind == "i" and low < 0:
        natural = high - low >= (white - black) / 2
    else:
        darkest = white - low if inverted else high
        natural = darkest >= white * _LEAST or low == high
    if natural:
        shown = f"{kind} samples: {black:.7g} is black, {white:.7g} white"
        # Nobody expects anything else of unsigned numbers.
        return Range(black, white, "" if dtype.kind == "u" and not lost else shown + lost, nodata)
    source = "by the values found"
    if stated is not None and stated[0] <= low and high <= stated[1] and stated[0] < stated[1]:
        low, high = stated
        source = "as the file states"
    return Range(
        low, high, f"{kind} samples: {low:.7g} is black, {high:.7g} white, {source}{lost}", nodata
    )


_KINDS = {"f": "{bits}-bit float", "i": "{bits}-bit signed", "u": "{bits}-bit"}
