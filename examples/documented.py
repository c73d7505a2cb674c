"""The example of documented colors: two portraits, what is known of them, and what nobody knows.

    python -m examples.documented [FOLDER]

Prints of photographs whose true colors are known are aged, restored in documented colors, and
compared; `check` says what the plates say of these, and the color book is written beside the film.
The photographs ship inside Matplotlib and scikit-image (`pip install photochrom[demo]`).
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from examples.compare import compare, sheet
from examples.demo import Source, aged, photograph
from photochrom.cli.console import bars
from photochrom.emulsion import Emulsion
from photochrom.photograph import Photograph
from photochrom.production import build, check_colors, color_book, save_color_book

PRODUCTION = Path(__file__).parent / "as-documented" / "production.toml"

SOURCES = (
    Source("hopper", Emulsion.ORTHOCHROMATIC, wear=0.55, seed=1912),
    # Of the same negative, whatever the production believes.
    Source("press", Emulsion.ORTHOCHROMATIC, wear=0.3, seed=7),
    Source("collins", Emulsion.PANCHROMATIC, wear=0.6, seed=1995),
    Source("camera", Emulsion.PANCHROMATIC, wear=0.0, seed=0, genuine=True),
)

# The press cut the portrait: of its height, from the top.
_CUT = 0.8
# The card is as large as one for a pocket, scanned coarsely.
_CARD = 320


def truth(id: str) -> NDArray[np.uint8]:
    """A photograph before it was aged: (H, W, 3), or (H, W) of one that is genuine."""
    if id == "press":
        portrait = photograph("hopper")
        return portrait[: round(_CUT * len(portrait))]
    return photograph(id)


def make_scans(folder: Path) -> None:
    """Writes the prints, and the card in color that lends its colors."""
    folder.mkdir(parents=True, exist_ok=True)
    for source in SOURCES:
        pixels = truth(source.id)
        scan = Photograph.from_array(pixels) if source.genuine else aged(pixels, source)
        scan.save(folder / f"{source.id}.tif")
    card = cv2.resize(truth("collins"), (_CARD, _CARD), interpolation=cv2.INTER_AREA)
    Photograph.from_array(card).save(folder / "card.jpg")


def main(arguments: Sequence[str]) -> int:
    """Makes the example in a folder; returns the exit code."""
    folder = Path(arguments[0] if arguments else "documented")
    make_scans(folder / "scans")
    production = folder / "production.toml"
    shutil.copyfile(PRODUCTION, production)
    with bars() as progress:
        for conflict in (allowed := check_colors(production, progress=progress)).conflicts:
            print(conflict.line)
        result = build(production, progress=progress)
    print(*allowed.emulsions, sep="\n")
    for line in result.failed:
        print(f"failed: {line}", file=sys.stderr)
    if result.failed:
        return 1
    for source in SOURCES:
        _compare(folder, source)
    save_color_book(color_book(production), folder / "colors.html", force=True)
    print(result.film, folder / "colors.html", sep="\n")
    return 0


def _compare(folder: Path, source: Source) -> None:
    """Says how close a picture is to the truth, and draws it beside that."""
    if source.genuine:
        return
    scan = Photograph.open(folder / "scans" / f"{source.id}.tif")
    after = Photograph.open(folder / "out" / "pictures" / f"{source.id}.tif")
    true = truth(source.id)
    before, now = compare(scan, after, true)
    print(f"{source.id}: ΔE2000 to the truth {before.delta_e:.1f} -> {now.delta_e:.1f}")
    sheet(scan, after, true).save(folder / f"{source.id}.png")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
