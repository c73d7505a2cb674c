"""Eye tones: asked of the network, joined to the light, and held back where nothing is known."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import tiny_networks
from photochrom.colorspace import gray_from_lightness, lightness_from_gray
from photochrom.errors import ModelError
from photochrom.steps import color
from photochrom.steps.color import ColorParams
from photochrom.steps.compose import LuminanceChange, compose
from photochrom.steps.eye import Toning, held
from photochrom.steps.plate import Plate
from step_kit import context

Plane = np.ndarray


def composed(plate: Plate, change: LuminanceChange | None = None) -> Plane:
    return np.concatenate(list(compose(plate, change=change)))


def lightness_of(rows: Plane) -> Plane:
    return lightness_from_gray(rows.astype(np.float32) / 65535)


def grainy_halves(height: int = 240, width: int = 320) -> Plane:
    """Lightness 35 and 70, with grain of 1.5."""
    lightness = np.full((height, width), 35, np.float32)
    lightness[:, width // 2 :] = 70
    grain = np.random.default_rng(3).normal(0, 1.5, lightness.shape)
    return gray_from_lightness(lightness + grain.astype(np.float32))


def test_unasked_nothing_changes(tmp_path: Path) -> None:
    light = grainy_halves()
    plate, notes = color.apply(Plate(light), ColorParams(), context(tmp_path))
    assert plate.eye is None and notes["tones"] == {"of": "plate"}


@pytest.mark.parametrize("saturation", [0.0, 1.0])
def test_things_move_and_grain_and_edges_stay(tmp_path: Path, saturation: float) -> None:
    light = grainy_halves()
    params = ColorParams(tones="eye", saturation=saturation)
    plate, notes = color.apply(Plate(light), params, context(tmp_path))
    assert plate.light is light
    gray = composed(replace(plate, chroma=None))
    before, after = lightness_from_gray(light), lightness_of(gray)
    change = after - before
    left, right = change[:, :150], change[:, 170:]
    assert left.mean() == pytest.approx(20, abs=0.5) and right.mean() == pytest.approx(-15, abs=0.5)
    # No halo: nothing moves by more than the two things do, up to the edge between them.
    assert change.max() < 20.5 and change.min() > -15.5
    assert change[:, :158].min() > 15 and change[:, 162:].max() < -10
    # Grain rides on it.
    for part in (slice(0, 150), slice(170, 320)):
        grain = after[:, part].std() / before[:, part].std()
        assert grain == pytest.approx(1, abs=0.02)
    assert notes["tones"]["of"] == "eye" and notes["tones"]["max"] == pytest.approx(20, abs=0.1)


def test_the_change_is_reported_as_it_is(tmp_path: Path) -> None:
    change = LuminanceChange()
    plate = color.apply(Plate(grainy_halves()), ColorParams(tones="eye"), context(tmp_path))[0]
    composed(plate, change)
    assert change.to_json()["mean"] == pytest.approx(17.5, abs=0.5)
    assert change.to_json()["max"] == pytest.approx(20, abs=0.5)


@given(st.floats(0, 100, width=32), st.floats(-200, 200, width=32, allow_nan=False))
def test_black_and_white_stay_and_nothing_leaves_the_range(lightness: float, change: float) -> None:
    plane = np.full((1, 1), lightness, np.float32)
    moved = held(np.full((1, 1), change, np.float32), plane)
    assert 0 <= (plane + moved).item() <= 100.001
    assert abs(moved.item()) <= abs(change) + 1e-3
    for end in (0, 100):
        assert held(np.full((1, 1), change, np.float32), np.full((1, 1), end, np.float32)) == 0


def test_lighter_stays_lighter_within_a_thing() -> None:
    light = np.linspace(0, 1, 65536, dtype=np.float32)[None]
    for change in (-30, -3, 0, 3, 30):
        toned = Toning()(light, np.full_like(light, change))
        assert (np.diff(toned[0]) >= 0).all()
        wanted = np.clip(lightness_from_gray(light) + change, 0, 100)
        assert np.abs(lightness_from_gray(toned) - wanted).max() < 0.01
    assert np.abs(Toning()(light, np.zeros_like(light)) - light).max() < 2 / 65535


def test_strips_meet_without_a_trace(tmp_path: Path) -> None:
    plate = color.apply(
        Plate(grainy_halves(90, 120)), ColorParams(tones="eye", saturation=0), context(tmp_path)
    )[0]
    strips = list(compose(plate))
    import photochrom.steps.strips as cut

    assert len(strips) == 1
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cut, "STRIP_BYTES", 4 * 120 * 7)
        parts = list(compose(plate))
    assert len(parts) > 10
    np.testing.assert_array_equal(np.concatenate(parts), strips[0])


def test_a_white_sky_that_an_eye_saw_darker_may_have_a_color(tmp_path: Path) -> None:
    """Colors fade out in white; what an eye's tones make darker is no longer white."""
    light = np.full((64, 64), gray_from_lightness(97), np.float32)
    chroma = {}
    for tones in ("plate", "eye"):
        plate = color.apply(Plate(light), ColorParams(tones=tones), context(tmp_path))[0]  # type: ignore[arg-type]
        assert plate.chroma is not None
        chroma[tones] = float(np.linalg.norm(plate.chroma.ab, axis=-1).mean())
    assert chroma["eye"] > 1.5 * chroma["plate"]


def test_sizes_and_mirror_average_tones(tmp_path: Path) -> None:
    light = grainy_halves(200, 301)
    for params in (ColorParams(mirror=False), ColorParams(), ColorParams(sizes=(96, 128, 160))):
        asked = params.model_copy(update={"tones": "eye"})
        plate = color.apply(Plate(light), asked, context(tmp_path))[0]
        assert plate.eye is not None and plate.chroma is not None
        assert plate.eye.shape == plate.chroma.certainty.shape
        width = plate.eye.shape[1]
        assert plate.eye[:, : width // 2 - 4].mean() == pytest.approx(20, abs=0.1)
        assert plate.eye[:, width // 2 + 4 :].mean() == pytest.approx(-15, abs=0.1)


def test_a_network_without_tones_is_refused_by_name(tmp_path: Path) -> None:
    tiny_networks.color(tmp_path, name="toneless", tone=False)
    params = ColorParams(tones="eye", network="toneless")
    with pytest.raises(ModelError, match=r"'toneless' has no output 'tone'.*choose a network"):
        color.apply(Plate(grainy_halves(40, 40)), params, context(tmp_path))
    plate = color.apply(
        Plate(grainy_halves(40, 40)), ColorParams(network="toneless"), context(tmp_path)
    )[0]
    assert plate.chroma is not None
