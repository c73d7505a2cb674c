"""What is known is added to what a scan says, and sidecars count before it."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from metadata_kit import (
    FORMATS,
    KNOWN,
    NESTED,
    bare,
    camera_exif,
    data_set,
    derived,
    described,
    exif_of,
    iptc,
    jpeg_with,
    packet_of,
    sets_of,
    xmp,
    xmp_segment,
)
from photochrom.errors import PhotographError
from photochrom.photograph import Known, Photograph, relabel
from photochrom.photograph.metadata import exif, ifd, iim


@pytest.mark.parametrize("format", FORMATS)
def test_what_is_known_is_written_and_what_it_replaces_is_kept(tmp_path: Path, format: str) -> None:
    picture = Image.Exif()
    picture[0x010E] = "Harbor"
    scan = jpeg_with(
        tmp_path / "a.jpg",
        iptc(data_set(2, 120, b"The harbor"), data_set(2, 55, b"19300000")),
        xmp_segment(
            xmp(
                "<i:PersonInImage><rdf:Bag><rdf:li>Ola Nordmann</rdf:li><rdf:li>Per</rdf:li>"
                "</rdf:Bag></i:PersonInImage>",
                'xmlns:i="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"',
            )
        ),
        exif=picture.tobytes(),
    )
    photograph = Photograph.open(scan)
    direct = tmp_path / f"direct.{FORMATS[format]}"
    photograph.save(direct, known=KNOWN, provenance={"statement": "s"})
    photograph.save(tmp_path / f"plain.{FORMATS[format]}", provenance={"statement": "s"})
    later = tmp_path / f"later.{FORMATS[format]}"
    digest = relabel(tmp_path / f"plain.{FORMATS[format]}", later, KNOWN)
    assert digest == hashlib.sha256(later.read_bytes()).hexdigest()
    np.testing.assert_array_equal(Photograph.open(later).pixels, Photograph.open(direct).pixels)
    for path in (direct, later):
        info = Photograph.probe(path)
        assert info.unread == ()
        assert info.caption == "Der Hafen am Mittag"
        assert {*info.people} == {"Ola Nordmann", "Per", "Kari"}
        assert (info.place, info.catalog_date) == ("Bergen, Norway", "1931-05-17")
        assert (info.credit, info.license) == ("City archive", "CC BY 4.0")
        assert (info.source, info.identifier) == ("Box 4", "ubb-1234")
        assert exif_of(path).fields[exif.DESCRIPTION].data == b"Der Hafen am Mittag\0"
        packet = packet_of(path)
        assert packet.texts("photochrom:statement") == ["s"]
        assert packet.texts("photochrom:replaced")[0] == "dc:description: The harbor"
        if format != "webp":
            texts = iim.texts(sets_of(path))
            assert (texts[120], texts[55]) == (["Der Hafen am Mittag"], ["19310517"])
    again = tmp_path / f"again.{FORMATS[format]}"
    relabel(later, again, KNOWN)
    assert again.read_bytes() == later.read_bytes()
    relabel(later, again, Known(caption="Third"))
    replaced = packet_of(again).texts("photochrom:replaced")
    assert "dc:description: The harbor" in replaced
    assert "dc:description: Der Hafen am Mittag" in replaced


def test_texts_that_xml_has_no_place_for(tmp_path: Path) -> None:
    odd = "a\x01b\ud800c"
    known = Known(caption=odd, place=odd, people=(odd,), license=odd, credit=odd)
    info = Photograph.probe(derived(bare(tmp_path / "a.png"), "webp", known=known))
    assert (info.caption, info.place, info.people) == ("abc", "abc", ("abc",))


@pytest.mark.parametrize("date", ["about 1931", "1920s", "1904/1906", "19th century"])
def test_a_date_that_is_not_exact_is_never_written_as_if_it_were(tmp_path: Path, date: str) -> None:
    scan = jpeg_with(tmp_path / "a.jpg", iptc(data_set(2, 55, b"18880517")))
    packet = packet_of(derived(scan, known=Known(date=date)))
    assert packet.texts("photoshop:DateCreated") == []
    assert packet.texts("photochrom:date") == packet.texts("dc:coverage") == [date]
    assert packet.texts("photochrom:replaced") == ["photoshop:DateCreated: 1888-05-17"]


def test_how_the_scan_came_to_be_is_kept_beside_how_the_picture_did(tmp_path: Path) -> None:
    space = (
        'xmlns:i="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" i:DigitalSourceType="urn:negative"'
    )
    scan = jpeg_with(tmp_path / "a.jpg", xmp_segment(xmp("", space)))
    packet = packet_of(derived(scan, provenance={"digital_source_type": "urn:composite"}))
    assert packet.texts("Iptc4xmpExt:DigitalSourceType") == ["urn:composite"]
    assert packet.texts("photochrom:scan_digital_source_type") == ["urn:negative"]


@pytest.mark.parametrize("name", ["a.xmp", "a.jpg.xmp", "a.XMP"])
@pytest.mark.parametrize("format", FORMATS)
def test_a_sidecar_counts_before_the_file(tmp_path: Path, format: str, name: str) -> None:
    picture = Image.Exif()
    picture[0x010E] = "From EXIF"
    picture.get_ifd(0x8769)[0x9003] = "2019:03:02 10:00:00"
    scan = jpeg_with(
        tmp_path / "a.jpg",
        iptc(data_set(2, 120, b"From IPTC"), data_set(2, 90, b"Bergen")),
        xmp_segment(xmp(described("From XMP") + "<dc:source>Box 4</dc:source>")),
        exif=picture.tobytes(),
    )
    beside = tmp_path / name
    said = described("From beside") + "<exif:DateTimeOriginal>1931-05-17</exif:DateTimeOriginal>"
    beside.write_bytes(xmp(said + "<photoshop:City>Oslo</photoshop:City>"))
    before = beside.read_bytes()
    info = Photograph.probe(scan)
    assert (info.caption, info.source, info.place) == ("From beside", "Box 4", "Oslo")
    assert info.dated == (1931, "EXIF DateTimeOriginal")
    assert info.sidecar == hashlib.sha256(before).hexdigest()
    result = derived(scan, format)
    beside.rename(tmp_path / "away")
    assert Photograph.probe(result).caption == "From beside"
    found = exif_of(result)
    assert found.fields[exif.DESCRIPTION].data == b"From beside\0"
    assert found.below[ifd.EXIF].fields[0x9003].data == b"1931:05:17 00:00:00\0"
    if format != "webp":
        texts = iim.texts(sets_of(result))
        assert (texts[120], texts[90]) == (["From beside"], ["Oslo"])
    assert (tmp_path / "away").read_bytes() == before


def test_of_two_sidecars_the_one_that_can_only_be_meant_for_the_file_counts(tmp_path: Path) -> None:
    scan = bare(tmp_path / "a.jpg")
    (tmp_path / "a.xmp").write_bytes(xmp(described("For all called a")))
    assert Photograph.probe(scan).caption == "For all called a"
    (tmp_path / "a.jpg.xmp").write_bytes(xmp(described("For the JPEG")))
    assert Photograph.probe(scan).caption == "For the JPEG"


@pytest.mark.parametrize("data", [b"", b"\0\1\2", b"<x:xmpmeta>never closed", b"just words"])
def test_a_sidecar_that_cannot_be_read_is_named(tmp_path: Path, data: bytes) -> None:
    scan = bare(tmp_path / "a.png")
    (tmp_path / "a.xmp").write_bytes(data)
    with pytest.raises(PhotographError, match=r"a\.xmp: is no XMP that can be read"):
        Photograph.open(scan)


@pytest.mark.parametrize("format", FORMATS)
def test_the_same_scan_gives_the_same_bytes(tmp_path: Path, format: str) -> None:
    scan = jpeg_with(
        tmp_path / "a.jpg",
        iptc(data_set(2, 120, b"x")),
        xmp_segment(xmp(NESTED, 'xmlns:my="urn:my"')),
        exif=camera_exif(),
    )
    first = derived(scan, format, known=KNOWN).read_bytes()
    assert derived(scan, format, known=KNOWN).read_bytes() == first
