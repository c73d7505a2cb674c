"""Reading what people wrote into a file: EXIF, IPTC-IIM and XMP.

Sources: Exif 3.0 (CIPA DC-008), IPTC-NAA Information Interchange Model 4.2, XMP (ISO 16684-1).
"""

from __future__ import annotations

import re
import struct
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree

_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_XMP = "{http://ns.adobe.com/xap/1.0/}"
_PHOTOSHOP = "{http://ns.adobe.com/photoshop/1.0/}"
_EXIF = "{http://ns.adobe.com/exif/1.0/}"
_LONGEST_PACKET = 4 * 2**20
_IPTC_RESOURCE = 0x0404


@dataclass(frozen=True)
class Written:
    """The texts and dates in a file; see ScanInfo for what they mean."""

    caption: str | None = None
    creator: str | None = None
    credit: str | None = None
    copyright: str | None = None
    catalog_date: str | None = None
    exif_date: str | None = None
    digitized: str | None = None


def gather(exif: Mapping[str, Any], iptc: bytes | None, xmp: bytes | None) -> Written:
    """Merge the three kinds of metadata; XMP wins over IPTC-IIM, and that over EXIF.

    Args:
        exif: Values by EXIF tag name ("ImageDescription", "DateTimeOriginal", ...).
        iptc: An IPTC-IIM record.
        xmp: An XMP packet. A broken one counts as none.
    """
    x, i = _xmp_texts(xmp), _iptc_texts(iptc)
    e = {key: clean_text(value) for key, value in exif.items()}
    iptc_date = (i.get(55) or "") + ("T" + i[60] if i.get(55) and i.get(60) else "")
    return Written(
        caption=x.get(_DC + "description") or i.get(120) or e.get("ImageDescription"),
        creator=x.get(_DC + "creator") or i.get(80) or e.get("Artist"),
        credit=x.get(_PHOTOSHOP + "Credit") or i.get(110),
        copyright=x.get(_DC + "rights") or i.get(116) or e.get("Copyright"),
        catalog_date=iso_date(x.get(_PHOTOSHOP + "DateCreated") or iptc_date),
        exif_date=iso_date(e.get("DateTimeOriginal") or x.get(_EXIF + "DateTimeOriginal")),
        digitized=iso_date(e.get("DateTimeDigitized") or x.get(_XMP + "CreateDate")),
    )


def clean_text(value: object) -> str | None:
    """Make one line of text of a metadata value; None when nothing is left."""
    if isinstance(value, bytes):
        value = _decode(value)
    if not isinstance(value, str):
        return None
    with suppress(UnicodeError):
        # Exif calls it ASCII, people write UTF-8, and some libraries read that as Latin-1.
        value = value.encode("latin-1").decode("utf-8")
    # tifffile describes the arrays it writes in ImageDescription; that is no caption.
    if value.startswith('{"shape":'):
        return None
    return " ".join(value.replace("\0", " ").split()) or None


def iso_date(date: str | None) -> str | None:
    """Write an EXIF, IPTC or XMP date as ISO 8601; leave what is in no known form as it is."""
    date = (date or "").strip()
    pattern = r"(\d{4})[:-]?(\d\d)?[:-]?(\d\d)?(?:[T ](\d\d):?(\d\d)(?::?(\d\d))?(.*))?"
    match = re.fullmatch(pattern, date)
    if match is None:
        return date if re.search(r"[1-9]", date) else None
    year, month, day, hour, minute, second, zone = match.groups()
    if int(year) == 0:
        return None
    # IPTC writes 00 for a month or day that is not known.
    day_parts = [year]
    for part in (month, day):
        if part is None or part == "00":
            break
        day_parts.append(part)
    clock = f"T{hour}:{minute}:{second or '00'}{zone or ''}" if hour and len(day_parts) == 3 else ""
    return "-".join(day_parts) + clock


def iptc_of_photoshop(resources: bytes) -> bytes | None:
    """Find the IPTC-IIM record among Photoshop image resources."""
    at = 0
    while resources[at : at + 4] == b"8BIM" and at + 12 <= len(resources):
        kind = int.from_bytes(resources[at + 4 : at + 6], "big")
        name_end = at + 6 + (resources[at + 6] + 2) // 2 * 2
        size = int.from_bytes(resources[name_end : name_end + 4], "big")
        data = resources[name_end + 4 : name_end + 4 + size]
        if kind == _IPTC_RESOURCE:
            return data
        at = name_end + 4 + (size + 1) // 2 * 2
    return None


def _iptc_texts(record: bytes | None) -> dict[int, str]:
    """Return the texts of the application record (2) by data set number."""
    texts: dict[int, list[str]] = {}
    record = record or b""
    at = record.find(b"\x1c")
    while 0 <= at and at + 5 <= len(record) and record[at] == 0x1C:
        part, data_set, size = struct.unpack(">BBH", record[at + 1 : at + 5])
        if size >= 0x8000:  # An extended data set, never used for text.
            break
        text = clean_text(record[at + 5 : at + 5 + size])
        if part == 2 and text:
            texts.setdefault(data_set, []).append(text)
        at += 5 + size
    return {data_set: "; ".join(values) for data_set, values in texts.items()}


def _xmp_texts(packet: bytes | None) -> dict[str, str]:
    """Return the simple properties of an XMP packet by qualified name."""
    # No XMP packet declares entities; a file that does wants to exhaust the parser.
    if not packet or len(packet) > _LONGEST_PACKET or b"<!" in packet.replace(b"<!--", b""):
        return {}
    try:
        root = ElementTree.fromstring(packet.strip(b"\0 \r\n\t"))
    except ElementTree.ParseError:
        return {}
    texts: dict[str, str] = {}
    for node in root.iter(_RDF + "Description"):
        texts.update(node.attrib)
        for child in node:
            items = [item.text or "" for item in child.iter(_RDF + "li")]
            # Alternatives hold one text in several languages; the first is the default.
            alternatives = child.find(_RDF + "Alt") is not None
            text = (items[0] if alternatives else "; ".join(items)) if items else child.text or ""
            texts[child.tag] = text
    return {name: clean for name, value in texts.items() if (clean := clean_text(value))}


def _decode(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("latin-1")
