"""The storyboard's models: what they accept, and how they say no."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from photochrom.errors import StoryboardError
from photochrom.film import CreditsCard, Film, Move, Shot, Storyboard, TextCard, TitleCard


def board(**changes: Any) -> dict[str, Any]:
    return {"film": {"title": "Test"}, "shot": [{"photograph": "a"}]} | changes


def refused(data: dict[str, Any]) -> str:
    with pytest.raises(StoryboardError) as caught:
        Storyboard.parse(data, "film.toml")
    text = str(caught.value)
    assert text.startswith("film.toml: ")
    assert "\n" not in text
    return text.removeprefix("film.toml: ")


@pytest.mark.parametrize(
    ("written", "seconds"),
    [(8, 8.0), (8.5, 8.5), ("7", 7.0), ("1:05", 65.0), ("0:12.5", 12.5), ("90", 90.0)],
)
def test_lengths_are_seconds_or_minutes_and_seconds(written: object, seconds: float) -> None:
    assert Shot(photograph="a", length=written).length == seconds  # type: ignore[arg-type]


@pytest.mark.parametrize("written", ["1:75", "soon", "-3", -3, 0, "1:2:3", float("nan")])
def test_other_lengths_are_refused(written: object) -> None:
    assert "length" in refused(board(shot=[{"photograph": "a", "length": written}]))


@given(st.integers(0, 59), st.integers(0, 59))
def test_minutes_and_seconds_add_up(minutes: int, seconds: int) -> None:
    if minutes or seconds:
        text = f"{minutes}:{seconds:02d}"
        transition = {"kind": "cut"}
        shot = Shot.model_validate({"photograph": "a", "length": text, "transition": transition})
        assert shot.length == 60 * minutes + seconds


@pytest.mark.parametrize(
    ("written", "rate"),
    [
        (24, Fraction(24)),
        (25.0, Fraction(25)),
        ("25", Fraction(25)),
        ("24000/1001", Fraction(24000, 1001)),
        (23.976, Fraction(24000, 1001)),
        ("29.97", Fraction(30000, 1001)),
    ],
)
def test_rates_are_exact(written: object, rate: Fraction) -> None:
    film = Film(rate=written)  # type: ignore[arg-type]
    assert film.rate == rate
    assert Film.model_validate_json(film.model_dump_json()) == film


def test_sizes_have_names() -> None:
    assert Film(size="4K").size == (3840, 2160)  # type: ignore[arg-type]
    assert Film(size="9:16").size == (1080, 1920)  # type: ignore[arg-type]
    assert Film(size="16:9").size == (1920, 1080)  # type: ignore[arg-type]
    assert Film.model_validate_json(Film(size=(1080, 1080)).model_dump_json()).size == (1080, 1080)
    assert '"8k" is no size; write [1920, 1080] or one of 720p' in refused(
        board(film={"size": "8k"})
    )


@pytest.mark.parametrize("written", [23.9, "fast", "1/0", 5, 1000])
def test_inexact_or_absurd_rates_are_refused(written: object) -> None:
    assert "film, rate" in refused(board(film={"rate": written}))


def test_items_are_told_apart_by_their_card_key() -> None:
    storyboard = Storyboard.parse(
        board(
            shot=[
                {"card": "title", "subtitle": "1906"},
                {"card": "chapter", "heading": "One"},
                {"photograph": "a", "reveal": "wipe", "transition": "cut"},
                {"card": "credits", "credits": [{"role": "Film", "names": ["N. N."]}]},
            ]
        )
    )
    kinds = [type(item) for item in storyboard.shots]
    assert kinds == [TitleCard, TextCard, Shot, CreditsCard]
    assert storyboard.length == 5 + 5 + 8 + 8


def test_a_storyboard_survives_writing_and_reading() -> None:
    storyboard = Storyboard.parse(
        board(
            shot=[
                {
                    "photograph": "a",
                    "length": "0:09",
                    "move": {"from": [0, 0, 1, 1], "to": [0.2, 0.2, 0.5, 0.5], "easing": "in"},
                    "reveal": {"kind": "wipe", "from": "scan", "at": 2},
                }
            ]
        )
    )
    text = storyboard.model_dump(mode="json", by_alias=True)
    assert text["schema"] == "photochrom.storyboard/1"
    assert Storyboard.parse(text) == storyboard
    shot = storyboard.shots[0]
    assert isinstance(shot, Shot)
    assert isinstance(shot.move, Move)
    assert shot.reveal.from_ == "scan"


def test_models_do_not_change() -> None:
    with pytest.raises(ValidationError):
        Shot(photograph="a").caption = "other"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (board(shot=[{"photograph": "a"}, {"photograph": "b", "lenght": 3}]), "shot 2, lenght: no"),
        (board(shot=[{"length": 3}]), "shot 1, photograph: is missing"),
        (board(shot=[{"card": "poem"}]), "shot 1: card must be"),
        (board(shot=[{"card": "disclosure", "text": ""}]), "shot 1, text: "),
        (board(shot=[{"card": "title", "title": 3}]), "shot 1, title: "),
        (board(shot=[]), "shot: "),
        (board(film={"size": [1921, 1080]}), "film, size: width and height must be even"),
        (board(film={"theme": {"ink": "white"}}), "film, theme, ink: "),
        (
            board(shot=[{"photograph": "a", "move": {"from": [0, 0, 2, 1], "to": [0, 0, 1, 1]}}]),
            "shot 1, move",
        ),
        (board(shot=[{"photograph": "a", "reveal": "swirl"}]), "shot 1, reveal, kind: "),
        (
            board(shot=[{"photograph": "a", "length": 3, "reveal": {"kind": "wipe", "at": 2}}]),
            "shot 1: the reveal ends after the shot",
        ),
        (
            board(shot=[{"photograph": "a", "length": 1, "transition": {"seconds": 2}}]),
            "shot 1: the transition (2 s) is longer",
        ),
        (board(shot=[{"photograph": "a", "length": 2}]), "the last item (2 s) is too short"),
        (board(schema="photochrom.storyboard/9"), 'the schema "photochrom.storyboard/9"'),
    ],
)
def test_errors_name_the_item_and_the_key(data: dict[str, Any], words: str) -> None:
    assert refused(data).startswith(words)


def test_describe_counts_what_else_is_wrong() -> None:
    wrong = board(film={"seed": "x", "fade": "y"}, shot=[{"photograph": ""}])
    assert refused(wrong).endswith("(and 2 more)")
