"""`photochrom make`: build a production."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from photochrom.cli.console import bars, report_failures, report_left, say
from photochrom.cli.options import NARRATORS, engine_option
from photochrom.cli.places import PLACE
from photochrom.cli.signals import heeded

if TYPE_CHECKING:
    from collections.abc import Sequence

    from photochrom.places import Place
    from photochrom.production import ProductionFile


@click.command("make")
@click.argument(
    "production",
    metavar="[PRODUCTION.TOML]",
    default="production.toml",
    type=PLACE,
)
@click.option(
    "--jobs",
    type=click.IntRange(1),
    help="Processes at a time.  [default: what cores and memory allow]",
)
@engine_option
@click.option(
    "--force",
    is_flag=True,
    help="Make everything anew, and replace results that somebody has changed.",
)
@click.option(
    "--preview",
    is_flag=True,
    help="Only a small film, soon: what is not restored yet is shown as scanned.",
)
@click.option(
    "--version",
    default="",
    metavar="NAME",
    help="With --preview: of which version of the film.  [default: the film as it is]",
)
@click.option(
    "--narrate",
    is_flag=True,
    help="Let a speech engine of this machine speak narrations that have a text and no recording.",
)
@click.option(
    "--narrator",
    type=click.Choice(NARRATORS),
    help="The same, and which engine.  [default: the first that is installed]",
)
def command(
    production: Place,
    jobs: int | None,
    engine: str,
    force: bool,
    preview: bool,
    version: str,
    narrate: bool,
    narrator: str | None,
) -> None:
    """Build the pictures and the film that PRODUCTION.TOML, a file or a URL, describes.

    Only what has changed is built. It may be stopped at any moment, in any way; run it again and it
    goes on where it was.
    """
    from photochrom.production import opened, remarks

    if version and not preview:
        raise click.UsageError("--version goes with --preview: a build makes all versions.")
    with bars(lines=True) as progress:
        file = opened(production, progress=progress)
    said = remarks(file)
    for line in said:
        say(f"photochrom: {line}")
    speaks = narrator or ("auto" if narrate else None)
    if preview:
        _preview(file, version, jobs, engine, force, speaks)
        return
    from photochrom.production import build

    with bars(lines=True) as progress, heeded() as control:
        result = build(
            file,
            force=force,
            jobs=jobs,
            engine=engine,
            narrate=speaks,
            progress=progress,
            control=control,
        )
    for film in (result.film, *result.versions):
        if film is not None:
            print(file.told(film))
    for line in result.notices:
        say(line)
    # Of a scan that was trimmed, what is left of it is known only now.
    for line in remarks(file) if result.made else ():
        if line not in said:
            say(f"photochrom: {line}")
    if result.loudness is not None:
        say(f"sound: {result.loudness}")
    if result.silent:
        told = "narration has" if result.silent == 1 else "narrations have"
        say(f"{result.silent} {told} no recording: --narrate lets an engine speak")
    _say_borrowed(result.borrowed)
    if result.nothing_to_do:
        say(f"everything is up to date ({result.seconds:.1f} s)")
    else:
        left = f", {len(result.left)} left" if result.left else ""
        say(f"{len(result.made)} made, {len(result.kept)} kept{left} ({result.seconds:.0f} s)")
    if result.sent:
        files = "file" if len(result.sent) == 1 else "files"
        say(f"{len(result.sent)} {files} brought to {file.far_folder}")
    report_left(result.left)
    report_failures(result.failed)
    if result.failed:
        sys.exit(1)


def _preview(
    file: ProductionFile,
    version: str,
    jobs: int | None,
    engine: str,
    force: bool,
    narrate: str | None,
) -> None:
    from photochrom.production import preview

    with bars(lines=True) as progress, heeded() as control:
        made = preview(
            file,
            version,
            force=force,
            jobs=jobs,
            engine=engine,
            narrate=narrate,
            progress=progress,
            control=control,
        )
    print(file.told(made.path))
    if made.scans:
        count = f"{len(made.scans)} of {made.photographs} photographs"
        say(f"preview: {count} not restored yet, shown as scanned")
    _say_borrowed(made.borrowed)
    say(f"{'made' if made.made else 'everything is up to date'} ({made.seconds:.1f} s)")


def _say_borrowed(fonts: Sequence[str]) -> None:
    if fonts:
        say(
            f"some words are set from fonts of this system: {', '.join(fonts)}; "
            "elsewhere they may look different"
        )
