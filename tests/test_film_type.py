"""Type and cards: what is painted, and where."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from photochrom.errors import StoryboardError
from photochrom.film.frames.layers import Layer, painted, shade
from photochrom.film.frames.pictures import codes_of
from photochrom.film.frames.planes import Planes
from photochrom.film.storyboard import (
    Card,
    Credit,
    CreditsCard,
    DisclosureCard,
    Film,
    TextCard,
    TitleCard,
)
from photochrom.film.words.captions import TITLE_SAFE
from photochrom.film.words.cards import card_layer, column_for, fits, roll_layer
from photochrom.film.words.fonts import font_file
from photochrom.film.words.type import Style, Typesetter

SIZE = (960, 540)
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


def test_a_word_that_is_too_long_is_set_smaller_and_not_parted(setter: Typesetter) -> None:
    whole = setter.block("Albert Einstein", INK, setter.block("Einstein", INK, 1000).width)
    for share in (0.95, 0.7):
        narrow = setter.block("Albert Einstein", INK, whole.width * share)
        assert narrow.width <= whole.width * share
        # Two lines, as before, and not three.
        assert narrow.height == pytest.approx(whole.height * share, rel=0.08)
    # What is far too long is parted all the same, rather than too small to be read.
    far = setter.block("Einstein" * 9, INK, whole.width)
    assert far.width <= whole.width
    assert far.height > 1.2 * whole.height


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


def test_missing_fonts_say_what_to_install(tmp_path: Path) -> None:
    with pytest.raises(StoryboardError, match="pip install fontpkg-no-such-face"):
        font_file("No Such Face")
    with pytest.raises(StoryboardError, match="does not exist"):
        font_file(str(tmp_path / "missing.ttf"))
    broken = tmp_path / "broken.ttf"
    broken.write_bytes(b"nothing")
    with pytest.raises(StoryboardError, match="not a font"):
        Typesetter().block("a", Style(str(broken), 20, "#ffffff"), 100)


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
