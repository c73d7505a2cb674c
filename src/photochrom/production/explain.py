"""What is wrong with a production file, in one line for people."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from photochrom.errors import ProductionError
from photochrom.faults import Fault, choices, dotted, nearest, shown, told
from photochrom.fields import keys
from photochrom.film.storyboard import CARDS
from photochrom.film.storyboard.values import LOOKS
from photochrom.production.keys import Location, follow, models_in
from photochrom.production.schema import FILM_NAME, ID, VERSION, Production
from photochrom.toml_places import Places

_LOOKS = MappingProxyType(
    {
        **LOOKS,
        ID: '"family-1931" (letters without accents, digits, and . _ - inside)',
        VERSION: '"upright" (letters without accents, digits, and _ - inside)',
        FILM_NAME: '"film.mp4" (a name without a folder that ends in .mp4, .mov or .mkv)',
    }
)


_SLIPS = MappingProxyType(
    {
        "Invalid value": 'put texts in straight quotes: "..."; true and false are written small',
        "Unterminated string": "a text lacks its closing quote",
        r"Illegal character '\n'": "a text lacks its closing quote",
        "Expected '='": "write key = value, its key in letters without accents",
        "Unclosed array": "a list lacks a comma or its closing ]",
        "Unclosed inline table": "a table lacks a comma or its closing }",
        "Invalid initial character for a key part": "a comma too many stands before a }",
        "Cannot overwrite a value": "a key stands there twice, or as a key and as a table",
        "Cannot declare": "put the keys of both together",
        "Expected newline": "behind a value the line has to end; are quotes missing, or a comma"
        " where a point is meant?",
        "Expected ']": "the header of a table lacks its closing brackets",
        "Unescaped": "write \\\\ or / for a \\, or put the text in single quotes",
        "Invalid statement": "write key = value, its key in letters without accents",
    }
)
"""What somebody who has made a slip may have to mend, by how the parser's messages begin."""


def syntax_error(error: tomllib.TOMLDecodeError, path: str | Path) -> ProductionError:
    message = str(error)
    fix = next((fix for begin, fix in _SLIPS.items() if message.startswith(begin)), None)
    place = re.search(r" \(at line (\d+), column (\d+)\)$", message)
    if place is None:  # "(at end of document)"
        return ProductionError(f"is not valid TOML: {message}", where=path, fix=fix)
    what = message[: place.start()]
    return ProductionError(f"is not valid TOML: {what}", where=f"{path}:{place[1]}", fix=fix)


def first_error(error: ValidationError, path: str | Path, places: Places) -> ProductionError:
    """What stands first in the file of all that a validation found wrong."""
    wrong = _without_echoes([_Wrong.of(details) for details in error.errors(include_url=False)])
    # A key is often missing because it is misspelled, and then the misspelling is what to show.
    first = min(wrong, key=lambda one: (one.kind == "missing", places.line(one.path)))
    what, fix = first.said
    more = f" (and {len(wrong) - 1} more to put right)" if len(wrong) > 1 else ""
    where = f"{path}:{places.line(first.path)}"
    return ProductionError(f"{what}{more}", where=where, fix=fix)


@dataclass(frozen=True)
class _Wrong:
    """One thing that a validation found wrong; `path` is `loc` without the names of unions."""

    kind: str
    path: Location
    details: ErrorDetails

    @classmethod
    def of(cls, details: ErrorDetails) -> _Wrong:
        path = follow(Production, details["loc"]).path
        if details["type"] == "card":
            path = (*path, "card")
        kind = details["type"]
        if kind == "missing" and isinstance(path[-1], int):
            kind, path = "too few", path[:-1]
        return cls(kind, path, details)

    @property
    def at(self) -> Location:
        """Its path, for a fault: of a list that is too short, the first value that it lacks."""
        return (*self.path, 0) if self.kind == "too few" else self.path

    @property
    def said(self) -> tuple[str, str | None]:
        """What is wrong, and what to do about it."""
        name = f"'{dotted(self.path)}'"
        if self.kind == "extra_forbidden":
            return self._unknown(name)
        if self.kind == "missing":
            return self._missing(name)
        if self.kind == "card":
            return self._card(name)
        # What is missing in a list of numbers is said of the list.
        loc = self.details["loc"]
        place = follow(Production, loc[:-1] if self.kind == "too few" else loc)
        tables = _names(place.tables)
        what, fix = Fault(self.details, self.at, place.annotation, tables, _LOOKS).said
        return told(name, what), fix

    def _unknown(self, name: str) -> tuple[str, str]:
        key = str(self.path[-1])
        names = _names(follow(Production, self.details["loc"][:-1]).tables)
        like = nearest(key, names)
        if self._is_bare_item and (cards := _cards_with(key)):
            fix = (
                f"add card = {choices(cards)} to make it a card, or photograph = to make it a shot"
            )
            return f"{name} is no key of a shot of a photograph", fix
        if home := _home(key, self.path):
            return f"unknown key {name}", home + (f", or did you mean {like!r}?" if like else "")
        fix = f"did you mean {like!r}?" if like else f"it may have {', '.join(names)}"
        return f"unknown key {name}", fix

    def _missing(self, name: str) -> tuple[str, str | None]:
        if self.path[0] == "shot" and self.path[2:] == ("photograph",) and self._is_bare_item:
            item = dotted(self.path[:-1])
            what = f"the key {name} is missing, so that '{item}' shows nothing"
            return what, f"name a photograph, or write card = and one of {', '.join(CARDS)}"
        if self.path == ("photograph",):
            return f"the key {name} is missing", "write [[photograph]] above each photograph"
        return f"the key {name} is missing", None

    @property
    def _is_bare_item(self) -> bool:
        """Whether it is in a shot that names neither photograph nor card."""
        return self.path[0] == "shot" and "shot" in self.details["loc"][2:3]

    def _card(self, name: str) -> tuple[str, str | None]:
        written = self.details["input"]
        card = written.get("card") if isinstance(written, Mapping) else None
        value = shown(card)
        if not isinstance(written, Mapping):
            item = f"'{dotted(self.path[:-1])}'"
            return f"{item} is {shown(written)}; it takes a table", "write [[shot]] above each"
        like = nearest(card, list(CARDS)) if isinstance(card, str) else None
        what = f"{name} is {value}; card must be one of {', '.join(CARDS)}"
        return what, f"did you mean {like!r}?" if like else None


def _names(tables: Iterable[type[BaseModel]]) -> list[str]:
    """The keys of some tables, each once."""
    return list(dict.fromkeys(key for table in tables for key in keys(table)))


def _cards_with(key: str) -> list[str]:
    """The kinds of cards that have a key."""
    return [card for card in CARDS if any(key in keys(one) for one in _card_tables(card))]


def _card_tables(card: str) -> list[type[BaseModel]]:
    tag = "text" if card == "chapter" else card
    return list(models_in(keys(Production)["shot"], tag))


def _home(key: str, path: Location) -> str:
    """Where a key that stands in a table where it is not known belongs; "" if nowhere else."""
    top = keys(Production)
    if path[0] == "shot" and key == "photograph":
        return ""  # Shots have such a key, too, but this is a card.
    if len(path) > 1 and key in top:
        tables = list(models_in(top[key]))
        if not tables:
            return f"{key!r} belongs at the top of the file, above the first [table]"
        array = key in ("photograph", "shot", "version")
        return f"{key!r} is a table of its own: write {f'[[{key}]]' if array else f'[{key}]'}"
    if key == "card" and path[0] != "shot":
        return "cards are shots: write [[shot]] above it"
    for name in ("output", "photograph", "film", "shot"):
        if path[0] != name and any(key in keys(table) for table in models_in(top[name])):
            header = f"[[{name}]]" if name in ("photograph", "shot") else f"[{name}]"
            return f"{key!r} belongs below {header}"
    return ""


def _without_echoes(faults: list[_Wrong]) -> list[_Wrong]:
    """Leaves out what is said of a list or a choice only because of what is wrong inside it."""
    return [
        fault
        for fault in faults
        if fault.kind in ("missing", "extra_forbidden")
        or not any(_inside(other.path, fault.path) for other in faults)
    ]


def _inside(inner: Location, outer: Location) -> bool:
    return len(inner) > len(outer) and inner[: len(outer)] == outer
