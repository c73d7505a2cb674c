"""The few words in which people say how a picture shall look, as parameters of a recipe."""

from __future__ import annotations

from dataclasses import replace

from photochrom.errors import RecipeError
from photochrom.recipe import Recipe
from photochrom.steps.words import in_words

_AFTER_SHARPEN = ("color", "grain")
"""Colors are joined along sharp edges, and grain that is put back is not sharpened."""


def dialed(
    recipe: Recipe,
    *,
    repair: str | None = None,
    color: str | None = None,
    sharpen: float | None = None,
    crisp: float | None = None,
    keep_grain: bool = False,
) -> Recipe:
    """A recipe as people ask for it; what they do not say stays as it is.

    Args:
        recipe: What to begin with.
        repair: "gentle", "normal" or "strong" (`steps.words`).
        color: "quiet", "natural" or "vivid".
        sharpen: How much contrast fine detail gains, 0..1: the step `sharpen`, which is put into
            recipes that have none.
        crisp: How sharp an enlargement is between the plate's pixels, 0..1: `clarity.crispness`.
        keep_grain: Whether the grain of the plate stays, with all noise: `clean.strength` 0.

    Raises:
        RecipeError: There is no such word, or the recipe has no such step, or enlarges nothing that
            could be crisp.
    """
    for step, word in (("repair", repair), ("color", color)):
        if word is not None:
            recipe = recipe.with_params(step, **in_words(step, word))
    if sharpen is not None:
        recipe = _sharpened(recipe, sharpen)
    if crisp is not None:
        recipe = _crisp(recipe, crisp)
    if keep_grain and "clean" in recipe.steps:
        recipe = recipe.with_params("clean", strength=0)
    return recipe


def _crisp(recipe: Recipe, crispness: float) -> Recipe:
    if "clarity" not in recipe.steps or getattr(recipe.params["clarity"], "scale", 1) == 1:
        if crispness == 0:
            return recipe
        raise RecipeError(
            f"the recipe {recipe.name!r} enlarges nothing that could be crisp",
            fix="ask for --scale 2 or --scale 4, or for --sharpen",
        )
    return recipe.with_params("clarity", crispness=crispness)


def _sharpened(recipe: Recipe, amount: float) -> Recipe:
    if "sharpen" not in recipe.steps:
        if amount == 0:
            return recipe
        steps = recipe.steps
        at = next((n for n, step in enumerate(steps) if step in _AFTER_SHARPEN), len(steps))
        recipe = replace(recipe, steps=(*steps[:at], "sharpen", *steps[at:]))
    return recipe.with_params("sharpen", amount=amount)
