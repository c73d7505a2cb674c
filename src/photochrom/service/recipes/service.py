"""What there is to choose."""

from __future__ import annotations

from typing import Final

from photochrom.emulsion import Emulsion, usual_years, weights
from photochrom.nets import Registry
from photochrom.recipe import Recipe
from photochrom.service.recipes.schemas import EmulsionShown, NetworkShown, RecipeShown

_ABOUT: Final = {
    Emulsion.BLUE_SENSITIVE: (
        "Wet and early dry plates: they saw blue and little else: skies are white, reds black."
    ),
    Emulsion.ORTHOCHROMATIC: "Plates and roll film that saw blue and green, and no red.",
    Emulsion.PANCHROMATIC: "Film that saw all colors, nearly as an eye does.",
    Emulsion.UNKNOWN: "Nobody knows; it is treated as panchromatic.",
}


def recipes() -> list[RecipeShown]:
    """The recipes that come with photochrom, the default first."""
    return [RecipeShown.of(Recipe.preset(name)) for name in Recipe.presets()]


def emulsions() -> list[EmulsionShown]:
    """The kinds of emulsions, the oldest first."""
    found = []
    for emulsion in Emulsion:
        first, last = usual_years(emulsion)
        found.append(
            EmulsionShown(
                name=emulsion,
                description=_ABOUT[emulsion],
                first_year=first,
                last_year=last,
                weights=weights(emulsion),
            )
        )
    return found


def networks() -> list[NetworkShown]:
    """The networks there are, those that are used by default first."""
    return [NetworkShown.of(card) for card in Registry.default().cards()]
