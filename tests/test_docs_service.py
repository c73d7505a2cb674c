"""docs/service.md says of every setting what the code says of it, and of no other."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from photochrom.service.settings import Settings

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs/service.md").read_text()


def _row(name: str) -> str:
    field = Settings.model_fields[name]
    default = field.default
    said = str(default).lower() if isinstance(default, bool) else str(default)
    return f"| `{name}` | {'' if default is None else f'`{said}`'} | {field.description} |"


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_is_documented(name: str) -> None:
    assert f"\n{_row(name)}\n" in PAGE, f"docs/service.md lacks: {_row(name)}"


def test_no_other_setting_is_documented() -> None:
    (table,) = re.findall(r"## Settings\n.*?\n(\| setting .*?)\n\n", PAGE, flags=re.DOTALL)
    assert len(table.splitlines()) == len(Settings.model_fields) + 2


def test_every_promise_names_tests_that_are_there() -> None:
    named = set(re.findall(r"`(test_\w+\.py)`", PAGE))
    assert len(named) >= 5
    assert [one for one in named if not (ROOT / "tests" / one).exists()] == []
