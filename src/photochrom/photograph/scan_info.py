"""What is known of a scan besides its pixels."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

# No photograph is older than Niépce's view from the window, and none is from the far future.
_FIRST_YEAR = 1826
_LAST_YEAR = 2039

# A year that stands alone (1943), or begins a full date (19430601); not a size (1920x1080, 2000px).
_YEAR_IN_NAME = re.compile(
    r"(?<![\dxX×])(1[89]\d\d|20[0-3]\d)"
    r"(?:(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))?"
    r"(?!\d|[x×]\d|\s?px|\s?dpi|\s?ppi|p(?![a-z]))",
    re.IGNORECASE,
)


@dataclass(frozen=True, kw_only=True)
class ScanInfo:
    """What is known of a scan besides its pixels.

    Texts are as the file has them; None is unknown. Dates are ISO 8601 as far as they go ("1943",
    "1943-06-01T12:00:00"); what is not a date in any known form is kept as written.

    Attributes:
        path: Where the file is; None for a picture that never was a file.
        format: "jpeg", "png", "tiff", "webp", "bmp", "gif", "jpeg2000", "avif", "heif", "ppm" or
            "array".
        width: In pixels, of the upright picture.
        height: In pixels, of the upright picture.
        bit_depth: Bits a sample in the file: 1..64; pixels have 8 or 16.
        channels: Color channels in the file, without alpha: 1 (gray), 3 (RGB or palette), 4 (CMYK).
        alpha: Whether the file has an alpha channel (composited on white when it is opened).
        profile: Description of the embedded ICC profile; None when there is none (taken as sRGB).
        dpi: Horizontal and vertical resolution of the upright picture.
        orientation: The EXIF orientation in the file, 1..8; pixels have it applied.
        catalog_date: When the photograph was taken according to IPTC or XMP (DateCreated).
        exif_date: EXIF DateTimeOriginal. On a scan it can be the date of the scan.
        digitized: When it was scanned (EXIF DateTimeDigitized, XMP CreateDate).
        name_year: A year in the file's name.
        caption: XMP, IPTC or EXIF description.
        creator: XMP, IPTC or EXIF author.
        credit: XMP or IPTC credit line.
        copyright: XMP, IPTC or EXIF rights.
        page: Which of the file's pages this is, counted from 1.
        pages: How many pages the file has.
        notices: What had to be chosen or left out to read it, a few words each: which page, what is
            black and white in samples of odd kinds, that this is only a preview. All of them are
            known only once the pixels have been read.
        sha256: Of the file's bytes; of the pixels for a picture that never was a file. Hexadecimal.
        bytes: Size of the file; of the pixels for a picture that never was a file.
    """

    path: Path | None
    format: str
    width: int
    height: int
    bit_depth: int
    channels: int
    alpha: bool = False
    profile: str | None = None
    dpi: tuple[float, float] | None = None
    orientation: int = 1
    catalog_date: str | None = None
    exif_date: str | None = None
    digitized: str | None = None
    name_year: int | None = None
    caption: str | None = None
    creator: str | None = None
    credit: str | None = None
    copyright: str | None = None
    page: int = 1
    pages: int = 1
    notices: tuple[str, ...] = ()
    sha256: str
    bytes: int

    @property
    def dated(self) -> tuple[int, str] | None:
        """The likely year of the photograph and where it comes from ("IPTC/XMP DateCreated"...).

        Someone's entry in a catalog counts most. EXIF DateTimeOriginal comes next, unless it is
        also the moment of digitizing: then it dates the scan, and a year in the file's name is the
        better witness.
        """
        exif_is_scan = self.exif_date is not None and self.exif_date == self.digitized
        exif = (year_of_date(self.exif_date), "EXIF DateTimeOriginal")
        named = (self.name_year, "file name")
        witnesses = [(year_of_date(self.catalog_date), "IPTC/XMP DateCreated")]
        witnesses += [named, exif] if exif_is_scan else [exif, named]
        return next(((year, source) for year, source in witnesses if year is not None), None)

    @property
    def year(self) -> int | None:
        """The likely year of the photograph; see `dated` for where it comes from."""
        return self.dated[0] if self.dated else None

    @property
    def year_source(self) -> str | None:
        """Where `year` comes from."""
        return self.dated[1] if self.dated else None

    def to_json(self) -> dict[str, Any]:
        """Return the fields, `year` and `year_source` as plain JSON values."""
        plain = asdict(self)
        plain["path"] = None if self.path is None else str(self.path)
        plain["notices"] = list(self.notices)
        plain["dpi"] = None if self.dpi is None else list(self.dpi)
        return plain | {"year": self.year, "year_source": self.year_source}


def year_of_date(date: str | None) -> int | None:
    """Return the year of a date that begins with one, or None."""
    match = re.match(r"\d{4}(?!\d)", (date or "").strip())
    if match is None or not _FIRST_YEAR <= int(match[0]) <= _LAST_YEAR:
        return None
    return int(match[0])


def year_in_name(name: str) -> int | None:
    """Find the year that a file's name gives for its photograph.

    The earliest of several: "1943 harbor (scan 2015)" was taken in 1943.

    Args:
        name: The file's name, with or without its suffix.
    """
    years = (int(year) for year in _YEAR_IN_NAME.findall(name))
    return min((year for year in years if _FIRST_YEAR <= year <= _LAST_YEAR), default=None)
