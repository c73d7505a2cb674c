"""From the rectangles and points of a move to what the frame shows, and what of them it cannot.

A rectangle grows about its middle to the frame's shape, and is shifted where it would leave the
picture, so that all of it is seen. Where that would take more than half of the way from one
rectangle to the next, as of two tall ones in a wide frame, the way is kept, and less of them seen.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from photochrom.film.camera import Rect
from photochrom.film.camera.framing import fit, view
from photochrom.film.storyboard.items import Move
from photochrom.film.storyboard.values import View

SLACK: Final = 0.1
"""By how much of its own side a rectangle that keeps its place is shifted to be seen larger."""

LEAST_WAY: Final = 0.1
"""In shares of the picture: a shorter way is none, and nothing is lost of it."""

MOST_LOST: Final = 0.5
"""Of a way: what may be lost of it so that rectangles are seen as a whole."""

_NEARER: Final = math.log(1.3)
"""By how much the sizes of two views differ if the camera comes nearer, or goes back."""

_HARDLY: Final = 0.02
"""In shares of the rectangle: so much less of it is not told of."""


@dataclass(frozen=True)
class Unshown:
    """A rectangle that a frame cannot show all of.

    Attributes:
        key: Of the move: "from", "via" or "to".
        asked: The rectangle.
        shown: What is shown instead.
    """

    key: str
    asked: Rect
    shown: Rect

    @property
    def is_tall(self) -> bool:
        """Whether it is its height that is not seen, rather than its width."""
        missing = self.asked.height - self.shown.height, self.asked.width - self.shown.width
        return missing[0] / self.asked.height >= missing[1] / self.asked.width


def views(move: Move, shape: float) -> tuple[Rect, Rect | None, Rect]:
    """What the frame shows at the beginning of a move, on its way and at its end.

    Args:
        move: The move.
        shape: Width over height of the frame, in shares of the picture (frame aspect over picture
            aspect).
    """
    asked = [move.start, *([] if move.via is None else [move.via]), move.end]
    whole = [view(one, shape) for one in asked]
    if _loses_its_way([_middle(one) for one in asked], whole):
        whole = [view(one, shape) if len(one) == 2 else placed(Rect(*one), shape) for one in asked]
    return whole[0], whole[1] if move.via is not None else None, whole[-1]


def unshown(move: Move, shape: float) -> tuple[Unshown, ...]:
    """The rectangles of a move of which something is not seen; `shape` as for `views`."""
    asked = (("from", move.start), ("via", move.via), ("to", move.end))
    found = []
    for (key, one), shown in zip(asked, views(move, shape), strict=True):
        if one is None or shown is None or len(one) == 2:
            continue
        rect = Rect(*one)
        if not _holds(shown, rect):
            found.append(Unshown(key, rect, shown))
    return tuple(found)


def placed(rect: Rect, shape: float) -> Rect:
    """The largest view of a rectangle that needs no more than a view that holds all of it, and
    whose middle is that of the rectangle, or nearly; `shape` as for `views`."""
    x, y = rect.left + rect.width / 2, rect.top + rect.height / 2
    reach = 1 / (0.5 - SLACK)
    most = min(reach * min(x, 1 - x), reach * min(y, 1 - y) * shape)
    width = min(max(rect.width, rect.height * shape), most, 1.0, shape)
    return fit(Rect(x - width / 2, y - width / shape / 2, width, width / shape), shape)


def _loses_its_way(asked: Sequence[tuple[float, float]], shown: Sequence[Rect]) -> bool:
    """Whether a way across the picture has become a short one; coming nearer is another thing."""
    for (first, second), (one, other) in zip(pairwise(asked), pairwise(shown), strict=True):
        across, down = second[0] - first[0], second[1] - first[1]
        way = math.hypot(across, down)
        if way < LEAST_WAY or abs(math.log(other.width / one.width)) > _NEARER:
            continue
        start, end = _middle(_tuple(one)), _middle(_tuple(other))
        went = ((end[0] - start[0]) * across + (end[1] - start[1]) * down) / way
        if went < (1 - MOST_LOST) * way:
            return True
    return False


def _middle(seen: View) -> tuple[float, float]:
    if len(seen) == 2:
        return seen
    return seen[0] + seen[2] / 2, seen[1] + seen[3] / 2


def _tuple(rect: Rect) -> tuple[float, float, float, float]:
    return rect.left, rect.top, rect.width, rect.height


def _holds(shown: Rect, asked: Rect) -> bool:
    across, down = _HARDLY * asked.width, _HARDLY * asked.height
    return (
        shown.left <= asked.left + across
        and shown.right >= asked.right - across
        and shown.top <= asked.top + down
        and shown.bottom >= asked.bottom - down
    )
