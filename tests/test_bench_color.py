"""The color bench: right where the answer is known, and whole from a run to its section."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

for needed in ("torch", "skimage", "matplotlib"):
    pytest.importorskip(needed, reason="benches need the extra `bench`")

from bench.color import running, ways  # noqa: E402
from bench.color.certainty import Calibration  # noqa: E402
from bench.color.figures import Case, Errors, Truth, group_names, groups  # noqa: E402
from bench.color.measuring import PLATES, exposed, outside, square  # noqa: E402
from bench.color.palette import Palette  # noqa: E402
from bench.color.people import People  # noqa: E402
from bench.color.plots import draw  # noqa: E402
from bench.color.settings import Settings, Unthought  # noqa: E402
from bench.color.skin import Face  # noqa: E402
from bench.color.stability import SHIFTS, Stability  # noqa: E402
from bench.color.text import section  # noqa: E402

import tiny_networks  # noqa: E402
from photochrom.colorspace import lab_from_srgb, lightness_from_gray  # noqa: E402
from photochrom.emulsion import Emulsion  # noqa: E402
from photochrom.nets import Registry  # noqa: E402
from photochrom.steps.looks import Likely  # noqa: E402


def colorful(height: int = 96, width: int = 120, seed: int = 0) -> np.ndarray:
    """Soft colors of all hues, (H, W, 3) uint8."""
    rows, columns = np.mgrid[:height, :width] / 40
    phases = np.random.default_rng(seed).uniform(0, 6, 3)
    waves = [np.sin(rows * (i + 1) + columns + phase) for i, phase in enumerate(phases)]
    return (128 + 90 * np.stack(waves, axis=-1)).astype(np.uint8)


def lab(rgb: np.ndarray) -> np.ndarray:
    return lab_from_srgb(rgb.astype(np.float32) / 255)


def tiny(folder: Path, **keys: object) -> Registry:
    tiny_networks.color(folder, **keys)
    return Registry([folder])


def test_the_truth_is_without_error_and_gray_is_not() -> None:
    rgb = colorful()
    truth, exact, colorless = Truth(), Case(step=1), Case(step=1)
    truth.add(rgb)
    exact.add(rgb, lab(rgb), lab(rgb)[..., 1:])
    colorless.add(rgb, lab(rgb), np.zeros((*rgb.shape[:2], 2), np.float32))
    right, wrong = exact.figures(truth), colorless.figures(truth)
    assert right["psnr"] > 50 and right["delta_e"]["all"] < 0.05
    assert right["colorfulness_share"] == pytest.approx(1, abs=1e-3)
    assert wrong["psnr"] < 25 and wrong["delta_e"]["all"] > 5
    # A gray that is one level of 8 bits off in one channel here or there is still gray.
    assert wrong["colorfulness"] < 1


def test_pixels_are_told_apart_by_hue_and_chroma() -> None:
    colors = {
        "red": (200, 20, 30), "orange": (220, 140, 40), "green": (60, 160, 60),
        "blue": (135, 206, 235), "violet": (170, 60, 170), "yellow": (230, 220, 60),
    }  # fmt: skip
    for hue, color in colors.items():
        masks = dict(zip(group_names(), groups(lab(np.array([[color]], np.uint8))), strict=True))
        found = {name for name, mask in masks.items() if mask.all()}
        expected = {"all", "colored", f"colored {hue}"}
        assert expected <= found <= expected | {"strong", f"strong {hue}"}, hue
    neutral = groups(lab(np.array([[(128, 128, 128)]], np.uint8)))
    assert [bool(mask.any()) for mask in neutral] == [True] + [False] * (len(neutral) - 1)


def test_a_gain_is_the_share_of_the_error_that_is_gone() -> None:
    truth = lab(colorful())
    half, whole = Errors(), Errors()
    for seed in range(6):
        error = np.random.default_rng(seed).uniform(5, 15, truth.shape[:2]).astype(np.float32)
        half.add(error / 2, truth)
        whole.add(error, truth)
    assert half.gain_over(whole)["all"] == pytest.approx([50, 50, 50], abs=0.1)
    assert whole.gain_over(half)["strong"] == pytest.approx([-100, -100, -100], abs=0.2)
    assert half.shares()["all"] == 1
    few = Errors()
    few.add(error, truth)
    assert few.gain_over(few)["all"] is None


def test_a_calibrated_network_has_rho_one_and_a_falling_curve() -> None:
    certainty = np.random.default_rng(0).permutation(np.linspace(0, 1, 400)).astype(np.float32)
    certainty = certainty.reshape(20, 20)
    truth = np.zeros((80, 80, 3), np.float32)
    cells = np.stack([30 * (1 - certainty), np.zeros_like(certainty)], axis=-1)
    sure, unsure = Calibration(), Calibration()
    sure.add(truth, cells, certainty)
    unsure.add(truth, cells, 1 - certainty)
    figures = sure.figures()
    assert figures["rho"] == 1 and figures["rho_within_pictures"] == 1
    assert figures["error"] == sorted(figures["error"], reverse=True)
    assert unsure.figures()["rho"] == -1


def test_skin_is_judged_face_by_face_and_group_by_group() -> None:
    truth = np.tile(np.array([60, 15, 20], np.float32), (20, 40, 1))
    said = truth[..., 1:].copy()
    said[:, :20] *= 1.02
    said[:, 20:] *= 1.5
    masks = [np.zeros((20, 40), bool) for _ in range(2)]
    masks[0][:, :20], masks[1][:, 20:] = True, True
    faces = [Face(masks[0], 50.0)] * 5 + [Face(masks[1], 0.0)] * 5
    people = People()
    people.add(faces, truth, said)
    figures = people.figures()
    assert figures["light"] == {
        "faces": 5, "delta_e": 0.24, "chroma": 0.5, "hue": 0, "pale": 0
    }  # fmt: skip
    assert figures["medium"] == {"faces": 0}
    assert figures["dark"]["chroma"] == pytest.approx(12.5, abs=0.01)
    assert figures["dark"]["delta_e"] > 3 and figures["dark"]["hue"] == 0
    assert figures["gap"] > 1000
    gray = People()
    said[:, 10:20] = 1
    gray.add(faces[:1], truth, said)
    assert gray.figures()["light"]["pale"] == 0.5


def test_colors_outside_of_srgb_are_counted() -> None:
    lightness = np.full((4, 4), 50, np.float32)
    ab = np.zeros((4, 4, 2), np.float32)
    ab[0, 0] = (-120, 0)
    assert outside(lightness, ab) == pytest.approx(1 / 16)


def test_squares_are_the_center_at_256() -> None:
    rgb = np.zeros((100, 400, 3), np.uint8)
    rgb[:, 150:250] = 255
    assert square(rgb).shape == (256, 256, 3)
    assert (square(rgb)[:, 8:-8] > 250).all()


def test_the_palette_knows_what_a_plate_did_to_the_sky() -> None:
    palette = Palette.load()
    light = np.array([[0.1, 0.95]], np.float32)
    assert palette(light, Emulsion.BLUE_SENSITIVE)[0, 1, 1] < 0
    assert palette(light, Emulsion.PANCHROMATIC)[0, 1, 1] > 0
    assert palette(light, Emulsion.ORTHOCHROMATIC).shape == (1, 2, 2)


def test_the_runnings_as_the_product_does(tmp_path: Path) -> None:
    registry = tiny(tmp_path)
    light = np.full((120, 160), 0.2, np.float32)
    light[:, 80:] = 0.8
    plain = {"tones": "eye", "caution": 0.0, "saturation": 1.0}
    colored = ways.Product(registry, **plain)(light, Emulsion.ORTHOCHROMATIC)
    # The tiny network says red where it is dark, and that an eye saw that 20 L* lighter; a chroma
    # of 72 is more than is shown.
    red = colored.ab[60, 20]
    assert red[0] / red[1] == pytest.approx(60 / 40, abs=0.05) and 60 < np.hypot(*red) < 72
    assert colored.eye is not None
    assert colored.eye[60, 20] == pytest.approx(20, abs=0.5)
    assert ways.Product(registry)(light, Emulsion.ORTHOCHROMATIC).eye is None


def test_a_color_that_nobody_thought_of_is_counted() -> None:
    shares = np.zeros((2, 1, 4), np.float32)
    shares[0], shares[1] = 0.9, 0.1
    likely = Likely(shares, np.array([(50, 40), (10, -50)], np.float32))
    cells = np.array([[(50, 40), (55, 30), (10, -50), (2, 2)]], np.float32)
    unthought = Unthought()
    assert unthought.share() is None
    # The third is held for possible, but hardly; the fourth has no color.
    unthought.add(cells, likely)
    assert unthought.share() == pytest.approx(1 / 3, abs=1e-4)


@pytest.mark.parametrize("likely", [True, False])
def test_settings_are_told_apart(tmp_path: Path, likely: bool) -> None:
    settings = Settings(tiny(tmp_path, likely=likely))
    settings.add(colorful(64, 64))
    found = settings.figures()["settings"]
    plain = {(c["decode"], c["bandwidth"]): c for c in found if c["saturation"] == 1}
    mean, settled = plain["mean", 18], plain["settled", 18]
    assert (mean["psnr"] == settled["psnr"]) is not likely
    # Regions settle on what the network holds for likely.
    assert (settled["unthought"] < 0.02) if likely else settled["unthought"] is None


def test_a_network_that_looks_at_light_alone_is_stable(tmp_path: Path) -> None:
    stability = Stability(tiny(tmp_path))
    stability.add(np.full((200, 300), 0.3, np.float32), Emulsion.PANCHROMATIC)
    changes = stability.figures()["changes"]
    assert all(change["mean"] == 0 for change in changes.values())
    assert sum(name.startswith("shift") for name in changes) == len(SHIFTS)


def test_a_checkout_without_history_leaves_the_first_network_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ways, "FIRST_COMMIT", "0" * 40)
    assert ways.first() == "this checkout has no commit 0000000"


@pytest.mark.slow
def test_a_run_is_plain_json_that_makes_the_section(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    registry = tiny(tmp_path / "new")
    old = tiny(tmp_path / "old", tone=False)
    cost = {
        "threads": 2, "weights_mb": 13.5, "memory_idle_mb": 90.0, "loading_seconds": 0.2,
        "photograph_seconds": 0.4, "photograph_seconds_least": 0.3, "photograph_peak_mb": 200.0,
        "twelve_megapixels_seconds": 2.0, "twelve_megapixels_seconds_least": 1.9,
        "twelve_megapixels_peak_mb": 400.0, "photograph_cpu_seconds": 0.5,
        "twelve_megapixels_cpu_seconds": 3.0,
    }  # fmt: skip
    monkeypatch.setattr(running, "current", lambda: registry)
    monkeypatch.setattr(running, "first", lambda: old)
    monkeypatch.setattr(running, "measured", lambda: cost)
    monkeypatch.setattr(
        running,
        "photographs",
        lambda kind, count: [(f"{kind}{i}", colorful(seed=i)) for i in range(count)],
    )
    seen: list[float] = []
    figures = running.run(1, lambda what, done: seen.append(done))
    assert seen == sorted(seen) and seen[-1] < 1
    assert json.loads(json.dumps(figures, allow_nan=False)) == figures
    assert figures["square"]["ways"].keys() == {
        *("photochrom", "recipe cinema", "palette", "first network")
    }
    tones = figures["whole"]["plates"]["orthochromatic"]["tone_rmse"]
    light = exposed(colorful(seed=0), Emulsion.ORTHOCHROMATIC)
    own = lightness_from_gray(light) - lab(colorful(seed=0))[..., 0]
    assert tones["plate"] == pytest.approx(np.sqrt(np.mean(own**2)), abs=0.01)
    assert tones["eye"] != tones["plate"]

    text = section(figures)
    for plate in PLATES:
        found = figures["historical"]["ways"]["photochrom"][plate.value]["right"]
        assert f"| {found['psnr']:.2f} | {found['delta_e']['all']:.2f} |" in text
    draw(figures, tmp_path)
    for name in ("historical-hues", "certainty", "telling"):
        assert (tmp_path / f"color-{name}.png").stat().st_size > 5_000
        assert f"pictures/bench/color-{name}.png" in text
