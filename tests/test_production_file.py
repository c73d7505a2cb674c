"""Production files: what they may say, and what is said of their mistakes."""

from __future__ import annotations

from pathlib import Path

import pytest

from photochrom.errors import ProductionError
from photochrom.film.storyboard import CreditsCard, DisclosureCard, Shot, TitleCard
from photochrom.production import ProductionFile
from photochrom.production.subjects import year_in

GOOD = """\
schema = "photochrom.production/1"
title = "Two who went first"

[output]
formats = ["tiff"]

[[photograph]]
id = "hopper"
file = "scans/hopper.tif"
date = 1906-12-09
caption = "Grace Hopper"
credit = "US Navy"
emulsion = "orthochromatic"
colors = [
  { at = [0.5, 0.2], color = "#1b2a49", source = "uniform regulations" },
  { at = [0.5, 0.6], color = "#c0a060", source = "buttons, museum", strength = 0.5 },
]

[[photograph]]
id = "collins"
file = "scans/collins.tif"

[film]
size = [640, 360]

[[shot]]
card = "title"
length = 4

[[shot]]
photograph = "hopper"
length = "0:08"
move = { from = [0, 0, 1, 1], to = [0.1, 0.1, 0.5, 0.5] }
reveal = "wipe"

[[shot]]
photograph = "collins"
caption = "Eileen Collins"

[[shot]]
card = "disclosure"

[[shot]]
card = "credits"
"""


def parse(text: str) -> ProductionFile:
    return ProductionFile.parse(text, "p.toml")


def test_a_good_file_is_read() -> None:
    production = parse(GOOD).production
    hopper = production.entry("hopper")
    assert hopper.date == "1906-12-09"
    assert hopper.year == 1906
    assert [color.strength for color in hopper.colors] == [1.0, 0.5]
    assert production.recipe == "faithful"


def test_the_storyboard_is_filled_in_from_the_photographs() -> None:
    title, hopper, collins, disclosure, credits = parse(GOOD).storyboard(["all said"]).shots
    assert isinstance(title, TitleCard)
    assert title.title == "Two who went first"
    assert isinstance(hopper, Shot)
    assert (hopper.caption.plain, hopper.credit) == ("Grace Hopper", "US Navy")
    assert isinstance(collins, Shot)
    assert (collins.caption.plain, collins.credit) == ("Eileen Collins", "")
    assert isinstance(disclosure, DisclosureCard)
    assert disclosure.text == "all said"
    assert isinstance(credits, CreditsCard)


def test_an_empty_caption_is_a_caption() -> None:
    text = GOOD.replace('length = "0:08"', 'length = "0:08"\ncaption = ""')
    shot = parse(text).storyboard().shots[1]
    assert isinstance(shot, Shot)
    assert shot.caption.plain == ""


# What is written instead of what; the line, and what of the message has to be there.
MISTAKES = {
    "syntax": ("title = ", "title ", 2, "is not valid TOML: Expected '='"),
    "key twice": ("[output]", 'title = "x"\n[output]', 4, "is not valid TOML: Cannot overwrite"),
    "misspelled top": ('title = "T', 'tilte = "T', 2, "unknown key 'tilte'"),
    "misspelled top, fix": ('title = "T', 'tilte = "T', 2, "did you mean 'title'?"),
    "misspelled table": ("[output]", "[outptu]", 4, "did you mean 'output'?"),
    "misspelled in array": ("emulsion =", "emulson =", 13, "did you mean 'emulsion'?"),
    "misspelled in inline": (
        'source = "buttons, museum"',
        'sorce = "b", source = "b"',
        16,
        "unknown key 'photograph 1, colors 2, sorce'; did you mean 'source'?",
    ),
    "misspelled in a card": ("length = 4", "lenght = 4", 28, "did you mean 'length'?"),
    "misspelled in a move": ("to = [0.1", "too = [0.1", 33, "did you mean 'to'?"),
    "key of a shot in a card": ("length = 4", 'photograph = "x"', 28, "it may have length, trans"),
    "missing": ('id = "hopper"\n', "", 7, "the key 'photograph 1, id' is missing"),
    "missing inline": (', source = "uniform regulations"', "", 15, "colors 1': it has no 'source'"),
    "wrong color": ("#c0a060", "#c0a06", 16, 'colors 2, color\': "#c0a06" is no color'),
    "point outside": (
        "at = [0.5, 0.6]",
        "at = [0.5, 1.6]",
        16,
        "colors 2, at': it lies outside",
    ),
    "no year": ("1906-12-09", '"long ago"', 10, "names no year"),
    "wrong type": ('file = "scans/collins.tif"', "file = 7", 21, "it takes a text in quotes"),
    "address": ("scans/collins.tif", "ftp://example.org/c.tif", 21, "is no place we can read"),
    "unknown emulsion": ("orthochromatic", "ortho", 13, "'orthochromatic'"),
    "id no file name": ('id = "hopper"', 'id = "../hopper"', 8, "it must look like"),
    "same id": ('id = "collins"', 'id = "Hopper"', 20, "taken by an earlier photograph"),
    "unknown photograph": ('photograph = "hopper"', 'photograph = "hoper"', 31, "mean 'hopper'?"),
    "wrong length": ('"0:08"', '"8 seconds"', 32, "is no length"),
    "wrong card": ('"credits"', '"credit"', 44, "card must be one of title"),
    "rectangle": ("[0.1, 0.1, 0.5, 0.5]", "[0.6, 0.1, 0.5, 0.5]", 33, "leaves the picture"),
    "reveal": ('"wipe"', '"wype"', 34, "'shot 2, reveal, kind' is \"wype\""),
    "last too short": ('card = "credits"', 'card = "credits"\nlength = 1', 43, "too short"),
    "format twice": ('["tiff"]', '["tiff", "tiff"]', 4, "named twice"),
    "no format": ('["tiff"]', "[]", 5, "formats"),
    "film in a folder": ("[output]", '[output]\nfilm = "a/b.mp4"', 5, "without a folder"),
    "schema": ("production/1", "production/9", 1, "may need a newer photochrom"),
    "no schema": ('schema = "photochrom.production/1"\n', "", 1, "'schema' is missing"),
}


@pytest.mark.parametrize(("old", "new", "line", "said"), MISTAKES.values(), ids=MISTAKES)
def test_mistakes_are_told_with_line_and_key(old: str, new: str, line: int, said: str) -> None:
    assert GOOD.count(old) == 1 or old == "title = "
    with pytest.raises(ProductionError) as caught:
        parse(GOOD.replace(old, new, 1))
    assert said in str(caught.value)
    assert str(caught.value).startswith(f"p.toml:{line}: ")
    assert "\n" not in str(caught.value)


def test_the_first_of_several_mistakes_is_told_and_the_others_counted() -> None:
    text = GOOD.replace('"0:08"', "-1").replace("#1b2a49", "bluu").replace("orthochromatic", "x")
    with pytest.raises(ProductionError, match=r"^p.toml:13: .*\(and 2 more to put right\)"):
        parse(text)


def test_a_choice_is_not_blamed_for_what_is_wrong_inside_it() -> None:
    with pytest.raises(ProductionError) as caught:
        parse(GOOD.replace("[0.1, 0.1, 0.5, 0.5]", "[0.1, 0.1, 0.5]"))
    assert "'auto'" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("none.toml", None, "there is no such file"),
        ("binary.toml", b"\xff\xfe\x00", "is not UTF-8 text"),
        ("empty.toml", b"", "the key 'schema' is missing"),
        ("deep.toml", b"a = " + b"[" * 100_000, "is nested too deeply"),
    ],
)
def test_files_that_are_none(tmp_path: Path, name: str, content: bytes | None, said: str) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(ProductionError, match=said):
        ProductionFile.open(tmp_path / name)


def test_a_folder_is_no_production(tmp_path: Path) -> None:
    with pytest.raises(ProductionError, match="photochrom new"):
        ProductionFile.open(tmp_path)


def test_a_byte_order_mark_does_no_harm() -> None:
    assert parse("\ufeff" + GOOD).production.title == "Two who went first"


def test_paths_are_relative_to_the_file(tmp_path: Path) -> None:
    path = tmp_path / "p.toml"
    path.write_text(GOOD)
    file = ProductionFile.open(path)
    assert file.resolve("scans/hopper.tif") == tmp_path / "scans" / "hopper.tif"
    assert file.folder == tmp_path / "out" / "p"
    (tmp_path / "production.toml").write_text(GOOD)
    assert ProductionFile.open(tmp_path / "production.toml").folder == tmp_path / "out"


@pytest.mark.parametrize(
    ("words", "year"),
    [
        ("1931", 1931),
        ("about 1931", 1931),
        ("1930s", 1930),
        ("1861-1865", 1861),
        ("May 1st, 1899", 1899),
        ("19310517", None),
        ("box 21931", None),
        ("1731", None),
    ],
)
def test_years_in_dates(words: str, year: int | None) -> None:
    assert year_in(words) == year


VERSIONS = """
[[version]]
name = "vertical"
size = "9:16"

[[version]]
name = "broadcast"
encoder = { codec = "prores" }
captions = false
"""


def test_versions_differ_in_what_they_say_and_in_their_names(tmp_path: Path) -> None:
    film, vertical, broadcast = ProductionFile.parse(
        GOOD + VERSIONS, tmp_path / "production.toml"
    ).versions()
    names = [one.film.name for one in (film, vertical, broadcast)]
    assert names == ["film.mp4", "film-vertical.mp4", "film-broadcast.mov"]
    assert vertical.production.film.size == (1080, 1920)
    assert vertical.production.film.captions and not broadcast.production.film.captions
    assert broadcast.production.film.size == film.production.film.size
    assert vertical.production.photographs == film.production.photographs
    assert vertical.folder == film.folder


def test_two_versions_of_one_name_are_told_with_their_line() -> None:
    text = GOOD + VERSIONS.replace('"broadcast"', '"Vertical"')
    with pytest.raises(ProductionError, match=r"p\.toml:\d+: the name 'Vertical' is taken"):
        ProductionFile.parse(text, "p.toml")


def test_a_version_is_not_called_like_what_lies_beside_a_film() -> None:
    """With a dot in it, its subtitles would have the name of another version's descriptions."""
    text = GOOD + VERSIONS.replace('"broadcast"', '"vertical.descriptions"')
    with pytest.raises(ProductionError, match="it must look like"):
        ProductionFile.parse(text, "p.toml")
