"""What a cataloger wrote stays; what speaks of the pixels is made anew; what is known is added."""

from __future__ import annotations

import hashlib
import io
import re
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tifffile
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from PIL import Image

from metadata_kit import (
    FORMATS,
    bare,
    big_endian,
    data_set,
    described,
    iptc,
    jpeg_with,
    photoshop,
    pixels,
    png_chunk,
    png_with,
    resource,
    segment,
    xmp,
    xmp_segment,
)
from photochrom.errors import PhotographError
from photochrom.photograph import Known, Photograph, relabel
from photochrom.photograph.metadata import exif, ifd, iim
from photochrom.photograph.metadata.reading import blocks_of
from photochrom.photograph.metadata.xmp import Packet

UTF_8 = data_set(1, 90, b"\x1b%G")
SIMILAR = {"tiff": "tiff", "jpeg": "jpeg", "png": "png", "webp": "webp", "jp2": "jpeg2000"}


def derived(scan: Path, format: str = "jpeg", **options: Any) -> Path:
    path = scan.parent / f"derived-{scan.stem}.{FORMATS[format]}"
    Photograph.open(scan).save(path, **options)
    return path


def packet_of(path: Path) -> Packet:
    format = Photograph.probe(path).format
    packet = Packet.parse(blocks_of(path, format).xmp)
    assert packet is not None
    return packet


def sets_of(path: Path) -> list[iim.DataSet]:
    return iim.read(blocks_of(path, Photograph.probe(path).format).iptc)


def exif_of(path: Path) -> ifd.Directory:
    return exif.read_block(blocks_of(path, Photograph.probe(path).format).exif)


@pytest.mark.parametrize(
    ("charset", "encoding"),
    [
        (b"", "cp1252"),
        (b"", "utf-8"),
        (b"\x1b%G", "utf-8"),
        (b"\x1b.A", "cp1252"),
        (b"\x1b-A", "cp1252"),
        # Said to be UTF-8, and is not.
        (b"\x1b%G", "cp1252"),
        (b"\x1b.B", "iso8859-2"),
        (b"\x1b-L", "iso8859-5"),
    ],
)
@pytest.mark.parametrize("format", ["tiff", "jpeg", "png", "webp", "jp2"])
def test_iim_of_any_encoding_is_read_as_written_and_written_as_utf_8(
    tmp_path: Path, format: str, charset: bytes, encoding: str
) -> None:
    text = {"iso8859-2": "Łódź", "iso8859-5": "Москва"}.get(
        encoding, "Vater – “der Alte” 5€, Zürich"
    )
    told = [data_set(1, 90, charset)] if charset else []
    caption = data_set(2, 120, text.encode(encoding))
    scan = jpeg_with(tmp_path / "a.jpg", iptc(*told, caption, data_set(2, 25, b"ships")))
    assert Photograph.probe(scan).caption == text
    result = derived(scan, format)
    assert Photograph.probe(result).caption == text
    assert packet_of(result).texts("dc:description") == [text]
    if format == "webp":
        assert packet_of(result).texts("dc:subject") == ["ships"]
    else:
        assert [(one.record, one.number, one.data) for one in sets_of(result)] == [
            (1, 90, b"\x1b%G"),
            (2, 120, text.encode()),
            (2, 25, b"ships"),
        ]


def test_iim_that_webp_cannot_hold_is_in_xmp(tmp_path: Path) -> None:
    scan = jpeg_with(
        tmp_path / "a.jpg",
        iptc(
            *(data_set(2, 5, b"Title"), data_set(2, 25, b"one"), data_set(2, 25, b"two")),
            *(data_set(2, 55, b"19310500"), data_set(2, 22, b"Fixture"), data_set(2, 0, b"\0\4")),
            *(
                data_set(2, 116, b"A"),
                data_set(2, 62, b"20190302"),
                data_set(2, 63, b"101500+0100"),
            ),
        ),
        xmp_segment(xmp("<dc:rights><rdf:Alt><rdf:li>B</rdf:li></rdf:Alt></dc:rights>")),
    )
    packet = packet_of(derived(scan, "webp"))
    assert packet.texts("dc:title") == ["Title"]
    assert packet.texts("dc:subject") == ["one", "two"]
    assert packet.texts("photoshop:DateCreated") == ["1931-05"]
    assert packet.texts("xmp:CreateDate") == ["2019-03-02T10:15:00+0100"]
    # Two texts for one thing: none is lost.
    assert packet.texts("dc:rights") == ["B"]
    assert packet.texts("photochrom:iim") == ["2:22=Fixture", "2:0=0x0004", "2:116=A"]


def test_previews_and_pixels_in_iim_are_not_kept_and_long_sets_are(tmp_path: Path) -> None:
    long = bytes((0x1C, 2, 120)) + struct.pack(">HI", 0x8004, 40_000) + b"x" * 40_000
    scan = jpeg_with(
        tmp_path / "a.jpg",
        iptc(
            *(data_set(2, 202, b"preview"), data_set(3, 20, b"\0\x28"), data_set(3, 10, b"7")),
            *(data_set(7, 10, b"1"), data_set(8, 10, b"object"), long, data_set(2, 25, b"after")),
        ),
    )
    kept = sets_of(derived(scan))
    assert [(one.record, one.number) for one in kept] == [(1, 90), (2, 120), (2, 25), (3, 10)]
    assert kept[1].data == b"x" * 40_000


NESTED = """
<my:box rdf:parseType="Resource"><my:shelf>4</my:shelf><my:notes><rdf:Bag>
<rdf:li xml:lang="de">Über &lt;alles&gt; &amp; mehr</rdf:li><rdf:li rdf:parseType="Resource">
<my:deep><rdf:Seq><rdf:li>  spaces  </rdf:li></rdf:Seq></my:deep></rdf:li></rdf:Bag></my:notes>
</my:box><my:link rdf:resource="http://example.org/a?b=c&amp;d"/><my:short my:x="1" my:y="2"/>
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">Harbor</rdf:li>
<rdf:li xml:lang="nb">Havna</rdf:li></rdf:Alt></dc:description>
<my:qualified rdf:parseType="Resource"><rdf:value>v</rdf:value><my:by>me</my:by></my:qualified>"""


def canonical(packet: Packet) -> dict[str, str]:
    return {
        str(one.tag): etree.tostring(one, method="c14n", exclusive=True, with_tail=False).decode()
        for one in packet
        if "photochrom" not in str(one.tag)
    }


@pytest.mark.parametrize("format", FORMATS)
def test_xmp_of_unknown_namespaces_stays_as_it_is(tmp_path: Path, format: str) -> None:
    space = 'xmlns:my="urn:example:my-own/1.0/" my:attribute="as attribute"'
    before = xmp(NESTED, space)
    scan = jpeg_with(tmp_path / "a.jpg", xmp_segment(before))
    packet = Packet.parse(before)
    assert packet is not None and len(canonical(packet)) == 6
    assert canonical(packet_of(derived(scan, format))) == canonical(packet)


def test_one_prefix_of_two_namespaces_and_several_descriptions(tmp_path: Path) -> None:
    other = (
        '<rdf:Description xmlns:a="urn:two" rdf:about="" a:name="second"/>'
        '<rdf:Description xmlns:b="urn:three" rdf:about="" b:name="third"/>'
    )
    before = xmp("<a:name>first</a:name>", 'xmlns:a="urn:one"').replace(
        b"</rdf:RDF>", other.encode() + b"</rdf:RDF>"
    )
    result = derived(jpeg_with(tmp_path / "a.jpg", xmp_segment(before)))
    texts = {str(one.tag): one.text for one in packet_of(result)}
    found = {texts[f"{{urn:{name}}}name"] for name in ("one", "two", "three")}
    assert found == {"first", "second", "third"}


def extended(packet: bytes, extension: bytes) -> list[bytes]:
    """Segments of a packet with an extension, whose parts are out of order."""
    digest = hashlib.md5(extension, usedforsecurity=False).hexdigest().upper().encode()
    head = b"http://ns.adobe.com/xmp/extension/\0" + digest
    parts = [
        segment(0xE1, head + struct.pack(">II", len(extension), at) + extension[at : at + 50_000])
        for at in range(0, len(extension), 50_000)
    ]
    named = packet.replace(b"0" * 32, digest)
    return [xmp_segment(named), *reversed(parts)]


def test_extended_xmp_comes_in_and_goes_out(tmp_path: Path) -> None:
    note = "xmlns:xmpNote='http://ns.adobe.com/xmp/note/'"
    main = xmp(
        f"<xmpNote:HasExtendedXMP>{'0' * 32}</xmpNote:HasExtendedXMP>{described('Harbor')}", note
    )
    long = "Ærø " * 40_000
    extension = xmp(f"<my:long>{long}</my:long>", 'xmlns:my="urn:my"')
    scan = jpeg_with(tmp_path / "a.jpg", *extended(main, extension))
    for format in FORMATS:
        result = derived(scan, format)
        packet = packet_of(result)
        assert [one.text for one in packet if one.tag == "{urn:my}long"] == [long]
        assert packet.texts("dc:description") == ["Harbor"]
    data = (tmp_path / "derived-a.jpg").read_bytes()
    # What belongs together is named alike, and the main packet has what most readers look for.
    (digest,) = re.findall(rb"HasExtendedXMP>([0-9A-F]{32})<", data)
    assert data.count(b"http://ns.adobe.com/xmp/extension/\0" + digest) == 4
    assert b"Harbor" in data[: data.index(b"http://ns.adobe.com/xmp/extension/")]


def camera_exif() -> bytes:
    """What a camera on a copy stand writes, and a cataloger added."""
    picture = Image.Exif()
    picture.endian = "<"
    picture[0x010E] = "Harbor"
    picture[0x010F], picture[0x0110], picture[0x0112] = "Canon", "EOS R5", 6
    picture[0x9C9B] = "Titel\0".encode("utf-16-le")
    inside = picture.get_ifd(0x8769)
    inside[0x9003], inside[0x9004] = "1931:05:17 12:00:00", "2019:03:02 10:00:00"
    inside[0x927C], inside[0xA002], inside[0x9214] = b"maker note", 9999, (1, 2)
    inside[0x9286] = b"UNICODE\0" + "Kai – Bergen".encode("utf-16-be")
    inside[0x829A] = 0.5
    gps = picture.get_ifd(0x8825)
    gps[1], gps[2], gps[29] = "N", (60.0, 23.0, 24.0), "1931:05:17"
    return picture.tobytes()


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


def test_windows_1252_in_a_packet_and_packets_that_cannot_be_read(tmp_path: Path) -> None:
    inside = (
        xmp(described("~"))
        .replace(b"~", "Vater – 5€".encode("cp1252"))
        .replace("\ufeff".encode(), b"")
    )
    assert (
        Photograph.probe(jpeg_with(tmp_path / "b.jpg", xmp_segment(inside))).caption == "Vater – 5€"
    )
    broken = jpeg_with(
        tmp_path / "c.jpg", xmp_segment(b"<x:xmpmeta>never closed"), exif=b"Exif\0\0II*"
    )
    info = Photograph.probe(broken)
    assert info.unread == ("EXIF", "XMP")
    assert Photograph.probe(tmp_path / "b.jpg").unread == ()


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig", "iso8859-2"])
def test_packets_in_other_encodings(tmp_path: Path, encoding: str) -> None:
    text = xmp(described("Łódź")).decode().replace("\ufeff", "")
    if encoding == "iso8859-2":
        text = f'<?xml version="1.0" encoding="{encoding}"?>' + text
    scan = bare(tmp_path / "a.jpg")
    (tmp_path / "a.xmp").write_bytes(text.encode(encoding))
    assert Photograph.probe(scan).caption == "Łódź"
    tifffile.imwrite(
        tmp_path / "b.tif",
        pixels(),
        metadata=None,
        extratags=[(700, 1, 0, text.encode(encoding) + b"\0\0", True)],
    )
    assert Photograph.probe(tmp_path / "b.tif").caption == "Łódź"


def test_an_extension_that_is_not_named(tmp_path: Path) -> None:
    extension = xmp("<my:long>x</my:long>", 'xmlns:my="urn:my"')
    scan = jpeg_with(tmp_path / "a.jpg", *extended(xmp(described("Harbor")), extension))
    assert [one.text for one in packet_of(derived(scan)) if one.tag == "{urn:my}long"] == ["x"]


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


KNOWN = Known(
    caption="Der Hafen am Mittag",
    people=("Ola Nordmann", "Kari"),
    place="Bergen, Norway",
    date="1931-05-17",
    credit="City archive",
    license="CC BY 4.0",
    source="Box 4",
    identifier="ubb-1234",
)


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


def test_metadata_of_an_avif(tmp_path: Path) -> None:
    """Its boxes are those of HEIC."""
    Image.fromarray(pixels()).convert("RGB").save(
        tmp_path / "a.avif", exif=camera_exif(), xmp=xmp(described("Harbor – 5€"))
    )
    info = Photograph.probe(tmp_path / "a.avif")
    assert (info.caption, info.exif_date) == ("Harbor – 5€", "1931-05-17T12:00:00")
    found = exif_of(derived(tmp_path / "a.avif", "png"))
    assert found.fields[exif.MODEL].data == b"EOS R5\0"
    assert found.below[ifd.GPS].fields[29].data == b"1931:05:17\0"


@given(st.binary(max_size=300), st.sampled_from(sorted(SIMILAR)))
def test_junk_in_the_place_of_metadata_never_stops_anything(junk: bytes, format: str) -> None:
    assert exif.read_block(b"II*\0\x08\0\0\0" + junk) is not None
    assert exif.read_block(b"MM\0*\0\0\0\x08" + junk) is not None
    assert isinstance(iim.in_utf8(iim.read(b"\x1c\x02" + junk)), list)
    assert isinstance([*iim.resources(b"8BIM\x04\x04\0\0" + junk)], list)
    assert format in SIMILAR


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
