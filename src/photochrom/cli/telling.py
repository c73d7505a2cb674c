"""What `photochrom restore` says of a batch: each picture as it is made, and the sum in the end."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from photochrom.cli.console import report_failures, report_left, say, say_notices

if TYPE_CHECKING:
    from collections.abc import Iterable

    from photochrom.batch import Result, Tally
    from photochrom.places import Place

_SHOWN = {
    "compare": "before and after",
    "variants": "in all colors that were likely",
    "mask": "what was filled",
}


def tell_all(results: Iterable[Result], tally: Tally, total: int, *, as_json: bool) -> list[Result]:
    """Says of each photograph what became of it, as soon as that is known.

    Returns:
        Those that have a sheet of variants.
    """
    varied = []
    for result in results:
        if as_json:
            print(json.dumps(result.to_json()), flush=True)
        else:
            _tell(result, f", {tally.count} of {total}" if total > 1 else "")
        if "variants" in result.beside:
            varied.append(result)
    return varied


def _tell(result: Result, count: str) -> None:
    """What became of one photograph; why it has failed is told in the end."""
    if result.files:
        print(f"{result.files[0]} ({result.outcome}{count})", flush=True)
        for kind, place in result.beside.items():
            print(f"{place} ({_SHOWN[kind]})", flush=True)
    elif count:
        say(f"{result.job.source} ({result.outcome}{count})")
    if result.outcome == "made":
        say_notices(result.job.source, result.notices)


def sum_up(tally: Tally, where: Place | None) -> None:
    """The total, and what failed."""
    if tally.count > 1:
        say(f"{tally.count} photographs: {tally}")
    if tally.places:
        most = (f"{count} on {place}" for place, count in tally.places.most_common())
        say(f"made: {', '.join(most)}")
    if tally.is_enough:
        say("given up: --max-failures")
    report_left(tally.reasons, tally.left)
    report_failures(tally.errors, tally.failed)
    if tally.failed and where is not None:
        say(f"to try them again: photochrom restore --only {where} (with the same options)")


def sum_up_variants(tally: Tally) -> None:
    """The same of the variants that were made of them."""
    if tally.count > 1:
        say(f"{tally.count} variants: {tally}")
    report_left(tally.reasons, tally.left)
    report_failures(tally.errors, tally.failed)
