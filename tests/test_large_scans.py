"""What lets large scans fit in memory changes nothing of the result; nor does the thread count."""

from __future__ import annotations

import os
import shutil
from collections import namedtuple
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from photochrom.nets import Registry
from photochrom.photograph import Photograph
from photochrom.recipe import Recipe
from photochrom.restoration import restore
from photochrom.restored import Restored
from photochrom.steps import planes
from photochrom.steps import regions as regions_module
from photochrom.steps import strips as strips_module
from photochrom.steps.planes import let_go, plane
from photochrom.steps.regions import regions
from photochrom.threads import limited_threads
from step_kit import context, soft_picture


@pytest.fixture
def scan() -> Photograph:
    light = soft_picture(240, 300) + np.random.default_rng(1).normal(0, 0.03, (240, 300))
    light[60, 30:220] = light[100:104, 80:84] = 1
    sepia = np.stack([light, light * 0.9, light * 0.7], axis=-1)
    return Photograph.from_array((np.clip(sepia, 0, 1) * 65535).astype(np.uint16))


RECIPE = Recipe.preset("faithful").with_params("clarity", scale=2).with_params("grain", amount=1.0)


def bytes_of(restored: Restored) -> bytes:
    assert restored.mask is not None and restored.mask.any()
    return restored.photograph.pixels.tobytes() + restored.mask.tobytes()


def test_planes_in_a_file_give_the_same_bytes(
    tmp_path: Path, scan: Photograph, monkeypatch: pytest.MonkeyPatch
) -> None:
    registry = context(tmp_path).registry
    in_memory = bytes_of(restore(scan, RECIPE, registry=registry))
    monkeypatch.setattr(planes, "SMALLEST", 1)
    monkeypatch.setattr(strips_module, "_HELD", 1)
    monkeypatch.setattr(strips_module, "STRIP_BYTES", 4 * 300 * 16)
    monkeypatch.setattr(regions_module, "_PIXELS", 300 * 50)
    restored = restore(scan, RECIPE, registry=registry)
    assert not restored.plate.light.flags.owndata
    assert bytes_of(restored) == in_memory


def test_a_plane_in_a_file_keeps_its_values_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(planes.FOLDER_VARIABLE, str(tmp_path))
    monkeypatch.setattr(planes, "SMALLEST", 1000)
    small, large = plane((10, 10)), plane((300, 500), np.uint16)
    assert small.flags.owndata and not large.flags.owndata
    large[:] = np.arange(500)
    let_go(small, large[100:], large.T, None)
    assert (large == np.arange(500)).all()
    if os.name == "posix":
        assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("why", ["no room", "no folder"])
def test_without_a_file_memory_holds_a_plane(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, why: str
) -> None:
    monkeypatch.setattr(planes, "SMALLEST", 1)
    folder = tmp_path if why == "no room" else tmp_path / "nowhere"
    monkeypatch.setenv(planes.FOLDER_VARIABLE, str(folder))
    if why == "no room":
        usage = namedtuple("usage", "total used free")
        monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(10**9, 10**9, 0))
    assert plane((20, 30)).flags.owndata


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    seed=st.integers(0, 10**6),
    height=st.integers(1, 40),
    width=st.integers(1, 40),
    rows=st.integers(1, 12),
    share=st.sampled_from([0.05, 0.3, 0.5, 0.62, 0.9]),
)
def test_regions_are_the_same_however_they_are_cut(
    seed: int, height: int, width: int, rows: int, share: float
) -> None:
    rng = np.random.default_rng(seed)
    weights = rng.integers(100, 256, (height, width), np.uint8)
    weights[rng.random((height, width)) > share] = 0
    mask = (weights >= 100).astype(np.uint8)
    count, whole = cv2.connectedComponents(mask, connectivity=8)
    before = regions_module._PIXELS
    regions_module._PIXELS = rows * width  # type: ignore[misc]
    try:
        found = regions(weights, 100)
        labels: NDArray[np.intp] = np.concatenate([part for _, part in found.labels()])
    finally:
        regions_module._PIXELS = before  # type: ignore[misc]
    assert len(found.areas) == count
    pairs = np.unique(np.stack([labels.ravel(), whole.ravel()]), axis=1)
    assert pairs.shape[1] == len(np.unique(labels))
    for label in range(1, count):
        assert found.areas[label] == np.count_nonzero(labels == label)
        assert found.peaks[label] == weights[labels == label].max()


@pytest.mark.parametrize("networks", ["tiny", "embedded"])
def test_the_number_of_threads_does_not_matter(
    tmp_path: Path, scan: Photograph, networks: str
) -> None:
    context(tmp_path)
    results = set()
    for threads in (1, 2, 3):
        before = cv2.getNumThreads()
        registry = (
            Registry([tmp_path], threads=threads)
            if networks == "tiny"
            else Registry.default(threads=threads)
        )
        with limited_threads(threads):
            results.add(bytes_of(restore(scan, RECIPE, registry=registry)))
        assert cv2.getNumThreads() == before
    assert len(results) == 1
