"""Variants of what a batch has made: each a picture of its own, beside the first.

How many there are of a photograph is known when it has been restored, so they are a batch after the
batch.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from photochrom.batch.jobs import Job, Settings
from photochrom.batch.result import Result
from photochrom.places import Place, Url, read
from photochrom.record import Record
from photochrom.steps.plate import Pin


def varied(results: Iterable[Result], settings: Settings) -> Iterator[tuple[Settings, list[Job]]]:
    """What is to be made besides, in batches of one variant and the same documented colors.

    Args:
        results: Of a batch that has made sheets of variants.
        settings: Its own.

    Raises:
        PhotographError: A record that has just been there cannot be read.
        PlaceError: It lies elsewhere, and that cannot be asked.
    """
    batches: dict[tuple[str, tuple[Pin, ...]], list[Job]] = {}
    for result in results:
        if not result.files:
            continue
        record = _record(result.files[-1])
        told = record.variant or {"of": "", "letter": ""}
        pins = tuple(map(Pin.recorded, record.pins))
        for letter in told["of"][: settings.variants]:
            if letter != told["letter"]:
                name = f"{result.job.name}-{letter}"
                batches.setdefault((letter, pins), []).append(replace(result.job, name=name))
    for letter, pins in sorted(batches, key=lambda one: one[0]):
        for jobs in _alone(batches[letter, pins], pins):
            recipe = settings.recipe.with_params("color", variant=letter)
            yield replace(settings, recipe=recipe, pins=pins, beside=()), jobs


def _alone(jobs: list[Job], pins: tuple[Pin, ...]) -> list[list[Job]]:
    """Documented colors are places in one picture."""
    return [[job] for job in jobs] if pins else [jobs]


def _record(place: Place) -> Record:
    if isinstance(place, Path):
        return Record.open(place)
    assert isinstance(place, Url)
    return Record.from_json(read(place).decode("utf-8", "replace"), str(place))
