"""The photographs of a folder, and all that is known of each."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from photochrom.dates import is_impossible
from photochrom.errors import PhotochromError, ProductionError
from photochrom.photograph import SUFFIXES, Photograph, ScanInfo
from photochrom.production.drafting.catalog import Row, assign, read_table, tables_in
from photochrom.production.subjects import year_in
from photochrom.scans import find
from photochrom.source import Source

SOUNDS = frozenset({".wav", ".flac", ".mp3", ".ogg", ".m4a"})
"""The endings, in lower case, of sound files that may lie beside scans."""

_LONGEST_ID = 60
# What cameras and scanners call files; such a name says nothing about the picture.
_DEVICE_WORDS = frozenset(
    """img dsc dscn dscf pict photo foto image bild scan scn pxl epson canon nikon
    copy copie kopie untitled final edited""".split()  # noqa: SIM905 (a list of quotes reads worse)
)
# What people call the places where pictures are kept; with nothing but a number, it says as little.
_PLACE_WORDS = frozenset(
    """album box file folder frame glass neg negative page plate print roll sheet
    slide""".split()  # noqa: SIM905
)
# Letters that Unicode does not take apart into a plain letter and an accent.
_LETTERS = str.maketrans(
    {"ß": "ss", "ø": "o", "Ø": "O", "æ": "ae", "Æ": "Ae", "œ": "oe", "ł": "l", "Ł": "L", "đ": "d"}
)


@dataclass(frozen=True, kw_only=True)
class Scan:
    """A photograph that was found in a folder.

    Texts are empty where nothing is known. What a table says counts before what the file says.

    Attributes:
        path: The file.
        folder: Names of the folders that it is in, below the one that was searched.
        id: For the production file; unique among the scans of the folder.
        info: What the file says of itself.
        date: When it was taken, as far as it is known, or None.
        date_from: Where the date comes from.
        caption: From the table, the file's metadata, or its name if that reads like one.
        caption_from: "file name" if it is only that.
        people: Who is in it.
        place: Where it was taken.
        alt: What is to be seen.
        credit: Who is to be named.
        license: On what terms it may be shown.
        source: Where the scan comes from.
        identifier: Its number in a collection.
        narration: A sound file of the same name beside it.
    """

    path: Path
    folder: tuple[str, ...] = ()
    id: str
    info: ScanInfo
    date: str | None = None
    date_from: str = ""
    caption: str = ""
    caption_from: str = ""
    people: tuple[str, ...] = ()
    place: str = ""
    alt: str = ""
    credit: str = ""
    license: str = ""
    source: str = ""
    identifier: str = ""
    narration: Path | None = None

    @property
    def shown_caption(self) -> str:
        """What the film says of it: what somebody has written, never the name of its file."""
        return "" if self.caption_from else self.caption

    @property
    def year(self) -> int | None:
        """The year of `date`."""
        return None if self.date is None else year_in(self.date)

    @property
    def when(self) -> str:
        """The date so that dates sort; "" without one."""
        if self.date is None:
            return ""
        full = re.fullmatch(r"\d{4}(-\d\d){0,2}", self.date)
        return self.date if full else str(self.year)


def find_scans(
    folder: Path, table: Path | None = None, columns: Mapping[str, str] = MappingProxyType({})
) -> tuple[list[Scan], list[str]]:
    """Finds the photographs in a folder and its subfolders, by name ("scan 9" before "scan 10").

    Results of an earlier build, hidden files and second copies of the same file are left out.

    Args:
        folder: The scans.
        table: What is known of them, as CSV. None: the only such file in the folder, if it is one.
        columns: For each column of it its heading there, where that is another.

    Returns:
        The scans, and a line for each thing worth telling.

    Raises:
        ProductionError: There is no such folder, no photograph that can be read in it, or the table
            cannot be read.
    """
    if not folder.is_dir():
        fix = "name the folder that the scans are in"
        raise ProductionError("is not a folder", where=folder, fix=fix)
    warnings: list[str] = []
    first_with: dict[str, Path] = {}
    found: dict[Path, ScanInfo] = {}
    candidates, passed_over = find(folder)
    for path in candidates:
        name = _shown(path.relative_to(folder))
        try:
            info = Photograph.probe(path)
        except PhotochromError as error:
            warnings.append(f"{name}: left out: {error.what}")
            continue
        warnings += [f"{name}: {notice}" for notice in info.notices]
        if info.sha256 in first_with:
            twin = _shown(first_with[info.sha256].relative_to(folder))
            warnings.append(f"{name}: left out: it is the same file as {twin}")
        elif name != str(path.relative_to(folder)):
            warnings.append(f"{name}: left out: its name is not UTF-8; rename it")
        else:
            first_with[info.sha256] = path
            found[path] = info
    if not found:
        raise ProductionError(
            "there is no photograph in this folder that can be read",
            where=folder,
            fix=warnings[0] if warnings else f"photographs end in {', '.join(sorted(SUFFIXES))}",
        )
    # Sounds may be narrations.
    passed_over.others = [one for one in passed_over.others if one.suffix.lower() not in SOUNDS]
    if line := str(passed_over):
        warnings.append(line)
    rows, said = _rows(folder, table, columns, found)
    warnings += [
        f'{_shown(path.relative_to(folder))}: says "{info.date}", which is no day of any calendar'
        for path, info in found.items()
        if is_impossible(info.date or "")
    ]
    taken: set[str] = set()
    scans = [_scan(path, info, rows.get(path), folder, taken) for path, info in found.items()]
    return scans, warnings + said


def id_of(name: str, taken: set[str]) -> str:
    """Makes an id of a file's name, unlike any that is taken, and takes it."""
    plain = unicodedata.normalize("NFKD", name.translate(_LETTERS)).encode("ascii", "ignore")
    word = re.sub(r"[^a-z0-9]+", "-", plain.decode().lower()).strip("-")
    word = word[:_LONGEST_ID].strip("-") or "photograph"
    candidate, number = word, 2
    while candidate in taken:
        candidate, number = f"{word}-{number}", number + 1
    taken.add(candidate)
    return candidate


def words_of(name: str) -> str:
    """A name of a file or folder as words: "02_the_crossing" is "The crossing"; may be empty."""
    words = re.sub(r"[_\s]+|(?<!\d)-+|-+(?!\d)", " ", name).strip()
    words = re.sub(r"^\d{1,3}(?:[.)]?\s+|$)", "", words)
    return words[:1].upper() + words[1:]


def caption_of(name: str) -> str:
    """The caption that a file's name makes, or "" if it says nothing ("IMG_0042")."""
    words = words_of(name)
    letters = re.findall(r"[^\W\d_]{3,}", words)
    if not {word.casefold() for word in letters} - _DEVICE_WORDS - _PLACE_WORDS:
        return ""
    if any(word.casefold() in _DEVICE_WORDS for word in letters[:1]):
        return ""
    return words


def _rows(
    folder: Path, table: Path | None, columns: Mapping[str, str], scans: dict[Path, ScanInfo]
) -> tuple[dict[Path, Row], list[str]]:
    """What a table says, by scan; pages that it names become scans in the place of their file."""
    asked = table is not None or bool(columns)
    if table is None:
        tables = tables_in(folder)
        if len(tables) > 1:
            names = ", ".join(_shown(path.relative_to(folder)) for path in tables)
            return {}, [f"not read, because there are several tables: {names}; choose with --table"]
        if not tables:
            return {}, []
        table = tables[0]
    try:
        rows, warnings = read_table(table, columns)
    except ProductionError as error:
        if asked:
            raise
        # Somebody's notes, perhaps; nobody asked for them.
        name = _shown(table.relative_to(folder))
        why = "; ".join(filter(None, (error.what, error.fix)))
        return {}, [f"{name}: not read: {why}"]
    said = _take_pages(rows, scans, folder)
    found, more = assign(rows, list(scans), folder, table)
    return found, warnings + said + more


def _take_pages(rows: list[Row], scans: dict[Path, ScanInfo], folder: Path) -> list[str]:
    """Puts the pages that rows name ("album.tif#page=2") in the place of their file."""
    warnings = []
    pages: dict[Path, list[Path]] = {}
    named_whole = {row["file"] for row in rows}
    for row in rows:
        path = folder / row["file"].replace("\\", "/")
        source = Source.of(path)
        if source.page is None or source.file not in scans or path in scans:
            continue
        if path not in pages.setdefault(source.file, []):
            pages[source.file].append(path)
    everything = dict(scans)
    scans.clear()
    for file, info in everything.items():
        if file not in pages or str(file.relative_to(folder)) in named_whole:
            scans[file] = info
        for path in pages.get(file, ()):
            try:
                scans[path] = Photograph.probe(path)
            except PhotochromError as error:
                warnings.append(f"{_shown(path.relative_to(folder))}: left out: {error.what}")
    return warnings


def _scan(path: Path, info: ScanInfo, row: Row | None, folder: Path, taken: set[str]) -> Scan:
    row = row or Row(0, {})
    source = Source.of(path)
    named = caption_of(source.file.stem)
    date = row["date"] or (None if is_impossible(info.date or "") else info.date)
    caption = row["caption"] or info.caption or info.title or named
    return Scan(
        path=path,
        folder=path.relative_to(folder).parts[:-1],
        id=id_of(source.stem, taken),
        info=info,
        date=date,
        date_from="" if row["date"] or date is None else info.year_source or "",
        caption=caption,
        caption_from="file name" if caption and caption == named else "",
        people=row.people or info.people,
        place=row["place"] or info.place or "",
        alt=row["alt"],
        credit=row["credit"] or info.credit or info.creator or "",
        license=row["license"] or info.license or info.copyright or "",
        source=row["source"] or info.source or "",
        identifier=row["identifier"] or info.identifier or "",
        narration=_voice(path.with_name(source.stem)),
    )


def _voice(stem: Path) -> Path | None:
    """The sound file of a scan's name, beside it; of several the first by its ending."""
    names = (stem.name + case for ending in sorted(SOUNDS) for case in (ending, ending.upper()))
    return next((path for name in names if (path := stem.parent / name).is_file()), None)


def _shown(path: Path) -> str:
    """A path as printable text; bytes that are not UTF-8 show as question marks."""
    return str(path).encode("utf-8", "surrogateescape").decode("utf-8", "replace")
