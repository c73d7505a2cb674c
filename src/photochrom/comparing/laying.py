"""Paper with pictures and words on it.

Paper, type and measures are those of a print that is hung on a wall: a quiet mat, names below the
pictures, and what was done in small print at the foot.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import skia

from photochrom.comparing.pair import Pixels
from photochrom.film.words.type import Block, Style, Typesetter
from photochrom.photograph import save_rows

PAPER, INK, SOFT, EDGE = "#f4efe6", "#1b1917", "#6b6259", "#cfc5b4"

TITLE_FONT, TEXT_FONT = FONTS = ("EB Garamond", "Alegreya Sans")

WIDEST, NARROWEST = 1080, 560
"""Pixels of a picture's width on the sheet: small scans are not blown up to fill a large one."""

WIDE = 1.75
"""Pictures that are wider than this, in heights, stand under one another."""

TALLEST = 16000
"""Pixels of a picture's height on the sheet: strips that stand upright are narrower than their
column, and no sheet is larger than what can be written, and looked at."""

_QUALITY = 92


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


class Paper:
    """Paper that pictures and words are laid on.

    All measures follow from the width of a column.

    Args:
        across: That width, in pixels.
        widest: How wide it is on a sheet for large pictures.

    Attributes:
        size: Width and height in pixels, once all is laid out.
    """

    def __init__(self, across: int, widest: int):
        self.size = (0, 0)
        self._setter = Typesetter()
        self._pictures: list[_Placed] = []
        self._words: list[_Words] = []
        self._across, self._unit = across, across / widest
        self._margin, self._gap = round(110 * self._unit), round(46 * self._unit)

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

    def width(self, columns: int) -> int:
        """Of paper with so many columns."""
        return 2 * self._margin + columns * self._across + (columns - 1) * self._gap

    def place(self, pixels: Pixels, left: int, top: int) -> None:
        """Put a picture somewhere."""
        self._pictures.append(_Placed(pixels, left, top))

    def label(self, text: str, x: int, top: int) -> int:
        """Places a name below a picture; returns where the next thing may begin."""
        if not text.strip():
            return top + self._gap
        style = Style(TITLE_FONT, 46 * self._unit, INK, weight=500, leading=1.2)
        block = self._setter.block(text.strip(), style, self._across)
        self._words.append(_Words(block, x, top + 16 * self._unit))
        return round(top + block.height + 56 * self._unit)

    def foot(self, note: str, width: int, below: int) -> None:
        """Place the small print, which ends the paper."""
        if not note:
            self.size = (width, below + self._margin)
            return
        style = Style(TEXT_FONT, 27 * self._unit, SOFT, leading=1.35, tracking=0.2 * self._unit)
        block = self._setter.block(note, style, width - 2 * self._margin)
        self._words.append(_Words(block, self._margin, below + 44 * self._unit))
        height = round(below + 44 * self._unit + block.height + self._margin * 0.75)
        self.size = (width, height)


def write_paper(path: Path, paper: Paper, provenance: dict[str, str]) -> str:
    """Write it as a picture; it says of itself that we have made it.

    Args:
        path: Its ending decides the format.
        paper: What is written.
        provenance: What it says of itself; what is empty is left out.

    Returns:
        The SHA-256 of the file, hexadecimal.

    Raises:
        PhotographError: It cannot be written.
    """
    pixels = paper.pixels()
    return save_rows(
        path,
        shape=pixels.shape,
        rows=[pixels],
        quality=_QUALITY,
        provenance={name: text for name, text in provenance.items() if text},
    )


def _rgb(color: str) -> tuple[int, int, int]:
    red, green, blue = bytes.fromhex(color[1:])
    return red, green, blue
