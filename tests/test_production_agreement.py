"""Scenes and references in productions: who lends to whom, and what is made again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from conftest import Ran
from photochrom.emulsion import Emulsion
from photochrom.errors import PhotochromError, ProductionError
from photochrom.nets import Registry
from photochrom.orders import Order, glance_key
from photochrom.phrases import phrases_for
from photochrom.production import ProductionFile, build, color_book
from photochrom.production.agreeing import MOST, companions
from photochrom.production.color_page import color_page
from photochrom.production.schema import SCHEMA
from photochrom.production.treatment import statement
from photochrom.production.words import disclosure
from photochrom.recipe import Recipe
from photochrom.record import Record
from photochrom.steps.plate import Pin
from scene_kit import gray, part, scene

HEAD = f'schema = "{SCHEMA}"\ntitle = "A street"\nrecipe = "color.toml"\n'
RECIPE = 'schema = "photochrom.recipe/1"\nname = "color"\nsteps = ["color"]\n'
SUBJECTS = '[[subject]]\nid = "club"\n[[subject.part]]\nname = "cap"\ncolor = "red"\nsource = "x"\n'


def photograph(id: str, *more: str) -> str:
    lines = "\n".join(more)
    return f'[[photograph]]\nid = "{id}"\nfile = "{id}.png"\n{lines}\n'


def parsed(*photographs: str, top: str = "") -> ProductionFile:
    return ProductionFile.parse(HEAD + top + "".join(photographs) + SUBJECTS, "production.toml")


def asked_by(file: ProductionFile, id: str) -> list[str]:
    ids = [one.id for one in file.production.photographs]
    return [ids[number] for number in companions(file.production, ids.index(id))]


def test_those_of_one_scene_or_subject_agree_and_no_others() -> None:
    cap = 'colors = [{ at = [0.5, 0.5], part = "club.cap" }]'
    file = parsed(
        photograph("a", 'scene = "launch"'),
        photograph("b", 'scene = "launch"', 'subjects = ["club"]'),
        photograph("c", cap),
        photograph("d"),
        photograph("e", 'scene = "launch"', "agree = false"),
    )
    assert asked_by(file, "a") == ["b"]
    assert asked_by(file, "b") == ["a", "c"]
    assert asked_by(file, "c") == ["b"]
    assert asked_by(file, "d") == asked_by(file, "e") == []


def test_a_production_can_leave_it_out_and_large_scenes_ask_their_neighbors() -> None:
    many = [photograph(f"p{number:02}", 'scene = "x"') for number in range(30)]
    assert asked_by(parsed(*many, top="agree = false\n"), "p01") == []
    asked = asked_by(parsed(*many), "p15")
    assert len(asked) == MOST and asked[0] == "p09" and asked[-1] == "p21"


def test_what_is_made_of_the_networks_answers_is_each_photographs_own(tmp_path: Path) -> None:
    recipe, registry = Recipe.preset("faithful"), Registry.default()

    def key(*changes: str, **other: object) -> str:
        changed = recipe
        for one in changes:
            changed = changed.with_change(one)
        return glance_key(Order("a", tmp_path / "a.png", "0" * 64, changed, **other), registry)

    own = key("color.saturation=0.5", "color.vibrance=0.2", "color.variant=b", "grain.amount=0")
    assert own == key() == key(formats=("png",), quality=50)
    pin = Pin((0.5, 0.5), "#112233", "x")
    for another in (key("color.sizes=[256]"), key(year=1900), key(pins=(pin,))):
        assert another != key()


@pytest.fixture
def production(tmp_path: Path) -> Path:
    """Two photographs of a scene, one of the same that is alone, one with a poster."""
    for name, one in {
        "a": gray(scene()),
        "b": gray(part(scene()), Emulsion.ORTHOCHROMATIC, 1.3),
        "c": gray(part(scene(), 0.2, 0.15)),
        "d": gray(part(scene(), 0.0, 0.2)),
    }.items():
        one.save(tmp_path / f"{name}.png", bit_depth=8)
    Image.fromarray(scene()).save(tmp_path / "poster.png")
    (tmp_path / "color.toml").write_text(RECIPE)
    path = tmp_path / "production.toml"
    output = '[output]\nformats = ["png"]\n'
    poster = 'reference = { file = "poster.png", source = "archive", sure = "documented" }'
    photographs = [
        photograph("a", 'scene = "street"'),
        photograph("b", 'scene = "street"', 'emulsion = "orthochromatic"'),
        photograph("c"),
        photograph("d", poster),
    ]
    path.write_text(HEAD + output + "".join(photographs))
    return path


def record(production: Path, id: str) -> Record:
    return Record.open(production.parent / "out" / "pictures" / f"{id}.record.json")


def test_a_scene_is_restored_together_and_again_when_one_changes(production: Path) -> None:
    first = build(production, jobs=1)
    assert first.failed == () and set(first.made) == {"a", "b", "c", "d"}
    a, c, d = (record(production, id) for id in "acd")
    assert [one["name"] for one in a.companions] == ["b"] and not a.references
    assert a.steps[0].notes["known"]["agreed"] > 0.1
    assert "Estimated together with 1 other photograph." in a.statement()
    assert c.lent == [] and "lent" not in c.to_json()
    assert d.steps[0].notes["known"]["documented"] > 0.5
    assert build(production, jobs=1).made == ()
    # Another plate: the scene is colored anew, and nothing else.
    text = production.read_text()
    production.write_text(text.replace('"orthochromatic"', '"panchromatic"'))
    again = build(production, jobs=1)
    assert set(again.made) == {"a", "b"} and set(again.kept) == {"c", "d"}
    # Words change no colors.
    production.write_text(production.read_text().replace('id = "b"', 'id = "b"\nnotes = "x"'))
    assert build(production, jobs=1).made == ()
    # Another poster: what it lends to, and nothing else.
    Image.fromarray(scene()[:, :300]).save(production.with_name("poster.png"))
    assert set(build(production, jobs=1).made) == {"d"}


def test_agreed_pictures_are_the_same_bytes_in_another_place(
    production: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    build(production, jobs=1)
    other = tmp_path_factory.mktemp("other")
    for path in (one for one in production.parent.iterdir() if one.is_file()):
        (other / path.name).write_bytes(path.read_bytes())
    build(other / "production.toml", jobs=2)
    for id in "ad":
        name = Path("out") / "pictures" / f"{id}.png"
        assert (production.parent / name).read_bytes() == (other / name).read_bytes()


def test_a_scan_that_cannot_be_read_stops_no_other_of_its_scene(production: Path) -> None:
    whole = production.with_name("b.png").read_bytes()
    production.with_name("b.png").write_bytes(whole[: len(whole) // 2])
    result = build(production, jobs=1)
    assert [one.name for one in result.failed] == ["b"]
    assert set(result.made) == {"a", "c", "d"}
    assert record(production, "a").companions == []


def test_a_color_book_and_a_film_tell_what_is_lent(production: Path) -> None:
    build(production, jobs=1)
    book = color_book(production)
    known = {one.entry.id: one for one in book.known}
    assert known["a"].lent[0].sure == "agreed" and known["c"].lent == ()
    assert known["d"].lent[0].source == "archive"
    page = color_page(book)
    assert "What pictures lend one another" in page and "poster.png" in page
    say = phrases_for("en")
    assert "taken from a reference: archive" in statement(record(production, "d"), say)
    assert "together with 1 other photograph" in statement(record(production, "a"), say)
    assert "One color is documented: archive." in disclosure([record(production, "d")], say)
    assert "documented" not in disclosure([record(production, "a")], say)


def test_what_is_wrong_with_a_reference_is_told_with_its_line(production: Path) -> None:
    text = production.read_text()
    production.write_text(text.replace("poster.png", "nowhere.png"))
    with pytest.raises(PhotochromError, match=r"no file .*nowhere\.png"):
        build(production, jobs=1)
    for wrong in ("5", '{ source = "x" }', '{ file = "poster.png", sure = "surely" }'):
        with pytest.raises(ProductionError, match=r"production.toml:7: .*reference"):
            parsed(photograph("a", f"reference = {wrong}"))
    production.write_text(text.replace('file = "poster.png"', 'file = "a.png"'))
    (failed,) = build(production, jobs=1).failed
    assert failed.name == "d" and "is a reference without colors" in str(failed)


def test_one_photograph_is_restored_with_a_reference(
    production: Path, photochrom: Callable[..., Ran]
) -> None:
    folder = production.parent
    command = (
        "restore",
        folder / "c.png",
        "-o",
        folder / "made",
        "--steps",
        "color",
        "--no-compare",
    )
    ran = photochrom(*command, "--reference", folder / "poster.png")
    assert ran.code == 0
    told = Record.open(folder / "made" / "c.record.json")
    assert told.references[0]["sure"] == "assumed" and told.references[0]["source"] == "poster.png"
    assert told.steps[0].notes["known"]["assumed"] > 0.5
    assert (
        photochrom(*command, "--reference", folder / "poster.png").out
        == photochrom(*command, "--reference", folder / "poster.png").out
    )
    ran = photochrom(*command, "--reference", folder / "nowhere.png")
    assert ran.code == 2 and "nowhere.png: cannot be read" in ran.err
    assert "Traceback" not in ran.err


def test_reports_know_which_pictures_of_a_scene_are_up_to_date(
    production: Path, photochrom: Callable[..., Ran]
) -> None:
    build(production, jobs=1)
    assert "4 whole" in photochrom("verify", production).err
    text = production.read_text()
    production.write_text(text.replace('"orthochromatic"', '"panchromatic"'))
    ran = photochrom("verify", production)
    assert "2 whole, 2 made otherwise" in ran.err
    assert "a.record.json" in ran.out + ran.err and "c.record.json" not in ran.out + ran.err
