"""EXIF is kept but for what speaks of the pixels, from files of every kind."""

from __future__ import annotations

import io
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tifffile
from PIL import Image

from metadata_kit import (
    FORMATS,
    KNOWN,
    NESTED,
    UTF_8,
    bare,
    big_endian,
    camera_exif,
    data_set,
    derived,
    described,
    exif_of,
    iptc,
    jpeg_with,
    packet_of,
    pixels,
    sets_of,
    xmp,
)
from photochrom.photograph import Photograph, relabel
from photochrom.photograph.metadata import exif, ifd, iim


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("order", ["little", "big"])
def test_exif_is_kept_but_for_what_speaks_of_the_pixels(
    tmp_path: Path, format: str, order: str
) -> None:
    block = big_endian(camera_exif()) if order == "big" else camera_exif()
    scan = jpeg_with(tmp_path / "a.jpg", exif=block)
    result = derived(scan, format)
    with Image.open(result) as image:
        # Upright: the orientation has been applied.
        assert image.size == (30, 40)
    assert Photograph.probe(result).orientation == 1
    found = exif_of(result)
    inside, gps = found.below[ifd.EXIF], found.below[ifd.GPS]
    assert found.fields[exif.MODEL].data == b"EOS R5\0"
    assert found.fields[0x9C9B].data == "Titel\0".encode("utf-16-le")
    assert inside.fields[0x9003].data == b"1931:05:17 12:00:00\0"
    if format != "tiff":  # Which has its size elsewhere.
        assert (inside.fields[0xA002].integers, inside.fields[0xA003].integers) == ((30,), (40,))
    assert not {0x927C, 0x9214} & {*inside.fields}
    text = inside.fields[0x9286].data[8:]
    assert text.decode("utf-16-le" if order == "big" else "utf-16-be") == "Kai – Bergen"
    assert gps.fields[2].data == struct.pack("<6I", 60, 1, 23, 1, 24, 1)
    assert gps.fields[29].data == b"1931:05:17\0"
    assert b"maker note" not in result.read_bytes()
    assert Photograph.probe(result).exif_date == "1931-05-17T12:00:00"


def test_thumbnails_are_not_kept(tmp_path: Path) -> None:
    thumbnail = io.BytesIO()
    Image.fromarray(pixels(16, 16)).save(thumbnail, "JPEG")
    picture = Image.Exif()
    picture.endian = "<"
    picture[0x010E] = "Harbor"
    first = picture.tobytes()[6:]
    # A second directory behind the first, with a picture in it.
    at = len(first)
    offset = at + 2 + 2 * 12 + 4
    second = struct.pack("<H", 2)
    second += struct.pack("<HHII", 0x0201, 4, 1, offset)
    second += struct.pack("<HHII", 0x0202, 4, 1, len(thumbnail.getvalue())) + bytes(4)
    assert first[:2] == b"II"
    (start,) = struct.unpack_from("<I", first, 4)
    next_at = start + 2 + 12 * struct.unpack_from("<H", first, start)[0]
    block = first[:next_at] + struct.pack("<I", at) + first[next_at + 4 :]
    scan = jpeg_with(tmp_path / "a.jpg", exif=b"Exif\0\0" + block + second + thumbnail.getvalue())
    data = derived(scan).read_bytes()
    assert data.count(b"\xff\xd8\xff") == 1
    assert b"Harbor" in data


def test_a_place_in_pixels_stays_as_long_as_the_pixels_do(tmp_path: Path) -> None:
    picture = Image.Exif()
    picture.get_ifd(0x8769)[0x9214] = (20, 10)
    picture.get_ifd(0x8769)[0x9003] = "1931:05:17 12:00:00"
    photograph = Photograph.open(jpeg_with(tmp_path / "a.jpg", exif=picture.tobytes()))
    photograph.save(tmp_path / "same.tif")
    assert exif_of(tmp_path / "same.tif").below[ifd.EXIF].fields[0x9214].integers == (20, 10)
    larger = Photograph.from_array(pixels(60, 80), info=photograph.info)
    larger.save(tmp_path / "larger.tif")
    assert 0x9214 not in exif_of(tmp_path / "larger.tif").below[ifd.EXIF].fields


def test_what_is_said_in_front_of_a_tiff_is_kept(tmp_path: Path) -> None:
    """Some scanners put a thumbnail in front, and the words with it."""
    with tifffile.TiffWriter(tmp_path / "a.tif") as file:
        small = pixels(6, 8)
        file.write(small, subfiletype=1, description="Harbor", metadata=None)
        file.write(pixels(), subfiletype=0, metadata=None, software="Scanner 3")
    assert Photograph.probe(tmp_path / "a.tif").caption == "Harbor"
    kept = exif_of(derived(tmp_path / "a.tif"))
    assert kept.fields[exif.DESCRIPTION].data == b"Harbor\0"
    assert kept.fields[exif.SOFTWARE].data == b"Scanner 3\0"


@pytest.mark.parametrize("byteorder", ["<", ">"])
@pytest.mark.parametrize("bigtiff", [False, True])
def test_tiffs_of_every_order_and_size_of_offsets(
    tmp_path: Path, byteorder: str, bigtiff: bool
) -> None:
    record = UTF_8 + data_set(2, 120, "Zürich".encode()) + b"\0"
    record += bytes(-len(record) % 4)
    words = np.frombuffer(record, byteorder + "u4")
    tifffile.imwrite(
        tmp_path / "a.tif",
        pixels(),
        byteorder=byteorder,
        bigtiff=bigtiff,
        metadata=None,
        extratags=[
            (33723, 4, len(words), words.tolist(), True),
            (700, 1, 0, xmp(NESTED, 'xmlns:my="urn:my"'), True),
            (269, 2, 0, "Mappe 4", True),
            (285, 2, 0, "Seite", True),
            (297, 3, 2, (3, 7), True),
        ],
    )
    info = Photograph.probe(tmp_path / "a.tif")
    assert info.caption == "Harbor"
    result = derived(tmp_path / "a.tif", "png")
    kept = exif_of(result)
    assert kept.fields[269].data == b"Mappe 4\0"
    assert kept.fields[297].integers == (3, 7)
    assert data_set(2, 120, "Zürich".encode()) in iim.encode(sets_of(result))
    assert any(str(one.tag) == "{urn:my}box" for one in packet_of(result))


def test_a_jpeg_holds_more_exif_than_fits_into_a_segment(tmp_path: Path) -> None:
    picture = Image.Exif()
    picture[0x010E] = ("æ" * 50_000).encode()
    Image.fromarray(pixels()).save(tmp_path / "a.png", exif=picture)
    result = derived(tmp_path / "a.png", "jpeg")
    assert exif_of(result).fields[exif.DESCRIPTION].data.rstrip(b"\0") == ("æ" * 50_000).encode()
    with Image.open(result) as image:
        assert image.getexif()[0x0112] == 1


def test_a_jpeg_2000_that_says_how_it_is_to_be_turned(tmp_path: Path) -> None:
    scan = bare(tmp_path / "a.jp2")
    before = Photograph.open(scan).pixels
    picture = Image.Exif()
    picture[0x0112] = 6
    block = b"JpgTiffExif->JP2" + picture.tobytes()[6:]
    data = scan.read_bytes() + struct.pack(">I", len(block) + 8) + b"uuid" + block
    scan.write_bytes(data)
    photograph = Photograph.open(scan)
    np.testing.assert_array_equal(photograph.pixels, np.rot90(before, -1))
    assert (photograph.info.orientation, photograph.info.width) == (6, 30)


def test_a_tiff_with_large_offsets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scan = jpeg_with(tmp_path / "a.jpg", iptc(data_set(2, 120, b"x")), exif=camera_exif())
    small = derived(scan, "tiff").read_bytes()
    monkeypatch.setattr("photochrom.photograph.tiff_out._BIG", 1)
    large = derived(scan, "tiff")
    assert (small[:4], large.read_bytes()[:4]) == (b"II*\0", b"II+\0")
    relabel(large, tmp_path / "b.tif", KNOWN)
    for path in (large, tmp_path / "b.tif"):
        np.testing.assert_array_equal(tifffile.imread(path), Photograph.open(scan).pixels)
        assert exif_of(path).below[ifd.GPS].fields[29].data == b"1931:05:17\0"
    assert Photograph.probe(tmp_path / "b.tif").caption == KNOWN.caption


@pytest.mark.parametrize("ending", ["avif", "heic"])
def test_metadata_of_an_avif_or_heic(tmp_path: Path, ending: str) -> None:
    scan = tmp_path / f"a.{ending}"
    image = Image.fromarray(pixels()).convert("RGB")
    said: dict[str, Any] = {"exif": camera_exif(), "xmp": xmp(described("Harbor – 5€"))}
    if ending == "heic":
        writer = pytest.importorskip("pillow_heif", reason="pillow-heif writes the HEIC")
        writer.from_pillow(image).save(scan, **said)
    else:
        image.save(scan, **said)
    info = Photograph.probe(scan)
    assert (info.caption, info.exif_date) == ("Harbor – 5€", "1931-05-17T12:00:00")
    assert info.unread == ()
    found = exif_of(derived(scan, "png"))
    assert found.fields[exif.MODEL].data == b"EOS R5\0"
    assert found.below[ifd.GPS].fields[29].data == b"1931:05:17\0"


@pytest.mark.parametrize("kind", ["shaped", "imagej", "ome"])
def test_what_programs_say_of_the_layout_of_pixels_is_not_kept(tmp_path: Path, kind: str) -> None:
    scan = tmp_path / "a.tif"
    tifffile.imwrite(
        scan, pixels(), photometric="minisblack", **({kind: True} if kind != "shaped" else {})
    )
    with tifffile.TiffFile(scan) as tiff:
        assert tiff.pages[0].tags.valueof(exif.DESCRIPTION)
    assert Photograph.probe(scan).caption is None
    assert exif.DESCRIPTION not in exif_of(derived(scan, "tiff")).fields
