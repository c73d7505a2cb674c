"""What a film says about its own pictures."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from photochrom.phrases import phrases_for
from photochrom.production.pacing import DISCLOSURE_SECONDS, reading_time
from photochrom.production.schema import Entry
from photochrom.production.treatment import statement, treatment
from photochrom.production.words import brief_disclosure, credits, disclosure, disclosures
from photochrom.record import Record, StepRecord

ENGLISH = phrases_for()


def record(*steps: str, pins: tuple[str, ...] = (), **params: Any) -> Record:
    return Record(
        original={},
        recipe={},
        emulsion={},
        pins=[{"color": b"\x1b\x22\x33", "source": source} for source in pins],
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


def colored(letter: str = "a", agreed: float = 0, pins: tuple[str, ...] = ()) -> Record:
    """Of a photograph that has variants; half of it is documented if it has pins."""
    one = record("tone", "color", pins=pins)
    known = {"documented": 0.375, "reported": 0.125} if pins else {}
    notes = {
        "known": {"documented": 0.0, **known, "assumed": 0.25, "agreed": agreed},
        "variant": {"letter": letter, "of": ["a", "b", "c"], "likely": 0.625, "doubtful": 0.2},
    }
    if not pins and not agreed:
        del notes["known"]
    steps = [replace(step, notes=notes) if step.name == "color" else step for step in one.steps]
    return replace(one, steps=steps)


def test_how_much_documented_colors_cover_is_said_of_all_that_is_colored() -> None:
    text = disclosure([colored(pins=("museum",)), colored(), record("tone")], ENGLISH)
    assert "One color is documented: museum. Documented colors cover 18.8 % of the" in text
    assert "cover" not in disclosure([colored()], ENGLISH)


def test_what_somebody_has_told_is_not_documented() -> None:
    both = colored(pins=("museum", "diary"))
    both.pins[1]["sure"] = "reported"
    text = disclosure([both], ENGLISH)
    assert "One color is documented: museum. One color is as reported: diary." in text
    assert "Documented colors cover 37.5 %" in text
    told = colored(pins=("diary",))
    told.pins[0]["sure"] = "reported"
    assert "documented:" not in disclosure([told], ENGLISH)
    assert "not documented" in brief_disclosure([told], ENGLISH)
    assumed = colored(pins=("diary",))
    assumed.pins[0]["sure"] = "assumed"
    assert "diary" not in disclosure([assumed], ENGLISH)
    assert "not documented" in brief_disclosure([assumed], ENGLISH)
    done = treatment(both, ENGLISH)
    assert done.documented[1].endswith("diary (reported)")
    assert "but for 1 documented. One color is as reported: diary." in done.statement
    assert "37.5 % is documented, 12.5 % reported, 0 %" in done.shares


def test_photographs_that_agree_and_variants_are_counted() -> None:
    plain = disclosure([colored()], ENGLISH)
    assert "together" not in plain and "choice" not in plain, "the first variant is no choice"
    text = disclosure([colored("b", 0.4), colored("c"), colored()], ENGLISH)
    assert "The colors of one photograph were estimated together with those of others" in text
    assert "In 2 photographs the uncertain colors are one choice among several" in text


def test_less_is_said_where_there_is_no_time_for_all() -> None:
    whole, less, brief, _ = disclosures([colored("b", 0.4, ("museum",))], ENGLISH)
    assert "cover" in whole and "together" in whole and "choice" in whole
    assert not any(word in less for word in ("cover", "together", "choice"))
    assert "documented: museum." in less and len(brief) < len(less) < len(whole)


def test_a_cue_says_which_variant_it_is_and_what_is_known_of_its_colors() -> None:
    done = treatment(colored("b", 0.125, ("museum",)), ENGLISH)
    assert done.color == "estimated, 1 documented, variant b of 3"
    assert done.shares == (
        "Of the colored area 37.5 % is documented, 12.5 % reported, 12.5 % agreed on with other "
        "photographs, 37.5 % guessed."
    )
    assert "it shows variant b of 3, 0.62 times as likely as a." in done.statement
    assert "0,62-mal so wahrscheinlich wie a" in statement(colored("b"), phrases_for("de"))
    assert treatment(colored(), ENGLISH).shares == ""
    assert " 0 % agreed on" in treatment(colored(pins=("museum",)), ENGLISH).shares


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
