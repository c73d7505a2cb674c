"""docs/reports.md says what `verify` and `report` tell, and nothing else."""

from __future__ import annotations

import re
from pathlib import Path

from photochrom.reporting import making
from photochrom.reporting.rows import COLUMNS, MUCH_DOUBT, MUCH_FILLED
from photochrom.reporting.verdicts import KINDS
from photochrom.steps import sureness

PAGE = (Path(__file__).parents[1] / "docs/reports.md").read_text("utf-8")


def _table(heading: str) -> list[str]:
    table = PAGE.split(f"| {heading} |")[1].split("\n\n")[0]
    return re.findall(r"^\| `(\w+)` \|", table, flags=re.MULTILINE)


def test_every_kind_is_there_and_no_other() -> None:
    assert _table("kind") == list(KINDS)


def test_every_column_is_there_and_no_other() -> None:
    assert _table("column of the CSV") == list(COLUMNS)


def test_limits_are_those_of_the_code() -> None:
    assert f"{making.LIMIT // 2**20} MiB" in PAGE and f"than\n{making.A_PAGE} photographs" in PAGE
    assert (MUCH_FILLED, MUCH_DOUBT, sureness.DOUBT) == (0.05, 0.5, 0.5)
    assert f"a chroma of {sureness.COLORED:.0f} or more" in PAGE
