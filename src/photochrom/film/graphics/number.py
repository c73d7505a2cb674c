"""A number that counts up, and what it is a share of."""

from __future__ import annotations

import math
from decimal import Decimal

import skia

from photochrom.film.graphics.page import Page
from photochrom.film.storyboard import FigureCard
from photochrom.film.words.type import Block
from photochrom.phrases import counted

COUNTING = 2.2
"""Seconds that it takes to count to a number, whichever it is."""

_SIZE = 270
_WIDEST = 0.62
"""How wide dots and bars are at most, as a share of a wide frame."""


class NumberDrawing:
    """A figure card, drawn.

    Args:
        card: What it says.
        page: What it is drawn on.
    """

    def __init__(self, card: FigureCard, page: Page):
        self._card, self._page = card, page
        self._source = page.source(card.source)
        scale = page.scale
        self._above = self._heading()
        self._size = float(_SIZE)
        self._whole = self._number(card.number)
        if (room := page.right - page.left) < self._whole.width:
            self._size *= room / self._whole.width
            self._whole = self._number(card.number)
        font = page.theme.title_font
        self._below = (
            page.block(card.text, 52, font=font, tracking=0, leading=1.24) if card.text else None
        )
        parts = [part for part in (self._above, self._whole, self._below) if part is not None]
        self._gap = 14 * scale
        # Commas of some fonts reach below the line.
        self._under = 0.09 * self._whole.height if self._below is not None else 0.0
        words = sum(part.height for part in parts) + self._gap * (len(parts) - 1) + self._under
        room = page.above(self._source) - page.top
        drawn = 0.0 if card.of is None else 58 * scale
        room -= drawn / 2
        self._field = self._laid_out(room - words - drawn)
        whole = words + (drawn + self._field[1] if card.of is not None else 0.0)
        # A little above the middle looks like the middle.
        self._top = page.top + max(0.0, (room - whole) * 0.46)
        self._drawn_at = self._top + words + drawn

    @property
    def seconds(self) -> float:
        return COUNTING

    def paint(self, canvas: skia.Canvas, share: float) -> None:
        card, page = self._card, self._page
        # Fast at first, and slower and slower towards the number.
        come = 1.0 if share >= 1 else 1 - (1 - share) ** 3
        y = self._top
        if self._above is not None:
            self._above.paint(canvas, page.middle - self._above.width / 2, y)
            y += self._above.height + self._gap
        step = Decimal(1).scaleb(int(card.number.as_tuple().exponent))
        now = card.number if share >= 1 else (card.number * Decimal(come)).quantize(step)
        block = self._number(now)
        # Digits that come stand where they stay.
        block.paint(canvas, page.middle + self._whole.width / 2 - block.width, y)
        y += self._whole.height + self._under + self._gap
        if self._below is not None:
            self._below.paint(canvas, page.middle - self._below.width / 2, y)
        if card.of is not None:
            reached = float(card.number / card.of) * come
            self._paint_share(canvas, reached, int(now) if card.dots else 0)
        if self._source is not None:
            self._source.paint(canvas)

    def _heading(self) -> Block | None:
        heading = self._card.heading.strip()
        if not heading:
            return None
        color = self._page.theme.rule
        return self._page.block(heading.upper(), 34, color=color, tracking=3.4)

    def _number(self, number: Decimal) -> Block:
        card, page = self._card, self._page
        said = counted(number, page.film.say, card.unit)
        font = page.theme.title_font
        # As wide as it is: what does not fit is set smaller, not in two lines.
        return page.block(said, self._size, width=1e5, font=font, tracking=0, leading=1.0)

    def _laid_out(self, height: float) -> tuple[float, float, float]:
        """Width and height of what shows the share, and the distance of dots."""
        card, page = self._card, self._page
        width = (page.right - page.left) * (1.0 if page.width <= page.height else _WIDEST / 0.8)
        if card.of is None:
            return 0.0, 0.0, 0.0
        if not card.dots:
            return width, 14 * page.scale, 0.0
        count = int(card.of)
        height = min(max(height, 60 * page.scale), width * 0.9)
        pitch = min(math.sqrt(width * height / count), 44 * page.scale)
        while -(-count // max(1, int(width // pitch))) * pitch > height:
            pitch *= 0.99
        columns = min(max(1, int(width // pitch)), count)
        rows = -(-count // columns)
        # As even as so many rows allow.
        columns = -(-count // rows)
        return columns * pitch, rows * pitch, pitch

    def _paint_share(self, canvas: skia.Canvas, reached: float, lit: int) -> None:
        card, page = self._card, self._page
        assert card.of is not None
        width, height, pitch = self._field
        left, top = page.middle - width / 2, self._drawn_at
        rest, ink = page.pen(page.tone(0.3, page.theme.rule)), page.pen(page.tone(1.0))
        turned = page.setter.from_right
        if not card.dots:
            radius = height / 2
            canvas.drawRRect(_bar(left, top, width, height, radius), rest)
            # Never shorter than it is high, so that its ends stay round.
            part = max(width * reached, height) if reached > 0 else 0.0
            if part:
                start = left + width - part if turned else left
                canvas.drawRRect(_bar(start, top, part, height, radius), ink)
            return
        columns = round(width / pitch)
        for index in range(int(card.of)):
            row, column = divmod(index, columns)
            column = columns - 1 - column if turned else column
            x, y = left + (column + 0.5) * pitch, top + (row + 0.5) * pitch
            canvas.drawCircle(x, y, pitch * 0.3, ink if index < lit else rest)


def _bar(left: float, top: float, width: float, height: float, radius: float) -> skia.RRect:
    return skia.RRect.MakeRectXY(skia.Rect.MakeXYWH(left, top, width, height), radius, radius)
