"""What is asked for in words on the command line of `photochrom restore`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from photochrom.cli.numbers import Number
from photochrom.cli.options import COLORS, FORMATS, FRAMES, REPAIRS, SCALES
from photochrom.cli.panels import PanelOption

if TYPE_CHECKING:
    from photochrom.emulsion import Tones
    from photochrom.orders import Reference
    from photochrom.places import Place
    from photochrom.recipe import Recipe
    from photochrom.trimming import Frame, Trim
    from photochrom.variant import Letter


_FRAME = "The frame: how much of the scan is shown, and how it lies"
_DIALS = "The look, in words (instead of the parameters that the recipe has)"


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


class Dials(NamedTuple):
    """How a picture shall look, in words; None where nothing is said."""

    repair: str | None = None
    color: str | None = None
    sharpen: float | None = None
    crisp: float | None = None
    keep_grain: bool = False


def dial_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The dials: `repair`, `color`, `sharpen`, `crisp` and `keep_grain`."""
    dial = partial(click.option, cls=PanelOption, panel=_DIALS)
    options = (
        dial(
            "--repair",
            type=click.Choice(REPAIRS),
            help="How much is taken for damage and filled: gentle leaves all that may be hair or "
            "lace, strong finds more and is wrong more often (threshold and rim of the step "
            "repair).",
        ),
        dial(
            "--color",
            type=click.Choice(COLORS),
            help="How much color is shown: quiet, natural as in the recipe faithful, vivid as in "
            "cinema (saturation, vibrance and caution of the step color).",
        ),
        dial(
            "--sharpen",
            type=Number(0, 1),
            metavar="0..1",
            help="How much contrast fine detail gains; 0.3 is a little (the step sharpen).",
        ),
        dial(
            "--crisp",
            type=Number(0, 1),
            metavar="0..1",
            help="How sharp an enlargement is where the scan leaves open what was there: 0 stays "
            "with what is sure, 1 makes up its mind (crispness of the step clarity).",
        ),
        dial(
            "--keep-grain",
            is_flag=True,
            help="Leave the grain as it is, and with it all noise (strength 0 of the step clean).",
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command


def trim_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """How much of a scan is shown, and how it lies: `crop`, `straighten` and `frame`."""
    option = partial(click.option, cls=PanelOption, panel=_FRAME)
    options = (
        option(
            "--crop",
            metavar="auto|X,Y,W,H",
            help="auto cuts away what surrounds a print, where its edges are sure, and sees one "
            "straight on that was photographed at an angle; or a part of the scan, in shares of "
            "its width and height (eight numbers: its corners, clockwise from the upper left).",
        ),
        option(
            "--straighten",
            metavar="auto|DEGREES",
            help="Turn it clockwise so that it is level; auto goes by the edges of the print.",
        ),
        option(
            "--frame",
            type=click.Choice(FRAMES),
            help="keep or cut the light border of the print; cut is --crop auto as well.",
        ),
    )
    for one in reversed(options):
        command = one(command)
    return command


def trim_of(crop: str | None, straighten: str | None, frame: Frame | None) -> Trim:
    """What is asked for of the frame.

    Raises:
        BadParameter: It is written in another way.
    """
    from photochrom.trimming import Trim, crop_of, degrees_of

    asked: dict[str, Any] = {}
    for name, text, read in (
        ("crop", crop, crop_of),
        ("straighten", straighten, degrees_of),
        ("frame", frame, str),
    ):
        if text is not None:
            try:
                asked[name] = read(text)
                Trim(**asked)
            except ValueError as error:
                raise click.BadParameter(f"{error}.", param_hint=f"--{name}") from None
    return Trim(**asked)


def references_of(files: Sequence[Path]) -> tuple[Reference, ...]:
    """Pictures that lend their colors, as orders have them.

    Raises:
        PhotographError: One is no picture.
    """
    from photochrom.orders import Reference
    from photochrom.photograph import Photograph

    found = {file: Photograph.probe(file).sha256 for file in files}
    return tuple(Reference(file, digest, file.name) for file, digest in found.items())


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


def beside_of(
    recipe: Recipe, variant: Letter | None, *, sheet: bool, variants: bool, mask: bool
) -> tuple[str, ...]:
    """What is wanted beside the pictures.

    Raises:
        UsageError: There can be none of it.
    """
    if variants and variant is not None:
        raise click.UsageError("--variants shows them all, and --variant is one of them: name one")
    if variants and "color" not in recipe.steps:
        raise click.UsageError(
            "--variants are of what the network is unsure of, and the recipe does not color"
        )
    if mask and "repair" not in recipe.steps:
        raise click.UsageError("--mask shows what repair filled, and the recipe does not repair")
    wanted = {"compare": sheet, "variants": variants, "mask": mask}
    return tuple(kind for kind, is_wanted in wanted.items() if is_wanted)


def recipe_of(
    name: str,
    steps: str | None,
    scale: str | None,
    tones: Tones | None,
    changes: tuple[str, ...],
    dials: Dials | None = None,
) -> Recipe:
    from photochrom.dials import dialed
    from photochrom.recipe import Recipe

    recipe = Recipe.open(name)
    if steps is not None:
        recipe = recipe.only(step.strip() for step in steps.split(",") if step.strip())
    if scale is not None:
        recipe = recipe.with_scale(int(scale))
    if tones is not None:
        recipe = recipe.with_tones(tones)
    if dials is not None:
        recipe = dialed(recipe, **dials._asdict())
    for change in changes:
        recipe = recipe.with_change(change)
    return recipe
