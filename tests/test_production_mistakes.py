"""Whatever is wrong with a value of a production file is told in words of whoever wrote it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from photochrom.errors import PhotochromError, ProductionError, RecipeError
from photochrom.fields import keys
from photochrom.film.storyboard import CARDS, Storyboard
from photochrom.production import ProductionFile
from photochrom.production.keys import models_in
from photochrom.production.schema import Production
from photochrom.recipe import Recipe

HEAD = 'schema = "photochrom.production/1"\ntitle = "t"\n'
PHOTOGRAPH = '[[photograph]]\nid = "a"\nfile = "a.tif"\n'

# Every kind of value that TOML has, in reach and out of it; as tomllib's users write them.
WRITTEN = {
    "whole": "3",
    "negative": "-1",
    "huge": "1000000000",
    "zero": "0",
    "part": "0.5",
    "nan": "nan",
    "inf": "inf",
    "true": "true",
    "text": '"x"',
    "figures": '"12"',
    "empty": '""',
    "long": f'"{"x" * 5000}"',
    "sign": '"a;b/c"',
    "date": "1931-05-17",
    "time": "07:32:00",
    "none": "[]",
    "texts": '["x"]',
    "numbers": "[3]",
    "many": "[1, 2, 3, 4, 5]",
    "pair": "[0.1, 99]",
    "tables": "[{ x = 1 }]",
    "no keys": "{}",
    "table": "{ x = 1 }",
}

PROGRAMMERS = re.compile(
    r"\b(tuple|dict\w*|instances?|boolean|bool|integer|int|str|strings?|float|literal|enum|parse\w*"
    r"|Input|input|Fraction|validat\w+|None|True|False|NoneType|datetime|Entry|finite|union|model"
    r"|object|array|mapping|valid)\b"
)


def _files() -> Iterator[tuple[str, str, str]]:
    """For each key of the schema the head of its table, and the key."""
    top = keys(Production)
    for key in top:
        if key != "schema":
            yield "", key, ""
    for name, header in (("output", "[output]"), ("film", "[film]"), ("version", "[[version]]")):
        for key in keys(next(models_in(top[name]))):
            yield header, key, 'name = "v"\n' if name == "version" and key != "name" else ""
    for name in ("theme", "sound", "encoder"):
        (table,) = models_in(keys(next(models_in(top["film"])))[name])
        for key in keys(table):
            yield f"[film.{name}]", key, ""
    for key in keys(next(models_in(top["photograph"]))):
        rest = {"id": 'id = "b"\n', "file": 'file = "b.tif"\n'}
        yield "[[photograph]]", key, "".join(text for one, text in rest.items() if one != key)
    for key in keys(next(models_in(top["shot"], "shot"))):
        yield "[[shot]]", key, 'photograph = "a"\n' if key != "photograph" else ""
    for card in CARDS:
        (table,) = models_in(top["shot"], "text" if card == "chapter" else card)
        for key in keys(table):
            yield "[[shot]]", key, f'card = "{card}"\n' if key != "card" else ""
    for name in ("reveal", "transition", "narration", "caption", "move"):
        (shot,) = models_in(top["shot"], "shot")
        table = next(models_in(keys(shot)[name]))
        for key in keys(table):
            yield "[[shot]]", f"{name}.{key}", 'photograph = "a"\n'


CASES = sorted(set(_files()))


@pytest.mark.parametrize("written", WRITTEN)
def test_no_message_speaks_as_a_program_does(written: str) -> None:
    """Each key of every table, with each kind of value: accepted, or refused in plain words."""
    refused = 0
    for header, key, rest in CASES:
        pair = f"{key} = {WRITTEN[written]}"
        if header:
            text = f"{HEAD}{PHOTOGRAPH}{header}\n{rest}{pair}\n"
        else:
            text = f"{HEAD.replace('title', 'recipe') if key != 'recipe' else HEAD}{pair}\n"
            text = text if key == "photograph" else text + PHOTOGRAPH
            text = text.replace('recipe = "t"\n', "") if key == "title" else text
        try:
            ProductionFile.parse(text, "p.toml")
        except ProductionError as error:
            refused += 1
            said = str(error)
            plain = re.sub(r'"[^"]*"|\'[^\']*\'', "", said)
            assert not PROGRAMMERS.search(plain), (pair, said)
            assert re.match(r"p\.toml:\d+: ", said), (pair, said)
            assert "\n" not in said and len(said) < 600, (pair, said)
            if not header:
                continue
            # A key that is wrong in itself is told with its own line, or that of its table.
            line = int(said.split(":")[1])
            assert line >= text[: text.index(f"{header}\n{rest}{pair}")].count("\n") + 1, said
    assert refused > len(CASES) / 4


# What is written below `[[photograph]]` and so on; what has to be in the line that comes of it.
SAID = {
    "a list": ('[[photograph]]\nid = "b"\nfile = "b"\npeople = "A; B"', 'people = ["A", "B"]'),
    "a list of one": ('[output]\nformats = "tiff"', 'write formats = ["tiff"]'),
    "a number as text": ('[film.theme]\nvignette = "0,5"', "write vignette = 0.5"),
    "a text as number": ("[film]\ntitle = 1931", 'takes a text in quotes; write title = "1931"'),
    "a text in a list": ('[film]\ntitle = ["a"]', 'write title = "a"'),
    "yes": ('[film]\ncaptions = "nope"', "takes true or false, without quotes"),
    "a range": ("[output]\nquality = 101", "is 101; it goes from 1 to 100"),
    "a range below": ("[film.sound]\nduck = -3", "is -3; it goes from 0 to 60"),
    "a choice": ('[film.theme]\nsurround = "blurr"', "did you mean 'blur'?"),
    "a choice in a list": ('[output]\nformats = ["tif"]', "did you mean 'tiff'?"),
    "a card": ('[[shot]]\ncard = "disclosures"', "did you mean 'disclosure'?"),
    "a card that is none": ('[[shot]]\ncard = "x"', "card must be one of title, text"),
    "neither": ("[[shot]]\nlength = 5", "shows nothing; name a photograph, or write card ="),
    "a card without card": ('[[shot]]\nheading = "x"', "add card = 'text', 'chapter'"),
    "a title without card": ('[[shot]]\ntitle = "x"', "add card = 'title' to make it a card"),
    "a table": ('[film]\ntheme = "dark"', "write [film.theme] and below it its keys"),
    "tables": ("[photo]\n[film.sound]\nmusic = 3", "takes tables, each with file, at"),
    "a table inside": ('[[shot]]\nphotograph = "a"\nreveal = 3', "write reveal = { kind = ... }"),
    "one bracket": ('[version]\nname = "v"', "write [[version]], two brackets, above each"),
    "two brackets": ("[[film]]\nfade = 1", "write [film], one bracket, above its keys"),
    "in another table": ("[film]\nformats = ['tiff']", "'formats' belongs below [output]"),
    "of the top": ('[film]\nrecipe = "cinema"', "belongs at the top of the file"),
    "below another": ("[output]\nphotograph = 'x'", "write [[photograph]]"),
    "a card outside": ('[film]\ncard = "title"', "cards are shots: write [[shot]] above it"),
    "two numbers": ("[film]\nsize = 640", "takes a list of 2 numbers, as in size = [1920, 1080]"),
    "too few": ("[film]\nsize = [640]", "has 1 value; it takes 2"),
    "too many": ("[film]\nsize = [640, 360, 1]", "has 3 values; it takes 2"),
    "four numbers": (
        '[[shot]]\nphotograph = "a"\nmove = { from = [0, 0, 1], to = [0, 0, 1, 1] }',
        "'shot 1, move, from' has 3 values; it takes 4",
    ),
    "a color": ('[film.theme]\nink = "red"', 'is "red"; it must look like "#a0b1c2"'),
    "seconds": ('[[shot]]\nphotograph = "a"\nlength = "0:75"', "go from 00 to 59"),
    "truth as time": ("[film]\nfade = true", 'is true; it takes seconds (8.5) or "m:ss"'),
    "nothing": ('[output]\nfolder = ""', "is empty; it needs a text"),
    "no elements": ("[output]\nformats = []", "is empty; it needs at least one"),
    "a date": ('[[photograph]]\nid = "b"\nfile = "b"\ndate = true', "write 1931, 1931-05-17"),
}


@pytest.mark.parametrize(("text", "said"), SAID.values(), ids=SAID)
def test_what_to_do_about_it_is_said(text: str, said: str) -> None:
    text = text.removeprefix("[photo]\n")
    with pytest.raises(ProductionError) as caught:
        ProductionFile.parse(f"{HEAD}{PHOTOGRAPH}{text}\n", "p.toml")
    if said not in str(caught.value):
        raise AssertionError(str(caught.value))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("title = Two words", 'put texts in straight quotes: "..."'),
        ("title = “Two words”", 'put texts in straight quotes: "..."'),
        ("captions = True", "true and false are written small"),
        ('title = "Two', "a text lacks its closing quote"),
        ('title "Two"', "write key = value"),
        ('people = ["a" "b"]', "a list lacks a comma"),
        ("move = { from = [0, 0], to = [1, 1]", "a table lacks a comma or its closing }"),
        ("move = { from = [0, 0], }", "a comma too many stands before a }"),
        ("[film]\n[film]", "put the keys of both together"),
        ("fade = 1\nfade = 2", "a key stands there twice"),
        ("fade = 0,5", "a comma where a point is meant"),
        ("length = 0:08", "are quotes missing"),
        ("[film", "lacks its closing brackets"),
        ('file = "C:\\scans\\a.tif"', "put the text in single quotes"),
        ("größe = 3", "letters without accents"),
    ],
)
def test_slips_of_writing_say_what_to_mend(text: str, said: str) -> None:
    with pytest.raises(ProductionError, match="is not valid TOML: ") as caught:
        ProductionFile.parse(f"{HEAD}\n[version-of-mine]\n{text}\n", "p.toml")
    if said not in str(caught.value):
        raise AssertionError(str(caught.value))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("photograph = 'a.tif'", "write [[photograph]] above each"),
        ('[photograph]\nid = "a"', "write [[photograph]], two brackets, above each"),
        ('recipe = "faithful"', "write [[photograph]] above each photograph"),
    ],
)
def test_a_file_without_photographs_says_how_they_are_written(text: str, said: str) -> None:
    with pytest.raises(ProductionError, match=re.escape(said)):
        ProductionFile.parse(f"{HEAD}{text}\n", "p.toml")


def test_recipes_and_storyboards_speak_the_same_way(tmp_path: Path) -> None:
    wrong: list[Any] = ['"much"', "99", "[1]", "true", "{ a = 1 }"]
    for value in wrong:
        path = tmp_path / "r.toml"
        path.write_text(
            f'schema = "photochrom.recipe/1"\nname = "r"\nsteps = ["color"]\n'
            f"[color]\nsaturation = {value}\ntones = {value}\n"
        )
        with pytest.raises(RecipeError) as caught:
            Recipe.open(str(path))
        plain = re.sub(r'"[^"]*"|\'[^\']*\'', "", str(caught.value))
        assert not PROGRAMMERS.search(plain), str(caught.value)
    for film in ({"theme": 3}, {"theme": {"ink": "red"}}, {"captions": "no way"}, {"size": "x"}):
        with pytest.raises(PhotochromError) as refused:
            Storyboard.parse({"film": film, "shot": [{"card": "title"}]})
        plain = re.sub(r'"[^"]*"|\'[^\']*\'', "", str(refused.value))
        assert not PROGRAMMERS.search(plain), str(refused.value)
