"""Which IPTC-IIM data set is which XMP property.

Source: IPTC Photo Metadata Standard 2023.1 and its mapping of IIM; Metadata Working Group
guidelines 2.0 for the tags of EXIF.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from photochrom.dates import iso_date
from photochrom.photograph.metadata import iim
from photochrom.photograph.metadata.exif import ARTIST, COPYRIGHT, DESCRIPTION
from photochrom.photograph.metadata.xmp import Packet

SIMPLE, DEFAULT, BAG, SEQ = "simple", "default", "rdf:Bag", "rdf:Seq"

IIM_OF_XMP: Mapping[str, tuple[int, str]] = MappingProxyType(
    {
        "dc:title": (5, DEFAULT),
        "photoshop:Urgency": (10, SIMPLE),
        "Iptc4xmpCore:SubjectCode": (12, BAG),
        "photoshop:Category": (15, SIMPLE),
        "photoshop:SupplementalCategories": (20, BAG),
        "dc:subject": (25, BAG),
        "photoshop:Instructions": (40, SIMPLE),
        "dc:creator": (80, SEQ),
        "photoshop:AuthorsPosition": (85, SIMPLE),
        "photoshop:City": (90, SIMPLE),
        "Iptc4xmpCore:Location": (92, SIMPLE),
        "photoshop:State": (95, SIMPLE),
        "Iptc4xmpCore:CountryCode": (100, SIMPLE),
        "photoshop:Country": (101, SIMPLE),
        "photoshop:TransmissionReference": (103, SIMPLE),
        "photoshop:Headline": (105, SIMPLE),
        "photoshop:Credit": (110, SIMPLE),
        "photoshop:Source": (115, SIMPLE),
        "dc:rights": (116, DEFAULT),
        "dc:description": (120, DEFAULT),
        "photoshop:CaptionWriter": (122, SIMPLE),
    }
)
"""For each property the data set of the application record (2), and how the property is written."""

EXIF_OF_XMP: Mapping[str, int] = MappingProxyType(
    {"dc:description": DESCRIPTION, "dc:creator": ARTIST, "dc:rights": COPYRIGHT}
)
"""For each property the tag of the first directory."""

# Dates and their times: the property, the two data sets.
_MOMENTS = (("photoshop:DateCreated", 55, 60), ("xmp:CreateDate", 62, 63))


def into_packet(sets: Sequence[iim.DataSet], packet: Packet) -> None:
    """Put data sets into a packet, for files that have no place for IIM.

    What has a property of its own goes there, unless that says something already; all else is put
    into a property of ours, photochrom:iim, as "2:122=text".
    """
    texts = iim.texts(sets)
    told: set[int] = set()
    for short, (number, kind) in IIM_OF_XMP.items():
        values = texts.get(number)
        if values and not packet.texts(short):
            put(packet, short, kind, values)
        if values and packet.texts(short) == values:
            told.add(number)
    for short, date, time in _MOMENTS:
        day, hour = (texts.get(number, [""])[0] for number in (date, time))
        moment = iso_date(f"{day}T{hour}" if hour else day)
        if moment and not packet.texts(short):
            packet.set(short, moment)
        if moment and packet.texts(short) == [moment]:
            told |= {date, time}
    others = [
        f"{one.record}:{one.number}={_readable(one)}"
        for one in sets
        if one.record != 2 or one.number not in told
    ]
    if others:
        packet.set_list("photochrom:iim", others)


def _readable(one: iim.DataSet) -> str:
    """The text of a data set, or its bytes in hexadecimal."""
    try:
        text = one.data.decode()
    except UnicodeDecodeError:
        text = ""
    return text if text.isprintable() and text else "0x" + one.data.hex()


def put(packet: Packet, short: str, kind: str, values: Sequence[str]) -> None:
    """Set a property the way it is written."""
    if kind == SIMPLE:
        packet.set(short, "; ".join(values))
    elif kind == DEFAULT:
        packet.set_default(short, "; ".join(values))
    else:
        packet.set_list(short, values, kind)


def iim_of(packet: Packet, names: Sequence[str]) -> dict[int, list[str]]:
    """What properties of a packet mean as data sets of the application record.

    Args:
        packet: Where the properties are.
        names: Short names of those that count; others are left out.
    """
    found = {}
    for short, (number, _) in IIM_OF_XMP.items():
        if short in names and (values := packet.texts(short)):
            found[number] = values
    for short, date, time in _MOMENTS:
        texts = packet.texts(short) if short in names else []
        day, _, hour = (iso_date(texts[0]) or "").partition("T") if texts else ("", "", "")
        digits = day.replace("-", "")
        if digits.isdigit():
            found[date] = [digits.ljust(8, "0")]
            found[time] = [hour[:8].replace(":", "") + (_zone(hour[8:]))] if hour else []
    return found


def _zone(zone: str) -> str:
    plain = zone.replace(":", "")
    return plain if len(plain) == 5 and plain[0] in "+-" else "+0000"
