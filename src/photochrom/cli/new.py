"""`photochrom new`: draft a production file from a folder of scans."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from photochrom.cli.console import bars, say
from photochrom.cli.options import CHAPTERS, TEMPLATES
from photochrom.cli.places import PLACE

if TYPE_CHECKING:
    from photochrom.places import Place
    from photochrom.production.drafting.chapters import By
    from photochrom.production.drafting.templates import Name


@click.command("new")
@click.argument("scans", metavar="SCANS", type=PLACE)
@click.option(
    "-o",
    "--output",
    type=PLACE,
    default="production.toml",
    show_default=True,
)
@click.option("--title", metavar="T", help="Title of the film.  [default: the folder's name]")
@click.option(
    "--language",
    metavar="TAG",
    default="",
    help="Of the film and its own words: de, fr, pt-PT.  [default: English]",
)
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
    type=PLACE,
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
    type=PLACE,
    metavar="FILE",
    help="Captions, dates and more, as CSV.  [default: the one in SCANS]",
)
@click.option(
    "--columns",
    metavar="COLUMN=NAME,...",
    default="",
    help="What the table calls its columns: file=Signatur,caption=Titel.",
)
@click.option(
    "--template",
    type=click.Choice(TEMPLATES),
    help="Cards that frame the photographs: figures, a map, a chart, to be made your own.",
)
@click.option("--force", is_flag=True, help="Overwrite a production file that is there.")
def command(
    scans: Place,
    output: Place,
    title: str | None,
    language: str,
    length: str | None,
    chapters: By,
    music: tuple[Place, ...],
    beats: bool,
    table: Place | None,
    columns: str,
    template: Name | None,
    force: bool,
) -> None:
    """Draft a production file from SCANS: a folder, or the URL of one in a bucket.

    Order and dates come from the scans' metadata and names, or a table beside them, as captions do;
    subfolders or dates make chapters. Reveals, transitions and lengths are chosen so that the film
    comes out at the asked length, or that of its music. Edit the file, then run `photochrom make`.
    """
    from photochrom.phrases import LANGUAGES, language_of
    from photochrom.production import draft, save_draft, spare_draft

    if not force:
        spare_draft(output)
    with bars() as progress:
        drafted = draft(
            scans,
            output=output,
            title=title,
            language=language,
            length=length,
            chapters=chapters,
            music=music,
            beats=beats,
            table=table,
            columns=_columns(columns),
            template=template,
            progress=progress,
        )
    save_draft(drafted, output, force=force)
    for line in filter(None, (*drafted.warnings, drafted.sizes)):
        say(f"photochrom: {line}")
    if not language and (spoken := _spoken_here()):
        name = LANGUAGES[language_of(spoken)]
        say(f"photochrom: the film speaks English; with --language {spoken} it speaks {name}")
    print(f"{output} ({drafted.photographs} photographs, {drafted.length})")


def _columns(said: str) -> dict[str, str]:
    """Headings by column, from "file=Signatur,caption=Titel"."""
    pairs = [pair.partition("=") for pair in said.split(",") if pair.strip()]
    if not all(name.strip() and heading.strip() for name, _, heading in pairs):
        raise click.BadParameter(
            f'"{said}" is no list of columns; write file=Signatur,caption=Titel',
            param_hint="'--columns'",
        )
    return {name.strip(): heading.strip() for name, _, heading in pairs}


def _spoken_here() -> str:
    """The language of the system, as POSIX says it; "" for English and what no film speaks."""
    from photochrom.film.storyboard.languages import checked
    from photochrom.phrases import language_of

    said = next(filter(None, map(os.environ.get, ("LC_ALL", "LC_MESSAGES", "LANG"))), "")
    try:
        tag = checked(said.partition(".")[0].partition("@")[0].replace("_", "-"))
    except ValueError:  # "C"
        return ""
    return "" if language_of(tag) == "en" else language_of(tag)
