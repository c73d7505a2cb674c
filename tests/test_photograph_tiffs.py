"""TIFFs of every kind: samples of all types, YCbCr, LogLuv, odd byte counts, empty tiles."""

from __future__ import annotations

import io
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import imagecodecs
import numpy as np
import pytest
import tifffile
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from photochrom.errors import PhotographError
from photochrom.photograph import Photograph, open_reduced, tiff_samples
from photochrom.photograph.logluv import unpacked
from photochrom.photograph.ycbcr import YCbCr


def scene(height: int = 60, width: int = 80) -> np.ndarray:
    """A smooth picture from black to white, (height, width) float64 from 0 to 1."""
    y, x = np.mgrid[:height, :width] / (height + width - 2)
    waves = 0.5 + 0.5 * np.sin(9 * x + 4 * y * x)
    waves -= waves.min()
    return waves / waves.max()


def opened(path: Path) -> Photograph:
    """Opened; and read in strips it is the same."""
    photograph = Photograph.open(path)
    small = open_reduced(path, 2).astype(float)
    pixels = photograph.pixels.astype(float)
    means = (pixels[::2, ::2] + pixels[1::2, ::2] + pixels[::2, 1::2] + pixels[1::2, 1::2]) / 4
    assert np.abs(small - means).max() <= 1.01
    return photograph


LAYOUTS: dict[str, dict[str, Any]] = {
    "strips": {"rowsperstrip": 7},
    "tiles": {"tile": (32, 48)},
    "lzw": {"compression": "lzw", "rowsperstrip": 16},
    "predictor": {"compression": "zlib", "predictor": True},
    "big-endian": {"byteorder": ">"},
}


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
@pytest.mark.parametrize("color", [False, True])
def test_floats_from_0_to_1_are_black_to_white(
    tmp_path: Path, layout: str, dtype: str, color: bool
) -> None:
    picture = scene()
    picture = np.dstack([picture, picture[::-1], picture**2]) if color else picture
    photometric = "rgb" if color else "minisblack"
    values = picture.astype(dtype)
    tifffile.imwrite(tmp_path / "a.tif", values, photometric=photometric, **LAYOUTS[layout])
    photograph = opened(tmp_path / "a.tif")
    assert photograph.pixels.dtype == np.uint16
    wanted = np.rint(values.astype(np.float64) * 65535)
    assert np.abs(photograph.pixels - wanted).max() <= 0.5
    bits = int(dtype[5:])
    assert photograph.info.bit_depth == bits
    assert photograph.info.notices == (f"{bits}-bit float samples: 0 is black, 1 white",)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_pieces_of_a_strip_make_the_whole(
    tmp_path: Path, layout: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    values = np.dstack([scene(), scene()[::-1], scene() ** 2]).astype(np.float32) * 7
    tifffile.imwrite(tmp_path / "a.tif", values, photometric="rgb", **LAYOUTS[layout])
    whole = Photograph.open(tmp_path / "a.tif")
    monkeypatch.setattr(tiff_samples, "STRIP_SAMPLES", 1000)
    pieces = Photograph.open(tmp_path / "a.tif")
    np.testing.assert_array_equal(pieces.pixels, whole.pixels)
    assert pieces.info == whole.info


def test_floats_in_planes(tmp_path: Path) -> None:
    picture = np.stack([scene(), scene()[::-1], scene() ** 2]).astype(np.float32)
    tifffile.imwrite(tmp_path / "a.tif", picture, photometric="rgb", planarconfig="separate")
    wanted = np.rint(np.moveaxis(picture, 0, -1).astype(np.float64) * 65535)
    assert np.abs(opened(tmp_path / "a.tif").pixels - wanted).max() <= 0.5


def test_floats_beyond_white_are_scaled_to_what_is_found_or_stated(tmp_path: Path) -> None:
    values = (scene() * 937 + 9).astype(np.float32)
    tifffile.imwrite(tmp_path / "found.tif", values, photometric="minisblack")
    limits = [(340, "f", 1, 0.0, True), (341, "f", 1, 2000.0, True)]
    tifffile.imwrite(tmp_path / "stated.tif", values, photometric="minisblack", extratags=limits)
    small = [(340, "f", 1, 0.0, True), (341, "f", 1, 1.0, True)]
    tifffile.imwrite(tmp_path / "wrong.tif", values, photometric="minisblack", extratags=small)

    found = opened(tmp_path / "found.tif")
    assert np.abs(found.pixels - scene() * 65535).max() <= 1
    said = "32-bit float samples: 9 is black, 946 white, by the values found"
    assert found.info.notices == (said,)
    stated = opened(tmp_path / "stated.tif")
    assert np.abs(stated.pixels - values / 2000 * 65535).max() <= 1
    assert "0 is black, 2000 white, as the file states" in stated.info.notices[0]
    # Limits in which the values do not lie would cut them off.
    wrong = opened(tmp_path / "wrong.tif")
    np.testing.assert_array_equal(wrong.pixels, found.pixels)
    assert wrong.info.notices == (said,)


def test_what_is_no_number_is_black_and_counted(tmp_path: Path) -> None:
    values = scene().astype(np.float32)
    values[3, 4], values[5, 6], values[7, 8] = np.nan, np.inf, -np.inf
    tifffile.imwrite(tmp_path / "a.tif", values, photometric="minisblack")
    photograph = Photograph.open(tmp_path / "a.tif")
    assert photograph.pixels[[3, 5, 7], [4, 6, 8]].tolist() == [0, 0, 0]
    assert "3 samples hold no number and are black" in photograph.info.notices[0]
    values[:] = np.nan
    tifffile.imwrite(tmp_path / "b.tif", values, photometric="minisblack")
    assert Photograph.open(tmp_path / "b.tif").pixels.max() == 0


def test_the_value_for_no_data_is_no_black(tmp_path: Path) -> None:
    values = (scene() * 100 + 50).astype(np.float32)
    values[:10] = -9999
    nodata = [(42113, "s", 0, "-9999", True)]
    tifffile.imwrite(tmp_path / "a.tif", values, photometric="minisblack", extratags=nodata)
    photograph = Photograph.open(tmp_path / "a.tif")
    assert photograph.pixels[:10].max() == 0
    assert "800 samples" in photograph.info.notices[0]
    low, high = values[10:].min(), values[10:].max()
    wanted = (values[10:] - low) / (high - low) * 65535
    assert np.abs(photograph.pixels[10:] - wanted).max() <= 1


@pytest.mark.parametrize("bits", [8, 16, 32, 64])
def test_signed_numbers(tmp_path: Path, bits: int) -> None:
    dtype = f"int{bits}"
    picture = np.round(scene() * 65535) / 65535
    top = float(np.iinfo(dtype).max)
    cases = {
        "not negative": (picture * top * 0.999, 0.0, top),
        "all of the range": ((picture * 1.998 - 0.999) * top, -top - 1, top),
        "a little": (picture * 40 - 20, -20.0, 20.0),
    }
    for name, (values, black, white) in cases.items():
        values = np.rint(values).astype(dtype)
        tifffile.imwrite(tmp_path / "a.tif", values, photometric="minisblack")
        photograph = opened(tmp_path / "a.tif")
        wanted = (values.astype(np.float64) - black) / (white - black) * 65535
        assert np.abs(photograph.pixels - wanted).max() <= 1, name
        assert (
            f"{bits}-bit signed samples: {black:.7g} is black, {white:.7g} white"
            in (photograph.info.notices[0])
        )


@pytest.mark.parametrize("bits", [8, 16])
def test_unsigned_numbers_that_are_called_signed(tmp_path: Path, bits: int) -> None:
    unsigned = np.rint(scene() * (2**bits - 1)).astype(f"uint{bits}")
    tifffile.imwrite(tmp_path / "a.tif", unsigned.view(f"int{bits}"), photometric="minisblack")
    photograph = opened(tmp_path / "a.tif")
    assert np.abs(photograph.pixels - scene() * 65535).max() <= 0.51 * 65535 / (2**bits - 1)
    assert "only a picture when they are taken as unsigned" in photograph.info.notices[0]


@pytest.mark.parametrize("bits", [32, 64])
@pytest.mark.parametrize("photometric", ["minisblack", "miniswhite"])
def test_deep_numbers_keep_their_range(tmp_path: Path, bits: int, photometric: str) -> None:
    values = (scene() * 0.4 * 2.0**bits).astype(f"uint{bits}")
    tifffile.imwrite(tmp_path / "a.tif", values, photometric=photometric)
    photograph = opened(tmp_path / "a.tif")
    wanted = scene() * 0.4 * 65535
    wanted = wanted if photometric == "minisblack" else 65535 - wanted
    assert np.abs(photograph.pixels - wanted).max() <= 1
    assert photograph.info.notices == ()


@pytest.mark.parametrize("photometric", ["minisblack", "miniswhite"])
def test_deep_numbers_that_would_all_be_black_are_not(tmp_path: Path, photometric: str) -> None:
    values = np.rint(scene() * 4000).astype(np.uint32)
    values = values if photometric == "minisblack" else np.uint32(2**32 - 1) - values
    tifffile.imwrite(tmp_path / "a.tif", values, photometric=photometric)
    photograph = opened(tmp_path / "a.tif")
    assert np.abs(photograph.pixels - scene() * 65535).max() <= 9
    assert "by the values found" in photograph.info.notices[0]


def packed(values: np.ndarray, bits: int) -> bytes:
    """Numbers of any number of bits, one after another, rows filled up to whole bytes."""
    shifts = np.arange(bits - 1, -1, -1)
    rows = values.reshape(len(values), -1).astype(np.int64)
    planes = (rows[..., None] >> shifts & 1).astype(np.uint8).reshape(len(rows), -1)
    return np.packbits(planes, axis=1).tobytes()


def tiff(tags: dict[int, tuple[int, Any]], data: bytes) -> bytes:
    """A little-endian TIFF of one strip, made by hand: type and value by tag."""
    strip = {273: (4, 8), 278: (4, tags[257][1]), 279: (4, len(data))}
    entries = sorted({**strip, **tags}.items())
    body, at = b"", 8 + len(data) + 2 + 12 * len(entries) + 4
    ifd = struct.pack("<H", len(entries))
    for tag, (kind, value) in entries:
        values = value if isinstance(value, tuple) else (value,)
        form = {3: "H", 4: "I", 5: "I", 11: "f"}[kind]
        content = struct.pack(f"<{len(values)}{form}", *values)
        count = len(values) // 2 if kind == 5 else len(values)
        if len(content) > 4:
            content, body = struct.pack("<I", at + len(body)), body + content
        ifd += struct.pack("<HHI", tag, kind, count) + content.ljust(4, b"\0")
    head = struct.pack("<2sHI", b"II", 42, 8 + len(data))
    return head + data + ifd + bytes(4) + body


@pytest.mark.parametrize("bits", [2, 3, 5, 6, 7, 10, 12, 14, 20, 24])
def test_samples_of_any_number_of_bits(tmp_path: Path, bits: int) -> None:
    values = np.rint(scene(20, 30) * (2**bits - 1))
    tags = {256: (3, 30), 257: (3, 20), 258: (3, bits), 259: (3, 1), 262: (3, 1), 277: (3, 1)}
    (tmp_path / "a.tif").write_bytes(tiff(tags, packed(values, bits)))
    pixels = opened(tmp_path / "a.tif").pixels
    full = 255 if bits < 8 else 65535
    assert np.abs(pixels - values * (full / (2**bits - 1))).max() <= 0.5


def test_alpha_beside_floats_has_a_range_of_its_own(tmp_path: Path) -> None:
    values = np.full((4, 4, 4), 400, np.float32)
    values[0, :, :3] = 0
    values[..., 3] = [[0, 0.5, 1, 1]]
    tifffile.imwrite(tmp_path / "a.tif", values, photometric="rgb", extrasamples=["unassalpha"])
    pixels = Photograph.open(tmp_path / "a.tif").pixels
    assert pixels[0].tolist() == [65535, 32767, 0, 0]
    assert pixels[1].tolist() == [65535] * 4


def test_float_cmyk(tmp_path: Path) -> None:
    inks = np.zeros((2, 2, 4), np.float32)
    inks[0, 0] = (1, 0, 0, 0.5)
    tifffile.imwrite(tmp_path / "a.tif", inks, photometric="separated")
    pixels = Photograph.open(tmp_path / "a.tif").pixels
    assert np.abs(pixels[0, 0].astype(int) - [0, 32768, 32768]).max() <= 1
    assert pixels[1, 1].tolist() == [65535] * 3


def blocks(y: np.ndarray, cb: np.ndarray, cr: np.ndarray, across: int, down: int) -> bytes:
    """YCbCr as section 21 of the standard packs it, pixel by pixel."""
    height, width = y.shape
    out = bytearray()
    for top in range(0, height, down):
        for left in range(0, width, across):
            for row in range(top, top + down):
                for column in range(left, left + across):
                    out.append(y[min(row, height - 1), min(column, width - 1)])
            out += bytes([cb[top, left], cr[top, left]])
    return bytes(out)


@pytest.mark.parametrize("subsampling", [(1, 1), (2, 1), (2, 2), (4, 2), (4, 4), (1, 2)])
def test_ycbcr_in_blocks(tmp_path: Path, subsampling: tuple[int, int]) -> None:
    # Without the tag, these two are told apart by their size.
    for stated in [True, False] if subsampling in ((1, 1), (2, 2)) else [True]:
        _check_blocks(tmp_path, subsampling, stated)


def _check_blocks(tmp_path: Path, subsampling: tuple[int, int], stated: bool) -> None:
    across, down = subsampling
    y = np.rint(scene(21, 31) * 200 + 20).astype(np.uint8)
    cb, cr = (np.rint(plane(21, 31)).astype(np.uint8) for plane in (_slow, _slower))
    cb, cr = (one[::down, ::across].repeat(down, 0).repeat(across, 1)[:21, :31] for one in (cb, cr))
    tags = {256: (3, 31), 257: (3, 21), 258: (3, (8, 8, 8)), 259: (3, 1), 262: (3, 6), 277: (3, 3)}
    if stated:
        tags[530] = (3, subsampling)
    (tmp_path / "a.tif").write_bytes(tiff(tags, blocks(y, cb, cr, across, down)))
    wanted = Image.fromarray(np.dstack([y, cb, cr]), "YCbCr").convert("RGB")
    pixels = Photograph.open(tmp_path / "a.tif").pixels.astype(int)
    assert np.abs(pixels - np.asarray(wanted)).max() <= 1


def _slow(height: int, width: int) -> np.ndarray:
    return 128 + 60 * scene(height, width)[::-1]


def _slower(height: int, width: int) -> np.ndarray:
    return 128 - 50 * scene(height, width)[:, ::-1]


@pytest.mark.parametrize("layout", ["strips", "tiles", "lzw"])
def test_ycbcr_without_subsampling(tmp_path: Path, layout: str) -> None:
    ycc = np.dstack([scene() * 255, _slow(60, 80), _slower(60, 80)]).round().astype(np.uint8)
    tifffile.imwrite(tmp_path / "a.tif", ycc, photometric="ycbcr", **LAYOUTS[layout])
    wanted = np.asarray(Image.fromarray(ycc, "YCbCr").convert("RGB")).astype(int)
    pixels = Photograph.open(tmp_path / "a.tif").pixels
    assert np.abs(pixels - wanted).max() <= 1
    assert open_reduced(tmp_path / "a.tif", 2).shape == (30, 40, 3)


def test_ycbcr_with_other_blacks_and_weights(tmp_path: Path) -> None:
    y = np.full((2, 2), 16, np.uint8)
    y[1] = 235
    middle = np.full((2, 2), 128, np.uint8)
    rationals = tuple(n for number in (16, 235, 128, 240, 128, 240) for n in (number, 1))
    luma = (2125, 10000, 7154, 10000, 721, 10000)
    tags = {
        256: (3, 2), 257: (3, 2), 258: (3, (8, 8, 8)), 259: (3, 1), 262: (3, 6), 277: (3, 3),
        529: (5, luma), 530: (3, (1, 1)), 532: (5, rationals),
    }  # fmt: skip
    (tmp_path / "a.tif").write_bytes(tiff(tags, blocks(y, middle, middle, 1, 1)))
    assert Photograph.open(tmp_path / "a.tif").pixels.tolist() == [[0, 0], [255, 255]]


@given(st.integers(1, 4), st.integers(1, 4), st.integers(1, 9), st.integers(1, 9))
def test_blocks_are_taken_apart_as_they_are_put_together(
    across: int, down: int, height: int, width: int
) -> None:
    values = np.random.default_rng(across * down).integers(0, 256, (3, height, width))
    y, cb, cr = values.astype(np.uint8)
    samples = YCbCr(across, down).unpacked(blocks(y, cb, cr, across, down), height, width)
    np.testing.assert_array_equal(samples[..., 0], y)
    np.testing.assert_array_equal(samples[::down, ::across, 1], cb[::down, ::across])
    np.testing.assert_array_equal(samples[::down, ::across, 2], cr[::down, ::across])


def runs(words: np.ndarray, planes: int) -> bytes:
    """LogLuv's packing with literal runs, and repeats where all of a row is one byte."""
    out = bytearray()
    for row in words:
        for plane in range(planes - 1, -1, -1):
            line = (row >> (8 * plane) & 0xFF).astype(np.uint8)
            for start in range(0, len(line), 100):
                part = line[start : start + 100]
                if len(part) > 1 and (part == part[0]).all():
                    out += bytes([126 + len(part), part[0]])
                else:
                    out += bytes([len(part)]) + part.tobytes()
    return bytes(out)


def test_logl(tmp_path: Path) -> None:
    light = np.linspace(0.01, 1.5, 240).reshape(2, 120)
    words = np.floor(256 * (np.log2(light) + 64)).astype(np.uint32)
    tags = {
        256: (3, 120), 257: (3, 2), 258: (3, 16), 259: (3, 34676), 262: (3, 32844), 277: (3, 1),
        339: (3, 2),
    }  # fmt: skip
    (tmp_path / "a.tif").write_bytes(tiff(tags, runs(words, 2)))
    photograph = Photograph.open(tmp_path / "a.tif")
    wanted = np.sqrt(np.clip(light, 0, 1)) * 255
    assert np.abs(photograph.pixels / 257 - wanted).max() <= 1
    assert "1 is white; 33.8% of the pixels are brighter" in photograph.info.notices[0]


def test_logluv_white_is_white_and_red_is_red(tmp_path: Path) -> None:
    # u' and v' of equal energy, and of the red of Rec. 709, times 410.
    chroma = np.array([[(86, 194), (185, 214)]])
    level = int(256 * (np.log2(0.2126) + 64))
    words = np.uint32(level << 16) | (chroma[..., 0] << 8 | chroma[..., 1]).astype(np.uint32)
    tags = {
        256: (3, 2), 257: (3, 1), 258: (3, (16, 16, 16)), 259: (3, 34676), 262: (3, 32845),
        277: (3, 3), 339: (3, (2, 2, 2)),
    }  # fmt: skip
    (tmp_path / "a.tif").write_bytes(tiff(tags, runs(words, 4)))
    gray, red = Photograph.open(tmp_path / "a.tif").pixels[0] / 65535
    assert np.abs(gray - 0.2126**0.5).max() < 0.01
    assert red[0] > 0.7 and red[1] < 0.25 and red[2] < 0.25


def test_logluv_of_24_bits(tmp_path: Path) -> None:
    # 10 bits of light, 64 steps for twice the light, and 14 that name a color.
    levels, color = [64 * 11, 64 * 9], 8000
    data = b"".join((level << 14 | color).to_bytes(3, "big") for level in levels)
    tags = {
        256: (3, 2), 257: (3, 1), 258: (3, (16, 16, 16)), 259: (3, 34677), 262: (3, 32845),
        277: (3, 3), 339: (3, (2, 2, 2)),
    }  # fmt: skip
    (tmp_path / "a.tif").write_bytes(tiff(tags, data))
    photograph = Photograph.open(tmp_path / "a.tif")
    brighter, darker = photograph.pixels[0].astype(float)
    assert darker.max() > 10_000
    assert np.abs(brighter - 2 * darker)[brighter < 65_535] == pytest.approx(0, abs=9)
    assert "0.0% of the pixels are brighter" in photograph.info.notices[0]


def test_logluv_that_ends_early(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="end too early"):
        unpacked(b"\x82\x07\x03\x01", 2, 4, 2)


def edited(data: bytes, tag: int, change: Callable[[int], int | None]) -> bytes:
    """A TIFF with the values of a tag changed; None takes the tag away."""
    out = bytearray(data)
    at = struct.unpack_from("<I", out, 4)[0]
    count = struct.unpack_from("<H", out, at)[0]
    for entry in range(at + 2, at + 2 + 12 * count, 12):
        found, kind, number = struct.unpack_from("<HHI", out, entry)
        if found != tag:
            continue
        size = {3: 2, 4: 4}[kind]
        start = entry + 8 if size * number <= 4 else struct.unpack_from("<I", out, entry + 8)[0]
        for place in range(start, start + size * number, size):
            form = "<H" if size == 2 else "<I"
            value = change(struct.unpack_from(form, out, place)[0])
            if value is None:
                struct.pack_into("<H", out, entry, 65000)
            else:
                struct.pack_into(form, out, place, value)
    return bytes(out)


def written(**options: Any) -> bytes:
    buffer = io.BytesIO()
    pixels = (scene() * 255).astype(np.uint8)
    tifffile.imwrite(buffer, pixels, photometric="minisblack", metadata=None, **options)
    return buffer.getvalue()


COUNTS: dict[str, dict[str, Any]] = {
    "one strip": {},
    "strips": {"rowsperstrip": 7},
    "tiles": {"tile": (32, 32)},
    "lzw": {"compression": "lzw"},
    "lzw strips": {"compression": "lzw", "rowsperstrip": 7},
    "deflate tiles": {"compression": "zlib", "tile": (32, 32)},
    "packbits": {"compression": "packbits", "rowsperstrip": 20},
    "zstd": {"compression": "zstd", "rowsperstrip": 20},
    "jpeg": {"compression": "jpeg", "compressionargs": {"level": 100}, "rowsperstrip": 16},
}


@pytest.mark.parametrize("kind", COUNTS)
@pytest.mark.parametrize("change", ["zero", "missing", "large"])
def test_wrong_byte_counts(tmp_path: Path, kind: str, change: str) -> None:
    data = written(**COUNTS[kind])
    (tmp_path / "right.tif").write_bytes(data)
    changes: dict[str, Callable[[int], int | None]] = {
        "zero": lambda _: 0,
        "missing": lambda _: None,
        "large": lambda count: min(count + 50_000, 65_535),
    }
    tag = 325 if "tile" in kind else 279
    (tmp_path / "a.tif").write_bytes(edited(data, tag, changes[change]))
    photograph = Photograph.open(tmp_path / "a.tif")
    wanted = Photograph.open(tmp_path / "right.tif").pixels
    np.testing.assert_array_equal(photograph.pixels, wanted)
    said = ("its byte counts are wrong; its pixels were found without them",)
    # tifffile itself derives what is missing from a picture in one piece.
    assert photograph.info.notices == said or (kind, change) == ("one strip", "missing")
    np.testing.assert_array_equal(open_reduced(tmp_path / "a.tif", 1), wanted)
    assert open_reduced(tmp_path / "a.tif", 2).shape == (30, 40)


def test_byte_counts_that_are_too_small(tmp_path: Path) -> None:
    (tmp_path / "a.tif").write_bytes(edited(written(rowsperstrip=7), 279, lambda _: 5))
    np.testing.assert_array_equal(
        Photograph.open(tmp_path / "a.tif").pixels, (scene() * 255).astype(np.uint8)
    )


def test_pixels_that_cannot_be_found(tmp_path: Path) -> None:
    data = bytearray(edited(written(compression="zlib", rowsperstrip=60), 279, lambda _: 0))
    offset = tifffile.TiffFile(io.BytesIO(written(compression="zlib"))).pages[0].dataoffsets[0]
    data[offset + 30 : offset + 60] = bytes(30)
    (tmp_path / "a.tif").write_bytes(data)
    with pytest.raises(PhotographError, match="its byte counts are wrong"):
        Photograph.open(tmp_path / "a.tif")
    (tmp_path / "b.tif").write_bytes(edited(written(), 273, lambda _: 0))
    with pytest.raises(PhotographError, match="does not say where its pixels are"):
        Photograph.open(tmp_path / "b.tif")


@pytest.mark.parametrize("kind", COUNTS)
def test_a_file_that_ends_early_is_truncated_all_the_same(tmp_path: Path, kind: str) -> None:
    data = written(**COUNTS[kind])
    with tifffile.TiffFile(io.BytesIO(data)) as tiff:
        page = tiff.pages[0]
        last = page.dataoffsets[-1] + page.databytecounts[-1]
        assert page.offset < page.dataoffsets[0]
    (tmp_path / "a.tif").write_bytes(data[: last - 12])
    with pytest.raises(PhotographError, match="the file is truncated"):
        Photograph.open(tmp_path / "a.tif")


@pytest.mark.parametrize("compression", [None, "zlib"])
def test_sparse_tiles_are_empty_and_told_of(tmp_path: Path, compression: str | None) -> None:
    pixels = np.full((64, 96), 200, np.uint8)

    def tiles() -> Any:
        for number in range(6):
            yield None if number in (1, 4) else np.full((32, 32), 200, np.uint8)

    tifffile.imwrite(
        tmp_path / "a.tif", tiles(), shape=(64, 96), dtype=np.uint8, tile=(32, 32),
        photometric="minisblack", compression=compression,
    )  # fmt: skip
    pixels[:32, 32:64] = 0
    pixels[32:, 32:64] = 0
    photograph = Photograph.open(tmp_path / "a.tif")
    np.testing.assert_array_equal(photograph.pixels, pixels)
    assert photograph.info.notices == ("2 of its 6 tiles are empty in the file, and taken as 0",)


def test_sparse_tiles_of_floats(tmp_path: Path) -> None:
    def tiles() -> Any:
        for number in range(4):
            yield None if number == 1 else np.full((32, 32), number / 4 or 1, np.float32)

    tifffile.imwrite(
        tmp_path / "a.tif", tiles(), shape=(64, 64), dtype=np.float32, tile=(32, 32),
        photometric="minisblack",
    )  # fmt: skip
    pixels = Photograph.open(tmp_path / "a.tif").pixels
    assert pixels[::32, ::32].tolist() == [[65535, 0], [32768, 49151]]


def old_jpeg() -> bytes:
    """A file of the first kind of JPEG in TIFF: a whole JPEG, named by tags of its own."""
    jpeg = io.BytesIO()
    rgb = np.dstack([scene(48, 64)] * 3) * [255, 200, 100]
    Image.fromarray(rgb.astype(np.uint8)).save(jpeg, "JPEG", quality=95, subsampling=0)
    data = jpeg.getvalue()
    tags = {
        256: (3, 64), 257: (3, 48), 258: (3, (8, 8, 8)), 259: (3, 6), 262: (3, 6), 277: (3, 3),
        512: (3, 1), 513: (4, 8), 514: (4, len(data)), 530: (3, (1, 1)),
    }  # fmt: skip
    return tiff(tags, data)


def test_old_jpeg(tmp_path: Path) -> None:
    (tmp_path / "a.tif").write_bytes(old_jpeg())
    wanted = np.dstack([scene(48, 64)] * 3) * [255, 200, 100]
    assert np.abs(Photograph.open(tmp_path / "a.tif").pixels - wanted).mean() < 3


LAB = [
    # L*, a*, b* for D50, and sRGB: white, middle gray, black, and the primaries.
    ((100.0, 0.0, 0.0), (255, 255, 255)),
    ((53.585, 0.0, 0.0), (128, 128, 128)),
    ((0.0, 0.0, 0.0), (0, 0, 0)),
    ((54.29, 80.81, 69.89), (255, 0, 0)),
    ((87.82, -79.29, 80.99), (0, 255, 0)),
    ((29.57, 68.30, -112.03), (0, 0, 255)),
]


@pytest.mark.parametrize("bits", [8, 16])
@pytest.mark.parametrize("photometric", ["cielab", "icclab"])
def test_lab(tmp_path: Path, bits: int, photometric: str) -> None:
    lab = np.array([values for values, _ in LAB])
    units = {
        (8, "cielab"): (255 / 100, 1, 0), (16, "cielab"): (65535 / 100, 256, 0),
        (8, "icclab"): (255 / 100, 1, 128), (16, "icclab"): (65280 / 100, 256, 32768),
    }  # fmt: skip
    light, color, middle = units[bits, photometric]
    stored = np.rint(np.column_stack([lab[:, 0] * light, lab[:, 1:] * color + middle]))
    stored = (stored.astype(np.int64) % 2**bits).astype(f"uint{bits}")
    tifffile.imwrite(
        tmp_path / "a.tif", stored[None], photometric=photometric, planarconfig="contig"
    )
    pixels = Photograph.open(tmp_path / "a.tif").pixels[0] / 257
    wanted = np.array([rgb for _, rgb in LAB])
    assert np.abs(pixels - wanted).max() < (1.5 if bits == 16 else 10)
    assert open_reduced(tmp_path / "a.tif", 2).shape == (1, 3, 3)


def test_kinds_that_are_not_read_are_named(tmp_path: Path) -> None:
    data = np.zeros((4, 4), "<u2").tobytes()
    tags = {256: (3, 4), 257: (3, 4), 258: (3, 16), 259: (3, 1), 262: (3, 8), 277: (3, 1)}
    (tmp_path / "lab.tif").write_bytes(tiff(tags, data))
    with pytest.raises(PhotographError, match="TIFFs of 1 CIELAB samples cannot be read; convert"):
        Photograph.open(tmp_path / "lab.tif")
    tags[262] = (3, 1234)
    (tmp_path / "odd.tif").write_bytes(tiff(tags, data))
    with pytest.raises(PhotographError, match="photometric 1234 TIFFs cannot be read"):
        Photograph.open(tmp_path / "odd.tif")
    plain = {256: (3, 4), 257: (3, 4), 258: (3, 8), 259: (3, 1), 262: (3, 1), 277: (3, 1)}
    for change, words in (
        ({259: (3, 32766)}, "with compression NEXT cannot be read"),
        ({259: (3, 4711)}, "with compression 4711 cannot be read"),
        ({317: (3, 77)}, "with predictor 77 cannot be read"),
        ({262: (3, 2), 277: (3, 3), 258: (3, (8, 8, 16))}, "unknown samples cannot be read"),
        ({277: (3, 4000), 258: (3, (8,) * 4000)}, "of 4000 MINISBLACK samples cannot be read"),
        (
            {322: (4, 60_000), 323: (4, 60_000), 324: (4, 8), 325: (4, 16)},
            "with tiles so much larger than the picture cannot be read",
        ),
    ):
        (tmp_path / "odd.tif").write_bytes(tiff(plain | change, bytes(48)))
        with pytest.raises(PhotographError, match=words):
            Photograph.open(tmp_path / "odd.tif")


@given(st.data())
def test_odd_bytes_are_errors_or_pictures(data: st.DataObject) -> None:
    samples = [old_jpeg(), written(**COUNTS["lzw strips"]), _float_tiles()]
    original = bytearray(data.draw(st.sampled_from(samples)))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(original) - 1))
        original[at] = data.draw(st.integers(0, 255))
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as folder:
        path = Path(folder) / "a.tif"
        path.write_bytes(original)
        try:
            photograph = Photograph.open(path, max_pixels=2_000_000)
        except PhotographError as error:
            assert "\n" not in str(error)
        else:
            assert photograph.pixels.size > 0


def _float_tiles() -> bytes:
    buffer = io.BytesIO()
    tifffile.imwrite(buffer, scene().astype(np.float32), tile=(32, 32), compression="zlib")
    return buffer.getvalue()


def test_billions_of_strips_that_are_not_there(tmp_path: Path) -> None:
    tags = {256: (4, 3), 257: (4, 2**31), 258: (3, 8), 259: (3, 1), 262: (3, 1), 277: (3, 1)}
    (tmp_path / "a.tif").write_bytes(tiff(tags | {278: (4, 1)}, bytes(9)))
    with pytest.raises(PhotographError, match="does not say where its pixels are"):
        Photograph.open(tmp_path / "a.tif")


def test_a_picture_of_one_huge_strip_is_bounded(tmp_path: Path) -> None:
    """Read in strips or not, what would unpack to gigabytes is refused before it does."""
    packed_strip = imagecodecs.zlib_encode(bytes(1000))
    tags = {
        256: (4, 60_000), 257: (4, 60_000), 258: (3, 16), 259: (3, 8), 262: (3, 1), 277: (3, 1),
    }  # fmt: skip
    (tmp_path / "a.tif").write_bytes(tiff(tags, packed_strip))
    for read in (Photograph.open, lambda path: open_reduced(path, 40)):
        with pytest.raises(PhotographError, match="60000 x 60000 pixels, more than the limit"):
            read(tmp_path / "a.tif")
