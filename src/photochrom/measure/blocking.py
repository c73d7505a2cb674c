"""The grid of 8 x 8 blocks that JPEG leaves."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from photochrom.measure.measures import Blocking
from photochrom.measure.sampling import Plane

_JPEG = 8


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
