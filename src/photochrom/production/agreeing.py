"""Which photographs agree on their colors: those of one scene, and those of one subject."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Final

from photochrom.nets import Registry
from photochrom.orders import Companion, Order, glance_key
from photochrom.production.schema import Entry, Production

MOST: Final = 12
"""How many others a photograph asks at most: those nearest to it in the file."""


def agreeing(
    production: Production, orders: Mapping[str, Order], registry: Registry
) -> dict[str, Order]:
    """Orders of photographs, with those that each agrees with.

    Args:
        production: The production.
        orders: What is ordered of each photograph by itself, by id; of others nothing is learned.
        registry: Where networks come from.

    Raises:
        ModelError: There is no network for one of them.
    """

    @cache
    def key_of(id: str) -> str:
        return glance_key(orders[id], registry)

    found = {}
    for index, entry in enumerate(production.photographs):
        if entry.id in orders:
            others = (production.photographs[one].id for one in companions(production, index))
            named = [one for one in others if one in orders and _colors(orders[one])]
            lent = tuple(Companion(one, key_of(one)) for one in named)
            found[entry.id] = replace(orders[entry.id], companions=lent)
    return found


def companions(production: Production, index: int) -> tuple[int, ...]:
    """The photographs whose colors a photograph's agree with, in the file's order.

    Args:
        production: The production.
        index: Which photograph of it.
    """
    entries = production.photographs
    entry = entries[index]
    if not production.agree or not entry.agree:
        return ()
    others = [
        number
        for number, other in enumerate(entries)
        if number != index and other.agree and _together(entry, other)
    ]

    def distance(number: int) -> tuple[bool, int]:
        # Those of its scene first: they were taken there.
        return not _of_scene(entry, entries[number]), abs(number - index)

    return tuple(sorted(sorted(others, key=distance)[:MOST]))


def _together(one: Entry, other: Entry) -> bool:
    return _of_scene(one, other) or bool(_subjects(one) & _subjects(other))


def _of_scene(one: Entry, other: Entry) -> bool:
    return one.scene is not None and one.scene == other.scene


def _subjects(entry: Entry) -> set[str]:
    """Who and what is seen in a photograph; whose part has a color there need not be listed."""
    parts = (one.part.partition(".")[0] for one in entry.colors if one.part is not None)
    return {*entry.subjects, *parts}


def _colors(order: Order) -> bool:
    return "color" in order.recipe.steps
