"""The scans in a folder, and what lies there besides.

Folders of scans hold more than scans: the thumbnails of a network drive, its recycle bin, our own
results, notes, clips. Nothing of that is restored, and nothing is passed over without a word.
"""

from __future__ import annotations

import os
import re
import tomllib
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from photochrom.cachedir import is_tagged
from photochrom.errors import PhotochromError
from photochrom.files import expanded, printable, resolved
from photochrom.photograph import SUFFIXES, made_by_us
from photochrom.places import Place, Url
from photochrom.record import BESIDE, Record, record_path
from photochrom.record import ENDING as RECORD
from photochrom.source import Source

P = TypeVar("P", bound=Place)

RESULTS = "restored"
"""The folder for derivatives beside scans, unless another one is asked for."""

_NAMED_AT_MOST = 3
COMPANIONS = frozenset({".xmp", ".csv", ".tsv", ".toml"})
"""What is read with a scan, or is no business of whoever restores."""

# Folders and files that systems and network drives keep for themselves, in lower case.
_SYSTEM = re.compile(
    r"\..*|@.*|#recycle|#snapshot|\$recycle\.bin|recycler|system volume information|__macosx"
    r"|lost\+found|thumbs\.db|ehthumbs.*\.db|desktop\.ini|found\.\d{3}"
)


@dataclass
class PassedOver:
    """What was found and not taken.

    Attributes:
        system: How many files there are in hidden folders and in those of systems and caches.
        ours: How many results of our own.
        others: Files that are no photographs, or none that can be read here.
        more: How many such there are besides, in buckets.
        closed: Folders that cannot be read, and links to folders.
    """

    system: int = 0
    ours: int = 0
    others: list[Place] = field(default_factory=list)
    more: int = 0
    closed: list[Path] = field(default_factory=list)

    def other(self, url: Url) -> None:
        """Notes what is no photograph in a bucket, which may hold a million of them."""
        if len(self.others) < _NAMED_AT_MOST:
            self.others.append(url)
        else:
            self.more += 1

    def close(self, error: OSError) -> None:
        """Notes a folder that cannot be read."""
        self.closed.append(Path(error.filename or "?"))

    def __str__(self) -> str:
        """One line that counts and names them; empty if there are none."""
        names = [path.name for path in self.others[:_NAMED_AT_MOST]]
        others = len(self.others) + self.more
        if more := others - len(names):
            names.append(f"{more} more")
        said = []
        if self.others:
            are = "is" if others == 1 else "are"
            said.append(f"{others} that {are} no photograph ({', '.join(names)})")
        if self.closed:
            folders = ", ".join(path.name for path in self.closed[:_NAMED_AT_MOST])
            said.append(f"{len(self.closed)} folders that are links or cannot be read ({folders})")
        if self.system:
            said.append(f"{self.system} in hidden and system folders")
        if self.ours:
            said.append(f"{self.ours} of our own making")
        return f"passed over: {'; '.join(said)}" if said else ""

    def add(self, other: PassedOver) -> None:
        """Takes in what was passed over elsewhere."""
        self.system += other.system
        self.ours += other.ours
        self.others += other.others
        self.more += other.more
        self.closed += other.closed


def find(folder: Path, output: Path | None = None) -> tuple[list[Path], PassedOver]:
    """Finds the photographs in a folder and its subfolders.

    Args:
        folder: Where to look.
        output: Where results go; passed over if it lies below the folder.

    Returns:
        The photographs, sorted as people number them ("scan 9" before "scan 10"), and what lies
        there besides.
    """
    scans: list[Path] = []
    passed = PassedOver()
    root = resolved(folder)
    spared = {resolved(output)} if output is not None else set()
    for place, folders, files in os.walk(folder, onerror=passed.close):
        here = Path(place)
        spared |= _results_of_productions(here, files)
        for name in list(folders):
            below = here / name
            if below.is_symlink():
                folders.remove(name)
                passed.closed.append(below)
                continue
            system = is_system(name) or is_tagged(below)
            ours = resolved(below) in spared - {root} or (name == RESULTS and _has_records(below))
            if system or ours:
                folders.remove(name)
                count = sum(len(inner) for _, _, inner in os.walk(below))
                passed.system += count if system else 0
                passed.ours += 0 if system else count
        for name in files:
            path = here / name
            if is_system(name):
                passed.system += 1
            elif name.endswith(RECORD):
                passed.ours += 1
            elif path.suffix.lower() not in SUFFIXES:
                if path.suffix.lower() not in COMPANIONS:
                    passed.others.append(path)
            elif path.is_file():
                if is_ours(path):
                    passed.ours += 1
                else:
                    scans.append(path)
            else:
                passed.others.append(path)
    passed.others.sort(key=str)
    return sorted(scans, key=lambda path: natural_key(str(path.relative_to(folder)))), passed


def is_ours(path: Path) -> bool:
    """Whether a picture is one of our results: its record says so, or it says so itself."""
    record = record_path(path)
    # Unlike Path.is_file, this minds no name that is too long to be anybody's.
    if os.path.isfile(record):  # noqa: PTH113
        try:
            said = Record.open(record)
        except PhotochromError:
            return True  # Whatever it says, nobody else writes such files.
        if any(one["file"] == path.name for one in said.derivatives):
            return True
    return made_by_us(path)


def natural_key(text: str) -> tuple[tuple[int, int, str], ...]:
    """Sorts "scan 9" before "scan 10", and without regard to case."""
    parts = re.split(r"(\d+)", text.casefold())
    return tuple((0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts if part)


def is_system(name: str) -> bool:
    """Whether a file or folder is one that systems and network drives keep for themselves."""
    return _SYSTEM.fullmatch(name.lower()) is not None


def _has_records(folder: Path) -> bool:
    return next(folder.rglob(f"*{RECORD}"), None) is not None


def _results_of_productions(place: Path, files: Iterable[str]) -> set[Path]:
    """The output and cache folders of the productions whose files lie in a folder."""
    found = set()
    for name in files:
        if not name.endswith(".toml"):
            continue
        try:
            said = tomllib.loads((place / name).read_text("utf-8"))
        except (OSError, ValueError):
            continue
        if str(said.get("schema", "")).startswith("photochrom.production/"):
            output = said.get("output", {})
            output = output if isinstance(output, dict) else {}
            folders = (output.get("folder", "out"), output.get("cache", ".photochrom"))
            # What names no folder here, as a home of nobody, has no results here either.
            with suppress(PhotochromError):
                found |= {resolved(place / expanded(str(one))) for one in folders}
    return found


def names_of(paths: Sequence[P]) -> dict[P, str]:
    """Names for the results of scans: as short as they can be without two being alike.

    A scan lends its stem, with the page if one is named. Where several have the same, in any case
    of letters, their endings are added ("a-jpg", "a-tif"), or the names of their folders, or both,
    or else numbers.

    Args:
        paths: Scans whose results go into one folder.
    """
    named: dict[P, str] = {}
    groups: dict[str, list[P]] = {}
    for path in paths:
        groups.setdefault(_folded(short_name(path)), []).append(path)
    for group in groups.values():
        for rung in _LADDER:
            names = [rung(path) for path in group]
            if len({_folded(name) for name in names}) == len(group):
                break
        named |= dict(zip(group, names, strict=True))
    taken: set[str] = set()
    for path, name in named.items():
        number = 2
        while _folded(named[path]) in taken:
            named[path], number = f"{name}-{number}", number + 1
        taken.add(_folded(named[path]))
    return named


def _folded(name: str) -> str:
    """Alike for names that some system takes for one."""
    return unicodedata.normalize("NFC", name).casefold()


def short_name(path: Place) -> str:
    """What the results of a scan are called after: its stem, if no other file of ours is called so.

    A scan `a.mask.png` lends its whole name: its results would be called as the mask of `a.png`.
    """
    stem = printable(Source.of(path).stem)
    taken = any(_folded(f"{stem}.").endswith(one[: one.rindex(".") + 1]) for one in BESIDE.values())
    return _ending(path) if taken else stem


def _ending(path: Place) -> str:
    return printable(Source.of(path).name)


def _folder(path: Place) -> str:
    return path.parent.name if isinstance(path, Url) else path.parent.resolve().name


_LADDER: tuple[Callable[[Place], str], ...] = (
    short_name,
    _ending,
    lambda path: f"{_folder(path)}-{short_name(path)}",
    lambda path: f"{_folder(path)}-{_ending(path)}",
)
