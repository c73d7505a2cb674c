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
import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass

from photochrom.film.storyboard import Easing, Framing, Move, Shot, View

RAMP = 0.28
"""Share of a move that is spent getting up to speed, and as much slowing down."""

SEVERE = 0.5
"""If filling the frame would show less than this share of the picture, `auto` mats it."""

ZOOM_SPEED = 0.016
"""Relative change of size per second of an automatic move: felt, not noticed."""

MOST_ZOOM = 1.22
MOST_ZOOM_TALL = 1.1
"""A frame that shows half of a tall picture has come near already."""

PAN_SPEED = 0.022
"""Widths (or heights) of the visible frame per second of an automatic pan."""

ABOVE = 0.3
"""Of what a wide picture loses in height, the share that it loses above."""

MARGIN = 1.12
"""A matted picture's frame is this much larger than the picture, in the tighter direction."""

BESIDE = 0.66
"""Where (0..1 of the frame's width) a matted picture's middle lies when words stand beside it."""

NEAR = 0.6
"""What the frame shows around a point of interest, as a share of the widest that it could."""

BEND = 0.16
"""A path with a third point is averaged over this share of the move on either side."""

_SAMPLES = 32
"""In how many steps, on either side."""

_TRACED = 256
"""Into how many steps a bent path is divided to see what it passes."""

_LEAST_LEG = 0.2
"""Of the whole move's time, what the shorter part of it gets at least."""

LEAST_COLUMN = 0.2
"""Share of the frame's width that words beside a picture need, margins left out."""

GAP = 0.035
"""Share of the frame's width between those words and the picture."""


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
        assert self.via is not None
        first, second = Camera(self.start, self.via), Camera(self.via, self.end)
        lengths = first.length, second.length
        whole = sum(lengths)
        turn = lengths[0] / whole if whole else 0.5
        turn = min(max(turn, _LEAST_LEG), 1 - _LEAST_LEG)
        if share < turn:
            return first._straight(share / turn)
        return second._straight((share - turn) / (1 - turn))

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
        path = [self.at(index / _TRACED) for index in range(_TRACED + 1)]
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
        return self.start != self.end


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


def fit(rect: Rect, shape: float) -> Rect:
    """The rectangle of the frame's shape that shows `rect` as well as the picture allows.

    Args:
        rect: What should be seen.
        shape: Width over height that the result must have, in shares of the picture (frame aspect
            over picture aspect).

    Returns:
        A rectangle around the same center that holds `rect`, made smaller where the picture is not
        large enough and shifted where it would leave the picture.
    """
    width = max(rect.width, rect.height * shape)
    width = min(width, 1.0, shape)
    height = width / shape
    left = rect.left + rect.width / 2 - width / 2
    top = rect.top + rect.height / 2 - height / 2
    return Rect(min(max(left, 0.0), 1.0 - width), min(max(top, 0.0), 1.0 - height), width, height)


def view(seen: View, shape: float) -> Rect:
    """What the frame shows when the camera looks at a rectangle or a point; `shape` as in `fit`."""
    if len(seen) == 2:
        width, height = NEAR * min(1.0, shape), NEAR * min(1.0, shape) / shape
        return fit(Rect(seen[0] - width / 2, seen[1] - height / 2, width, height), shape)
    return fit(Rect(*seen), shape)


def camera_for(
    shot: Shot, picture_aspect: float, frame_aspect: float, seconds: float, style: str
) -> Camera:
    """The camera of a shot.

    Args:
        shot: Says which move.
        picture_aspect: Width over height of the photograph.
        frame_aspect: Width over height of the film.
        seconds: How long the shot is seen, the transition out of it included.
        style: For `auto` moves, from `styles`.
    """
    shape = frame_aspect / picture_aspect
    if isinstance(shot.move, Move):
        move = shot.move
        via = None if move.via is None else view(move.via, shape)
        return Camera(view(move.start, shape), view(move.end, shape), move.easing, via)
    if _wants_mat(shot.framing, shape, frame_aspect):
        speed = 0.0 if shot.move == "still" else 0.006
        zoom = min(math.exp(speed * seconds), MARGIN / 1.04)
        return _matted(shape, zoom, out=style == "pull", words=bool(shot.caption.strip()))
    whole = _resting(min(1.0, shape), shape)
    if shot.move == "still":
        return Camera(whole, whole)
    return _automatic(shape, seconds, style)


def styles(photographs: Sequence[str], seed: int) -> list[str]:
    """An automatic move for each shot: seeded, and never the same twice in a row.

    Each choice hangs on the photograph itself and, only when it would repeat the one before, on
    its neighbor; so a shot put in early does not change all that follow.
    """
    names = ("push", "drift-right", "pull", "drift-left")
    chosen: list[str] = []
    for photograph in photographs:
        digest = hashlib.sha256(f"{seed}/{photograph}".encode()).digest()
        index = digest[0] % len(names)
        if chosen and chosen[-1] == names[index]:
            index = (index + 1 + digest[1] % (len(names) - 1)) % len(names)
        chosen.append(names[index])
    return chosen


def _wants_mat(framing: Framing, shape: float, frame_aspect: float) -> bool:
    if framing != "auto":
        return framing == "mat"
    # What a wide frame cannot show of a panorama, a move across it can.
    if shape < 1 <= frame_aspect:
        return False
    return min(shape, 1 / shape) < SEVERE


def _resting(width: float, shape: float, center: float = 0.5) -> Rect:
    """A view of the given width, placed so that it does not cut heads.

    People stand in the upper part of pictures: what a tall picture must lose, it loses below.
    """
    height = width / shape
    top = 0.0 if shape > 1 else (1.0 - height) * ABOVE
    left = min(max(center - width / 2, 0.0), 1.0 - width)
    return Rect(left, top, width, height)


def _automatic(shape: float, seconds: float, style: str) -> Camera:
    """A move that fills the frame; over a tall picture it keeps to the upper edge."""
    full = min(1.0, shape)
    most = MOST_ZOOM if shape < 1.5 else MOST_ZOOM_TALL
    zoom = min(math.exp(ZOOM_SPEED * seconds), most)
    if style == "push":
        return Camera(_resting(full, shape), _resting(full / zoom, shape))
    if style == "pull":
        return Camera(_resting(full / zoom, shape), _resting(full, shape))
    # Travel along the spare width, and make some by going a little closer if there is none.
    width = full if full < 0.9 else full / math.sqrt(zoom) / 1.04
    reach = min((1.0 - width) / 2, width * PAN_SPEED * seconds / 2)
    left, right = _resting(width, shape, 0.5 - reach), _resting(width, shape, 0.5 + reach)
    return Camera(left, right) if style == "drift-right" else Camera(right, left)


def _matted(shape: float, zoom: float, *, out: bool, words: bool) -> Camera:
    """The whole picture on a mat, coming slowly nearer or going; beside words if there are any."""
    width = max(1.0, shape) * MARGIN
    half = zoom / width / 2  # Of the picture at its largest, in shares of the frame's width.
    center = min(BESIDE, 0.95 - half)
    column = center - half - GAP
    if not words or column - 0.1 < LEAST_COLUMN:
        center, column = 0.5, 0.0
    ends = [_placed(width, shape, center), _placed(width / zoom, shape, center)]
    start, end = reversed(ends) if out else ends
    return Camera(start, end, mat=True, beside=column or None)


def _placed(width: float, shape: float, center: float) -> Rect:
    """A view larger than the picture, whose middle it shows at `center` of its width."""
    height = width / shape
    return Rect(0.5 - width * center, 0.5 - height / 2, width, height)
