"""Reading XMP sidecars: what cataloging programs write beside a file, and leave it as it is."""

from __future__ import annotations

import hashlib
from pathlib import Path

from photochrom.errors import PhotographError
from photochrom.photograph.metadata.xmp import LONGEST, Packet
from photochrom.sidecar import sidecar_of


def read_sidecar(path: Path) -> bytes:
    """The packet of the sidecar of a photograph; nothing if it has none.

    Raises:
        PhotographError: It has one that cannot be read: what is written there must not be lost.
    """
    beside = sidecar_of(path)
    if beside is None:
        return b""
    fix = "mend it, or move it away"
    try:
        too_large = beside.stat().st_size > LONGEST
        packet = b"" if too_large else beside.read_bytes()
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise PhotographError(f"cannot be read ({why})", where=beside, fix=fix) from error
    if Packet.parse(packet) is None:
        raise PhotographError("is no XMP that can be read", where=beside, fix=fix)
    return packet


def sidecar_digest(path: Path) -> str | None:
    """The SHA-256 of the sidecar of a photograph, hexadecimal; None if it has none."""
    packet = read_sidecar(path)
    return hashlib.sha256(packet).hexdigest() if packet else None
