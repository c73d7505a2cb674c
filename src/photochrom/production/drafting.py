"""A first production file for a folder of scans, for people to go on from."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from math import ceil
from pathlib import Path

from photochrom.production.file import ProductionFile
from photochrom.production.pacing import (
    COMFORTABLE_SHOT,
    DISCLOSURE_SECONDS,
    LONGEST_SHOT,
    MOST_SHOTS_OF_ONE,
    Want,
    clock,
    least_for,
    seconds_of,
    share_out,
)
from photochrom.production.scans import Scan, find_scans
from photochrom.production.schema import SCHEMA
from photochrom.production.toml_text import comment, inline, quoted

_REVEAL_SECONDS = 2.5
# Rectangles [left, top, width, height]. People stand above the middle of most pictures, so the
# camera goes to a point there.
_WIDE_MOVES = (
    ((0.0, 0.0, 1.0, 1.0), (0.15, 0.08, 0.7, 0.7)),
    ((0.0, 0.1, 0.72, 0.72), (0.28, 0.1, 0.72, 0.72)),
    ((0.2, 0.1, 0.6, 0.6), (0.0, 0.0, 1.0, 1.0)),
    ((0.3, 0.08, 0.68, 0.68), (0.02, 0.14, 0.68, 0.68)),
)
_TALL_MOVES = (
    ((0.0, 0.35, 1.0, 0.5), (0.0, 0.08, 1.0, 0.5)),
    ((0.0, 0.05, 1.0, 0.55), (0.15, 0.1, 0.7, 0.4)),
    ((0.15, 0.1, 0.7, 0.4), (0.0, 0.05, 1.0, 0.6)),
    ((0.0, 0.05, 1.0, 0.5), (0.0, 0.4, 1.0, 0.5)),
)
_REVEALS = ("dissolve", "wipe", "none")


@dataclass(frozen=True)
class _Cards:
    """Seconds that the cards are shown."""

    title: float
    disclosure: float
    credits: float

    @property
    def seconds(self) -> float:
        return self.title + self.disclosure + self.credits


@dataclass(frozen=True)
class Draft:
    """A drafted production file.

    Attributes:
        text: The file.
        photographs: How many photographs it has.
        seconds: How long the film is.
        warnings: What people should know: files left out, a length that could not be had.
    """

    text: str
    photographs: int
    seconds: float
    warnings: tuple[str, ...]

    @property
    def length(self) -> str:
        """How long the film is, "m:ss"."""
        return clock(self.seconds)


@dataclass(frozen=True)
class _Shot:
    scan: Scan
    first: bool
    reveal: str
    move: tuple[tuple[float, ...], tuple[float, ...]]
    transition: str

    @property
    def caption(self) -> str:
        return self.scan.caption if self.first else ""

    @property
    def want(self) -> Want:
        reveal = 0.0 if self.reveal == "none" else _REVEAL_SECONDS
        least = least_for(self.caption, reveal=reveal)
        # What has more to read or to see gets more of the spare time, but not by much.
        return Want(least, weight=1.0 + least / COMFORTABLE_SHOT)


def draft(
    folder: str | Path,
    *,
    output: str | Path | None = None,
    title: str | None = None,
    length: str | float | None = None,
) -> Draft:
    """Drafts a production file for the photographs in a folder.

    Args:
        folder: The scans, with subfolders.
        output: Where the file is going to be; by default `production.toml` in the folder above the
            scans. Only decides how the scans are named in it.
        title: Of the film; by default the folder's name.
        length: Of the film, in seconds or as "m:ss"; by default as long as is comfortable.

    Raises:
        ProductionError: There is no photograph in the folder, or the length is none.
    """
    folder = Path(folder)
    asked = None if length is None else seconds_of(length)
    scans, warnings = find_scans(folder)
    output = Path(output) if output is not None else folder.resolve().parent / "production.toml"
    title = (title or folder.resolve().name or "Untitled").strip() or "Untitled"

    cards = _Cards(max(5.0, least_for(title)), DISCLOSURE_SECONDS, 6.0)
    shots = _shots(scans, None if asked is None else asked - cards.seconds)
    if asked is None:
        time = sum(max(shot.want.least, COMFORTABLE_SHOT) for shot in shots)
    else:
        if asked < cards.seconds + _least(shots):
            cards = _Cards(least_for(title), DISCLOSURE_SECONDS, 4.0)
            shots = _hurried(shots, asked - cards.seconds)
        time = max(asked - cards.seconds, _least(shots))
    wants = [shot.want for shot in shots]
    lengths = share_out(time, wants)
    if asked is not None:
        warnings += _misfit(asked, sum(lengths) + cards.seconds, lengths, len(scans))

    text = "\n".join(
        [
            *_head(title, warnings),
            *(line for scan in scans for line in _photograph(scan, output)),
            *_film(shots, lengths, cards),
        ]
    )
    drafted = ProductionFile.parse(text, output)
    return Draft(text, len(scans), drafted.storyboard().length, tuple(warnings))


def _shots(scans: list[Scan], seconds: float | None) -> list[_Shot]:
    """One shot a photograph; more of each where there is more time than that can hold."""
    each = 1
    if seconds is not None:
        each = min(MOST_SHOTS_OF_ONE, max(1, ceil(seconds / len(scans) / LONGEST_SHOT)))
    shots: list[_Shot] = []
    decade = None
    for position, scan in enumerate(scans):
        turned = scan.date is not None and scan.date[:3] != decade and decade is not None
        decade = scan.date[:3] if scan.date else decade
        for take in range(each):
            moves = _TALL_MOVES if scan.info.height > scan.info.width else _WIDE_MOVES
            # The second shot of a photograph shows its color, which the first has revealed.
            reveal = _REVEALS[position % 3] if take == 0 else "none"
            transition = "dip" if turned and take == 0 else "dissolve"
            move = moves[(position + take) % len(moves)]
            shots.append(_Shot(scan, take == 0, reveal, move, transition))
    return shots


def _hurried(shots: list[_Shot], seconds: float) -> list[_Shot]:
    """Without as many reveals, from the end on, as there is no time for."""
    shots = list(shots)
    for index in reversed(range(len(shots))):
        if _least(shots) <= seconds:
            break
        shots[index] = replace(shots[index], reveal="none")
    return shots


def _least(shots: list[_Shot]) -> float:
    return sum(shot.want.least for shot in shots)


def _misfit(asked: float, seconds: float, lengths: list[float], scans: int) -> list[str]:
    if seconds > asked + 1e-6:
        return [
            f"the film is {clock(seconds)} long, not {clock(asked)}: {scans} photographs with their"
            " captions need that much; remove some shots or shorten captions"
        ]
    if max(lengths) > 2 * LONGEST_SHOT:
        return [
            f"{scans} photographs are few for {clock(asked)}: shots last up to"
            f" {max(lengths):.0f} s; add photographs or ask for a shorter film"
        ]
    return []


def _head(title: str, warnings: list[str]) -> Iterator[str]:
    yield from comment(
        "A production: the photographs, how they are restored, and the film that is made of them."
        " Edit it and build it with: photochrom make"
    )
    for warning in warnings:
        yield from comment(f"Note: {warning}")
    yield f"schema = {quoted(SCHEMA)}"
    yield f"title = {quoted(title)}"
    yield 'recipe = "faithful"  # or "cinema", "scan-clean", or a recipe file of your own'
    yield ""
    yield "[output]"
    yield 'folder = "out"'
    yield 'formats = ["tiff", "jpeg"]'
    yield ""


def _photograph(scan: Scan, output: Path) -> Iterator[str]:
    yield "[[photograph]]"
    yield f"id = {quoted(scan.id)}"
    yield f"file = {quoted(_relative(scan.path, output))}"
    if scan.date is not None and scan.info.year_source is not None:
        yield f"date = {quoted(scan.date)}  # {scan.info.year_source}"
    if scan.caption:
        source = "" if scan.info.caption else "  # file name"
        yield f"caption = {quoted(scan.caption)}{source}"
    credit = scan.info.credit or scan.info.creator
    if credit:
        yield f"credit = {quoted(credit)}"
    if scan.info.copyright:
        yield f"license = {quoted(scan.info.copyright)}"
    yield ""


def _film(shots: list[_Shot], lengths: list[float], cards: _Cards) -> Iterator[str]:
    yield from comment(
        "The film, in the order in which it is shown. A shot takes the caption of its photograph"
        " unless it has its own."
    )
    yield "[film]"
    yield "size = [1920, 1080]"
    yield "rate = 24"
    yield ""
    yield "[[shot]]"
    yield 'card = "title"'
    yield f"length = {_number(cards.title)}"
    yield ""
    timed = zip(shots, lengths, strict=True)
    for _, takes in groupby(timed, key=lambda pair: pair[0].scan.id):
        for shot, length in takes:
            yield from _shot(shot, length)
    yield from comment("Says what was restored and colored; written from the records when built.")
    yield "[[shot]]"
    yield 'card = "disclosure"'
    yield f"length = {_number(cards.disclosure)}"
    yield ""
    yield from comment("Names everyone that photographs give credit to.")
    yield "[[shot]]"
    yield 'card = "credits"'
    yield f"length = {_number(cards.credits)}"
    yield ""


def _shot(shot: _Shot, length: float) -> Iterator[str]:
    start, end = shot.move
    yield "[[shot]]"
    yield f"photograph = {quoted(shot.scan.id)}"
    yield f"length = {_number(length)}"
    if not shot.first:
        yield 'caption = ""'
    yield f"move = {{ from = {inline(start)}, to = {inline(end)} }}"
    if shot.reveal != "none":
        yield f"reveal = {quoted(shot.reveal)}"
    if shot.transition != "dissolve":
        yield f"transition = {quoted(shot.transition)}"
    yield ""


def _number(seconds: float) -> str:
    return f"{seconds:.3f}".rstrip("0").rstrip(".")


def _relative(path: Path, output: Path) -> str:
    """With forward slashes, which every system understands; absolute if on another drive."""
    try:
        return Path(os.path.relpath(path, output.resolve().parent)).as_posix()
    except ValueError:
        return path.resolve().as_posix()
