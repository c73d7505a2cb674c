"""Resampling, planes, dither: measured against analytic pictures."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from photochrom.film.camera import Camera, Rect
from photochrom.film.frames.lens import Lens, texture
from photochrom.film.frames.pictures import (
    Picture,
    codes_of,
    open_picture,
    picture_from_pixels,
    rgb_from_yuv,
    yuv_from_rgb,
)
from photochrom.film.frames.planes import NEUTRAL, Planes, coverage, extent
from photochrom.film.output.dither import Dither, bayer_matrix
from photochrom.photograph import Photograph

FRAME = (320, 180)


def waves(x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.float64]:
    """A smooth pattern; x and y in frame pixels at the frame's widest view."""
    return np.asarray(
        128
        + 26 * np.sin(2 * np.pi * (0.05 * x + 0.03 * y))
        + 26 * np.sin(2 * np.pi * (0.11 * x - 0.07 * y) + 1)
        + 26 * np.sin(2 * np.pi * (0.16 * x + 0.02 * y) + 2)
    )


def waved_picture(width: int, scale: float) -> Picture:
    """The pattern as a photograph with `scale` pixels a pattern unit."""
    height = width * 9 // 16
    y, x = np.mgrid[0:height, 0:width] + 0.5
    return Picture(waves(x / scale, y / scale).astype(np.float32), None)


def position_error(frame: NDArray[np.float64], x0: float, y0: float, zoom: float) -> float:
    """By how many frame pixels a frame lies right of where it should, by least squares."""
    height, width = frame.shape
    y, x = np.mgrid[0:height, 0:width] + 0.5
    x, y = x0 + x / zoom, y0 + y / zoom
    step = 1e-3
    slope = (waves(x + step, y) - waves(x - step, y)) / (2 * step) / zoom
    wrong = frame - waves(x, y)
    return float(-(slope * wrong).sum() / (slope * slope).sum())


def test_no_columns_are_read_of_what_is_not_seen_yet() -> None:
    """A reveal that has not begun, while the camera is between two of its textures."""
    whole, near = Rect(0, 0, 1, 1), Rect(0.3, 0.3, 0.4, 0.4)
    lens = Lens(waved_picture(640, 2), Camera(whole, near, "linear"), FRAME)
    for width in np.linspace(0.4, 1, 13):
        planes = lens.read(Rect(0.3, 0.3, width, width), slice(0, 0))
        assert [part.shape for part in planes.parts()] == [(180, 0), (90, 0), (90, 0)]


@pytest.mark.parametrize("scale", [0.7, 1.0, 2.3, 3.7])
def test_a_slow_pan_is_where_it_should_be_to_a_hundredth_of_a_pixel(scale: float) -> None:
    """0.1 frame pixels a frame, from pictures poorer and richer than the frame."""
    width = round(400 * scale / 16) * 16  # 16:9 without a rest
    picture = waved_picture(width, scale)
    share = FRAME[0] / (width / scale)
    rects = [Rect((2.3 + 0.1 * k) / (width / scale), 0.05, share, share) for k in range(30)]
    lens = Lens(picture, Camera(rects[0], rects[-1], "linear"), FRAME)
    errors = []
    for rect in rects:
        luma = lens.read(rect).luma / 256
        x0, y0 = rect.left * width / scale, rect.top * picture.luma.shape[0] / scale
        inner = luma[10:-10, 10:-10]
        errors.append(position_error(inner, x0 + 10, y0 + 10, 1.0))
    steps = 0.1 - np.diff(errors)
    assert np.sqrt(np.mean(np.square(errors))) < 0.01
    assert steps.min() > 0.08, "a step backward, or hardly one"


def test_a_zoom_is_where_it_should_be() -> None:
    picture = waved_picture(640, 2.0)
    camera = Camera(Rect(0, 0, 1, 1), Rect(0.3, 0.2, 0.5, 0.5), "linear")
    lens = Lens(picture, camera, FRAME)
    errors = []
    for time in np.linspace(0, 1, 15):
        rect = camera.at(float(time))
        frame = (lens.read(rect).luma / 256)[10:-10, 10:-10]
        zoom = 1 / rect.width
        errors.append(
            position_error(frame, rect.left * 320 + 10 / zoom, rect.top * 180 + 10 / zoom, zoom)
        )
    assert np.sqrt(np.mean(np.square(errors))) < 0.01


def test_a_texture_of_a_long_zoom_holds_all_that_is_seen_through_it() -> None:
    """Whatever the texture, a frame shows the same picture: a ramp that tells where it is."""
    x = np.linspace(20, 230, 1600, dtype=np.float32)
    picture = Picture(np.tile(x, (900, 1)), None)
    camera = Camera(Rect(0, 0, 1, 1), Rect(0.71, 0.6, 0.2, 0.2), "linear")
    lens = Lens(picture, camera, FRAME)
    for time in np.linspace(0, 1, 23):
        rect = camera.at(float(time))
        where = rect.left + rect.width * (np.arange(FRAME[0]) + 0.5) / FRAME[0]
        expected = np.interp(where * 1600 - 0.5, np.arange(1600), x)
        seen = lens.read(rect).luma[90] / 256
        assert seen[6:-6] == pytest.approx(expected[6:-6], abs=0.1)


def test_fine_detail_does_not_alias() -> None:
    """Stripes three times finer than the frame's pixels become even gray."""
    width = 2400
    stripes = np.where(np.arange(width) % 2 == 0, 40.0, 210.0).astype(np.float32)
    picture = Picture(np.tile(stripes, (1350, 1)), None)
    rect = Rect(0.013, 0.02, 0.9, 0.9)
    lens = Lens(picture, Camera(rect, rect), FRAME)
    luma = lens.read(rect).luma[5:-5, 5:-5] / 256
    assert luma.std() < 0.5
    assert luma.mean() == pytest.approx(125, abs=0.5)


def test_sharpness_does_not_hang_on_where_pixels_fall() -> None:
    """On white noise, the worst there is: grain must not breathe while the camera creeps."""
    rng = np.random.default_rng(3)
    picture = Picture(rng.uniform(30, 220, (900, 1600)).astype(np.float32), None)
    rects = [Rect(0.1 + k / 16 / 1600, 0.1 + k / 16 / 900, 0.5, 0.5) for k in range(32)]
    lens = Lens(picture, Camera(rects[0], rects[-1]), FRAME)
    contrast = np.array([(lens.read(rect).luma / 256).std() for rect in rects])
    assert contrast.max() / contrast.min() < 1.035


def test_sharpness_does_not_jump_in_a_zoom() -> None:
    rng = np.random.default_rng(3)
    picture = Picture(rng.uniform(30, 220, (720, 1280)).astype(np.float32), None)
    camera = Camera(Rect(0, 0, 1, 1), Rect(0.3, 0.3, 0.35, 0.35), "linear")
    lens = Lens(picture, camera, FRAME)
    contrast = np.array(
        [(lens.read(camera.at(float(time))).luma / 256).std() for time in np.linspace(0, 1, 300)]
    )
    assert np.abs(np.diff(contrast) / contrast[1:]).max() < 0.02


@given(st.integers(17, 235), st.floats(0, 0.4), st.floats(0.3, 0.6))
@settings(max_examples=25, deadline=None)
def test_a_plain_picture_gives_a_plain_frame(code: int, corner: float, share: float) -> None:
    picture = Picture(np.full((90, 160), code, np.float32), None)
    rect = Rect(corner, corner, share, share)
    planes = Lens(picture, Camera(rect, rect), (64, 36)).read(rect)
    assert (planes.luma == code * 256).all()
    assert (planes.cb == NEUTRAL).all()


def test_columns_are_the_same_columns_of_the_whole_frame() -> None:
    picture = picture_from_pixels(
        np.random.default_rng(0).integers(0, 255, (90, 160, 3)).astype(np.uint8)
    )
    rect = Rect(0.11, 0.07, 0.7, 0.7)
    lens = Lens(picture, Camera(rect, rect), (128, 72))
    whole, part = lens.read(rect), lens.read(rect, slice(40, 96))
    # A position in the middle of two 1/32 may be rounded either way; this picture is all noise.
    luma = np.abs(whole.luma[:, 40:96].astype(int) - part.luma) / 256
    chroma = np.abs(whole.cb[:, 20:48].astype(int) - part.cb) / 256
    assert max(luma.max(), chroma.max()) < 4
    assert max(luma.mean(), chroma.mean()) < 0.05


def test_chroma_lies_where_video_has_it() -> None:
    """A ramp of color: chroma sample i belongs to luma column 2 i, not to the pair's middle."""
    width, height = 640, 360
    ramp = np.linspace(0, 1, width, dtype=np.float32)
    rgb = np.stack([ramp, np.full(width, 0.5, np.float32), 1 - ramp], axis=-1)
    pixels = (np.tile(rgb, (height, 1, 1)) * 65535).astype(np.uint16)
    rect = Rect(0, 0, 1, 1)
    planes = Lens(picture_from_pixels(pixels), Camera(rect, rect), (320, 180)).read(rect)
    centers = (np.arange(320)[::2] + 0.5) / 320
    expected = np.stack([centers, np.full(160, 0.5), 1 - centers], axis=-1).astype(np.float32)
    _, cb, cr = yuv_from_rgb(expected)
    assert planes.cb[45, 4:-4] / 256 == pytest.approx(cb[4:-4], abs=0.12)
    assert planes.cr[45, 4:-4] / 256 == pytest.approx(cr[4:-4], abs=0.12)


def test_a_texture_keeps_only_what_is_seen() -> None:
    plane = np.zeros((1000, 2000), np.float32)
    part = texture(plane, Rect(0.5, 0.5, 0.1, 0.1), 400, 2)
    assert part.samples.shape[1] < 110
    assert part.left == pytest.approx(0.485)


@given(st.integers(0, 255), st.integers(0, 255), st.integers(0, 255))
def test_colors_survive_yuv(red: int, green: int, blue: int) -> None:
    rgb = np.array([red, green, blue], np.float32) / 255
    again = rgb_from_yuv(*yuv_from_rgb(rgb))
    assert again == pytest.approx(rgb, abs=1e-5)
    assert codes_of(f"#{red:02x}{green:02x}{blue:02x}") == pytest.approx(
        [float(plane) for plane in yuv_from_rgb(rgb)], abs=1e-4
    )


def test_reference_codes() -> None:
    """BT.709: white 235, black 16, pure red Y 63 Cb 102 Cr 240."""
    assert codes_of("#ffffff") == pytest.approx((235, 128, 128), abs=1e-3)
    assert codes_of("#000000") == pytest.approx((16, 128, 128), abs=1e-3)
    assert codes_of("#ff0000") == pytest.approx((62.6, 102.3, 240), abs=0.1)


def test_gray_pictures_have_no_chroma() -> None:
    picture = picture_from_pixels(np.full((100, 301), 65535, np.uint16))
    assert picture.chroma is None
    assert (picture.luma == 235).all()


def test_no_more_of_a_picture_is_kept_than_is_wanted(tmp_path: Path) -> None:
    rng = np.random.default_rng(2)
    path = tmp_path / "a.tif"
    blocks = rng.integers(0, 65535, (60, 80, 3)).astype(np.uint16)
    Photograph.from_array(np.kron(blocks, np.ones((10, 10, 1), np.uint16))).save(path)
    whole, same, tenth = open_picture(path), open_picture(path, 500), open_picture(path, 75)
    assert whole.luma.shape == same.luma.shape == (600, 800)
    assert tenth.luma.shape == (60, 80)
    assert tenth.luma == pytest.approx(whole.luma[::10, ::10], abs=0.01)


def test_the_dither_matrix_is_a_fair_one() -> None:
    matrix = bayer_matrix()
    assert sorted(matrix.flat) == list(range(2, 256, 4))
    quarters = [matrix[y : y + 4, x : x + 4].mean() for y in (0, 4) for x in (0, 4)]
    assert quarters == pytest.approx([128] * 4, abs=8)


@given(st.integers(16 * 256, 235 * 256))
@settings(max_examples=40, deadline=None)
def test_dither_keeps_the_mean_and_never_strays_by_a_code(value: int) -> None:
    size = (16, 16)
    planes = Planes(
        np.full((16, 16), value, np.uint16),
        np.full((8, 8), NEUTRAL, np.uint16),
        np.full((8, 8), value, np.uint16),
    )
    out = Dither(size).to_samples(planes)
    assert out.shape == (24, 16)
    luma = out[:16].astype(float)
    assert luma.mean() == pytest.approx(value / 256, abs=1 / 64)
    assert luma.max() - luma.min() <= 1
    cb, cr = out[16:].reshape(2, 8, 8)
    assert (cb == 128).all()
    assert cr.mean() == pytest.approx(value / 256, abs=1 / 64)


def test_mixing_halfway_is_the_mean() -> None:
    rng = np.random.default_rng(1)
    one, other = (
        Planes(*(rng.integers(0, 65000, shape).astype(np.uint16) for shape in shapes))
        for shapes in [[(8, 8), (4, 4), (4, 4)]] * 2
    )
    mean = (one.luma.astype(float) + other.luma) / 2
    assert np.abs(one.mixed(other, 0.5).luma - mean).max() <= 0.5


@given(st.floats(-20, 20), st.floats(0.1, 30), st.sampled_from([0.25, 0.5]))
def test_coverage_adds_up_to_what_is_covered(low: float, length: float, site: float) -> None:
    covered = coverage(low, low + length, 16, site)
    begin, end = site - 0.5, site - 0.5 + 16
    expected = max(0.0, min(end, low + length) - max(begin, low))
    assert covered.sum() == pytest.approx(expected, abs=1e-3)
    assert covered.min() >= 0 and covered.max() <= 1


def test_extent_of_a_matted_picture() -> None:
    assert extent(Rect(-0.5, -0.25, 2, 2), (100, 80)) == (25, 10, 75, 50)
