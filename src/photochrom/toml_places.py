"""Where in a TOML file tables, keys and values stand.

`tomllib` gives values without places. This scanner goes once through a text that `tomllib` has
accepted, so it has to recognize well-formed TOML only, and notes where everything stands.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right
from typing import NamedTuple

Path = tuple[str | int, ...]
"""The way to a value: keys of tables and indices of arrays, from 0."""

_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_SPACE = re.compile(r"[ \t]*")
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
# Each alternative in full, the longer delimiters first. A multi-line string may end in up to two
# quotation marks of its own right before its delimiter.
_STRING = re.compile(
    r'"""(?:[^"\\]|\\.|"{1,2}(?!"))*"{3,5}'
    r"|'''(?:[^']|'{1,2}(?!'))*'{3,5}"
    r'|"(?:[^"\\]|\\.)*"'
    r"|'[^']*'",
    re.DOTALL,
)
_PLAIN_VALUE = re.compile(r"[^,\]}#\n]*")

_DEEP = re.compile(
    r"""(?<![\w-])(?:(?:"[^"\n]*+"|'[^'\n]*+'|[\w-]++)[ \t]*+\.[ \t]*+){64}""", re.ASCII
)
"""A key of more parts than any file of ours has."""


def is_too_deep(text: str) -> bool:
    """Whether a key has so many parts that the parser, which looks at each anew for each, would be
    at it for minutes."""
    return _DEEP.search(text) is not None


class Header(NamedTuple):
    """The header of a table.

    Attributes:
        path: Of the table; that of an array of tables ends in an index.
        at: Offset of its bracket.
        free: Offset behind everything that is before it, but for white space and comments.
    """

    path: Path
    at: int
    free: int


class Places:
    """The places in a TOML text.

    Args:
        text: TOML that `tomllib` accepts.

    Attributes:
        headers: Of all tables, in the order of the text.
        values: Offsets of the first character of each key's value and of what follows its last one;
            elements of arrays have none of their own.
    """

    def __init__(self, text: str):
        self._text = text
        self._at = 0
        self._starts = [0, *(match.end() for match in re.finditer("\n", text))]
        self._lines: dict[Path, int] = {}
        self._tables_in: dict[Path, int] = {}
        self.headers: list[Header] = []
        self.values: dict[Path, tuple[int, int]] = {}
        self._document()

    @property
    def lines(self) -> dict[Path, int]:
        """The line, counted from 1, of each key and each array element."""
        return dict(self._lines)

    def line(self, path: Path) -> int:
        """The line of a path, or of as much of it as there is in the text; 1 for none of it."""
        while path and path not in self._lines:
            path = path[:-1]
        return self._lines.get(path, 1)

    def _document(self) -> None:
        table: Path = ()
        free = 0
        while (at := self._skip(_BLANK)) < len(self._text):
            if self._text[at] != "[":
                self._pair(table)
            else:
                brackets = 2 if self._text.startswith("[[", at) else 1
                self._at += brackets
                table = self._array_of_tables() if brackets == 2 else self._table()
                self._at += brackets
                self.headers.append(Header(table, at, free))
            free = self._at

    def _table(self) -> Path:
        table = self._resolve(self._key())
        self._note(table)
        return table

    def _array_of_tables(self) -> Path:
        key = self._key()
        array = (*self._resolve(key[:-1]), key[-1])
        self._note(array)
        index = self._tables_in.get(array, 0)
        self._tables_in[array] = index + 1
        self._note((*array, index))
        return (*array, index)

    def _resolve(self, key: tuple[str, ...]) -> Path:
        """In `[a.b]`, a may be an array of tables; its last table is meant."""
        path: Path = ()
        for part in key:
            path = (*path, part)
            if path in self._tables_in:
                path = (*path, self._tables_in[path] - 1)
        return path

    def _pair(self, table: Path) -> None:
        start = self._at
        path = (*table, *self._key())
        self._note(path, start)
        self._at += 1  # the equals sign
        begin = self._skip(_SPACE)
        self._value(path)
        self.values[path] = begin, begin + len(self._text[begin : self._at].rstrip())

    def _value(self, path: Path) -> None:
        if self._text[self._at] == "[":
            self._at += 1
            index = 0
            while self._skip(_BLANK) >= 0 and self._text[self._at] != "]":
                self._note((*path, index))
                self._value((*path, index))
                index += 1
                self._comma()
            self._at += 1
        elif self._text[self._at] == "{":
            self._at += 1
            while self._skip(_BLANK) >= 0 and self._text[self._at] != "}":
                self._pair(path)
                self._comma()
            self._at += 1
        elif not self._match(_STRING):
            self._match(_PLAIN_VALUE)

    def _comma(self) -> None:
        self._skip(_BLANK)
        if self._text[self._at] == ",":
            self._at += 1

    def _key(self) -> tuple[str, ...]:
        parts: list[str] = []
        while True:
            self._skip(_SPACE)
            if quoted := self._match(_STRING):
                parts.append(tomllib.loads(f"key = {quoted}")["key"])
            else:
                parts.append(self._match(_BARE_KEY))
            self._skip(_SPACE)
            if self._text[self._at] != ".":
                return tuple(parts)
            self._at += 1

    def _note(self, path: Path, at: int | None = None) -> None:
        line = bisect_right(self._starts, self._at if at is None else at)
        for end in range(1, len(path) + 1):
            self._lines.setdefault(path[:end], line)

    def _match(self, pattern: re.Pattern[str]) -> str:
        match = pattern.match(self._text, self._at)
        if match is None:
            return ""
        self._at = match.end()
        return match[0]

    def _skip(self, pattern: re.Pattern[str]) -> int:
        self._match(pattern)
        return self._at
