"""`photochrom inspect`: what is in a scan."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click

from photochrom.cli.console import report_failures, say, say_notices


@click.command("inspect")
@click.argument(
    "photos", nargs=-1, required=True, metavar="PHOTO...", type=click.Path(path_type=Path)
)
@click.option("--json", "as_json", is_flag=True, help="One line of JSON a picture, nothing else.")
def command(photos: tuple[Path, ...], as_json: bool) -> None:
    """Measure what is in each PHOTO: size, dates, tint, noise, grain, sharpness, damage ..."""
    from photochrom.errors import PhotographError
    from photochrom.measure import LOOKS_NEGATIVE, measure
    from photochrom.photograph import Photograph

    failures = []
    for path in photos:
        try:
            photograph = Photograph.open(path)
        except PhotographError as error:
            failures.append(str(error))
            continue
        found = measure(photograph)
        said = {"scan": photograph.info.to_json(), "measures": found.to_json()}
        if as_json:
            print(json.dumps({"input": str(path), **said}), flush=True)
        else:
            print("\n".join([str(path), *_lines(_brief(said))]), flush=True)
            say_notices(path, photograph.info.notices)
            if found.looks_negative:
                say(f"{path}: {LOOKS_NEGATIVE}")
    report_failures(failures)
    if failures:
        sys.exit(1 if len(photos) > 1 else 2)


def _brief(said: Mapping[str, Any]) -> dict[str, Any]:
    """Without what goes without saying, or is said in a line of its own."""
    scan = said["scan"]
    left_out = {"notices"} | ({"page", "pages"} if scan["pages"] == 1 else set())
    return {**said, "scan": {key: scan[key] for key in scan if key not in left_out}}


def _lines(values: Mapping[str, Any], depth: int = 1) -> Iterator[str]:
    for key, value in values.items():
        name = "  " * depth + key.replace("_", " ")
        if isinstance(value, Mapping):
            yield name
            yield from _lines(value, depth + 1)
        elif value is not None and value != []:
            text = f"{value:.3g}" if isinstance(value, float) else str(value)
            yield f"{name:<32}{text}"
