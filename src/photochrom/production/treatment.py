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
        documented: Each color that is documented or reported once, with its source ("#1b2233:
            regulations, 1941").
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
        documented = (*_pins(record, say), *_references(record, say))
        count = len(looked_up(record))
        color = say("done-colors-documented", count) if count else say("done-colors")
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
    if record.colored and (count := len(looked_up(record))):
        said.append(say("done-documented", count))
    elif record.colored:
        said.append(say("done-estimated"))
    if record.colored and (told := reported(record)):
        sources = say.listed(once(str(one["source"]) for one in told))
        said.append(say("disclosure-reported", len(told), sources=sources))
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


def _shares(record: Record, say: Phrases) -> str:
    """How sure the colors of a photograph are, in words; empty if nobody has told anything."""
    if not record.colored or not record.known:
        return ""
    known = {how: record.known.get(how, 0.0) for how in ("documented", "reported", "agreed")}
    shares = {how: share_said(share, say) for how, share in known.items()}
    shares["guessed"] = share_said(max(0.0, 1 - sum(known.values())), say)
    name = "done-shares-reported" if known["reported"] else "done-shares"
    return say(name, None, **shares)


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


def _pins(record: Record, say: Phrases) -> tuple[str, ...]:
    counts = Counter(
        (f"#{bytes(pin['color']).hex()}", _source(pin, say))
        for pin in (*record.documented, *record.reported)
    )
    return tuple(
        say.labelled(color if count == 1 else say("done-places", count, color=color), source)
        for (color, source), count in counts.items()
    )


def _source(told: Mapping[str, Any], say: Phrases) -> str:
    source = str(told["source"])
    return say("done-reported", source=source) if told.get("sure") == "reported" else source


def looked_up(record: Record) -> list[Mapping[str, Any]]:
    """The pins and references that somebody can look up; a reference counts as one color."""
    return [*record.documented, *(one for one in record.references if one["sure"] == "documented")]


def reported(record: Record) -> list[Mapping[str, Any]]:
    """The same of what somebody has told."""
    return [*record.reported, *(one for one in record.references if one["sure"] == "reported")]


def _references(record: Record, say: Phrases) -> tuple[str, ...]:
    told = (one for one in record.references if one["sure"] != "assumed")
    return tuple(say.labelled(str(one["name"]), _source(one, say)) for one in told)


def once(texts: Iterable[str]) -> tuple[str, ...]:
    """Each text that is not empty, once, in the order of its first appearance."""
    return tuple(dict.fromkeys(text for text in texts if text))
