"""What is wrong with a value that somebody wrote into a file, in words for people.

Validation speaks of tuples, instances and literals; whoever wrote the file thinks of lists, tables
and texts, and wants to know what to write instead.
"""

from __future__ import annotations

import datetime
import difflib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from pydantic_core import ErrorDetails

from photochrom.fields import bounds_of, places_of
from photochrom.toml_text import quoted

_LONGEST = 60
_MOST_KEYS = 8
# What stands before an @ may be a password, and what follows a question mark a signature.
_ADDRESS = re.compile(
    r"^(abfss?://[^/@]*@|[A-Za-z][A-Za-z0-9+.-]+://)(?:[^/]*@)?([^?]*)(?:\?.*)?$", re.DOTALL
)
# Rows of numbers as examples: by how many there are, and whether they are whole ones.
_ROWS = MappingProxyType(
    {(2, True): "[1920, 1080]", (2, False): "[0.5, 0.5]", (4, False): "[0, 0, 1, 1]"}
)


@dataclass(frozen=True)
class Fault:
    """One value that is not what it should be.

    Attributes:
        details: What the validation says of it.
        path: Where it stands in the file: keys of tables, and indices of arrays, from 0.
        annotation: The type that its key has in the schema, if that is known.
        tables: Keys of the table that it should be, or be a list of; empty if it should be neither.
        patterns: For regular expressions of the schema, what fits them ("it must look like ...").
    """

    details: ErrorDetails
    path: tuple[str | int, ...]
    annotation: Any = None
    tables: Sequence[str] = ()
    patterns: Mapping[str, str] = field(default_factory=dict)

    @property
    def said(self) -> tuple[str, str | None]:
        """What is wrong, to be read after the name of the key, and what to write instead."""
        return _SAID.get(self.details["type"], _as_it_is)(self)

    @property
    def input(self) -> Any:
        """What was written."""
        return self.details["input"]

    @property
    def context(self) -> Mapping[str, Any]:
        """What the validation knows besides."""
        return self.details.get("ctx", {})

    @property
    def key(self) -> str:
        """The key that it is the value of, or in the list of."""
        return next((part for part in reversed(self.path) if isinstance(part, str)), "")

    @property
    def inside(self) -> bool:
        """Whether it is one of a list, so that its key alone does not stand before it."""
        return bool(self.path) and isinstance(self.path[-1], int)

    @property
    def header(self) -> str:
        """The key as the header of a table; "" where it is inside an array."""
        return "" if any(isinstance(part, int) for part in self.path) else ".".join(self._keys)

    @property
    def _keys(self) -> list[str]:
        return [part for part in self.path if isinstance(part, str)]

    def is_(self, needs: str) -> str:
        """What was written and what should have been: "is 3; it takes a text in quotes"."""
        value = shown(self.input)
        return f"is {value}; it {needs}" if value else needs

    def write(self, value: str) -> str:
        """How it is to be written; nobody needs to be shown all of a long text again."""
        if len(value) > _LONGEST:
            value = f"{value[0]}...{value[-1]}"
        return f"write {value}" if self.inside else f"write {self.key} = {value}"


def told(name: str, what: str) -> str:
    """What is wrong, with the name of the key before it."""
    return f"{name} {what}" if what.startswith(("is ", "has ", "takes ")) else f"{name}: {what}"


def shown(value: object) -> str:
    """A value as it is written in a file, shortened; only named if it is a list or a table."""
    match value:
        case str():
            value = _ADDRESS.sub(r"\1\2", value)
            return f'"{value}"' if len(value) <= _LONGEST else f'"{value[: _LONGEST - 3]}..."'
        case bool():
            return str(value).lower()
        case int() | float():
            return str(value)
        case datetime.date() | datetime.time():
            return value.isoformat()
        case list() | tuple():
            return "a list"
        case Mapping():
            return "a table"
    return ""


def dotted(path: Sequence[str | int]) -> str:
    """('photograph', 1, 'colors', 0, 'at') -> "photograph 2, colors 1, at"."""
    words: list[str] = []
    for part in path:
        if isinstance(part, int):
            words[-1] += f" {part + 1}"
        else:
            words.append(part)
    return ", ".join(words)


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that somebody who wrote `word` most likely meant, if any is like it."""
    close = difflib.get_close_matches(word.lower(), [name for name in known if name != word], n=1)
    return close[0] if close else None


def choices(names: Iterable[str]) -> str:
    """Names as one chooses among them: "'cut', 'dissolve' or 'dip'"."""
    *first, last = map(repr, names)
    return f"{', '.join(first)} or {last}" if first else last


def _text(fault: Fault) -> tuple[str, str | None]:
    value = fault.input
    fix = None
    if isinstance(value, bool | int | float | datetime.date):
        fix = fault.write(quoted(shown(value)))
    elif isinstance(value, list) and len(value) == 1 and isinstance(value[0], str):
        fix = fault.write(quoted(value[0]))
    return fault.is_("takes a text in quotes"), fix


def _list(fault: Fault) -> tuple[str, str | None]:
    if fault.tables:
        return _tables(fault)
    if places := places_of(fault.annotation):
        example = _ROWS.get((len(places), places[0] is int))
        like = f", as in {fault.key} = {example}" if example else ""
        return fault.is_(f"takes a list of {len(places)} numbers{like}"), None
    value = fault.input
    if not isinstance(value, str):
        return fault.is_("takes a list"), None
    parts = [quoted(one) for part in re.split("[;\n]", value) if (one := part.strip())]
    return fault.is_("takes a list"), fault.write(f"[{', '.join(parts)}]")


def _tables(fault: Fault) -> tuple[str, str | None]:
    named = _named(fault.tables)
    if header := fault.header:
        two = ", two brackets," if isinstance(fault.input, Mapping) else ""
        return fault.is_(f"takes tables, each with {named}"), f"write [[{header}]]{two} above each"
    example = f"[{{ {fault.tables[0]} = ... }}]"
    return fault.is_(f"takes a list of tables, each with {named}"), fault.write(example)


def _table(fault: Fault) -> tuple[str, str | None]:
    named = _named(fault.tables)
    needs = fault.is_(f"takes a table{f' with {named}' if named else ''}")
    header = fault.header
    if header and isinstance(fault.input, list | tuple):
        return needs, f"write [{header}], one bracket, above its keys"
    if header:
        return needs, f"write [{header}] and below it its keys"
    return needs, fault.write(f"{{ {fault.tables[0] if fault.tables else 'key'} = ... }}")


def _truth(fault: Fault) -> tuple[str, str | None]:
    return fault.is_("takes true or false, without quotes"), None


def _whole(fault: Fault) -> tuple[str, str | None]:
    return fault.is_("takes a whole number"), None


def _number(fault: Fault) -> tuple[str, str | None]:
    comma = isinstance(fault.input, str) and re.fullmatch(r"\s*(\d+),(\d+)\s*", fault.input)
    fix = fault.write(f"{comma[1]}.{comma[2]}") if comma else None
    return fault.is_("takes a number"), fix


def _choice(fault: Fault) -> tuple[str, str | None]:
    expected = str(fault.context["expected"])
    known = re.findall(r"'([^']*)'", expected)
    like = nearest(fault.input, known) if isinstance(fault.input, str) else None
    return fault.is_(f"takes {expected}"), f"did you mean {like!r}?" if like else None


def _range(fault: Fault) -> tuple[str, str | None]:
    bounds = {**fault.context, **dict(bounds_of(fault.annotation))}
    least, most = bounds.get("ge"), bounds.get("le")
    value = shown(fault.input)
    if least is not None and most is not None:
        needs = f"goes from {least:g} to {most:g}"
    elif "gt" in bounds and most is not None:
        needs = f"must be more than {bounds['gt']:g} and at most {most:g}"
    elif "gt" in bounds:
        needs = f"must be more than {bounds['gt']:g}"
    elif least is not None:
        needs = f"must be at least {least:g}"
    else:
        needs = f"must be at most {most:g}" if most is not None else "is out of range"
    return f"is {value}; it {needs}", None


def _empty(fault: Fault) -> tuple[str, str | None]:
    return "is empty; it needs a text", None


def _too_few(fault: Fault) -> tuple[str, str | None]:
    count, least = fault.context["actual_length"], fault.context["min_length"]
    if count == 0:
        return f"is empty; it needs at least {'one' if least == 1 else least}", None
    return f"has {count}; it needs at least {least}", None


def _too_many(fault: Fault) -> tuple[str, str | None]:
    count = len(fault.input) if isinstance(fault.input, list | tuple) else "too many"
    return f"has {count} values; it takes {fault.context['max_length']}", None


def _too_long(fault: Fault) -> tuple[str, str | None]:
    most = fault.context["max_length"]
    return f"is {shown(fault.input)}; it has at most {most} characters", None


def _pattern(fault: Fault) -> tuple[str, str | None]:
    like = fault.patterns.get(fault.context["pattern"])
    return fault.is_(f"must look like {like}" if like else "cannot be that"), None


def _missing(fault: Fault) -> tuple[str, str | None]:
    """A key, or a value of a list that has a fixed length."""
    if fault.inside and (places := places_of(fault.annotation)):
        count = len(fault.input)
        return f"has {count} value{'s' * (count != 1)}; it takes {len(places)}", None
    return "is missing", None


def _as_it_is(fault: Fault) -> tuple[str, str | None]:
    """What our own validators say; it is for people already."""
    message = fault.details["msg"].removeprefix("Value error, ").removeprefix("Input ")
    value = shown(fault.input)
    message = re.sub(r'"([^"]+)"', lambda match: shown(match[1]), message)
    plain = isinstance(fault.input, str | bool | int | float | datetime.date)
    return (f"is {value}; {message}" if plain and value not in message else message), None


_SAID: Mapping[str, Callable[[Fault], tuple[str, str | None]]] = MappingProxyType(
    {
        **dict.fromkeys(("string_type", "string_sub_type", "string_unicode"), _text),
        **dict.fromkeys(("tuple_type", "list_type", "set_type", "frozen_set_type"), _list),
        **dict.fromkeys(
            ("model_type", "model_attributes_type", "dict_type", "dataclass_type", "mapping_type"),
            _table,
        ),
        **dict.fromkeys(("bool_type", "bool_parsing"), _truth),
        **dict.fromkeys(("int_type", "int_parsing", "int_parsing_size", "int_from_float"), _whole),
        **dict.fromkeys(("float_type", "float_parsing", "finite_number"), _number),
        **dict.fromkeys(("literal_error", "enum"), _choice),
        **dict.fromkeys(
            ("greater_than", "greater_than_equal", "less_than", "less_than_equal"), _range
        ),
        "string_too_short": _empty,
        "string_too_long": _too_long,
        "too_short": _too_few,
        "too_long": _too_many,
        "string_pattern_mismatch": _pattern,
        "missing": _missing,
    }
)


def _named(keys: Sequence[str]) -> str:
    rest = ", ..." if len(keys) > _MOST_KEYS else ""
    return ", ".join(keys[:_MOST_KEYS]) + rest
