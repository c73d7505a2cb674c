"""What repeats: the screen of a printed reproduction, and the grid of JPEG."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from photochrom.measure.measures import Blocking, Halftone
from photochrom.measure.sampling import TILE, Plane

# Cycles a pixel between which screens are looked for: from 20 to 2.2 pixels a dot.
_LOWEST, _HIGHEST = 0.05, 0.46
# How far, in standard deviations of chance, a peak has to stand above the spectrum around it; and
# by which factor its power does. The second peak, at a right angle, may be weaker.
_SIGNIFICANT = 9.0
_POWER_RATIO = 8.0
_SECOND = 0.5
# Mean and standard deviation of the logarithm of the power of chance (an exponential variable).
_LOG_MEAN, _LOG_SPREAD = -0.5772, 1.2825
_JPEG = 8
_SMALLEST_PIECE = 64


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
    # Chance has to be averaged out over several pieces: few tiles are cut into smaller ones.
    side = min(TILE if len(tiles) >= 4 else TILE // 2, smallest // 2 * 2)
    pieces = [
        tile[top : top + side, left : left + side]
        for tile in tiles
        for top in range(0, tile.shape[0] - side + 1, side)
        for left in range(0, tile.shape[1] - side + 1, side)
    ]
    power = np.stack([_spectrum(piece) for piece in pieces])
    excess = _excess(power)
    excess[~_searched(side)] = 0
    at = np.unravel_index(np.argmax(excess), excess.shape)
    fy, fx = _refined(excess, int(at[0]), int(at[1]), side)
    # A screen's second direction lies a quarter turn away.
    center = side // 2
    second = center - round(fx * side), center + round(fy * side)
    near = excess[
        max(0, second[0] - 2) : second[0] + 3,
        max(0, second[1] - 2) : second[1] + 3,
    ]
    threshold = max(_SIGNIFICANT * _LOG_SPREAD / np.sqrt(len(pieces)), np.log(_POWER_RATIO))
    if not near.size or excess[at] < threshold or near.max() < _SECOND * threshold:
        return None
    frequency = float(np.hypot(fx, fy))
    return Halftone(
        period=1 / frequency,
        angle=float(np.degrees(np.arctan2(fy, fx)) % 90),
        strength=_amplitude(power, fy, fx),
        lines_per_inch=None if dpi is None else dpi * frequency,
    )


def _spectrum(piece: Plane) -> NDArray[np.float64]:
    """Power, centered; scaled so that white noise of standard deviation s has s**2 throughout."""
    # Without its shading, a picture leaks less from low frequencies into all others.
    flat = piece - cv2.GaussianBlur(piece, (0, 0), 6.0)
    window = np.outer(np.hanning(len(piece)), np.hanning(len(piece)))
    spectrum = np.abs(np.fft.fft2(flat * window)) ** 2 / (window**2).sum()
    return np.fft.fftshift(spectrum)


def _excess(power: NDArray[np.float64]) -> NDArray[np.float64]:
    """How far the mean logarithm of the power stands above that of the frequencies around."""
    log = np.log(power + 1e-12).mean(axis=0) - _LOG_MEAN
    # The median passes over the peak of a screen, the wider blur over what chance is left.
    background = cv2.blur(cv2.medianBlur(log.astype(np.float32), 5), (9, 9))
    return np.asarray(log - background, dtype=np.float64)


def _searched(side: int) -> NDArray[np.bool_]:
    """Where in a centered spectrum a screen may show."""
    f = (np.arange(side) - side // 2) / side
    fx, fy = np.meshgrid(f, f)
    radius = np.hypot(fx, fy)
    # On the axes lie the edges of the picture and the harmonics of JPEG's grid.
    on_axis = (np.abs(fx) < 2.5 / side) | (np.abs(fy) < 2.5 / side)
    return (radius >= _LOWEST) & (radius <= _HIGHEST) & ~on_axis


def _refined(excess: NDArray[np.float64], y: int, x: int, side: int) -> tuple[float, float]:
    """The frequency (fy, fx) of a peak, between the bins."""
    around = np.exp(excess[y - 1 : y + 2, x - 1 : x + 2])
    weights = around / around.sum()
    dy, dx = np.mgrid[-1:2, -1:2]
    center = side // 2
    fy = (y - center + float((weights * dy).sum())) / side
    return fy, (x - center + float((weights * dx).sum())) / side


def _amplitude(power: NDArray[np.float64], fy: float, fx: float) -> float:
    """Root mean square of both directions of the screen, over all pieces."""
    side = power.shape[1]
    center = side // 2
    total = 0.0
    for y, x in ((fy, fx), (-fx, fy)):
        row, column = center + round(y * side), center + round(x * side)
        peak = power[:, max(0, row - 2) : row + 3, max(0, column - 2) : column + 3]
        # A wave's power lies in two peaks; white noise of variance s**2 fills side**2 bins.
        total += 2 * float(peak.mean(axis=0).sum()) / side**2
    return float(np.sqrt(total))


def measure_blocking(tiles: Sequence[Plane]) -> Blocking:
    """Measure the 8 x 8 grid of JPEG in tiles that begin at multiples of 8."""
    x, across = _grid([tile for tile in tiles if tile.shape[1] >= 4 * _JPEG])
    y, down = _grid([tile.T for tile in tiles if tile.shape[0] >= 4 * _JPEG])
    return Blocking(strength=(across + down) / 2, offset=(x, y))


def _grid(tiles: Sequence[Plane]) -> tuple[int, float]:
    """The phase and the strength of the grid's columns."""
    sums, counts, mean_step = np.zeros(_JPEG), np.zeros(_JPEG), 0.0
    for tile in tiles:
        step = np.abs(np.diff(tile, axis=1))
        # A step on the grid exceeds both of its neighbors; texture does so at any phase.
        jump = step[:, 1:-1] - (step[:, :-2] + step[:, 2:]) / 2
        columns = np.clip(jump, -0.05, 0.05).mean(axis=0)
        # Entry i lies between pixels i + 1 and i + 2.
        phase = (np.arange(len(columns)) + 2) % _JPEG
        sums += np.bincount(phase, columns, _JPEG)
        counts += np.bincount(phase, minlength=_JPEG)
        mean_step += float(step.mean()) / len(tiles)
    if mean_step < 1e-6 or not counts.all():
        return 0, 0.0
    jumps = sums / counts
    best = int(np.argmax(jumps))
    others = np.delete(jumps, best)
    # The neighbors of a grid line are pulled down by it; the highest of the rest shows chance.
    excess = jumps[best] - max(float(others.max()), float(np.median(others)))
    return best, max(0.0, float(excess) / mean_step)
