"""A camera's path as editing programs have it: scale and position of the picture in the frame."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from photochrom.film.camera.framing import picture_area
from photochrom.film.camera.moves import camera_for
from photochrom.film.storyboard import Shot
from photochrom.film.takes import Take

CLOSE = 0.25
"""How far, in pixels of the frame, a picture may be from its path between two key frames."""


@dataclass(frozen=True)
class KeyFrame:
    """How a picture lies in the frame at a moment.

    Attributes:
        frame: Counted from the clip's first frame.
        scale: 1: the whole picture just fits into the frame.
        x: From the frame's center to the picture's, to the right, in shares of the frame's height.
        y: The same, upwards.
    """

    frame: int
    scale: float
    x: float
    y: float


def key_frames(take: Take, picture: tuple[int, int]) -> tuple[KeyFrame, ...]:
    """As few key frames as keep a straight line between them close to a shot's path.

    Args:
        take: A shot, not a card.
        picture: The photograph's width and height in pixels.

    Returns:
        One for a camera that stands still, else at least the first and the last frame.
    """
    assert isinstance(take.item, Shot)
    width, height = take.film.size
    # Bars stand above and below alike, so the middle of what they leave is the frame's.
    _, area = picture_area(take.film.size, take.film.theme.letterbox)
    aspect = picture[0] / picture[1]
    assert take.stills is not None
    camera = camera_for(
        take.item, aspect, area[0] / area[1], take.seconds, take.style, take.stills.attention
    )
    fitting = min(width, height * aspect)
    path = np.empty((take.span, 3))
    for index in range(take.span):
        seen = camera.at(index / max(take.span - 1, 1))
        path[index] = (
            area[0] / seen.width / fitting,
            ((0.5 - seen.left) / seen.width - 0.5) * area[0] / height,
            (0.5 - (0.5 - seen.top) / seen.height) * area[1] / height,
        )
    # A corner of the picture moves by half its size where the scale changes by 1.
    pixels = np.array([max(fitting, fitting / aspect) / 2, height, height])
    chosen = _corners(path * pixels, CLOSE) if camera.moves else [0]
    return tuple(KeyFrame(index, *map(float, path[index])) for index in chosen)


def _corners(path: NDArray[np.float64], close: float) -> list[int]:
    """Points of a path between which it is straight enough (Ramer, Douglas and Peucker)."""
    kept = {0, len(path) - 1}
    open_ = [(0, len(path) - 1)]
    while open_:
        first, last = open_.pop()
        share = np.linspace(0, 1, last - first + 1)[:, None]
        straight = path[first] * (1 - share) + path[last] * share
        error = np.abs(path[first : last + 1] - straight).max(axis=1)
        worst = int(error.argmax())
        if error[worst] > close:
            kept.add(first + worst)
            open_ += [(first, first + worst), (first + worst, last)]
    return sorted(kept)
