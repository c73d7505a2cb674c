"""`photochrom restore`: one picture, or folders of them."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from photochrom.cli.console import bars, report, report_failures, say, say_notices
from photochrom.cli.options import EMULSIONS, FORMATS, SCALES, STRIPPED, TONES

if TYPE_CHECKING:
    from photochrom.batch import Result
    from photochrom.emulsion import Tones
    from photochrom.recipe import Recipe
    from photochrom.steps.plate import Pin


@click.command("restore")
@click.argument(
    "photos", nargs=-1, required=True, metavar="PHOTO...", type=click.Path(path_type=Path)
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Where derivatives and records go.  [default: a folder 'restored' beside each scan]",
)
@click.option(
    "--recipe",
    "recipe_name",
    default="faithful",
    show_default=True,
    metavar="R",
    help="A preset, or a recipe file ending in .toml.",
)
@click.option("--steps", metavar="A,B", help="Only these steps of the recipe, in this order.")
@click.option("--year", type=click.IntRange(1826, 2100), help="When the photographs were taken.")
@click.option(
    "--emulsion",
    type=click.Choice(EMULSIONS),
    help="How the plate saw color.  [default: the date decides; without a date, unknown]",
)
@click.option("--scale", type=click.Choice(SCALES), help="Enlarge by this factor (step clarity).")
@click.option(
    "--tones",
    type=click.Choice(TONES),
    help="Light and dark as the plate recorded them, or as an eye saw them, by estimate (step "
    "color).  [default: the recipe decides; every preset keeps the plate's]",
)
@click.option(
    "--negative", is_flag=True, help="The scans are of negatives: turn them into positives first."
)
@click.option(
    "--set",
    "changes",
    multiple=True,
    metavar="STEP.KEY=VALUE",
    help="Set a parameter of a step, e.g. color.sizes=[256,320]; may be given several times.",
)
@click.option(
    "--pin",
    "pins",
    multiple=True,
    metavar="X,Y=#RRGGBB=SOURCE",
    help="A documented color at a place in shares of width and height, with its source, e.g. "
    '"0.4,0.6=#2e6b3a=inventory 1931.4"; may be given several times, for one photograph.',
)
@click.option(
    "--format",
    "formats",
    default="tiff",
    show_default=True,
    metavar="F,G",
    help=f"What derivatives are written as: {', '.join(FORMATS)}; several with commas.",
)
@click.option(
    "--strip",
    multiple=True,
    type=click.Choice(STRIPPED),
    help="Leave out of derivatives where on earth they were taken (GPS).",
)
@click.option(
    "--jobs", type=click.IntRange(1), default=1, show_default=True, help="Pictures at a time."
)
@click.option(
    "--force",
    is_flag=True,
    help="Make what is up to date, too, and replace results that somebody has changed.",
)
@click.option("--json", "as_json", is_flag=True, help="One line of JSON a picture, nothing else.")
def command(
    photos: tuple[Path, ...],
    output: Path | None,
    recipe_name: str,
    steps: str | None,
    year: int | None,
    emulsion: str | None,
    scale: str | None,
    tones: Tones | None,
    negative: bool,
    changes: tuple[str, ...],
    pins: tuple[str, ...],
    formats: str,
    strip: tuple[str, ...],
    jobs: int,
    force: bool,
    as_json: bool,
) -> None:
    """Restore and color each PHOTO (a file, a page of one as in two.tif#page=2, or a folder).

    The scans are never changed. A derivative and its record (NAME.record.json) are written beside
    each other; what is up to date is kept, and so is what somebody has changed. Exit code 0: all
    well; 1: some photographs of a batch failed; 2: nothing could be done. What somebody has changed
    is no failure: it is counted as left.
    """
    from photochrom.batch import Settings, plan, run
    from photochrom.emulsion import Emulsion

    settings = Settings(
        recipe=_recipe(recipe_name, steps, scale, tones, changes),
        emulsion=Emulsion(emulsion) if emulsion else None,
        year=year,
        negative=negative,
        formats=_formats(formats),
        pins=tuple(map(_pin, pins)),
        force=force,
        strip=tuple(dict.fromkeys(strip)),
    )
    planned = plan(photos, output)
    if line := str(planned.passed_over):
        say(line)
    results = []
    with bars(shown=not as_json) as progress:
        for result in run(planned.jobs, settings, workers=jobs, progress=progress):
            results.append(result)
            if as_json:
                print(json.dumps(result.to_json()), flush=True)
            elif result.files:
                count = f", {len(results)} of {len(planned.jobs)}" if planned.jobs[1:] else ""
                print(f"{result.files[0]} ({result.outcome}{count})", flush=True)
                say_notices(result.job.source, result.notices)
    _close(results)


def _close(results: Sequence[Result]) -> None:
    """The total, what failed, and the exit code."""
    failures = [one.error for one in results if one.error is not None]
    counts = Counter(one.outcome for one in results)
    if len(results) > 1:
        outcomes = ("made", "kept", "left", "failed")
        said = (f"{counts[one]} {one}" for one in outcomes if counts[one])
        say(f"{len(results)} photographs: {', '.join(said)}")
    reasons = [one.reason for one in results if one.reason is not None]
    report(reasons, "left as they are" if reasons[1:] else "left as it is")
    report_failures(failures)
    if failures:
        sys.exit(1 if len(results) > 1 else 2)


def _formats(text: str) -> tuple[str, ...]:
    named = tuple(dict.fromkeys(one.strip().lower() for one in text.split(",") if one.strip()))
    for one in named:
        if one not in FORMATS:
            raise click.BadParameter(
                f"{one!r} is none of {', '.join(FORMATS)}.", param_hint="--format"
            )
    if not named:
        raise click.BadParameter("names no format.", param_hint="--format")
    return named


def _pin(text: str) -> Pin:
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


def _recipe(
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
