"""What an archive's table says of its scans: one line a scan, as spreadsheets save it (CSV)."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from photochrom.dates import is_impossible, readable
from photochrom.errors import ProductionError
from photochrom.production.drafting.headings import HEADINGS
from photochrom.production.subjects import year_in
from photochrom.source import Source

SUFFIXES = frozenset({".csv", ".tsv"})

COLUMNS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "file": frozenset({"file", "filename", "file name", "image", "scan", "name", "path"}),
        "caption": frozenset({"caption", "title", "description", "headline"}),
        "date": frozenset({"date", "date created", "created", "year", "taken"}),
        "place": frozenset({"place", "location", "city", "coverage"}),
        "people": frozenset({"people", "persons", "person", "person shown", "person in image"}),
        "credit": frozenset({"credit", "credit line", "creator", "photographer", "author"}),
        "license": frozenset({"license", "licence", "rights", "copyright", "copyright notice"}),
        "alt": frozenset({"alt", "alt text", "alttext", "alternative text"}),
        "source": frozenset({"source", "collection", "provenance"}),
        "identifier": frozenset(
            {"identifier", "inventory number", "accession number", "call number", "shelfmark"}
        ),
    }
)
"""For each column what its heading may be, in small letters and without marks; in other languages
it may be what `HEADINGS` has."""

_MOST = 64 * 2**20
_MOST_NAMED = 5


@dataclass(frozen=True)
class Row:
    """What a table says of one scan.

    Attributes:
        line: Where in the table, from 1.
        told: By column (`COLUMNS`), what it says.
    """

    line: int
    told: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        """What a column says; empty where it says nothing."""
        return self.told.get(column, "")

    @property
    def people(self) -> tuple[str, ...]:
        """Who is in the picture; parted by semicolons in the table."""
        return tuple(one for part in re.split("[;|]", self["people"]) if (one := part.strip()))


def tables_in(folder: Path) -> list[Path]:
    """The tables that lie in a folder itself, not in those below it."""
    return sorted(
        path
        for path in folder.iterdir()
        if path.suffix.lower() in SUFFIXES and not path.name.startswith(".") and path.is_file()
    )


def read_table(
    path: Path, columns: Mapping[str, str] = MappingProxyType({})
) -> tuple[list[Row], list[str]]:
    """Reads a table of scans.

    Columns are found by their headings (`COLUMNS`), whatever their order; others are ignored.
    Commas, semicolons, tabs and bars may part them; a first line `sep=;` says which does. Bytes
    that are neither UTF-8 nor UTF-16 are taken for Windows-1252, which is what spreadsheets write.

    Args:
        path: The table.
        columns: For each column its heading in this table, where that is another.

    Returns:
        The rows that name a file, and a line for each thing worth telling.

    Raises:
        ProductionError: It cannot be read, or has no column of files.
    """
    text, warnings = _text(path)
    text, delimiter, before = _delimiter(text)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        numbered = [
            (lines.line_num + before, cells) for cells in lines if any(map(str.strip, cells))
        ]
    except csv.Error as error:
        raise ProductionError(
            f"is no table that can be read ({error})",
            where=f"{path}:{lines.line_num + before}",
            fix="save it as CSV, UTF-8",
        ) from None
    if not numbered:
        raise ProductionError("the table is empty", where=path)
    places = _places(numbered[0][1], path, columns)
    rows = []
    for line, cells in numbered[1:]:
        told = {name: " ".join(cells[at].split()) for name, at in places.items() if at < len(cells)}
        if not told.get("file"):
            warnings.append(f"{path.name}:{line}: names no file")
            continue
        if is_impossible(told.get("date", "")):
            said = f'"{told["date"]}" is no day of any calendar; the date is left out'
            warnings.append(f"{path.name}:{line}: {told['file']}: {said}")
            told["date"] = ""
        elif told.get("date") and year_in(readable(told["date"])) is None:
            warnings.append(f'{path.name}:{line}: the date "{told["date"]}" names no year')
            told["date"] = ""
        elif told.get("date"):
            told["date"] = readable(told["date"])
        rows.append(Row(line, told))
    return rows, warnings


def assign(
    rows: Sequence[Row], scans: Sequence[Path], folder: Path, table: Path
) -> tuple[dict[Path, Row], list[str]]:
    """Finds for each row the scan that it speaks of.

    A scan is meant by its path in the folder, by its name, or by its name without the ending; upper
    and lower case are one. What comes first in the table counts.

    Args:
        rows: From `read_table`.
        scans: The files.
        folder: That they are in.
        table: For what is said of it.

    Returns:
        Rows by scan, and a line for each thing worth telling.
    """
    by_path, by_name = _Names(), _Names()
    for path in scans:
        inside = path.relative_to(folder)
        stem = Source.of(path).stem
        by_path.add(path, str(inside), str(inside.with_name(stem)))
        by_name.add(path, path.name, stem)
    found: dict[Path, Row] = {}
    unknown: list[str] = []
    warnings: list[str] = []
    for row in rows:
        meant = by_path.meant(row["file"]) or by_name.meant(row["file"])
        where = f"{table.name}:{row.line}"
        if not meant:
            unknown.append(row["file"])
        elif len(meant) > 1:
            others = _listed(str(path.relative_to(folder)) for path in meant)
            warnings.append(f"{where}: {row['file']} could be any of {others}; not used")
        elif meant[0] in found:
            earlier = found[meant[0]].line
            warnings.append(f"{where}: {row['file']} is in line {earlier} already; not used")
        else:
            found[meant[0]] = row
    if unknown:
        warnings.insert(0, f"{table.name}: not among the scans: {_listed(unknown)}")
    return found, warnings


class _Names:
    """Files by their names, as people write them."""

    def __init__(self) -> None:
        self._files: dict[str, list[Path]] = {}

    def add(self, path: Path, *names: str) -> None:
        for name in {_plain(name) for name in names}:
            self._files.setdefault(name, []).append(path)

    def meant(self, name: str) -> list[Path]:
        """Those of a name; of its last part, if it names folders that are somewhere else."""
        plain = _plain(name)
        return self._files.get(plain) or self._files.get(plain.rsplit("/", 1)[-1]) or []


def _text(path: Path) -> tuple[str, list[str]]:
    try:
        if path.stat().st_size > _MOST:
            raise ProductionError("is too large for a table of scans", where=path)
        data = path.read_bytes()
    except FileNotFoundError:
        raise ProductionError("there is no such table", where=path) from None
    except OSError as error:
        raise ProductionError(f"cannot be read ({error.strerror})", where=path) from None
    try:
        if data.startswith((b"\xff\xfe", b"\xfe\xff")):
            return data.decode("utf-16"), []
        if (wide := _utf_16(data)) is not None:
            return data.decode(wide), []
        if b"\0" in data:
            raise ProductionError("is no text", where=path, fix="save the table as CSV, UTF-8")
        return data.decode("utf-8-sig"), []
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")
        return text, [f"{path.name}: is not UTF-8; read as Windows-1252"]


def _utf_16(data: bytes) -> str | None:
    """Which UTF-16 bytes without a mark are, by the zeros beside the letters of the headings."""
    head = data[:64]
    for encoding, zeros, letters in (("utf-16-le", 1, 0), ("utf-16-be", 0, 1)):
        if len(head) > 3 and not any(head[zeros::2]) and all(head[letters::2]):
            return encoding
    return None


def _delimiter(text: str) -> tuple[str, str, int]:
    """What parts the columns: what a first line `sep=;` says, as spreadsheets write it for
    themselves; else whatever the line of headings has most of.

    Returns:
        The text without such a line, what parts the columns, and how many lines were left out.
    """
    said = re.match(r'\s*"?sep=(.)"?[ \t,;]*(\r\n|\r|\n)', text, re.IGNORECASE)
    if said:
        return text[said.end() :], said[1], len(text[: said.end()].splitlines())
    headings = re.sub(r'"[^"\n]*"', "", text.lstrip().split("\n", 1)[0])
    return text, max(",;\t|", key=headings.count), 0


def _heading(text: str) -> str:
    """A heading as it is compared: in small letters, without marks."""
    return " ".join(re.sub(r"[\W\d_]+", " ", unicodedata.normalize("NFC", text.casefold())).split())


def _places(headings: Sequence[str], path: Path, columns: Mapping[str, str]) -> dict[str, int]:
    """Which column is where; if several could be one, that of its very name, else the first."""
    plain, places = [_heading(one) for one in headings], dict[str, int]()
    for name, heading in columns.items():
        if name not in COLUMNS:
            what = f'there is no column "{name}"'
            raise ProductionError(what, where=path, fix=f"write one of {', '.join(COLUMNS)}")
        if _heading(heading) not in plain:
            what, there = f'has no column "{heading}"', ", ".join(filter(None, headings))
            raise ProductionError(what, where=path, fix=f"its columns are {there}")
        places[name] = plain.index(_heading(heading))
    for name, others in COLUMNS.items():
        if name in columns:
            continue
        known = {*others, *HEADINGS[name]}
        fitting = [at for at, heading in enumerate(plain) if heading in known]
        if fitting:
            places[name] = plain.index(name) if name in plain else fitting[0]
    if "file" not in places:
        # Whose table it is knows which it is: their columns are told, not all that would be known.
        named = [one.strip() for one in headings if one.strip()]
        raise ProductionError(
            f"none of its columns ({_listed(named)}) is known to name files",
            where=path,
            fix=f"say which one does, as in --columns file={_quoted(named[0])}, or call it file",
        )
    return places


def _quoted(heading: str) -> str:
    """A heading as it is typed on a command line."""
    return f'"{heading}"' if re.search(r"[^\w.-]", heading) else heading


def _plain(name: str) -> str:
    """A file's name as it is compared: some systems take letters apart, some know no case."""
    return unicodedata.normalize("NFC", name.replace("\\", "/")).casefold().removeprefix("./")


def _listed(names: Iterable[str]) -> str:
    names = list(names)
    more = len(names) - _MOST_NAMED
    return ", ".join(names[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
