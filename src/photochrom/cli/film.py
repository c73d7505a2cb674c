"""`photochrom film`: look at a production's film, and take it to an editing program and back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from photochrom.cli.console import bars, say
from photochrom.cli.numbers import Number
from photochrom.cli.options import EXPORTS
from photochrom.cli.places import PLACE
from photochrom.cli.signals import heeded

if TYPE_CHECKING:
    from photochrom.places import Place
    from photochrom.production.editing import Format

_production = click.argument("production", metavar="PRODUCTION.TOML", type=PLACE)
_version = click.option(
    "--version",
    default="",
    metavar="NAME",
    help="Of a version of the film, as [[version]] calls it.  [default: the film as it is]",
)


@click.group("film")
def command() -> None:
    """Look at a film, and take it to an editing program and back.

    All but `import` need the pictures that `photochrom make` builds.
    """


@command.command("frame")
@_production
@click.argument("at", metavar="TIME")
@click.option(
    "-o",
    "--output",
    type=PLACE,
    default="frame.png",
    show_default=True,
)
@_version
def frame(production: Place, at: str, output: Place, version: str) -> None:
    """Write the frame that is on the screen at TIME: seconds, "1:23" or "00:01:23:12"."""
    from photochrom.production import save_frame

    for line in save_frame(production, at, output, version):
        say(f"photochrom: {line}")
    print(output)


@command.command("sheet")
@_production
@click.option(
    "--every",
    type=Number(0, min_open=True),
    default=2.0,
    show_default=True,
    metavar="SECONDS",
    help="From one frame to the next.",
)
@click.option(
    "-o",
    "--output",
    type=PLACE,
    default="sheet.png",
    show_default=True,
)
@_version
def sheet(production: Place, every: float, output: Place, version: str) -> None:
    """Write a contact sheet of the whole film, each frame with its timecode."""
    from photochrom.production import save_sheet

    with bars() as progress:
        save_sheet(production, output, every, version, progress=progress)
    print(output)


@command.command("export")
@_production
@click.option(
    "--to",
    type=click.Choice(EXPORTS),
    required=True,
    help="The cut as OpenTimelineIO, Final Cut Pro XML or CMX 3600; or the whole film as ProRes.",
)
@click.option(
    "-o",
    "--output",
    type=PLACE,
    help="The file.  [default: beside the film, with its name]",
)
@click.option(
    "--handles",
    type=click.IntRange(0, 1000),
    metavar="FRAMES",
    help="Render each shot as a file of its own, with so many frames more at both ends.",
)
@click.option(
    "--jobs",
    type=click.IntRange(1),
    help="Shots rendered at a time.  [default: one a core]",
)
@_version
def export(
    production: Place,
    to: Format,
    output: Place | None,
    handles: int | None,
    jobs: int | None,
    version: str,
) -> None:
    """Write the cut of the film, or all of it as ProRes, for an editing program."""
    from photochrom.production import export as export_to
    from photochrom.production import opened

    with bars() as progress, heeded() as control:
        opening = opened(production, progress=progress)
        file = export_to(
            opening,
            to,
            output,
            version=version,
            handles=handles,
            jobs=jobs,
            progress=progress,
            control=control,
        )
    print(opening.told(file))


@command.command("import")
@_production
@click.argument("edited", metavar="EDITED.OTIO", type=click.Path(path_type=Path))
def import_(production: Place, edited: Path) -> None:
    """Take order, lengths and removals of an edited timeline into PRODUCTION.TOML.

    Nothing else in the file changes. The file as it was is kept beside it.
    """
    from photochrom.production import take_back

    taken = take_back(production, edited)
    for what, names in (
        ("moved", taken.moved),
        ("removed", taken.removed),
        ("with another length", taken.lengths),
    ):
        if names:
            say(f"{what}: {', '.join(names)}")
    if taken.backup is None:
        say("nothing has changed")
    else:
        print(f"{production} (as it was: {taken.backup})")
