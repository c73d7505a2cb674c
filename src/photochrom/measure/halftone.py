"""The screen of a printed reproduction."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from photochrom.measure.measures import Halftone
from photochrom.measure.sampling import TILE, Plane

Spectrum = NDArray[np.float64]

# Cycles a pixel between which screens are looked for: from 20 to 2.2 pixels a dot.
_LOWEST, _HIGHEST = 0.05, 0.46
# How far, in standard deviations of chance, a peak has to stand above the spectrum around it; and
# by which factor its power does. The second peak, at a right angle, may be weaker.
_SIGNIFICANT = 9.0
_POWER_RATIO = 8.0
_SECOND = 0.5
# The amplitude of one direction is at least this share of the other's.
_LESSER = 0.15
# Mean and standard deviation of the logarithm of the power of chance (an exponential variable).
_LOG_MEAN, _LOG_SPREAD = -0.5772, 1.2825
# So many bins to all sides of its middle lies the power of a peak, and that of the picture beside.
_PEAK, _AROUND = 2, 5
# Power far below that of rounding to 8 bits (1e-6), and above that of float32.
_NOTHING = 1e-8
_SMALLEST_PIECE = 64
_MANY = 9
# So many bins to both sides of the axes lie the edges of buildings and of JPEG's blocks: ridges,
# over which a screen stands only if it also stands above what is along them.
_RIDGE = 2.5
_ALONG = 15
# JPEG's own frequencies are on the axes at multiples of 1/8; what it leaves there is weaker.
_JPEG = 8
_WEAKEST_ON_GRID = 0.006
# And this is weaker than the rounding to 8 bits.
_WEAKEST = 0.001


def measure_halftone(tiles: Sequence[Plane], dpi: float | None) -> Halftone | None:
    """Find the screen of a printed reproduction.

    A screen is the same all over the picture and has two directions at a right angle; grain has no
    direction, and the fabrics and fences in a picture are neither everywhere nor square.

    Args:
        tiles: Pieces of the picture at full resolution.
        dpi: Of the scan, if known.
    """
    smallest = min(min(tile.shape) for tile in tiles)
    if smallest < _SMALLEST_PIECE:
        return None
    # Chance has to be averaged out over several pieces: few tiles are cut into smaller ones, which
    # overlap by half.
    many = len(tiles) >= _MANY
    side = min(TILE if many else TILE // 2, smallest // 2 * 2)
    hop = side if many else side // 2
    pieces = [
        tile[top : top + side, left : left + side]
        for tile in tiles
        for top in range(0, tile.shape[0] - side + 1, hop)
        for left in range(0, tile.shape[1] - side + 1, hop)
    ]
    power = np.stack([_spectrum(piece) for piece in pieces])
    excess = np.where(_searched(side), _excess(power), 0)
    threshold = max(_SIGNIFICANT * _LOG_SPREAD / np.sqrt(len(pieces)), np.log(_POWER_RATIO))
    at = np.unravel_index(np.argmax(excess), excess.shape)
    if excess[at] < threshold:
        return None
    fy, fx = _refined(excess, int(at[0]), int(at[1]))
    # A screen's second direction lies a quarter turn away.
    center = side // 2
    second = center - round(fx * side), center + round(fy * side)
    near = excess[
        max(0, second[0] - 2) : second[0] + 3,
        max(0, second[1] - 2) : second[1] + 3,
    ]
    if not near.size or near.max() < _SECOND * threshold:
        return None
    first, other = _amplitude(power, fy, fx), _amplitude(power, -fx, fy)
    if min(first, other) < _LESSER * max(first, other):
        return None
    frequency, strength = float(np.hypot(fx, fy)), float(np.hypot(first, other))
    if strength < (_WEAKEST_ON_GRID if _on_grid(fy, fx, side) else _WEAKEST):
        return None
    return Halftone(
        period=1 / frequency,
        angle=float(np.degrees(np.arctan2(fy, fx)) % 90),
        strength=strength,
        lines_per_inch=None if dpi is None else dpi * frequency,
    )


def _spectrum(piece: Plane) -> Spectrum:
    """Power, centered; scaled so that white noise of standard deviation s has s**2 throughout."""
    # Without its shading, a picture leaks less from low frequencies into all others.
    flat = piece - cv2.GaussianBlur(piece, (0, 0), 6.0)
    window = np.outer(np.hanning(len(piece)), np.hanning(len(piece)))
    spectrum = np.abs(np.fft.fft2(flat * window)) ** 2 / (window**2).sum()
    return np.fft.fftshift(spectrum)


def _excess(power: Spectrum) -> Spectrum:
    """How far the mean logarithm of the power stands above that of the frequencies around."""
    log = (np.log(power + _NOTHING).mean(axis=0) - _LOG_MEAN).astype(np.float32)
    # The median passes over the peak of a screen, the wider blur over what chance is left.
    excess = log - cv2.blur(cv2.medianBlur(log, 5), (9, 9))
    side = len(log)
    on_axis = np.abs(np.arange(side) - side // 2) < _RIDGE
    for plane, surplus in ((log, excess), (log.T, excess.T)):
        surplus[:, on_axis] = np.minimum(surplus, _above_ridge(plane))[:, on_axis]
    return np.asarray(excess, dtype=np.float64)


def _above_ridge(log: Plane) -> Plane:
    """By how much each place stands above what is along its column."""
    padded = np.pad(log, ((_ALONG // 2, _ALONG // 2), (0, 0)), mode="edge")
    along = np.lib.stride_tricks.sliding_window_view(padded, _ALONG, axis=0)
    return np.asarray(log - np.median(along, axis=-1), dtype=np.float32)


def _searched(side: int) -> NDArray[np.bool_]:
    """Where in a centered spectrum a screen may show."""
    f = (np.arange(side) - side // 2) / side
    radius = np.hypot(*np.meshgrid(f, f))
    searched: NDArray[np.bool_] = (radius >= _LOWEST) & (radius <= _HIGHEST)
    return searched


def _on_grid(fy: float, fx: float, side: int) -> bool:
    """Whether a frequency is one that JPEG's blocks have."""
    blocks = np.array([fy, fx]) * _JPEG
    return bool(
        (np.abs(blocks - np.rint(blocks)) < 1.5 * _JPEG / side).all()
        and np.rint(blocks).prod() == 0
    )


def _refined(excess: Spectrum, y: int, x: int) -> tuple[float, float]:
    """The frequency (fy, fx) of a peak, between the bins."""
    side = len(excess)
    around = np.exp(excess[y - 1 : y + 2, x - 1 : x + 2])
    weights = around / around.sum()
    dy, dx = np.mgrid[-1:2, -1:2]
    center = side // 2
    fy = (y - center + float((weights * dy).sum())) / side
    return fy, (x - center + float((weights * dx).sum())) / side


def _amplitude(power: Spectrum, fy: float, fx: float) -> float:
    """Root mean square of a wave of this frequency, over all pieces."""
    side = power.shape[1]
    row, column = side // 2 + round(fy * side), side // 2 + round(fx * side)
    mean = power.mean(axis=0)
    near, peak = (
        mean[max(0, row - reach) : row + reach + 1, max(0, column - reach) : column + reach + 1]
        for reach in (_AROUND, _PEAK)
    )
    # What the picture itself has here is about what it has around.
    own = float(np.median(near)) * peak.size
    # A wave's power lies in two peaks; white noise of variance s**2 fills side**2 bins.
    return float(np.sqrt(2 * max(float(peak.sum()) - own, 0.0) / side**2))
