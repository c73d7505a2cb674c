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
from photochrom.toml_places import Places

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
    lines = text.split("\n")
    spans = _spans(lines, text)
    slots = [_Slot.cut(lines, first, stop) for first, stop in spans]
    pieces: list[str] = []
    at = 0
    for place, ((first, stop), slot) in enumerate(zip(spans, slots, strict=True)):
        pieces += lines[at:first]
        at = stop
        if place < len(kept):
            one = kept[place]
            body = slots[one.index].body
            if one.length is not None:
                body = _with_length(body, one.length)
            # What separates tables stays where it is; the last one that is left closes the row.
            ends = slots[-1] if place == len(kept) - 1 else slot
            pieces += [*body, *ends.blank]
    result = "\n".join([*pieces, *lines[at:]])
    if tomllib.loads(result) != _meant(tomllib.loads(text), kept):
        raise NotInTables
    return result


@dataclass(frozen=True)
class _Slot:
    """A shot's lines, comments above it included, and the blank lines that follow them."""

    body: list[str]
    blank: list[str]

    @classmethod
    def cut(cls, lines: list[str], first: int, stop: int) -> _Slot:
        end = stop
        while end > first and not lines[end - 1].strip():
            end -= 1
        return cls(lines[first:end], lines[end:stop])


def _spans(lines: list[str], text: str) -> list[tuple[int, int]]:
    """First line of each shot, from 0, and the line after its last one."""
    places = Places(text).lines
    headers = sorted((path[1], line - 1) for path, line in places.items() if _is_shot(path))
    begins = {line: _with_comments(lines, line) for _, line in headers}
    spans = []
    for index, line in headers:
        if not lines[line].lstrip().startswith("[["):
            raise NotInTables
        # Whatever comes after a table and does not belong to it begins with a header of its own.
        beyond = [
            other - 1
            for path, other in places.items()
            if other - 1 > line and path[:2] != ("shot", index) and path != ("shot",)
        ]
        stop = min(beyond, default=len(lines))
        stop = begins.get(stop, _with_comments(lines, stop) if stop < len(lines) else stop)
        spans.append((begins[line], stop))
    return spans


def _is_shot(path: tuple[str | int, ...]) -> bool:
    return len(path) == 2 and path[0] == "shot" and isinstance(path[1], int)


def _with_comments(lines: list[str], header: int) -> int:
    """The line where the comments begin that stand directly above a header."""
    while header and lines[header - 1].lstrip().startswith("#"):
        header -= 1
    return header


def _with_length(body: list[str], seconds: float) -> list[str]:
    """A shot's lines with another length, written as the last one was."""
    keys = Places("\n".join(body)).lines
    end = "\r" if body[0].endswith("\r") else ""
    if (line := keys.get(("shot", 0, "length"))) is not None:
        match = _LENGTH.fullmatch(body[line - 1])
        if match is None:
            raise NotInTables
        value = match["value"]
        new = f"{value[0]}{clock(seconds)}{value[0]}" if value[0] in "\"'" else _number(seconds)
        return [*body[: line - 1], match["before"] + new + match["after"], *body[line:]]
    names = ("photograph", "card")
    line = min(keys[path] for path in (("shot", 0, name) for name in names) if path in keys)
    indent = re.match(r"\s*", body[line - 1])
    assert indent is not None
    return [*body[:line], f"{indent[0]}length = {_number(seconds)}{end}", *body[line:]]


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
