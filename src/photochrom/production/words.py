"""What is said about the pictures of a film: the disclosure, the credits, what was done to each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from photochrom.film.storyboard import Credit
from photochrom.phrases import Phrases
from photochrom.production.schema import Entry
from photochrom.record import LEAST_SHARE, Record, StepRecord

_MOST_SOURCES = 3


@dataclass(frozen=True)
class Treatment:
    """What was done to one photograph, in words for a table.

    Attributes:
        steps: The steps in their order ("tone, repair, clarity (x2), color").
        networks: Each network and the step that used it ("find-defects (repair)").
        color: "none" for a black-and-white result, else what its colors are worth.
        documented: Each documented color once, with its source ("#1b2233: regulations, 1941").
        statement: All of it in a few sentences, as `Record.statement` says it in English.
    """

    steps: str
    networks: tuple[str, ...]
    color: str
    documented: tuple[str, ...]
    statement: str


def disclosure(records: Sequence[Record], say: Phrases) -> str:
    """Says for the audience what was done to the photographs and what of it is documented.

    It is short enough to be read from a card; the records beside the pictures say it all.

    Args:
        records: Of the photographs in the film, in any order.
        say: The film's own words.
    """
    colored = [record for record in records if record.colored]
    toned = [record for record in records if record.tones == "eye"]
    return say.sentences(
        [
            _restored(records, say),
            _colored(colored, len(records), say),
            _documented(colored, say),
            _some("disclosure-toned", toned, len(records), say),
            say("disclosure-unchanged"),
        ]
    )


def brief_disclosure(records: Sequence[Record], say: Phrases) -> str:
    """The same for a card that is seen too short a time to be told all of it.

    Args:
        records: Of the photographs in the film, in any order.
        say: The film's own words.
    """
    colored = [record for record in records if record.colored]
    pins = sum(len(record.pins) + len(_referred(record)) for record in colored)
    colors = say("done-documented", pins) if pins else say("done-estimated")
    return say.sentences([say("disclosure-restored", len(records)), colors if colored else ""])


def briefest_disclosure(records: Sequence[Record], say: Phrases) -> str:
    """The same in as few words as can be, for a card of two or three seconds.

    Args:
        records: Of the photographs in the film, in any order.
        say: The film's own words.
    """
    colored = any(record.colored for record in records)
    return say("disclosure-briefest") if colored else say("disclosure-restored", len(records))


def usual_disclosure(say: Phrases, *, brief: bool = False) -> str:
    """What the disclosure of a usual film says: how long it has to be seen hangs on it.

    Args:
        say: The film's own words.
        brief: Of a short film.
    """
    by = say("disclosure-by", networks="photochrom-color")
    if brief:
        return say.sentences([say("disclosure-restored", 2), say("done-estimated")])
    return say.sentences(
        [
            say("disclosure-restored-repair", 2),
            say("disclosure-colored", 2, by=by),
            say("disclosure-unchanged"),
        ]
    )


def credits(entries: Iterable[Entry], say: Phrases) -> tuple[Credit, ...]:
    """Names everyone whom the photographs in a film give credit to, each once."""
    entries = list(entries)
    photographs = _once(
        say("credits-license", credit=entry.credit, license=entry.license)
        if entry.credit and entry.license
        else entry.credit or entry.license
        for entry in entries
    )
    lines = [
        Credit(role=say("credits-photographs"), names=photographs) if photographs else None,
        Credit(role=say("credits-sources"), names=sources)
        if (sources := _once(entry.source for entry in entries))
        else None,
        Credit(role=say("credits-restored-with"), names=("photochrom",)),
    ]
    return tuple(line for line in lines if line is not None)


def treatment(record: Record, say: Phrases) -> Treatment:
    """What a record says of its photograph.

    Args:
        record: Of a photograph.
        say: The film's own words.
    """
    networks = _once(
        say("done-network", network=model["name"], step=say(f"done-{step.name}"))
        for step in record.taken
        for model in step.models
    )
    documented: tuple[str, ...] = ()
    color = say("done-no-colors")
    if record.colored:
        documented = (*_pins(record.documented, say), *_references(record, say))
        count = len(record.documented) + len(_referred(record))
        color = say("done-colors-documented", count) if documented else say("done-colors")
    steps = say.enumerated([*(_step(step, say) for step in _seen(record)), *_tones(record, say)])
    return Treatment(steps, networks, color, documented, statement(record, say))


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
        said.append(say("done-filled", share=_share(record.filled, say)))
    if record.colored and (count := len(record.documented) + len(_referred(record))):
        said.append(say("done-documented", count))
    elif record.colored:
        said.append(say("done-estimated"))
    if record.colored and record.references:
        sources = say.listed(_once(str(one["source"]) for one in record.references))
        said.append(say("done-referred", sources=sources))
    if record.colored and record.companions:
        said.append(say("done-agreed", len(record.companions)))
    if record.in_color:
        said.append(say("done-own-colors-faded" if record.faded else "done-own-colors"))
    if record.tones == "eye":
        said.append(say("done-toned"))
    return say.sentences(said)


def _share(share: float, say: Phrases) -> str:
    """What `percent` says, in the language of a film."""
    figure = f"{100 * max(share, LEAST_SHARE):.1f}".replace(".", say("decimal-mark"))
    said = say("share", figure=figure)
    return said if share >= LEAST_SHARE else say("share-less", share=said)


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


def _referred(record: Record) -> list[Mapping[str, Any]]:
    """The references that somebody can look up or has told of; each counts as one color."""
    return [one for one in record.references if one["sure"] != "assumed"]


def _references(record: Record, say: Phrases) -> tuple[str, ...]:
    return tuple(say.labelled(str(one["name"]), str(one["source"])) for one in _referred(record))


def _restored(records: Sequence[Record], say: Phrases) -> str:
    done = {step.name for record in records for step in record.steps if _changed(step.params)}
    how = {
        (True, True): "-both",
        (True, False): "-repair",
        (False, True): "-clarity",
        (False, False): "",
    }
    return say(f"disclosure-restored{how['repair' in done, 'clarity' in done]}", len(records))


def _changed(params: dict[str, object]) -> bool:
    return params.get("scale") != 1


def _colored(colored: Sequence[Record], all_: int, say: Phrases) -> str:
    networks = _once(
        model["name"]
        for record in colored
        for step in record.steps
        if step.name == "color"
        for model in step.models
    )
    by = say("disclosure-by", networks=say.enumerated(networks)) if networks else ""
    return _some("disclosure-colored", colored, all_, say, by=by)


def _some(name: str, some: Sequence[Record], all_: int, say: Phrases, **filled: str) -> str:
    """A sentence about all photographs, or about some of them; none about nothing."""
    if not some:
        return ""
    name = name if len(some) == all_ else f"{name}-some"
    return say(name, len(some), all=all_, **filled)


def _documented(colored: Sequence[Record], say: Phrases) -> str:
    told = [one for record in colored for one in (*record.documented, *_referred(record))]
    if not told:
        return ""
    sources = _once(str(one["source"]) for one in told)
    named = say.listed(sources[:_MOST_SOURCES])
    if (more := len(sources) - _MOST_SOURCES) > 0:
        named = say("disclosure-more-sources", more, sources=named)
    return say("disclosure-documented", len(told), sources=named)


def _once(texts: Iterable[str]) -> tuple[str, ...]:
    """Each text that is not empty, once, in the order of its first appearance."""
    return tuple(dict.fromkeys(text for text in texts if text))
