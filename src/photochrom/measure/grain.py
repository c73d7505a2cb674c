"""Grain and noise.

Both are measured in the flattest blocks of a picture: there, what varies is not the subject.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from photochrom.measure.measures import Grain
from photochrom.measure.sampling import Plane

BLOCK = 32
"""Side of the blocks, in pixels."""

# Blocks count as flat up to this many times the structure of the very flattest ones (the second
# percentile), more when one tone is looked at; but no more than this share, and at least so many.
_FLAT, _FLAT_OF_TONE = 2.0, 3.0
_FLAT_SHARE = 0.12
_FEWEST_BLOCKS = 4
# Slower variation than this (sigma of a Gaussian, in pixels) is shading, not grain.
_SHADING = 6.0
# Blocks with more than this share of clipped pixels show no grain, nor do black and white ones.
_CLIPPED = 0.02
_BLACK, _WHITE = 0.02, 0.975
_FARTHEST_LAG = 12
_BORDER = 16
_SHADOWS_END, _HIGHLIGHTS_BEGIN = 0.35, 0.65
# The second difference of the second difference: blind to anything linear.
_LAPLACIAN = np.array([[1, -2, 1], [-2, 4, -2], [1, -2, 1]], dtype=np.float32) / 6
_NO_GRAIN = 1e-4


@dataclass(frozen=True)
class Blocks:
    """Blocks of a picture, flattest first.

    Attributes:
        residual: (n, 32, 32) the picture without its shading.
        laplacian: (n, 32, 32) the finest scale, scaled so that white noise keeps its sigma.
        mean: (n,) gray, 0..1.
        structure: (n,) how much the subject varies in them, rising.
    """

    residual: Plane
    laplacian: Plane
    mean: Plane
    structure: Plane

    def __len__(self) -> int:
        return len(self.mean)

    def chosen(self, which: NDArray[np.bool_] | slice) -> Blocks:
        """Return some of the blocks, in the same order."""
        return Blocks(
            self.residual[which], self.laplacian[which], self.mean[which], self.structure[which]
        )


def cut_blocks(tiles: Sequence[Plane]) -> Blocks:
    """Cut tiles into blocks and sort them by how much the subject varies in them."""
    parts = [_cut(tile) for tile in tiles if min(tile.shape) >= BLOCK]
    if not parts:
        empty = np.zeros((0, BLOCK, BLOCK), np.float32)
        return Blocks(empty, empty, np.zeros(0, np.float32), np.zeros(0, np.float32))
    residual, laplacian, mean, structure, usable = (
        np.concatenate(columns) for columns in zip(*parts, strict=True)
    )
    order = np.argsort(structure, kind="stable")
    order = order[usable[order]]
    return Blocks(residual[order], laplacian[order], mean[order], structure[order])


def flat_blocks(blocks: Blocks) -> Blocks:
    """Return the flattest blocks."""
    flat = int(np.count_nonzero(blocks.structure <= _flattest(blocks) * _FLAT))
    count = min(flat, int(len(blocks) * _FLAT_SHARE))
    return blocks.chosen(slice(max(_FEWEST_BLOCKS, count)))


def _flattest(blocks: Blocks) -> float:
    return float(np.quantile(blocks.structure, 0.02)) if len(blocks) else 0.0


def measure_grain(blocks: Blocks) -> Grain:
    """Measure grain in blocks as `cut_blocks` gives them."""
    flat = flat_blocks(blocks)
    if not len(flat):
        return Grain(0.0, 0.0, None, None, None, None)
    sigma = _sigma(flat)
    # A tone without flat places says nothing of its grain, so all tones share one limit.
    rather_flat = blocks.chosen(blocks.structure <= _flattest(blocks) * _FLAT_OF_TONE)
    dark, light = rather_flat.mean < _SHADOWS_END, rather_flat.mean > _HIGHLIGHTS_BEGIN
    by_tone = [_sigma_of_tone(rather_flat.chosen(tone)) for tone in (dark, ~dark & ~light, light)]
    return Grain(
        noise=float(np.percentile(flat.laplacian.std(axis=(1, 2)), 25)),
        sigma=sigma,
        size=_grain_size(flat.residual) if sigma > _NO_GRAIN else None,
        shadows=by_tone[0],
        midtones=by_tone[1],
        highlights=by_tone[2],
    )


def _cut(tile: Plane) -> tuple[NDArray[np.float32], ...]:
    shading = cv2.GaussianBlur(tile, (0, 0), _SHADING)
    # Structure is looked for at a scale where most grain has averaged out.
    smooth = cv2.GaussianBlur(tile, (0, 0), 2.5)
    slope = np.hypot(
        cv2.Sobel(smooth, cv2.CV_32F, 1, 0, scale=0.125),
        cv2.Sobel(smooth, cv2.CV_32F, 0, 1, scale=0.125),
    )
    clipped = ((tile <= 0) | (tile >= 1)).astype(np.float32)
    blocks = _blocks(tile)
    mean = blocks.mean(axis=(1, 2))
    usable = (_blocks(clipped).mean(axis=(1, 2)) <= _CLIPPED) & (np.ptp(blocks, axis=(1, 2)) > 0)
    usable &= (mean >= _BLACK) & (mean <= _WHITE)
    return (
        _blocks(tile - shading),
        _blocks(cv2.filter2D(tile, cv2.CV_32F, _LAPLACIAN)),
        mean,
        np.sqrt((_blocks(slope) ** 2).mean(axis=(1, 2))),
        usable,
    )


def _blocks(plane: Plane) -> Plane:
    # Near the border of a tile, its shading is not known well.
    y, x = (_BORDER if side >= 3 * BLOCK else 0 for side in plane.shape)
    plane = plane[y : plane.shape[0] - y, x : plane.shape[1] - x]
    down, across = plane.shape[0] // BLOCK, plane.shape[1] // BLOCK
    cut = plane[: down * BLOCK, : across * BLOCK].reshape(down, BLOCK, across, BLOCK)
    return cut.swapaxes(1, 2).reshape(-1, BLOCK, BLOCK)


def _sigma(flat: Blocks) -> float:
    # The lower quartile: what subject is left in a block can only add to its grain.
    return float(np.percentile(flat.residual.std(axis=(1, 2)), 25))


def _sigma_of_tone(blocks: Blocks) -> float | None:
    return _sigma(flat_blocks(blocks)) if len(blocks) >= _FEWEST_BLOCKS else None


def _grain_size(residual: Plane) -> float | None:
    """Full width at half maximum of the autocorrelation, along rows and columns."""
    centered = residual - residual.mean(axis=(1, 2), keepdims=True)
    power = (centered**2).mean(axis=(1, 2))
    curve = [1.0]
    for lag in range(1, _FARTHEST_LAG + 1):
        across = (centered[:, :, lag:] * centered[:, :, :-lag]).mean(axis=(1, 2))
        down = (centered[:, lag:] * centered[:, :-lag]).mean(axis=(1, 2))
        curve.append(float(np.median((across + down) / 2 / np.maximum(power, 1e-12))))
        if curve[-1] < 0.5:
            above, below = curve[-2:]
            return 2 * (lag - 1 + (above - 0.5) / (above - below))
    return None
