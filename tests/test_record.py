"""Records: round trips, what they say, and what they refuse."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from photochrom.errors import PhotographError
from photochrom.record import COMPOSITE, ENHANCED, Record, StepRecord, percent, record_path


@pytest.fixture
def record() -> Record:
    return Record(
        original={"file": "été.tif", "sha256": "0" * 64},
        recipe={"name": "faithful", "digest": "1" * 64},
        emulsion={"name": "orthochromatic", "because": "said by the user"},
        pins=[],
        measures={"noise": 0.01},
        steps=[
            StepRecord("tone", 1, {"strength": 1.0}, [], {"clipped": 0.0}),
            StepRecord("color", 1, {}, [{"name": "color", "sha256": "2" * 64}], {}),
        ],
        result={"width": 4, "height": 3},
        runtime={"photochrom": "0.1.0"},
    )


def test_round_trip(record: Record) -> None:
    text = record.to_json()
    assert Record.from_json(text) == record
    assert Record.from_json(text).to_json() == text
    assert "été" in text


def test_says_that_colors_are_estimated(record: Record) -> None:
    assert "Colors are estimated, not documented." in record.statement()
    pinned = replace(record, pins=[{"source": "museum inventory"}])
    assert "but for 1 documented" in pinned.statement()
    assert "olors" not in replace(record, steps=record.steps[:1]).statement()


def test_label_follows_what_networks_did(record: Record) -> None:
    assert record.digital_source_type == COMPOSITE
    assert replace(record, steps=record.steps[:1]).digital_source_type == ENHANCED


def test_lies_beside_its_derivative() -> None:
    assert record_path(Path("a/portrait.tif")) == Path("a/portrait.record.json")


def test_says_whose_light_and_dark_it_shows(record: Record) -> None:
    assert record.tones == "plate" and "an eye" not in record.statement()
    toned = replace(record.steps[1], params={"tones": "eye", "saturation": 1.0})
    said = replace(record, steps=[toned])
    assert said.tones == "eye" and said.colored
    assert "(color, eye tones)" in said.statement()
    assert said.statement().endswith("an estimate of what an eye saw, not the plate's own.")
    gray = replace(record, steps=[replace(toned, params={"tones": "eye", "saturation": 0.0})])
    assert gray.tones == "eye" and not gray.colored
    assert "(eye tones)" in gray.statement() and "olors" not in gray.statement()
    assert gray.digital_source_type == COMPOSITE
    idle = replace(gray.steps[0], notes={"idle": "the photograph has colors of its own"})
    kept = replace(record, steps=[record.steps[0], idle])
    assert kept.tones == "plate" and kept.taken == (record.steps[0],)
    assert kept.digital_source_type == ENHANCED and "(tone)" in kept.statement()


def test_reads_records_of_one_derivative(record: Record) -> None:
    written = [{"file": "été.tif", "sha256": "3" * 64}]
    data = json.loads(replace(record, derivatives=written).to_json())
    data["schema"] = "photochrom.record/1"
    for step in data["steps"]:
        (step["model"],) = step.pop("models") or [None]
    (data["derivative"],) = data.pop("derivatives")
    read = Record.from_json(json.dumps(data))
    assert read.derivatives == written
    assert read.steps == record.steps
    assert Record.from_json(json.dumps({**data, "derivative": {}})).derivatives == []


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"schema": "photochrom.record/99"}', '{"schema": 1}']
)
def test_refuses_what_is_no_record(text: str) -> None:
    with pytest.raises(PhotographError, match=r"portrait\.record\.json"):
        Record.from_json(text, "portrait.record.json")


def test_the_statement_says_how_much_was_filled() -> None:
    assert percent(0.0004) == "less than 0.1 %" and percent(0.0239) == "2.4 %"


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("original", "file"), 5),
        (("original", "file"), "\ud800"),
        (("original", "notices"), [None]),
        (("runtime",), {}),
        (("steps", 0, "notes"), None),
        (("steps", 0, "name"), []),
        (("steps", 1, "models"), ["color"]),
        (("pins",), [{"color": [10**9], "source": "a register"}]),
        (("measures",), float("nan")),
    ],
)
def test_refuses_a_record_that_somebody_has_broken(
    record: Record, place: tuple[str | int, ...], value: object
) -> None:
    data = json.loads(record.to_json())
    inner = data
    for key in place[:-1]:
        inner = inner[key]
    inner[place[-1]] = value
    with pytest.raises(PhotographError, match="is not a record"):
        Record.from_json(json.dumps(data))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "no JSON at line 1, column 2"),
        ("{}", '"schema" is missing'),
        ("[" * 100_000, "is not a record"),
    ],
)
def test_what_is_no_record_is_said_in_words(text: str, said: str) -> None:
    with pytest.raises(PhotographError) as raised:
        Record.from_json(text)
    assert said in str(raised.value) and "Error" not in str(raised.value)


@pytest.mark.parametrize("share", ["much", -1, 10**400])
def test_refuses_shares_that_are_none(record: Record, share: object) -> None:
    filled = StepRecord("repair", 1, {}, [], {"share": share})
    data = {**json.loads(record.to_json()), "steps": [vars(filled)]}
    with pytest.raises(PhotographError, match="is not a record"):
        Record.from_json(json.dumps(data))
