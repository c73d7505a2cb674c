"""What a derivative says: all that its scan said, what is known besides, and what was done."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from photochrom.dates import is_exact, iso_date, years_in
from photochrom.photograph.known import Known
from photochrom.photograph.metadata import exif, ifd, iim, xmp_pixels
from photochrom.photograph.metadata.blocks import Blocks
from photochrom.photograph.metadata.embedding import OF_COMMENTS, Embedding
from photochrom.photograph.metadata.mapping import (
    DEFAULT,
    EXIF_OF_XMP,
    IIM_OF_XMP,
    SEQ,
    SIMPLE,
    iim_of,
    put,
)
from photochrom.photograph.metadata.xmp import Element, Packet, element, name, printable

if TYPE_CHECKING:
    from photochrom.photograph.scan_info import ScanInfo

LOCATION = "location"
"""What can be stripped: coordinates."""

_SOURCE_TYPE = "Iptc4xmpExt:DigitalSourceType"


def embedding(
    info: ScanInfo | None,
    provenance: Mapping[str, str],
    *,
    known: Known | None = None,
    same_grid: bool = False,
    strip: Collection[str] = (),
) -> Embedding:
    """What is written into a derivative.

    Args:
        info: Of its scan.
        provenance: Our own fields: a simple name and a text each. "digital_source_type" becomes the
            IPTC property of that name.
        known: What is known besides; it counts before what the scan says.
        same_grid: Whether the derivative has the scan's pixels where the scan has them.
        strip: "location" leaves out where on earth the picture was taken, in coordinates.

    Raises:
        ValueError: A provenance name is not a simple XML name.
    """
    blocks = info.blocks if info is not None else Blocks()
    location = LOCATION not in strip
    packet = Packet.parse(blocks.xmp) or Packet()
    said: list[str] = []
    if (beside := Packet.parse(blocks.sidecar)) is not None:
        packet.overlay(beside)
        said += [short for short in {**IIM_OF_XMP, **_DATES} if beside.texts(short)]
    xmp_pixels.without_pixels(packet)
    if not location:
        xmp_pixels.without_location(packet)
    directory = exif.kept(exif.read_block(blocks.exif), same_grid=same_grid, location=location)
    sets = iim.kept(iim.in_utf8(iim.read(blocks.iptc)))
    if info is not None:
        _complete(packet, info)
    said += _add_known(packet, known or Known())
    if sets:
        sets = iim.replaced(sets, iim_of(packet, said))
    directory = _exif_texts(directory, packet, info, said)
    _add_provenance(packet, provenance)
    comments = tuple(
        one for one in blocks.comments if OF_COMMENTS.get(one[0], ("", ""))[0] not in said
    )
    return Embedding(directory, tuple(sets), packet, blocks.resources, comments)


_DATES = {"photoshop:DateCreated": None, "xmp:CreateDate": None, "exif:DateTimeOriginal": None}


def _complete(packet: Packet, info: ScanInfo) -> None:
    """Say in XMP what the scan says only elsewhere, so that all readers find it."""
    for short, kind, text in (
        ("dc:description", DEFAULT, info.caption),
        ("dc:rights", DEFAULT, info.copyright),
        ("photoshop:Credit", SIMPLE, info.credit),
        ("photoshop:DateCreated", SIMPLE, info.catalog_date),
    ):
        if text and not packet.texts(short):
            put(packet, short, kind, [text])
    if info.creator and not packet.texts("dc:creator"):
        authors = iim.texts(iim.in_utf8(iim.read(info.blocks.iptc))).get(80)
        packet.set_list("dc:creator", authors or [info.creator], SEQ)


def _add_known(packet: Packet, known: Known) -> list[str]:
    """Write what is known; what it takes the place of is kept in a property of ours.

    Returns:
        Short names of the properties that were written.
    """
    said: list[str] = []
    replaced: list[str] = []

    def say(short: str, kind: str, text: str) -> None:
        old = packet.texts(short)
        if not text or " ".join("; ".join(old).split()) == text:
            return
        if old:
            replaced.append(f"{short}: {'; '.join(old)}")
        put(packet, short, kind, [text])
        said.append(short)

    say("dc:description", DEFAULT, known.caption)
    say("photoshop:Credit", SIMPLE, known.credit)
    say("photoshop:Source", SIMPLE, known.source)
    say("dc:source", SIMPLE, known.source)
    say("dc:identifier", SIMPLE, known.identifier)
    if known.license and known.license not in packet.texts("dc:rights"):
        say("xmpRights:UsageTerms", DEFAULT, known.license)
    if known.license and not packet.texts("dc:rights"):
        say("dc:rights", DEFAULT, known.license)
    if known.people:
        people = packet.texts("Iptc4xmpExt:PersonInImage")
        packet.set_list("Iptc4xmpExt:PersonInImage", [*dict.fromkeys([*people, *known.people])])
    if _add_place(packet, known.place):
        said.append("Iptc4xmpCore:Location")
    date = iso_date(known.date) or ""
    if is_exact(date):
        # A moment of that very day says more than the day.
        if not "".join(packet.texts("photoshop:DateCreated")).startswith(date):
            say("photoshop:DateCreated", SIMPLE, date)
    elif date:
        old = "".join(packet.texts("photoshop:DateCreated"))
        if old and years_in(old) != years_in(date):
            replaced.append(f"photoshop:DateCreated: {old}")
            packet.remove(name("photoshop:DateCreated"))
        say("photochrom:date", SIMPLE, known.date)
        if not packet.texts("dc:coverage"):
            say("dc:coverage", SIMPLE, known.date)
    if replaced:
        before = packet.texts("photochrom:replaced")
        packet.set_list("photochrom:replaced", [*dict.fromkeys([*before, *replaced])])
    return said


def _add_place(packet: Packet, place: str) -> bool:
    """Write a place in words as the name of a location that is shown.

    Returns:
        Whether it is the only one that is told of, and stands where older programs look.
    """
    told = ("Iptc4xmpCore:Location", "photoshop:City", "photoshop:State", "photoshop:Country")
    parts = [text for short in told for text in packet.texts(short)]
    shown = next((one for one in packet if one.tag == name("Iptc4xmpExt:LocationShown")), None)
    if not place or place == ", ".join(parts):
        return False
    if not parts:
        packet.set("Iptc4xmpCore:Location", place)
    names: list[str] = (
        [] if shown is None else ["".join(one.itertext()).strip() for one in shown.iter("*")]
    )
    if place in names:
        return not parts
    if shown is None:
        shown = element("Iptc4xmpExt:LocationShown")
        _below(shown, "rdf:Bag")
        packet.add(shown)
    bag = shown.find(name("rdf:Bag"))
    item = _below(shown if bag is None else bag, "rdf:li")
    item.set(name("rdf:parseType"), "Resource")
    alternatives = _below(_below(item, "Iptc4xmpExt:LocationName"), "rdf:Alt")
    text = _below(alternatives, "rdf:li")
    text.set(name("xml:lang"), "x-default")
    text.text = printable(place)
    return not parts


def _below(parent: Element, short: str) -> Element:
    child = element(short)
    parent.append(child)
    return child


def _exif_texts(
    directory: ifd.Directory, packet: Packet, info: ScanInfo | None, said: Collection[str]
) -> ifd.Directory:
    """Say in EXIF what it does not say yet, and what a sidecar or a production says."""
    texts: dict[int, str | None] = {}
    for short, tag in EXIF_OF_XMP.items():
        if short in said or tag not in directory.fields:
            texts[tag] = "; ".join(packet.texts(short))
    if exif.SOFTWARE not in directory.fields:
        texts[exif.SOFTWARE] = "photochrom"
    directory = exif.with_texts(directory, texts)
    taken = iso_date("".join(packet.texts("exif:DateTimeOriginal")))
    below = directory.below.get(ifd.EXIF)
    if "exif:DateTimeOriginal" in said and taken and below is not None:
        stamp = re.sub(r"[^\d]", "", taken[:19]).ljust(14, "0")
        text = f"{stamp[:4]}:{stamp[4:6]}:{stamp[6:8]} {stamp[8:10]}:{stamp[10:12]}:{stamp[12:14]}"
        told = exif.with_texts(below, {exif.TAKEN: text})
        directory = ifd.Directory(directory.fields, {**directory.below, ifd.EXIF: told})
    return directory


def _add_provenance(packet: Packet, provenance: Mapping[str, str]) -> None:
    """Say how the picture came to be; what was said of that in the scan is kept beside it."""
    for key, text in provenance.items():
        if not re.fullmatch(r"[A-Za-z_][\w-]*", key, re.ASCII):
            raise ValueError(f"{key!r} cannot be the name of an XMP property")
        if key != "digital_source_type":
            if text:
                packet.set(f"photochrom:{key}", text)
            continue
        before = "".join(packet.texts(_SOURCE_TYPE))
        if before and before != text:
            packet.set("photochrom:scan_digital_source_type", before)
        packet.set(_SOURCE_TYPE, text)
