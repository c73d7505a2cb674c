"""What a production's film is written as, and what it is called."""

from __future__ import annotations

from pathlib import Path

import av
import pytest

from photochrom.errors import ProductionError
from photochrom.production import ProductionFile, build
from photochrom.production.cue_page import cue_page
from test_production_build import SIDECARS, outputs, write
from test_production_cues import sheet_of
from test_production_file import GOOD, parse


def encoded_as(production: Path, codec: str, more: str = "") -> None:
    text = production.read_text()
    table = f'[film.encoder]\ncodec = "{codec}"\n{more}\n'
    production.write_text(text.replace("\n[[shot]]", f"\n{table}\n[[shot]]", 1))


def test_the_film_is_named_as_its_codec_wants(tmp_path: Path) -> None:
    production = write(tmp_path, "a")
    encoded_as(production, "ffv1", "bits = 8")
    result = build(production, jobs=1)
    assert result.failed == ()
    assert result.film == tmp_path / "out" / "film.mkv"
    assert {name for name in outputs(production) if "/" not in name} == {"film.mkv", *SIDECARS}
    with av.open(str(result.film)) as film:
        assert film.streams.video[0].codec_context.name == "ffv1"
    page = (tmp_path / "out" / "film.cues.html").read_text("utf-8")
    assert "film.mkv" in page
    assert build(production, jobs=1).nothing_to_do


@pytest.mark.parametrize(
    ("codec", "name", "line", "said"),
    [
        ("prores", "a.mp4", 5, 'ProRes goes into a file that ends in .mov; write film = "a.mov"'),
        ("h264", "b.mkv", 5, 'H.264 goes into a file that ends in .mp4; write film = "b.mp4"'),
        ("av1", "c.avi", 5, "ends in .mp4, .mov or .mkv"),
    ],
)
def test_a_name_that_does_not_suit(codec: str, name: str, line: int, said: str) -> None:
    text = GOOD.replace("[output]", f'[output]\nfilm = "{name}"')
    text = text.replace("[film]\n", f'[film]\nencoder = {{ codec = "{codec}" }}\n')
    with pytest.raises(ProductionError) as caught:
        parse(text)
    assert str(caught.value).startswith(f"p.toml:{line}: ")
    assert said in str(caught.value)


def test_names_that_suit() -> None:
    for codec, ending in (("h264", ".mp4"), ("hevc", ".mp4"), ("prores", ".mov"), ("ffv1", ".mkv")):
        text = GOOD.replace("[film]\n", f'[film]\nencoder = {{ codec = "{codec}" }}\n')
        assert ProductionFile.parse(text, "p.toml").film == Path("out", f"film{ending}")
        named = text.replace("[output]", f'[output]\nfilm = "Two{ending}"')
        assert ProductionFile.parse(named, "p.toml").film == Path("out", f"Two{ending}")


def test_a_wrong_setting_is_told_with_its_line() -> None:
    text = GOOD.replace("[film]\n", '[film]\nencoder = { codec = "h264", bits = 10 }\n')
    with pytest.raises(ProductionError, match=r"p\.toml:24: .*H\.264 is written with 8 bits"):
        parse(text)


def test_the_cue_page_says_in_which_language_the_films_words_are() -> None:
    from dataclasses import replace

    sheet, _ = sheet_of()
    assert cue_page(sheet).count("lang=") == 1
    page = cue_page(replace(sheet, language="de"))
    assert '<html lang="en">' in page
    assert '<h1 dir="auto" lang="de">' in page
    assert page.count('lang="de"') == 1 + len(sheet.lines)
