"""Measures of pictures whose noise, grain, tint, screen and grid are known."""

from __future__ import annotations

import io
import json
import os
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image
from skimage import data

from photochrom.colorspace import srgb_from_lab
from photochrom.measure import Measures, measure
from photochrom.measure.sampling import sample
from photochrom.photograph import Photograph

Picture = NDArray[np.float64]


@pytest.fixture(scope="module")
def camera() -> Picture:
    """A genuinely black-and-white photograph, 512 x 512, 0..255."""
    return data.camera().astype(np.float64)


def measured(picture: NDArray[np.generic]) -> Measures:
    return measure(Photograph.from_array(np.clip(np.rint(picture), 0, 255).astype(np.uint8)))


def noise(shape: tuple[int, ...], blur: float = 0.0) -> Picture:
    """Noise of standard deviation 1; blurred noise is coarse grain."""
    grain = np.random.default_rng(7).normal(size=shape)
    if blur:
        grain = cv2.GaussianBlur(grain, (0, 0), blur)
    return grain / grain.std()


def jpeg(picture: Picture, quality: int) -> NDArray[np.uint8]:
    buffer = io.BytesIO()
    Image.fromarray(picture.astype(np.uint8)).save(buffer, "JPEG", quality=quality)
    return np.asarray(Image.open(buffer))


@pytest.mark.parametrize("sigma", [2, 5, 10, 20])
def test_white_noise_on_a_photograph(camera: Picture, sigma: float) -> None:
    grain = measured(camera + sigma * noise(camera.shape)).grain
    assert grain.noise * 255 == pytest.approx(sigma, rel=0.12)
    assert grain.sigma * 255 == pytest.approx(sigma, rel=0.12)
    assert grain.size == pytest.approx(1.0, abs=0.1)


@pytest.mark.parametrize("blur", [0.7, 1.0, 1.5])
def test_the_size_of_grain(camera: Picture, blur: float) -> None:
    grain = measured(camera + 8 * noise(camera.shape, blur)).grain
    # The autocorrelation of Gaussian-blurred noise is a Gaussian sqrt(2) times as wide.
    width = 2 * np.sqrt(2 * np.log(2)) * np.sqrt(2) * blur
    assert grain.size == pytest.approx(width, rel=0.16)
    assert grain.sigma * 255 == pytest.approx(8, rel=0.18)
    assert grain.noise < grain.sigma / 2


def test_grain_by_density() -> None:
    steps = np.repeat([50.0, 128.0, 210.0], 200)[:, None] + np.zeros(600)
    strength = np.repeat([3.0, 6.0, 4.5], 200)[:, None]
    grain = measured(steps + strength * noise(steps.shape)).grain
    by_tone = [grain.shadows, grain.midtones, grain.highlights]
    for found, wanted in zip(by_tone, [3.0, 6.0, 4.5], strict=True):
        assert found is not None
        assert found * 255 == pytest.approx(wanted, rel=0.12)


def test_a_tone_without_flat_places_has_no_grain(camera: Picture) -> None:
    assert measured(camera).grain.midtones is None


def test_texture_is_not_taken_for_noise(camera: Picture) -> None:
    assert measured(camera).grain.sigma * 255 < 1


def test_blur_lowers_sharpness(camera: Picture) -> None:
    found = [
        measured(cv2.GaussianBlur(camera, (0, 0), blur) if blur else camera).sharpness
        for blur in (0, 1, 2, 3)
    ]
    resolutions = [sharpness.resolution or 0 for sharpness in found]
    widths = [sharpness.edge_width or 0 for sharpness in found]
    assert resolutions[0] > 0.95
    assert resolutions == sorted(resolutions, reverse=True) and resolutions[3] < 0.35
    assert widths == sorted(widths) and widths[0] < 2 and widths[3] > 4


def test_an_enlarged_picture_has_half_the_resolution(camera: Picture) -> None:
    enlarged = cv2.resize(camera, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC)
    resolution = measured(enlarged).sharpness.resolution
    assert resolution == pytest.approx(0.55, abs=0.12)


@pytest.mark.parametrize("blur", [1.0, 1.5, 2.0])
def test_the_width_of_slanted_edges(blur: float) -> None:
    y, x = np.mgrid[:400, :400]
    bars = np.where(np.sin((x + 0.2 * y) / 15) > 0, 190.0, 60.0)
    width = measured(cv2.GaussianBlur(bars, (0, 0), blur)).sharpness.edge_width
    # From 10 to 90 % of a Gaussian's integral.
    assert width == pytest.approx(2.563 * blur, rel=0.12)


def test_nothing_to_see_in_a_plain_picture() -> None:
    found = measured(np.full((300, 400), 128))
    assert found.grain.sigma == 0 and found.grain.size is None
    assert found.sharpness.resolution is None and found.sharpness.edge_width is None
    assert found.halftone is None and found.blocking.strength == 0 and found.damage == 0
    assert found.tones.contrast == 0
    assert found.tones.median == pytest.approx(128 / 255)


def test_plain_noise_has_no_resolution_and_no_screen() -> None:
    found = measured(128 + 12 * noise((600, 700)))
    assert found.sharpness.resolution is None
    assert found.halftone is None
    assert found.blocking.strength < 0.01


def screened(picture: Picture, period: float, angle: float, *, hard: bool) -> Picture:
    y, x = np.mgrid[: picture.shape[0], : picture.shape[1]]
    turn = np.deg2rad(angle)
    u, v = x * np.cos(turn) + y * np.sin(turn), y * np.cos(turn) - x * np.sin(turn)
    screen = (np.cos(2 * np.pi * u / period) + np.cos(2 * np.pi * v / period)) / 4 + 0.5
    if hard:
        return cv2.GaussianBlur(np.where(picture / 255 > screen, 255.0, 0.0), (0, 0), 0.7)
    return picture + (screen - 0.5) * 20


@pytest.mark.parametrize("hard", [False, True])
@pytest.mark.parametrize(
    ("period", "angle"),
    [(3, 30), (4, 45), (6, 45), (8, 15), (5.3, 71), (8, 0), (4, 90), (5.3, 1), (10, 88), (12, 7)],
)
def test_halftone(camera: Picture, period: float, angle: float, hard: bool) -> None:
    found = measured(screened(camera, period, angle, hard=hard)).halftone
    assert found is not None
    assert found.period == pytest.approx(period, rel=0.02)
    # At a right angle the screen is the same again.
    assert (found.angle - angle + 45) % 90 - 45 == pytest.approx(0, abs=2)
    if not hard:
        # Two cosines of amplitude 5 have a root mean square of 5.
        # On the axes the edges of the picture add to it.
        rel = 0.1 if 2 < angle < 87 else 0.2
        assert found.strength * 255 == pytest.approx(5, rel=rel)


def test_ruling_needs_the_resolution_of_the_scan(camera: Picture) -> None:
    printed = np.clip(screened(camera, 4, 45, hard=True), 0, 255).astype(np.uint8)
    photograph = Photograph.from_array(printed)
    halftone = measure(photograph).halftone
    assert halftone is not None and halftone.lines_per_inch is None
    known = Photograph(photograph.pixels, replace(photograph.info, dpi=(600.0, 600.0)))
    halftone = measure(known).halftone
    assert halftone is not None and halftone.lines_per_inch == pytest.approx(150, rel=0.02)


@pytest.mark.parametrize(
    "name", ["camera", "astronaut", "brick", "grass", "gravel", "coins", "page", "text", "moon",
             "rocket", "coffee", "chelsea"]
)  # fmt: skip
def test_no_false_alarm_for_halftone(name: str) -> None:
    try:
        picture = getattr(data, name)()
    except (ModuleNotFoundError, ConnectionError, OSError):
        pytest.skip(f"scikit-image has {name} only on the network")
    assert measured(picture).halftone is None
    assert measured(jpeg(picture, 30)).halftone is None


def woven(picture: Picture, period: float) -> Picture:
    """The picture with a cloth of two directions over a part of it, and a fence over another."""
    y, x = np.mgrid[: picture.shape[0], : picture.shape[1]]
    cloth = 25 * (
        np.cos(2 * np.pi * (x + 0.3 * y) / period) + np.cos(2 * np.pi * (y - 0.3 * x) / period)
    )
    fence = np.where((x % (3 * period) < period) & (y > picture.shape[0] // 2), -60.0, 0.0)
    inside = (np.abs(x - 130) < 90) & (np.abs(y - 130) < 90)
    return picture + np.where(inside, cloth, 0) + np.where(x > 280, fence, 0)


@pytest.mark.parametrize("quality", [None, 10, 50])
@pytest.mark.parametrize("period", [4, 8, 10.5])
def test_cloth_and_fences_are_no_screen(
    camera: Picture, period: float, quality: int | None
) -> None:
    picture = np.clip(woven(camera, period), 0, 255)
    assert measured(picture if quality is None else jpeg(picture, quality)).halftone is None


@pytest.mark.parametrize("quality", [5, 10, 20, 40, 70])
def test_the_grid_of_jpeg_is_no_screen(camera: Picture, quality: int) -> None:
    for crop in (0, 3):
        assert measured(jpeg(camera, quality)[crop:, crop:]).halftone is None


def test_blocking_follows_quality(camera: Picture) -> None:
    found = [measured(jpeg(camera, quality)).blocking for quality in (10, 30, 75)]
    assert found[0].strength > 0.5 > found[1].strength > 0.2 > found[2].strength > 0.03
    assert {grid.offset for grid in found} == {(0, 0)}
    assert measured(camera).blocking.strength < 0.02


@given(x=st.integers(0, 7), y=st.integers(0, 7))
@settings(max_examples=8, deadline=None)
def test_blocking_of_a_crop(x: int, y: int) -> None:
    cropped = jpeg(data.camera(), 20)[y:, x:]
    blocking = measured(cropped).blocking
    assert blocking.strength > 0.3
    assert blocking.offset == (-x % 8, -y % 8)


def tinted(
    gray: Picture, paper: tuple[float, float], shadows: tuple[float, float]
) -> NDArray[np.float32]:
    share = (gray / 255)[..., None]
    ab = share * np.array(paper) + (1 - share) * np.array(shadows)
    lab = np.concatenate([10 + share * 80, ab], axis=-1)
    return srgb_from_lab(lab.astype(np.float32)) * 255


@pytest.mark.parametrize(
    ("name", "paper", "shadows"),
    [
        ("neutral", (0.5, 1.0), (0.0, 0.5)),
        ("sepia", (6.0, 20.0), (8.0, 18.0)),
        ("yellowed", (1.0, 24.0), (0.0, 2.0)),
        ("cyanotype", (-6.0, -12.0), (2.0, -28.0)),
        ("other", (20.0, -2.0), (18.0, -2.0)),
    ],
)
def test_tint(
    camera: Picture, name: str, paper: tuple[float, float], shadows: tuple[float, float]
) -> None:
    tint = measured(tinted(camera, paper, shadows)).tint
    assert tint.name == name
    assert not tint.is_color
    # The camera's lightest and darkest tones are not quite white and black.
    assert np.abs(np.subtract(tint.paper, paper)).max() < 4
    assert np.abs(np.subtract(tint.shadows, shadows)).max() < 4
    assert (tint.strength < 3) == (name == "neutral")


def test_color_photographs_are_told_from_tinted_ones() -> None:
    color = data.astronaut()
    assert measured(color).tint.is_color
    faded = 128 + (color.astype(np.float64) - 128) * 0.5
    assert measured(faded).tint.is_color
    gray = color @ np.array([0.2126, 0.7152, 0.0722])
    assert not measured(tinted(gray, (6.0, 20.0), (8.0, 18.0))).tint.is_color
    noisy = tinted(gray, (6.0, 20.0), (8.0, 18.0)) + 6 * noise(color.shape)
    assert not measured(noisy).tint.is_color


def test_tones() -> None:
    picture = np.full((100, 200), 60.0)
    picture[:50] = 200
    picture[:10, :20] = 0  # 1 %
    picture[90:, :40] = 255  # 2 %
    tones = measured(picture).tones
    assert (tones.black, tones.white) == (0, 1)
    assert tones.contrast == 1
    assert tones.clipped_black == pytest.approx(0.01)
    assert tones.clipped_white == pytest.approx(0.02)
    flat = measured(np.tile(np.linspace(64, 191, 200), (100, 1))).tones
    assert flat.black == pytest.approx(0.25, abs=0.01)
    assert flat.white == pytest.approx(0.75, abs=0.01)
    assert flat.median == pytest.approx(0.5, abs=0.01)


def test_damage_grows_with_scratches_and_dust(camera: Picture) -> None:
    shares = [measured(camera).damage]
    for count in (5, 15, 30):
        rng = np.random.default_rng(count)
        worn = camera.copy()
        for _ in range(count):
            x, y, angle = rng.integers(0, 512), rng.integers(0, 512), rng.normal(0, 0.3)
            end = int(x + 300 * np.sin(angle)), int(y + 300 * np.cos(angle))
            cv2.line(worn, (int(x), int(y)), end, 250.0 if rng.random() < 0.7 else 10.0, 2)
            cv2.circle(worn, (int(rng.integers(512)), int(rng.integers(512))), 3, 245.0, -1)
        truth = float((worn != camera).mean())
        shares.append(measured(worn).damage)
        assert truth / 3 < shares[-1] < truth * 1.5 + 0.005
    assert shares == sorted(shares)
    assert shares[0] < 0.005


@pytest.mark.parametrize("shape", [(1, 1), (1, 300), (7, 5), (31, 33), (64, 64), (40, 700, 3)])
@pytest.mark.parametrize("dtype", ["uint8", "uint16"])
def test_any_size_is_measured(shape: tuple[int, ...], dtype: str) -> None:
    full = np.iinfo(dtype).max
    pixels = np.random.default_rng(0).integers(0, full + 1, shape).astype(dtype)
    plain = measure(Photograph.from_array(pixels)).to_json()
    assert json.loads(json.dumps(plain, allow_nan=False)) == plain


def test_depth_does_not_matter(camera: Picture) -> None:
    pixels = np.clip(camera + 4 * noise(camera.shape), 0, 255).astype(np.uint8)
    eight = measure(Photograph.from_array(pixels)).to_json()
    sixteen = measure(Photograph.from_array(pixels.astype(np.uint16) * 257)).to_json()
    assert eight["grain"] == pytest.approx(sixteen["grain"], abs=1e-4)
    assert eight["sharpness"] == pytest.approx(sixteen["sharpness"], abs=0.05)


def test_measuring_twice_gives_the_same() -> None:
    pixels = data.astronaut()
    assert measured(pixels) == measured(pixels)


def test_the_emulsion_comes_from_the_date() -> None:
    photograph = Photograph.from_array(np.zeros((8, 8), np.uint8))
    assert measure(photograph).emulsion.name == "unknown"
    dated = Photograph(photograph.pixels, replace(photograph.info, name_year=1875))
    emulsion = measure(dated).emulsion
    assert emulsion.name == "blue-sensitive"
    assert "1875" in emulsion.because and "file name" in emulsion.because


def test_of_a_large_picture_no_more_is_looked_at(camera: Picture) -> None:
    grain = 6 * noise((512, 512))
    tile = np.clip(camera + grain, 0, 255).astype(np.uint8)
    large = Photograph.from_array(np.tile(tile, (12, 12)))  # 38 megapixels
    looked_at = sample(large)
    assert len(looked_at.tiles) <= 25
    assert {tile.shape for tile in looked_at.tiles} == {(256, 256)}
    assert max(looked_at.gray.shape) <= 1024
    found = measure(large)
    assert found.grain.sigma * 255 == pytest.approx(6, rel=0.15)


def test_real_old_prints() -> None:
    """What a person sees in a few old prints, the measures see too."""
    beside = Path(__file__).parents[2] / "shared" / "data"
    folder = Path(os.environ.get("PHOTOCHROM_DATA", beside)) / "eval-dev"
    if not folder.is_dir():
        pytest.skip("the evaluation pictures are not here (set PHOTOCHROM_DATA)")
    of = {
        path.stem: measure(Photograph.open(path))
        for path in [*folder.glob("vintage_bw/*"), *folder.glob("damaged/*")]
    }
    assert not any(found.tint.is_color for found in of.values())
    assert of["dmg00"].tint.name == of["dmg02"].tint.name == "sepia"
    assert all(found.tint.name == "neutral" for name, found in of.items() if name[:2] == "bw")
    assert {name for name, found in of.items() if found.halftone} == {"dmg03"}
    # An out-of-focus film frame, and the most compressed of the prints.
    assert max(of, key=lambda name: of[name].sharpness.edge_width or 0) == "dmg05"
    assert max(of, key=lambda name: of[name].blocking.strength) == "bw03"
