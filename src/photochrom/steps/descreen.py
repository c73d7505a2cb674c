"""The screen of a printed reproduction, taken out of a picture where it lies in its spectrum.

A screen's dots put their power around the points of a square lattice of frequencies; the picture is
mostly elsewhere. In overlapping blocks, what lies around those points is brought down to the level
of the picture's own power beside them, and little else is touched: edges stay, which a blur that
takes the same dots would soften.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from photochrom.measure import Halftone
from photochrom.steps.plate import Plane

# Periods of the screen in a block, and the block's side in pixels.
_PERIODS: Final = 8
_SMALLEST, _LARGEST = 32, 160
# Around a point of the lattice, in units of the screen's frequency: how far the power of screens of
# these strengths (root mean square, of 0..1) reaches, over what it fades, and how far beyond it the
# picture's own power is looked at. The strongest screens, hard dots, hold nothing finer than a part
# of a period: so much they are softened (standard deviation of a Gaussian, in periods).
_STRENGTHS: Final = (0.01, 0.08, 0.13, 0.22)
_REACHES: Final = (0.30, 0.42, 0.44, 0.52)
_SOFTENINGS: Final = (0.0, 0.0, 0.0, 0.15)
_FADE: Final = 0.1
_RING: Final = 0.2
# Nearer to zero frequency than this is the picture.
_PICTURE: Final = 0.45
_FEWEST_BINS: Final = 4


@dataclass(frozen=True)
class _Notch:
    """One point of the lattice: where its power is, how surely, and where to look beside it."""

    places: NDArray[np.intp]
    share: Plane
    beside: NDArray[np.intp]


def descreened(light: Plane, screen: Halftone) -> Iterator[tuple[slice, Plane]]:
    """Take a screen out of a picture.

    Args:
        light: (H, W) float32, 0..1.
        screen: As measured in it.

    Yields:
        Rows and what they become, from top to bottom; each once.
    """
    height, width = light.shape
    side = int(np.clip(round(screen.period), _SMALLEST // _PERIODS, _LARGEST // _PERIODS))
    side *= _PERIODS
    hop = side // 2
    notches, envelope = _notches(side, screen), _envelope(side, screen)
    # Squared and overlapping by half, these windows sum to 1.
    ramp = np.sin(np.pi * (np.arange(side) + 0.5) / side).astype(np.float32)
    window = np.outer(ramp, ramp)
    columns = _mirrored(np.arange(-hop, (width // hop + 2) * hop), width)
    pending = np.zeros((hop, len(columns)), np.float32)
    for top in range(-hop, height, hop):
        rows = _mirrored(np.arange(top, top + side), height)
        strip = light[np.ix_(rows, columns)]
        blocks = np.lib.stride_tricks.sliding_window_view(strip, (side, side))[0, ::hop]
        # Without its mean, a block leaks less from there into all other frequencies.
        mean = blocks.mean(axis=(1, 2), keepdims=True)
        cleaned = _without(notches, envelope, (blocks - mean) * window) + mean * window
        cleaned *= window
        joined = _side_by_side(cleaned, hop)
        pending += joined[:hop]
        if top >= 0:
            last = min(top + hop, height)
            yield slice(top, last), np.clip(pending[: last - top, hop : hop + width], 0, 1)
        pending = joined[hop:]


def _mirrored(wanted: NDArray[np.intp], length: int) -> NDArray[np.intp]:
    """Which pixels of a line stand for those asked for; mirrored at its ends."""
    folded = wanted % (2 * length)
    return np.minimum(folded, 2 * length - 1 - folded)


def _notches(side: int, screen: Halftone) -> list[_Notch]:
    fy, fx = np.fft.fftfreq(side)[:, None], np.fft.rfftfreq(side)[None]
    turn = np.deg2rad(screen.angle)
    # In these units the points of the lattice have whole numbers.
    u = (fx * np.cos(turn) + fy * np.sin(turn)) * screen.period
    v = (fy * np.cos(turn) - fx * np.sin(turn)) * screen.period
    reach = float(np.interp(screen.strength, _STRENGTHS, _REACHES))
    farthest = int(np.ceil(screen.period * np.sqrt(0.5)))
    notches = []
    for k in range(-farthest, farthest + 1):
        for m in range(-farthest, farthest + 1):
            distance = np.hypot(u - k, v - m)
            inside = distance < reach
            if (k, m) == (0, 0) or not inside.any():
                continue
            outside = (distance > reach) & (np.hypot(u, v) > _PICTURE)
            beside = outside & (distance < reach + _RING)
            if np.count_nonzero(beside) < _FEWEST_BINS:
                beside = outside
            share = np.clip((reach - distance[inside]) / _FADE, 0, 1).astype(np.float32)
            notches.append(_Notch(np.flatnonzero(inside), share, np.flatnonzero(beside)))
    return notches


def _envelope(side: int, screen: Halftone) -> Plane:
    """How much of each frequency stays at most: all, but of hard dots."""
    fy, fx = np.fft.fftfreq(side)[:, None], np.fft.rfftfreq(side)[None]
    sigma = screen.period * np.interp(screen.strength, _STRENGTHS, _SOFTENINGS)
    kept: Plane = np.exp(-2 * (np.pi * sigma) ** 2 * (fx**2 + fy**2)).astype(np.float32)
    return kept


def _without(notches: list[_Notch], envelope: Plane, blocks: Plane) -> Plane:
    """Blocks (n, side, side) with what is in the notches brought down to what is beside them."""
    spectrum = np.fft.rfft2(blocks)
    magnitude = np.abs(spectrum).reshape(len(blocks), -1)
    gain = np.ones_like(magnitude)
    for notch in notches:
        usual = np.median(magnitude[:, notch.beside], axis=1)[:, None]
        kept = np.minimum(1, usual / np.maximum(magnitude[:, notch.places], 1e-9))
        gain[:, notch.places] = np.minimum(gain[:, notch.places], 1 - notch.share * (1 - kept))
    spectrum *= gain.reshape(spectrum.shape) * envelope
    return np.fft.irfft2(spectrum, s=blocks.shape[1:]).astype(np.float32)


def _side_by_side(blocks: Plane, hop: int) -> Plane:
    """Add up blocks (n, side, side), each `hop` further to the right: (side, (n + 1) * hop)."""
    side = blocks.shape[1]
    first, second = (
        np.moveaxis(blocks[:, :, half], 0, 1).reshape(side, -1)
        for half in (slice(None, hop), slice(hop, None))
    )
    joined = np.zeros((side, first.shape[1] + hop), np.float32)
    joined[:, :-hop] = first
    joined[:, hop:] += second
    return joined
