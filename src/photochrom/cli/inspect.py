"""`photochrom inspect`: what is in a scan."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

import click

from photochrom.cli.console import report_failures, say, say_notices
from photochrom.cli.places import NEAR

_GRAIN = "of 1 (standard deviation)"
_GRAY = "of 1 (gray, sRGB-encoded)"

UNITS: Mapping[str, str] = MappingProxyType(
    {
        "scan.width": "px",
        "scan.height": "px",
        "scan.bit_depth": "bits a sample",
        "scan.dpi": "dots an inch",
        "scan.bytes": "bytes",
        "tint.strength": "(CIELAB chroma)",
        "tint.paper": "(CIELAB a*, b*)",
        "tint.shadows": "(CIELAB a*, b*)",
        **{f"tones.{key}": _GRAY for key in ("black", "median", "white", "contrast")},
        "tones.clipped_black": "% of the pixels",
        "tones.clipped_white": "% of the pixels",
        **{f"grain.{key}": _GRAIN for key in ("noise", "sigma")},
        **{f"grain.{key}": _GRAIN for key in ("shadows", "midtones", "highlights")},
        "grain.size": "px",
        "sharpness.resolution": "% of what its pixels can hold",
        "sharpness.edge_width": "px",
        "halftone.period": "px",
        "halftone.angle": "degrees",
        "halftone.strength": "of 1 (root mean square)",
        "halftone.lines_per_inch": "lines an inch",
        "blocking.strength": "(0 none, 1 hard to overlook)",
        "blocking.offset": "px",
        "measures.damage": "% of the picture",
        "measures.negative": "% likely",
    }
)
"""What the figures are in, by table and key; shares of one are told in percent."""


@click.command("inspect")
@click.argument("photos", nargs=-1, required=True, metavar="PHOTO...", type=NEAR)
@click.option("--json", "as_json", is_flag=True, help="One line of JSON a picture, nothing else.")
def command(photos: tuple[Path, ...], as_json: bool) -> None:
    """Measure what is in each PHOTO (a file, a page of one, or a folder).

    Size, dates, tint, noise, grain, sharpness, damage and more. Exit code 0: all well; 1: some of
    several could not be read; 2: none could.
    """
    from photochrom.errors import PhotographError
    from photochrom.measure import LOOKS_NEGATIVE, measure
    from photochrom.photograph import Photograph

    failures = []
    found_here = _scans(photos)
    for path in found_here:
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
        sys.exit(1 if len(found_here) > 1 else 2)


def _scans(photos: Sequence[Path]) -> list[Path]:
    """The files that are named, and those in folders, each once."""
    from photochrom.errors import PhotographError
    from photochrom.scans import PassedOver, find

    scans: list[Path] = []
    passed_over = PassedOver()
    for path in photos:
        if not path.is_dir():
            scans.append(path)
            continue
        found, passed = find(path)
        passed_over.add(passed)
        scans += found
    if line := str(passed_over):
        say(line)
    if not scans:
        raise PhotographError(
            "there is no photograph in this folder", where=photos[0], fix="name another"
        )
    return list(dict.fromkeys(scans))


def _brief(said: Mapping[str, Any]) -> dict[str, Any]:
    """Without what goes without saying, or is said in a line of its own."""
    scan = said["scan"]
    left_out = {"notices"} | ({"page", "pages"} if scan["pages"] == 1 else set())
    return {**said, "scan": {key: scan[key] for key in scan if key not in left_out}}


def _lines(values: Mapping[str, Any], depth: int = 1, table: str = "") -> Iterator[str]:
    for key, value in values.items():
        name = "  " * depth + key.replace("_", " ")
        if isinstance(value, Mapping):
            yield name
            yield from _lines(value, depth + 1, key)
        elif value is not None and value != []:
            yield f"{name:<32}{_text(value, UNITS.get(f'{table}.{key}', ''))}"


def _text(value: Any, unit: str) -> str:
    """A value with its unit, as people write it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return f"{', '.join(_text(one, '') for one in value)} {unit}".rstrip()
    if unit.startswith("%"):
        value *= 100
    text = f"{value:.3g}" if isinstance(value, float) else str(value)
    return f"{text} {unit}".rstrip()
