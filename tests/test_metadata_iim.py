"""IPTC-IIM of any encoding stays as written, and what WebP cannot hold is in XMP."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from metadata_kit import (
    data_set,
    derived,
    iptc,
    jpeg_with,
    packet_of,
    sets_of,
    xmp,
    xmp_segment,
)
from photochrom.photograph import Photograph


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
