"""What part of a photograph the frame shows: around a place, or around what matters in it."""

from __future__ import annotations

import functools

from photochrom.film.camera import Rect
from photochrom.film.camera.attention import Attention
from photochrom.film.storyboard.items import Framing
from photochrom.film.storyboard.values import View

SEVERE = 0.5
"""If filling the frame would show less than this share of a tall picture, `auto` mats it; of a
wide one, a move across shows more of it."""

AROUND = 1.05
"""What holds heads is larger than they are by this, so that they do not touch the edge."""

EYES = 0.42
"""Where (0..1 of the frame's height, from above) the middle of heads is put if it may."""

HINT = 0.8
"""How far the camera follows what stands out most clearly, as a share of the way."""

ABOVE = 0.3
"""Of what a wide picture loses in height, the share that it loses above."""

NEAR = 0.6
"""What the frame shows around a point of interest, as a share of the widest that it could."""


def picture_area(size: tuple[int, int], letterbox: float | None) -> tuple[int, tuple[int, int]]:
    """First row, and width and height, of where in the frame pictures are seen.

    Args:
        size: Width and height of the frame.
        letterbox: Width over height of the area, if there are to be bars.
    """
    width, height = size
    if letterbox is None or letterbox <= width / height:
        return 0, size
    bar = round((height - width / letterbox) / 4) * 2
    return bar, (width, height - 2 * bar)


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


def wants_mat(framing: Framing, shape: float, frame_aspect: float, attention: Attention) -> bool:
    """Whether a picture is shown whole, on a mat, rather than filling the frame.

    Args:
        framing: What the shot asks for.
        shape: As in `fit`.
        frame_aspect: Width over height of the frame.
        attention: What matters in the picture.
    """
    if framing != "auto":
        return framing == "mat"
    if shape > 1 / SEVERE:
        return True
    if attention.heads:
        # A frame that comes a little nearer has to hold them, too.
        width = min(1.0, shape) / AROUND
        one, all_ = attention.heads[0].rect, _union(attention)
        if all_.width > width or all_.height > width / shape:
            # What a wide frame cannot show of a panorama, a move across it can.
            crossed = shape < SEVERE and frame_aspect >= 1
            return not (crossed and one.width <= width and one.height <= width / shape)
    elif attention.aspect is None and frame_aspect < 1:
        return shape < SEVERE
    return False


def _union(attention: Attention) -> Rect:
    return functools.reduce(Rect.union, (head.rect for head in attention.heads))


def held_by(width: float, shape: float, attention: Attention) -> Rect | None:
    """All heads that a view of some width can show at once, or the largest ones of them."""
    height = width / shape
    held: Rect | None = None
    for head in attention.heads:
        wider = head.rect if held is None else held.union(head.rect)
        if wider.width <= width and wider.height <= height:
            held = wider
        elif held is None:
            # Larger than the frame: as much as it can show, the hair rather than the chin.
            rect = head.rect
            across = min(rect.width, width)
            held = Rect(head.x - across / 2, rect.top, across, min(rect.height, height))
    return held


def placed_for(width: float, shape: float, attention: Attention, held: Rect | None = None) -> Rect:
    """A view of some width that shows what matters where one looks for it.

    Args:
        width: In shares of the picture's.
        shape: As in `fit`.
        attention: What matters.
        held: What has to be in it. None: whatever heads it can hold.
    """
    rest = resting(width, shape)
    held = held or held_by(width, shape, attention)
    left, top = rest.left, rest.top
    if held is not None:
        left = held.left + held.width / 2 - width / 2
        top = held.top + held.height / 2 - rest.height * EYES
        left = min(max(left, held.right - width), held.left)
        top = min(max(top, held.bottom - rest.height), held.top)
    elif attention.salient is not None:
        follow = HINT * attention.salient.weight
        left += (attention.salient.x - width / 2 - left) * follow
        # Heads that nobody has found are high up rather than low down.
        top += (attention.salient.y - rest.height / 2 - top) * follow / 3
    left, top = min(max(left, 0.0), 1.0 - width), min(max(top, 0.0), 1.0 - rest.height)
    return Rect(left, top, width, rest.height)


def resting(width: float, shape: float) -> Rect:
    """A view of the given width, placed so that it does not cut heads that nobody has found.

    People stand in the upper part of pictures: what a tall picture must lose, it loses below.
    """
    height = width / shape
    top = 0.0 if shape > 1 else (1.0 - height) * ABOVE
    return Rect(0.5 - width / 2, top, width, height)
