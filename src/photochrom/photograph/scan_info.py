"""What is known of a scan besides its pixels."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from photochrom.dates import iso_date, photographic, readable, years_in
from photochrom.photograph.metadata.blocks import Blocks

_FIRST_DIGITAL_YEAR = 1990


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
        device: Maker and model of the camera or scanner that made the file (EXIF).
        name_year: A year in the file's name; the counter of a camera is none.
        caption: XMP, IPTC or EXIF description, unless a device wrote it.
        title: XMP or IPTC title or headline.
        creator: XMP, IPTC or EXIF author.
        credit: XMP or IPTC credit line.
        copyright: XMP, IPTC or EXIF rights.
        page: Which of the file's pages this is, counted from 1.
        pages: How many pages the file has.
        notices: What had to be chosen or left out to read it, a few words each: which page, what is
            black and white in samples of odd kinds, that this is only a preview. All of them are
            known only once the pixels have been read.
        license: XMP usage terms, or the address of a statement.
        source: XMP or IPTC source.
        identifier: XMP identifier.
        people: Who is in it (IPTC person shown).
        place: Where it was taken: XMP or IPTC place, city, state, country.
        sidecar: SHA-256 of the XMP sidecar whose words these are; None without one.
        unread: Kinds of metadata that are there and cannot be read ("XMP").
        sha256: Of the file's bytes; of the pixels for a picture that never was a file. Hexadecimal.
        bytes: Size of the file; of the pixels for a picture that never was a file.
        blocks: All metadata as it was read, for derivatives.
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
    device: str | None = None
    name_year: int | None = None
    caption: str | None = None
    title: str | None = None
    creator: str | None = None
    credit: str | None = None
    copyright: str | None = None
    page: int = 1
    pages: int = 1
    notices: tuple[str, ...] = ()
    license: str | None = None
    source: str | None = None
    identifier: str | None = None
    people: tuple[str, ...] = ()
    place: str | None = None
    sidecar: str | None = None
    unread: tuple[str, ...] = ()
    sha256: str
    bytes: int
    blocks: Blocks = field(default=Blocks(), repr=False)

    @property
    def dated(self) -> tuple[int, str] | None:
        """The likely year of the photograph and where it comes from ("IPTC/XMP DateCreated"...).

        Someone's entry in a catalog counts most. EXIF DateTimeOriginal comes next, unless it is
        also the moment of digitizing: then it dates the scan, and a year in the file's name is the
        better witness. What the clock of a camera or scanner wrote is no witness at all. Of several
        years ("1920s", "19th century") it is the middle one.
        """
        found = self._found
        return None if found is None else (found[0], found[2])

    @property
    def date(self) -> str | None:
        """The date of the photograph as far as it is known, for people: "1931-05-17", "1920s"."""
        return None if self._found is None else self._found[1]

    @property
    def _found(self) -> tuple[int, str, str] | None:
        exif_is_scan = self.exif_date is not None and self.exif_date == self.digitized
        exif = (self.exif_date, "EXIF DateTimeOriginal")
        named = (None if self.name_year is None else str(self.name_year), "file name")
        witnesses = [(self.catalog_date, "IPTC/XMP DateCreated")]
        witnesses += [named, exif] if exif_is_scan else [exif, named]
        for date, source in witnesses:
            years = photographic(years_in(date))
            if date is None or years is None or self._by_a_clock(date):
                continue
            shown = readable(date)
            return years.middle, shown.split("T")[0] if shown[:4].isdigit() else shown, source
        return None

    def _by_a_clock(self, date: str) -> bool:
        """Whether a date is the moment at which a camera or a scanner made the file."""
        if self.device is None or date not in (self.exif_date, self.digitized):
            return False
        years = years_in(iso_date(date))
        return years is not None and years.first >= _FIRST_DIGITAL_YEAR

    @property
    def year(self) -> int | None:
        """The likely year of the photograph; see `dated` for where it comes from."""
        return self.dated[0] if self.dated else None

    @property
    def year_source(self) -> str | None:
        """Where `year` comes from."""
        return self.dated[1] if self.dated else None

    def to_json(self) -> dict[str, Any]:
        """Return the fields but `blocks`, and `year`, `year_source`, as plain JSON values."""
        plain = {one.name: getattr(self, one.name) for one in fields(self) if one.name != "blocks"}
        plain["path"] = None if self.path is None else str(self.path)
        plain |= {name: list(plain[name]) for name in ("people", "notices", "unread")}
        plain["dpi"] = None if self.dpi is None else list(self.dpi)
        return plain | {"year": self.year, "year_source": self.year_source}
