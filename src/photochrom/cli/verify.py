"""`photochrom verify`: derivatives against their records and originals."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from photochrom.cli.console import bars, say
from photochrom.cli.places import NEAR, PLACE

if TYPE_CHECKING:
    from photochrom.places import Place
    from photochrom.reporting import Originals, Totals


def originals_options(command: click.decorators.FC) -> click.decorators.FC:
    """What every command takes that looks for originals: `folders` and `without`."""
    named = click.option(
        "--originals",
        "folders",
        multiple=True,
        type=NEAR,
        metavar="DIR",
        help="Where the scans lie; may be given several times.  [default: beside the pictures, in "
        "the folder above, or in a folder beside FOLDER]",
    )
    left_out = click.option(
        "--without-originals", "without", is_flag=True, help="Do not look for the scans."
    )
    return named(left_out(command))


def originals_of(place: Place, folders: tuple[Path, ...], *, without: bool) -> Originals | None:
    """Where originals are looked for, as the options say."""
    from photochrom.reporting import Originals, root_of

    if folders and without:
        raise click.UsageError("name --originals or --without-originals, not both.")
    for folder in folders:
        if not folder.is_dir():
            raise click.BadParameter(f"'{folder}' is no folder.", param_hint="--originals")
    return None if without else Originals(root_of(place), folders)


@click.command("verify")
@click.argument("place", metavar="FOLDER|PRODUCTION.TOML", type=PLACE)
@originals_options
@click.option(
    "--strict", is_flag=True, help="What older steps or networks made counts as wrong, too."
)
@click.option("--json", "as_json", is_flag=True, help="One line of JSON a picture, nothing else.")
def command(
    place: Place, folders: tuple[Path, ...], without: bool, strict: bool, as_json: bool
) -> None:
    """Check restored photographs against their records and their originals.

    Every byte is read; nothing is changed. Exit code 0: all are whole; 1: something has changed, is
    missing or cannot be read; 2: nothing could be checked.
    """
    from photochrom.reporting import Totals, check, collected

    originals = originals_of(place, folders, without=without)
    totals = Totals()
    with bars(shown=not as_json) as progress:
        collection = collected(place, progress)
        for verdict in totals.counted(check(collection, originals, progress)):
            if as_json:
                print(json.dumps(verdict.to_json()), flush=True)
    if not as_json:
        _tell(totals)
    say(str(totals))
    if totals.of("original_missing") and not folders:
        say("to say where the originals lie: --originals DIR")
    if totals.wrong or (strict and totals.of("outdated")):
        sys.exit(1)


def _tell(totals: Totals) -> None:
    for words, lines in totals.groups:
        print(f"{len(lines)} {words}:")
        for line in lines:
            print(f"  {line}")
