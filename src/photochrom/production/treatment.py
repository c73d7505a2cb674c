"""What was done to a photograph, in the words of a film: for its cue sheet, and for its cards."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from photochrom.phrases import Phrases
from photochrom.record import LEAST_SHARE, Record, StepRecord
from photochrom.variant import LETTERS


@dataclass(frozen=True)
class Treatment:
    """What was done to one photograph, in words for a table.

    Attributes:
        steps: The steps in their order ("tone, repair, clarity (x2), color").
        networks: Each network and the step that used it ("find-defects (repair)").
        color: "none" for a black-and-white result, else what its colors are worth.
        documented: Each documented color once, with its source ("#1b2233: regulations, 1941").
        shares: How much of the colored area is documented, agreed on and guessed; empty if nobody
            has told anything.
        statement: All of it in a few sentences, as `Record.statement` says it in English.
    """

    steps: str
    networks: tuple[str, ...]
    color: str
    documented: tuple[str, ...]
    shares: str
    statement: str


def treatment(record: Record, say: Phrases) -> Treatment:
    """What a record says of its photograph.

    Args:
        record: Of a photograph.
        say: The film's own words.
    """
    networks = once(
        say("done-network", network=model["name"], step=say(f"done-{step.name}"))
        for step in record.taken
        for model in step.models
    )
    documented: tuple[str, ...] = ()
    color = say("done-no-colors")
    if record.colored:
        documented = (*_pins(record.documented, say), *_references(record, say))
        count = len(record.documented) + len(referred(record))
        color = say("done-colors-documented", count) if documented else say("done-colors")
        if (shown := variant_of(record)) is not None:
            letter, all_ = shown["letter"], len(shown["of"])
            color = say("done-color-variant", color=color, letter=letter, all=all_)
    steps = say.enumerated([*(_step(step, say) for step in _seen(record)), *_tones(record, say)])
    told = statement(record, say)
    return Treatment(steps, networks, color, documented, _shares(record, say), told)


def statement(record: Record, say: Phrases) -> str:
    """What `Record.statement` says, in the language of a film.

    Args:
        record: Of a photograph.
        say: The film's own words.
    """
    done = [*(say(f"done-{step.name}") for step in _seen(record)), *_tones(record, say)]
    version = record.runtime["photochrom"]
    said = [say("done-restored", version=version, steps=say.enumerated(done))]
    if record.filled:
        said.append(say("done-filled", share=share_said(record.filled, say)))
    if record.colored and (count := len(record.documented) + len(referred(record))):
        said.append(say("done-documented", count))
    elif record.colored:
        said.append(say("done-estimated"))
    if record.colored and record.references:
        sources = say.listed(once(str(one["source"]) for one in record.references))
        said.append(say("done-referred", sources=sources))
    if record.colored and record.companions:
        said.append(say("done-agreed", len(record.companions)))
    if (shown := variant_of(record)) is not None:
        likely = _figure(float(shown["likely"]), 2, say)
        letters = {"letter": shown["letter"], "first": LETTERS[0]}
        said.append(say("done-variant", **letters, all=len(shown["of"]), likely=likely))
    if record.in_color:
        said.append(say("done-own-colors-faded" if record.faded else "done-own-colors"))
    if record.tones == "eye":
        said.append(say("done-toned"))
    return say.sentences(said)


def share_said(share: float, say: Phrases) -> str:
    """What `percent` says, in the language of a film; of nothing, nothing."""
    if share == 0:
        return say("share", figure="0")
    said = say("share", figure=_figure(100 * max(share, LEAST_SHARE), 1, say))
    return said if share >= LEAST_SHARE else say("share-less", share=said)


def _figure(value: float, places: int, say: Phrases) -> str:
    return f"{value:.{places}f}".replace(".", say("decimal-mark"))


def told_of(record: Record) -> float:
    """The share of its colored area that somebody can look up or has told of."""
    return record.known.get("documented", 0.0) + record.known.get("reported", 0.0)


def _shares(record: Record, say: Phrases) -> str:
    """How sure the colors of a photograph are, in words; empty if nobody has told anything."""
    if not record.colored or not record.known:
        return ""
    told, agreed = told_of(record), record.known.get("agreed", 0.0)
    return say(
        "done-shares",
        documented=share_said(told, say),
        agreed=share_said(agreed, say),
        guessed=share_said(max(0.0, 1 - told - agreed), say),
    )


def variant_of(record: Record) -> Mapping[str, Any] | None:
    """What is told of a picture that is not the first of its variants; None of all others."""
    told = record.variant if record.colored else None
    return None if told is None or told["letter"] == LETTERS[0] else told


def _seen(record: Record) -> list[StepRecord]:
    """The steps that can be seen in the result."""
    return [step for step in record.taken if step.name != "color" or record.colored]


def _tones(record: Record, say: Phrases) -> list[str]:
    return [say("done-eye-tones")] if record.tones == "eye" else []


def _step(step: StepRecord, say: Phrases) -> str:
    scale, name = step.params.get("scale", 1), say(f"done-{step.name}")
    return name if scale == 1 else say("done-scaled", step=name, scale=scale)


def _pins(pins: Iterable[Mapping[str, Any]], say: Phrases) -> tuple[str, ...]:
    counts = Counter((f"#{bytes(pin['color']).hex()}", str(pin["source"])) for pin in pins)
    return tuple(
        say.labelled(color if count == 1 else say("done-places", count, color=color), source)
        for (color, source), count in counts.items()
    )


def referred(record: Record) -> list[Mapping[str, Any]]:
    """The references that somebody can look up or has told of; each counts as one color."""
    return [one for one in record.references if one["sure"] != "assumed"]


def _references(record: Record, say: Phrases) -> tuple[str, ...]:
    return tuple(say.labelled(str(one["name"]), str(one["source"])) for one in referred(record))


def once(texts: Iterable[str]) -> tuple[str, ...]:
    """Each text that is not empty, once, in the order of its first appearance."""
    return tuple(dict.fromkeys(text for text in texts if text))
