"""Type, captions and cards: what is painted, where, and how legibly."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from photochrom.errors import StoryboardError
from photochrom.film.captions import TITLE_SAFE, caption_layer, unit
from photochrom.film.cards import card_layer, column_for, fits, roll_layer
from photochrom.film.frames import Planes
from photochrom.film.layers import Layer, painted, shade
from photochrom.film.pictures import codes_of
from photochrom.film.storyboard import (
    Card,
    Credit,
    CreditsCard,
    DisclosureCard,
    Film,
    Shot,
    TextCard,
    Theme,
    TitleCard,
)
from photochrom.film.type import Style, Typesetter, font_file, fonts_digest

SIZE = (960, 540)
THEME = Theme()
INK = Style("EB Garamond", 40, "#ffffff")


@pytest.fixture(scope="module")
def setter() -> Typesetter:
    return Typesetter()


def test_kerning_and_ligatures_are_applied(setter: Typesetter) -> None:
    together = setter.block("AVAV", INK, 1000).width
    apart = sum(setter.block(letter, INK, 1000).width for letter in "AVAV")
    assert together < apart - 4
    # A ligature is one shape: narrower than the letters of which it is made.
    assert setter.block("ffi", INK, 1000).width < sum(
        setter.block(letter, INK, 1000).width - 1 for letter in "ffi"
    )


def test_lines_are_balanced(setter: Typesetter) -> None:
    text = "a line that is somewhat longer than the width allows"
    loose = setter.block(text, INK, 760, balance=False)
    tight = setter.block(text, INK, 760)
    assert tight.height == loose.height == pytest.approx(2 * INK.size * INK.leading, abs=2)
    assert tight.width < 0.75 * loose.width


def test_line_breaks_are_kept(setter: Typesetter) -> None:
    assert setter.block("one\ntwo\nthree", INK, 800).height == pytest.approx(
        3 * setter.block("one", INK, 800).height, abs=2
    )


def test_weights_differ(setter: Typesetter) -> None:
    def darkness(weight: int) -> float:
        style = Style("Alegreya Sans", 40, "#ffffff", weight=weight)
        block = setter.block("Hamburg", style, 800)
        return float(painted((400, 80), lambda canvas: block.paint(canvas, 0, 0)).sum())

    assert darkness(300) < darkness(400) < darkness(700)


def test_scripts_without_a_glyph_fall_back_or_say_so(setter: Typesetter) -> None:
    # Private-use characters are in no font worth the name.
    with pytest.raises(StoryboardError, match=r"no font has the character .* \(U\+F8F9\)"):
        setter.block("\uf8f9", INK, 400)


def test_missing_fonts_say_what_to_install(tmp_path: Path) -> None:
    with pytest.raises(StoryboardError, match="pip install fontpkg-no-such-face"):
        font_file("No Such Face")
    with pytest.raises(StoryboardError, match="does not exist"):
        font_file(str(tmp_path / "missing.ttf"))
    broken = tmp_path / "broken.ttf"
    broken.write_bytes(b"nothing")
    with pytest.raises(StoryboardError, match="not a font"):
        Typesetter().block("a", Style(str(broken), 20, "#ffffff"), 100)


def test_the_digest_knows_one_font_from_another() -> None:
    assert fonts_digest(["EB Garamond"]) != fonts_digest(["Alegreya Sans"])
    assert fonts_digest(["EB Garamond", "Alegreya Sans"]) == fonts_digest(
        ["Alegreya Sans", "EB Garamond"]
    )


def caption(text: str, credit: str = "", column: float | None = None) -> Layer:
    shot = Shot(photograph="a", caption=text, credit=credit)
    layer = caption_layer(shot, THEME, SIZE, Typesetter(), scale=unit(SIZE), column=column)
    assert layer is not None
    return layer


def bright(planes: Planes, base: float) -> np.ndarray:
    """Where the frame is much brighter than it was."""
    return np.asarray(planes.luma / 256 > base + 60)


def test_captions_keep_the_title_safe_margins() -> None:
    black = Planes.flat(SIZE, codes_of("#000000"))
    out = caption("Grace Hopper\nRear admiral", "Photograph: US Navy").over(black)
    rows, columns = np.nonzero(bright(out, 16))
    width, height = SIZE
    assert columns.min() >= width * TITLE_SAFE - 2
    assert rows.max() <= height * 0.95 + 1
    assert columns.max() <= width * 0.95 + 1
    assert rows.min() > height * 0.6


@pytest.mark.parametrize("below", ["#ffffff", "#808080", "#000000"])
def test_captions_are_legible_on_any_picture(below: str) -> None:
    """WCAG contrast of the letters against what surrounds them: 4.5 or more."""
    out = caption("MMMMMMM").over(Planes.flat(SIZE, codes_of(below)))
    top, bottom = int(SIZE[1] * 0.85), int(SIZE[1] * (1 - TITLE_SAFE))
    left, right = int(SIZE[0] * TITLE_SAFE), int(SIZE[0] * 0.22)
    gray = (out.luma[top:bottom, left:right] / 256 - 16) / 219
    light = np.where(gray <= 0.04045, gray / 12.92, ((gray + 0.055) / 1.055) ** 2.4)
    letters, around = np.percentile(light, 98), np.percentile(light, 25)
    assert (letters + 0.05) / (around + 0.05) > 4.5


def test_captions_leave_the_rest_of_the_picture_alone() -> None:
    below = Planes.flat(SIZE, codes_of("#888888"))
    out = caption("A caption").over(below)
    upper = slice(0, SIZE[1] // 2)
    assert (out.luma[upper] == below.luma[upper]).all()
    assert (out.cb[: SIZE[1] // 4] == below.cb[: SIZE[1] // 4]).all()


def test_beside_a_matted_picture_words_stay_in_their_column() -> None:
    black = Planes.flat(SIZE, codes_of("#000000"))
    words = "A caption of many words that has to be wrapped\nNine further words of which some wrap"
    out = caption(words, "Photograph: somebody", column=0.4).over(black)
    _, columns = np.nonzero(bright(out, 16))
    assert columns.max() <= SIZE[0] * 0.4 + 2


def test_a_shot_without_words_has_no_layer() -> None:
    assert caption_layer(Shot(photograph="a"), THEME, SIZE, Typesetter(), scale=0.5) is None


CARDS: list[Card] = [
    TitleCard(card="title", subtitle="A film in two parts"),
    TextCard(card="chapter", heading="The first", text="What happened before anything else"),
    DisclosureCard(
        card="disclosure", text="Colors are guessed.\n\nWhere they are known, it says so."
    ),
    CreditsCard(
        card="credits",
        heading="A Film",
        credits=(
            Credit(role="Photographs", names=("An archive", "Another")),
            Credit(names=("N.",)),
        ),
    ),
]


@pytest.mark.parametrize("card", CARDS, ids=lambda card: card.card)
def test_cards_are_centered_and_keep_their_margins(card: Card, setter: Typesetter) -> None:
    film = Film(title="A Film", size=SIZE)
    column = column_for(card, film, setter)
    assert fits(column, SIZE)
    layer = card_layer(column, SIZE)
    assert layer is not None
    height, width = layer.luma.shape
    assert layer.x >= SIZE[0] * TITLE_SAFE - 4
    assert layer.x + width <= SIZE[0] * (1 - TITLE_SAFE) + 4
    if not isinstance(card, CreditsCard):
        assert layer.x + width / 2 == pytest.approx(SIZE[0] / 2, abs=6)
    assert layer.y + height / 2 == pytest.approx(SIZE[1] * 0.47, abs=14)


def test_the_film_gives_its_title_to_a_card_without_one(setter: Typesetter) -> None:
    named, unnamed = (TitleCard(card="title", title=title) for title in ("A Film", ""))
    film = Film(title="A Film", size=SIZE)
    one, other = (card_layer(column_for(card, film, setter), SIZE) for card in (named, unnamed))
    assert one is not None and other is not None
    assert (one.luma == other.luma).all()


def test_long_credits_roll(setter: Typesetter) -> None:
    credits = tuple(Credit(role=f"Work {n}", names=("N. N.", "M. M.")) for n in range(30))
    card = CreditsCard(card="credits", credits=credits)
    column = column_for(card, Film(size=SIZE), setter)
    assert not fits(column, SIZE)
    layer = roll_layer(column, SIZE)
    assert layer is not None
    assert layer.luma.shape[0] > 2 * SIZE[1]
    assert layer.shifted(-SIZE[1], SIZE[1]) is None, "below the screen"
    assert layer.shifted(layer.luma.shape[0] + 40, SIZE[1]) is None, "above it"
    part = layer.shifted(100, SIZE[1])
    assert part is not None
    assert part.luma.shape[0] <= SIZE[1]
    assert (part.luma == layer.luma[100 - layer.y : 100 - layer.y + part.luma.shape[0]]).all()


def test_a_layer_of_one_color_covers_with_that_color() -> None:
    planes = Planes.flat((32, 16), codes_of("#204060"))
    red = shade((32, 16), np.ones((1, 1), np.float32), "#ff0000")
    out = red.over(planes)
    codes = codes_of("#ff0000")
    for plane, code in zip(out.parts(), codes, strict=True):
        assert np.abs(plane / 256 - code).max() < 0.01
    half = red.over(planes, 0.5)
    assert half.luma[0, 0] / 256 == pytest.approx((codes[0] + codes_of("#204060")[0]) / 2, abs=0.01)
    assert red.over(planes, 0) is planes
    assert planes.luma[0, 0] / 256 == pytest.approx(codes_of("#204060")[0], abs=0.01)


def test_painting_nothing_gives_no_layer() -> None:
    assert Layer.paint((32, 16), lambda canvas: None) is None
