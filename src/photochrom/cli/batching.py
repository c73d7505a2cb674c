"""Carrying out a batch at a terminal: progress, what becomes of each picture, and the exit code."""

from __future__ import annotations

import sys
from functools import partial
from typing import TYPE_CHECKING

from photochrom.cli.console import bars, say
from photochrom.cli.signals import heeded
from photochrom.cli.telling import sum_up, sum_up_variants, tell_all
from photochrom.errors import StoppedError

if TYPE_CHECKING:
    from photochrom.batch import Plan, Settings
    from photochrom.places import Place


def carry_out(
    planned: Plan,
    settings: Settings,
    *,
    jobs: int | None,
    engine: str,
    max_failures: int | None,
    failures: Place | None,
    output: Place | None,
    as_json: bool,
) -> None:
    """Does what is planned, tells what becomes of it, and ends with the exit code for that."""
    from photochrom.batch import NAME, Tally, manifest, run, store_for, varied
    from photochrom.errors import PhotochromError

    total, passed_over = planned.count()
    if line := str(passed_over):
        say(line)
    where = failures or (output / NAME if output is not None and total > 1 else None)
    tally, more = Tally(max_failures), Tally()
    try:
        with bars(shown=not as_json) as progress, manifest(where) as listed, heeded() as control:
            by = partial(
                run,
                workers=jobs,
                engine=engine,
                store=store_for(planned, engine),
                progress=progress,
                control=control,
            )
            results = tally.counted(by(planned, settings, total=total), listed)
            made = tell_all(results, tally, total, as_json=as_json)
            if "variants" in settings.beside and not tally.is_enough:
                for other, rest in varied(made, settings):
                    tell_all(more.counted(by(rest, other), None), more, 1, as_json=as_json)
    except StoppedError:
        sum_up(tally, where)
        raise
    except PhotochromError as error:
        if not tally.count:
            raise
        sum_up(tally, where)
        say(f"photochrom: {error}")
        say(f"{total - tally.count} of {total} not come to: run the same command again to go on")
        sys.exit(1)
    sum_up(tally, where)
    sum_up_variants(more)
    if tally.failed:
        sys.exit(1 if tally.count > 1 else 2)
    if more.failed:
        sys.exit(1)
