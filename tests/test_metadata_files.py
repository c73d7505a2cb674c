"""Texts that files have in places of their own, and junk in the place of metadata."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metadata_kit import (
    NESTED,
    derived,
    jpeg_with,
    packet_of,
    photoshop,
    png_chunk,
    png_with,
    resource,
    segment,
    xmp,
)
from photochrom.photograph import Photograph
from photochrom.photograph.metadata import exif, iim
from photochrom.photograph.metadata.reading import blocks_of


@pytest.mark.parametrize("late", [False, True])
def test_texts_of_a_png_wherever_they_are(tmp_path: Path, late: bool) -> None:
    scan = png_with(
        tmp_path / "a.png",
        png_chunk(b"tEXt", b"Description\0Hafen von Z\xfcrich"),
        png_chunk(b"iTXt", b"Shelf\0\0\0\0\0" + "Æ 4".encode()),
        png_chunk(b"tEXt", b"Author\0Ganz"),
        png_chunk(b"tEXt", b"Software\0Scanner"),
        png_chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + xmp(NESTED, 'xmlns:my="urn:my"')),
        late=late,
    )
    info = Photograph.probe(scan)
    assert (info.caption, info.creator) == ("Harbor", "Ganz")
    comments = dict(blocks_of(derived(scan, "png"), "png").comments)
    assert comments["Description"] == "Hafen von Zürich"
    assert (comments["Shelf"], comments["Author"]) == ("Æ 4", "Ganz")
    packet = packet_of(derived(scan, "tiff"))
    assert packet.texts("dc:creator") == ["Ganz"]
    assert packet.texts("photochrom:comments") == ["Description: Hafen von Zürich", "Shelf: Æ 4"]


def test_the_comment_of_a_jpeg_and_its_copyright_flag(tmp_path: Path) -> None:
    flagged = photoshop(
        resource(0x040A, b"\1"),
        resource(0x040B, b"https://example.org"),
        resource(0x0425, b"digest"),
    )
    scan = jpeg_with(tmp_path / "a.jpg", flagged, segment(0xFE, "Fähre".encode("cp1252")))
    kept = blocks_of(derived(scan), "jpeg")
    assert kept.comments == (("Comment", "Fähre"),)
    assert dict(iim.resources(kept.resources)) == {0x040A: b"\1", 0x040B: b"https://example.org"}
    packet = packet_of(derived(scan, "webp"))
    assert packet.texts("exif:UserComment") == ["Fähre"]
    assert packet.texts("xmpRights:Marked") == ["True"]
    assert packet.texts("xmpRights:WebStatement") == ["https://example.org"]


def test_jpeg_2000_is_lossless_with_profile_and_resolution(tmp_path: Path) -> None:
    for shape in ((30, 40), (30, 40, 3)):
        deep = np.random.default_rng(1).integers(0, 65536, shape).astype(np.uint16)
        info = Photograph.from_array(deep).info
        dpi = (600.0, 300.0)
        photograph = Photograph.from_array(deep, info=info)
        object.__setattr__(info, "dpi", dpi)
        photograph.save(tmp_path / "a.jp2")
        opened = Photograph.open(tmp_path / "a.jp2")
        np.testing.assert_array_equal(opened.pixels, deep)
        data = (tmp_path / "a.jp2").read_bytes()
        at = data.index(b"resc") + 4
        down, under, across, under_2 = struct.unpack_from(">4H", data, at)
        powers = struct.unpack_from(">2b", data, at + 8)
        found = [
            number / below * 10**power * 0.0254
            for number, below, power in zip((across, down), (under_2, under), powers, strict=True)
        ]
        assert found == pytest.approx(dpi, rel=1e-3)
        # Read by its number, with the profile behind it.
        assert data[data.index(b"colr") + 4 :][:7] == b"\1\0\0\0\0\0" + bytes(
            [17 - (deep.ndim == 3)]
        )
        assert data.index(b"colr") < data.index(b"acsp") < data.index(b"jp2c")


@given(st.binary(max_size=300))
def test_junk_in_the_place_of_metadata_never_stops_anything(junk: bytes) -> None:
    assert exif.read_block(b"II*\0\x08\0\0\0" + junk) is not None
    assert exif.read_block(b"MM\0*\0\0\0\x08" + junk) is not None
    assert isinstance(iim.in_utf8(iim.read(b"\x1c\x02" + junk)), list)
    assert isinstance([*iim.resources(b"8BIM\x04\x04\0\0" + junk)], list)


@given(st.binary(max_size=400), st.integers(0, 3))
def test_files_with_junk_before_their_pixels_can_be_asked(
    tmp_path_factory: pytest.TempPathFactory, junk: bytes, kind: int
) -> None:
    folder = tmp_path_factory.mktemp("junk")
    format = ["jpeg", "png", "webp", "jpeg2000"][kind]
    head = [b"\xff\xd8", b"\x89PNG\r\n\x1a\n", b"RIFF\0\0\0\0WEBP", b"\0\0\0\x0cjP  \r\n\x87\n"][
        kind
    ]
    (folder / "a").write_bytes(head + junk)
    found = blocks_of(folder / "a", format)
    assert isinstance(found.exif, bytes)
