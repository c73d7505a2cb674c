"""The page about aging tells the truth about `Wear`, and the sheet shows all of it."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest

from photochrom.aging import Wear, draw_wear
from photochrom.cli.age import command

PAGE = (Path(__file__).parents[1] / "docs" / "aging.md").read_text()
ROWS = {
    cells[0].strip("`"): cells[1:]
    for line in PAGE.split("## Effects")[1].splitlines()
    if line.startswith("| `")
    for cells in [[cell.strip() for cell in line.strip("|").split("|")]]
}
NAMES = [field.name for field in fields(Wear)]
DRAWN = [draw_wear(1.0, np.random.default_rng([4, seed])) for seed in range(1500)]


def test_every_field_has_its_row_in_order() -> None:
    assert list(ROWS) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_neutral_values_are_the_defaults(name: str) -> None:
    default = getattr(Wear(), name)
    assert ROWS[name][2] == ("None" if default is None else f"{default:g}")


@pytest.mark.parametrize("name", [name for name in NAMES if name != "halftone"])
def test_ranges_are_those_that_are_drawn(name: str) -> None:
    low, high = (float(value) for value in ROWS[name][3].split(" to "))
    values = np.array([v for v in (getattr(w, name) for w in DRAWN) if v is not None], float)
    inside = (values >= low) & (values <= high)
    assert inside.mean() > 0.993
    # And the range is no wider than it must be.
    assert np.quantile(values, 0.999) > low + 0.6 * (high - low)


@pytest.mark.parametrize("name", [name for name in NAMES if ROWS[name][4]])
def test_shares_without_are_true(name: str) -> None:
    share = float(ROWS[name][4].removesuffix(" %")) / 100
    assert np.mean([not getattr(wear, name) for wear in DRAWN]) == pytest.approx(share, abs=0.04)


def test_halftones_are_as_described() -> None:
    text = ROWS["halftone"][0]
    screens = [wear.halftone for wear in DRAWN if wear.halftone is not None]
    for word, values in (
        ("pixels", [screen.pitch for screen in screens]),
        ("strength", [screen.strength for screen in screens]),
    ):
        found = re.search(rf"{word} \(([\d.]+) to ([\d.]+)\)", text)
        assert found
        assert float(found[1]) <= min(values) and max(values) <= float(found[2])
    # Half, of about 75 screens.
    assert 0.33 < np.mean([abs(screen.angle - 45) < 8 for screen in screens]) < 0.67


def test_the_command_has_the_options_that_are_shown() -> None:
    shown = re.search(r"^photochrom age .*$", PAGE, re.MULTILINE)
    assert shown
    known = {option for parameter in command.params for option in parameter.opts}
    assert {word for word in shown[0].split() if word.startswith("-")} <= known


def test_the_sheet_shows_every_effect() -> None:
    pytest.importorskip("skimage", reason="the sheet needs the extra [demo]")
    from examples.aging_sheet import OUT, SHOWN

    plain = Wear()
    shown = {n for show in SHOWN for n in NAMES if getattr(show.wear, n) != getattr(plain, n)}
    # Sepia's hue, scratches' width and grain's size show in what they belong to.
    assert set(NAMES) - shown <= {"hue"}
    assert OUT.is_file()
    assert f"({OUT.relative_to(OUT.parents[2])})" in PAGE
