"""Putting the shots of a production file into another order, and nothing else in it.

The file belongs to people: comments, blank lines and the way values are written stay as they are.
So the text is not written anew but taken apart between its lines and put together again, and what
comes out is read and compared with what was meant before anybody gets to see it.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from photochrom.production.pacing import clock
from photochrom.toml_places import Path, Places

_LENGTH = re.compile(
    r"""(?P<before>\s*(?:length|"length"|'length')\s*=\s*)"""
    r"""(?P<value>"[^"]*"|'[^']*'|[^\s#]+)(?P<after>.*)""",
    re.DOTALL,
)


@dataclass(frozen=True)
class Kept:
    """A shot that stays.

    Attributes:
        index: Which of the file's shots it is, from 0.
        length: How long it is now, in seconds; None: as it was.
    """

    index: int
    length: float | None = None


class NotInTables(Exception):  # noqa: N818 (says what the file is, and its caller says what is wrong)
    """The shots are not written as `[[shot]]` tables, or in a way that this cannot take apart."""


def reordered(text: str, kept: Sequence[Kept]) -> str:
    """The text of a production file with its shots in another order.

    Args:
        text: TOML that has been read without an error.
        kept: The shots that stay, in their new order.

    Raises:
        NotInTables: The text cannot be taken apart.
    """
    lines, places = text.split("\n"), Places(text).lines
    slots = _slots(lines, places)
    pieces: list[str] = []
    at = 0
    for place, slot in enumerate(slots):
        pieces += lines[at : slot.first]
        at = slot.stop
        if place < len(kept):
            one = kept[place]
            source = slots[one.index]
            body = lines[source.first : source.end]
            if one.length is not None:
                body = _with_length(body, source.first, one, places)
            # What separates tables stays where it is.
            pieces += [*body, *lines[slot.end : slot.stop]]
    result = "\n".join([*pieces, *lines[at:]])
    # Where the last table is gone, what separated it from the one before is left over.
    result = result.rstrip() + text[len(text.rstrip()) :]
    try:
        same = tomllib.loads(result) == _meant(tomllib.loads(text), kept)
    except tomllib.TOMLDecodeError:
        same = False
    if not same:
        raise NotInTables
    return result


@dataclass(frozen=True)
class _Slot:
    """Lines of a shot, counted from 0.

    Attributes:
        first: The first, comments directly above the table included.
        end: The one after its last line that is not blank.
        stop: The first that belongs to something else.
    """

    first: int
    end: int
    stop: int


def _slots(lines: list[str], places: Mapping[Path, int]) -> list[_Slot]:
    headers = sorted((path[1], line - 1) for path, line in places.items() if _is_shot(path))
    slots = []
    for index, line in headers:
        if not lines[line].lstrip().startswith("[["):
            raise NotInTables
        # Whatever comes after a table and does not belong to it begins with a header of its own.
        beyond = (
            other - 1
            for path, other in places.items()
            if other - 1 > line and path[:2] != ("shot", index) and path != ("shot",)
        )
        stop = min(beyond, default=len(lines))
        stop = _with_comments(lines, stop) if stop < len(lines) else stop
        end = stop
        while not lines[end - 1].strip():
            end -= 1
        slots.append(_Slot(_with_comments(lines, line), end, stop))
    return slots


def _is_shot(path: Path) -> bool:
    return len(path) == 2 and path[0] == "shot" and isinstance(path[1], int)


def _with_comments(lines: list[str], header: int) -> int:
    """The line where the comments begin that stand directly above a header."""
    while header and lines[header - 1].lstrip().startswith("#"):
        header -= 1
    return header


def _with_length(body: list[str], first: int, one: Kept, places: Mapping[Path, int]) -> list[str]:
    """A shot's lines, which begin at line `first`, with its new length written as the old was."""
    assert one.length is not None
    table, number = ("shot", one.index), _number(one.length)
    if (*table, "length") in places:
        at = places[*table, "length"] - 1 - first
        match = _LENGTH.fullmatch(body[at])
        if match is None:
            raise NotInTables
        quote = match["value"][0]
        new = f"{quote}{clock(one.length)}{quote}" if quote in "\"'" else number
        return [*body[:at], match["before"] + new + match["after"], *body[at + 1 :]]
    known = ((*table, name) for name in ("photograph", "card"))
    at = next(places[path] for path in known if path in places) - first
    key = body[at - 1]
    indent, end = key[: len(key) - len(key.lstrip())], "\r" if key.endswith("\r") else ""
    return [*body[:at], f"{indent}length = {number}{end}", *body[at:]]


def _number(seconds: float) -> str:
    return f"{seconds:.3f}".rstrip("0").rstrip(".")


def _meant(data: dict[str, Any], kept: Sequence[Kept]) -> Mapping[str, Any]:
    shots = []
    for one in kept:
        shot = dict(data["shot"][one.index])
        if one.length is not None:
            words = isinstance(shot.get("length"), str)
            shot["length"] = clock(one.length) if words else _parsed(one.length)
        shots.append(shot)
    return {**data, "shot": shots}


def _parsed(seconds: float) -> Any:
    return tomllib.loads(f"length = {_number(seconds)}")["length"]
