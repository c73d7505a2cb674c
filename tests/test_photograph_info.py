"""What is known of a scan besides its pixels."""

from __future__ import annotations

import hashlib
import json
import struct
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import tifffile
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from photochrom.dates import iso_date
from photochrom.photograph import Photograph, ScanInfo
from photochrom.photograph.metadata import gather, iptc_of_photoshop
from photochrom.photograph.names import year_in_name

BARE = ScanInfo(
    path=None, format="array", width=1, height=1, bit_depth=8, channels=1, sha256="", bytes=1
)


@pytest.mark.parametrize(
    ("name", "year"),
    [
        ("1943.tif", 1943),
        ("harbor_1943-06-01.jpg", 1943),
        ("19430601_harbor.png", 1943),
        ("1943 harbor (scan 2015).tif", 1943),
        ("img-1889a.tif", 1889),
        ("circa1910s.tif", 1910),
        ("harbor_1920x1080.jpg", None),
        ("harbor 1024 x 768.jpg", None),
        ("page_1200dpi.tif", None),
        ("movie 1080p.png", None),
        ("wide 1900px.png", None),
        ("19991332.tif", None),
        ("DSC01943.jpg", None),
        ("1750 etching.tif", None),
        ("scan0042.tif", None),
        ("2100.tif", None),
    ],
)
def test_year_in_a_name(name: str, year: int | None) -> None:
    assert year_in_name(name) == year


@given(
    st.integers(1826, 2039),
    st.sampled_from(["", "a ", "x_", "box-"]),
    st.sampled_from(["", ".tif", "_b"]),
)
def test_a_year_that_stands_alone_is_found(year: int, before: str, after: str) -> None:
    assert year_in_name(f"{before}{year}{after}") == year


def test_the_photographs_date_is_not_the_scanners() -> None:
    scanned = replace(BARE, digitized="2015-03-02T10:00:00")
    assert scanned.year is None
    named = replace(scanned, name_year=1931)
    assert (named.year, named.year_source) == (1931, "file name")
    # A camera on a copy stand writes its own clock into both fields.
    copied = replace(named, exif_date="2015-03-02T10:00:00")
    assert copied.dated == (1931, "file name")
    # Someone who corrected the EXIF date meant it.
    corrected = replace(named, exif_date="1930-01-01")
    assert corrected.dated == (1930, "EXIF DateTimeOriginal")
    catalogued = replace(corrected, catalog_date="1929")
    assert catalogued.dated == (1929, "IPTC/XMP DateCreated")
    assert replace(BARE, exif_date="2015-03-02").year == 2015


@pytest.mark.parametrize(
    ("written", "iso"),
    [
        ("1943:06:01 12:30:15", "1943-06-01T12:30:15"),
        ("19430601", "1943-06-01"),
        ("19430000", "1943"),
        ("1943-06", "1943-06"),
        ("1943", "1943"),
        ("1943-06-01T12:30:15+02:00", "1943-06-01T12:30:15+02:00"),
        ("19430601T123015+0100", "1943-06-01T12:30:15+0100"),
        ("0000:00:00 00:00:00", None),
        ("    :  :     :  :  ", None),
        ("", None),
        (None, None),
        ("about 1910", "about 1910"),
    ],
)
def test_dates(written: str | None, iso: str | None) -> None:
    assert iso_date(written) == iso


def iptc(*sets: tuple[int, str]) -> bytes:
    record = b"\x1c\x01\x5a\x00\x03\x1b%G"
    for number, text in sets:
        data = text.encode()
        record += struct.pack(">BBBH", 0x1C, 2, number, len(data)) + data
    return record


def photoshop(record: bytes) -> bytes:
    """Image resources: one of another kind in front, then the IPTC record."""
    other = b"8BIM\x04\x06\x00\x00" + struct.pack(">I", 3) + b"abc\0"
    return other + b"8BIM\x04\x04\x00\x00" + struct.pack(">I", len(record)) + record


XMP = b"""<?xpacket begin='' id='W5M0MpCehiHzreSzNTczkc9d'?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/"
 xmlns:dc="http://purl.org/dc/elements/1.1/" photoshop:DateCreated="1911-05">
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">From XMP</rdf:li>
<rdf:li xml:lang="de">Aus XMP</rdf:li></rdf:Alt></dc:description>
<dc:creator><rdf:Seq><rdf:li>A</rdf:li><rdf:li>B</rdf:li></rdf:Seq></dc:creator>
</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end='w'?>"""


def test_the_three_kinds_of_metadata_and_their_order() -> None:
    record = iptc((55, "19120000"), (80, "Müller"), (110, "Archive"), (120, "From IPTC"))
    exif = {"ImageDescription": "From EXIF", "Copyright": "© EXIF", "Artist": "E"}
    all_three = gather(exif, record, XMP)
    assert all_three.caption == "From XMP"
    assert all_three.creator == "A; B"
    assert all_three.catalog_date == "1911-05"
    assert all_three.credit == "Archive"
    assert all_three.copyright == "© EXIF"
    without_xmp = gather(exif, record, None)
    assert (without_xmp.caption, without_xmp.creator) == ("From IPTC", "Müller")
    assert without_xmp.catalog_date == "1912"
    assert gather(exif, None, None).caption == "From EXIF"


def test_utf8_that_was_read_as_latin1_is_mended() -> None:
    mangled = "Zürich".encode().decode("latin-1")
    assert gather({"ImageDescription": mangled}, None, None).caption == "Zürich"
    assert gather({"ImageDescription": "Z\xfcrich"}, None, None).caption == "Zürich"
    assert gather({"ImageDescription": b"Z\xfcrich\0"}, None, None).caption == "Zürich"


@given(st.binary(max_size=200))
def test_broken_metadata_never_stops_anything(junk: bytes) -> None:
    for info in (
        gather({"ImageDescription": junk, "DateTimeOriginal": junk}, junk, junk),
        gather({}, b"\x1c\x02" + junk, b"<x>" + junk),
    ):
        assert info.caption is None or isinstance(info.caption, str)
    found = iptc_of_photoshop(b"8BIM" + junk)
    assert found is None or isinstance(found, bytes)


def test_xmp_with_entities_is_not_parsed() -> None:
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]>' + XMP
    assert gather({}, None, bomb).caption is None


def test_metadata_of_a_tiff(tmp_path: Path) -> None:
    record = photoshop(iptc((120, "Harbor"), (55, "19310501")))
    tifffile.imwrite(
        tmp_path / "a.tif",
        np.zeros((30, 40), np.uint16),
        photometric="minisblack",
        resolution=(118.11, 118.11),
        resolutionunit="centimeter",
        datetime="2015:03:02 10:00:00",
        metadata=None,
        extratags=[
            (34377, 1, len(record), record, True),
            (315, 2, 5, "Ganz\0", True),
            (274, 3, 1, 6, True),
        ],
    )
    info = Photograph.probe(tmp_path / "a.tif")
    assert (info.caption, info.creator) == ("Harbor", "Ganz")
    assert info.dated == (1931, "IPTC/XMP DateCreated")
    assert (info.width, info.height, info.orientation) == (30, 40, 6)
    assert info.dpi == pytest.approx((300, 300), abs=0.1)
    assert (info.bit_depth, info.channels, info.profile) == (16, 1, None)


def test_metadata_of_a_jpeg(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[270] = "Harbor"
    exif[33432] = "Public domain"
    exif.get_ifd(0x8769)[36867] = "1931:05:01 00:00:00"
    exif.get_ifd(0x8769)[36868] = "2015:03:02 10:00:00"
    record = b"Photoshop 3.0\0" + photoshop(iptc((80, "Ganz")))
    app13 = b"\xff\xed" + struct.pack(">H", len(record) + 2) + record
    Image.new("L", (40, 30)).save(tmp_path / "a.jpg", exif=exif, dpi=(300, 300), extra=app13)
    info = Photograph.probe(tmp_path / "a.jpg")
    assert (info.caption, info.creator, info.copyright) == ("Harbor", "Ganz", "Public domain")
    assert info.exif_date == "1931-05-01T00:00:00"
    assert info.digitized == "2015-03-02T10:00:00"
    assert (info.year, info.dpi) == (1931, (300, 300))


def test_png_metadata_behind_the_pixels_is_found(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[274] = 8
    Image.new("L", (40, 30)).save(tmp_path / "a.png", exif=exif)
    data = (tmp_path / "a.png").read_bytes()
    at = data.index(b"eXIf") - 4
    chunk = data[at : at + 12 + int.from_bytes(data[at : at + 4], "big")]
    moved = data.replace(chunk, b"")
    (tmp_path / "a.png").write_bytes(moved[:-12] + chunk + moved[-12:])
    assert Photograph.probe(tmp_path / "a.png").orientation == 8
    assert Photograph.open(tmp_path / "a.png").pixels.shape == (40, 30)


def test_probe_says_what_open_says(tmp_path: Path) -> None:
    Image.new("RGB", (40, 30), "red").save(tmp_path / "1931 red.webp")
    path = tmp_path / "1931 red.webp"
    info = Photograph.probe(path)
    assert info == Photograph.open(path).info
    assert info.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert info.bytes == path.stat().st_size
    plain = json.loads(json.dumps(info.to_json()))
    assert (plain["year"], plain["year_source"]) == (1931, "file name")
    assert plain["path"] == str(path)


def test_pictures_without_a_file_have_a_digest_of_their_pixels() -> None:
    gray = Photograph.from_array(np.zeros((4, 6), np.uint8)).info
    same = Photograph.from_array(np.zeros((4, 6), np.uint8)).info
    others = [np.zeros((6, 4), np.uint8), np.zeros((4, 3), np.uint16), np.ones((4, 6), np.uint8)]
    assert gray == same
    assert len({Photograph.from_array(o).info.sha256 for o in others} | {gray.sha256}) == 4
    assert gray.path is None and json.dumps(gray.to_json())
