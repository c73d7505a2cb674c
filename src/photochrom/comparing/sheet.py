"""The sheet: both states whole, beside one another, and a detail of both below them."""

from __future__ import annotations

from pathlib import Path

from photochrom.comparing.detail import detail_of
from photochrom.comparing.laying import (
    EDGE,
    FONTS,
    NARROWEST,
    PAPER,
    TALLEST,
    WIDE,
    WIDEST,
    Paper,
    write_paper,
)
from photochrom.comparing.pair import Pair

__all__ = ["CODE", "EDGE", "FONTS", "PAPER", "Sheet", "write_sheet"]

CODE = 1
"""Raised whenever the same pair gives another sheet."""

_DETAIL = 0.7
"""Height of a detail in widths."""


class Sheet(Paper):
    """A sheet, laid out.

    Args:
        pair: What it shows.
    """

    def __init__(self, pair: Pair):
        stacked = pair.aspect > WIDE
        widest = WIDEST * (2 if stacked else 1)
        super().__init__(min(max(pair.size[0], NARROWEST), widest), widest)
        self._pair = pair
        width = self.width(1 if stacked else 2)
        below = self._stacked() if stacked else self._beside()
        self.foot(pair.note, width, below)

    def _beside(self) -> int:
        """Places both states side by side and a detail below each; returns where they end."""
        top, across = self._margin, self._across
        wide = max(1, min(across, round(TALLEST * self._pair.aspect)))
        whole = self._pair.at((wide, max(1, min(TALLEST, round(wide / self._pair.aspect)))))
        lefts = (self._margin, self._margin + across + self._gap)
        self._row(whole, lefts, top)
        below = self._labels(lefts, top + whole.size[1])
        detail = self._detail(across)
        self._row(detail, lefts, below)
        return below + detail.size[1]

    def _stacked(self) -> int:
        """Places both states under one another and the details side by side below them."""
        top, across = self._margin, self._across
        whole = self._pair.at((across, max(1, round(across / self._pair.aspect))))
        for pixels, text in zip((whole.before, whole.after), self._pair.labels, strict=True):
            self.place(pixels, self._margin, top)
            top = self.label(text, self._margin, top + whole.size[1])
        half = (across - self._gap) // 2
        detail = self._detail(half)
        lefts = (self._margin, self._margin + half + self._gap)
        self._row(detail, lefts, top)
        return self._labels(lefts, top + detail.size[1]) - round(40 * self._unit)

    def _detail(self, across: int) -> Pair:
        down = round(across * _DETAIL)
        return self._pair.cut(*detail_of(self._pair, across, down)).at((across, down))

    def _row(self, pair: Pair, lefts: tuple[int, int], top: int) -> None:
        for pixels, left in zip((pair.before, pair.after), lefts, strict=True):
            self.place(pixels, left, top)

    def _labels(self, lefts: tuple[int, int], top: int) -> int:
        ends = [self.label(text, x, top) for text, x in zip(self._pair.labels, lefts, strict=True)]
        return max(ends)


def write_sheet(path: Path, pair: Pair) -> str:
    """Write a sheet as a picture; it says of itself that we have made it.

    Args:
        path: Its ending decides the format.
        pair: What it shows.

    Returns:
        The SHA-256 of the file, hexadecimal.

    Raises:
        PhotographError: It cannot be written.
        StoryboardError: No font has a character of the labels.
    """
    said = {
        "sheet": "before and after",
        "statement": pair.note,
        "digital_source_type": pair.source_type,
    }
    return write_paper(path, Sheet(pair), said)
