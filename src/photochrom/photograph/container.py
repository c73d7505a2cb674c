"""What every kind of file is reduced to: a header, and raw samples on demand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from photochrom.errors import PhotographError

Samples = NDArray[np.unsignedinteger[Any]]
Alpha = Literal["none", "straight", "premultiplied"]
Note = Callable[[str], None]
"""Told, in a few words for people, what had to be chosen or left out to read a picture."""

TRANSPOSED = frozenset({5, 6, 7, 8})
"""The EXIF orientations in which rows and columns change places."""


@dataclass(frozen=True)
class Container:
    """An image file that has been looked into but not decoded.

    Attributes:
        format: As ScanInfo has it.
        width: As stored, before the orientation is applied.
        height: As stored.
        bit_depth: Bits a sample in the file; more than 16 are scaled to 16.
        channels: Color channels in the file, 1, 3 or 4.
        alpha: Whether and how an alpha channel follows the color channels.
        orientation: 1..8.
        icc: The embedded profile.
        dpi: Horizontal and vertical resolution, as stored.
        directory: Of a TIFF: where in the file the directory of the picture is.
        page: Which of the file's pages this is, counted from 1.
        pages: How many pages the file has; smaller copies and masks are none.
        notices: What had to be chosen or left out, as far as the header says.
        strips: The same samples as `decode` gives, in strips of rows from the top, for files that
            are stored so; None for others.
        decode: Returns uint8 or uint16 samples, (H, W) or (H, W, C) with alpha last, full range;
            CMYK with 0 for no ink. Palettes are applied. Its argument is told what only the pixels
            say. May raise anything on a broken file.
    """

    format: str
    width: int
    height: int
    bit_depth: int
    channels: int
    decode: Callable[[Note], Samples]
    strips: Callable[[], Iterator[Samples]] | None = None
    alpha: Alpha = "none"
    orientation: int = 1
    icc: bytes | None = None
    dpi: tuple[float, float] | None = None
    directory: int | None = None
    page: int = 1
    pages: int = 1
    notices: tuple[str, ...] = ()


def unsupported(path: Path, what: str) -> PhotographError:
    return PhotographError(what, where=path, fix="convert it to an 8- or 16-bit gray or RGB TIFF")


def several(count: int, number: int | None, taken: int = 1) -> tuple[str, ...]:
    """What is told of a file that has several pages, and of which none was asked for."""
    if count == 1 or number is not None:
        return ()
    other = 2 if taken == 1 else 1
    said = f"the file has {count} pages, and page {taken} was taken"
    return (f"{said} (FILE#page={other} names another)",)


def no_such_page(path: Path, number: int, count: int) -> PhotographError:
    pages = "1 page" if count == 1 else f"{count} pages"
    return PhotographError(
        f"has {pages}, no page {number}", where=path, fix=f"name a page from 1 to {count}"
    )


def valid_orientation(value: object) -> int:
    return value if isinstance(value, int) and 1 <= value <= 8 else 1


def valid_dpi(x: object, y: object, unit: float = 1.0) -> tuple[float, float] | None:
    """Return a resolution in dots per inch, or None when it cannot be one."""
    try:
        dpi = round(float(x) * unit, 2), round(float(y) * unit, 2)  # type: ignore[arg-type]
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    return dpi if all(1 < value < 100_000 for value in dpi) else None


def stretch(samples: Samples, bits: int) -> Samples:
    """Scale samples of an odd number of bits to the full range of uint8 or uint16."""
    if bits in (8, 16):
        return samples
    full = 255 if bits < 8 else 65535
    ramp = np.arange(2**bits, dtype=np.float64) * (full / (2**bits - 1))
    table: Samples = np.rint(ramp).astype(np.uint8 if bits < 8 else np.uint16)
    scaled: Samples = table[samples]
    return scaled
