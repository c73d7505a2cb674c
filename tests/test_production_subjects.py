"""Subjects and documented colors of productions: what is told of mistakes, what is built again."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from photochrom.errors import ProductionError
from photochrom.nets import Registry
from photochrom.orders import key_for
from photochrom.production import ProductionFile
from photochrom.production.documenting import documented
from photochrom.production.pictures import order_for
from photochrom.production.schema import SCHEMA

HEAD = f'schema = "{SCHEMA}"\ntitle = "Club"\n'
CLUB = """
[[subject]]
id = "club"
name = "Riverside"

[[subject.part]]
name = "jersey"
color = "crimson"
source = "club museum 12"
to = 1912

[[subject.part]]
name = "jersey"
color = "Munsell 2.5PB 3/8"
source = "club museum 13"
sure = "reported"
from = 1913
"""


def photograph(id: str, more: str) -> str:
    return f'\n[[photograph]]\nid = "{id}"\nfile = "{id}.png"\n{more}\n'


def opened(folder: Path, text: str) -> ProductionFile:
    for seed, id in enumerate("abc"):
        gray = np.random.default_rng(seed).integers(60, 200, (80, 120), dtype=np.uint8)
        Image.fromarray(gray).save(folder / f"{id}.png")
    path = folder / "production.toml"
    path.write_text(text, "utf-8")
    return ProductionFile.open(path)


def test_a_part_has_the_color_of_its_time(tmp_path: Path) -> None:
    text = HEAD + CLUB
    text += photograph("a", 'date = 1908\ncolors = [{ at = [0.5, 0.5], part = "club.jersey" }]')
    text += photograph("b", 'date = 1920\ncolors = [{ at = [60, 40], part = "club.jersey" }]')
    file = opened(tmp_path, text)
    early, late = (documented(file, index)[0] for index in (0, 1))
    assert early.pin.color == (220, 20, 60) and early.pin.source == "club museum 12"
    assert early.pin.sure == "documented" and late.pin.sure == "reported"
    assert late.pin.said == "Munsell 2.5PB 3/8"
    assert late.pin.at == pytest.approx((0.5, 0.5), abs=0.01)
    assert early.subject is not None and early.subject.called == "Riverside"


def test_another_color_of_a_part_changes_the_photographs_that_show_it_and_no_others(
    tmp_path: Path,
) -> None:
    text = HEAD + CLUB
    text += photograph("a", 'date = 1908\ncolors = [{ at = [0.5, 0.5], part = "club.jersey" }]')
    text += photograph("b", 'date = 1920\ncolors = [{ at = [0.5, 0.5], part = "club.jersey" }]')
    text += photograph("c", 'date = 1908\nsubjects = ["club"]')

    def keys(written: str) -> list[str]:
        file = opened(tmp_path, written)
        return [key_for(order_for(file, index, "0" * 64), Registry.default()) for index in range(3)]

    before, after = keys(text), keys(text.replace("crimson", "darkred"))
    assert [one == other for one, other in zip(before, after, strict=True)] == [False, True, True]


def test_a_file_of_schema_1_means_what_it_meant(tmp_path: Path) -> None:
    colors = 'colors = [{ at = [0.5, 0.4], color = "#102030", source = "x", strength = 0.5 }]'
    old = HEAD.replace(SCHEMA, "photochrom.production/1") + photograph("a", colors)
    file = opened(tmp_path, old)
    pin = documented(file, 0)[0].pin
    assert (pin.at, pin.color, pin.source, pin.strength) == ((0.5, 0.4), (16, 32, 48), "x", 0.5)


def test_a_swatch_lends_its_color(tmp_path: Path) -> None:
    poster = np.full((40, 60, 3), 255, np.uint8)
    poster[:, 30:] = (30, 120, 60)
    Image.fromarray(poster).save(tmp_path / "poster.png")
    swatch = 'swatch = { file = "poster.png", box = [40, 5, 10, 10] }'
    more = f'colors = [{{ at = [0.5, 0.5], {swatch}, source = "the poster" }}]'
    pin = documented(opened(tmp_path, HEAD + photograph("a", more)), 0)[0].pin
    assert np.abs(np.array(pin.color) - (30, 120, 60)).max() <= 1


def test_places_are_those_of_the_upright_scan(tmp_path: Path) -> None:
    text = HEAD + photograph("a", 'colors = [{ mask = "m.png", color = "red", source = "x" }]')
    file = opened(tmp_path, text)
    turned = Image.fromarray(np.zeros((80, 120), np.uint8))
    exif = turned.getexif()
    exif[0x0112] = 6  # Stored lying, seen standing: 80 x 120 pixels become 120 high.
    turned.save(tmp_path / "a.png", exif=exif)
    mask = np.zeros((120, 80), np.uint8)
    mask[90:110, 10:30] = 255
    Image.fromarray(mask).save(tmp_path / "m.png")
    x, y = documented(file, 0)[0].pin.at
    assert x == pytest.approx(20 / 80, abs=0.05) and y == pytest.approx(100 / 120, abs=0.05)
    Image.fromarray(mask.T).save(tmp_path / "m.png")
    with pytest.raises(ProductionError, match=r"production.toml:7: .*seen upright"):
        documented(file, 0)


def at(x: float, y: float, color: str) -> str:
    return f'{{ at = [{x}, {y}], color = "{color}", source = "x" }}'


@pytest.mark.parametrize(
    ("more", "said"),
    {
        "out of the picture": (
            f"colors = [{at(500, 20, 'red')}]",
            "a, 'colors 1': 500, 20 lies outside of the picture",
        ),
        "half pixels": (f"colors = [{at(0.5, 1.5, 'red')}]", "outside of the picture"),
        "no color": (f"colors = [{at(0.5, 0.5, 'rde')}]", "did you mean 'red'"),
        "no subject": ('subjects = ["clup"]', "did you mean 'club'"),
        "no part": ('colors = [{ at = [0, 0], part = "club.cap" }]', 'has no part "cap"'),
        "no such time": (
            'date = 1908\ncolors = [{ at = [0, 0], part = "club.late" }]',
            "is of 1908, and 'club.late' holds from 1920",
        ),
        "no date": ('colors = [{ at = [0, 0], part = "club.jersey" }]', "has no date"),
        "both times": (
            'date = "1912/1913"\ncolors = [{ at = [0, 0], part = "club.jersey" }]',
            "then 'club.jersey' has 2 colors",
        ),
        "one place": (
            f"colors = [{at(0.5, 0.5, 'red')}, {at(0.501, 0.5, 'blue')}]",
            "two colors of one place contradict: red (x) and blue (x) ('colors', 1 and 2)",
        ),
        "two places": (
            'colors = [{ at = [0, 0], box = [0, 0, 1, 1], color = "red" }]',
            "one place",
        ),
        "no source": ('colors = [{ at = [0, 0], color = "red" }]', "no 'source'"),
        "no mask": (
            'colors = [{ mask = "n.png", color = "red", source = "x" }]',
            "n.png: cannot be read",
        ),
    }.values(),
)
def test_mistakes_are_one_line_with_file_line_and_key(tmp_path: Path, more: str, said: str) -> None:
    late = '\n[[subject.part]]\nname = "late"\ncolor = "red"\nsource = "x"\nfrom = 1920\n'
    text = HEAD + CLUB + late + photograph("a", more)
    with pytest.raises(ProductionError) as caught:
        documented(opened(tmp_path, text), 0)
    line = str(caught.value)
    assert said in line and "\n" not in line
    assert "production.toml:" in line


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("from = 1913", "from = 1910", "hold at one time"),
        ("to = 1912", "from = 1920\nto = 1912", "which is before"),
        ('id = "club"', 'id = "a.b"', "has no dots"),
    ],
)
def test_dates_of_parts_that_contradict_are_told(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    text = HEAD + CLUB.replace(old, new, 1) + photograph("a", "")
    with pytest.raises(ProductionError, match=said) as caught:
        opened(tmp_path, text)
    assert "production.toml:" in str(caught.value)


def test_the_same_color_said_twice_is_no_contradiction(tmp_path: Path) -> None:
    more = f"colors = [{at(0.5, 0.5, '#cc1020')}, {at(0.5, 0.5, '#cc1122')}]"
    assert len(documented(opened(tmp_path, HEAD + photograph("a", more)), 0)) == 2
