"""Whether a picture is one of our own derivatives; its XMP packet says so."""

from __future__ import annotations

from pathlib import Path

from photochrom.photograph.metadata.reading import blocks_of
from photochrom.photograph.metadata.xmp import NAMESPACES
from photochrom.photograph.opening import START, sniff

_MARK = NAMESPACES["photochrom"].encode()


def made_by_us(path: Path) -> bool:
    """Whether a file is a picture that photochrom has written and labelled; False if unreadable."""
    try:
        with path.open("rb") as file:
            format = sniff(file.read(START))
        return format is not None and _MARK in blocks_of(path, format).xmp
    except OSError:
        return False
