"""`photochrom colors`: the color book of a production."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from photochrom.cli.console import bars, say
from photochrom.cli.places import NEAR, PLACE

if TYPE_CHECKING:
    from photochrom.places import Place


@click.command("colors")
@click.argument("production", metavar="PRODUCTION.TOML", type=PLACE)
@click.option(
    "-o",
    "--output",
    type=NEAR,
    default="colors.html",
    show_default=True,
    metavar="FILE",
    help="Where the page goes.",
)
@click.option("--force", is_flag=True, help="Replace a file that is no color book.")
def command(production: Place, output: Path, force: bool) -> None:
    """Write the color book of a production: which colors are documented, by whom, and where.

    One page that needs nothing else and prints well: every subject and part with its swatch, its
    source and how sure it is, the photographs that show it, what their plates say against it, and
    of each photograph how much of its color is documented, reported, assumed or guessed. Pictures
    are shown as `photochrom make` has made them; nothing is made.
    """
    from photochrom.production import color_book, save_color_book

    with bars() as progress:
        book = color_book(production, progress=progress)
        save_color_book(book, output, force=force)
    print(output)
    missing = [one.entry.id for one in book.known if one.state == "missing"]
    if missing:
        say(f"{len(missing)} not made yet, or not up to date: run photochrom make, then this again")
    for line in book.unread:
        say(line)
