"""Reading scans of every kind."""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import imagecodecs
import numpy as np
import pytest
import tifffile
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageCms

from photochrom.colorspace import linear_to_srgb
from photochrom.errors import PhotographError
from photochrom.photograph import Photograph, gray_profile, srgb_profile
from photochrom.photograph.develop import upright


def picture(shape: tuple[int, ...], dtype: str = "uint8", seed: int = 0) -> np.ndarray:
    full = np.iinfo(dtype).max
    return np.random.default_rng(seed).integers(0, full + 1, shape).astype(dtype)


def smooth(shape: tuple[int, ...]) -> np.ndarray:
    """A picture that lossy formats keep well."""
    ramps = [np.linspace(20, 230, shape[0])[:, None] + np.zeros(shape[1])]
    ramps += [np.linspace(200, 40, shape[1])[None] + np.zeros((shape[0], 1))]
    ramps += [(ramps[0] + ramps[1]) / 2]
    return (ramps[0] if len(shape) == 2 else np.stack(ramps, -1)).round().astype(np.uint8)


TIFFS: dict[str, tuple[tuple[int, ...], str, dict[str, Any]]] = {
    "gray 8": ((40, 61), "uint8", {}),
    "gray 16": ((40, 61), "uint16", {}),
    "gray 16 big-endian": ((40, 61), "uint16", {"byteorder": ">"}),
    "rgb 8 lzw": ((40, 61, 3), "uint8", {"compression": "lzw", "predictor": True}),
    "rgb 16 deflate": ((40, 61, 3), "uint16", {"compression": "zlib", "rowsperstrip": 7}),
    "rgb 16 zstd tiles": ((40, 61, 3), "uint16", {"compression": "zstd", "tile": (32, 16)}),
    "rgb 8 packbits": ((40, 61, 3), "uint8", {"compression": "packbits"}),
    "rgb 16 bigtiff": ((40, 61, 3), "uint16", {"bigtiff": True}),
}


@pytest.mark.parametrize("kind", TIFFS)
def test_tiffs_come_back_to_the_bit(tmp_path: Path, kind: str) -> None:
    shape, dtype, options = TIFFS[kind]
    pixels = picture(shape, dtype)
    photometric = "minisblack" if len(shape) == 2 else "rgb"
    tifffile.imwrite(tmp_path / "a.tif", pixels, photometric=photometric, **options)
    photograph = Photograph.open(tmp_path / "a.tif")
    assert photograph.pixels.dtype == dtype
    np.testing.assert_array_equal(photograph.pixels, pixels)
    assert (photograph.info.format, photograph.info.bit_depth) == ("tiff", int(dtype[4:]))


def test_planar_tiff(tmp_path: Path) -> None:
    pixels = picture((40, 61, 3), "uint16")
    tifffile.imwrite(
        tmp_path / "a.tif", np.moveaxis(pixels, -1, 0), photometric="rgb", planarconfig="separate"
    )
    np.testing.assert_array_equal(Photograph.open(tmp_path / "a.tif").pixels, pixels)


@pytest.mark.parametrize("dtype", ["uint8", "uint16"])
def test_white_is_zero_is_inverted(tmp_path: Path, dtype: str) -> None:
    pixels = picture((20, 30), dtype)
    tifffile.imwrite(tmp_path / "a.tif", pixels, photometric="miniswhite")
    opened = Photograph.open(tmp_path / "a.tif").pixels
    np.testing.assert_array_equal(opened, np.iinfo(dtype).max - pixels)


def test_palette_tiff(tmp_path: Path) -> None:
    index = picture((20, 30))
    colors = picture((3, 256), "uint8", seed=1).astype(np.uint16)
    tifffile.imwrite(tmp_path / "a.tif", index, photometric="palette", colormap=colors * 257)
    opened = Photograph.open(tmp_path / "a.tif").pixels
    np.testing.assert_array_equal(opened, colors.T[index].astype(np.uint8))


def test_bilevel_tiff_is_black_and_white(tmp_path: Path) -> None:
    Image.fromarray(picture((20, 30)) > 127).save(tmp_path / "a.tif", compression="group4")
    opened = Photograph.open(tmp_path / "a.tif").pixels
    np.testing.assert_array_equal(opened, (picture((20, 30)) > 127) * np.uint8(255))


def test_cmyk_without_a_profile_is_what_the_inks_leave_of_white(tmp_path: Path) -> None:
    inks = np.zeros((2, 3, 4), np.uint8)
    inks[0, 1] = (255, 0, 0, 0)  # cyan
    inks[0, 2] = (0, 0, 0, 255)  # black
    inks[1, 0] = (0, 128, 0, 0)
    tifffile.imwrite(tmp_path / "a.tif", inks, photometric="separated")
    opened = Photograph.open(tmp_path / "a.tif")
    assert opened.pixels[0, 0].tolist() == [65535] * 3
    assert opened.pixels[0, 1].tolist() == [0, 65535, 65535]
    assert opened.pixels[0, 2].tolist() == [0, 0, 0]
    assert opened.pixels[1, 0].tolist() == [65535, (255 - 128) * 257, 65535]
    assert opened.info.channels == 4
    told = "it is CMYK without a profile, and was taken as plain inks on white paper"
    assert opened.info.notices == (told,) == Photograph.probe(tmp_path / "a.tif").notices


def test_a_profile_for_samples_of_another_kind_is_told_of(tmp_path: Path) -> None:
    for mode, meant in (("L", None), ("RGB", None), ("CMYK", "plain inks on white paper")):
        Image.new(mode, (32, 32)).save(tmp_path / "a.jpg", icc_profile=srgb_profile())
        told = f"its profile is not for samples of its kind; they were taken as {meant}"
        assert Photograph.open(tmp_path / "a.jpg").info.notices == ((told,) if meant else ())
    Image.new("RGB", (32, 32)).save(tmp_path / "a.jpg", icc_profile=gray_profile())
    (told,) = Photograph.open(tmp_path / "a.jpg").info.notices
    assert told.endswith("taken as sRGB")


def test_jpeg_in_tiff(tmp_path: Path) -> None:
    pixels = smooth((64, 80, 3))
    tifffile.imwrite(tmp_path / "a.tif", pixels, photometric="rgb", compression="jpeg")
    difference = Photograph.open(tmp_path / "a.tif").pixels.astype(int) - pixels
    assert np.abs(difference).max() <= 12


def test_a_thumbnail_in_front_is_skipped(tmp_path: Path) -> None:
    pixels = picture((40, 60))
    with tifffile.TiffWriter(tmp_path / "a.tif") as tiff:
        tiff.write(pixels[::4, ::4], subfiletype=1)
        tiff.write(pixels)
    np.testing.assert_array_equal(Photograph.open(tmp_path / "a.tif").pixels, pixels)


@pytest.mark.parametrize("shape", [(33, 47), (33, 47, 3)])
@pytest.mark.parametrize("dtype", ["uint8", "uint16"])
def test_png_comes_back_to_the_bit(tmp_path: Path, shape: tuple[int, ...], dtype: str) -> None:
    pixels = picture(shape, dtype)
    (tmp_path / "a.png").write_bytes(imagecodecs.png_encode(pixels))
    opened = Photograph.open(tmp_path / "a.png")
    assert opened.pixels.dtype == dtype
    np.testing.assert_array_equal(opened.pixels, pixels)
    assert opened.info.bit_depth == int(dtype[4:])


@pytest.mark.parametrize("suffix", ["jpg", "webp", "jp2", "avif"])
def test_lossy_formats_come_close(tmp_path: Path, suffix: str) -> None:
    pixels = smooth((64, 80, 3))
    Image.fromarray(pixels).save(tmp_path / f"a.{suffix}", quality=95)
    opened = Photograph.open(tmp_path / f"a.{suffix}")
    assert np.abs(opened.pixels.astype(int) - pixels).max() <= 12
    assert opened.info.channels == 3


def test_cmyk_jpeg_is_not_inverted(tmp_path: Path) -> None:
    Image.new("CMYK", (32, 32), (0, 200, 0, 0)).save(tmp_path / "a.jpg")
    red, green, blue = Photograph.open(tmp_path / "a.jpg").pixels[16, 16] / 65535
    assert red > 0.95 and blue > 0.95 and green < 0.3


def test_rgb_with_identical_channels_is_gray(tmp_path: Path) -> None:
    gray = picture((30, 40))
    Image.fromarray(np.repeat(gray[..., None], 3, -1)).save(tmp_path / "a.png")
    opened = Photograph.open(tmp_path / "a.png")
    np.testing.assert_array_equal(opened.pixels, gray)
    assert opened.info.channels == 3


@pytest.mark.parametrize("mode", ["LA", "RGBA"])
def test_alpha_is_composited_on_white(tmp_path: Path, mode: str) -> None:
    channels = len(mode)
    pixels = np.full((4, 4, channels), 100, np.uint8)
    pixels[..., -1] = [0, 51, 204, 255]
    Image.fromarray(pixels, mode).save(tmp_path / "a.png")
    opened = Photograph.open(tmp_path / "a.png")
    assert opened.pixels.shape == (4, 4)
    assert opened.pixels[0].tolist() == [255, 224, 131, 100]
    assert opened.info.alpha


def test_premultiplied_alpha_is_divided_out_first(tmp_path: Path) -> None:
    pixels = np.array([[[50, 20, 0, 128]]], np.uint8)
    tifffile.imwrite(tmp_path / "a.tif", pixels, photometric="rgb", extrasamples=["assocalpha"])
    # Compositing premultiplied color c over white is c + (1 - alpha) * 255.
    assert Photograph.open(tmp_path / "a.tif").pixels[0, 0].tolist() == [177, 147, 127]


def test_an_infrared_channel_hides_nothing(tmp_path: Path) -> None:
    pixels = picture((20, 30, 4), "uint16")
    tifffile.imwrite(tmp_path / "a.tif", pixels, photometric="rgb", extrasamples=["unspecified"])
    np.testing.assert_array_equal(Photograph.open(tmp_path / "a.tif").pixels, pixels[..., :3])


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("suffix", ["tif", "png", "jpg", "webp"])
def test_orientation(tmp_path: Path, orientation: int, suffix: str) -> None:
    pixels = np.full((32, 64), 20, np.uint8)
    pixels[:8], pixels[:, :8], pixels[16:20, :40] = 230, 230, 230
    exif = Image.Exif()
    exif[274] = orientation
    path = tmp_path / f"a.{suffix}"
    Image.fromarray(pixels).convert("RGB").save(path, exif=exif, quality=95)
    transpose = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_270,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_90,
    }
    wanted = Image.fromarray(pixels)
    if orientation > 1:
        wanted = wanted.transpose(transpose[orientation])
    opened = Photograph.open(path)
    gray = opened.gray() * 255
    assert (opened.width, opened.height) == wanted.size
    assert (opened.info.width, opened.info.height) == wanted.size
    assert opened.info.orientation == orientation
    assert np.abs(gray - np.asarray(wanted)).mean() < 4
    assert opened.pixels.flags.c_contiguous


@given(st.integers(1, 8), st.integers(1, 5), st.integers(1, 5))
def test_every_orientation_keeps_every_pixel(orientation: int, height: int, width: int) -> None:
    pixels = np.arange(height * width, dtype=np.uint16).reshape(height, width)
    turned = upright(pixels, orientation)
    assert sorted(turned.ravel()) == sorted(pixels.ravel())
    # The inverse of a quarter turn is the other quarter turn; all others undo themselves.
    back = {6: 8, 8: 6}.get(orientation, orientation)
    np.testing.assert_array_equal(upright(turned, back), pixels)


def test_a_gray_profile_is_converted_exactly(tmp_path: Path) -> None:
    ramp = np.arange(65536, dtype=np.uint16).reshape(256, 256)
    profile = imagecodecs.cms_profile("gray", gamma=1.8)
    tifffile.imwrite(tmp_path / "a.tif", ramp, photometric="minisblack", iccprofile=profile)
    opened = Photograph.open(tmp_path / "a.tif")
    wanted = linear_to_srgb((ramp / 65535.0) ** 1.8) * 65535
    assert np.abs(opened.pixels - wanted).max() <= 12
    assert opened.info.profile is not None and "gray" in opened.info.profile


def test_a_wide_profile_is_converted_at_16_bits(tmp_path: Path) -> None:
    profile = imagecodecs.cms_profile("adobergb")
    pixels = np.zeros((2, 4, 3), np.uint8)
    pixels[0] = [[128, 128, 128], [200, 100, 100], [0, 255, 0], [255, 255, 255]]
    tifffile.imwrite(tmp_path / "a.tif", pixels, photometric="rgb", iccprofile=profile)
    opened = Photograph.open(tmp_path / "a.tif").pixels
    assert opened.dtype == np.uint16
    gray, red, green, white = opened[0].astype(int)
    # Gamma 2.2 to the sRGB curve; neutral stays neutral, white stays white.
    assert np.abs(gray - linear_to_srgb((128 / 255) ** 2.19921875) * 65535).max() < 40
    assert np.abs(white - 65535).max() <= 12
    # By the matrix of Adobe RGB (1998); and its green lies outside sRGB.
    assert np.abs(red / 257 - [226.8, 100.0, 100.0]).max() < 0.5
    assert green[0] == 0 and green[1] == 65535


def test_srgb_by_any_name_is_left_alone(tmp_path: Path) -> None:
    pixels = picture((20, 30, 3))
    profiles = {
        "ours": srgb_profile(),
        "LittleCMS": ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes(),
        "another": imagecodecs.cms_profile("srgb"),
        "broken": b"not a profile" * 20,
    }
    for name, profile in profiles.items():
        tifffile.imwrite(tmp_path / "a.tif", pixels, photometric="rgb", iccprofile=profile)
        opened = Photograph.open(tmp_path / "a.tif").pixels
        assert opened.dtype == np.uint8, name
        np.testing.assert_array_equal(opened, pixels)


def test_gray_is_weighed_in_linear_light() -> None:
    pixels = np.array([[[255, 0, 0], [0, 255, 0], [0, 0, 255], [90, 90, 90]]], np.uint8)
    wanted = [*linear_to_srgb([0.2126, 0.7152, 0.0722]), 90 / 255]
    np.testing.assert_allclose(Photograph.from_array(pixels).gray()[0], wanted, atol=1e-4)
    deep = pixels.astype(np.uint16) * 257
    np.testing.assert_allclose(Photograph.from_array(deep).gray()[0], wanted, atol=1e-4)


@pytest.mark.parametrize("shape", [(3, 4, 4), (4,), (0, 5), (3, 4, 1)])
def test_from_array_refuses_other_shapes(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="pixels must be"):
        Photograph.from_array(np.zeros(shape, np.uint8))


def test_pixels_cannot_be_changed_by_accident() -> None:
    array = picture((4, 5))
    photograph = Photograph.from_array(array)
    with pytest.raises(ValueError, match="read-only"):
        photograph.pixels[0, 0] = 1
    array[0, 0] = 1  # The caller's own array is not frozen.


def encoded(suffix: str, **options: Any) -> bytes:
    buffer = io.BytesIO()
    image = Image.fromarray(picture((90, 120, 3)))
    image.save(buffer, {"jpg": "JPEG", "tif": "TIFF"}.get(suffix, suffix), **options)
    return buffer.getvalue()


TRUNCATED = {
    "jpg": encoded("jpg"),
    "progressive.jpg": encoded("jpg", progressive=True),
    "png": encoded("png"),
    "16.png": imagecodecs.png_encode(picture((90, 120, 3), "uint16")),
    "webp": encoded("webp"),
    "tif": encoded("tif"),
    "deflate.tif": encoded("tif", compression="tiff_deflate"),
    "jp2": encoded("jpeg2000"),
}


@pytest.mark.parametrize("kind", TRUNCATED)
@pytest.mark.parametrize("share", [0.02, 0.3, 0.7, 0.95])
def test_truncated_pictures_are_errors(tmp_path: Path, kind: str, share: float) -> None:
    data = TRUNCATED[kind]
    path = tmp_path / f"cut.{kind}"
    path.write_bytes(data[: int(len(data) * share)])
    with pytest.raises(PhotographError) as caught:
        Photograph.open(path)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


@given(st.data())
def test_damaged_bytes_are_errors_or_pictures_but_nothing_else(data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(sorted(TRUNCATED)))
    original = bytearray(TRUNCATED[kind])
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, min(len(original) - 1, 600)))
        original[at] = data.draw(st.integers(0, 255))
    with TemporaryDirectory() as folder:
        path = Path(folder) / "a"
        path.write_bytes(original)
        try:
            photograph = Photograph.open(path, max_pixels=2_000_000)
        except PhotographError as error:
            assert "\n" not in str(error)
        else:
            assert photograph.pixels.size > 0


def test_what_is_not_a_photograph(tmp_path: Path) -> None:
    (tmp_path / "empty.jpg").touch()
    (tmp_path / "letter.tif").write_text("Dear Sir, in reply to yours of the 3rd")
    tifffile.imwrite(tmp_path / "complex.tif", np.zeros((4, 4), np.complex64))
    for name, words in {
        "empty.jpg": "is empty",
        "letter.tif": "not an image",
        "complex.tif": "TIFFs of 64-bit complex samples",
        "missing.png": "cannot be read",
        "": "is a folder",
    }.items():
        for look in (Photograph.open, Photograph.probe):
            with pytest.raises(PhotographError, match=words) as caught:
                look(tmp_path / name)
            assert str(tmp_path) in str(caught.value)


def test_an_unreadable_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(encoded("png"))

    # Whoever runs tests as root may read anything, so the refusal is played.
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(PhotographError, match="permission denied"):
        Photograph.open(path)


def bomb() -> bytes:
    """A PNG that says it has 60,000 x 60,000 pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        crc = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + crc

    header = struct.pack(">IIBBBBB", 60_000, 60_000, 16, 2, 0, 0, 0)
    pixels = zlib.compress(bytes(1000))
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    )


def test_an_enormous_header_is_refused_before_decoding(tmp_path: Path) -> None:
    path = tmp_path / "bomb.png"
    path.write_bytes(bomb())
    with pytest.raises(PhotographError, match="60000 x 60000 pixels, more than the limit"):
        Photograph.open(path)
    assert Photograph.probe(path).width == 60_000


def test_the_limit_is_the_callers(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(encoded("png"))
    with pytest.raises(PhotographError, match="120 x 90"):
        Photograph.open(path, max_pixels=10_799)
    assert Photograph.open(path, max_pixels=10_800).width == 120
