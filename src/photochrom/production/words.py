"""What a film says about its own pictures: the disclosure, the credits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from photochrom.film.storyboard import Credit
from photochrom.phrases import Phrases
from photochrom.production.schema import Entry
from photochrom.production.treatment import looked_up, once, reported, share_said, variant_of
from photochrom.record import Record

_MOST_SOURCES = 3


def disclosures(records: Sequence[Record], say: Phrases) -> tuple[str, ...]:
    """Says for the audience what was done to the photographs and what of it is documented.

    It is short enough to be read from a card; the records beside the pictures say it all.

    Args:
        records: Of the photographs in the film, in any order.
        say: The film's own words.

    Returns:
        All of it; less, for a card that is not seen long enough to be told all; little; and the
        least.
    """
    whole, less = (disclosure(records, say, whole=whole) for whole in (True, False))
    return whole, less, brief_disclosure(records, say), briefest_disclosure(records, say)


def disclosure(records: Sequence[Record], say: Phrases, *, whole: bool = True) -> str:
    """The longer ones of these.

    Args:
        records: Of the photographs in the film, in any order.
        say: The film's own words.
        whole: Whether it is told, too, how far documented colors reach, which photographs were
            colored together, and in which a variant was chosen.
    """
    colored = [record for record in records if record.colored]
    toned = [record for record in records if record.tones == "eye"]
    more = [_covered(colored, say), _agreed(colored, say), _varied(colored, say)]
    return say.sentences(
        [
            _restored(records, say),
            _colored(colored, len(records), say),
            _documented(colored, say),
            _reported(colored, say),
            *(more if whole else []),
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
    count = sum(len(looked_up(record)) for record in colored)
    colors = say("done-documented", count) if count else say("done-estimated")
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
    photographs = once(
        say("credits-license", credit=entry.credit, license=entry.license)
        if entry.credit and entry.license
        else entry.credit or entry.license
        for entry in entries
    )
    lines = [
        Credit(role=say("credits-photographs"), names=photographs) if photographs else None,
        Credit(role=say("credits-sources"), names=sources)
        if (sources := once(entry.source for entry in entries))
        else None,
        Credit(role=say("credits-restored-with"), names=("photochrom",)),
    ]
    return tuple(line for line in lines if line is not None)


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
    networks = once(
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
    told = [one for record in colored for one in looked_up(record)]
    return _told("disclosure-documented", told, say)


def _reported(colored: Sequence[Record], say: Phrases) -> str:
    told = [one for record in colored for one in reported(record)]
    return _told("disclosure-reported", told, say)


def _told(name: str, told: Sequence[Mapping[str, Any]], say: Phrases) -> str:
    """How many colors are how sure, and where that can be read; nothing of none."""
    if not told:
        return ""
    sources = once(str(one["source"]) for one in told)
    named = say.listed(sources[:_MOST_SOURCES])
    if (more := len(sources) - _MOST_SOURCES) > 0:
        named = say("disclosure-more-sources", more, sources=named)
    return say(name, len(told), sources=named)


def _covered(colored: Sequence[Record], say: Phrases) -> str:
    share = sum(one.known.get("documented", 0.0) for one in colored) / max(1, len(colored))
    return say("disclosure-covered", share=share_said(share, say)) if share else ""


def _agreed(colored: Sequence[Record], say: Phrases) -> str:
    # Of others, too, nothing may be left where references and pins go before.
    count = sum(one.known.get("agreed", 0.0) > 0 for one in colored)
    return say("disclosure-agreed", count) if count else ""


def _varied(colored: Sequence[Record], say: Phrases) -> str:
    count = sum(variant_of(one) is not None for one in colored)
    return say("disclosure-variant", count) if count else ""
