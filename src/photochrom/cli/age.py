"""`photochrom age`: the opposite of restoring."""

from __future__ import annotations

from pathlib import Path

import click

from photochrom.cli.numbers import Number
from photochrom.cli.options import EMULSIONS
from photochrom.cli.places import NEAR


@click.command("age")
@click.argument("photo", type=NEAR)
@click.option("-o", "--output", required=True, type=NEAR, metavar="OUT")
@click.option("--emulsion", type=click.Choice(EMULSIONS), default="panchromatic", show_default=True)
@click.option(
    "--wear",
    type=Number(0.0, 1.0),
    default=0.5,
    show_default=True,
    help="0: a fresh print on that emulsion; 1: heavily damaged.",
)
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True)
def command(photo: Path, output: Path, emulsion: str, wear: float, seed: int) -> None:
    """Make PHOTO look like a worn vintage print.

    The same photograph, options and seed give the same bytes.
    """
    import numpy as np

    from photochrom.aging import age
    from photochrom.emulsion import Emulsion
    from photochrom.photograph import Photograph

    photograph = Photograph.open(photo)
    full_scale = float(np.iinfo(photograph.pixels.dtype).max)
    pixels = photograph.pixels.astype(np.float32) / full_scale
    aged = age(pixels, emulsion=Emulsion(emulsion), wear=wear, seed=seed)
    depth = photograph.pixels.dtype
    print_ = (np.clip(aged.print, 0.0, 1.0) * full_scale + 0.5).astype(depth)
    Photograph.from_array(print_).save(output)
