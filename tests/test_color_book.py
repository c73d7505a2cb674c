"""The color book of a small production: what it tells before and after it is made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import tiny_networks
from conftest import Ran
from photochrom.errors import ProductionError
from photochrom.production import build, color_book, save_color_book
from photochrom.production.color_page import color_page
from photochrom.production.schema import SCHEMA

TEXT = f"""schema = "{SCHEMA}"
title = "Club & crew"
recipe = "color.toml"

[[subject]]
id = "club"
name = "Riverside"

[[subject.part]]
name = "jersey"
color = "seagreen"
source = "https://example.org/inventory/12"

[[subject.part]]
name = "cap"
color = "Munsell 5R 4/14"
source = "a letter"
sure = "reported"

[[photograph]]
id = "crew"
file = "crew.png"
date = 1931
subjects = ["club"]
colors = [
  {{ at = [0.5, 0.5], part = "club.jersey" }},
  {{ at = [0.05, 0.05], color = "#667788", source = "<the sky>", sure = "assumed" }},
]

[[photograph]]
id = "other"
file = "crew.png"
"""
RECIPE = """schema = "photochrom.recipe/1"
name = "color"
steps = ["color"]

[color]
network = "tiny"
"""


@pytest.fixture
def production(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    gray = np.full((120, 160), 190, np.uint8)
    gray[30:100, 40:120] = 90
    Image.fromarray(gray).save(tmp_path / "crew.png")
    (tmp_path / "models").mkdir()
    tiny_networks.color(tmp_path / "models", "tiny", likely=True)
    monkeypatch.setenv("PHOTOCHROM_MODELS", str(tmp_path / "models"))
    (tmp_path / "color.toml").write_text(RECIPE)
    path = tmp_path / "production.toml"
    path.write_text(TEXT, "utf-8")
    return path


def test_before_it_is_made_a_book_tells_sources_and_no_shares(production: Path) -> None:
    page = color_page(color_book(production))
    assert "https://example.org/inventory/12" in page and "a letter" in page
    assert "not made yet" in page and "data:image" not in page
    assert not (production.parent / ".photochrom").exists()


def test_a_book_shows_what_is_documented_and_how_much_of_each_picture_is(production: Path) -> None:
    assert build(production, jobs=1).failed == ()
    book = color_book(production)
    crew, other = book.known
    assert crew.shares["documented"] == pytest.approx(70 * 80 / (120 * 160), abs=0.08)
    assert crew.shares["assumed"] > 0.4
    assert other.shares["guessed"] == 1
    page = color_page(book)
    assert page.count("data:image/jpeg") == 2
    assert "Club &amp; crew" in page and "&lt;the sky&gt;" in page
    assert '<a href="https://example.org/inventory/12">' in page
    assert "No photograph says where it is seen." in page  # The cap.
    for outside in ('src="http', "url(", "<script", "<link"):
        assert outside not in page


def test_a_book_that_is_sent_does_not_say_where_the_production_lies(production: Path) -> None:
    text = TEXT.replace('"#667788", source = "<the sky>"', '"crimson", source = "a flag"')
    production.write_text(text.replace("date = 1931", "date = 1885"), "utf-8")
    page = color_page(color_book(production))
    assert "The plate speaks against it: production.toml:" in page
    assert str(production.parent) not in page


def test_a_book_says_which_variant_a_photograph_shows(production: Path) -> None:
    assert build(production, jobs=1).failed == ()
    book = color_book(production)
    assert ">variant " not in color_page(book)
    second = replace(book.known[1], variant="b of 3")
    page = color_page(replace(book, known=(book.known[0], second)))
    assert 'other <span class="soft">variant b of 3</span>' in page


def test_a_book_replaces_books_and_nothing_else(production: Path) -> None:
    book, path = color_book(production), production.with_name("colors.html")
    save_color_book(book, path)
    save_color_book(book, path)
    path.write_text("notes of mine")
    with pytest.raises(ProductionError, match="no color book"):
        save_color_book(book, path)
    save_color_book(book, path, force=True)
    assert "Riverside" in path.read_text("utf-8")


def test_the_command_writes_it(production: Path, photochrom: Callable[..., Ran]) -> None:
    ran = photochrom("colors", production, "-o", production.with_name("book.html"))
    assert ran.code == 0 and "book.html" in ran.out
    assert "2 not made yet" in ran.err
