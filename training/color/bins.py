"""A distribution over colors: bins on a grid in CIELAB's a*b* plane.

After Zhang, Isola and Efros, "Colorful Image Colorization" (2016): a grid of 10 units, of which
only those bins are kept that real photographs reach.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

GRID = 10
_REACH = 110
_SIDE = 2 * _REACH // GRID + 1

BINS_FILE = Path(__file__).resolve().parent / "bins.npz"


class Bins:
    """The kept bins.

    Attributes:
        centers: (Q, 2) float32 a*, b* of each bin.
        share: (Q,) float64, the share of the training pixels in each bin; sums to 1.
    """

    def __init__(self, centers: NDArray[np.float32], share: NDArray[np.float64]):
        self.centers = centers
        self.share = share
        # For every node of the full grid, the kept bin that is nearest.
        steps = np.arange(_SIDE) * GRID - _REACH
        nodes = np.stack(np.meshgrid(steps, steps, indexing="ij"), axis=-1).reshape(-1, 1, 2)
        self._nearest = ((nodes - centers) ** 2).sum(axis=-1).argmin(axis=-1)

    def __len__(self) -> int:
        return len(self.centers)

    @classmethod
    def load(cls, path: Path = BINS_FILE) -> Bins:
        with np.load(path) as file:
            return cls(file["centers"], file["share"])

    def save(self, path: Path = BINS_FILE) -> None:
        np.savez_compressed(path, centers=self.centers, share=self.share)

    @classmethod
    def from_counts(cls, counts: NDArray[np.float64], least: float = 2e-6) -> Bins:
        """Keep the bins that hold at least a share `least` of the pixels of a (23, 23) count."""
        share = counts / counts.sum()
        kept = np.argwhere(share >= least)
        centers = (kept * GRID - _REACH).astype(np.float32)
        shares = share[tuple(kept.T)]
        return cls(centers, shares / shares.sum())

    def assign(self, ab: NDArray[np.float32]) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Assign colors to the four grid nodes around them, by bilinear weights.

        Args:
            ab: (..., 2) a*, b*.

        Returns:
            (..., 4) bin numbers, (..., 4) weights that sum to 1. A node that is not kept hands its
            weight to the nearest bin that is.
        """
        place = (np.clip(ab, -_REACH, _REACH - 1e-3) + _REACH) / GRID
        low = np.floor(place).astype(np.int64)
        part = (place - low).astype(np.float32)
        bins, parts = [], []
        for i in (0, 1):
            for j in (0, 1):
                node = (low[..., 0] + i) * _SIDE + low[..., 1] + j
                bins.append(self._nearest[node])
                along_a = part[..., 0] if i else 1 - part[..., 0]
                along_b = part[..., 1] if j else 1 - part[..., 1]
                parts.append(along_a * along_b)
        return np.stack(bins, axis=-1), np.stack(parts, axis=-1)

    def loss_weights(
        self, power: float = 0.35, least: float = 0.4, most: float = 4.0
    ) -> NDArray[np.float32]:
        """Weights that let rare colors count for more, mildly; their mean over the pixels is 1."""
        raw = (self.share + 1e-5) ** -power
        return np.clip(raw / (raw * self.share).sum(), least, most).astype(np.float32)


def count(ab: NDArray[np.float32]) -> NDArray[np.float64]:
    """Count colors by the nearest node of the full grid: (23, 23)."""
    nodes = np.rint((np.clip(ab.reshape(-1, 2), -_REACH, _REACH) + _REACH) / GRID).astype(int)
    flat = np.bincount(nodes[:, 0] * _SIDE + nodes[:, 1], minlength=_SIDE * _SIDE)
    return flat.reshape(_SIDE, _SIDE).astype(np.float64)
