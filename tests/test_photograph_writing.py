"""Writing derivatives: whole or not at all, the same bytes every time, with profile and record."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import tifffile
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms

from photochrom.errors import PhotographError
from photochrom.files import write_text, written_whole
from photochrom.photograph import (
    Photograph,
    ScanInfo,
    gray_profile,
    save_rows,
    srgb_profile,
)

INFO = ScanInfo(
    path=None,
    format="tiff",
    width=61,
    height=40,
    bit_depth=16,
    channels=1,
    dpi=(600.0, 600.0),
    catalog_date="1889-07-14",
    caption="Zürich, Bahnhofstraße <1889> & more",
    creator="R. Ganz",
    credit="Sammlung Beispiel",
    copyright="Public domain",
    sha256="0" * 64,
    bytes=1,
)
PROVENANCE = {
    "digital_source_type": "http://cv.iptc.org/newscodes/digitalsourcetype/algorithmicallyEnhanced",
    "statement": "Colors are estimated & not documented.",
    "original_sha256": "ab" * 32,
}


def picture(shape: tuple[int, ...], dtype: str = "uint8") -> np.ndarray:
    return np.random.default_rng(0).integers(0, np.iinfo(dtype).max + 1, shape).astype(dtype)


@pytest.mark.parametrize("suffix", ["tif", "png", "jp2"])
@pytest.mark.parametrize("dtype", ["uint8", "uint16"])
@pytest.mark.parametrize("shape", [(40, 61), (40, 61, 3), (1, 1), (1, 1, 3)])
def test_lossless_formats_keep_every_bit(
    tmp_path: Path, suffix: str, dtype: str, shape: tuple[int, ...]
) -> None:
    pixels = picture(shape, dtype)
    path = tmp_path / f"a.{suffix}"
    Photograph.from_array(pixels).save(path)
    opened = Photograph.open(path)
    assert opened.pixels.dtype == dtype
    np.testing.assert_array_equal(opened.pixels, pixels)


@settings(max_examples=30, deadline=None)
@given(
    heights=st.lists(st.integers(1, 9), min_size=1, max_size=8),
    width=st.integers(1, 300),
    format=st.sampled_from(["tiff", "png"]),
    color=st.booleans(),
)
def test_strips_of_any_heights_make_the_same_file(
    tmp_path_factory: pytest.TempPathFactory,
    heights: list[int],
    width: int,
    format: str,
    color: bool,
) -> None:
    folder = tmp_path_factory.mktemp("strips")
    pixels = picture((sum(heights), width, 3) if color else (sum(heights), width), "uint16")
    ends = np.cumsum(heights)
    strips = [pixels[end - height : end] for end, height in zip(ends, heights, strict=True)]
    save_rows(folder / "strips", shape=pixels.shape, rows=strips, format=format)
    save_rows(folder / "whole", shape=pixels.shape, rows=[pixels], format=format)
    opened = Photograph.open(folder / "strips").pixels
    if opened.ndim == pixels.ndim:  # Three equal channels of one pixel open as gray.
        np.testing.assert_array_equal(opened, pixels)
    if format == "tiff":
        assert (folder / "strips").read_bytes() == (folder / "whole").read_bytes()


def test_a_tiff_of_many_strips(tmp_path: Path) -> None:
    pixels = picture((1500, 1200, 3), "uint16")
    save_rows(
        tmp_path / "a.tif",
        shape=pixels.shape,
        rows=(pixels[i : i + 100] for i in range(0, 1500, 100)),
    )
    with tifffile.TiffFile(tmp_path / "a.tif") as tiff:
        page = tiff.pages[0]
        assert len(page.dataoffsets) > 5
        assert (page.compression, page.predictor) == (8, 2)
        np.testing.assert_array_equal(page.asarray(), pixels)


def test_depth_is_converted_by_rounding(tmp_path: Path) -> None:
    deep = np.array([[0, 128, 129, 257, 65406, 65407, 65535]], np.uint16)
    Photograph.from_array(deep).save(tmp_path / "a.tif", bit_depth=8)
    assert Photograph.open(tmp_path / "a.tif").pixels.tolist() == [[0, 0, 1, 1, 254, 255, 255]]
    every = np.arange(256, dtype=np.uint8)[None]
    Photograph.from_array(every).save(tmp_path / "b.png", bit_depth=16)
    deepened = Photograph.open(tmp_path / "b.png").pixels
    np.testing.assert_array_equal(deepened, every.astype(np.uint16) * 257)


@pytest.mark.parametrize("suffix", ["jpg", "webp"])
def test_lossy_formats_come_close(tmp_path: Path, suffix: str) -> None:
    ramp = np.linspace(3000, 60000, 64 * 80).reshape(64, 80)
    pixels = np.stack([ramp, ramp[::-1], ramp[:, ::-1]], -1).astype(np.uint16)
    Photograph.from_array(pixels).save(tmp_path / f"a.{suffix}")
    opened = Photograph.open(tmp_path / f"a.{suffix}").pixels
    assert np.abs(opened - pixels / 257).max() < 10
    if suffix == "jpg":
        with Image.open(tmp_path / "a.jpg") as image:
            assert [layer[1:3] for layer in image.layer] == [(1, 1)] * 3  # 4:4:4


@pytest.mark.parametrize("suffix", ["tif", "png", "jpg", "webp", "jp2"])
@pytest.mark.parametrize("shape", [(40, 61), (40, 61, 3)])
def test_the_same_input_gives_the_same_bytes_and_says_their_digest(
    tmp_path: Path, suffix: str, shape: tuple[int, ...]
) -> None:
    photograph = Photograph.from_array(picture(shape, "uint16"), info=INFO)
    digests = [
        photograph.save(tmp_path / name / f"a.{suffix}", provenance=PROVENANCE) for name in "ab"
    ]
    first, second = ((tmp_path / name / f"a.{suffix}").read_bytes() for name in "ab")
    assert first == second
    assert digests[0] == digests[1] == Photograph.probe(tmp_path / "a" / f"a.{suffix}").sha256


@pytest.mark.parametrize("suffix", ["tif", "png", "jpg", "webp", "jp2"])
def test_metadata_and_profile_come_back(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a.{suffix}"
    Photograph.from_array(picture((40, 61)), info=INFO).save(path, provenance=PROVENANCE)
    info = Photograph.probe(path)
    assert info.caption == INFO.caption
    assert info.creator == INFO.creator
    assert info.credit == INFO.credit
    assert info.copyright == INFO.copyright
    assert info.catalog_date == INFO.catalog_date
    if suffix != "jp2":  # Read by the number of its color space.
        assert info.profile is not None and "sRGB" in info.profile
    # WebP has its resolution in EXIF, JPEG 2000 in a box of its own, where we do not look for it.
    if suffix not in ("webp", "jp2"):
        assert info.dpi == pytest.approx((600, 600), abs=0.1)
    data = path.read_bytes()
    assert b"<photochrom:original_sha256>" + b"ab" * 32 in data
    assert b"<Iptc4xmpExt:DigitalSourceType>http://cv.iptc.org" in data
    assert b"estimated &amp; not" in data


def test_an_enlarged_picture_keeps_the_size_of_the_print(tmp_path: Path) -> None:
    save_rows(tmp_path / "a.tif", shape=(80, 122), rows=[picture((80, 122))], info=INFO)
    assert Photograph.probe(tmp_path / "a.tif").dpi == (1200, 1200)


def test_provenance_needs_names_that_xml_can_hold(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no name"):
        Photograph.from_array(picture((4, 4))).save(tmp_path / "a.png", provenance={"no name": "x"})
    assert list(tmp_path.iterdir()) == []


def test_our_profiles_are_srgb() -> None:
    grid = np.stack(np.meshgrid(*[np.arange(0, 256, 15)] * 3), -1).reshape(1, -1, 3).astype("uint8")
    ours = ImageCms.ImageCmsProfile(io.BytesIO(srgb_profile()))
    theirs = ImageCms.createProfile("sRGB")
    transform = ImageCms.buildTransform(ours, theirs, "RGB", "RGB")
    converted = np.asarray(ImageCms.applyTransform(Image.fromarray(grid), transform))
    assert np.abs(converted.astype(int) - grid).max() <= 1
    for profile in (srgb_profile(), gray_profile()):
        assert len(profile) == int.from_bytes(profile[:4], "big") < 700


def test_the_original_is_never_replaced(tmp_path: Path) -> None:
    original = tmp_path / "scan.tif"
    tifffile.imwrite(original, picture((20, 30)))
    before = original.read_bytes()
    os.link(original, tmp_path / "hard link.tif")
    (tmp_path / "soft link.tif").symlink_to(original)
    photograph = Photograph.open(original)
    derived = Photograph.from_array(picture((20, 30)), info=photograph.info)
    for name in ("scan.tif", "hard link.tif", "soft link.tif", "../" + tmp_path.name + "/scan.tif"):
        for one in (photograph, derived):
            with pytest.raises(PhotographError, match="would replace the original"):
                one.save(tmp_path / name)
    assert original.read_bytes() == before
    assert len(list(tmp_path.iterdir())) == 3


class BrokenError(Exception):
    """What a caller's rows may raise."""


@pytest.mark.parametrize("format", ["tiff", "png", "jpeg", "webp", "jp2"])
def test_nothing_is_left_of_a_write_that_fails(tmp_path: Path, format: str) -> None:
    path = tmp_path / "a.out"
    path.write_bytes(b"what was there before")

    def rows() -> Iterator[np.ndarray]:
        yield picture((10, 61))
        raise BrokenError

    with pytest.raises(BrokenError):
        save_rows(path, shape=(40, 61), rows=rows(), format=format)
    assert path.read_bytes() == b"what was there before"
    assert list(tmp_path.iterdir()) == [path]


def test_strips_must_make_up_the_shape(tmp_path: Path) -> None:
    for rows in ([picture((39, 61))], [picture((40, 60))], [picture((40, 61, 3))], []):
        with pytest.raises(ValueError):
            save_rows(tmp_path / "a.tif", shape=(40, 61), rows=rows)
    mixed = [picture((20, 61)), picture((20, 61), "uint16")]
    with pytest.raises(ValueError):
        save_rows(tmp_path / "a.tif", shape=(40, 61), rows=mixed)
    assert list(tmp_path.iterdir()) == []


def test_places_that_cannot_be_written(tmp_path: Path) -> None:
    photograph = Photograph.from_array(picture((4, 5)))
    (tmp_path / "file").touch()
    (tmp_path / "folder.tif").mkdir()
    for path, words in {
        tmp_path / "folder.tif": "is a folder",
        tmp_path / "file" / "a.tif": "cannot be written",
        tmp_path / "a.gif": "cannot write the format",
        tmp_path / "a": "cannot write the format",
    }.items():
        with pytest.raises(PhotographError, match=words) as caught:
            photograph.save(path)
        assert str(path) in str(caught.value)


def test_what_a_format_cannot_hold_is_said(tmp_path: Path) -> None:
    wide = np.zeros((1, 16_384), np.uint8)
    with pytest.raises(PhotographError, match="webp cannot hold 16384 x 1"):
        Photograph.from_array(wide).save(tmp_path / "a.webp")


def test_missing_folders_are_made_and_the_umask_holds(tmp_path: Path) -> None:
    path = tmp_path / "out" / "derivatives" / "a.tif"
    previous = os.umask(0o027)
    try:
        Photograph.from_array(picture((4, 5))).save(path)
    finally:
        os.umask(previous)
    assert path.stat().st_mode & 0o777 == 0o640


def test_text_appears_whole(tmp_path: Path) -> None:
    write_text(tmp_path / "a.txt", "Zürich\n")
    assert (tmp_path / "a.txt").read_bytes() == "Zürich\n".encode()
    with pytest.raises(KeyboardInterrupt), written_whole(tmp_path / "a.txt") as file:
        file.write(b"half")
        raise KeyboardInterrupt
    assert (tmp_path / "a.txt").read_text() == "Zürich\n"
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]


def test_a_derivative_of_a_derivative_is_not_the_original(tmp_path: Path) -> None:
    photograph = Photograph.from_array(picture((4, 5)))
    photograph.save(tmp_path / "a.png")
    photograph.save(tmp_path / "a.png")  # Writing again is no offense.
    info = replace(Photograph.probe(tmp_path / "a.png"), caption="new")
    Photograph.from_array(picture((4, 5)), info=info).save(tmp_path / "b.png")
    assert Photograph.probe(tmp_path / "b.png").caption == "new"


_LARGE = """
import resource, sys
import numpy as np
from photochrom.files import write_text, written_whole
from photochrom.photograph import Photograph, save_rows
source, target, shape = sys.argv[1], sys.argv[2], (10_000, 10_000)
def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
start = peak()
photograph = Photograph.open(source)
opened = peak()
photograph.save(target)
saved = peak()
def rows():
    for top in range(0, 10_000, 100):
        strip = photograph.pixels[top : top + 100]
        yield np.stack([strip, strip // 2, strip // 3], -1)
save_rows(target + ".color.tif", shape=(*shape, 3), rows=rows())
print(start, opened, saved, peak())
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="ru_maxrss has other units elsewhere")
def test_a_hundred_megapixels_take_one_copy_of_their_pixels(tmp_path: Path) -> None:
    ramp = np.add.outer(np.arange(10_000), np.arange(10_000)).astype(np.uint16)
    tifffile.imwrite(tmp_path / "large.tif", ramp, photometric="minisblack", rowsperstrip=64)
    arguments = [sys.executable, "-c", _LARGE, tmp_path / "large.tif", tmp_path / "out.tif"]
    said = subprocess.run(arguments, check=True, capture_output=True, text=True).stdout
    start, opened, saved, composed = (int(figure) / 1024 for figure in said.split())
    copy = 200e6 / 2**20
    assert opened - start < copy + 60
    assert saved - opened < 60
    assert composed - saved < 90
