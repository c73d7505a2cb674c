"""The lines of a TOML file: checked against the parser of the standard library."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from photochrom.toml_places import Path, Places

SAMPLE = '''\
# a comment with [brackets] = "and quotes"
title = "two words"
"quoted key" = 1
dotted.inner."most \\u0041" = 2
text = """
not = "a key" # nor a comment
[not.a.table]
""""
literal = \'\'\'a ' and '' inside
[no]\'\'\'
list = [
  1, # one ]
  "two ] # }",
  [3, 4],
  { a = 5, "b c" = [6,
     7] },
]
[table]
key = 1979-05-27T07:32:00Z
[[array]]
x = 1
[[array]]
x = 2
[array.sub]
y = 3
[[array.deep]]
z = 4
[[array.deep]]
z = 5
[[array]]
[array.sub]
y = 6'''

EXPECTED: dict[Path, int] = {
    ("title",): 2,
    ("quoted key",): 3,
    ("dotted", "inner", "most A"): 4,
    ("text",): 5,
    ("literal",): 9,
    ("list",): 11,
    ("list", 0): 12,
    ("list", 1): 13,
    ("list", 2): 14,
    ("list", 2, 1): 14,
    ("list", 3, "a"): 15,
    ("list", 3, "b c", 0): 15,
    ("list", 3, "b c", 1): 16,
    ("table",): 18,
    ("table", "key"): 19,
    ("array",): 20,
    ("array", 0): 20,
    ("array", 0, "x"): 21,
    ("array", 1): 22,
    ("array", 1, "x"): 23,
    ("array", 1, "sub"): 24,
    ("array", 1, "sub", "y"): 25,
    ("array", 1, "deep", 0, "z"): 27,
    ("array", 1, "deep", 1, "z"): 29,
    ("array", 2): 30,
    ("array", 2, "sub", "y"): 32,
}


@pytest.mark.parametrize(("path", "line"), EXPECTED.items(), ids=str)
@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["unix", "windows"])
def test_each_thing_stands_where_it_stands(path: Path, line: int, newline: str) -> None:
    assert Places(SAMPLE.replace("\n", newline)).lines[path] == line


def test_what_is_missing_is_put_with_the_table_it_is_missing_from() -> None:
    places = Places(SAMPLE)
    assert places.line(("array", 1, "nothing")) == 22
    assert places.line(("table", "key", "no table", 7)) == 19
    assert places.line(("nowhere",)) == 1
    assert places.line(()) == 1


def paths(value: Any, above: Path = ()) -> Iterator[Path]:
    if above:
        yield above
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from paths(inner, (*above, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from paths(inner, (*above, index))


def toml_string(text: str) -> st.SearchStrategy[str]:
    plain = json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
    ways = [plain]
    if text.isprintable() and "'" not in text:
        ways.append(f"'{text}'")
    if "\r" not in text:
        ways.append(f'"""\n{plain[1:-1]}"""')
    if text.isprintable() and "'''" not in text and text[-1:] != "'":
        ways.append(f"'''{text}'''")
    return st.sampled_from(ways)


TEXTS = st.text(
    st.one_of(st.sampled_from("[]{}#=,.'\"\\ \n\tab"), st.characters(codec="utf-8")), max_size=8
)
KEYS = st.one_of(st.from_regex(r"[A-Za-z0-9_-]{1,4}", fullmatch=True), TEXTS)
SPACE = st.sampled_from(["", " ", "\t "])
GAP = st.sampled_from(["", " ", "\n", " # ] } = [\n", "\n\n  "])


@st.composite
def values(draw: st.DrawFn, depth: int = 3) -> str:
    kind = draw(st.sampled_from(["text", "plain", "list", "table"][: 4 if depth else 2]))
    if kind == "text":
        return draw(toml_string(draw(TEXTS)))
    if kind == "plain":
        return draw(st.sampled_from(["1", "-0.5e3", "true", "1931-05-17", "07:32:00", "inf"]))
    if kind == "list":
        items = draw(st.lists(values(depth - 1), max_size=3))
        body = ",".join(draw(GAP) + item + draw(GAP) for item in items)
        return f"[{body}{',' if items and draw(st.booleans()) else ''}{draw(GAP)}]"
    names = draw(st.lists(KEYS, max_size=3, unique=True))
    pairs = [f"{quoted(name)}{draw(SPACE)}={draw(SPACE)}{draw(values(0))}" for name in names]
    return "{ " + " , ".join(pairs) + " }"


def quoted(key: str) -> str:
    if key and all(char.isascii() and (char.isalnum() or char in "_-") for char in key):
        return key
    return json.dumps(key, ensure_ascii=False).replace("\x7f", "\\u007f")


@st.composite
def documents(draw: st.DrawFn) -> str:
    lines: list[str] = []
    names = iter(draw(st.lists(KEYS, min_size=12, max_size=12, unique=True)))

    def pairs() -> None:
        for name in draw(st.lists(KEYS, max_size=3, unique=True)):
            lines.append(f"{quoted(name)}{draw(SPACE)}={draw(SPACE)}{draw(values())} # {name!r}")

    for _ in range(draw(st.integers(0, 2))):
        lines.append(f"{quoted(next(names))}.sub = {draw(values())}")
    for _ in range(draw(st.integers(0, 3))):
        name = quoted(next(names))
        if draw(st.booleans()):
            lines.append(f"[ {name} ]")
            pairs()
        else:
            for _ in range(draw(st.integers(1, 3))):
                lines.append(f"[[{name}]]  # here")
                pairs()
                if draw(st.booleans()):
                    # Longer than any key that `pairs` may have drawn for this table.
                    below = quoted("a table below " + next(names))
                    lines.append(f"[{name}.{below}]")
                    pairs()
    return "\n".join(lines)


@settings(max_examples=150, deadline=None)
@given(documents())
def test_every_path_that_the_parser_finds_has_a_line_and_no_other(text: str) -> None:
    data = tomllib.loads(text)
    lines = Places(text).lines
    assert set(lines) == set(paths(data))
    written = text.split("\n")
    for path, number in lines.items():
        key = path[-1]
        if isinstance(key, str):
            assert quoted(key) in written[number - 1]


@settings(max_examples=150, deadline=None)
@given(documents())
def test_every_value_stands_where_it_is_said_to(text: str) -> None:
    data = tomllib.loads(text)
    found = Places(text)
    for path, (start, end) in found.values.items():
        value: Any = data
        for key in path:
            value = value[key]
        assert tomllib.loads(f"x = {text[start:end]}")["x"] == value
    for header in found.headers:
        between = text[header.free : header.at]
        assert text[header.at] == "["
        assert tomllib.loads(between[between.find("\n") + 1 :]) == {}
