"""In which corner of a picture words stand, so that they do not cover faces."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from photochrom.film.camera import Camera, Rect
from photochrom.film.camera.attention import Attention
from photochrom.film.storyboard.items import Corner

CORNERS: tuple[Corner, ...] = ("lower left", "lower right", "upper left")
"""What is chosen from, the best first. Who wants the upper right has to say so."""

FROM_RIGHT: tuple[Corner, ...] = ("lower right", "lower left", "upper left")
"""The same in languages that are written from right to left."""

COVERED = 0.05
"""A head of which words hide more than this share is covered."""

LONG = 0.2
"""Words may cover a head for this share of their time, as when the camera passes it."""


def corner_for(boxes: Mapping[Corner, Rect], moments: Sequence[Sequence[Rect]]) -> Corner:
    """The first corner where words cover a head hardly ever, or else the one where they do least.

    Args:
        boxes: Where the words would be in each corner, in shares of the frame.
        moments: The heads in the frame at some moments, evenly spread over the words' time; in
            shares of the frame.
    """
    times = {
        corner: sum(any(_covers(box, head) for head in heads) for heads in moments)
        for corner, box in boxes.items()
    }
    return next(
        (corner for corner, count in times.items() if count <= LONG * len(moments)),
        min(times, key=lambda corner: times[corner]),
    )


def heads_at(camera: Camera, time: float, attention: Attention) -> list[Rect]:
    """Heads as they are in the frame at a moment, in shares of it.

    Args:
        camera: The shot's.
        time: As for `Camera.at`.
        attention: Of the photograph.
    """
    seen = camera.at(time)
    return [
        Rect(
            (head.rect.left - seen.left) / seen.width,
            (head.rect.top - seen.top) / seen.height,
            head.rect.width / seen.width,
            head.rect.height / seen.height,
        )
        for head in attention.heads
    ]


def _covers(box: Rect, head: Rect) -> bool:
    """Whether words hide more of a head, as far as it is in the frame, than is bearable."""
    inside = _common(head, Rect(0, 0, 1, 1))
    return _common(head, box) > COVERED * inside > 0


def _common(one: Rect, other: Rect) -> float:
    """The area that two rectangles have in common."""
    across = min(one.right, other.right) - max(one.left, other.left)
    down = min(one.bottom, other.bottom) - max(one.top, other.top)
    return max(across, 0.0) * max(down, 0.0)
