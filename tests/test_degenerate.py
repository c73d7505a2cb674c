"""Pictures that hardly are one: measured and restored like any other, with figures that are some.

Constant, two-level, striped, checkered, noisy, steep, tiny, long: of 8 and 16 bits, gray and color.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image

from conftest import Ran
from photochrom.measure import measure
from photochrom.nets import Registry
from photochrom.photograph import Photograph
from photochrom.recipe import Recipe
from photochrom.restoration import restore
from step_kit import context

# A figure made of nothing is NumPy's warning first.
pytestmark = pytest.mark.filterwarnings("error::RuntimeWarning")

Pixels = NDArray[np.unsignedinteger]

SHAPES = [(1, 1), (1, 2), (2, 1), (2, 2), (3, 8), (8, 8), (1, 64), (64, 1), (31, 33), (64, 64)]
SHAPES += [(65, 130), (256, 257), (1, 4000), (4000, 1), (3, 4000)]


def drawn(kind: str, shape: tuple[int, int], period: int) -> NDArray[np.float64]:
    """A picture of one kind, 0..1."""
    y, x = np.mgrid[: shape[0], : shape[1]]
    rng = np.random.default_rng(period)
    picture = {
        "black": np.zeros(shape),
        "white": np.ones(shape),
        "gray": np.full(shape, 0.5),
        "columns": x // period % 2,
        "rows": y // period % 2,
        "slanted": (x + y) // period % 2,
        "checkered": (x // period + y // period) % 2,
        "faint": 0.5 + (x // period % 2) / 65535,
        "waves": 0.5 + 0.5 * np.sin(2 * np.pi * x / period) * np.sin(2 * np.pi * y / period),
        "halves": y >= shape[0] // 2,
        "dot": (x == shape[1] // 2) & (y == shape[0] // 2),
        "across": x / max(shape[1] - 1, 1),
        "down": y / max(shape[0] - 1, 1),
        "noise": rng.random(shape),
        "salt": rng.integers(0, 2, shape),
    }[kind]
    return np.asarray(picture, np.float64)


KINDS = ["black", "white", "gray", "columns", "rows", "slanted", "checkered", "faint", "waves"]
KINDS += ["halves", "dot", "across", "down", "noise", "salt"]


@st.composite
def pictures(draw: st.DrawFn, most: int = 4000) -> Pixels:
    """Any of them."""
    shape = draw(st.sampled_from([shape for shape in SHAPES if max(shape) <= most]))
    picture = drawn(draw(st.sampled_from(KINDS)), shape, draw(st.integers(1, 16)))
    if draw(st.booleans()):
        shares = draw(st.sampled_from([(1.0, 1.0, 1.0), (1.0, 0.9, 0.7), (1.0, 0.0, 0.5)]))
        picture = picture[..., None] * np.array(shares)
    dtype = draw(st.sampled_from([np.uint8, np.uint16]))
    return np.rint(picture * np.iinfo(dtype).max).astype(dtype)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(pictures())
def test_every_measure_is_a_figure(pixels: Pixels) -> None:
    found = measure(Photograph.from_array(pixels))
    plain = found.to_json()
    assert json.loads(json.dumps(plain, allow_nan=False)) == plain
    assert 0 <= found.damage <= 1 and found.blocking.strength >= 0
    assert found.grain.sigma >= 0 and found.grain.noise >= 0
    assert found.halftone is None or 2 < found.halftone.period < 21


@pytest.mark.parametrize("kind", ["columns", "rows", "slanted", "checkered", "waves"])
@pytest.mark.parametrize("side", [64, 256, 300])
def test_stripes_of_every_period_are_measured(kind: str, side: int) -> None:
    for period in (*range(1, 13), 16, 24, side // 2):
        picture = drawn(kind, (side, side), period)
        found = measure(Photograph.from_array((picture * 255).astype(np.uint8)))
        json.dumps(found.to_json(), allow_nan=False)
        # Lines are no screen, which has two directions.
        if kind in ("columns", "rows", "slanted"):
            assert found.halftone is None, (period, found.halftone)


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Registry:
    return context(tmp_path_factory.mktemp("networks")).registry


@settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(pixels=pictures(most=300), scale=st.sampled_from([1, 2, 4]), eye=st.booleans())
def test_every_picture_is_restored(
    registry: Registry, pixels: Pixels, scale: int, eye: bool
) -> None:
    recipe = Recipe.preset("faithful").with_params("clarity", scale=scale)
    recipe = recipe.with_params("tone", evenness=0.5)
    if eye:
        recipe = recipe.with_tones("eye")
    restored = restore(Photograph.from_array(pixels), recipe, registry=registry)
    assert np.isfinite(restored.plate.light).all()
    assert restored.plate.chroma is not None and np.isfinite(restored.plate.chroma.ab).all()
    height, width = pixels.shape[:2]
    assert restored.photograph.pixels.shape == (height * scale, width * scale, 3)
    json.dumps([step.notes for step in restored.record.steps], allow_nan=False)


@pytest.mark.parametrize("shape", [(1, 4000), (4000, 1), (3, 4000), (1, 1)])
@pytest.mark.parametrize("kind", ["black", "columns", "noise"])
def test_the_longest_and_the_smallest_are_restored(
    registry: Registry, shape: tuple[int, int], kind: str
) -> None:
    pixels = (drawn(kind, shape, 3) * 65535).astype(np.uint16)
    restored = restore(Photograph.from_array(pixels), registry=registry)
    assert restored.photograph.pixels.shape[:2] == shape


@pytest.mark.parametrize("kind", ["black", "white", "gray"])
def test_a_plain_picture_stays_plain(registry: Registry, kind: str) -> None:
    pixels = (drawn(kind, (80, 96), 1) * 65535).astype(np.uint16)
    light = restore(Photograph.from_array(pixels), registry=registry).plate.light
    assert np.ptp(light) < 1e-4
    assert light[0, 0] == pytest.approx(pixels[0, 0] / 65535, abs=1e-4)


def test_alpha_of_nothing_is_paper(tmp_path: Path, photochrom: object) -> None:
    """A picture that is all transparent is white; one line of it is seen stays what it is."""
    pixels = np.zeros((40, 50, 4), np.uint8)
    pixels[20] = (10, 10, 10, 255)
    Image.fromarray(pixels).save(tmp_path / "a.png")
    found = measure(Photograph.open(tmp_path / "a.png"))
    assert found.tones.white == 1 and found.tones.median == 1


@pytest.mark.parametrize("command", ["inspect", "restore"])
def test_stripes_on_the_command_line(tmp_path: Path, photochrom: object, command: str) -> None:
    stripes = np.tile([255, 0], (64, 64)).astype(np.uint8)
    Image.fromarray(stripes).save(tmp_path / "stripes.png")
    ran = photochrom(command, tmp_path / "stripes.png")  # type: ignore[operator]
    assert isinstance(ran, Ran) and ran.code == 0 and "Traceback" not in ran.err
