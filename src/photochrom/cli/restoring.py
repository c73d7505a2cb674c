"""What is asked for in words on the command line of `photochrom restore`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from photochrom.cli.options import FORMATS, SCALES

if TYPE_CHECKING:
    from photochrom.emulsion import Tones
    from photochrom.places import Place
    from photochrom.recipe import Recipe
    from photochrom.steps.plate import Pin


def recipe_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """What every command takes that says what is to be done to photographs: `recipe_name`, `steps`,
    `scale`, `changes` and `formats`."""
    options = (
        click.option(
            "--recipe",
            "recipe_name",
            default="faithful",
            show_default=True,
            metavar="R",
            help="A preset, or a recipe file ending in .toml.",
        ),
        click.option(
            "--steps", metavar="A,B", help="Only these steps of the recipe, in this order."
        ),
        click.option(
            "--scale", type=click.Choice(SCALES), help="Enlarge by this factor (step clarity)."
        ),
        click.option(
            "--set",
            "changes",
            multiple=True,
            metavar="STEP.KEY=VALUE",
            help="Set a parameter of a step, e.g. color.sizes=[256,320]; may be given several "
            "times.",
        ),
        click.option(
            "--format",
            "formats",
            metavar="F,G",
            help=f"What derivatives are written as: {', '.join(FORMATS)}; several with commas.  "
            "[default: tiff; jpeg if PHOTO is one file of this machine]",
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command


def is_single(photos: Sequence[Place]) -> bool:
    """Whether one picture of this machine is named, as by who wants to see and to send it; masters
    come in folders, and in buckets."""
    return len(photos) == 1 and isinstance(photos[0], Path) and not photos[0].is_dir()


def formats_of(text: str | None, photos: Sequence[Place]) -> tuple[str, ...]:
    """The formats that are asked for, or that suit what is named."""
    if text is None:
        return ("jpeg",) if is_single(photos) else ("tiff",)
    named = tuple(dict.fromkeys(one.strip().lower() for one in text.split(",") if one.strip()))
    for one in named:
        if one not in FORMATS:
            raise click.BadParameter(
                f"{one!r} is none of {', '.join(FORMATS)}.", param_hint="--format"
            )
    if not named:
        raise click.BadParameter("names no format.", param_hint="--format")
    return named


def checked_suffix(text: str) -> str:
    """What is added to the names of results: nothing that leads elsewhere, and no ending."""
    if any(sign in './\\:*?"<>|' or not sign.isprintable() for sign in text):
        raise click.BadParameter(
            f"{text!r} cannot be part of a name; take letters, digits, spaces, - and _.",
            param_hint="--suffix",
        )
    return text


def pin_of(text: str) -> Pin:
    from photochrom.steps.plate import Pin

    place, _, rest = text.partition("=")
    color, _, source = rest.partition("=")
    try:
        x, y = (float(part) for part in place.split(","))
        if not (0 <= x <= 1 and 0 <= y <= 1):
            raise ValueError("the place is outside the picture: shares go from 0 to 1")
        if not source.strip():
            raise ValueError("a documented color has a source")
        return Pin((x, y), color.strip(), source.strip())
    except ValueError as error:
        raise click.BadParameter(
            f"{text!r}: {error}; write X,Y=#RRGGBB=SOURCE.", param_hint="--pin"
        ) from error


def recipe_of(
    name: str,
    steps: str | None,
    scale: str | None,
    tones: Tones | None,
    changes: tuple[str, ...],
) -> Recipe:
    from photochrom.recipe import Recipe

    recipe = Recipe.open(name)
    if steps is not None:
        recipe = recipe.only(step.strip() for step in steps.split(",") if step.strip())
    if scale is not None:
        recipe = recipe.with_scale(int(scale))
    if tones is not None:
        recipe = recipe.with_tones(tones)
    for change in changes:
        recipe = recipe.with_change(change)
    return recipe
