"""Putting the tables of an array in a TOML file into another order, and nothing else in it.

The file belongs to people: comments, blank lines and the way values are written stay as they are.
So the text is not written anew but taken apart between its lines and put together again, and what
comes out is read and compared with what was meant before anybody gets to see it.

tomlkit, which keeps comments, too, does not do this: it holds a comment above a table for the end
of the table before, loses those in arrays of inline tables, and brings tables together that others
stand between.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from photochrom.toml_places import Header, Places
from photochrom.toml_text import number, quoted

Value = str | float

_BLANK = " \t\r\n"
_COMMENTS = re.compile(r"(?:^[ \t]*#[^\n]*\n)+\Z", re.MULTILINE)


@dataclass(frozen=True)
class Kept:
    """A table that stays.

    Attributes:
        index: Which of the array's tables it is, from 0.
        values: New values of its keys; text is written in the quotation marks that are there.
    """

    index: int
    values: Mapping[str, Value] = field(default_factory=dict)


class NotInTables(Exception):  # noqa: N818 (says what the file is, and its caller says what is wrong)
    """The array is not written as `[[array]]` tables, or as some that cannot be taken apart."""


def rearranged(text: str, array: str, kept: Sequence[Kept]) -> str:
    """The text of a TOML file with the tables of one array in another order.

    Comments move, or go, with the table that they stand right above or anywhere in.

    Args:
        text: TOML that has been read without an error.
        array: Key of the array, which stands at the top of the file.
        kept: The tables that stay, in their new order.

    Raises:
        NotInTables: The text cannot be taken apart.
    """
    places = Places(text)
    slots = _slots(text, array, places)
    pieces: list[str] = []
    at = 0
    for place, slot in enumerate(slots):
        pieces.append(text[at : slot.first])
        at = slot.stop
        if place < len(kept):
            one = kept[place]
            source = slots[one.index]
            edits = _edits(text, (array, one.index), one.values, source, places)
            # What separates tables stays where it is.
            pieces += [_spliced(text, source, edits), text[slot.end : slot.stop]]
    result = "".join([*pieces, text[at:]])
    # Where the last table is gone, what separated it from the one before is left over.
    result = result.rstrip(_BLANK) + text[len(text.rstrip(_BLANK)) :]
    try:
        same = tomllib.loads(result) == _meant(tomllib.loads(text), array, kept)
    except tomllib.TOMLDecodeError:
        same = False
    if not same:
        raise NotInTables
    return result


@dataclass(frozen=True)
class _Slot:
    """Where a table stands with all tables within it, as offsets in the text.

    Attributes:
        first: Of its first character, comments directly above it included.
        header: Of its header.
        end: Behind its last character that is not blank.
        stop: Of the first one that belongs to something else.
    """

    first: int
    header: int
    end: int
    stop: int


def _slots(text: str, array: str, places: Places) -> list[_Slot]:
    headers = places.headers
    starts = [*(_with_comments(text, header) for header in headers), len(text)]
    slots: list[_Slot] = []
    for owner, group in groupby(range(len(headers)), lambda number: headers[number].path[:2]):
        numbers = list(group)
        if owner[0] == array:
            if owner != (array, len(slots)):  # A table within the last one, but elsewhere.
                raise NotInTables
            first, stop = starts[numbers[0]], starts[numbers[-1] + 1]
            end = first + len(text[first:stop].rstrip(_BLANK))
            slots.append(_Slot(first, headers[numbers[0]].at, end, stop))
    if not slots:
        raise NotInTables
    return slots


def _with_comments(text: str, header: Header) -> int:
    """Where the comments begin that stand directly above a header."""
    line = text.rfind("\n", 0, header.at) + 1
    # What stands behind something on its line belongs to that.
    free = text.find("\n", header.free, line) + 1 if header.free else 0
    found = _COMMENTS.search(text[free:line])
    return free + found.start() if found else line


def _edits(
    text: str, table: tuple[str, int], values: Mapping[str, Value], slot: _Slot, places: Places
) -> list[tuple[int, int, str]]:
    """What is to stand between which offsets; new keys come below the table's first one."""
    edits = []
    for key, value in values.items():
        if span := places.values.get((*table, key)):
            edits.append((*span, _written(value, text[span[0]])))
            continue
        start, end = min(
            (span for path, span in places.values.items() if path[:2] == table),
            default=(slot.header, slot.header),
        )
        line = text.rfind("\n", 0, start) + 1
        indent = re.compile(r"[ \t]*").match(text, line)
        at = text.find("\n", end, slot.end)
        at = slot.end if at < 0 else at - (text[at - 1] == "\r")
        newline = "\r\n" if "\r\n" in text else "\n"
        edits.append((at, at, f"{newline}{indent[0] if indent else ''}{key} = {_written(value)}"))
    return sorted(edits)


def _spliced(text: str, slot: _Slot, edits: Sequence[tuple[int, int, str]]) -> str:
    pieces, at = [], slot.first
    for start, end, new in edits:
        pieces += [text[at:start], new]
        at = end
    return "".join([*pieces, text[at : slot.end]])


def _written(value: Value, mark: str = '"') -> str:
    """A value, text in quotation marks like those that began the old one."""
    if not isinstance(value, str):
        return number(value)
    plain = value.isprintable() and "'" not in value
    return f"'{value}'" if mark == "'" and plain else quoted(value)


def _meant(data: dict[str, Any], array: str, kept: Sequence[Kept]) -> Mapping[str, Any]:
    tables = [
        data[array][one.index]
        | {key: tomllib.loads(f"x = {_written(value)}")["x"] for key, value in one.values.items()}
        for one in kept
    ]
    return {**data, array: tables}
