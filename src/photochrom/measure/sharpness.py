"""Sharpness: how fine the detail is that stands above the grain, and how steep the edges are."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from photochrom.measure.grain import BLOCK, Blocks, flat_blocks
from photochrom.measure.measures import Sharpness
from photochrom.measure.sampling import Plane

# Detail has to have so many times the power of what flat places have.
_ABOVE_NOISE = 2.0
# And no less than this share of the power that a perfectly sharp edge would have there.
_BELOW_EDGE = 0.04
# Power of rounding to 8 bits, with a margin: below that, an 8-bit scan holds no detail.
_QUANTIZATION = 4 * (1 / 255) ** 2 / 12
# The subject of a picture has more coarse than fine detail, by at least this; grain has not.
_COARSE_TO_FINE = 4.0
_DETAILED_SHARE = 0.25
_FEWEST_BLOCKS = 4
# Edges weaker than this (of 0..1), or than so many times the grain, are not looked at.
_FAINTEST_EDGE = 0.12
_ABOVE_GRAIN = 6.0
_EDGES_PER_TILE = 60
_REACH = 10.0
_STEP = 0.25


def measure_sharpness(tiles: Sequence[Plane], blocks: Blocks, grain: float) -> Sharpness:
    """Measure sharpness.

    Args:
        tiles: Pieces of the picture.
        blocks: The same, cut.
        grain: Standard deviation of the grain.
    """
    return Sharpness(_resolution(blocks), _edge_width(tiles, grain))


def _resolution(blocks: Blocks) -> float | None:
    """Where the spectrum of detailed blocks falls to that of flat ones, as a share of Nyquist."""
    count = int(len(blocks) * _DETAILED_SHARE)
    if count < _FEWEST_BLOCKS:
        return None
    detailed = _radial_power(blocks.residual[-count:])
    if detailed[:3].mean() < _COARSE_TO_FINE * detailed[-3:].mean() + _QUANTIZATION:
        return None
    flat = _radial_power(flat_blocks(blocks).residual)
    # The spectrum of an edge falls with the square of the frequency.
    rings = np.arange(1, len(detailed) + 1)
    edge = (detailed[1:4] * rings[1:4] ** 2).mean() / rings**2
    holds = detailed > np.maximum(_ABOVE_NOISE * flat + _QUANTIZATION, _BELOW_EDGE * edge)
    if holds.all():
        return 1.0
    # The first gap ends it: whatever rises beyond is a screen or a scanner's interference.
    return float(np.argmin(holds) / len(holds))


def _radial_power(blocks: Plane) -> NDArray[np.float64]:
    """Mean power by radius from 1 cycle a block to Nyquist, scaled so that white noise of
    standard deviation s has the power s**2 throughout."""
    window = np.outer(np.hanning(BLOCK + 1)[:-1], np.hanning(BLOCK + 1)[:-1])
    centered = blocks - blocks.mean(axis=(1, 2), keepdims=True)
    spectrum = np.abs(np.fft.rfft2(centered * window)) ** 2 / (window**2).sum()
    fy = np.fft.fftfreq(BLOCK)[:, None] * BLOCK
    fx = np.fft.rfftfreq(BLOCK)[None] * BLOCK
    radius = np.rint(np.hypot(fx, fy)).astype(int)
    mean = spectrum.mean(axis=0)
    rings = range(1, BLOCK // 2 + 1)
    return np.array([mean[radius == ring].mean() for ring in rings])


def _edge_width(tiles: Sequence[Plane], grain: float) -> float | None:
    widths: list[NDArray[np.float64]] = [_widths(tile, grain) for tile in tiles]
    joined = np.concatenate(widths) if widths else np.zeros(0)
    if len(joined) < 20:
        return None
    # Most edges are soft in themselves or out of focus; the steepest show what the scan can.
    return float(np.percentile(joined, 25))


def _widths(tile: Plane, grain: float) -> NDArray[np.float64]:
    """Widths from 10 to 90 % of the strongest edges of a tile."""
    if min(tile.shape) < 3 * _REACH:
        return np.zeros(0)
    gx = cv2.Scharr(tile, cv2.CV_32F, 1, 0, scale=1 / 32)
    gy = cv2.Scharr(tile, cv2.CV_32F, 0, 1, scale=1 / 32)
    slope = np.hypot(gx, gy)
    peak = slope >= cv2.dilate(slope, np.ones((5, 5), np.uint8))
    border = int(_REACH) + 1
    peak[:border] = peak[-border:] = False
    peak[:, :border] = peak[:, -border:] = False
    peak &= slope > _FAINTEST_EDGE / 8
    ys, xs = np.nonzero(peak)
    strongest = np.argsort(-slope[ys, xs], kind="stable")[:_EDGES_PER_TILE]
    ys, xs = ys[strongest], xs[strongest]
    if not len(ys):
        return np.zeros(0)
    along = np.arange(-_REACH, _REACH + _STEP, _STEP, dtype=np.float32)
    nx, ny = gx[ys, xs] / slope[ys, xs], gy[ys, xs] / slope[ys, xs]
    # Averaging over a few neighbors along the edge takes the grain out of its profile.
    profiles = np.mean(
        [
            cv2.remap(
                tile,
                (xs[:, None] + nx[:, None] * along - ny[:, None] * side).astype(np.float32),
                (ys[:, None] + ny[:, None] * along + nx[:, None] * side).astype(np.float32),
                cv2.INTER_LINEAR,
            )
            for side in (-1.5, -0.5, 0.5, 1.5)
        ],
        axis=0,
    )
    return _profile_widths(profiles, max(_FAINTEST_EDGE, _ABOVE_GRAIN * grain))


def _profile_widths(profiles: Plane, faintest: float) -> NDArray[np.float64]:
    """Widths of rising profiles, measured from the foot to the shoulder nearest to the middle."""
    middle = profiles.shape[1] // 2
    widths = []
    for profile in profiles:
        rising = np.diff(profile) > 0
        # A profile is followed downhill and uphill for as long as it keeps its direction.
        down = np.flatnonzero(~rising[:middle])
        up = np.flatnonzero(~rising[middle:])
        foot = down[-1] + 1 if len(down) else 0
        shoulder = middle + up[0] if len(up) else len(profile) - 1
        edge = profile[foot : shoulder + 1]
        if len(edge) < 3 or edge[-1] - edge[0] < faintest:
            continue
        low, high = edge[0] + np.array([0.1, 0.9]) * (edge[-1] - edge[0])
        positions = np.interp([low, high], edge, np.arange(len(edge)))
        widths.append((positions[1] - positions[0]) * _STEP)
    return np.array(widths, dtype=np.float64)
