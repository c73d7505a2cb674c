"""What a film shows: its photographs, what is known of them, and its storyboard with all words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from photochrom.film.plan import Plan
from photochrom.film.plan.poster import Labels
from photochrom.film.storyboard import Storyboard, photograph_of
from photochrom.orders import Pictures
from photochrom.phrases import Phrases
from photochrom.production.cue_sheet import Picture
from photochrom.production.file import ProductionFile
from photochrom.production.words import credits, disclosures
from photochrom.record import Record


@dataclass(frozen=True)
class Screening:
    """The film of a production, planned.

    Attributes:
        file: The production.
        plan: The film.
        pictures: For each photograph that it shows, its results; preview may lack some.
        known: What is known of those.
    """

    file: ProductionFile
    plan: Plan
    pictures: Mapping[str, Pictures]
    known: Mapping[str, Picture]


def shown(file: ProductionFile) -> list[str]:
    """Ids of the photographs that the film shows, each once."""
    named = (photograph_of(item) for item in file.production.shots)
    return list(dict.fromkeys(id for id in named if id is not None))


def described(file: ProductionFile, pictures: Mapping[str, Pictures]) -> dict[str, Picture]:
    """What is known of the photographs that the film shows and that have results, by their ids."""
    return {
        id: Picture(file.production.entry(id), Record.open(pictures[id].record))
        for id in shown(file)
        if id in pictures
    }


def storyboard_of(
    file: ProductionFile,
    known: Mapping[str, Picture],
    scanned: Sequence[str] = (),
    statement: str = "",
) -> Storyboard:
    """The film's storyboard, with what its cards say of the photographs in it.

    Args:
        file: The production.
        known: From `described`.
        scanned: Ids of photographs that are shown although they are not restored.
        statement: What else the audience has to be told.
    """
    say = file.production.film.say
    records = [picture.record for picture in known.values()]
    texts = []
    for told in disclosures(records, say) if records else ("",):
        said = [told] if told else []
        if scanned:
            said.insert(0, say("disclosure-unrestored", len(scanned)))
        said = said or [say("disclosure-no-photograph")]
        texts.append(say.sentences([*said, statement]))
    named = credits((file.production.entry(id) for id in shown(file)), say)
    return file.storyboard(texts, named)


def labels(pictures: Mapping[str, Picture], say: Phrases) -> Labels:
    """What a picture of each photograph says of itself: what restored pictures say, too."""
    return {
        id: {
            "digital_source_type": one.record.digital_source_type,
            "statement": one.treatment(say).statement,
        }
        for id, one in pictures.items()
    }
