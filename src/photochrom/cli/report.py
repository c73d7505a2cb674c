"""`photochrom report`: a page of restored photographs, before and after."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from photochrom.cli.console import bars, say
from photochrom.cli.places import NEAR, PLACE
from photochrom.cli.verify import originals_of, originals_options

if TYPE_CHECKING:
    from photochrom.places import Place


@click.command("report")
@click.argument("place", metavar="FOLDER|PRODUCTION.TOML", type=PLACE)
@click.option(
    "-o",
    "--output",
    type=NEAR,
    default="report.html",
    show_default=True,
    metavar="FILE",
    help="Where the page goes.",
)
@click.option("--csv", "table", type=NEAR, metavar="FILE", help="Write the same figures as CSV.")
@originals_options
def command(
    place: Place, output: Path, table: Path | None, folders: tuple[Path, ...], without: bool
) -> None:
    """Show restored photographs before and after, and what was done to them, on one page.

    The page needs nothing else and loads nothing from anywhere. What is to be looked at comes
    first; the scans and results are read and never changed.
    """
    from photochrom.reporting import collected, report

    originals = originals_of(place, folders, without=without)
    with bars() as progress:
        collection = collected(place, progress)
        made = report(collection, originals, output, table=table, progress=progress)
    for path in (*made.pages, *([] if table is None else [table])):
        print(path)
    say(str(made.totals))
    if made.warned:
        say(f"{made.warned} with something to look at")
