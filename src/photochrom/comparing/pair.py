"""An original and what was made of it, at one size and the same way up."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from photochrom.errors import PhotographError
from photochrom.files import sha256_of
from photochrom.geometry import Geometry
from photochrom.photograph import dimensions, open_reduced
from photochrom.record import Record, record_path
from photochrom.source import Source
from photochrom.trimming.cutting import cut

Pixels = NDArray[np.uint8]

LONGEST = 3200
"""No picture of a pair is kept with a longer side than this: nobody sees more of it on a sheet."""

ALIKE = 0.01
"""By so much may the shapes of two pictures differ, as shares: enlarging rounds to whole pixels."""

_CLEARLY = 0.1
"""By how much better a turned original has to fit than one that stands as it is."""

_LOOKED_AT = 64
"""Side of the small pictures that are laid over one another to see how the original was turned."""


@dataclass(frozen=True)
class Pair:
    """A photograph before and after.

    Attributes:
        before: (H, W, 3) uint8, sRGB-encoded: the original.
        after: The same of the derivative; of the same size.
        labels: What the two states are called.
        note: What the record says was done; empty without a record.
        source_type: What the derivative is made from, as its record says it: a URI of the IPTC;
            empty without a record.
    """

    before: Pixels
    after: Pixels
    labels: tuple[str, str] = ("Before", "After")
    note: str = ""
    source_type: str = ""

    @classmethod
    def open(cls, before: Path, after: Path, *, longest: int = LONGEST) -> Pair:
        """Read two pictures and match them: the smaller is enlarged, a turned original turned, and
        one of which the derivative shows a part trimmed likewise.

        Args:
            before: The original, or a page of it.
            after: What was made of it. Its record, if that lies beside it, gives labels and note.
            longest: Pixels of the longer side that are kept at most.

        Raises:
            PhotographError: One of them cannot be read; they are of different shapes, or given in
                the wrong order.
        """
        _check_order(before, after)
        old, new = (_pixels(one, longest) for one in (before, after))
        record = record_of(after)
        if record is not None and record.geometry is not None:
            old = _trimmed(old, record.geometry)
        old = _turned(old, new, before, after)
        widest = max(old, new, key=lambda one: int(one.shape[1]))
        size = (int(widest.shape[1]), int(widest.shape[0]))
        pair = cls(resized(old, size), resized(new, size))
        return pair if record is None else pair.told_by(record)

    @property
    def size(self) -> tuple[int, int]:
        """Width and height."""
        return int(self.after.shape[1]), int(self.after.shape[0])

    @property
    def aspect(self) -> float:
        """Width over height."""
        return self.size[0] / self.size[1]

    def told_by(self, record: Record) -> Pair:
        """The same with the words of a record."""
        after = "Restored and colored" if record.colored else "Restored"
        return replace(
            self,
            labels=("As scanned", after),
            note=record.statement(),
            source_type=record.digital_source_type,
        )

    def at(self, size: tuple[int, int]) -> Pair:
        """The same, `size` (width, height) large."""
        return replace(self, before=resized(self.before, size), after=resized(self.after, size))

    def within(self, longest: int) -> Pair:
        """The same, with a longer side of so many pixels at most."""
        share = min(1.0, longest / max(self.size))
        return self.at((max(1, round(self.size[0] * share)), max(1, round(self.size[1] * share))))

    def cut(self, rows: slice, columns: slice) -> Pair:
        """A part of both."""
        part = (rows, columns)
        return replace(self, before=self.before[part], after=self.after[part])


def record_of(derivative: Path) -> Record | None:
    """The record that describes a picture; None if none lies beside it."""
    path = record_path(derivative)
    try:
        record = Record.open(path) if path.is_file() else None
    except (OSError, PhotographError):
        return None
    named = record is not None and any(one["file"] == derivative.name for one in record.derivatives)
    return record if named else None


def resized(pixels: Pixels, size: tuple[int, int]) -> Pixels:
    """A picture at another size, as it is at its own."""
    if (pixels.shape[1], pixels.shape[0]) == size:
        return pixels
    smaller = size[0] < pixels.shape[1]
    how = cv2.INTER_AREA if smaller else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(np.ascontiguousarray(pixels), size, interpolation=how), np.uint8)


def _check_order(before: Path, after: Path) -> None:
    record = record_of(before)
    try:
        swapped = record is not None and record.original["sha256"] == sha256_of(
            Source.of(after).file
        )
    except OSError:
        return  # Whoever reads it will say so.
    if swapped:
        what = f"is what was made of {after.name}"
        raise PhotographError(what, where=before, fix="name the original first")


def _pixels(path: Path, longest: int) -> Pixels:
    factor = max(1, max(dimensions(path)) // longest)
    pixels = open_reduced(path, factor)
    share = min(1.0, longest / max(pixels.shape[:2]))
    if share < 1:
        size = (round(pixels.shape[1] * share), round(pixels.shape[0] * share))
        pixels = cv2.resize(np.ascontiguousarray(pixels), size, interpolation=cv2.INTER_AREA)
    if pixels.dtype == np.uint16:
        pixels = ((pixels.astype(np.uint32) + 128) // 257).astype(np.uint8)
    if pixels.ndim == 2:
        pixels = np.repeat(pixels[..., None], 3, axis=2)
    return np.asarray(pixels, np.uint8)


def _trimmed(old: Pixels, geometry: Geometry) -> Pixels:
    """The original, as far as the derivative shows it, as that lies."""
    (left, top), _, (right, bottom), _ = geometry.corners
    # About as many pixels as there are of it.
    across = max(1.0, max(abs(right - left) * old.shape[1], abs(bottom - top) * old.shape[0]))
    share = across / max(geometry.size)
    width, height = (max(1, round(side * share)) for side in geometry.size)
    return cut(old, geometry, (width, height))


def _turned(old: Pixels, new: Pixels, before: Path, after: Path) -> Pixels:
    """The original, turned as the derivative is, by whole quarters."""
    fits = {
        quarters: abs(_likeness(turned, new))
        for quarters in range(4)
        if _same_shape(turned := np.rot90(old, quarters), new)
    }
    if not fits:
        shapes = " and ".join(f"{one.shape[1]} x {one.shape[0]}" for one in (old, new))
        raise PhotographError(
            f"has another shape than {before.name} ({shapes} pixels)",
            where=after,
            fix="compare an original with what was made of all of it",
        )
    best = max(fits, key=lambda quarters: fits[quarters])
    if 0 in fits and fits[best] < fits[0] + _CLEARLY:
        best = 0
    return np.ascontiguousarray(np.rot90(old, best))


def _same_shape(one: Pixels, other: Pixels) -> bool:
    shapes = (one.shape[1] / one.shape[0], other.shape[1] / other.shape[0])
    # Of a strip, half a pixel of its short side is more than the share that may differ.
    rounding = 1 / min(*one.shape[:2], *other.shape[:2])
    return bool(abs(math.log(shapes[0] / shapes[1])) <= ALIKE + rounding)


def _likeness(one: Pixels, other: Pixels) -> float:
    """Correlation of two pictures' light, -1..1; of a negative and its positive it is negative."""
    size = (_LOOKED_AT, _LOOKED_AT)
    first, second = (
        cv2.resize(cv2.cvtColor(np.ascontiguousarray(x), cv2.COLOR_RGB2GRAY), size).astype(float)
        for x in (one, other)
    )
    first, second = first - first.mean(), second - second.mean()
    norm = math.sqrt(float((first**2).sum() * (second**2).sum()))
    return float((first * second).sum()) / norm if norm else 0.0
