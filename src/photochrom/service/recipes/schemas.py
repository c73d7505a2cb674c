"""What is said of recipes, emulsions and networks."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, Field

from photochrom.emulsion import Emulsion
from photochrom.nets.card import Card
from photochrom.recipe import Recipe


class StepShown(BaseModel):
    """A step of a recipe."""

    name: str = Field(examples=["color"])
    parameters: dict[str, Any] = Field(
        description="All of them, with their values.", examples=[{"saturation": 1.12}]
    )


class RecipeShown(BaseModel):
    """A recipe that comes with photochrom."""

    name: str = Field(description="What restorations ask for it by.", examples=["faithful"])
    description: str = Field(description="What it is for, in a sentence.")
    steps: list[StepShown] = Field(description="In the order in which they run.")
    toml: str = Field(description="The same as a recipe file: change it, and send it.")

    @classmethod
    def of(cls, recipe: Recipe) -> RecipeShown:
        """A preset as it is told."""
        steps = [
            StepShown(name=name, parameters=recipe.params[name].model_dump(mode="json"))
            for name in recipe.steps
        ]
        description = Recipe.about(recipe.name)
        return cls(name=recipe.name, description=description, steps=steps, toml=recipe.to_toml())


class EmulsionShown(BaseModel):
    """A kind of plate or film, by the colors that it saw."""

    name: Emulsion
    description: str
    first_year: int | None = Field(
        description="From this year on it is taken for the usual one; null for no beginning."
    )
    last_year: int | None = Field(description="Until this year; null for no end.")
    weights: tuple[float, float, float] = Field(
        description="Shares of red, green and blue light that darkened it."
    )


class NetworkShown(BaseModel):
    """A network that does a step's work: what its card says."""

    name: str
    task: str = Field(examples=["color"])
    version: str
    description: str
    license: str = Field(description="SPDX identifier of the weights' license.")
    authors: list[str]
    training: str
    results: dict[str, Any] = Field(description="Measured figures.")
    limits: list[str] = Field(description="What it is known not to do well.")
    sha256: str

    @classmethod
    def of(cls, card: Card) -> NetworkShown:
        """A card as it is told."""
        names = set(cls.model_fields)
        return cls.model_validate(card.model_dump(mode="json", include=names))
