"""`photochrom compare`: a photograph before and after, on a sheet, under a slider, as a wipe."""

from __future__ import annotations

from pathlib import Path

import click

from photochrom.cli.places import NEAR


@click.command("compare")
@click.argument("before", type=NEAR, metavar="A")
@click.argument("after", type=NEAR, metavar="B")
@click.option(
    "-o",
    "--output",
    type=NEAR,
    metavar="OUT",
    help="The file, whose ending decides what it becomes: a sheet (.jpg, .png, .webp, .tif), a "
    "page with a slider (.html), or a wipe (.gif, .mp4).  [default: B.compare.jpg beside B]",
)
@click.option("--slider", is_flag=True, help="A page with a slider: B.compare.html beside B.")
@click.option(
    "--labels",
    metavar="LEFT,RIGHT",
    help='What the two states are called, as in "Vorher,Nachher".  [default: what the record of B '
    "says, else Before and After]",
)
@click.option("--force", is_flag=True, help="Replace a comparison that somebody has changed.")
def command(
    before: Path, after: Path, output: Path | None, slider: bool, labels: str | None, force: bool
) -> None:
    """Show A, an original, beside B, what was made of it.

    Pictures of different sizes are matched, and so is an original that was turned by a quarter. A
    sheet shows both whole and a detail of each. The page is one file that needs no network; its
    slider follows the mouse, a finger and the arrow keys.
    """
    from photochrom.comparing import compare

    if slider and output is not None and output.suffix.lower() not in (".html", ".htm"):
        raise click.UsageError(f"--slider makes a page, and {output} does not end in .html")
    out = output or after.with_name(f"{after.stem}.compare.{'html' if slider else 'jpg'}")
    compare(before, after, out, labels=_labels(labels), force=force)
    print(out)


def _labels(text: str | None) -> tuple[str, str] | None:
    if text is None:
        return None
    left, comma, right = text.partition(",")
    if not comma:
        raise click.BadParameter(f"{text!r} is one name; write LEFT,RIGHT.", param_hint="--labels")
    return left.strip(), right.strip()
