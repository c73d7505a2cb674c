"""What is wrong with a production file, in one line for people."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from photochrom.errors import ProductionError
from photochrom.production.keys import Location, follow, keys, nearest
from photochrom.production.schema import FILM_NAME, ID, VERSION, Production
from photochrom.toml_places import Places

_COLOR = "^#[0-9a-fA-F]{6}$"  # of film.storyboard.Color
_LOOKS = MappingProxyType(
    {
        _COLOR: '"#a0b1c2"',
        ID: '"family-1931" (letters without accents, digits, and . _ - inside)',
        VERSION: '"upright" (letters without accents, digits, and _ - inside)',
        FILM_NAME: '"film.mp4" (a name without a folder that ends in .mp4, .mov or .mkv)',
    }
)


def syntax_error(error: tomllib.TOMLDecodeError, path: Path) -> ProductionError:
    message = str(error)
    place = re.search(r" \(at line (\d+), column (\d+)\)$", message)
    if place is None:  # "(at end of document)"
        return ProductionError(f"is not valid TOML: {message}", where=path)
    what = message[: place.start()]
    return ProductionError(f"is not valid TOML: {what}", where=f"{path}:{place[1]}")


def first_error(error: ValidationError, path: Path, places: Places) -> ProductionError:
    """What stands first in the file of all that a validation found wrong."""
    faults = _without_echoes([_Fault.of(details) for details in error.errors(include_url=False)])
    # A key is often missing because it is misspelled, and then the misspelling is what to show.
    first = min(faults, key=lambda fault: (fault.kind == "missing", places.line(fault.path)))
    where = f"{path}:{places.line(first.path)}"
    more = f" (and {len(faults) - 1} more to put right)" if len(faults) > 1 else ""
    if first.kind == "missing":
        return ProductionError(f"the key '{_dotted(first.path)}' is missing{more}", where=where)
    if first.kind == "extra_forbidden":
        _, tables = follow(Production, first.loc[:-1])
        names = [key for table in tables for key in keys(table)]
        like = nearest(str(first.path[-1]), names)
        fix = f"did you mean {like!r}?" if like else f"it may have {', '.join(names)}"
        what = f"unknown key '{_dotted(first.path)}'{more}"
        return ProductionError(what, where=where, fix=fix)
    value = _value(first.input)
    said = "" if value in first.message or not value else f"is {value}; "
    what = f"'{_dotted(first.path)}' {said}{first.message}{more}"
    return ProductionError(what, where=where)


@dataclass(frozen=True)
class _Fault:
    """One thing that a validation found wrong; `path` is `loc` without the names of unions."""

    kind: str
    loc: Location
    path: Location
    input: object
    message: str

    @classmethod
    def of(cls, details: ErrorDetails) -> _Fault:
        path, _ = follow(Production, details["loc"])
        message = details["msg"].removeprefix("Value error, ").removeprefix("Input ")
        if details["type"] == "card":
            path = (*path, "card")
        if details["type"] == "string_pattern_mismatch":
            message = f"it must look like {_LOOKS[details['ctx']['pattern']]}"
        return cls(details["type"], details["loc"], path, details["input"], message)


def _without_echoes(faults: list[_Fault]) -> list[_Fault]:
    """Leaves out what is said of a list or a choice only because of what is wrong inside it."""
    return [
        fault
        for fault in faults
        if fault.kind in ("missing", "extra_forbidden")
        or not any(_inside(other.path, fault.path) for other in faults)
    ]


def _inside(inner: Location, outer: Location) -> bool:
    return len(inner) > len(outer) and inner[: len(outer)] == outer


def _value(value: object) -> str:
    if isinstance(value, str):
        return f'"{value}"' if len(value) <= 60 else f'"{value[:57]}..."'
    return str(value) if isinstance(value, int | float) else ""


def _dotted(path: Sequence[str | int]) -> str:
    """('photograph', 1, 'colors', 0, 'at') -> "photograph 2, colors 1, at"."""
    words: list[str] = []
    for part in path:
        if isinstance(part, int):
            words[-1] += f" {part + 1}"
        else:
            words.append(part)
    return ", ".join(words)
