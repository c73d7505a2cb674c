"""`photochrom check`: what would stop a production, and colors that its plates speak against."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from photochrom.cli.console import bars, say
from photochrom.cli.places import PLACE

if TYPE_CHECKING:
    from photochrom.places import Place


@click.command("check")
@click.argument("production", metavar="PRODUCTION.TOML", type=PLACE)
def command(production: Place) -> None:
    """Check a production before it is made: is all there, and do the plates allow its colors?

    Each documented color is tested against the gray that the plate recorded at its place. Exit
    code 0: nothing to look at; 1: there is a conflict, or a scan could not be read; 2: the
    production cannot be made.
    """
    from photochrom.production import check_colors

    with bars() as progress:
        found = check_colors(production, progress=progress)
    for conflict in found.conflicts:
        print(conflict.line)
    for line in found.emulsions:
        print(line)
    for line in (*found.passed_over, *found.unread):
        say(line)
    what = "documented color" if found.tested == 1 else "documented colors"
    print(f"{found.tested} {what} tested, {len(found.conflicts)} in conflict with the plate")
    if found.conflicts or found.unread:
        sys.exit(1)
