"""`photochrom backup` and `photochrom restore-backup`: all that the service keeps, in a folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from photochrom.cli.console import say
from photochrom.cli.serve import DATA, of_service, settings_of

_FOLDER = click.argument("folder", type=click.Path(path_type=Path, file_okay=False))


@click.command("backup")
@_FOLDER
@click.option(
    "--originals",
    type=click.Choice(["copied", "referenced"]),
    default="copied",
    help="Whether photographs as they were sent in are copied, or only named.",
)
@DATA
def command(folder: Path, originals: Any, **told: Any) -> None:
    """Back up a service while it is at work; again into the same folder copies what is new."""
    back_up = of_service("backup.making").back_up
    with of_service("context").Context.opened(settings_of(told)) as context:
        made = back_up(context, folder, originals, say)
    say(f"{made.rows} rows, {made.blobs} originals and results ({made.copied} copied now)")


@click.command("restore-backup")
@_FOLDER
@DATA
def restore(folder: Path, **told: Any) -> None:
    """Bring a backup back into an empty place: any folder, either database, any storage."""
    bring_back = of_service("backup.restoring").restore
    with of_service("context").Context.opened(settings_of(told)) as context:
        made = bring_back(context, folder, say)
    say(f"{made.rows} rows, {made.blobs} originals and results ({made.copied} copied now)")
