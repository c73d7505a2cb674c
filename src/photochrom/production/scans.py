"""The photographs of a folder, in the order in which a story would show them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from photochrom.errors import PhotochromError, ProductionError
from photochrom.photograph import SUFFIXES, Photograph, ScanInfo
from photochrom.production.schema import year_in
from photochrom.record import record_path

_LONGEST_ID = 60
# What cameras and scanners call files; such a name says nothing about the picture.
_DEVICE_WORDS = frozenset(
    """img dsc dscn dscf pict photo foto image bild scan scn pxl epson canon nikon
    copy copie kopie untitled final edited""".split()  # noqa: SIM905 (a list of quotes reads worse)
)
# Letters that Unicode does not take apart into a plain letter and an accent.
_LETTERS = str.maketrans(
    {"ß": "ss", "ø": "o", "Ø": "O", "æ": "ae", "Æ": "Ae", "œ": "oe", "ł": "l", "Ł": "L", "đ": "d"}
)


@dataclass(frozen=True)
class Scan:
    """A photograph that was found in a folder.

    Attributes:
        path: The file.
        id: For the production file; unique among the scans of the folder.
        info: What the file says of itself.
        date: When it was taken, as far as the file or its name tells, or None.
        caption: From the file's metadata, else from its name if that reads like one, else "".
    """

    path: Path
    id: str
    info: ScanInfo
    date: str | None
    caption: str


def find_scans(folder: Path) -> tuple[list[Scan], list[str]]:
    """Finds the photographs in a folder and its subfolders and puts them in order.

    Names that all begin with a running number keep their order; otherwise dates decide, and a
    photograph without a date stays behind the one that it follows by name. Results of an earlier
    build, hidden files and second copies of the same file are left out.

    Returns:
        The scans, and a line for each file that was left out for a reason worth telling.

    Raises:
        ProductionError: There is no such folder, or no photograph that can be read in it.
    """
    if not folder.is_dir():
        fix = "name the folder that the scans are in"
        raise ProductionError("is not a folder", where=folder, fix=fix)
    warnings: list[str] = []
    first_with: dict[str, Path] = {}
    found: list[tuple[Path, ScanInfo]] = []
    for path in _candidates(folder):
        name = _shown(path.relative_to(folder))
        try:
            info = Photograph.probe(path)
        except PhotochromError as error:
            warnings.append(f"{name}: left out: {error.what}")
            continue
        if info.sha256 in first_with:
            twin = _shown(first_with[info.sha256].relative_to(folder))
            warnings.append(f"{name}: left out: it is the same file as {twin}")
        elif name != str(path.relative_to(folder)):
            warnings.append(f"{name}: left out: its name is not UTF-8; rename it")
        else:
            first_with[info.sha256] = path
            found.append((path, info))
    if not found:
        raise ProductionError(
            "there is no photograph in this folder that can be read",
            where=folder,
            fix=warnings[0] if warnings else f"photographs end in {', '.join(sorted(SUFFIXES))}",
        )
    taken: set[str] = set()
    return [_scan(path, info, taken) for path, info in _in_order(found)], warnings


def natural_key(text: str) -> tuple[tuple[int, int, str], ...]:
    """Sorts "scan 9" before "scan 10", and without regard to case."""
    parts = re.split(r"(\d+)", text.casefold())
    return tuple((0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts if part)


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


def caption_of(name: str) -> str:
    """The caption that a file's name makes, or "" if it says nothing ("IMG_0042")."""
    words = re.sub(r"[_\s]+|(?<!\d)-+|-+(?!\d)", " ", name).strip()
    words = re.sub(r"^\d{1,3}[.)]?\s+", "", words)
    letters = re.findall(r"[^\W\d_]{3,}", words)
    if not [word for word in letters if word.casefold() not in _DEVICE_WORDS]:
        return ""
    if any(word.casefold() in _DEVICE_WORDS for word in letters[:1]):
        return ""
    return words[0].upper() + words[1:]


def _candidates(folder: Path) -> list[Path]:
    found = [
        path
        for path in folder.rglob("*")
        if path.suffix.lower() in SUFFIXES
        and not any(part.startswith(".") for part in path.relative_to(folder).parts)
        and path.is_file()
        and not record_path(path).exists()
    ]
    return sorted(found, key=lambda path: natural_key(str(path.relative_to(folder))))


def _in_order(found: Sequence[tuple[Path, ScanInfo]]) -> list[tuple[Path, ScanInfo]]:
    numbers = [re.match(r"(\d{1,3})(?!\d)", path.stem) for path, _ in found]
    if all(numbers) and len({match[1] for match in numbers if match}) == len(found):
        return list(found)
    dates: list[str] = []
    for _, info in found:
        dates.append(_date(info) or (dates[-1] if dates else ""))
    order = sorted(range(len(found)), key=lambda index: dates[index])
    return [found[index] for index in order]


def _scan(path: Path, info: ScanInfo, taken: set[str]) -> Scan:
    caption = info.caption or caption_of(path.stem)
    return Scan(path, id_of(path.stem, taken), info, _date(info), caption)


def _date(info: ScanInfo) -> str | None:
    """The date as far as it is known, "1931" or "1931-05-17"; from where the year comes."""
    if info.dated is None:
        return None
    year, _ = info.dated
    for date in (info.catalog_date, info.exif_date):
        if date is not None and date.startswith(str(year)) and info.name_year in (None, year):
            full = re.match(r"\d{4}(-\d\d(-\d\d)?)?", date)
            return full[0] if full else str(year)
    return str(year) if year_in(str(year)) else None


def _shown(path: Path) -> str:
    """A path as printable text; bytes that are not UTF-8 show as question marks."""
    return str(path).encode("utf-8", "surrogateescape").decode("utf-8", "replace")
