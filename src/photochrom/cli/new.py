"""`photochrom new`: draft a production file from a folder of scans."""

from __future__ import annotations

from pathlib import Path

import click

from photochrom.cli.console import say


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
    help="Length of the film.  [default: what the pictures and their captions ask for]",
)
@click.option("--force", is_flag=True, help="Overwrite a production file that is there.")
def command(scans: Path, output: Path, title: str | None, length: str | None, force: bool) -> None:
    """Draft a production file from the folder SCANS.

    Order and dates come from the scans' metadata and names, captions from their metadata; moves and
    lengths are chosen so that the film comes out at the asked length. Edit the file, then run
    `photochrom make`.
    """
    from photochrom.errors import ProductionError
    from photochrom.photograph import write_text
    from photochrom.production import draft

    if output.exists() and not force:
        raise ProductionError(
            "there is such a file already", where=output, fix="name another with -o, or --force"
        )
    drafted = draft(scans, output=output, title=title, length=length)
    write_text(output, drafted.text)
    for line in drafted.warnings:
        say(f"photochrom: {line}")
    print(f"{output} ({drafted.photographs} photographs, {drafted.length})")
