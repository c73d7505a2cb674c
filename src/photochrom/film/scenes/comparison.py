"""The comparison card: a photograph before and after, whole and standing still."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path

import numpy as np
import skia

from photochrom.film.camera import Camera, Rect, ease
from photochrom.film.frames.layers import Layer
from photochrom.film.frames.lens import Lens
from photochrom.film.frames.pictures import codes_of, open_picture
from photochrom.film.frames.planes import Codes, Planes, coverage
from photochrom.film.storyboard import ComparisonCard
from photochrom.film.takes import Take
from photochrom.film.words.captions import (
    CREDIT_SAFE,
    LOW,
    TITLE_SAFE,
    Place,
    is_upright,
    low_share,
    near,
    small_print,
    unit,
)
from photochrom.film.words.type import Block, Style, Typesetter, scaled
from photochrom.photograph import dimensions

TRAVEL = (0.9, 0.1)
"""Where a divider begins and ends, in shares of the picture's width: from the right to the left,
so that each state stays on the side where its name stands."""

LINE = 3
"""Width of a divider in pixels of a 1080-pixel frame."""

GAP = 36
"""Between two pictures, and between what stands under one another."""

SPARE = 3
"""Pixels of a picture that are read for one of the frame."""

_WHOLE = Rect(0, 0, 1, 1)


@dataclass(frozen=True)
class Layout:
    """Where everything on the card is, in pixels of the frame.

    Attributes:
        size: Width and height of a picture, even.
        before: Upper left corner of the older state, even.
        after: Of the result; of the same picture, if a divider parts it.
    """

    size: tuple[int, int]
    before: tuple[int, int]
    after: tuple[int, int]


class ComparisonScene:
    """A comparison card, filmed.

    Args:
        take: The card, with the files of its photograph.
    """

    def __init__(self, take: Take):
        assert isinstance(take.item, ComparisonCard)
        assert take.stills is not None
        self._take, self._card = take, take.item
        film = take.film
        self._scale = unit(film.size)
        background = take.item.background or film.theme.background
        self._plain = Planes.flat(film.size, codes_of(background))
        self._setter = Typesetter(language=take.film.language)
        labels = take.item.labels(take.colored, take.film.say)
        self._labels = [self._label(text) for text in labels]
        width, height = dimensions(take.stills.color)
        self.layout = self._laid_out(width / height)
        self._before, self._after = (
            self._whole(take.stills.path(one)) for one in (take.item.from_, "color")
        )
        self._last: tuple[float, Planes] | None = None
        self._set: tuple[Planes, float, Planes] | None = None

    def frame(self, index: int) -> Planes:
        at = self._divider(index)
        if self._last is None or self._last[0] != at:
            layout = self.layout
            if self._card.style == "divider":
                line = max(2.0, LINE * self._scale)
                ink = codes_of(self._take.film.theme.ink)
                both = parted(self._before, self._after, at * layout.size[0], line, ink)
                planes = _laid(self._plain, both, layout.after)
            else:
                planes = _laid(self._plain, self._before, layout.before)
                planes = _laid(planes, self._after, layout.after)
            self._last = at, planes
        return self._last[1]

    def with_text(self, planes: Planes, index: int) -> Planes:
        strength = self._take.presence(index)
        if self._set is None or self._set[0] is not planes or self._set[1] != strength:
            out = planes
            for layer in self._words:
                out = layer.over(out, strength)
            self._set = planes, strength, out
        return self._set[2]

    def _whole(self, path: Path) -> Planes:
        """A picture, as large as the card shows it."""
        size = self.layout.size
        picture = open_picture(path, SPARE * max(size))
        return Lens(picture, Camera(_WHOLE, _WHOLE), size).read(_WHOLE)

    def _divider(self, index: int) -> float:
        """Where a divider is, in shares of the picture's width; it stands in transitions."""
        if self._card.style == "beside":
            return 0.0
        take = self._take
        time = (index - take.first) / max(take.last - 1 - take.first, 1)
        return TRAVEL[0] + (TRAVEL[1] - TRAVEL[0]) * ease(time, "smooth")

    @cached_property
    def _heading(self) -> Block | None:
        film = self._take.film
        style = Style(film.theme.title_font, 60, film.theme.ink, leading=1.15, centered=True)
        text, room = self._card.heading.strip(), film.size[0] * (1 - 2 * TITLE_SAFE)
        return self._setter.block(text, scaled(style, self._scale), room) if text else None

    def _label(self, text: str) -> Block | None:
        film = self._take.film
        style = Style(film.theme.text_font, 31, film.theme.ink, tracking=0.9, leading=1.3)
        room = film.size[0] * (0.5 - TITLE_SAFE)
        text, scale = text.strip(), self._scale * near(film.size)
        return self._setter.block(text, scaled(style, scale), room) if text else None

    def _laid_out(self, aspect: float) -> Layout:
        """The largest pictures that leave room for heading, labels and credit."""
        width, height = self._take.film.size
        gap, label = GAP * self._scale, self._label_room
        left, right = width * CREDIT_SAFE, width * (1 - CREDIT_SAFE)
        foot = LOW if is_upright((width, height)) else CREDIT_SAFE
        top, bottom = height * CREDIT_SAFE, height * (1 - foot)
        if self._heading is not None:
            top += self._heading.height + gap
        if self._card.credit.strip():
            bottom -= gap
        across, down = right - left, bottom - top
        if self._card.style == "divider":
            size = _fitting(aspect, across, down - label)
            place = _even(width / 2 - size[0] / 2, (top + bottom - size[1] - label) / 2)
            return Layout(size, place, place)
        beside = _fitting(aspect, (across - gap) / 2, down - label)
        above = _fitting(aspect, across, (down - gap) / 2 - label)
        if above[0] > beside[0]:
            step = above[1] + label + gap
            x, y = width / 2 - above[0] / 2, (top + bottom - step - above[1] - label) / 2
            return Layout(above, _even(x, y), _even(x, y + step))
        step = beside[0] + gap
        x, y = width / 2 - (step + beside[0]) / 2, (top + bottom - beside[1] - label) / 2
        return Layout(beside, _even(x, y), _even(x + step, y))

    @property
    def _label_room(self) -> float:
        highest = max((block.height for block in self._labels if block is not None), default=0.0)
        return highest + 14 * self._scale if highest else 0.0

    @cached_property
    def _words(self) -> list[Layer]:
        """Heading, labels and credit, each a layer of its own: they lie far from one another."""
        film, layout = self._take.film, self.layout
        placed: list[tuple[Block, float, float]] = []
        if self._heading is not None:
            x = film.size[0] / 2 - self._heading.width / 2
            placed.append((self._heading, x, film.size[1] * CREDIT_SAFE))
        below = layout.size[1] + 14 * self._scale
        for block, (x, y) in zip(self._labels, (layout.before, layout.after), strict=True):
            if block is not None:
                divided = self._card.style == "divider"
                parted = block is self._labels[1] if divided else block.from_right
                indent = layout.size[0] - block.width if parted else 0.0
                placed.append((block, x + indent, y + below))
        low = low_share(film.size, 0, film.size[1])
        place = Place(film.size, self._scale * near(film.size), low=low)
        words = small_print(self._card.credit, "lower right", film.theme, self._setter, place)
        if words is not None:
            placed.append((words.blocks[0], words.left, words.top))
        layers = (Layer.paint(film.size, partial(_paint, *one)) for one in placed)
        return [layer for layer in layers if layer is not None]


def _paint(block: Block, x: float, y: float, canvas: skia.Canvas) -> None:
    block.paint(canvas, x, y)


def _fitting(aspect: float, width: float, height: float) -> tuple[int, int]:
    """The largest picture of a shape that fits, its sides even."""
    across = min(width, height * aspect)
    return max(2, round(across / 2) * 2), max(2, round(across / aspect / 2) * 2)


def _even(x: float, y: float) -> tuple[int, int]:
    return max(0, round(x / 2) * 2), max(0, round(y / 2) * 2)


def _laid(ground: Planes, picture: Planes, place: tuple[int, int]) -> Planes:
    """A frame with a picture on it; the frame itself stays as it is."""
    parts = []
    for below, part, scale in zip(ground.parts(), picture.parts(), (1, 2, 2), strict=True):
        out = below.copy()
        x, y = place[0] // scale, place[1] // scale
        out[y : y + part.shape[0], x : x + part.shape[1]] = part
        parts.append(out)
    return Planes(*parts)


def parted(
    before: Planes, after: Planes, at: float, line: float, ink: tuple[float, float, float]
) -> Planes:
    """One state at the left of a line and the other at its right, exact to fractions of pixels.

    Args:
        before: What is seen at the left.
        after: What is seen at the right.
        at: The middle of the line, in pixels.
        line: Its width.
        ink: Its color, as codes.
    """
    parts = []
    sites = (0.5, 0.25, 0.25)
    for old, new, code, scale, site in zip(
        before.parts(), after.parts(), ink, (1, 2, 2), sites, strict=True
    ):
        count = old.shape[1]
        right = coverage(at / scale, count + 1.0, count, site)
        drawn = coverage((at - line / 2) / scale, (at + line / 2) / scale, count, site)
        out = _across(old, new, right)
        columns = np.flatnonzero(drawn)
        under = out[:, columns].astype(np.float32)
        out[:, columns] = under + (np.float32(code * 256) - under) * drawn[columns]
        parts.append(out)
    return Planes(*parts)


def _across(old: Codes, new: Codes, share: np.ndarray) -> Codes:
    """The share of `new` in each column, which is 0 or 1 in all but one or two of them."""
    out = old.copy()
    whole = share >= 1
    out[:, whole] = new[:, whole]
    mixed = np.flatnonzero((share > 0) & ~whole)
    worn = old[:, mixed].astype(np.float32)
    out[:, mixed] = worn + (new[:, mixed].astype(np.float32) - worn) * share[mixed]
    return out
