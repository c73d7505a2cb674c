"""`photochrom cache`: what lies in the cache of a production, or of the user."""

from __future__ import annotations

import functools
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from photochrom.cli.console import say
from photochrom.cli.places import PLACE

if TYPE_CHECKING:
    from photochrom.places import Place

_Command = Callable[..., None]


def _of_a_cache(command: _Command) -> _Command:
    """Hands a command the production whose cache is meant, or None for the user's."""

    @functools.wraps(command)
    def called(production: Place | None, user: bool, **others: object) -> None:
        if user and production is not None:
            raise click.UsageError("name a production or --user, not both")
        command(None if user else production or Path("production.toml"), **others)

    named = click.argument(
        "production",
        metavar="[PRODUCTION.TOML]",
        type=PLACE,
        required=False,
    )
    users = click.option(
        "--user", is_flag=True, help="What `restore` has in hand, in the user's cache folder."
    )
    return named(users(called))


_UNITS = {"": 1, "k": 10**3, "M": 10**6, "G": 10**9, "T": 10**12}


class Size(click.ParamType[int]):
    """A number of bytes, as people write it."""

    name = "size"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> int:
        said = re.fullmatch(r"(\d+(?:\.\d+)?) ?([kMGT]?)B?", str(value))
        if said is None:
            self.fail(f'"{value}" is no size; write 20G or 500M', param, ctx)
        return round(float(said[1]) * _UNITS[said[2]])


@click.group("cache")
def command() -> None:
    """Show, prune and verify what a production keeps between builds."""


@command.command("show")
@_of_a_cache
def show(production: Place | None) -> None:
    """List what lies in the cache, by kind, and how much of it no production needs any more."""
    from photochrom.production import cached

    rows = [(one.kind or "other", one.count, one.bytes, one.unneeded) for one in cached(production)]
    _, counts, sizes, unneeded = zip(*rows, strict=True) if rows else ((), (), (), ())
    rows.append(("together", sum(counts), sum(sizes), sum(unneeded)))
    print(f"{'':<12}{'results':>8}{'size':>12}{'not needed':>14}")
    for kind, count, size, not_needed in rows:
        print(f"{kind:<12}{count:>8}{_said(size):>12}{_said(not_needed):>14}")


@command.command("prune")
@click.option(
    "--keep-under",
    type=Size(),
    metavar="SIZE",
    help="Only until the cache has at most this size, the oldest first.",
)
@_of_a_cache
def prune(production: Place | None, keep_under: int | None) -> None:
    """Remove what no production needs any more."""
    from photochrom.production import cached
    from photochrom.production import prune as prune_cache

    removed = prune_cache(production, keep_under)
    left = sum(one.bytes for one in cached(production))
    say(f"{_said(removed)} removed, {_said(left)} kept")
    if keep_under is not None and left > keep_under:
        say("what is left is needed: remove productions, or the whole cache, to have less")


@command.command("verify")
@_of_a_cache
def verify(production: Place | None) -> None:
    """Check that all in the cache is as it was made; what is not is removed, to be made again."""
    from photochrom.production import verify as verify_cache

    damaged = verify_cache(production)
    for one in damaged:
        print(f"{one.kind or 'result'} {one.key[:12]}: damaged, and removed")
    say("all is whole" if not damaged else f"{len(damaged)} removed; the next build makes them")
    sys.exit(1 if damaged else 0)


def _said(size: int) -> str:
    """A size for people: "0 B", "12.3 MB"."""
    for unit in ("T", "G", "M", "k"):
        if size >= _UNITS[unit]:
            return f"{size / _UNITS[unit]:.1f} {unit}B"
    return f"{size} B"
