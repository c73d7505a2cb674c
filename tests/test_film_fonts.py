"""Where type comes from, and that all of it is in the keys of what it is set in."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import skia
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen

from photochrom.errors import PhotochromError, ProductionError, StoryboardError
from photochrom.film.frames.layers import painted
from photochrom.film.plan import visible
from photochrom.film.plan.timeline import segments_of
from photochrom.film.storyboard import Storyboard
from photochrom.film.words import fonts
from photochrom.film.words import type as type_
from photochrom.film.words.fonts import Fonts, font_file
from photochrom.film.words.type import Style, Typesetter
from photochrom.production import build
from photochrom.production.file import ProductionFile
from photochrom.production.stamp import inputs_digest
from test_production_build import write

HEBREW = "\u05d0"  # No packaged font has it.
LATIN = "".join(map(chr, range(32, 127)))

Written = Callable[..., Path]


def write_font(path: Path, signs: str, width: int = 400) -> Path:
    """A font whose characters are all boxes of a width, in thousandths of its size."""
    pen = TTGlyphPen(None)
    for number, (x, y) in enumerate(((40, 0), (40, 600), (width, 600), (width, 0))):
        (pen.lineTo if number else pen.moveTo)((x, y))
    pen.closePath()
    box = pen.glyph()
    names = {ord(sign): f"u{ord(sign):04x}" for sign in signs}
    order = [".notdef", *names.values()]
    font = FontBuilder(1000, isTTF=True)
    font.setupGlyphOrder(order)
    font.setupCharacterMap(names)
    font.setupGlyf(dict.fromkeys(order, box))
    font.setupHorizontalMetrics(dict.fromkeys(order, (width + 40, 40)))
    font.setupHorizontalHeader(ascent=800, descent=-200)
    font.setupNameTable({"familyName": path.stem, "styleName": "Regular"})
    font.setupOS2(sTypoAscender=800, sTypoDescender=-200)
    font.setupPost()
    path.parent.mkdir(parents=True, exist_ok=True)
    font.save(path)
    return path


class System:
    """A system with exactly these fonts."""

    def __init__(self, *files: Path):
        self._faces = [skia.FontMgr.New_Custom_Empty().makeFromFile(str(file)) for file in files]

    def matchFamilyStyleCharacter(self, *asked: Any) -> skia.Typeface | None:  # noqa: N802
        return next((face for face in self._faces if face.unicharToGlyph(asked[-1])), None)


def with_fonts(monkeypatch: pytest.MonkeyPatch, *files: Path) -> None:
    """Lets films be planned and set on a system with exactly these fonts."""
    for module in (visible, type_, fonts):
        monkeypatch.setattr(module, "Fonts", lambda **_: Fonts(System(*files)))


def test_a_character_that_no_font_has_is_named() -> None:
    setter = Typesetter(Fonts(System()))
    with pytest.raises(StoryboardError, match=r'no font has the character "א" \(U\+05D0\)'):
        setter.block(f"What is {HEBREW}?", Style("EB Garamond", 40, "#ffffff"), 400)


@pytest.mark.parametrize(("weight", "italic"), [(400, False), (700, False), (400, True)])
def test_what_packages_lack_is_lent_by_the_system(
    weight: int, italic: bool, tmp_path: Path
) -> None:
    lent = write_font(tmp_path / "Lent.ttf", HEBREW)
    setter = Typesetter(Fonts(System(lent)))
    style = Style("EB Garamond", 50, "#ffffff", weight=weight, italic=italic)
    block = setter.block(HEBREW, style, 400)
    assert block.width == pytest.approx(0.44 * 50, abs=1)
    assert painted((100, 80), lambda canvas: block.paint(canvas, 0, 0)).any()


def test_a_package_lends_before_the_system(tmp_path: Path) -> None:
    named = write_font(tmp_path / "Named.ttf", "a")
    fonts = Fonts(System(write_font(tmp_path / "Lent.ttf", LATIN + HEBREW)))
    packaged, borrowed = fonts.fallback("b"), fonts.fallback(HEBREW)
    assert packaged is not None and not packaged.borrowed
    assert packaged.name == "Alegreya Sans"
    assert borrowed is not None and borrowed.borrowed
    assert fonts.fallback("\ufdd0") is None
    assert fonts.borrowed(f"ab{HEBREW}\n", str(named)) == {"Lent"}
    assert fonts.borrowed("ab", str(named)) == set()


def test_the_digest_of_a_text_is_that_of_all_it_is_set_from(tmp_path: Path) -> None:
    narrow = write_font(tmp_path / "one" / "Lent.ttf", HEBREW, 400)
    wide = write_font(tmp_path / "two" / "Lent.ttf", HEBREW, 500)
    systems = [System(), System(narrow), System(wide)]

    def digests(text: str, *names: str) -> list[str]:
        return [Fonts(system).digest(*names, text=text) for system in systems]

    assert len(set(digests(HEBREW, "EB Garamond"))) == 3
    assert len(set(digests("What?", "EB Garamond"))) == 1
    first, second = "EB Garamond", "Alegreya Sans"
    assert Fonts().digest(first) != Fonts().digest(second)
    assert Fonts().digest(first, second) == Fonts().digest(second, first)


def board(**theme: str) -> Storyboard:
    shots = [
        {"card": "chapter", "heading": HEBREW, "length": 3, "transition": "cut"},
        # What is only heard is set in no font.
        {"card": "chapter", "heading": "Two", "length": 4, "narration": {"text": HEBREW}},
    ]
    return Storyboard.parse({"film": {"theme": theme}, "shot": shots})


def test_a_part_of_a_film_hangs_on_the_fonts_that_it_shows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = []
    for width in (400, 500):
        with_fonts(monkeypatch, write_font(tmp_path / f"{width}" / "Lent.ttf", HEBREW, width))
        keys.append([segment.key for segment in segments_of(board(), {}) if segment.kind == "body"])
    assert keys[0][0] != keys[1][0]
    assert keys[0][1] == keys[1][1]


def test_a_part_of_a_film_hangs_on_what_is_in_a_font_file_and_not_on_its_place(
    tmp_path: Path,
) -> None:
    def keys(file: Path) -> list[str]:
        return [
            one.key for one in segments_of(board(title_font=str(file)), {}) if one.kind == "body"
        ]

    file = write_font(tmp_path / "Type.ttf", LATIN + HEBREW, 400)
    elsewhere = shutil.copy(file, tmp_path / "Other.otf")
    before = keys(file)
    assert keys(elsewhere) == before
    write_font(file, LATIN + HEBREW, 500)
    assert not set(keys(file)) & set(before)


FONTS = """
[film.theme]
title_font = "fonts/Type.ttf"
text_font = "fonts/Type.ttf"
"""


@pytest.fixture
def production(tmp_path: Path) -> Path:
    """A production with a font of its own, which is not in the folder that one works in."""
    path = write(tmp_path / "made", "a")
    write_font(path.parent / "fonts" / "Type.ttf", LATIN + "…·–—", 300)
    path.write_text(path.read_text().replace("\n[[shot]]", FONTS + "\n[[shot]]", 1))
    return path


@pytest.mark.parametrize("relative", [True, False])
def test_fonts_are_found_from_the_folder_of_the_production(
    relative: bool, production: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(production.parents[1] if relative else "/")
    path = Path("made/production.toml") if relative else production
    theme = ProductionFile.open(path).storyboard().film.theme
    assert font_file(theme.title_font).resolve() == production.parent / "fonts" / "Type.ttf"
    assert build(path, jobs=1).failed == ()
    assert build(path, jobs=1).nothing_to_do
    write_font(production.parent / "fonts" / "Type.ttf", LATIN + "…·–—", 350)
    assert {"film"} <= set(build(path, jobs=1).made)


def test_a_missing_font_is_named_where_it_was_looked_for(production: Path) -> None:
    font = production.parent / "fonts" / "Type.ttf"
    font.unlink()
    with pytest.raises(ProductionError) as caught:
        build(production, jobs=1)
    assert f"'film, theme, title_font' is \"fonts/Type.ttf\", but there is no file {font}" in str(
        caught.value
    )


@pytest.mark.parametrize("content", [b"", b"nothing", b"\0\1\0\0" + bytes(40)])
def test_what_is_no_font_is_told_before_it_is_used(content: bytes, production: Path) -> None:
    (production.parent / "fonts" / "Type.ttf").write_bytes(content)
    theme = ProductionFile.open(production).storyboard().film.theme
    with pytest.raises(PhotochromError, match="the file is not a font"):
        segments_of(board(title_font=theme.title_font), {})


def test_a_font_that_is_replaced_is_noticed_without_loading_it(production: Path) -> None:
    file = ProductionFile.open(production)
    before = inputs_digest(file, {}, ())
    assert inputs_digest(file, {}, ()) == before
    write_font(production.parent / "fonts" / "Type.ttf", LATIN, 350)
    assert inputs_digest(file, {}, ()) != before


def test_a_build_says_which_fonts_it_borrowed_and_looks_at_them_each_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, photochrom: Callable[..., Any]
) -> None:
    path = write(tmp_path, "a")
    path.write_text(path.read_text().replace("Caption a", f"Caption {HEBREW}"))
    with_fonts(monkeypatch, write_font(tmp_path / "one" / "Lent.ttf", HEBREW, 300))
    ran = photochrom("make", path, "--jobs", 1)
    assert ran.code == 0, ran.err
    assert "set from fonts of this system: Lent; elsewhere they may look different" in ran.err
    for _ in ("made", "up to date"):
        assert "fonts of this system: Lent;" in photochrom("make", path, "--preview").err
    assert build(path, jobs=1).made == ()
    with_fonts(monkeypatch, write_font(tmp_path / "two" / "Lent.ttf", HEBREW, 500))
    assert "film" in build(path, jobs=1).made
