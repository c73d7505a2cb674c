"""`photochrom pins`: a sheet of a picture's regions, numbered."""

from __future__ import annotations

from pathlib import Path

import click

from photochrom.cli.options import EMULSIONS
from photochrom.cli.places import NEAR


@click.command("pins")
@click.argument("photo", metavar="PHOTO", type=NEAR)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="The sheet, a JPEG or PNG.  [default: NAME.pins.jpg beside PHOTO]",
)
@click.option("--year", type=click.IntRange(1800, 2099), help="When the photograph was taken.")
@click.option("--emulsion", type=click.Choice(EMULSIONS), help="How the plate saw color.")
@click.option("--negative", is_flag=True, help="The scan is of a negative.")
@click.option("--force", is_flag=True, help="Replace a sheet that is there.")
def command(
    photo: Path,
    output: Path | None,
    year: int | None,
    emulsion: str | None,
    negative: bool,
    force: bool,
) -> None:
    """Number the regions of PHOTO on a sheet, to say "7=green" where coordinates are not known.

    `photochrom restore PHOTO --pin 7=green` colors region 7, `--pin 7+12=green` both. Tell both
    commands the same year or emulsion: with others the numbers are others. PHOTO is not changed.
    """
    import numpy as np
    from PIL import Image

    from photochrom.emulsion import Emulsion
    from photochrom.files import written_whole
    from photochrom.numbered import numbered
    from photochrom.photograph import Photograph

    target = output or photo.with_name(f"{photo.stem}.pins.jpg")
    if target.suffix.lower() not in (".jpg", ".jpeg", ".png"):
        raise click.BadParameter(f"{target} is no JPEG or PNG.", param_hint="--output")
    if target.exists() and not force:
        raise click.UsageError(f"{target} is there already: --force replaces it")
    found = numbered(
        Photograph.open(photo),
        emulsion=Emulsion(emulsion) if emulsion else None,
        year=year,
        negative=negative,
    )
    sheet = Image.fromarray(np.ascontiguousarray(found.sheet()))
    with written_whole(target, forbidden=photo) as file:
        sheet.save(file, "PNG" if target.suffix.lower() == ".png" else "JPEG", quality=90)
    # Of another year, emulsion or side the same scan may have other regions.
    told = [f"--year {year}"] if year else []
    told += [f"--emulsion {emulsion}"] if emulsion else []
    told += ["--negative"] if negative else []
    how = " ".join([*told, "--pin NUMBER=COLOR:SOURCE"])
    print(f"{target}: {found.count} regions; color one with: {how}")
