"""The sheet: both states whole, beside one another, and a detail of both below them.

Paper, type and measures are those of a print that is hung on a wall: a quiet mat, names below the
pictures, and what was done in small print at the foot.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import skia

from photochrom.comparing.detail import detail_of
from photochrom.comparing.pair import Pair, Pixels
from photochrom.film.words.type import Block, Style, Typesetter
from photochrom.photograph import save_rows

CODE = 1
"""Raised whenever the same pair gives another sheet."""

PAPER, INK, SOFT, EDGE = "#f4efe6", "#1b1917", "#6b6259", "#cfc5b4"

TITLE_FONT, TEXT_FONT = FONTS = ("EB Garamond", "Alegreya Sans")

WIDEST, NARROWEST = 1080, 560
"""Pixels of a picture's width on the sheet: small scans are not blown up to fill a large one."""

WIDE = 1.75
"""Pictures that are wider than this, in heights, stand under one another."""

_QUALITY = 92
_DETAIL = 0.7
"""Height of a detail in widths."""


@dataclass(frozen=True)
class _Words:
    block: Block
    x: float
    y: float


@dataclass(frozen=True)
class _Placed:
    pixels: Pixels
    x: int
    y: int


class Sheet:
    """A sheet, laid out.

    Args:
        pair: What it shows.

    Attributes:
        size: Width and height in pixels.
    """

    def __init__(self, pair: Pair):
        self._pair = pair
        self._setter = Typesetter()
        self._pictures: list[_Placed] = []
        self._words: list[_Words] = []
        stacked = pair.aspect > WIDE
        self._across = min(max(pair.size[0], NARROWEST), WIDEST * (2 if stacked else 1))
        # All measures follow from the width of the column.
        self._unit = self._across / (WIDEST * (2 if stacked else 1))
        self._margin, self._gap = round(110 * self._unit), round(46 * self._unit)
        columns = 1 if stacked else 2
        width = 2 * self._margin + columns * self._across + (columns - 1) * self._gap
        below = self._stacked() if stacked else self._beside()
        self.size = (width, self._footed(width, below))

    def pixels(self) -> Pixels:
        """(H, W, 3) uint8, sRGB-encoded."""
        width, height = self.size
        sheet = np.full((height, width, 4), (*_rgb(PAPER), 255), np.uint8)
        for one in self._pictures:
            rows = slice(one.y, one.y + one.pixels.shape[0])
            columns = slice(one.x, one.x + one.pixels.shape[1])
            # A line of one pixel: prints have white borders, and end somewhere all the same.
            top, left = rows.start - 1, columns.start - 1
            sheet[top : rows.stop + 1, left : columns.stop + 1, :3] = _rgb(EDGE)
            sheet[rows, columns, :3] = one.pixels
        surface = skia.Surface.MakeRasterDirect(
            skia.ImageInfo.Make(width, height, skia.kRGBA_8888_ColorType, skia.kPremul_AlphaType),
            sheet,
        )
        for words in self._words:
            words.block.paint(surface.getCanvas(), words.x, words.y)
        surface.flushAndSubmit()
        return np.ascontiguousarray(sheet[..., :3])

    def _beside(self) -> int:
        """Places both states side by side and a detail below each; returns where they end."""
        top, across = self._margin, self._across
        whole = self._pair.at((across, max(1, round(across / self._pair.aspect))))
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
            self._pictures.append(_Placed(pixels, self._margin, top))
            top = self._label(text, self._margin, top + whole.size[1])
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
            self._pictures.append(_Placed(pixels, left, top))

    def _labels(self, lefts: tuple[int, int], top: int) -> int:
        ends = [self._label(text, x, top) for text, x in zip(self._pair.labels, lefts, strict=True)]
        return max(ends)

    def _label(self, text: str, x: int, top: int) -> int:
        """Places a name below a picture; returns where the next thing may begin."""
        if not text.strip():
            return top + self._gap
        style = Style(TITLE_FONT, 46 * self._unit, INK, weight=500, leading=1.2)
        block = self._setter.block(text.strip(), style, self._across)
        self._words.append(_Words(block, x, top + 16 * self._unit))
        return round(top + block.height + 56 * self._unit)

    def _footed(self, width: int, below: int) -> int:
        """Places the small print; returns the height of the sheet."""
        if not self._pair.note:
            return below + self._margin
        style = Style(TEXT_FONT, 27 * self._unit, SOFT, leading=1.35, tracking=0.2 * self._unit)
        block = self._setter.block(self._pair.note, style, width - 2 * self._margin)
        self._words.append(_Words(block, self._margin, below + 44 * self._unit))
        return round(below + 44 * self._unit + block.height + self._margin * 0.75)


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
    pixels = Sheet(pair).pixels()
    said = {"sheet": "before and after", "statement": pair.note}
    if pair.source_type:
        said["digital_source_type"] = pair.source_type
    return save_rows(
        path,
        shape=pixels.shape,
        rows=[pixels],
        quality=_QUALITY,
        provenance={name: text for name, text in said.items() if text},
    )


def _rgb(color: str) -> tuple[int, int, int]:
    red, green, blue = bytes.fromhex(color[1:])
    return red, green, blue
