"""The passage from an older state of a photograph to color: how much of which, and where.

A reveal is a share of color for each pixel of the picture area. Of most kinds it is the product of
what happens across and what happens down, so that only what is needed of either picture is read.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from photochrom.film.camera import Rect
from photochrom.film.frames.pictures import Floats
from photochrom.film.frames.planes import Codes, Planes, extent
from photochrom.film.storyboard import Reveal

SOFT_EDGE: Final = 0.10
"""Width of a reveal's edge, as a share of the picture's width (or height) on the screen."""

BAR: Final = 0.045
"""Half width of the bar of light that a scan travels with, as a share of the picture's height."""

GLOW: Final = 0.5
"""How far towards white the bar of light brings what lies under it."""

_WHITE: Final = 235 * 256


@dataclass(frozen=True)
class Shares:
    """How much color each pixel of the picture area has.

    Attributes:
        color: (H, W), or (1, W) if all rows are alike; 0..1.
        light: (H, 1), how far towards white the luma is brought, 0..1; None: not at all.
    """

    color: Floats
    light: Floats | None = None

    @cached_property
    def columns(self) -> tuple[slice, slice]:
        """The columns where any color is needed, and where anything of what was before."""
        return _span(self.color.max(axis=0) > 0), _span(self.color.min(axis=0) < 1)


def shares(reveal: Reveal, revealed: float, rect: Rect, size: tuple[int, int]) -> Shares:
    """The shares of color at a moment.

    Args:
        reveal: Of any kind but "none".
        revealed: How far it has come, 0..1.
        rect: What the camera shows.
        size: Width and height of the picture area.
    """
    width, height = size
    left, top, right, bottom = extent(rect, size)
    eased = revealed * revealed * (3 - 2 * revealed)
    if reveal.kind == "dissolve":
        return Shares(np.full((1, width), eased, np.float32))
    # What is seen of the picture, in pixels of the picture area.
    left_seen, right_seen = max(left, 0.0), min(right, float(width))
    top_seen, bottom_seen = max(top, 0.0), min(bottom, float(height))
    if reveal.kind == "iris":
        x = left + reveal.center[0] * (right - left)
        y = top + reveal.center[1] * (bottom - top)
        # The corner that is farthest from the center is reached at last.
        reach = np.hypot(max(x - left_seen, right_seen - x), max(y - top_seen, bottom_seen - y))
        soft = SOFT_EDGE * reach
        away = np.hypot(_centers(width) - x, _centers(height)[:, None] - y)
        return Shares(_edge(away - eased * (reach + soft), soft))
    if reveal.kind == "scan":
        bar = BAR * (bottom_seen - top_seen)
        at = top_seen - bar + eased * (bottom_seen - top_seen + 2 * bar)
        rows = _centers(height)[:, None]
        glow = GLOW * np.exp(-0.5 * ((rows - at) / (bar / 2)) ** 2)
        # Only the picture is lit, not what it lies on.
        inside = (rows > top_seen) & (rows < bottom_seen)
        color = np.broadcast_to(_edge(rows - at, bar), (height, width))
        return Shares(color, np.asarray(np.where(inside, glow, 0), np.float32))
    soft = SOFT_EDGE * (right_seen - left_seen)
    columns = _centers(width)[None]
    if reveal.kind == "split":
        half = (right_seen - left_seen) / 2
        away = np.abs(columns - (left_seen + half))
        return Shares(_edge(away - eased * (half + soft), soft))
    return Shares(_edge(columns - (left_seen + eased * (right_seen - left_seen + soft)), soft))


def mixed(before: Planes, color: Planes, shares: Shares) -> Planes:
    """Mix what has been read of two pictures.

    Args:
        before: The columns `shares.columns[1]` of the older one.
        color: The columns `shares.columns[0]` of the colored one.
        shares: How much color where.
    """
    if shares.light is None and shares.color[0, 0] == shares.color.min() == shares.color.max():
        # As much everywhere, as in a dissolve: one fast pass over frames that were read whole.
        even = float(shares.color[0, 0])
        if 0 < even < 1:
            return before.mixed(color, even)
    wanted, left = shares.columns
    parts = []
    for new, old, scale in zip(color.parts(), before.parts(), (1, 2, 2), strict=True):
        share = shares.color[::scale, ::scale]
        width = share.shape[1]
        height = max(new.shape[0], old.shape[0])
        out = np.empty((height, width), np.uint16)
        new_from, new_to = wanted.start // scale, wanted.stop // scale
        old_from, old_to = left.start // scale, left.stop // scale
        out[:, old_from:old_to] = old
        only_new = np.ones(width, bool)
        only_new[old_from:old_to] = False
        only_new[:new_from] = only_new[new_to:] = False
        out[:, only_new] = new[:, only_new[new_from:new_to]]
        both = slice(max(new_from, old_from), min(new_to, old_to))
        if both.start < both.stop:
            fresh = new[:, both.start - new_from : both.stop - new_from].astype(np.float32)
            worn = old[:, both.start - old_from : both.stop - old_from].astype(np.float32)
            out[:, both] = worn + (fresh - worn) * share[:, both] + np.float32(0.5)
        parts.append(out)
    luma, cb, cr = parts
    return Planes(luma if shares.light is None else _lit(luma, shares.light), cb, cr)


def _lit(luma: Codes, light: Floats) -> Codes:
    codes = luma.astype(np.float32)
    return np.asarray(codes + (_WHITE - codes) * light + np.float32(0.5), np.uint16)


def _edge(beyond: Floats, soft: float) -> Floats:
    """1 well before an edge, 0 from it on, smooth over the last `soft` pixels."""
    share = np.clip(-beyond / soft, 0, 1)
    return np.asarray(share * share * (3 - 2 * share), np.float32)


def _centers(count: int) -> Floats:
    return np.arange(count, dtype=np.float32) + np.float32(0.5)


def _span(needed: NDArray[np.bool_]) -> slice:
    """From the first to the last column that is needed, widened to even numbers."""
    found = np.flatnonzero(needed)
    if not len(found):
        return slice(0, 0)
    return slice(int(found[0]) // 2 * 2, min(len(needed), (int(found[-1]) + 2) // 2 * 2))
