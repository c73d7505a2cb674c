"""What is written into a picture besides its pixels, before it takes a container's form."""

from __future__ import annotations

from dataclasses import dataclass

from photochrom.photograph.metadata import ifd, iim
from photochrom.photograph.metadata.mapping import DEFAULT, SEQ, SIMPLE, into_packet, put
from photochrom.photograph.metadata.xmp import Packet

OF_COMMENTS = {
    "Title": ("dc:title", DEFAULT),
    "Author": ("dc:creator", SEQ),
    "Description": ("dc:description", DEFAULT),
    "Copyright": ("dc:rights", DEFAULT),
    "Source": ("dc:source", SIMPLE),
    "Comment": ("exif:UserComment", DEFAULT),
}
"""What a PNG calls its texts, and which property that is, of which kind."""


@dataclass(frozen=True)
class Embedding:
    """Metadata for a picture that is written.

    Attributes:
        exif: The directories of its EXIF block, without what the pixels decide.
        iptc: IPTC-IIM data sets, texts in UTF-8.
        packet: Its XMP properties.
        resources: Photoshop image resources.
        comments: Texts by PNG keyword.
    """

    exif: ifd.Directory
    iptc: tuple[iim.DataSet, ...]
    packet: Packet
    resources: bytes = b""
    comments: tuple[tuple[str, str], ...] = ()

    def without_iptc(self) -> Embedding:
        """The same for a file that has no place for IIM and image resources: both in XMP."""
        packet = self.packet.copy()
        if self.iptc:
            into_packet(self.iptc, packet)
        for number, data in iim.resources(self.resources):
            if number == iim.URL and not packet.texts("xmpRights:WebStatement"):
                packet.set("xmpRights:WebStatement", data.decode("utf-8", "replace"))
            if number == iim.COPYRIGHT_FLAG and not packet.texts("xmpRights:Marked"):
                packet.set("xmpRights:Marked", str(any(data)))
        return Embedding(self.exif, (), packet, b"", self.comments)

    def without_comments(self, *but: str) -> Embedding:
        """The same for a file that has no place for texts by keyword, but for some: they in XMP."""
        packet = self.packet.copy()
        others = []
        for keyword, text in self.comments:
            short, kind = OF_COMMENTS.get(keyword, ("", ""))
            if keyword in but or (short and " ".join(packet.texts(short)) == text):
                continue
            if short and not packet.texts(short):
                put(packet, short, kind, [text])
            else:
                others.append(f"{keyword}: {text}")
        if others:
            packet.set_list("photochrom:comments", others)
        kept = tuple(one for one in self.comments if one[0] in but)
        return Embedding(self.exif, self.iptc, packet, self.resources, kept)
