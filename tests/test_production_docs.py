"""docs/production.md and docs/storyboard.md describe every key of the production file, its default,
and no other key."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from enum import Enum
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from photochrom.fields import keys
from photochrom.film.storyboard import (
    Bug,
    Caption,
    ChartCard,
    ChartPoint,
    ComparisonCard,
    Credit,
    Encoder,
    FigureCard,
    Film,
    MapCard,
    MapPlace,
    Mark,
    Move,
    Narration,
    Piece,
    QuotationCard,
    Reveal,
    Shot,
    Sound,
    TextCard,
    Theme,
    TimelineCard,
    TitleCard,
    Transition,
)
from photochrom.production.file import ProductionFile
from photochrom.production.keys import models_in
from photochrom.production.schema import (
    Credits,
    Disclosure,
    Entry,
    Output,
    Production,
    Version,
)
from photochrom.production.subjects import DocumentedColor, Part, Reference, Subject, Swatch

DOCS = Path(__file__).parents[1] / "docs"
PRODUCTION = (DOCS / "production.md").read_text("utf-8")
STORYBOARD = (DOCS / "storyboard.md").read_text("utf-8")

TABLES: dict[str, type[BaseModel]] = {
    "Top level": Production,
    "output": Output,
    "photograph": Entry,
    "colors": DocumentedColor,
    "swatch": Swatch,
    "reference": Reference,
    "subject": Subject,
    "subject.part": Part,
    "film": Film,
    "film.theme": Theme,
    "bug": Bug,
    "film.sound": Sound,
    "film.encoder": Encoder,
    "version": Version,
    "music and ambient": Piece,
    "narration": Narration,
    "shot": Shot,
    "caption": Caption,
    "transition": Transition,
    "move": Move,
    "reveal": Reveal,
    'card = "title"': TitleCard,
    'card = "text" or "chapter"': TextCard,
    'card = "quotation"': QuotationCard,
    'card = "timeline"': TimelineCard,
    "marks": Mark,
    'card = "comparison"': ComparisonCard,
    'card = "figure"': FigureCard,
    'card = "chart"': ChartCard,
    "points": ChartPoint,
    'card = "map"': MapCard,
    "places": MapPlace,
    'card = "disclosure"': Disclosure,
    'card = "credits"': Credits,
    "credits": Credit,
}


def sections(*pages: str) -> dict[str, str]:
    parts = [re.split(r"^## (.+)$", page, flags=re.MULTILINE)[1:] for page in pages]
    return {
        title: text for page in parts for title, text in zip(page[::2], page[1::2], strict=True)
    }


def written(default: Any) -> str:
    """A default as the page writes it."""
    if isinstance(default, BaseModel):
        return "see below"
    if default is None:
        return "none"
    if isinstance(default, Enum):
        default = default.value
    if isinstance(default, Fraction | float):
        default = int(default) if default == int(default) else float(default)
    if isinstance(default, tuple):
        default = list(default)
    return f"`{json.dumps(default)}`"


def reachable(model: type[BaseModel]) -> Iterator[type[BaseModel]]:
    yield model
    for annotation in keys(model).values():
        for inner in models_in(annotation):
            yield from reachable(inner)


def test_every_table_is_documented() -> None:
    assert set(reachable(Production)) == set(TABLES.values())
    titles = [*sections(STORYBOARD)]
    assert [*sections(PRODUCTION)] == [
        *(title for title in TABLES if title not in titles),
        "What is written",
        "How it is built",
    ]
    assert titles == [title for title in TABLES if title in titles]


@pytest.mark.parametrize(("title", "model"), TABLES.items(), ids=TABLES)
def test_every_key_is_documented_with_its_default_and_no_other(
    title: str, model: type[BaseModel]
) -> None:
    rows = re.findall(
        r"^\| `(\w+)` \| .+? \| ([^|]+) \|$", sections(PRODUCTION, STORYBOARD)[title], re.MULTILINE
    )
    fields = {field.alias or name: field for name, field in model.model_fields.items()}
    assert dict(rows) == {
        key: "required" if field.is_required() else written(field.default)
        for key, field in fields.items()
    }
    assert len(rows) == len(fields)


def test_every_file_that_is_written_is_documented() -> None:
    from photochrom.production.sidecars import POSTER, SUFFIXES

    named = re.findall(
        r"`(film\.[a-z.]+\w)`", sections(PRODUCTION)["What is written"].split("\n- ")[0]
    )
    assert set(named) == {f"film{suffix}" for suffix in (".mp4", *SUFFIXES, POSTER)}


def test_the_example_is_a_production() -> None:
    example = re.search(r"```toml\n(.*?)```", PRODUCTION, re.DOTALL)
    assert example is not None
    file = ProductionFile.parse(example[1], "example.toml")
    assert file.production.photographs[0].year == 1944
    assert file.storyboard().length == 33
