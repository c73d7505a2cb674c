"""Prints are found in made scans whose edges are known, and photographs are left alone."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from photochrom.errors import PhotographError
from photochrom.geometry import Geometry
from photochrom.measure.tint import measure_tint
from photochrom.photograph import Photograph
from photochrom.trimming import Trim, crop_of, degrees_of
from photochrom.trimming.cutting import cut
from photochrom.trimming.finding import find
from photochrom.trimming.trimmed import trim

Pixels = NDArray[np.uint8]
SIZE = (1000, 760)
PAPER = (226, 220, 200)
FELT = (40, 95, 60)


def picture(width: int = 600, height: int = 440, seed: int = 3) -> Pixels:
    """Soft spots of all tones, as in a photograph; its edges have any of them."""
    rng = np.random.default_rng(seed)
    small = rng.uniform(20, 235, (height // 40, width // 40)).astype(np.float32)
    light = cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC)
    light += rng.normal(0, 4, light.shape)
    return np.repeat(np.clip(light, 12, 222).astype(np.uint8)[..., None], 3, axis=2)


def bordered(inner: Pixels, width: int = 26) -> Pixels:
    return cv2.copyMakeBorder(inner, *[width] * 4, cv2.BORDER_CONSTANT, value=PAPER)


def laid(
    print_: Pixels,
    ground: tuple[int, int, int] = FELT,
    degrees: float = 0.0,
    tilt: float = 0.0,
    size: tuple[int, int] = SIZE,
    rough: float = 2.0,
) -> tuple[Pixels, NDArray[np.float64]]:
    """A print on a ground, turned clockwise and leaning back, as a camera sees it; its corners."""
    height, width = print_.shape[:2]
    half = np.array([[-width, -height], [width, -height], [width, height], [-width, height]]) / 2
    angle, lean, focal = math.radians(degrees), math.radians(tilt), 0.9 * max(size)
    turn = np.array([[math.cos(angle), math.sin(angle)], [-math.sin(angle), math.cos(angle)]])
    flat = half @ turn
    depth = focal + flat[:, 1] * math.sin(lean)
    seen = np.stack([flat[:, 0], flat[:, 1] * math.cos(lean)], axis=1) * focal / depth[:, None]
    corners = seen + np.array(size) / 2
    source = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32) - 0.5
    there = cv2.getPerspectiveTransform(source, (corners - 0.5).astype(np.float32))
    cover = cv2.warpPerspective(np.ones(print_.shape[:2], np.float32), there, size)[..., None]
    shown = cv2.warpPerspective(print_, there, size, flags=cv2.INTER_CUBIC)
    noise = np.random.default_rng(9).normal(0, rough, (*size[::-1], 1))
    scan = (np.array(ground) + noise) * (1 - cover) + shown * cover
    return np.clip(scan, 0, 255).astype(np.uint8), corners


def far(found: Any, corners: NDArray[np.float64]) -> float:
    """How far the worst corner is from where it is, in pixels."""
    assert found is not None
    return float(np.abs(np.array(found) * SIZE - corners).max())


# -- what is found ---------------------------------------------------------------------------


@pytest.mark.parametrize("ground", [FELT, (2, 2, 3), (150, 60, 50), (90, 62, 30)])
@pytest.mark.parametrize("degrees", [-3.4, 0.0, 1.2])
def test_a_print_is_found_on_its_surround(ground: tuple[int, int, int], degrees: float) -> None:
    scan, corners = laid(picture(), ground, degrees)
    found = find(scan)
    assert far(found.print, corners) < 2
    assert found.picture is None


@pytest.mark.parametrize("tilt", [-14, 9])
def test_a_print_is_found_that_was_photographed_askew(tilt: float) -> None:
    scan, corners = laid(picture(), FELT, 1.5, tilt)
    assert far(find(scan).print, corners) < 2.5


def test_the_border_of_a_print_is_told_from_its_surround() -> None:
    scan, corners = laid(bordered(picture()), FELT, 2.0)
    _, inner = laid(picture(), FELT, 2.0)
    found = find(scan)
    assert far(found.print, corners) < 2
    assert far(found.picture, inner) < 2.5


def test_a_light_border_to_the_edges_of_the_scan_is_no_surround() -> None:
    found = find(bordered(picture(), 30))
    assert found.print is None
    assert found.picture is not None


def test_a_print_on_a_white_lid_is_found_when_it_has_a_border() -> None:
    scan, corners = laid(bordered(picture()), (251, 251, 252), 1.0, rough=0.6)
    found = find(scan)
    assert found.surround == "light"
    assert far(found.print, corners) < 2.5
    assert found.picture is not None


def horizon() -> Pixels:
    sea = picture()
    sea[:200] = 214
    return sea


def facade() -> Pixels:
    """A straight-edged house before an even sky, to the ground."""
    house = np.full((440, 600, 3), 222, np.uint8)
    house[90:, 120:480] = picture(360, 350)
    return house


def oval() -> Pixels:
    plain = np.full((440, 600, 3), 20, np.uint8)
    cover = cv2.ellipse(np.zeros((440, 600), np.uint8), (300, 220), (250, 190), 0, 0, 360, 1, -1)
    return np.where(cover[..., None] > 0, picture(), plain)


@pytest.mark.parametrize("photograph", [picture, horizon, facade, oval])
def test_a_photograph_that_fills_its_scan_is_left_alone(photograph: Callable[[], Pixels]) -> None:
    found = find(photograph())
    assert found.print is None and found.picture is None
    assert found.doubt


# -- what is cut -----------------------------------------------------------------------------


def trimmed(scan: Pixels, asked: Trim) -> Any:
    return trim(Photograph.from_array(scan), asked)


def test_what_surrounds_a_print_is_cut_and_it_is_levelled() -> None:
    scan, _ = laid(picture(), FELT, 2.4)
    result = trimmed(scan, Trim(crop="auto"))
    size = np.array(result.photograph.pixels.shape[1::-1])
    assert np.abs(size - (600, 440)).max() <= 5
    assert result.notes["degrees"] == pytest.approx(-2.4, abs=0.15)
    assert "green" not in result.notices
    # Nothing of the felt is left, at any edge.
    edges = [result.photograph.pixels[rows] for rows in (slice(0, 2), slice(-2, None))]
    edges += [result.photograph.pixels[:, rows] for rows in (slice(0, 2), slice(-2, None))]
    for edge in edges:
        spread = edge.reshape(-1, 3).astype(int)
        assert (np.ptp(spread, axis=1) <= 6).mean() > 0.98
    assert "turned counterclockwise by 2.4 degrees" in result.notices


@pytest.mark.parametrize("tilt", [-14, 12])
def test_a_print_seen_askew_gets_its_shape_back(tilt: float) -> None:
    scan, _ = laid(picture(), FELT, 2.0, tilt)
    pixels = trimmed(scan, Trim(crop="auto")).photograph.pixels
    assert pixels.shape[1] / pixels.shape[0] == pytest.approx(600 / 440, rel=0.02)
    original = cv2.resize(picture(), pixels.shape[1::-1], interpolation=cv2.INTER_AREA)
    likeness = np.corrcoef(original[..., 0].ravel(), pixels[..., 0].ravel())[0, 1]
    assert likeness > 0.98


def test_a_border_is_kept_unless_it_is_to_be_cut() -> None:
    scan, _ = laid(bordered(picture()), FELT, 1.0)
    kept = trimmed(scan, Trim(crop="auto"))
    gone = trimmed(scan, Trim(frame="cut"))
    assert np.abs(np.array(kept.geometry.size) - (652, 492)).max() <= 5
    assert np.abs(np.array(gone.geometry.size) - (600, 440)).max() <= 5
    assert kept.notes["border"] == "kept" and gone.notes["border"] == "cut"


def test_what_is_not_sure_is_not_cut_and_said() -> None:
    scan = picture()
    result = trimmed(scan, Trim(crop="auto", straighten="auto"))
    assert result.photograph.pixels is not None
    np.testing.assert_array_equal(result.photograph.pixels, scan)
    assert result.geometry.is_whole
    assert result.notices == (
        "not cut: nothing even surrounds it",
        "not turned: nothing even surrounds it",
    )


def test_a_part_is_cut_to_the_pixel_in_its_own_depth() -> None:
    scan = np.random.default_rng(1).integers(0, 2**16, (80, 100, 3), dtype=np.uint16)
    result = trim(Photograph.from_array(scan), Trim(crop=(0.1, 0.25, 0.5, 0.5)))
    np.testing.assert_array_equal(result.photograph.pixels, scan[20:60, 10:60])


def test_straightening_turns_about_the_middle_and_shows_nothing_beyond_the_scan() -> None:
    scan = np.full((400, 600), 200, np.uint8)
    result = trim(Photograph.from_array(scan), Trim(straighten=5.0))
    assert (result.photograph.pixels == 200).all()
    middle = result.geometry.to_scan((0.5, 0.5))
    assert middle == pytest.approx((0.5, 0.5), abs=1e-6)
    width, height = result.geometry.size
    assert width / height == pytest.approx(1.5, rel=0.01)


def test_turning_clockwise_is_clockwise() -> None:
    scan = np.zeros((400, 600), np.uint8)
    scan[195:205] = 255
    turned = trim(Photograph.from_array(scan), Trim(straighten=10.0)).photograph.pixels
    left, right = (int(turned[:, column].argmax()) for column in (20, -20))
    assert left < right


def test_corners_are_taken_as_they_are_told() -> None:
    scan, corners = laid(picture(), FELT, 3.0, 10)
    shares = tuple(float(one) for one in (corners / SIZE).ravel())
    told = trim(Photograph.from_array(scan), Trim(crop=shares))
    found = trim(Photograph.from_array(scan), Trim(crop="auto"))
    assert np.array(told.geometry.size) == pytest.approx(np.array(found.geometry.size), abs=6)


def test_16_bits_stay_16_bits_when_turned() -> None:
    scan = np.linspace(0, 65535, 300 * 200).reshape(200, 300).astype(np.uint16)
    result = trim(Photograph.from_array(scan), Trim(straighten=3.0)).photograph.pixels
    assert result.dtype == np.uint16
    assert len(np.unique(result)) > 5000


def test_nearly_nothing_is_no_picture() -> None:
    scan = Photograph.from_array(np.zeros((100, 100), np.uint8))
    with pytest.raises(PhotographError, match="leave 16 pixels"):
        trim(scan, Trim(crop=(0.5, 0.5, 0.1, 0.1)))


def test_large_pictures_are_turned_piece_by_piece_and_are_the_same() -> None:
    scan = cv2.resize(picture()[..., 0], (5000, 300), interpolation=cv2.INTER_CUBIC)
    geometry = trim(Photograph.from_array(scan), Trim(straighten=1.0)).geometry
    whole = cut(scan, geometry)
    matrix = geometry.matrix((5000, 300), geometry.size)
    at_once = cv2.warpPerspective(
        scan, matrix, geometry.size, flags=cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP
    )
    differs = np.abs(whole.astype(int) - at_once)[3:-3, 3:-3]
    assert differs.max() <= 3


# -- glare -----------------------------------------------------------------------------------


def with_glare(scan: Pixels, at: tuple[int, int], size: float) -> Pixels:
    y, x = np.indices(scan.shape[:2])
    lamp = 330 * np.exp(-((x - at[0]) ** 2 + (y - at[1]) ** 2) / (2 * size**2))
    return np.clip(scan + lamp[..., None], 0, 255).astype(np.uint8)


def test_glare_is_said_with_its_place() -> None:
    scan, _ = laid(picture(), FELT)
    result = trimmed(with_glare(scan, (380, 290), 36), Trim(crop="auto"))
    (place,) = result.notes["glare"]
    assert place["at"] == pytest.approx([0.38, 290 / 760], abs=0.03)
    assert any(one.startswith("glare in the upper left hides") for one in result.notices)


def test_glare_makes_no_color_photograph_of_a_brown_print() -> None:
    brown = (picture() * np.array([1.0, 0.78, 0.5])).astype(np.uint8)
    scan, _ = laid(brown, FELT)
    result = trimmed(with_glare(scan, (480, 390), 70), Trim(crop="auto"))
    pixels = result.photograph.pixels.astype(np.float32) / 255
    assert measure_tint(pixels).is_color
    (glare,) = result.glare
    assert not measure_tint(pixels, [(glare.at, glare.share)]).is_color
    # What is in color stays so, though glare lies on it.
    red = brown.copy()
    red[:, :300] = red[:, :300, ::-1]
    scan, _ = laid(red, FELT)
    result = trimmed(with_glare(scan, (480, 390), 70), Trim(crop="auto"))
    pixels = result.photograph.pixels.astype(np.float32) / 255
    assert measure_tint(pixels, [(one.at, one.share) for one in result.glare]).is_color


def test_white_things_with_edges_are_no_glare() -> None:
    shirt = picture()
    cv2.ellipse(shirt, (300, 200), (70, 90), 20, 0, 360, (255, 255, 255), -1)
    scan, _ = laid(shirt, FELT)
    assert trimmed(scan, Trim(crop="auto")).notes["glare"] == []


# -- places ----------------------------------------------------------------------------------

inside = st.floats(0.02, 0.98)
off = st.floats(0, 0.3)


@settings(max_examples=60, deadline=None)
@given(st.tuples(*[off] * 8), inside, inside)
def test_places_lead_there_and_back(moved: tuple[float, ...], x: float, y: float) -> None:
    a, b, c, d, e, f, g, h = moved
    geometry = Geometry(((a, b), (1 - c, d), (1 - e, 1 - f), (g, 1 - h)), (300, 200))
    there = geometry.to_scan((x, y))
    assert geometry.to_picture(there) == pytest.approx((x, y), abs=1e-6)
    assert geometry.shows(there)
    assert Geometry.of(geometry.data()) == geometry


@pytest.mark.parametrize(
    "corners",
    [
        ((0, 0), (1, 0), (0, 1), (1, 1)),  # crossed
        ((0, 0), (0, 1), (1, 1), (1, 0)),  # the other way round
        ((0, 0), (1.2, 0), (1, 1), (0, 1)),  # outside
        ((0, 0), (1, 0), (0.3, 0.3), (0, 1)),  # dented
        ((0, 0), (1, 0), (math.nan, 1), (0, 1)),
    ],
)
def test_corners_that_are_none_are_refused(corners: Any) -> None:
    with pytest.raises(ValueError):
        Geometry(corners, (10, 10))


# -- what is asked ---------------------------------------------------------------------------


def test_what_people_write() -> None:
    assert crop_of("auto") == degrees_of("auto") == "auto"
    assert crop_of("0.1, 0.2, 0.5, 0.6") == (0.1, 0.2, 0.5, 0.6)
    assert degrees_of("-1.5") == -1.5


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("all", "is no crop"),
        ("1,2,3", "is not inside the scan|is no crop"),
        ("100,100,400,300", "shares, not pixels"),
        ("0.5,0.5,0.6,0.6", "reaches beyond"),
        ("0,0,0,1", "has no width"),
        ("nan,0,1,1", "is no crop"),
        ("0,0,1,1,1,0,0,1", "clockwise"),
    ],
)
def test_what_is_no_crop_is_told(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        crop_of(text)


@pytest.mark.parametrize("text", ["level", "90", "nan"])
def test_what_is_no_angle_is_told(text: str) -> None:
    with pytest.raises(ValueError, match="degrees"):
        degrees_of(text)
