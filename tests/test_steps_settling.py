"""Regions settle on one of their likely colors, together."""

from __future__ import annotations

import numpy as np
import pytest

from photochrom.steps.settling import annealed_mean, settled, shared

PALETTE = np.array([(a, b) for a in range(-60, 70, 10) for b in range(-60, 70, 10)], np.float32)
RED, GREEN, BLUE = (50, 40), (-40, 40), (10, -50)


def mixed(*parts: tuple[tuple[int, int], float]) -> np.ndarray:
    """A distribution over the palette, (Q,): some color each, and next to nothing elsewhere."""
    shares = np.full(len(PALETTE), 1e-4, np.float32)
    for color, share in parts:
        shares[np.all(PALETTE == color, axis=1)] += np.float32(share)
    return shares / shares.sum()


def everywhere(shares: np.ndarray, height: int = 20, width: int = 24) -> np.ndarray:
    return np.repeat(np.repeat(shares[:, None, None], height, 1), width, 2)


def mean(likely: np.ndarray) -> np.ndarray:
    return annealed_mean(likely, PALETTE, 1)


@pytest.mark.parametrize("first", [RED, GREEN, BLUE])
@pytest.mark.parametrize("second", [RED, GREEN, BLUE, (0, 0)])
def test_two_minds_settle_on_one(first: tuple[int, int], second: tuple[int, int]) -> None:
    likely = everywhere(mixed((first, 0.6), (second, 0.4)))
    start = annealed_mean(likely, PALETTE, 0.5)
    ab = settled(likely, PALETTE, start, bandwidth=15)
    assert np.linalg.norm(ab - first, axis=-1).max() < 6
    if first != second:
        assert np.linalg.norm(mean(likely) - first, axis=-1).min() > 15


def test_near_colors_count_as_one_within_the_bandwidth() -> None:
    likely = everywhere(mixed(((20, 20), 0.5), ((30, 20), 0.5)))
    ab = settled(likely, PALETTE, mean(likely), bandwidth=15)
    np.testing.assert_allclose(ab, np.broadcast_to((25, 20), ab.shape), atol=3)


def test_a_region_decides_together() -> None:
    rng = np.random.default_rng(0)
    votes = rng.random((48, 48)) < 0.7
    likely = np.where(
        votes, everywhere(mixed((RED, 0.9)), 48, 48), everywhere(mixed((BLUE, 0.9)), 48, 48)
    )
    light = np.full((48, 48), 0.5, np.float32)

    def reds(likely: np.ndarray) -> float:
        start = annealed_mean(likely, PALETTE, 0.5)
        ab = settled(likely, PALETTE, start, bandwidth=15)
        return float((np.linalg.norm(ab - RED, axis=-1) < 10).mean())

    assert reds(likely) < 0.75
    assert reds(shared(likely, light)) > 0.95


@pytest.mark.parametrize("turned", [False, True])
def test_what_an_edge_parts_does_not_mix(turned: bool) -> None:
    left, right = mixed((RED, 0.9)), mixed((BLUE, 0.9))
    likely = np.concatenate([everywhere(left, 64, 32), everywhere(right, 64, 32)], axis=2)
    light = np.full((64, 64), 0.2, np.float32)
    light[:, 32:] = 0.9
    if turned:
        likely, light = np.ascontiguousarray(likely.swapaxes(1, 2)), light.T.copy()
    own = np.all(PALETTE == RED, axis=1)
    kept = shared(likely, light)[own][0]
    blurred = shared(likely, np.full_like(light, 0.5))[own][0]
    if turned:
        kept, blurred = kept.T, blurred.T
    assert kept[:, 31].min() > 0.85 * left[own] and kept[:, 32].max() < 0.1
    assert blurred[:, 31].max() < 0.65 * left[own]


def test_shares_stay_shares() -> None:
    rng = np.random.default_rng(1)
    likely = rng.dirichlet(np.full(len(PALETTE), 0.05), (11, 17)).transpose(2, 0, 1)
    agreed = shared(likely.astype(np.float32), rng.random((11, 17), dtype=np.float32))
    assert agreed.min() >= 0
    np.testing.assert_allclose(agreed.sum(axis=0), 1, atol=1e-4)


@pytest.mark.parametrize("shape", [(1, 1), (1, 9), (7, 2)])
def test_the_smallest_pictures_settle(shape: tuple[int, int]) -> None:
    likely = everywhere(mixed((RED, 0.6), (BLUE, 0.4)), *shape)
    agreed = shared(likely, np.full(shape, 0.5, np.float32))
    ab = settled(agreed, PALETTE, annealed_mean(agreed, PALETTE, 0.5), bandwidth=15)
    assert ab.shape == (*shape, 2) and np.linalg.norm(ab - RED, axis=-1).max() < 6


def test_where_nothing_likely_is_near_a_color_stays() -> None:
    palette = np.array([RED], np.float32)
    start = np.full((3, 4, 2), -100, np.float32)
    likely = np.ones((1, 3, 4), np.float32)
    assert np.array_equal(settled(likely, palette, start, bandwidth=10), start)


def test_the_mean_gets_sharper_with_a_lower_temperature() -> None:
    likely = everywhere(mixed((RED, 0.6), (BLUE, 0.4)), 2, 2)
    weights = likely[:, 0, 0].astype(np.float64)
    for temperature in (1.0, 0.5, 0.3):
        power = weights ** (1 / temperature)
        wanted = (power[:, None] * PALETTE).sum(axis=0) / power.sum()
        got = annealed_mean(likely, PALETTE, temperature)
        np.testing.assert_allclose(got, np.broadcast_to(wanted, got.shape), atol=1e-2)
    np.testing.assert_allclose(annealed_mean(likely, PALETTE, 0.01)[0, 0], RED, atol=1e-3)


def test_settling_is_the_same_every_time_and_what_exact_sums_give() -> None:
    rng = np.random.default_rng(2)
    shares = rng.dirichlet(np.full(len(PALETTE), 0.02), (9, 8)).transpose(2, 0, 1)
    likely = np.ascontiguousarray(shares, np.float32)
    start = mean(likely)
    ab = settled(likely, PALETTE, start, bandwidth=18)
    assert settled(likely.copy(), PALETTE, start.copy(), bandwidth=18).tobytes() == ab.tobytes()
    exact = start.astype(np.float64)
    for _ in range(8):
        square = ((exact[None] - PALETTE[:, None, None]) ** 2) / (16 * 18**2)
        weight = likely * np.clip(1 - square, 0, None).prod(axis=-1) ** 8
        exact = np.einsum("qhw,qc->hwc", weight, PALETTE) / weight.sum(axis=0)[..., None]
    np.testing.assert_allclose(ab, exact, atol=0.02)
