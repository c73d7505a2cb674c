"""What of a packet speaks of the pixels or the file it is in, and what says where on earth.

Sources: XMP (ISO 16684-2); Exif 3.0 for XMP (CIPA DC-010); IPTC Photo Metadata Standard 2023.1.
"""

from __future__ import annotations

from photochrom.photograph.metadata.xmp import Element, Packet, name

_TIFF = """ImageWidth ImageLength BitsPerSample Compression PhotometricInterpretation Orientation
SamplesPerPixel PlanarConfiguration YCbCrSubSampling YCbCrPositioning XResolution YResolution
ResolutionUnit TransferFunction WhitePoint PrimaryChromaticities YCbCrCoefficients
ReferenceBlackWhite NativeDigest""".split()  # noqa: SIM905 (a list of quotes reads worse)
_EXIF = """PixelXDimension PixelYDimension ColorSpace ComponentsConfiguration Gamma
CompressedBitsPerPixel MakerNote NativeDigest InteroperabilityIndex""".split()  # noqa: SIM905
_OTHERS = (
    *("xmp:Thumbnails", "photoshop:ICCProfile", "photoshop:ColorMode"),
    *("photoshop:LegacyIPTCDigest", "xmpNote:HasExtendedXMP"),
)

_OF_THE_PIXELS = frozenset(
    {name(f"tiff:{one}") for one in _TIFF}
    | {name(f"exif:{one}") for one in _EXIF}
    | {name(one) for one in _OTHERS}
)
# Pictures and sound of the camera's own inside packets.
_EMBEDDED = (
    "{http://ns.google.com/photos/1.0/image/}",
    "{http://ns.google.com/photos/1.0/depthmap/}",
    "{http://ns.google.com/photos/1.0/audio/}",
)
_EMBEDDED_LOCALS = ("Data", "Image")
_GEO = "{http://www.w3.org/2003/01/geo/wgs84_pos#}"


def without_pixels(packet: Packet) -> None:
    """Drop what speaks of the scan's pixels: sizes, previews, maker notes, digests."""

    def wanted(one: Element) -> bool:
        tag = str(one.tag)
        space, local = tag.rsplit("}", 1)
        embedded = space + "}" in _EMBEDDED and local in _EMBEDDED_LOCALS
        return tag not in _OF_THE_PIXELS and not embedded

    packet.keep(wanted)


def without_location(packet: Packet) -> None:
    """Drop coordinates, wherever they are; the names of places stay."""
    packet.keep(lambda one: not _is_location(one))
    for one in packet:
        for part in [*one.iter("*")]:
            parent = part.getparent()
            if parent is not None and _is_location(part):
                parent.remove(part)
            for key in [key for key in part.attrib if _names_location(str(key))]:
                del part.attrib[key]


def _is_location(one: Element) -> bool:
    return _names_location(str(one.tag))


def _names_location(tag: str) -> bool:
    local = tag.rsplit("}", 1)[-1].casefold()
    return tag.startswith(_GEO) or local.startswith("gps")
