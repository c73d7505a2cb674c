"""What made a picture and would make it otherwise today: older steps, other networks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pydantic import ValidationError

from photochrom.errors import PhotochromError
from photochrom.nets import Card, Registry
from photochrom.recipe import Recipe
from photochrom.record import Record, StepRecord
from photochrom.restoration import cards_used
from photochrom.steps import STEPS


def older(record: Record, registry: Registry) -> tuple[str, ...]:
    """In what the steps and networks of a record differ from those that are here, in words.

    A step that found nothing to do is compared like any other: another version of it might.

    Args:
        record: Of a picture.
        registry: The networks that are here.
    """
    return tuple(dict.fromkeys(_differences(record, registry)))


def _differences(record: Record, registry: Registry) -> Iterator[str]:
    same: list[StepRecord] = []
    for step in record.steps:
        here = STEPS.get(step.name)
        if here is None:
            yield f"there is no step {step.name} any more"
        elif here.version != step.version:
            yield f"the step {step.name} was of version {step.version}, and is of {here.version}"
        else:
            same.append(step)
    for step in same:
        if step.models:
            yield from _networks(step, registry)


def _networks(step: StepRecord, registry: Registry) -> Iterator[str]:
    try:
        cards = _cards(step, registry)
    except (PhotochromError, ValidationError):
        names = " and ".join(str(one.get("name")) for one in step.models)
        yield f"there is no network {names} here for the step {step.name}"
        return
    here = {card.name: card.sha256 for card in cards}
    for model in step.models:
        name = model.get("name", "")
        if name not in here:
            yield f"the step {step.name} used the network {name}, and would use {', '.join(here)}"
        elif here[name] != model.get("sha256"):
            yield f"the network {name} has changed"


def _cards(step: StepRecord, registry: Registry) -> list[Card]:
    """The networks that a step would use today with the same parameters."""
    params: Any = STEPS[step.name].params.model_validate(step.params)
    recipe = Recipe(step.name, (step.name,), {step.name: params})
    return cards_used(recipe, registry).get(step.name, [])
