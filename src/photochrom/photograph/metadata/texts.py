"""Reading what people wrote into a file: EXIF, IPTC-IIM and XMP.

Sources: Exif 3.0 (CIPA DC-008), IPTC-NAA Information Interchange Model 4.2, XMP (ISO 16684-1).
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from photochrom.dates import iso_date
from photochrom.photograph.metadata import iim
from photochrom.photograph.metadata.device_texts import is_device_text
from photochrom.photograph.metadata.letters import decoded
from photochrom.photograph.metadata.xmp import Packet


@dataclass(frozen=True)
class Written:
    """The texts and dates in a file; see ScanInfo for what they mean."""

    caption: str | None = None
    title: str | None = None
    creator: str | None = None
    credit: str | None = None
    copyright: str | None = None
    license: str | None = None
    source: str | None = None
    identifier: str | None = None
    people: tuple[str, ...] = ()
    place: str | None = None
    catalog_date: str | None = None
    exif_date: str | None = None
    digitized: str | None = None
    device: str | None = None


def gather(
    exif: Mapping[str, Any],
    iptc: bytes | None,
    xmp: bytes | None,
    sidecar: bytes | None = None,
    comments: Mapping[str, str] = MappingProxyType({}),
) -> Written:
    """Merge the kinds of metadata: a sidecar wins over XMP, that over IPTC-IIM, that over EXIF.

    Args:
        exif: Values by EXIF tag name ("ImageDescription", "DateTimeOriginal", ...).
        iptc: An IPTC-IIM record.
        xmp: An XMP packet. A broken one counts as none.
        sidecar: The packet of an XMP sidecar.
        comments: Texts of a PNG by keyword; they count least.
    """
    packet = Packet.parse(xmp or b"") or Packet()
    beside = Packet.parse(sidecar or b"")
    if beside is not None:
        packet.overlay(beside)
    x = _Xmp(packet)
    i = {
        number: clean_text("; ".join(values))
        for number, values in iim.texts(iim.in_utf8(iim.read(iptc))).items()
    }
    e = {key: clean_text(value) for key, value in exif.items()}
    c = {key: clean_text(value) for key, value in comments.items()}
    # What a sidecar says of a date counts before what the file says.
    said = _Xmp(beside or Packet())
    taken, digitized = said("exif:DateTimeOriginal"), said("xmp:CreateDate")
    return Written(
        caption=_caption(
            x("dc:description"), i.get(120), e.get("ImageDescription"), c.get("Description")
        ),
        title=_caption(
            x("dc:title"), i.get(5), x("photoshop:Headline"), i.get(105), c.get("Title")
        ),
        creator=x("dc:creator") or i.get(80) or e.get("Artist") or c.get("Author"),
        credit=x("photoshop:Credit") or i.get(110),
        copyright=x("dc:rights") or i.get(116) or e.get("Copyright") or c.get("Copyright"),
        license=x("xmpRights:UsageTerms") or x("xmpRights:WebStatement"),
        source=x("dc:source") or x("photoshop:Source") or i.get(115),
        identifier=x("dc:identifier") or x("xmp:Identifier"),
        people=x.all("Iptc4xmpExt:PersonInImage"),
        place=_place(x, i),
        catalog_date=iso_date(x("photoshop:DateCreated") or _moment(i.get(55), i.get(60))),
        exif_date=iso_date(taken or e.get("DateTimeOriginal") or x("exif:DateTimeOriginal")),
        digitized=iso_date(
            digitized
            or e.get("DateTimeDigitized")
            or x("exif:DateTimeDigitized")
            or x("xmp:CreateDate")
            or _moment(i.get(62), i.get(63))
        ),
        device=" ".join(
            filter(None, (e.get("Make") or x("tiff:Make"), e.get("Model") or x("tiff:Model")))
        )
        or None,
    )


def clean_text(value: object) -> str | None:
    """Make one line of text of a metadata value; None when nothing is left."""
    if isinstance(value, bytes):
        value = decoded(value)
    if not isinstance(value, str):
        return None
    with suppress(UnicodeError):
        # Exif calls it ASCII, people write UTF-8, and some libraries read that as Latin-1.
        value = value.encode("latin-1").decode("utf-8")
    # tifffile describes the arrays it writes in ImageDescription; that is no caption.
    if value.startswith('{"shape":'):
        return None
    return " ".join(value.replace("\0", " ").split()) or None


class _Xmp:
    """Cleaned texts of a packet."""

    def __init__(self, packet: Packet) -> None:
        self._packet = packet

    def __call__(self, short: str) -> str | None:
        return clean_text("; ".join(self._packet.texts(short)))

    def all(self, short: str) -> tuple[str, ...]:
        return tuple(text for one in self._packet.texts(short) if (text := clean_text(one)))


def _caption(*texts: str | None) -> str | None:
    """The first text that a person wrote, not a device."""
    return next((text for text in texts if text and not is_device_text(text)), None)


def _moment(date: str | None, time: str | None) -> str | None:
    return date and (f"{date}T{time}" if time else date)


def _place(x: _Xmp, i: Mapping[int, str | None]) -> str | None:
    """Where the photograph was taken: "Torgallmenningen, Bergen, Norway", as far as it is told."""
    parts = (
        x("Iptc4xmpCore:Location") or i.get(92),
        x("photoshop:City") or i.get(90),
        x("photoshop:State") or i.get(95),
        x("photoshop:Country") or i.get(101),
    )
    return ", ".join(dict.fromkeys(part for part in parts if part)) or None
