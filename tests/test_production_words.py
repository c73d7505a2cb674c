"""What a film says about its own pictures."""

from __future__ import annotations

from typing import Any

from photochrom.phrases import phrases_for
from photochrom.production.pacing import DISCLOSURE_SECONDS, reading_time
from photochrom.production.schema import Entry
from photochrom.production.words import credits, disclosure
from photochrom.record import Record, StepRecord

ENGLISH = phrases_for()


def record(*steps: str, pins: tuple[str, ...] = (), **params: Any) -> Record:
    return Record(
        original={},
        recipe={},
        emulsion={},
        pins=[{"source": source} for source in pins],
        measures={},
        steps=[
            StepRecord(
                name,
                1,
                params if name == "clarity" else {},
                [{"name": name, "sha256": "0"}] if name in ("color", "repair") else [],
                {},
            )
            for name in steps
        ],
        result={},
        runtime={"photochrom": "0"},
    )


def test_black_and_white_is_not_called_colored() -> None:
    text = disclosure([record("tone"), record("tone")], ENGLISH)
    assert text == "These photographs were restored by computer. The originals are unchanged."


def test_what_was_done_and_by_whom_is_said() -> None:
    text = disclosure([record("tone", "repair", "clarity", "color", scale=2)], ENGLISH)
    assert text.startswith("This photograph was restored by computer: damage was filled in and")
    assert "detail was sharpened" in text
    assert "Its colors were estimated by a neural network (color) and are no evidence." in text


def test_a_step_that_did_not_enlarge_is_not_said_to_have_sharpened() -> None:
    assert "sharpened" not in disclosure([record("clarity", scale=1)], ENGLISH)


def test_if_only_some_are_colored_it_says_how_many() -> None:
    text = disclosure([record("color"), record("tone"), record("tone")], ENGLISH)
    assert "The colors of 1 of the 3 were estimated" in text


def test_documented_colors_are_counted_and_their_sources_named_once() -> None:
    text = disclosure(
        [record("color", pins=("museum", "museum")), record("color", pins=("diary",))], ENGLISH
    )
    assert "3 colors are documented: museum; diary." in text
    text = disclosure([record("color", pins=("a", "b", "c", "d", "e"))], ENGLISH)
    assert "5 colors are documented: a; b; c; and 2 more." in text
    assert "documented" not in disclosure([record("tone", pins=("museum",))], ENGLISH)


def test_a_usual_disclosure_can_be_read_in_the_time_that_drafts_give_it() -> None:
    usual = record("tone", "repair", "clean", "clarity", "color", "grain", scale=1)
    assert reading_time(disclosure([usual] * 40, ENGLISH)) <= DISCLOSURE_SECONDS


def entry(**values: str) -> Entry:
    return Entry.model_validate({"id": "x", "file": "x.tif", **values})


def test_credits_name_everyone_once() -> None:
    lines = credits(
        [
            entry(credit="Ann", license="CC BY 4.0", source="City archive"),
            entry(credit="Bob"),
            entry(credit="Ann", license="CC BY 4.0", source="City archive"),
            entry(license="public domain"),
            entry(),
        ],
        ENGLISH,
    )
    assert [(line.role, line.names) for line in lines] == [
        ("Photographs", ("Ann (CC BY 4.0)", "Bob", "public domain")),
        ("Sources", ("City archive",)),
        ("Restored with", ("photochrom",)),
    ]


def test_without_credits_there_is_still_a_line() -> None:
    assert [line.role for line in credits([entry()], ENGLISH)] == ["Restored with"]
