"""A country in its outline, and places in it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import skia

from photochrom.film.graphics.borders import Ring, countries, country
from photochrom.film.graphics.naming import Named, Sheet, named
from photochrom.film.graphics.page import Page, Placed, phase, stacked
from photochrom.film.graphics.view import Flat, view_of
from photochrom.film.storyboard import MapCard, MapPlace

DRAWING = 3.2
"""Seconds that it takes to draw a map."""

_NAME = 40
_COLUMN = 0.30
"""Width of the words beside a map in a wide frame."""

_CUT = 0.01
"""How near to the date line, in degrees, data of the world is cut where there is no border."""


class MapDrawing:
    """A map card, drawn.

    Args:
        card: What it says.
        page: What it is drawn on.

    Raises:
        StoryboardError: There is no such country.
    """

    def __init__(self, card: MapCard, page: Page):
        self._card, self._page = card, page
        self._source = page.source(card.source)
        self._country = country(card.country)
        self._view = view_of(self._country, [(p.longitude, p.latitude) for p in card.places])
        self._words, self._room = self._laid_out()
        left, top, right, bottom = self._view.box
        across, down = self._room[2] - self._room[0], self._room[3] - self._room[1]
        self._factor = min(across / (right - left), down / (bottom - top))
        self._shift = (
            (self._room[0] + self._room[2]) / 2 - (left + right) / 2 * self._factor,
            (self._room[1] + self._room[3]) / 2 - (top + bottom) / 2 * self._factor,
        )
        self._around, self._lines, self._land, self._shores = self._paths()
        self._names = [*self._named()]

    @property
    def seconds(self) -> float:
        return DRAWING

    def paint(self, canvas: skia.Canvas, share: float) -> None:
        page, scale = self._page, self._page.scale
        canvas.drawPath(self._around, page.pen(page.tone(0.05)))
        canvas.drawPath(self._lines, page.pen(page.tone(0.13), 1.5 * scale))
        come = phase(share, 0.35, 0.75)
        canvas.drawPath(self._land, page.pen(page.tone(0.05 + 0.09 * come)))
        pen = page.pen(page.tone(0.95, page.theme.rule), 2.5 * scale)
        drawn = phase(share, 0.0, 0.7)
        if 0 < drawn < 1:
            pen.setPathEffect(skia.TrimPathEffect.Make(0, drawn))
        for shore in self._shores if drawn else ():
            canvas.drawPath(shore, pen)
        for index, (place, name) in enumerate(zip(self._card.places, self._names, strict=True)):
            begin = 0.6 + 0.25 * index / len(self._names)
            self._paint_place(canvas, place, name, phase(share, begin, begin + 0.15))
        for placed in self._words:
            placed.paint(canvas)
        if self._source is not None:
            self._source.paint(canvas)

    def _paint_place(
        self,
        canvas: skia.Canvas,
        place: MapPlace,
        name: tuple[Placed, Named] | None,
        come: float,
    ) -> None:
        if not come:
            return
        page, scale = self._page, self._page.scale
        x, y = self._at(place)
        # It comes from above its size, as a finger comes down.
        ring = (11 + 16 * (1 - come)) * scale
        strength = round(255 * come)
        dot, around = page.pen(page.tone(1.0)), page.pen(page.tone(0.0))
        dot.setAlpha(strength)
        around.setAlpha(strength)
        if name is not None and (stem := name[1].stem) is not None:
            line = page.pen(page.tone(0.7), 2 * scale)
            line.setAlpha(strength)
            canvas.drawLine(*stem, line)
        canvas.drawCircle(x, y, ring + 4 * scale, around)
        canvas.drawCircle(x, y, ring, dot)
        if name is not None:
            # Letters keep clear of the lines that they lie on.
            blur = 5 * scale
            halo = skia.ImageFilters.DropShadow(0, 0, blur, blur, page.tone(0.0))
            canvas.saveLayer(None, skia.Paint(ImageFilter=halo))
            name[0].paint(canvas, come)
            canvas.restore()

    def _laid_out(self) -> tuple[list[Placed], tuple[float, float, float, float]]:
        """What is said, and the room that is left for the map: left, top, right, bottom."""
        card, page = self._card, self._page
        foot = page.above(self._source)
        aside = page.width > page.height * 1.2
        width = page.width * _COLUMN if aside else None
        blocks = [page.heading(card.heading, width=width, centered=not aside)]
        blocks = blocks if card.heading.strip() else []
        if card.text.strip():
            blocks.append(page.text(card.text, width=width, centered=not aside))
        gap = 20 * page.scale
        if not blocks:
            return [], (page.left, page.top * 0.7, page.right, foot)
        if not aside:
            words = stacked(page, blocks, page.top, gap)
            top = words[-1].bottom + 44 * page.scale
            # Long words leave little, and never nothing.
            return words, (page.left, top, page.right, max(foot, top + 120 * page.scale))
        height = sum(block.height for block in blocks) + gap * (len(blocks) - 1)
        words = stacked(page, blocks, page.height * 0.47 - height / 2, gap)
        turned, column = page.setter.from_right, page.width * (_COLUMN + 0.05)
        words = [
            Placed(one.block, page.right - one.block.width if turned else page.left, one.y)
            for one in words
        ]
        left = page.left if turned else page.left + column
        right = page.right - column if turned else page.right
        return words, (left, page.top * 0.7, right, foot)

    def _spot(self, flat: Flat) -> Flat:
        """From shares of the earth's radius to pixels."""
        return np.asarray(flat * self._factor + np.asarray(self._shift), np.float64)

    def _at(self, place: MapPlace) -> tuple[float, float]:
        flat = self._view.flat(np.array([[place.longitude, place.latitude]]))
        x, y = self._spot(flat)[0]
        return float(x), float(y)

    def _paths(self) -> tuple[skia.Path, skia.Path, skia.Path, list[skia.Path]]:
        """What lies around, borders in it, the country, and its shores one by one."""
        page = self._page
        reach = max(page.width, page.height) / self._factor
        around, lines, land = skia.Path(), skia.Path(), skia.Path()
        land.setFillType(skia.PathFillType.kEvenOdd)
        shores: list[skia.Path] = []
        for one in countries():
            for piece in one.lands:
                shore = piece.rings[0]
                if not self._view.faces(shore) or not self._view.sees(
                    self._view.flat(shore), reach
                ):
                    continue
                shown = any(piece is one for one in self._view.lands)
                for ring in piece.rings:
                    spots = self._spot(self._view.flat(ring))
                    if shown:
                        land.addPoly(_points(spots), True)
                        shores += _lines(ring, spots)
                    else:
                        around.addPoly(_points(spots), True)
                        for line in _lines(ring, spots):
                            lines.addPath(line)
        return around, lines, land, shores

    def _named(self) -> Iterator[tuple[Placed, Named] | None]:
        """The names of places, each where it lies on no other, on no dot and on no words."""
        page, (_, top, _, bottom) = self._page, self._room
        font = page.theme.title_font
        blocks = [
            page.block(place.name, _NAME, font=font, tracking=0.2, centered=False)
            if place.name.strip()
            else None
            for place in self._card.places
        ]
        words = (skia.Rect.MakeLTRB(one.x, one.y, one.right, one.bottom) for one in self._words)
        edge = page.left * 0.5
        room = skia.Rect.MakeLTRB(edge, top, page.width - edge, bottom)
        found = named(
            Sheet(room, page.right, page.scale, page.setter.from_right),
            [None if one is None else (one.width, one.height) for one in blocks],
            [self._at(place) for place in self._card.places],
            words,
        )
        for block, one in zip(blocks, found, strict=True):
            if block is None or one is None:
                yield None
            else:
                yield Placed(block, one.box.left(), one.box.top()), one


def _points(spots: Flat) -> list[skia.Point]:
    return [skia.Point(float(x), float(y)) for x, y in spots]


def _lines(ring: Ring, spots: Flat) -> Iterator[skia.Path]:
    """A ring as it is drawn: without the edges along which the data of the world is cut."""
    from_line = np.abs((ring[:, 0] % 360) - 180)
    cut = (from_line < _CUT) | (np.abs(ring[:, 1]) > 89.9)
    if not cut.any():
        yield skia.Path.Polygon(_points(spots), True)
        return
    edges = np.flatnonzero(cut[:-1] & cut[1:])
    first = 0
    for last in [*edges, len(spots) - 1]:
        if last > first:
            yield skia.Path.Polygon(_points(spots[first : last + 1]), False)
        first = last + 1
