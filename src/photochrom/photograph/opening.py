"""Finding out what a file is, without decoding it; and failing clearly."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import fields, replace
from functools import partial
from pathlib import Path

from photochrom.errors import PhotographError
from photochrom.files import sha256_of
from photochrom.photograph.boxes import brands
from photochrom.photograph.container import TRANSPOSED, Container, valid_orientation
from photochrom.photograph.heif_in import look_into_heif
from photochrom.photograph.metadata.blocks import Blocks
from photochrom.photograph.metadata.exif import ORIENTATION, is_empty, named, read_block
from photochrom.photograph.metadata.ifd import Directory
from photochrom.photograph.metadata.reading import blocks_of
from photochrom.photograph.metadata.sidecar import read_sidecar
from photochrom.photograph.metadata.texts import gather
from photochrom.photograph.metadata.xmp import Packet
from photochrom.photograph.names import year_in_name
from photochrom.photograph.pillow_in import look_into_other
from photochrom.photograph.pnm_in import look_into_pnm
from photochrom.photograph.profiles import assumed, description
from photochrom.photograph.scan_info import ScanInfo
from photochrom.photograph.tiff_in import look_into_tiff
from photochrom.source import Source

_MAGIC = (
    (b"\xff\xd8\xff", "jpeg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"II*\0", "tiff"),
    (b"MM\0*", "tiff"),
    (b"II+\0", "tiff"),
    (b"MM\0+", "tiff"),
    (b"BM", "bmp"),
    (b"GIF8", "gif"),
    (b"\0\0\0\x0cjP  ", "jpeg2000"),
    (b"\xff\x4f\xff\x51", "jpeg2000"),
    *((b"P" + kind, "ppm") for kind in (b"1", b"2", b"3", b"4", b"5", b"6", b"7", b"F", b"f")),
)
START = 64
"""How many bytes of a file tell what it is."""

_AVIF = {b"avif", b"avis"}
_HEIF = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1"}

Look = Callable[[Path, int | None], Container]
"""Looks into a file, for one of its pages."""

_LOOKS: dict[str, Look] = {
    "tiff": look_into_tiff,
    "heif": look_into_heif,
    "ppm": look_into_pnm,
}


def look_into(source: Source[Path]) -> tuple[Container, int]:
    """Look into a file, whatever it is; with its size in bytes."""
    path = source.file
    fix = "check the name" if not path.exists() else None
    try:
        with path.open("rb") as file:
            start = file.read(START)
            size = os.fstat(file.fileno()).st_size
    except IsADirectoryError as error:
        raise PhotographError(
            "is a folder, not a photograph", where=path, fix="name a file in it"
        ) from error
    except OSError as error:
        what = (error.strerror or str(error)).lower()
        raise PhotographError(f"cannot be read ({what})", where=path, fix=fix) from error
    if not start:
        raise PhotographError("the file is empty", where=path, fix="copy or scan it again")
    format = sniff(start)
    if format is None:
        raise PhotographError(
            "is not an image that can be read", where=path, fix="use JPEG, PNG, TIFF or WebP"
        )
    with reading(path):
        look = _LOOKS.get(format) or partial(look_into_other, format=format)
        container = look(path, source.page)
        if format == "jpeg2000":  # Pillow does not look for EXIF there.
            container = replace(container, orientation=_orientation(path, container))
        if said := assumed(container.icc, container.channels):
            container = replace(container, notices=(*container.notices, said))
    if container.width < 1 or container.height < 1:
        raise PhotographError("has no pixels", where=path, fix="copy or scan it again")
    return container, size


def _orientation(path: Path, container: Container) -> int:
    said = read_block(blocks_of(path, container.format).exif).fields.get(ORIENTATION)
    return valid_orientation(said.integers[0]) if said and said.integers else container.orientation


def sniff(start: bytes) -> str | None:
    """What kind of file begins so; None for one that cannot be read."""
    if start[:4] == b"RIFF" and start[8:12] == b"WEBP":
        return "webp"
    said = brands(start)
    if _AVIF & set(said):
        return "avif"
    if _HEIF & set(said):
        return "heif"
    if start[:1] == b"P" and not start[2:3].isspace():
        return None
    return next((format for magic, format in _MAGIC if start.startswith(magic)), None)


@contextmanager
def reading(path: Path) -> Iterator[None]:
    """Turn what decoders raise on a broken file into one clear line."""
    try:
        yield
    except PhotographError:
        raise
    except MemoryError as error:
        raise PhotographError(
            "there is not enough memory to open it", where=path, fix="close other programs"
        ) from error
    # Decoders fail with nearly any class (struct.error, SyntaxError, zlib.error, ...).
    except Exception as error:
        reason = str(error).strip().rstrip(".") or type(error).__name__
        raise PhotographError(
            f"the file is truncated or damaged ({reason})",
            where=path,
            fix="copy or scan it again",
        ) from error


def scan_info(
    path: Path, container: Container, size: int, notices: Sequence[str] | None = None
) -> ScanInfo:
    """Gather what is known of a file; reads all of it once, for its digest.

    Args:
        path: The file.
        container: What has been found in it.
        size: In bytes.
        notices: What was told while it was read; by default what its header says.
    """
    digest = sha256_of(path)
    width, height, dpi = container.width, container.height, container.dpi
    if container.orientation in TRANSPOSED:
        width, height, dpi = height, width, dpi and (dpi[1], dpi[0])
    blocks = replace(
        blocks_of(path, container.format, container.directory), sidecar=read_sidecar(path)
    )
    exif = read_block(blocks.exif)
    unread = _unread(blocks, exif)
    written = gather(named(exif), blocks.iptc, blocks.xmp, blocks.sidecar, dict(blocks.comments))
    return ScanInfo(
        path=path,
        format=container.format,
        width=width,
        height=height,
        bit_depth=container.bit_depth,
        channels=container.channels,
        alpha=container.alpha != "none",
        profile=description(container.icc) if container.icc else None,
        dpi=dpi,
        orientation=container.orientation,
        name_year=year_in_name(path.name),
        page=container.page,
        pages=container.pages,
        notices=(
            *(container.notices if notices is None else notices),
            *(f"there is {kind} that cannot be read, and is not carried over" for kind in unread),
        ),
        sidecar=hashlib.sha256(blocks.sidecar).hexdigest() if blocks.sidecar else None,
        unread=unread,
        blocks=blocks,
        **{one.name: getattr(written, one.name) for one in fields(written)},
        sha256=digest,
        bytes=size,
    )


def _unread(blocks: Blocks, exif: Directory) -> tuple[str, ...]:
    """The kinds of metadata that are in a file and cannot be read."""
    kinds = {
        "EXIF": bool(blocks.exif) and not exif and not is_empty(blocks.exif),
        "XMP": bool(blocks.xmp.strip(b"\0 \r\n\t")) and Packet.parse(blocks.xmp) is None,
        "metadata": blocks.broken,
    }
    return tuple(kind for kind, broken in kinds.items() if broken)
