"""`photochrom restore`: one picture, or folders of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from photochrom.cli.batching import carry_out
from photochrom.cli.options import EMULSIONS, STRIPPED, TONES, VARIANTS, engine_option
from photochrom.cli.panels import PanelCommand
from photochrom.cli.pinning import FORM, pins_of
from photochrom.cli.places import FOLDER, NEAR, PLACE
from photochrom.cli.restoring import (
    Dials,
    beside_of,
    checked_suffix,
    dial_options,
    formats_of,
    is_single,
    recipe_of,
    recipe_options,
    references_of,
    trim_of,
    trim_options,
)

if TYPE_CHECKING:
    from pathlib import Path

    from photochrom.emulsion import Tones
    from photochrom.places import Place
    from photochrom.trimming import Frame
    from photochrom.variant import Letter


@click.command("restore", cls=PanelCommand)
@click.argument("photos", nargs=-1, metavar="PHOTO...", type=PLACE)
@click.option(
    "-o",
    "--output",
    type=FOLDER,
    metavar="DIR",
    help="Where derivatives and records go: a folder, or a URL.  [default: a folder 'restored' "
    "beside each scan]",
)
@dial_options
@trim_options
@recipe_options
@click.option("--year", type=click.IntRange(1826, 2100), help="When the photographs were taken.")
@click.option(
    "--emulsion",
    type=click.Choice(EMULSIONS),
    help="How the plate saw color.  [default: the date decides; without a date, unknown]",
)
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
    "--recolor",
    is_flag=True,
    help="Color photographs anew that are in color; otherwise they keep their own colors.",
)
@click.option(
    "--pin",
    "pins",
    multiple=True,
    metavar=FORM,
    help="A documented color and where it is, with its source, e.g. "
    '"0.4,0.6=#2e6b3a:inventory 1931.4" or "7=green" (a region of photochrom pins); may be given '
    "several times, for one photograph.",
)
@click.option(
    "--reference",
    "references",
    multiple=True,
    type=NEAR,
    metavar="FILE",
    help="A picture in color that shows the same (a poster, a thing in a museum, a later "
    "photograph): what is found of it gets its colors; may be given several times.",
)
@click.option(
    "--variants",
    type=click.IntRange(2, len(VARIANTS)),
    metavar="2..4",
    help="Where the network is unsure, several pictures in colors that it thought likely, as far "
    "as there are so many that look different: a sheet beside each derivative, NAME.variants.jpg, "
    "and each picture but the first as NAME-b, NAME-c, NAME-d (step color).",
)
@click.option(
    "--variant",
    type=click.Choice(VARIANTS),
    help="Make the picture that has this letter on such a sheet.  [default: a]",
)
@click.option(
    "--compare/--no-compare",
    default=None,
    help="A sheet beside each derivative, NAME.compare.jpg, that shows it before and after.  "
    "[default: if PHOTO is one file of this machine]",
)
@click.option(
    "--mask",
    is_flag=True,
    help="A picture beside each derivative, NAME.mask.png, that shows what was filled (step "
    "repair): white on black.",
)
@click.option(
    "--suffix",
    metavar="TEXT",
    default="",
    help='What is added to the names of results, as in "-strong", so that they lie beside those of '
    "another run.",
)
@click.option(
    "--strip",
    multiple=True,
    type=click.Choice(STRIPPED),
    help="Leave out of derivatives where on earth they were taken (GPS).",
)
@click.option(
    "--jobs",
    type=click.IntRange(1),
    help="Pictures at a time.  [default: 1; on a cluster, what it has room for]",
)
@engine_option
@click.option(
    "--max-failures",
    type=click.IntRange(1),
    metavar="N",
    help="Give up when so many have failed.",
)
@click.option(
    "--failures",
    type=PLACE,
    metavar="FILE",
    help="Where those that failed are listed.  [default: failed.jsonl in the folder of -o]",
)
@click.option(
    "--only",
    type=PLACE,
    metavar="FILE",
    help="Take up the photographs of such a list again, instead of PHOTO.",
)
@click.option(
    "--force",
    is_flag=True,
    help="Make what is up to date, too, and replace results that somebody has changed.",
)
@click.option("--json", "as_json", is_flag=True, help="One line of JSON a picture, nothing else.")
def command(
    photos: tuple[Place, ...],
    output: Place | None,
    repair: str | None,
    color: str | None,
    sharpen: float | None,
    crisp: float | None,
    keep_grain: bool,
    crop: str | None,
    straighten: str | None,
    frame: Frame | None,
    recipe_name: str,
    steps: str | None,
    year: int | None,
    emulsion: str | None,
    scale: str | None,
    tones: Tones | None,
    negative: bool,
    recolor: bool,
    changes: tuple[str, ...],
    pins: tuple[str, ...],
    references: tuple[Path, ...],
    formats: str | None,
    variants: int | None,
    variant: Letter | None,
    compare: bool | None,
    mask: bool,
    suffix: str,
    strip: tuple[str, ...],
    jobs: int | None,
    engine: str,
    max_failures: int | None,
    failures: Place | None,
    only: Place | None,
    force: bool,
    as_json: bool,
) -> None:
    """Restore and color each PHOTO: a file, a page of one as in two.tif#page=2, or a folder; on
    this machine or elsewhere (s3://bucket/folder/).

    One file of this machine becomes a JPEG, with a sheet that shows it before and after; what is in
    folders or buckets, or several files, become TIFFs of 16 bits.

    The scans are never changed. A derivative and its record (NAME.record.json) are written beside
    each other; what is up to date is kept, and so is what somebody has changed. Exit code 0: all
    well; 1: some photographs of a batch failed; 2: nothing could be done. What somebody has changed
    is no failure: it is counted as left.
    """
    from photochrom.batch import Plan, Settings, plan, taken_up
    from photochrom.emulsion import Emulsion

    _check(photos, only, suffix)
    dials = Dials(repair, color, sharpen, crisp, keep_grain)
    recipe = recipe_of(recipe_name, steps, scale, tones, changes, dials)
    if variant is not None:
        recipe = recipe.with_params("color", variant=variant)
    sheet = is_single(photos) if compare is None else compare
    plate = Emulsion(emulsion) if emulsion else None
    settings = Settings(
        recipe=recipe.with_recolor() if recolor else recipe,
        emulsion=plate,
        year=year,
        negative=negative,
        trim=trim_of(crop, straighten, frame),
        formats=formats_of(formats, photos),
        pins=pins_of(pins, photos, emulsion=plate, year=year, negative=negative),
        references=references_of(references),
        force=force,
        strip=tuple(dict.fromkeys(strip)),
        beside=beside_of(recipe, variant, sheet=sheet, variants=variants is not None, mask=mask),
        variants=variants or len(VARIANTS),
    )
    suffix = checked_suffix(suffix)
    planned = plan(photos, output, suffix) if only is None else Plan(tuple(taken_up(only)))
    carry_out(
        planned,
        settings,
        jobs=jobs,
        engine=engine,
        max_failures=max_failures,
        failures=failures or only,
        output=output,
        as_json=as_json,
    )


def _check(photos: tuple[Place, ...], only: Place | None, suffix: str) -> None:
    if bool(photos) == (only is not None):
        raise click.UsageError("name photographs, or a list of failures with --only")
    if suffix and only is not None:
        raise click.UsageError("a list of failures names results: leave out --suffix")
