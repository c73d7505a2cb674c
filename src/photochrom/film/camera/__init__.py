"""Where the camera looks, for every moment of a shot, in continuous coordinates.

A camera sees a rectangle of the picture, in shares of the picture's width and height (0..1). Its
two ends are fitted to the frame's shape once; between them all four edges are linear in one
parameter. That makes every move a straight path about a fixed point of the picture (or a plain
pan), and keeps each rectangle between the ends, hence inside the picture.

A move by way of a third rectangle is two such moves, one after the other at an even pace, averaged
over a little while: the mean of rectangles inside the picture is inside it, too, and where the path
would have a corner it has a bend.
"""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass

from photochrom.film.storyboard.items import Easing

RAMP = 0.28
"""Share of a move that is spent getting up to speed, and as much slowing down."""

BEND = 0.16
"""A path with a third point is averaged over this share of the move on either side."""

_SAMPLES = 32
"""In how many steps, on either side."""

_TRACED = 256
"""Into how many steps a bent path is divided to see what it passes."""

_LEAST_LEG = 0.2
"""Of the whole move's time, what the shorter part of it gets at least."""


@dataclass(frozen=True)
class Rect:
    """A rectangle in shares of the picture's width and height."""

    left: float
    top: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.left + self.width

    @property
    def bottom(self) -> float:
        return self.top + self.height

    def union(self, other: Rect) -> Rect:
        left, top = min(self.left, other.left), min(self.top, other.top)
        right, bottom = max(self.right, other.right), max(self.bottom, other.bottom)
        return Rect(left, top, right - left, bottom - top)


@dataclass(frozen=True)
class Camera:
    """A move that is ready to be filmed.

    Attributes:
        start: What is seen at progress 0.
        end: What is seen at progress 1.
        easing: How progress follows time.
        via: What is passed on the way; None for the straight way.
        mat: Whether the rectangles may be larger than the picture, which then lies on the theme's
            background.
        beside: Where a matted picture leaves a column for words at its left: the column's right
            edge as a share of the frame's width. None: it does not.
    """

    start: Rect
    end: Rect
    easing: Easing = "smooth"
    via: Rect | None = None
    mat: bool = False
    beside: float | None = None

    def at(self, time: float) -> Rect:
        """What is seen at a moment.

        Args:
            time: 0 (the shot begins) .. 1 (it ends).
        """
        eased = ease(time, self.easing)
        if self.via is None:
            return self._straight(eased)
        # Triangular weights: the mean of two running means, so that speed bends, too. Near the
        # ends the window is narrower, and never wider than a leg: there the way is straight.
        reach = min(BEND, eased, 1 - eased)
        steps = range(-_SAMPLES, _SAMPLES + 1)
        rects = [self._by_way(eased + reach * step / (_SAMPLES + 1)) for step in steps]
        weights = [(_SAMPLES + 1 - abs(step)) / (_SAMPLES + 1) ** 2 for step in steps]
        left, top, width, height = (
            sum(weight * edge for weight, edge in zip(weights, edges, strict=True))
            for edges in zip(*((r.left, r.top, r.width, r.height) for r in rects), strict=True)
        )
        return Rect(left, top, width, height)

    def _by_way(self, share: float) -> Rect:
        """What is seen on the way with a corner in it."""
        first, second, turn = self._legs
        if share < turn:
            return first._straight(share / turn)
        return second._straight((share - turn) / (1 - turn))

    @functools.cached_property
    def _legs(self) -> tuple[Camera, Camera, float]:
        """The two straight moves of a way with a corner, and the share of it where that is."""
        assert self.via is not None
        first, second = Camera(self.start, self.via), Camera(self.via, self.end)
        whole = first.length + second.length
        turn = first.length / whole if whole else 0.5
        return first, second, min(max(turn, _LEAST_LEG), 1 - _LEAST_LEG)

    @functools.cached_property
    def _path(self) -> list[Rect]:
        """What is passed on a bent way, step by step."""
        return [self.at(index / _TRACED) for index in range(_TRACED + 1)]

    def _straight(self, share: float) -> Rect:
        stretch = math.log(self.end.width / self.start.width)
        # Constant relative zoom speed: the size is exponential in time. Edges move with the size,
        # so that the path is straight; expm1(kx)/expm1(k) tends to x when there is no zoom.
        if abs(stretch) > 1e-9:
            share = math.expm1(stretch * share) / math.expm1(stretch)
        return self._between(share)

    @property
    def length(self) -> float:
        """How far a straight move goes: in frames passed, and in foldings of the size."""
        first, last = self.start, self.end
        size = math.sqrt(first.width * last.width), math.sqrt(first.height * last.height)
        across = (last.left + last.width / 2) - (first.left + first.width / 2)
        down = (last.top + last.height / 2) - (first.top + first.height / 2)
        zoom = math.log(last.width / first.width)
        return math.hypot(across / size[0], down / size[1], zoom)

    @property
    def widths(self) -> tuple[float, float]:
        """The narrowest and the widest of what is seen."""
        views = (self.start, self.end) if self.via is None else (self.start, self.via, self.end)
        return min(view.width for view in views), max(view.width for view in views)

    def between(self, narrow: float, wide: float) -> Rect:
        """All that is seen while it is from `narrow` to `wide` wide."""
        if self.via is None:
            if self.start.width == self.end.width:
                return self.start.union(self.end)
            return self._of_width(wide).union(self._of_width(narrow))
        path = self._path
        # One more on either side: what lies between two of the samples is seen as well.
        seen = [
            rect
            for index in range(len(path))
            for rect in path[max(0, index - 1) : index + 2]
            if narrow * (1 - 1e-9) <= path[index].width <= wide * (1 + 1e-9)
        ]
        return functools.reduce(Rect.union, seen or path)

    def _of_width(self, width: float) -> Rect:
        """What is seen when it is `width` wide, for a straight move whose ends differ in width."""
        return self._between((width - self.start.width) / (self.end.width - self.start.width))

    def _between(self, share: float) -> Rect:
        first, last = self.start, self.end
        return Rect(
            first.left + (last.left - first.left) * share,
            first.top + (last.top - first.top) * share,
            first.width + (last.width - first.width) * share,
            first.height + (last.height - first.height) * share,
        )

    @property
    def moves(self) -> bool:
        return self.start != self.end or self.via not in (None, self.start)


def ease(time: float, easing: Easing) -> float:
    """Progress of a move (0..1) at a moment (0..1).

    Speed rises along a smoothstep for `RAMP` of the time, stays constant and falls the same way,
    so that neither speed nor acceleration ever jumps; a curve that eases all along would seem to
    rush through its middle.
    """
    time = min(max(time, 0.0), 1.0)
    if easing == "linear":
        return time
    rises, falls = easing in ("smooth", "in"), easing in ("smooth", "out")
    distance = 1.0 - (RAMP / 2) * (rises + falls)
    if rises and time < RAMP:
        return _ramp(time) / distance
    if falls and time > 1.0 - RAMP:
        return 1.0 - _ramp(1.0 - time) / distance
    return (time - (RAMP / 2 if rises else 0.0)) / distance


def _ramp(time: float) -> float:
    """Distance covered while the speed rises from 0 to 1 along 3x^2 - 2x^3."""
    x = time / RAMP
    return RAMP * (x**3 - x**4 / 2)
