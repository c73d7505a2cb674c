"""EXIF: what of it a derivative keeps, and what is made anew because it speaks of the pixels.

Source: Exif 3.0 (CIPA DC-008); TIFF revision 6.0 and its supplements; DNG 1.7.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Mapping
from typing import Literal

from photochrom.photograph.metadata.device_texts import describes_pixels
from photochrom.photograph.metadata.ifd import (
    EXIF,
    GPS,
    INTEROP,
    BrokenDirectoryError,
    Directory,
    Field,
    ascii,
    longs,
    rational,
    read,
    shorts,
)

DESCRIPTION, MAKE, MODEL, ORIENTATION, SOFTWARE, ARTIST = 270, 271, 272, 274, 305, 315
XMP, IPTC, PHOTOSHOP, ICC, COPYRIGHT = 700, 33723, 34377, 34675, 33432
X_RESOLUTION, Y_RESOLUTION, RESOLUTION_UNIT = 282, 283, 296
TAKEN, DIGITIZED = 0x9003, 0x9004
_USER_COMMENT = 0x9286

_OF_THE_PIXELS = frozenset(
    # Size, samples, strips, tiles, compression, color and printing of the scan's own pixels.
    {254, 255, 256, 257, 258, 259, 262, 263, 264, 265, 266, 273, 274, 277, 278, 279, 280, 281}
    | {282, 283, 284, 288, 289, 290, 291, 292, 293, 296, 300, 301, 317, 318, 319, 320, 321, 322}
    | {323, 324, 325, 326, 327, 328, 330, 332, 333, 334, 336, 338, 339, 340, 341, 342, 343, 344}
    | {345, 346, 347, 351, 400, 401, 402, 403, 404, 433, 434, 435, 512, 513, 514, 515, 517, 518}
    | {519, 520, 521, 529, 530, 531, 532, 559, 769, 770, 771, 800, 20624, 20625}
    # Profiles, packets and resources, which have places of their own; layers; printer's matching.
    | {XMP, IPTC, PHOTOSHOP, ICC, 37724, 50341, 50255}
    # Mosaic and sensor: of raw files.
    | {33421, 33422, 34016, 37398, 37399}
)
# DNG describes raw pixels with some two hundred tags; these few of them speak of other things.
_DNG = frozenset(range(50706, 51200)) | frozenset(range(52500, 52600))
_OF_DNG_KEPT = frozenset(
    {50708, 50709, 50735, 50736, 50827, 50898, 50899, 50934, 51043, 51044, 51058, 51081, 51105}
)
_OF_EXIF_DROPPED = frozenset(
    # Components, bits and gamma of the pixels; their size and color space; maker notes; padding.
    {0x9101, 0x9102, 0xA001, 0xA002, 0xA003, 0xA500, 0x927C, 0xEA1C, 0xEA1D, 0x935C, 0xFE00}
)
# Pixels by their numbers: subjects in EXIF, a map's grid in GeoTIFF.
_GRID = frozenset({0x9214, 0xA214, 33550, 33922, 34264})
GEOTIFF = frozenset({33550, 33922, 34264, 34735, 34736, 34737})
"""Tags of GeoTIFF, which say where on earth a picture lies."""

NOT_READ = (_OF_THE_PIXELS | _DNG) - _OF_DNG_KEPT
"""Tags of a TIFF's first directory that are of no use to a derivative, and can be large."""


def read_block(block: bytes) -> Directory:
    """Read an EXIF block of either byte order; one that is broken counts as empty."""
    try:
        return byte_order_mended(read(io.BytesIO(block)), block[:2])
    except (BrokenDirectoryError, struct.error):
        return Directory()


def is_empty(block: bytes) -> bool:
    """Whether an EXIF block is whole and has no field, as programs leave it that strip metadata."""
    order: Literal["little", "big"] = "big" if block[:2] == b"MM" else "little"
    at = int.from_bytes(block[4:8], order)
    return at >= 8 and block[at : at + 2] == b"\0\0"


def kept(directory: Directory, *, same_grid: bool, location: bool = True) -> Directory:
    """What a derivative keeps of a scan's EXIF.

    Args:
        directory: The scan's.
        same_grid: Whether the derivative has the scan's pixels where the scan has them.
        location: Whether it may say where on earth.
    """
    dropped = NOT_READ | (frozenset() if same_grid else _GRID)
    dropped |= frozenset() if location else GEOTIFF
    own = {tag: one for tag, one in directory.fields.items() if tag not in dropped}
    if (said := own.get(DESCRIPTION)) and describes_pixels(said.data.decode("latin-1")):
        del own[DESCRIPTION]
    below = {}
    if exif := directory.below.get(EXIF):
        gone = _OF_EXIF_DROPPED | (frozenset() if same_grid else _GRID)
        fields = {tag: one for tag, one in exif.fields.items() if tag not in gone}
        interop = _interop(exif.below.get(INTEROP))
        below[EXIF] = Directory(fields, {INTEROP: interop} if interop else {})
    if location and (gps := directory.below.get(GPS)):
        below[GPS] = gps
    return Directory(own, below)


def _interop(directory: Directory | None) -> Directory:
    """Kept but for the size, and with sRGB, which a derivative is in, as its color space."""
    fields = dict(directory.fields) if directory else {}
    if 1 in fields:
        fields[1] = ascii("R98")
    return Directory({tag: one for tag, one in fields.items() if tag not in (0x1001, 0x1002)})


def made_anew(
    directory: Directory, size: tuple[int, int] | None, dpi: tuple[float, float] | None
) -> Directory:
    """A block for a picture: its own size, resolution and color space; upright.

    Args:
        directory: What it keeps.
        size: Width and height; None for a TIFF, which has them elsewhere.
        dpi: Its resolution.
    """
    own = {**directory.fields, ORIENTATION: shorts(1)}
    if dpi is not None:
        own |= {X_RESOLUTION: rational(dpi[0]), Y_RESOLUTION: rational(dpi[1])}
        own[RESOLUTION_UNIT] = shorts(2)
    below = dict(directory.below)
    if exif := below.get(EXIF):
        new = {0xA001: shorts(1)}
        if size is not None:
            new |= {0xA002: longs(size[0]), 0xA003: longs(size[1])}
        below[EXIF] = Directory({**exif.fields, **new}, exif.below)
    return Directory(own, below)


def with_texts(directory: Directory, texts: Mapping[int, str | None]) -> Directory:
    """A directory with texts in the place of those it has; None and "" change nothing."""
    return Directory(
        {**directory.fields, **{tag: ascii(text) for tag, text in texts.items() if text}},
        directory.below,
    )


def named(directory: Directory) -> dict[str, bytes]:
    """The values that `gather` knows, by their EXIF names."""
    exif = directory.below.get(EXIF, Directory())
    found = {
        "ImageDescription": directory.fields.get(DESCRIPTION),
        "Make": directory.fields.get(MAKE),
        "Model": directory.fields.get(MODEL),
        "Artist": directory.fields.get(ARTIST),
        "Copyright": directory.fields.get(COPYRIGHT),
        "DateTimeOriginal": exif.fields.get(TAKEN),
        "DateTimeDigitized": exif.fields.get(DIGITIZED),
    }
    return {name: one.data for name, one in found.items() if one is not None}


def byte_order_mended(directory: Directory, order: bytes) -> Directory:
    """The same with the values that hold words though they are called bytes, little-endian.

    Args:
        directory: Of a block whose words have been read already.
        order: b"II" or b"MM", of the block.
    """
    exif = directory.below.get(EXIF)
    if order != b"MM" or exif is None:
        return directory
    fields = dict(exif.fields)
    for tag, turned in ((_USER_COMMENT, _unicode), (0x8828, _table), (0xA20C, _table)):
        if tag in fields:
            fields[tag] = Field(fields[tag].type, turned(fields[tag].data))
    if 0xA302 in fields and len(fields[0xA302].data) >= 4:
        data = fields[0xA302].data
        turned_size = struct.pack("<HH", *struct.unpack(">HH", data[:4]))
        fields[0xA302] = Field(fields[0xA302].type, turned_size + data[4:])
    return Directory(directory.fields, {**directory.below, EXIF: Directory(fields, exif.below)})


def _unicode(data: bytes) -> bytes:
    """A comment in UTF-16; writers do not agree on its byte order, so it is found in the text."""
    text = data[8:]
    if data[:8] != b"UNICODE\0" or len(text) % 2 or text[:2] == b"\xff\xfe":
        return data
    # In most writing the high bytes are alike, and the low ones are not.
    if len(set(text[1::2])) < len(set(text[::2])):
        return data
    return data[:8] + text.decode("utf-16-be", "surrogatepass").encode("utf-16-le", "surrogatepass")


def _table(data: bytes) -> bytes:
    """A table of the sensor's response: columns, rows, names of columns, fractions."""
    if len(data) < 4:
        return data
    columns, rows = struct.unpack(">HH", data[:4])
    at = len(data) - 8 * columns * rows
    if at < 4:
        return data
    numbers = struct.unpack(f">{(len(data) - at) // 4}I", data[at:])
    return (
        struct.pack("<HH", columns, rows) + data[4:at] + struct.pack(f"<{len(numbers)}I", *numbers)
    )
