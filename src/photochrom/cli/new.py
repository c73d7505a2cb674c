"""`photochrom new`: draft a production file from a folder of scans."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from photochrom.cli.console import say
from photochrom.cli.options import CHAPTERS

if TYPE_CHECKING:
    from photochrom.production.drafting.chapters import By


@click.command("new")
@click.argument("scans", metavar="SCANS", type=click.Path(path_type=Path))
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    default=Path("production.toml"),
    show_default=True,
)
@click.option("--title", metavar="T", help="Title of the film.  [default: the folder's name]")
@click.option(
    "--length",
    metavar="M:SS",
    help="Length of the film.  [default: the music's, else what the pictures ask for]",
)
@click.option(
    "--chapters",
    type=click.Choice(CHAPTERS),
    default=CHAPTERS[0],
    show_default=True,
    help="What makes chapters: subfolders or dates.",
)
@click.option(
    "--music",
    type=click.Path(path_type=Path, dir_okay=False),
    multiple=True,
    metavar="FILE",
    help="A piece of music; several are played one after another.",
)
@click.option(
    "--beats/--no-beats",
    default=True,
    show_default=True,
    help="Change pictures on the beats of the music.",
)
@click.option(
    "--table",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Captions, dates and more, as CSV.  [default: the one in SCANS]",
)
@click.option("--force", is_flag=True, help="Overwrite a production file that is there.")
def command(
    scans: Path,
    output: Path,
    title: str | None,
    length: str | None,
    chapters: By,
    music: tuple[Path, ...],
    beats: bool,
    table: Path | None,
    force: bool,
) -> None:
    """Draft a production file from the folder SCANS.

    Order and dates come from the scans' metadata and names, or a table beside them, as captions do;
    subfolders or dates make chapters. Reveals, transitions and lengths are chosen so that the film
    comes out at the asked length, or that of its music. Edit the file, then run `photochrom make`.
    """
    from photochrom.errors import ProductionError
    from photochrom.files import write_text
    from photochrom.production import draft

    if output.exists() and not force:
        raise ProductionError(
            "there is such a file already", where=output, fix="name another with -o, or --force"
        )
    drafted = draft(
        scans,
        output=output,
        title=title,
        length=length,
        chapters=chapters,
        music=music,
        beats=beats,
        table=table,
    )
    write_text(output, drafted.text)
    for line in drafted.warnings:
        say(f"photochrom: {line}")
    print(f"{output} ({drafted.photographs} photographs, {drafted.length})")
