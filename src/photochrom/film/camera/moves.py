"""Which way the camera goes over a photograph: as it is told, or by a choice of its own.

Its own choice looks at the picture (`attention`). Heads are whole in every frame: both ends of a
move hold them, and what both ends hold, all between them does, because edges move along straight
lines. A picture whose heads cannot all be seen at once in a frame that it fills is shown whole, on
a mat; a long row of people is crossed instead. Where nobody is found, what stands out is a hint.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence

from photochrom.film.camera import Camera, Rect
from photochrom.film.camera.asked import views
from photochrom.film.camera.attention import UNKNOWN, Attention
from photochrom.film.camera.framing import AROUND, held_by, placed_for, wants_mat
from photochrom.film.storyboard.items import Move, Shot

ZOOM_SPEED = 0.016
"""Relative change of size per second of an automatic move: felt, not noticed."""

MOST_ZOOM = 1.22
MOST_ZOOM_TALL = 1.1
"""A frame that shows half of a tall picture has come near already."""

PAN_SPEED = 0.022
"""Widths (or heights) of the visible frame per second of an automatic pan."""

CROSSED = 0.62
"""A picture of which the frame shows less than this share of the width is crossed, not zoomed."""

CROSS_SPEED = 0.07
"""Widths of the frame per second while a panorama is crossed."""

LEAST_PAN = 0.04
"""A pan shorter than this, in widths of the frame, is none: the camera comes nearer instead."""

AIR = 0.03
"""Between heads and the edge of the frame, in widths of the frame, where there is room."""

MIDDLE = (0.42, 0.58)
"""What matters between these shares of the width is in the middle."""

MARGIN = 1.12
"""A matted picture's frame is this much larger than the picture, in the tighter direction."""

BESIDE = 0.66
"""Where (0..1 of the frame's width) a matted picture's middle lies when words stand beside it."""

LEAST_COLUMN = 0.2
"""Share of the frame's width that words beside a picture need, margins left out."""

SMALLER = 0.75
"""How much smaller than usual a matted picture may be for words to find room beside it."""

GAP = 0.035
"""Share of the frame's width between those words and the picture."""


def camera_for(
    shot: Shot,
    picture_aspect: float,
    frame_aspect: float,
    seconds: float,
    style: str,
    attention: Attention = UNKNOWN,
) -> Camera:
    """The camera of a shot.

    Args:
        shot: Says which move.
        picture_aspect: Width over height of the photograph.
        frame_aspect: Width over height of the film.
        seconds: How long the shot is seen, the transition out of it included.
        style: For `auto` moves, from `styles`.
        attention: What matters in the photograph.
    """
    shape = frame_aspect / picture_aspect
    if isinstance(shot.move, Move):
        start, via, end = views(shot.move, shape)
        return Camera(start, end, shot.move.easing, via)
    if wants_mat(shot.framing, shape, frame_aspect, attention):
        speed = 0.0 if shot.move == "still" else 0.006
        zoom = min(math.exp(speed * seconds), MARGIN / 1.04)
        return _matted(shape, zoom, out=style == "pull", words=makes_room(shot))
    if shot.move == "still":
        whole = placed_for(min(1.0, shape), shape, attention)
        return Camera(whole, whole)
    return _automatic(shape, seconds, style, attention)


def makes_room(shot: Shot) -> bool:
    """Whether a matted picture stands aside for the shot's caption."""
    return bool(shot.caption.plain) and not shot.caption.at_right


def styles_for(shot: Shot, frame_aspect: float, attention: Attention) -> tuple[str, ...]:
    """The automatic moves that suit a photograph.

    Args:
        shot: Says how it is framed.
        frame_aspect: Width over height of the film.
        attention: What matters in the photograph.

    Returns:
        At least one of "push" and "pull" (nearer, and back), "drift-right" and "drift-left"
        (towards what matters).
    """
    aside: tuple[str, ...] = ("drift-right", "drift-left")
    if attention.side is not None and attention.side > MIDDLE[1]:
        aside = aside[:1]
    elif attention.side is not None and attention.side < MIDDLE[0]:
        aside = aside[1:]
    if attention.aspect is not None:
        shape = frame_aspect / attention.aspect
        if wants_mat(shot.framing, shape, frame_aspect, attention):
            return ("push", "pull")
        if shape < CROSSED:
            return aside
    return ("push", aside[0], "pull", *aside[1:])


def styles(
    photographs: Sequence[str], seed: int, suiting: Sequence[tuple[str, ...]] | None = None
) -> list[str]:
    """An automatic move for each shot: seeded, and never the same twice in a row.

    Each choice hangs on the photograph itself and, only when it would repeat the one before, on
    its neighbor; so a shot put in early does not change all that follow.

    Args:
        photographs: Their ids.
        seed: Another number, another choice.
        suiting: For each, from `styles_for`; None: any move suits any photograph.
    """
    chosen: list[str] = []
    for index, photograph in enumerate(photographs):
        names = _STYLES if suiting is None else suiting[index]
        digest = hashlib.sha256(f"{seed}/{photograph}".encode()).digest()
        pick = digest[0] % len(names)
        name = names[pick]
        if chosen and chosen[-1] == name:
            if len(names) == 1:
                name = _OPPOSITE[name]
            else:
                name = names[(pick + 1 + digest[1] % (len(names) - 1)) % len(names)]
        chosen.append(name)
    return chosen


_STYLES = ("push", "drift-right", "pull", "drift-left")
_OPPOSITE = {"drift-right": "drift-left", "drift-left": "drift-right"}


def _automatic(shape: float, seconds: float, style: str, attention: Attention) -> Camera:
    """A move that fills the frame, towards what matters or back from it.

    Where nothing is known to matter, it keeps to the upper edge of a tall picture.
    """
    full = min(1.0, shape)
    most = MOST_ZOOM if shape < 1.5 else MOST_ZOOM_TALL
    zoom = min(math.exp(ZOOM_SPEED * seconds), most)
    held = held_by(full, shape, attention)
    least = 0.0 if held is None else min(max(held.width, held.height * shape) * AROUND, full)
    if style.startswith("drift"):
        # Travel along the spare width, and make some by going a little closer if there is none.
        width = full if full < 0.9 else max(full / math.sqrt(zoom) / 1.04, least)
        pan = _pan(width, shape, seconds, style == "drift-right", attention, held)
        if pan.end.left != pan.start.left:
            return pan
    wide = placed_for(full, shape, attention, held)
    near = placed_for(max(full / zoom, least), shape, attention, held)
    return Camera(near, wide) if style == "pull" else Camera(wide, near)


def _pan(
    width: float,
    shape: float,
    seconds: float,
    right: bool,
    attention: Attention,
    held: Rect | None,
) -> Camera:
    """A move across that ends where what matters is best seen, or stands if there is no room."""
    speed = CROSS_SPEED if shape < CROSSED else PAN_SPEED
    reach = width * speed * seconds
    first, last = 0.0, 1.0 - width
    if held is not None:
        # Some air between heads and the edge, where there is room for it.
        air = min(AIR * width, (width - held.width) / 2)
        first = min(max(first, held.right - width + air), last)
        last = max(min(last, held.left - air), first)
    best = placed_for(width, shape, attention, held)
    left = max(first, best.left - reach) if right else best.left
    stop = best.left if right else min(last, best.left + reach)
    if attention.side is None or stop - left < LEAST_PAN * width:
        # Nothing to go to, or no way to it: by it, then.
        left = max(first, min(best.left - reach / 2, last - reach))
        stop = min(last, left + reach)
    if stop - left < LEAST_PAN * width:
        left = stop = best.left
    ends = (Rect(x, best.top, width, best.height) for x in (left, stop))
    one, other = ends if right else reversed(tuple(ends))
    return Camera(one, other)


def _matted(shape: float, zoom: float, *, out: bool, words: bool) -> Camera:
    """The whole picture on a mat, coming slowly nearer or going; beside words if there are any."""
    width = max(1.0, shape) * MARGIN
    roomy = max(width, zoom / (0.85 - GAP - LEAST_COLUMN))
    center, column = 0.5, 0.0
    if words and width / roomy >= SMALLER:
        width = roomy
        half = zoom / width / 2  # Of the picture at its largest, in shares of the frame's width.
        center = min(BESIDE, 0.95 - half)
        column = center - half - GAP
    ends = [_placed(width, shape, center), _placed(width / zoom, shape, center)]
    start, end = reversed(ends) if out else ends
    return Camera(start, end, mat=True, beside=column or None)


def _placed(width: float, shape: float, center: float) -> Rect:
    """A view larger than the picture, whose middle it shows at `center` of its width."""
    height = width / shape
    return Rect(0.5 - width * center, 0.5 - height / 2, width, height)
