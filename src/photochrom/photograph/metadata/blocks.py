"""What was read: the metadata of a file, each kind as it stands there."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Blocks:
    """The metadata of a file, each kind as bytes.

    Attributes:
        exif: An EXIF block, of either byte order; of a TIFF file its directories, without what
            describes its pixels.
        iptc: An IPTC-IIM record.
        xmp: An XMP packet, its extension joined to it.
        resources: Photoshop image resources that somebody wrote (copyright flag, address).
        comments: Texts of a PNG by keyword; the comment of a JPEG is called "Comment".
        sidecar: The packet of an XMP sidecar.
        broken: Whether something was there that could not be read.
    """

    exif: bytes = b""
    iptc: bytes = b""
    xmp: bytes = b""
    resources: bytes = b""
    comments: tuple[tuple[str, str], ...] = ()
    sidecar: bytes = b""
    broken: bool = False
