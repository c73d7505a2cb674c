"""Which way the camera goes over a photograph: as it is told, or by a choice of its own."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence

from photochrom.film.camera import Camera, Rect
from photochrom.film.items import Framing, Move, Shot
from photochrom.film.values import View

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

LEAST_COLUMN = 0.2
"""Share of the frame's width that words beside a picture need, margins left out."""

GAP = 0.035
"""Share of the frame's width between those words and the picture."""


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
