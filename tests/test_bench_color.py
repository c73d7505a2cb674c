"""The color bench: right where the answer is known, and whole from a run to its section."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

for needed in ("torch", "skimage", "matplotlib"):
    pytest.importorskip(needed, reason="benches need the extra `bench`")

from bench.color import people, running, settings, stability, ways, whole  # noqa: E402
from bench.color.certainty import calibration, sureness  # noqa: E402
from bench.color.figures import (  # noqa: E402
    Case,
    Errors,
    Truth,
    by_group,
    described,
    group_names,
    groups,
    judged,
)
from bench.color.palette import Palette  # noqa: E402
from bench.color.plots import draw  # noqa: E402
from bench.color.skin import Face  # noqa: E402
from bench.color.stability import SHIFTS  # noqa: E402
from bench.color.text import section  # noqa: E402
from bench.color.views import PLATES, exposed, square  # noqa: E402
from bench.pieces import Piece, Runner  # noqa: E402
from bench.results import FOLDER, Results  # noqa: E402

import tiny_networks  # noqa: E402
from photochrom.colorspace import lab_from_srgb, lightness_from_gray  # noqa: E402
from photochrom.emulsion import Emulsion  # noqa: E402
from photochrom.nets import Registry  # noqa: E402
from photochrom.recipe import Recipe  # noqa: E402
from photochrom.steps.answer import Likely  # noqa: E402


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
    truth, nothing = Truth([described(rgb)]), np.zeros((*rgb.shape[:2], 2), np.float32)
    right, wrong = (
        Case([judged(rgb, lab(rgb), ab, step=1)]).figures(truth)
        for ab in (lab(rgb)[..., 1:], nothing)
    )
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
    errors = [
        np.random.default_rng(seed).uniform(5, 15, truth.shape[:2]).astype(np.float32)
        for seed in range(6)
    ]
    half, whole = (
        Errors([by_group(error * share, truth) for error in errors]) for share in (0.5, 1)
    )
    assert half.gain_over(whole)["all"] == pytest.approx([50, 50, 50], abs=0.1)
    assert whole.gain_over(half)["strong"] == pytest.approx([-100, -100, -100], abs=0.2)
    assert half.shares()["all"] == 1
    few = Errors([by_group(errors[0], truth)])
    assert few.gain_over(few)["all"] is None


def test_a_calibrated_network_has_rho_one_and_a_falling_curve() -> None:
    certainty = np.random.default_rng(0).permutation(np.linspace(0, 1, 400)).astype(np.float32)
    certainty = certainty.reshape(20, 20)
    truth = np.zeros((80, 80, 3), np.float32)
    cells = np.stack([30 * (1 - certainty), np.zeros_like(certainty)], axis=-1)
    figures, unsure = (
        calibration([sureness(truth, cells, how)]) for how in (certainty, 1 - certainty)
    )
    assert figures["rho"] == 1 and figures["rho_within_pictures"] == 1
    assert figures["error"] == sorted(figures["error"], reverse=True)
    assert unsure["rho"] == -1


def test_a_cast_is_no_fault_of_what_was_expected() -> None:
    rng = np.random.default_rng(1)
    certainty = rng.uniform(0.3, 0.9, (40, 40)).astype(np.float32)
    off = -25 * np.log(certainty)[..., None] * rng.choice([-1, 1], (40, 40, 1)) * [1, 0]
    truth = np.zeros((160, 160, 3), np.float32)
    off[..., 1] += 30
    figures = calibration([sureness(truth, off.astype(np.float32), certainty)])
    assert figures["beside_cast"] == pytest.approx(figures["expected"], abs=1)
    assert min(figures["error"]) > 29


def test_skin_is_judged_face_by_face_and_group_by_group() -> None:
    truth = np.tile(np.array([60, 15, 20], np.float32), (20, 40, 1))
    said = truth[..., 1:].copy()
    said[:, :20] *= 1.02
    said[:, 20:] *= 1.5
    masks = [np.zeros((20, 40), bool) for _ in range(2)]
    masks[0][:, :20], masks[1][:, 20:] = True, True
    faces = [Face(masks[0], 50.0)] * 5 + [Face(masks[1], 0.0)] * 5
    figures = people.figures(people.skin_of(faces, truth, said))
    assert figures["light"] == {
        "faces": 5, "delta_e": 0.24, "chroma": 0.5, "hue": 0, "pale": 0
    }  # fmt: skip
    assert figures["medium"] == {"faces": 0}
    assert figures["dark"]["chroma"] == pytest.approx(12.5, abs=0.01)
    assert figures["dark"]["delta_e"] > 3 and figures["dark"]["hue"] == 0
    assert figures["gap"] > 1000
    said[:, 10:20] = 1
    gray = people.figures(people.skin_of(faces[:1], truth, said))
    assert gray["light"]["pale"] == 0.5


def test_colors_outside_of_srgb_are_counted() -> None:
    lightness = np.full((4, 4), 50, np.float32)
    ab = np.zeros((4, 4, 2), np.float32)
    ab[0, 0] = (-120, 0)
    assert whole.outside(lightness, ab) == pytest.approx(1 / 16)


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
    # The third is held for possible, but hardly; the fourth has no color.
    assert settings.unthought(cells, likely) == (1, 3)


@pytest.mark.parametrize("likely", [True, False])
def test_settings_are_told_apart(tmp_path: Path, likely: bool) -> None:
    row = settings.Settings(tiny(tmp_path, likely=likely))(colorful(64, 64))
    found = settings.figures([row])["settings"]
    plain = {(c["decode"], c["bandwidth"]): c for c in found if c["saturation"] == 1}
    mean, settled = plain["mean", 18], plain["settled", 18]
    assert (mean["psnr"] == settled["psnr"]) is not likely
    # Regions settle on what the network holds for likely.
    assert (settled["unthought"] < 0.02) if likely else settled["unthought"] is None


def test_a_network_that_looks_at_light_alone_is_stable(tmp_path: Path) -> None:
    light = np.full((200, 300), 0.3, np.float32)
    row = stability.Stability(tiny(tmp_path))(light, Emulsion.PANCHROMATIC)
    changes = stability.figures([row])["changes"]
    assert all(change["mean"] == 0 for change in changes.values())
    assert sum(name.startswith("shift") for name in changes) == len(SHIFTS)


def test_a_checkout_without_history_leaves_the_first_network_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ways, "FIRST_COMMIT", "0" * 40)
    assert ways.first() == "this checkout has no commit 0000000"


@pytest.fixture
def tiny_bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with tiny photographs and networks, that the bench takes for its own."""
    monkeypatch.setenv("PHOTOCHROM_CACHE", str(tmp_path / "cache"))
    tiny(tmp_path / "new"), tiny(tmp_path / "old", tone=False)
    monkeypatch.setattr(ways, "embedded_folder", lambda: tmp_path / "new")
    monkeypatch.setattr(running, "first", lambda: tmp_path / "old")

    def files(kind: str, count: int | None) -> list[Path]:
        found = [tmp_path / f"{kind}{number}.png" for number in range(count or 2)]
        for number, file in enumerate(found):
            cv2.imwrite(str(file), colorful(seed=number)[..., ::-1])
        return found

    monkeypatch.setattr(running, "files", files)
    return tmp_path


def raised(monkeypatch: pytest.MonkeyPatch) -> None:
    step = replace(ways.STEPS["color"], version=ways.STEPS["color"].version + 1)
    monkeypatch.setattr(ways, "STEPS", {**ways.STEPS, "color": step})


class Asked(Runner):
    """Notes which pieces there are, and measures none."""

    def measured(self, pieces, progress, part=(0.0, 1.0)):
        self.keys = {name: self._task(piece).key for name, piece in pieces.items()}
        raise InterruptedError


def keys(count: int) -> dict[tuple[str, str, int], str]:
    runner = Asked("local", 1)
    with pytest.raises(InterruptedError):
        running.run(count, lambda *_: None, runner)
    return runner.keys


def test_another_version_of_the_step_measures_anew_what_it_colors(
    tiny_bench: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = keys(2)
    assert keys(2) == before
    raised(monkeypatch)
    after = keys(2)
    same = {what for _, what, _ in before if all(
        before[name] == after[name] for name in before if name[1] == what
    )}  # fmt: skip
    assert same == {"truth", "gray", "palette"}
    assert not {before[name] for name in before if name[1] not in same} & set(after.values())


def test_another_network_measures_anew_what_it_colors_and_not_the_first(tiny_bench: Path) -> None:
    before = keys(1)
    tiny(tiny_bench / "new", tone=False)
    after = keys(1)
    same = {name[1] for name in before if before[name] == after[name]}
    assert same == {"truth", "gray", "palette", "first network"}


def test_what_a_way_says_is_kept(tiny_bench: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (file,) = running.files("colour", 1)
    ours = ways.Product(ways.current())

    def pieces() -> dict[str, Piece]:
        told = {"view": "historical", "plates": ["panchromatic"]}
        return {
            name: running._piece("measuring:colored", file, told | {"way": name}, depends)
            for name, depends in (("gray", {}), ("photochrom", ours.depends))
        }

    runner = Runner("local", 1)
    first = runner.measured(pieces(), lambda *_: None)
    row = first["photochrom"]["panchromatic"]["right"]
    assert row["sureness"]["certainty"].dtype == np.float32
    assert first["gray"]["panchromatic"]["right"]["colorfulness"] < 1 < row["colorfulness"]
    raised(monkeypatch)
    again = runner.measured(pieces(), lambda *_: None)
    assert (runner.pieces, runner.kept) == (4, 1)
    assert again["photochrom"]["panchromatic"]["right"]["psnr"] == row["psnr"]


@pytest.mark.slow
def test_a_run_is_plain_json_that_makes_the_section(
    tiny_bench: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cost = {
        "threads": 2, "weights_mb": 13.5, "memory_idle_mb": 90.0, "loading_seconds": 0.2,
        "photograph_seconds": 0.4, "photograph_seconds_least": 0.3, "photograph_peak_mb": 200.0,
        "twelve_megapixels_seconds": 2.0, "twelve_megapixels_seconds_least": 1.9,
        "twelve_megapixels_peak_mb": 400.0, "photograph_cpu_seconds": 0.5,
        "twelve_megapixels_cpu_seconds": 3.0,
    }  # fmt: skip
    monkeypatch.setattr(running, "measured", lambda: cost)
    seen: list[float] = []
    figures = running.run(1, lambda what, done: seen.append(done), Runner("local", 1))
    assert seen == sorted(seen) and seen[-1] < 1
    again = Runner("local", 1)
    assert running.run(1, lambda *_: None, again) == figures
    assert again.kept == again.pieces > 0
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


def test_the_section_says_with_which_settings_it_was_measured() -> None:
    figures = Results.load(FOLDER / "color.json").figures
    now = {
        name: Recipe.preset(name).params["color"].model_dump(mode="json")
        for name in ("faithful", "cinema")
    }
    as_now = {"parameters": now["faithful"], "cinema_parameters": now["cinema"]}
    text = section(figures | as_now)
    assert "Figures of before" not in text
    assert "looks at short sides of 256, mirrored, and 384" in text
    other = {"parameters": now["faithful"] | {"mirror": True}, "cinema_parameters": None}
    text = section(figures | other)
    assert "Measured was `faithful` with mirror true (now false); `cinema` with settings" in text
    assert "looks at short sides of 256 and 384 and at their mirror images" in text
