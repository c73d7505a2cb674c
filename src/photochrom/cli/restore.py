"""`photochrom restore`: one picture, or folders of them."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from photochrom.cli.console import bars, report_failures
from photochrom.cli.options import EMULSIONS, FORMATS, SCALES, STRIPPED, TONES

if TYPE_CHECKING:
    from photochrom.emulsion import Tones
    from photochrom.recipe import Recipe


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
    "--set",
    "changes",
    multiple=True,
    metavar="STEP.KEY=VALUE",
    help="Set a parameter of a step, e.g. color.sizes=[256,320]; may be given several times.",
)
@click.option("--format", "format_", type=click.Choice(FORMATS), default="tiff", show_default=True)
@click.option(
    "--strip",
    multiple=True,
    type=click.Choice(STRIPPED),
    help="Leave out of derivatives where on earth they were taken (GPS).",
)
@click.option(
    "--jobs", type=click.IntRange(1), default=1, show_default=True, help="Pictures at a time."
)
@click.option("--force", is_flag=True, help="Also make what is up to date.")
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
    changes: tuple[str, ...],
    format_: str,
    strip: tuple[str, ...],
    jobs: int,
    force: bool,
    as_json: bool,
) -> None:
    """Restore and color each PHOTO (a file, or a folder of them).

    The scans are never changed. A derivative and its record (NAME.record.json) are written beside
    each other; what is up to date is skipped. Exit code 0: all well; 1: some photographs of a batch
    failed; 2: nothing could be done.
    """
    from photochrom.batch import Settings, plan, run
    from photochrom.emulsion import Emulsion

    settings = Settings(
        recipe=_recipe(recipe_name, steps, scale, tones, changes),
        emulsion=Emulsion(emulsion) if emulsion else None,
        year=year,
        format=format_,
        force=force,
        strip=tuple(dict.fromkeys(strip)),
    )
    to_do = plan(photos, output, settings)
    failures = []
    with bars(shown=not as_json) as progress:
        for result in run(to_do, settings, workers=min(jobs, len(to_do)), progress=progress):
            if result.error is not None:
                failures.append(result.error)
            if as_json:
                print(json.dumps(result.to_json()), flush=True)
            elif result.error is None:
                print(f"{result.job.output} ({result.outcome})", flush=True)
    report_failures(failures)
    if failures:
        sys.exit(1 if len(to_do) > 1 else 2)


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
        recipe = recipe.with_params("clarity", scale=int(scale))
    if tones is not None:
        recipe = recipe.with_tones(tones)
    for change in changes:
        recipe = recipe.with_change(change)
    return recipe
