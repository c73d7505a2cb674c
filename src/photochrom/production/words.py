"""What is said about the pictures of a film: the disclosure, the credits, what was done to each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from photochrom.film.storyboard import Credit
from photochrom.production.schema import Entry
from photochrom.record import Record, StepRecord

_MOST_SOURCES = 3


@dataclass(frozen=True)
class Treatment:
    """What was done to one photograph, in words for a table.

    Attributes:
        steps: The steps in their order ("tone, repair, clarity (x2), color").
        networks: Each network and the step that used it ("find-defects (repair)").
        color: "none" for a black-and-white result, else what its colors are worth.
        documented: Each documented color once, with its source ("#1b2233: regulations, 1941").
    """

    steps: str
    networks: tuple[str, ...]
    color: str
    documented: tuple[str, ...]


def disclosure(records: Sequence[Record]) -> str:
    """Says for the audience what was done to the photographs and what of it is documented.

    It is short enough to be read from a card; the records beside the pictures say it all.

    Args:
        records: Of the photographs in the film, in any order.
    """
    colored = [record for record in records if record.colored]
    sentences = [_restored(records)]
    if colored:
        sentences.append(_colored(colored, len(records)))
        sentences.append(_documented(colored))
    if toned := [record for record in records if record.tones == "eye"]:
        sentences.append(_toned(toned, len(records)))
    sentences.append("The originals are unchanged.")
    return " ".join(sentence for sentence in sentences if sentence)


def credits(entries: Iterable[Entry]) -> tuple[Credit, ...]:
    """Names everyone whom the photographs in a film give credit to, each once."""
    entries = list(entries)
    photographs = _once(
        f"{entry.credit} ({entry.license})"
        if entry.credit and entry.license
        else entry.credit or entry.license
        for entry in entries
    )
    lines = [
        Credit(role="Photographs", names=photographs) if photographs else None,
        Credit(role="Sources", names=sources)
        if (sources := _once(entry.source for entry in entries))
        else None,
        Credit(role="Restored with", names=("photochrom",)),
    ]
    return tuple(line for line in lines if line is not None)


def treatment(record: Record) -> Treatment:
    """What a record says of its photograph.

    Args:
        record: Of a photograph.
    """
    networks = _once(
        f"{model['name']} ({step.name})" for step in record.taken for model in step.models
    )
    documented: tuple[str, ...] = ()
    color = "none"
    if record.colored:
        documented = _pins(record.pins)
        color = f"estimated, {len(record.pins)} documented" if documented else "estimated"
    tones = ["eye tones"] if record.tones == "eye" else []
    seen = (step for step in record.taken if step.name != "color" or record.colored)
    steps = ", ".join([*(_step(step) for step in seen), *tones])
    return Treatment(steps, networks, color, documented)


def _step(step: StepRecord) -> str:
    scale = step.params.get("scale", 1)
    return step.name if scale == 1 else f"{step.name} (x{scale})"


def _pins(pins: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    counts = Counter((bytes(pin["color"]).hex(), str(pin["source"])) for pin in pins)
    return tuple(
        f"#{color}{f' in {count} places' if count > 1 else ''}: {source}"
        for (color, source), count in counts.items()
    )


def _restored(records: Sequence[Record]) -> str:
    what = {
        "repair": "damage was filled in",
        "clarity": "detail was sharpened",
    }
    done = {step.name for record in records for step in record.steps if _changed(step.params)}
    named = [words for step, words in what.items() if step in done]
    subject = "This photograph was" if len(records) == 1 else "These photographs were"
    rest = f": {' and '.join(named)}" if named else ""
    return f"{subject} restored by computer{rest}."


def _changed(params: dict[str, object]) -> bool:
    return params.get("scale") != 1


def _colored(colored: Sequence[Record], all_: int) -> str:
    if len(colored) == all_:
        subject = "Its colors were" if all_ == 1 else "Their colors were"
    else:
        subject = f"The colors of {len(colored)} of the {all_} were"
    networks = _once(
        model["name"]
        for record in colored
        for step in record.steps
        if step.name == "color"
        for model in step.models
    )
    by = f" ({', '.join(networks)})" if networks else ""
    return f"{subject} estimated by a neural network{by} and are no evidence."


def _toned(toned: Sequence[Record], all_: int) -> str:
    if len(toned) == all_:
        subject = "Its light and dark are" if all_ == 1 else "Their light and dark are"
    else:
        subject = f"Light and dark of {len(toned)} of the {all_} are"
    return f"{subject} an estimate of what an eye saw, not the plate's own."


def _documented(colored: Sequence[Record]) -> str:
    pins = [pin for record in colored for pin in record.pins]
    if not pins:
        return ""
    sources = _once(str(pin["source"]) for pin in pins)
    more = len(sources) - _MOST_SOURCES
    named = "; ".join(sources[:_MOST_SOURCES]) + (f"; and {more} more" if more > 0 else "")
    count = "One color is" if len(pins) == 1 else f"{len(pins)} colors are"
    return f"{count} documented: {named}."


def _once(texts: Iterable[str]) -> tuple[str, ...]:
    """Each text that is not empty, once, in the order of its first appearance."""
    return tuple(dict.fromkeys(text for text in texts if text))
