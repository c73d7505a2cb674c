"""XMP of any namespace stays as it is, however long, whatever its encoding."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import tifffile
from lxml import etree

from metadata_kit import (
    FORMATS,
    NESTED,
    bare,
    derived,
    described,
    extended,
    jpeg_with,
    packet_of,
    pixels,
    xmp,
    xmp_segment,
)
from photochrom.photograph import Photograph
from photochrom.photograph.metadata.xmp import Packet


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


@pytest.mark.parametrize("block", [b"II*\0\x08\0\0\0\0\0\0\0\0\0", b"MM\0*\0\0\0\x08" + bytes(6)])
def test_exif_without_a_field_is_nothing_to_tell(tmp_path: Path, block: bytes) -> None:
    """Programs that strip metadata leave it so; nobody has lost anything."""
    scan = jpeg_with(tmp_path / "d.jpg", exif=b"Exif\0\0" + block)
    assert Photograph.open(scan).info.notices == ()


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
    told = [f"there is {kind} that cannot be read, and is not carried over" for kind in info.unread]
    assert info.notices == (*told,) == Photograph.open(broken).info.notices
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
