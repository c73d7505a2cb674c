"""Where in a picture its detail is worth being looked at closely: a face, or else what has most."""

from __future__ import annotations

import math

import cv2
import numpy as np

from photochrom.comparing.pair import Pair
from photochrom.film.camera.attention import look

LEAST_ZOOM = 1.9
"""How many times larger than in the whole picture a detail is shown at least."""

MOST_ENLARGED = 1.6
"""How many times larger than its pixels the detail of a face is shown at most."""

_ROUND_A_HEAD = 1.9
"""Width of the detail in widths of the head in its middle."""

_LOOKED_AT = 512
_MIDDLE = 0.45


def detail_of(pair: Pair, width: int, height: int) -> tuple[slice, slice]:
    """The rows and columns of a detail.

    Args:
        pair: Whose.
        width: Of the place where it is shown, in pixels.
        height: Of the same.
    """
    whole, tall = pair.size
    widest = whole / LEAST_ZOOM
    across = min(float(width), widest)
    heads = look(pair.after).heads
    if heads:
        rect = heads[0].rect
        least = min(width / MOST_ENLARGED, widest)
        across = min(max(_ROUND_A_HEAD * rect.width * whole, least), widest)
        x, y = (rect.left + rect.width / 2) * whole, (rect.top + rect.height / 2) * tall
    else:
        x, y = _busiest(pair, across, across * height / width)
    # Of a panorama, the detail may be as high as the whole.
    across = min(across, tall * width / height)
    down = across * height / width
    left = round(min(max(x - across / 2, 0), whole - across))
    top = round(min(max(y - down / 2, 0), tall - down))
    return (
        slice(top, top + max(1, math.floor(down))),
        slice(left, left + max(1, math.floor(across))),
    )


def _busiest(pair: Pair, across: float, down: float) -> tuple[float, float]:
    """The middle of the part that has most fine detail, and in which most was changed."""
    share = min(1.0, _LOOKED_AT / max(pair.size))
    small = pair.within(_LOOKED_AT)
    old, new = (
        cv2.cvtColor(np.ascontiguousarray(one), cv2.COLOR_RGB2GRAY).astype(np.float32)
        for one in (small.before, small.after)
    )
    fine = [one - cv2.GaussianBlur(one, (0, 0), 2.0) for one in (old, new)]
    # The square root keeps one glaring edge from outweighing a face full of detail.
    worth = np.sqrt(np.abs(fine[1])) + np.sqrt(np.abs(fine[1] - fine[0]))
    window = (max(1, round(across * share)), max(1, round(down * share)))
    mean = cv2.blur(worth, window, borderType=cv2.BORDER_REPLICATE)
    height, width = mean.shape
    x = (np.arange(width) + 0.5) / width - 0.5
    y = (np.arange(height) + 0.5) / height - 0.5
    mean *= np.exp(-(x * x + (y * y)[:, None]) / (2 * _MIDDLE**2)).astype(np.float32)
    row, column = np.unravel_index(int(mean.argmax()), mean.shape)
    return (float(column) + 0.5) / share, (float(row) + 0.5) / share
