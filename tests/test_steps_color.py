"""Color: asked of the network, joined to the light, and the light kept."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import tiny_networks
from photochrom.colorspace import lab_from_srgb, lightness_from_gray
from photochrom.emulsion import Emulsion
from photochrom.nets import Network, Registry
from photochrom.steps import color
from photochrom.steps.answer import Answer
from photochrom.steps.color import ColorParams
from photochrom.steps.compose import Coloring, LuminanceChange, compose
from photochrom.steps.joint import Joint
from photochrom.steps.looks import averaged, certainty_of, look
from photochrom.steps.plate import Chroma, Context, Pin, Plate
from photochrom.threads import limited_threads
from step_kit import context, measures, soft_picture


def halves(height: int = 240, width: int = 320) -> np.ndarray:
    light = np.full((height, width), 0.3, np.float32)
    light[:, width // 2 :] = 0.7
    return light


def composed(plate: Plate, change: LuminanceChange | None = None) -> np.ndarray:
    return np.concatenate(list(compose(plate, change=change)))


@pytest.mark.parametrize("shape", [(240, 320), (333, 250), (64, 64), (7, 400), (1, 1)])
def test_chroma_is_small_and_fits_the_picture(tmp_path: Path, shape: tuple[int, int]) -> None:
    plate, notes = color.apply(
        Plate(np.full(shape, 0.4, np.float32)), ColorParams(), context(tmp_path)
    )
    assert plate.chroma is not None
    height, width = plate.chroma.certainty.shape
    assert plate.chroma.ab.shape == (height, width, 2)
    assert height * width < 100 * 400
    assert notes["certainty"] == pytest.approx(0.9, abs=0.01)
    assert composed(plate).shape == (*shape, 3)


def test_dark_is_red_and_light_is_blue_on_their_own_sides(tmp_path: Path) -> None:
    plate = color.apply(Plate(halves()), ColorParams(), context(tmp_path))[0]
    picture = composed(plate)
    lab = lab_from_srgb(picture.astype(np.float32) / 65535)
    assert lab[:, :150, 1].min() > 25 and lab[:, 170:, 2].max() < -25
    # Mirrored looks agree with straight ones: nothing is shifted.
    for params in (ColorParams(mirror=True), ColorParams(sizes=(384,))):
        other = color.apply(Plate(halves()), params, context(tmp_path))[0]
        assert np.abs(composed(other).astype(int) - picture).mean() < 65535 * 0.01


@pytest.mark.parametrize(
    ("params", "looks"),
    [
        ({}, [(256, True), (384, False)]),
        ({"sizes": (64,)}, [(64, False)]),
        ({"sizes": (64, 96, 128)}, [(64, False), (96, True), (128, False)]),
        ({"sizes": (64, 96), "mirror": True}, [(64, False), (64, True), (96, False), (96, True)]),
    ],
)
def test_sizes_are_looked_at_straight_and_mirrored_in_turn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, params: dict[str, Any], looks: list[Any]
) -> None:
    seen = []

    def noted(network: Network, gray: np.ndarray, *told: Any, mirrored: bool) -> Answer:
        seen.append((min(gray.shape), mirrored))
        return look(network, gray, *told, mirrored=mirrored)

    monkeypatch.setattr(color, "look", noted)
    color.apply(Plate(halves()), ColorParams(**params), context(tmp_path))
    assert seen == looks


def test_caution_pales_what_is_unsure_and_saturation_scales(tmp_path: Path) -> None:
    def mean_chroma(**params: float) -> float:
        plate = color.apply(Plate(halves()), ColorParams(**params), context(tmp_path))[0]
        assert plate.chroma is not None
        return float(np.linalg.norm(plate.chroma.ab, axis=-1).mean())

    plain = mean_chroma(caution=0)
    assert mean_chroma(caution=1) == pytest.approx(0.9 * plain, rel=0.05)
    assert mean_chroma(caution=0, saturation=0.5) == pytest.approx(0.5 * plain, rel=0.1)


def test_no_saturation_leaves_the_picture_black_and_white(tmp_path: Path) -> None:
    plate = color.apply(Plate(halves()), ColorParams(saturation=0), context(tmp_path))[0]
    assert plate.chroma is None
    assert composed(plate).tobytes() == composed(Plate(halves())).tobytes()


def test_answers_that_disagree_are_less_certain_by_the_law_of_total_variance() -> None:
    def answer(a: float, certainty: float, side: int = 8) -> Answer:
        ab = np.zeros((side, side, 2), np.float32)
        ab[..., 0] = a
        plane = np.full((side, side), certainty, np.float32)
        tone = np.full((side, side), a, np.float32)
        return Answer(ab, plane, tone)

    agreed = averaged([answer(20, 0.6), answer(20, 0.6, side=6)])
    np.testing.assert_allclose(agreed.certainty, 0.6, atol=1e-5)
    torn = averaged([answer(32, 0.6), answer(8, 0.8)])
    np.testing.assert_allclose(torn.ab[..., 0], 20, atol=1e-4)
    np.testing.assert_allclose(torn.tone, 20, atol=1e-4)
    square = ((25 * np.log(0.6)) ** 2 + (25 * np.log(0.8)) ** 2) / 2 + 12**2
    np.testing.assert_allclose(torn.certainty, np.exp(-np.sqrt(square) / 25), atol=1e-5)
    # Networks without certainty get one from asking them twice.
    doubted = averaged([answer(32, 1), answer(8, 1)])
    np.testing.assert_allclose(doubted.certainty, np.exp(-12 / 25), atol=1e-5)
    never = averaged([answer(0, 0), answer(0, 1)])
    assert np.isfinite(never.certainty).all() and never.certainty.max() < 1e-6
    # Of a color that none of them gave they are surer the nearer it is.
    both = [answer(32, 0.9), answer(8, 0.9)]
    near, far = (certainty_of(np.full((8, 8, 2), v, np.float32), both).mean() for v in (10, 60))
    assert near > far


def two_minds(folder: Path, pins: tuple[Pin, ...] = ()) -> Context:
    """A network that holds two colors for likely, and says the mean of no help."""
    tiny_networks.color(folder, likely=True)
    return Context(Registry([folder]), Emulsion.UNKNOWN, measures(), pins=pins, seed=7)


def test_each_side_settles_on_its_likeliest_color_and_not_on_the_mean(tmp_path: Path) -> None:
    plain = {"caution": 0.0, "saturation": 1.0, "sizes": (64, 96)}
    plate, notes = color.apply(Plate(halves()), ColorParams(**plain), two_minds(tmp_path))
    assert plate.chroma is not None and notes["decoded"] == "settled"
    height, width = plate.chroma.certainty.shape
    assert (height, width) == (24, 32)
    red, blue = (np.array(c, np.float32) for c in tiny_networks.PALETTE[:2])
    # Chroma above 60 is drawn in a little; the hue stays.
    for side, wanted in ((plate.chroma.ab[:, :14], red), (plate.chroma.ab[:, 18:], blue)):
        cosine = (side @ wanted) / (np.linalg.norm(side, axis=-1) * np.linalg.norm(wanted))
        assert cosine.min() > 0.98
        assert np.linalg.norm(side, axis=-1).min() > 45


def test_a_large_bandwidth_gives_the_mean_of_all(tmp_path: Path) -> None:
    params = ColorParams(bandwidth=100, temperature=1, caution=0, sizes=(64,))
    plate = color.apply(Plate(halves()), params, two_minds(tmp_path))[0]
    assert plate.chroma is not None
    mean = 0.5 * np.array(tiny_networks.PALETTE[0]) + 0.4 * np.array(tiny_networks.PALETTE[1])
    assert np.abs(plate.chroma.ab[8, 2] - mean).max() < 6


@pytest.mark.parametrize("likely", [True, False])
def test_a_mean_is_the_networks_own_answer(tmp_path: Path, likely: bool) -> None:
    tiny_networks.color(tmp_path, likely=likely)
    told = Context(Registry([tmp_path]), Emulsion.UNKNOWN, measures(), seed=7)
    decode = "mean" if likely else "settled"
    plate, notes = color.apply(Plate(halves()), ColorParams(caution=0, decode=decode), told)
    assert plate.chroma is not None and notes["decoded"] == "mean"
    red = plate.chroma.ab[10, 5]
    np.testing.assert_allclose(red / np.linalg.norm(red), np.array([6, 4]) / 52**0.5, atol=1e-3)


def test_color_is_the_same_every_time(tmp_path: Path) -> None:
    one = color.apply(Plate(halves()), ColorParams(), context(tmp_path / "a"))[0]
    two = color.apply(Plate(halves()), ColorParams(), context(tmp_path / "b"))[0]
    assert composed(one).tobytes() == composed(two).tobytes()


# -- composing ----------------------------------------------------------------------------------


@settings(max_examples=200, deadline=None)
@given(st.floats(0, 1), st.floats(-128, 128), st.floats(-128, 128))
def test_any_color_keeps_lightness_and_hue(light: float, a: float, b: float) -> None:
    ab = np.float32([[[a, b]]])
    rgb = Coloring()(np.float32([[light]]), ab).astype(np.float32) / 65535
    lab = lab_from_srgb(rgb)[0, 0]
    assert lab[0] == pytest.approx(float(lightness_from_gray(np.float32(light))), abs=0.05)
    chroma = np.hypot(lab[1], lab[2])
    assert chroma <= np.hypot(a, b) + 0.3
    if chroma > 5:
        cosine = (lab[1] * a + lab[2] * b) / (chroma * np.hypot(a, b))
        assert cosine > 0.999


def test_colors_inside_the_gamut_are_not_changed() -> None:
    rgb = np.random.default_rng(4).uniform(0.02, 0.98, (50, 50, 3)).astype(np.float32)
    lab = lab_from_srgb(rgb)
    from photochrom.colorspace import gray_from_lightness

    out = Coloring()(gray_from_lightness(lab[..., 0]), np.ascontiguousarray(lab[..., 1:]))
    np.testing.assert_allclose(out / 65535, rgb, atol=1.5e-3)


def test_lightness_changes_by_quantization_only_and_is_reported() -> None:
    rng = np.random.default_rng(0)
    light = np.clip(soft_picture(200, 260) + rng.normal(0, 0.1, (200, 260)), 0, 1)
    chroma = Chroma(
        rng.normal(0, 60, (50, 65, 2)).astype(np.float32), np.ones((50, 65), np.float32)
    )
    change = LuminanceChange()
    composed(Plate(light.astype(np.float32), chroma=chroma), change)
    said = change.to_json()
    assert 0 < said["mean"] < 0.005 and said["max"] < 0.05 and said["unit"] == "L*"


def test_luminance_change_sees_a_change() -> None:
    change = LuminanceChange()
    light = np.full((10, 10), 0.5, np.float32)
    change.add(light, np.full((10, 10), 40000, np.uint16))
    wanted = float(
        lightness_from_gray(np.float32(40000 / 65535)) - lightness_from_gray(np.float32(0.5))
    )
    assert change.to_json()["max"] == pytest.approx(wanted, abs=0.01)


def test_chroma_does_not_bleed_over_a_hard_edge() -> None:
    """The chroma's own edge lies a cell and a half off and is soft; the light's is sharp."""
    light = halves(400, 800)
    ab = np.zeros((50, 100, 2), np.float32)
    ab[:, :49, 0] = 50
    ab[:, 49:51] = (25, -25)
    ab[:, 51:, 1] = -50
    found = Joint(light, ab).rows(slice(150, 250), light[150:250])
    left, right = found[:, 380:398], found[:, 402:420]
    assert left[..., 0].min() > 45 and right[..., 0].max() < 5
    assert left[..., 1].min() > -5 and right[..., 1].max() < -45


def test_a_soft_face_does_not_color_the_wall_behind_it() -> None:
    """Chroma three cells softer than the light, on both sides of an edge and of a plain wall."""
    light = np.full((320, 320), 0.75, np.float32)
    rows, columns = np.mgrid[:320, :320]
    face = (rows - 160) ** 2 + (columns - 160) ** 2 < 80**2
    light[face] = 0.45
    ab = np.zeros((80, 80, 2), np.float32)
    ab[cv2.resize(face.astype(np.uint8), (80, 80)) > 0] = (20, 25)
    soft = cv2.GaussianBlur(ab, (0, 0), 2)
    found = Joint(light, soft).rows(slice(0, 320), light)
    far = np.abs(np.hypot(rows - 160, columns - 160) - 80) > 3
    chroma = np.linalg.norm(found, axis=-1)
    blurred = np.linalg.norm(cv2.resize(soft, (320, 320)), axis=-1)
    assert blurred[~face & far].max() > 10 and chroma[~face & far].max() < 5
    assert chroma[face & far].min() > 27


def test_plain_areas_keep_soft_passages_of_color() -> None:
    light = np.full((200, 300), 0.5, np.float32)
    ab = np.zeros((50, 75, 2), np.float32)
    ab[..., 0] = np.linspace(-30, 30, 75)
    found = Joint(light, ab).rows(slice(90, 110), light[90:110])
    steps = np.diff(found[10, :, 0])
    assert steps.min() >= -1e-3 and steps.max() < 1.0


def test_strips_meet_without_a_trace() -> None:
    rng = np.random.default_rng(1)
    light = np.clip(soft_picture(120, 90) + rng.normal(0, 0.05, (120, 90)), 0, 1).astype(np.float32)
    joint = Joint(light, rng.normal(0, 30, (30, 22, 2)).astype(np.float32))
    whole = joint.rows(slice(0, 120), light)
    parts = [joint.rows(slice(y, y + 7), light[y : y + 7]) for y in range(0, 113, 7)]
    np.testing.assert_array_equal(np.concatenate(parts), whole[:119])


def test_threads_change_no_byte() -> None:
    rng = np.random.default_rng(2)
    light = np.clip(soft_picture(1300, 900), 0, 1).astype(np.float32)
    chroma = Chroma(rng.normal(0, 40, (65, 45, 2)).astype(np.float32), np.ones((65, 45), "f4"))
    pictures = []
    for threads in (1, 3):
        with limited_threads(threads):
            pictures.append(composed(Plate(light, chroma=chroma)).tobytes())
    assert pictures[0] == pictures[1]


def test_without_chroma_the_picture_is_gray() -> None:
    plate = Plate(halves(20, 30))
    picture = composed(plate)
    assert picture.shape == (20, 30) and picture.dtype == np.uint16
    np.testing.assert_allclose(picture, plate.light * 65535, atol=1)
    neutral = Chroma(np.zeros((5, 8, 2), np.float32), np.ones((5, 8), np.float32))
    colored = composed(replace(plate, chroma=neutral)).astype(int)
    assert np.abs(colored - picture[..., None]).max() <= 8
