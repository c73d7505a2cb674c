"""What stands under one another on a card: pictures, text, rules, credits, dates."""

from __future__ import annotations

from dataclasses import dataclass

import skia

from photochrom.film.frames.emblems import Shown
from photochrom.film.words.type import Block


@dataclass(frozen=True)
class Rule:
    """A thin line between two blocks; its width in pixels."""

    width: float
    thickness: float


@dataclass(frozen=True)
class Row:
    """A line of the credits: the role at one side of the middle, names at the other.

    Attributes:
        role: What somebody did; None: the names stand in the middle.
        names: Who they are.
        gutter: From the middle to either, in pixels.
        from_right: Whether the role is at the right.
    """

    role: Block | None
    names: Block
    gutter: float
    from_right: bool = False

    @property
    def height(self) -> float:
        return max(self.names.height, self.role.height if self.role else 0.0)

    def paint(self, canvas: skia.Canvas, middle: float, y: float) -> None:
        if self.role is None:
            self.names.paint(canvas, middle - self.names.width / 2, y)
            return
        left, right = (self.names, self.role) if self.from_right else (self.role, self.names)
        left.paint(canvas, middle - self.gutter - left.width, y)
        right.paint(canvas, middle + self.gutter, y)


@dataclass(frozen=True)
class Dated:
    """A date and what happened, at either side of a line that goes down through all of them."""

    date: Block
    text: Block | None
    gutter: float
    shift: float
    dot: float
    dot_color: str
    space: float
    begins: bool
    ends: bool
    from_right: bool = False

    @property
    def height(self) -> float:
        return max(self.date.height, self.text.height if self.text else 0.0) + self.space

    def paint(self, canvas: skia.Canvas, middle: float, y: float, line: str) -> None:
        """Paint at a height, the line in its own color and beneath the dot."""
        middle += self.shift
        at = y + self.date.height / 2
        top, bottom = at if self.begins else y, at if self.ends else y + self.height
        pen = skia.Paint(Color=_argb(line), AntiAlias=True)
        # On whole pixels, as rules are.
        width = max(1, round(self.dot / 5))
        edge = skia.Rect.MakeXYWH(round(middle - width / 2), top, width, bottom - top)
        canvas.drawRect(edge, pen)
        ink = skia.Paint(Color=_argb(self.dot_color), AntiAlias=True)
        canvas.drawCircle(round(middle - width / 2) + width / 2, at, self.dot, ink)
        # The first line of the text stands on the date's.
        for block, at_left in ((self.date, not self.from_right), (self.text, self.from_right)):
            if block is not None:
                beside = -self.gutter - block.width if at_left else self.gutter
                block.paint(canvas, middle + beside, y)


Part = Block | Rule | Row | Dated | Shown | float
"""What stands in a card's column; a number is empty space in pixels."""


@dataclass(frozen=True)
class Column:
    """A card's contents under one another, centered.

    Attributes:
        parts: From top to bottom.
        color: Of rules.
    """

    parts: tuple[Part, ...]
    color: str

    @property
    def height(self) -> float:
        return sum(_height(part) for part in self.parts)

    def paint(self, canvas: skia.Canvas, middle: float, top: float) -> None:
        y = top
        for part in self.parts:
            if isinstance(part, Block | Shown):
                part.paint(canvas, middle - part.width / 2, y)
            elif isinstance(part, Rule):
                ink = skia.Paint(Color=_argb(self.color), AntiAlias=True)
                # On whole pixels: a blurred hairline looks like a mistake.
                edge = skia.Rect.MakeXYWH(
                    round(middle - part.width / 2), round(y), round(part.width), part.thickness
                )
                canvas.drawRect(edge, ink)
            elif isinstance(part, Dated):
                part.paint(canvas, middle, y, self.color)
            elif isinstance(part, Row):
                part.paint(canvas, middle, y)
            y += _height(part)


def _height(part: Part) -> float:
    if isinstance(part, Rule):
        return part.thickness
    return part if isinstance(part, float) else part.height


def _argb(color: str) -> int:
    return 0xFF000000 | int(color[1:], 16)
