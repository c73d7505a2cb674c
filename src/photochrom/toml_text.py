"""Writing TOML by hand, so that a drafted file looks as if a person had written it."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterable, Mapping, Sequence

_WIDTH = 100


def quoted(text: str) -> str:
    """A TOML basic string. JSON's escapes are TOML's, but for the delete character."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007F")


def number(value: float) -> str:
    """A number to the thousandth, without needless zeros."""
    return f"{value:.3f}".rstrip("0").rstrip(".")


def inline(numbers: Iterable[float]) -> str:
    """A TOML array of numbers, without needless zeros."""
    return f"[{', '.join(f'{one:g}' for one in numbers)}]"


def table(values: Mapping[str, str | Sequence[float]]) -> str:
    """An inline table of texts and rows of numbers; its keys are plain words."""
    written = (
        f"{key} = {quoted(value) if isinstance(value, str) else inline(value)}"
        for key, value in values.items()
    )
    return f"{{ {', '.join(written)} }}"


def comment(text: str) -> list[str]:
    """Comment lines; whatever would end a comment is made harmless."""
    safe = "".join(char if char.isprintable() else " " for char in text)
    return [f"# {line}" for line in textwrap.wrap(safe, _WIDTH - 2)]
