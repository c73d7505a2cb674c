"""`photochrom plan`: what a batch will take, before it is begun."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from photochrom.cli.console import say
from photochrom.cli.numbers import Number
from photochrom.cli.places import PLACE
from photochrom.cli.restoring import formats_of, recipe_of, recipe_options

if TYPE_CHECKING:
    from photochrom.batch import Estimate
    from photochrom.places import Place


@click.command("plan")
@click.argument("photos", nargs=-1, required=True, metavar="PHOTO...", type=PLACE)
@recipe_options
@click.option(
    "--cores", type=click.IntRange(1), multiple=True, help="On so many; several times for several."
)
@click.option("--price", type=Number(0), help="Of a core for an hour, in any currency.")
@click.option(
    "--samples",
    type=click.IntRange(1),
    default=3,
    show_default=True,
    help="How many photographs are restored to measure it.",
)
@click.option(
    "--seconds",
    type=Number(0, min_open=True),
    help="What a core takes for a megapixel, where that is known: then nothing is restored.",
)
@click.option("--json", "as_json", is_flag=True, help="One line of JSON, nothing else.")
def command(
    photos: tuple[Place, ...],
    recipe_name: str,
    steps: str | None,
    scale: str | None,
    changes: tuple[str, ...],
    formats: str | None,
    cores: tuple[int, ...],
    price: float | None,
    samples: int,
    seconds: float | None,
    as_json: bool,
) -> None:
    """Count the photographs that PHOTO names or holds, and say what restoring them would take.

    Some are restored on this machine to measure it; nothing is written. It tells the time of the
    cores alone: networks and disks may be slower.
    """
    from photochrom.batch import Settings, estimate, extent_of, plan
    from photochrom.engine.machine import folder_store
    from photochrom.threads import usable_cores

    recipe = recipe_of(recipe_name, steps, scale, None, changes)
    settings = Settings(recipe, formats=formats_of(formats, photos))
    planned = plan(photos)
    if planned.folders:
        say("listing ...")
    extent = extent_of(planned)
    if not extent.scans:
        planned.count()  # says what is there instead
    if line := str(extent.passed_over):
        say(line)
    if seconds is None:
        say(f"measuring {min(samples, extent.scans)} of {extent.scans} ...")
    found = estimate(extent, settings, folder_store(), samples=samples, a_megapixel=seconds)
    asked = cores or (usable_cores(),)
    if as_json:
        hours = {str(count): round(found.hours(count), 3) for count in asked}
        cost = {} if price is None else {"cost": round(found.core_seconds / 3600 * price, 2)}
        print(json.dumps({**found.to_json(), "hours": hours, **cost}))
        return
    _tell(found, asked, price)


def _tell(found: Estimate, cores: tuple[int, ...], price: float | None) -> None:
    said = f"measured here on {found.measured}" if found.measured else "told"
    print(f"{found.scans:,} photographs, {_bytes(found.bytes)}, {found.megapixels:,.0f} megapixels")
    each = f"{found.a_photograph:.2f} seconds of a core for each photograph"
    if not found.measured:
        print(f"{found.a_megapixel:.2f} seconds of a core for a megapixel ({said})")
    elif found.a_megapixel > 0:
        print(f"{each}, and {found.a_megapixel:.2f} for each megapixel ({said})")
    else:
        print(f"{each} ({said}; so small that nothing can be said of larger ones)")
    if found.measured:
        print(f"{found.a_start:.2f} seconds of a core for each worker to begin (loading networks)")
    hours = found.core_seconds / 3600
    cost = "" if price is None else f", {hours * price:,.2f} at {price:g} an hour"
    print(f"{hours:,.2f} hours of a core{cost}")
    for count in cores:
        plural = "core" if count == 1 else "cores"
        print(f"{_clock(found.hours(count))} on {count:,} {plural}")


def _bytes(size: float) -> str:
    for unit in ("bytes", "kB", "MB", "GB"):
        if size < 1000:
            return f"{size:.3g} {unit}" if unit != "bytes" else f"{size:.0f} bytes"
        size /= 1000
    return f"{size:,.3g} TB"


def _clock(hours: float) -> str:
    if hours < 1 / 60:
        return "less than a minute"
    if hours < 48:
        whole, minutes = divmod(round(hours * 60), 60)
        return f"{whole}:{minutes:02} hours"
    return f"{hours / 24:,.1f} days"
