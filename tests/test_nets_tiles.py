"""Tiling: everything covered once, nothing visible where tiles meet."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

import tiny_networks
from photochrom.nets import Registry, sweep, sweep_network
from photochrom.nets.tiles import Axis

Plane = NDArray[np.float32]
SIDES = st.integers(1, 300)
TILES = st.sampled_from([32, 64, 96, 128])
OVERLAPS = st.sampled_from([0, 1, 8, 16, 31, 32])
MULTIPLES = st.sampled_from([1, 2, 16, 32])


def collected(bands: object, name: str) -> Plane:
    return np.concatenate([band.planes[name] for band in bands])  # type: ignore[attr-defined]


def enlarged(tile: Plane, scale: int) -> Plane:
    """Bilinear, exact on gradients but for the half pixel at the rim: an honest bad rim."""
    for axis in (0, 1):
        length = tile.shape[axis]
        at = (np.arange(length * scale) + 0.5) / scale - 0.5
        low = np.clip(np.floor(at).astype(int), 0, length - 1)
        high = np.clip(low + 1, 0, length - 1)
        share = np.clip(at - low, 0, 1).astype(np.float32)
        share = share[:, None] if axis == 0 else share
        tile = np.take(tile, low, axis) * (1 - share) + np.take(tile, high, axis) * share
    return tile


@given(SIDES, TILES, OVERLAPS, MULTIPLES, st.sampled_from([1, 2, 4]))
def test_weights_of_tiles_sum_to_one_and_sides_fit(
    length: int, tile: int, overlap: int, multiple: int, scale: int
) -> None:
    axis = Axis.plan(length, tile=tile, overlap=overlap, multiple=multiple)
    assert axis.size % multiple == 0
    # Neighbors see a pixel in the same phase of the network's grid.
    assert all((start - axis.margin) % multiple == 0 for start in axis.starts)
    total = np.zeros(length * scale)
    for index in range(len(axis.starts)):
        target, inside = axis.target(index, scale)
        total[target] += axis.weights(index, scale)[inside]
        assert 0 <= axis.source(index).min() <= axis.source(index).max() < length
    np.testing.assert_allclose(total, 1, atol=1e-6)


@settings(max_examples=40, deadline=None)
@given(SIDES, SIDES, TILES, OVERLAPS, MULTIPLES)
def test_an_identity_gives_the_picture_back(
    height: int, width: int, tile: int, overlap: int, multiple: int
) -> None:
    light = np.random.default_rng(height * 1000 + width).random((height, width), np.float32)
    bands = list(sweep(lambda t: {"same": t}, light, tile=tile, overlap=overlap, multiple=multiple))
    assert [band.top for band in bands] == [
        sum(len(b.planes["same"]) for b in bands[:i]) for i in range(len(bands))
    ]
    np.testing.assert_allclose(collected(bands, "same"), light, atol=2e-7)


@settings(max_examples=40, deadline=None)
@given(
    st.integers(2, 220), st.integers(2, 220), st.sampled_from([1, 2, 4]), st.sampled_from([48, 64])
)
def test_constants_and_gradients_keep_no_trace_of_tiles(
    height: int, width: int, scale: int, tile: int
) -> None:
    rows = np.linspace(0, 1, height, dtype=np.float32)[:, None]
    columns = np.linspace(0, 1, width, dtype=np.float32)
    for light in (np.full((height, width), 0.37, np.float32), (rows + columns) / 2):
        whole = enlarged(light, scale)
        bands = sweep(
            lambda t: {"clear": enlarged(t, scale)},
            light,
            scale=scale,
            tile=tile,
            overlap=16,
            multiple=4,
        )
        tiled = collected(bands, "clear")
        assert tiled.shape == (height * scale, width * scale)
        # At the borders the picture is mirrored, which bends a gradient by half a source pixel.
        rim = scale
        inner = np.abs(tiled - whole)[rim:-rim, rim:-rim]
        assert inner.max(initial=0) < 1 / 255
        assert np.abs(tiled - whole).max() < max(1 / 255, 1 / min(height, width))


def test_tiles_that_disagree_pass_smoothly_into_each_other() -> None:
    """Each tile shifted by its own constant: the seam must be a slope, never a step."""
    shifts = iter(np.linspace(0, 0.2, 100))
    light = np.zeros((64, 400), np.float32)
    bands = sweep(lambda t: {"x": t + np.float32(next(shifts))}, light, tile=64, overlap=32)
    steps = np.abs(np.diff(collected(bands, "x"), axis=1))
    assert steps.max() < 0.2 / 5 / 4


def test_what_the_rim_of_a_tile_shows_is_dropped() -> None:
    def bad_rim(tile: Plane) -> dict[str, Plane]:
        tile = tile.copy()
        tile[:4], tile[-4:], tile[:, :4], tile[:, -4:] = 1, 1, 1, 1
        return {"x": tile}

    light = np.zeros((150, 170), np.float32)
    assert collected(sweep(bad_rim, light, tile=64, overlap=16), "x").max() == 0


def test_memory_holds_about_one_row_of_tiles() -> None:
    light = np.zeros((4000, 1000), np.float32)
    tracemalloc.start()
    for band in sweep(lambda t: {"x": t}, light, tile=128, overlap=16):
        assert band.planes["x"].shape[1] == 1000
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 4 * 128 * 1000 * 4


@pytest.mark.parametrize("scale", [1, 2, 4])
def test_a_network_sweeps_a_gradient_without_seams(tmp_path, scale: int) -> None:
    tiny_networks.clarity(tmp_path, scale, multiple=8, tile_size=64)
    network = Registry([tmp_path]).network("clarity", scale=scale)
    light = np.tile(np.linspace(0.1, 0.9, 203, dtype=np.float32), (131, 1))
    shares: list[float] = []
    bands = sweep_network(network, light, memory=1, outputs=("clear",), progress=shares.append)
    clear = collected(bands, "clear")
    whole = network.run({"gray": light[None, None]})["clear"][0, 0]
    assert np.abs(clear - whole)[:, scale:-scale].max() < 1 / 255
    assert shares[-1] == 1 and shares == sorted(shares) and len(shares) > 4
