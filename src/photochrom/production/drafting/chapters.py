"""The chapters of a drafted film: its photographs in order, by folder or by date."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Literal

from photochrom.production.drafting.scans import Scan, words_of
from photochrom.scans import natural_key

By = Literal["auto", "folder", "date", "none"]

FEWEST = 3
"""Photographs in a chapter of dates."""

MOST = 8
"""Chapters; more only where there are as many folders with more than so many photographs each."""

FEWEST_IN_FOLDERS = 2
"""Photographs that folders must hold on average to be chapters unasked."""


@dataclass(frozen=True)
class Chapter:
    """Photographs that belong together.

    Attributes:
        heading: What its card says; "" for photographs that no card precedes.
        scans: In the order in which they are shown.
        named: Whether the heading is a name, not the years.
    """

    heading: str
    scans: tuple[Scan, ...]
    named: bool = False

    @property
    def years(self) -> str:
        """From the first to the last year that is known ("1896–1903"); "" if none is."""
        return _span([scan.year for scan in self.scans if scan.year is not None])

    @property
    def begins(self) -> int | None:
        """The first year that is known."""
        return min((scan.year for scan in self.scans if scan.year is not None), default=None)


def in_chapters(scans: Sequence[Scan], by: By = "auto") -> tuple[list[Chapter], list[str]]:
    """Puts photographs in order and into chapters.

    Subfolders are chapters in the order of their names; without subfolders decades are, or years,
    if at least half of the photographs are dated and no running numbers say another order. Chapters
    of dates with too few photographs join the neighbor that is nearer in time.

    Args:
        scans: By name, at least one.
        by: What makes chapters; "auto" is "folder", "date" or "none", whichever fits first.

    Returns:
        At least one chapter, and a line for each thing worth telling.
    """
    if by in ("auto", "folder"):
        folders = _by_folder(scans)
        named = [chapter for chapter in folders if chapter.named]
        count = len(scans) - (0 if folders[0].named else len(folders[0].scans))
        enough = count >= FEWEST_IN_FOLDERS * len(named)
        if len(named) >= 2 and (
            by == "folder" or (enough and len(named) <= max(MOST, count // MOST))
        ):
            return folders, []
    whole = Chapter("", tuple(in_order(scans)))
    if by == "folder":
        return [whole], ["there are no subfolders, of which chapters could be made"]
    if by == "none":
        return [whole], []
    dated = sum(scan.date is not None for scan in scans)
    if by == "date" or (2 * dated >= len(scans) and _rises(whole.scans)):
        periods = _by_date(scans)
        if len(periods) >= 2:
            return periods, []
    told = "the dates that are known make no two chapters of three photographs each"
    return [whole], [told] if by == "date" else []


def in_order(scans: Sequence[Scan]) -> list[Scan]:
    """Photographs in the order of a story.

    Names that all begin with a running number keep their order; otherwise dates decide, and a
    photograph without a date stays behind the one that it follows by name.

    Args:
        scans: By name.
    """
    numbers = [re.match(r"(\d{1,3})(?!\d)", scan.path.stem) for scan in scans]
    if all(numbers) and len({match[1] for match in numbers if match}) == len(scans):
        return list(scans)
    return _by_time(scans)


def _by_time(scans: Sequence[Scan]) -> list[Scan]:
    dates: list[str] = []
    for scan in scans:
        dates.append(scan.when or (dates[-1] if dates else ""))
    order = sorted(range(len(scans)), key=lambda index: dates[index])
    return [scans[index] for index in order]


def _by_folder(scans: Sequence[Scan]) -> list[Chapter]:
    """A chapter for each folder below the one that holds all; first what is in none of them."""
    above = 0
    first = scans[0].folder
    while above < len(first) and all(
        scan.folder[: above + 1] == first[: above + 1] for scan in scans
    ):
        above += 1
    folders: dict[str, list[Scan]] = {}
    for scan in scans:
        folders.setdefault("".join(scan.folder[above : above + 1]), []).append(scan)
    return [
        Chapter(words_of(name) or name, tuple(in_order(inside)), named=bool(name))
        for name, inside in sorted(folders.items(), key=lambda pair: natural_key(pair[0]))
    ]


def _by_date(scans: Sequence[Scan]) -> list[Chapter]:
    """A chapter for each decade, or for each year where that makes only one."""
    ordered = _by_time(scans)
    known = [scan.year for scan in ordered if scan.year is not None]
    if not known:
        return []
    year = known[0]
    years = [year := year if scan.year is None else scan.year for scan in ordered]
    for unit in (10, 1):
        runs = [list(run) for _, run in groupby(years, key=lambda one: one // unit)]
        sizes = _joined(runs)
        if len(sizes) >= 2:
            break
    chapters, at = [], 0
    for size in sizes:
        part = tuple(ordered[at : at + size])
        chapters.append(Chapter(_span(years[at : at + size]), part))
        at += size
    return chapters


def _joined(runs: list[list[int]]) -> list[int]:
    """Sizes of runs of years when none is too small any more, and there are not too many."""
    while len(runs) > 1:
        sizes = [len(run) for run in runs]
        small = sizes.index(min(sizes))
        if sizes[small] < FEWEST:
            # To the neighbor that is nearer in time; of two, to the smaller.
            before = (runs[small][0] - runs[small - 1][-1], sizes[small - 1]) if small else None
            after = None
            if small + 1 < len(runs):
                after = (runs[small + 1][0] - runs[small][-1], sizes[small + 1])
            first = small if before is None or (after is not None and after < before) else small - 1
        elif len(runs) > MOST:
            both = [len(one) + len(other) for one, other in pairwise(runs)]
            first = both.index(min(both))
        else:
            break
        runs = [*runs[:first], runs[first] + runs[first + 1], *runs[first + 2 :]]
    return [len(run) for run in runs]


def _rises(scans: Sequence[Scan]) -> bool:
    """Whether the order that names give is that of time."""
    years = [scan.year for scan in scans if scan.year is not None]
    return years == sorted(years)


def _span(years: Sequence[int]) -> str:
    if not years:
        return ""
    first, last = min(years), max(years)
    return str(first) if first == last else f"{first}–{last}"
