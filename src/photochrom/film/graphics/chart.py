"""Values over years: a line, or bars, and no more words than it takes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
import skia
from numpy.typing import NDArray

from photochrom.film.graphics.page import Page, Placed, phase, stacked
from photochrom.film.storyboard import ChartCard, ChartPoint
from photochrom.film.words.type import Block
from photochrom.phrases import counted

DRAWING = 3.6
"""Seconds that it takes to draw a chart."""

_VALUE, _YEAR, _WORD = 46, 34, 30
_WIDEST = 1500
_TALLEST = 0.62
"""Height of a chart over its width, where there is room."""


@dataclass(frozen=True)
class Said:
    """What is written at a point, from top to bottom, and when it comes."""

    index: int
    placed: tuple[Placed, ...]
    begin: float

    def meets(self, other: Said, space: float) -> bool:
        """Whether two stand too near to one another."""
        return any(
            one.x < two.right + space
            and two.x < one.right + space
            and one.y < two.bottom
            and two.y < one.bottom
            for one in self.placed
            for two in other.placed
        )

    def hit(self, path: NDArray[np.float64], space: float) -> bool:
        """Whether a line goes through it."""
        x, y = path.T
        return any(
            bool(
                np.any(
                    (x > one.x - space)
                    & (x < one.right + space)
                    & (y > one.y - space)
                    & (y < one.bottom + space)
                )
            )
            for one in self.placed
        )


class ChartDrawing:
    """A chart card, drawn.

    Args:
        card: What it says.
        page: What it is drawn on.

    Attributes:
        said: What is written at points.
    """

    def __init__(self, card: ChartCard, page: Page):
        self._card, self._page = card, page
        self._source = page.source(card.source)
        scale = page.scale
        heads = [page.heading(card.heading)] if card.heading.strip() else []
        heads += [page.text(card.text, color=page.theme.rule)] if card.text.strip() else []
        self._heads = stacked(page, heads, page.top, 12 * scale)
        top = self._heads[-1].bottom + 44 * scale if heads else page.top
        self._bars = card.style == "bars"
        self._plot = self._laid_out(top, page.above(self._source))
        self._ends = self._points()
        self.said = [*self._labels()]
        self._years = [*self._ticks()]

    @property
    def seconds(self) -> float:
        return DRAWING

    def paint(self, canvas: skia.Canvas, share: float) -> None:
        page = self._page
        for head in self._heads:
            head.paint(canvas)
        left, _, right, _ = self._plot
        zero = round(self._y(0.0))
        # On whole pixels: a blurred hairline looks like a mistake.
        canvas.drawRect(
            skia.Rect.MakeXYWH(round(left), zero, round(right - left), page.line),
            page.pen(page.tone(0.45, page.theme.rule)),
        )
        if self._bars:
            self._paint_bars(canvas, share)
        else:
            self._paint_line(canvas, share)
        for said in [*self._years, *self.said]:
            for placed in said.placed:
                placed.paint(canvas, phase(share, said.begin, said.begin + 0.12))
        if self._source is not None:
            self._source.paint(canvas)

    def _laid_out(self, top: float, bottom: float) -> tuple[float, float, float, float]:
        """Left, top, right and bottom of what values are drawn in."""
        page, scale = self._page, self._page.scale
        width = min(page.right - page.left, _WIDEST * scale)
        words = (_VALUE + 2 * _WORD if self._has_words else _VALUE) * 1.35 * scale
        years = _YEAR * 2.1 * scale
        # Long words leave little, and never nothing.
        height = max(bottom - top - words - years, 60 * scale)
        tallest = width * (_TALLEST if page.width > page.height else 0.95)
        spare = max(0.0, height - tallest)
        height -= spare
        start = top + words + spare * 0.42
        indent = 0.0 if self._bars else 46 * scale
        left = page.middle - width / 2
        return left + indent, start, left + width - indent, start + height

    @property
    def _has_words(self) -> bool:
        return any(point.text.strip() for point in self._card.points)

    def _y(self, value: float) -> float:
        """Where a value stands; 0 is always on the page, so that heights can be compared."""
        _, top, _, bottom = self._plot
        values = [float(point.value) for point in self._card.points]
        low, high = min(0.0, *values), max(0.0, *values)
        span = high - low or 1.0
        return bottom - (value - low) / span * (bottom - top)

    def _points(self) -> list[tuple[float, float]]:
        """Where each value stands: of a line by its year, of bars one beside another."""
        points = self._card.points
        left, _, right, _ = self._plot
        first, last = points[0].year, points[-1].year
        found = []
        for index, point in enumerate(points):
            share = (point.year - first) / (last - first)
            if self._bars:
                share = (index + 0.5) / len(points)
            if self._page.setter.from_right:
                share = 1 - share
            found.append((left + share * (right - left), self._y(float(point.value))))
        return found

    @property
    def _pitch(self) -> float:
        left, _, right, _ = self._plot
        return (right - left) / len(self._card.points)

    def _moment(self, x: float) -> float:
        """When the drawing has come as far as there."""
        left, _, right, _ = self._plot
        along = (x - left) / (right - left)
        return 0.85 * (1 - along if self._page.setter.from_right else along)

    def _order(self) -> Iterator[int]:
        """Which points may have words, the ones that need them most first."""
        points = self._card.points
        ends = (len(points) - 1, 0)
        special = [n for n, one in enumerate(points) if one.here]
        named = [n for n, one in enumerate(points) if one.text.strip()]
        # A line says the rest by itself; bars have room for a number each.
        rest = range(len(points)) if self._bars else ()
        yield from dict.fromkeys((*special, *ends, *named, *rest))

    def _labels(self) -> Iterator[Said]:
        """Values, and what was special, as far as they leave each other room."""
        found: list[Said] = []
        for index in self._order():
            said = self._label(index)
            if not any(said.meets(one, 14 * self._page.scale) for one in found):
                found.append(said)
                yield said

    def _label(self, index: int) -> Said:
        page, point, scale = self._page, self._card.points[index], self._page.scale
        x, y = self._ends[index]
        size = _VALUE if not self._bars or self._pitch > 110 * scale else _YEAR
        value = counted(point.value, page.film.say, self._card.unit)
        font, color = page.theme.title_font, self._ink_of(point)
        blocks = [page.block(value, size, font=font, color=color, tracking=0)]
        if point.text.strip():
            room = 340 * scale
            word = page.block(point.text, _WORD, width=room, color=page.theme.rule, leading=1.25)
            blocks.insert(0, word)
        height = sum(block.height for block in blocks)
        bottom = (y if point.value >= 0 or not self._bars else self._y(0.0)) - 16 * scale
        width = max(block.width for block in blocks)
        # Above its point; beside and above it where the line would go through it, or below.
        sides = (0.0, -width / 2 - 4 * scale, width / 2 + 4 * scale) if not self._bars else (0.0,)
        spots = [self._over(blocks, x + side, bottom - height) for side in sides]
        if not self._bars:
            spots.append(self._over(blocks, x, y + 20 * scale))
        said = [Said(index, spot, self._moment(x)) for spot in spots]
        free = (one for one in said if self._bars or not one.hit(self._path, 3 * scale))
        return next(free, said[0])

    @cached_property
    def _path(self) -> NDArray[np.float64]:
        """The line, a point every pixel or two."""
        x, y = np.asarray(self._ends, np.float64).T
        steps = np.maximum(np.abs(np.diff(x)), np.abs(np.diff(y))).astype(int) + 2
        pairs = zip(pairwise(self._ends), steps, strict=True)
        return np.concatenate([np.linspace(one, two, count) for (one, two), count in pairs])

    def _ticks(self) -> Iterator[Said]:
        """Years below the line, as far as they leave each other room."""
        page, scale = self._page, self._page.scale
        below = max(self._plot[3], self._y(0.0)) + 16 * scale
        found: list[Said] = []
        for index in self._order():
            point, (x, _) = self._card.points[index], self._ends[index]
            font, color = page.theme.title_font, page.theme.rule
            if point.here:
                color = page.theme.ink
            block = page.block(str(point.year), _YEAR, font=font, color=color, tracking=0.4)
            said = Said(index, self._over([block], x, below), self._moment(x))
            if not any(said.meets(one, 18 * scale) for one in found):
                found.append(said)
                yield said

    def _over(self, blocks: Sequence[Block], x: float, y: float) -> tuple[Placed, ...]:
        """Texts under one another around a place, kept within the page."""
        page, found = self._page, []
        for block in blocks:
            at = min(max(x - block.width / 2, page.left), page.right - block.width)
            found.append(Placed(block, at, y))
            y += block.height
        return tuple(found)

    def _ink_of(self, point: ChartPoint) -> str:
        theme = self._page.theme
        some_stand_out = any(one.here for one in self._card.points)
        return theme.ink if point.here or not some_stand_out else theme.rule

    def _paint_line(self, canvas: skia.Canvas, share: float) -> None:
        page, scale = self._page, self._page.scale
        come = phase(share, 0.0, 0.92)
        left, top, right, bottom = self._plot
        # By its width, not by its length: years pass evenly.
        across = come * (right - left)
        start = right - across if page.setter.from_right else left
        margin = 12 * scale
        shown = skia.Rect.MakeLTRB(
            start - margin * (not page.setter.from_right),
            top - margin,
            start + across + margin * page.setter.from_right,
            bottom + margin,
        )
        path = skia.Path.Polygon([skia.Point(*point) for point in self._ends], False)
        canvas.save()
        canvas.clipRect(shown, True)
        canvas.drawPath(path, page.pen(page.tone(1.0), 4.5 * scale))
        canvas.restore()
        for said in self.said:
            x, y = self._ends[said.index]
            size = 11 * scale * phase(share, said.begin, said.begin + 0.08)
            if size:
                canvas.drawCircle(x, y, size + 4 * scale, page.pen(page.tone(0.0)))
                canvas.drawCircle(x, y, size, page.pen(page.tone(1.0)))

    def _paint_bars(self, canvas: skia.Canvas, share: float) -> None:
        page, card = self._page, self._card
        width = max(2.0, min(0.62 * self._pitch, 150 * page.scale))
        zero = self._y(0.0)
        some_stand_out = any(point.here for point in card.points)
        for point, (x, y) in zip(card.points, self._ends, strict=True):
            begin = self._moment(x) * 0.8
            rise = phase(share, begin, begin + 0.3)
            bright = point.here or not some_stand_out
            ink = page.tone(0.92) if bright else page.tone(0.5, page.theme.rule)
            end = zero + (y - zero) * rise
            rect = skia.Rect.MakeLTRB(
                round(x - width / 2), min(zero, end), round(x + width / 2), max(zero, end)
            )
            canvas.drawRect(rect, page.pen(ink))
