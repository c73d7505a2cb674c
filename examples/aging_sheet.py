"""Draws the contact sheet of what time does to a print: `python -m examples.aging_sheet`.

Each effect alone, then whole prints of four degrees of wear, from a public-domain photograph of
NASA's that ships inside scikit-image (`pip install photochrom[demo]`).
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import skimage.data
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from photochrom.aging import Halftone, Wear, age
from photochrom.emulsion import Emulsion

OUT = Path(__file__).parents[1] / "docs" / "pictures" / "aging" / "effects.png"
WHOLE = (0.25, 0.5, 0.75, 1.0)

_CELL = 264
_COLUMNS = 5
_GAP = 6
_LABEL = 20
_GROUND = (246, 243, 236)
_INK = (40, 36, 30)
# Shades enough for sepia and gray; a third of the bytes.
_SHADES = 256


@dataclass(frozen=True)
class Show:
    """An effect on the sheet.

    Attributes:
        label: What it is, with the fields of `Wear` that make it.
        wear: Its strength here: more than most prints have of it, so that it can be seen.
        seed: Which one of many.
        corner: Top and left of the part of the photograph that shows it, in pixels.
        emulsion: What the photograph is exposed on.
    """

    label: str
    wear: Wear
    seed: int = 0
    corner: tuple[int, int] = (10, 90)
    emulsion: Emulsion = Emulsion.PANCHROMATIC


_SUIT = (150, 60)
_SHUTTLE = (10, 230)
_HELMET = (248, 248)
SHOWN = (
    Show("panchromatic, as printed", Wear(), corner=_SUIT),
    Show("orthochromatic", Wear(), corner=_SUIT, emulsion=Emulsion.ORTHOCHROMATIC),
    Show("blue-sensitive", Wear(), corner=_SUIT, emulsion=Emulsion.BLUE_SENSITIVE),
    Show("softness 1.4", Wear(softness=1.4)),
    Show("soft_corners 3", Wear(soft_corners=3.0), corner=_SUIT),
    Show("vignette 0.55", Wear(vignette=0.55)),
    Show("gamma 1.35, contrast 0.4", Wear(gamma=1.35, contrast=0.4)),
    Show("black 0.22, white 0.78", Wear(black=0.22, white=0.78)),
    Show("side_fade 0.6", Wear(side_fade=0.6), seed=3),
    Show("mirroring 0.9", Wear(mirroring=0.9, sepia=8), seed=24, corner=_HELMET),
    Show("sepia 16, hue 75", Wear(sepia=16, hue=75)),
    Show("yellowing 24", Wear(yellowing=24)),
    Show("grain 0.05, grain_size 0.8", Wear(grain=0.05, grain_size=0.8)),
    Show("halftone: pitch 4, 45°", Wear(halftone=Halftone(4, 45, 0.8))),
    Show("writing 2", Wear(writing=2), seed=24, corner=_SHUTTLE),
    Show("stamps 3", Wear(stamps=3), seed=5),
    Show("scratches 8, scratch_width 1.2", Wear(scratches=8, scratch_width=1.2), seed=3),
    Show("rain 4", Wear(rain=4), seed=2),
    Show("dust 90", Wear(dust=90), seed=1, corner=_SUIT),
    Show("hairs 5", Wear(hairs=5), seed=4),
    Show("creases 3", Wear(creases=3), seed=26),
    Show("cracks 3", Wear(cracks=3), seed=6, corner=_SUIT),
    Show("cracks: crazing", Wear(cracks=1), seed=27, corner=_SUIT),
    Show("flakes 0.7, brittle", Wear(flakes=0.7), seed=24, corner=_SUIT),
    Show("flakes 0.7, rubbed", Wear(flakes=0.7), seed=5, corner=_SUIT),
    Show("stains 4", Wear(stains=4, yellowing=6), seed=6),
    Show("foxing 60", Wear(foxing=60, yellowing=6), seed=3),
    Show("worn_edges 0.9", Wear(worn_edges=0.9), seed=2, corner=_SUIT),
    Show("rips 3, corners 2", Wear(rips=3, corners=2), seed=5),
    Show("newton 0.06", Wear(newton=0.06), seed=8),
    Show("blur 1.2", Wear(blur=1.2)),
    Show("noise 0.04", Wear(noise=0.04)),
    Show("jpeg 25", Wear(jpeg=25)),
)


def cell(shown: Show, photograph: NDArray[np.float32]) -> NDArray[np.uint8]:
    """One effect on its part of the photograph, 1:1, (264, 264, 3) uint8."""
    top, left = shown.corner
    part = photograph[top : top + _CELL, left : left + _CELL]
    aged = age(part, emulsion=shown.emulsion, wear=shown.wear, seed=shown.seed, unit=1.2)
    return _eight_bits(aged.print)


def sheet() -> Image.Image:
    """All effects, and below them whole prints."""
    photograph = skimage.data.astronaut().astype(np.float32) / 255
    cells = [(shown.label, cell(shown, photograph)) for shown in SHOWN]
    rows = -(-len(cells) // _COLUMNS)
    step, line = _CELL + _GAP, _CELL + _LABEL + _GAP
    width = _COLUMNS * step + _GAP
    side = (width - _GAP * (len(WHOLE) + 1)) // len(WHOLE)
    page = Image.new("RGB", (width, rows * line + side + _LABEL + 2 * _GAP), _GROUND)
    draw = ImageDraw.Draw(page)
    font = ImageFont.load_default(13)
    for number, (label, pixels) in enumerate(cells):
        x, y = _GAP + number % _COLUMNS * step, _GAP + number // _COLUMNS * line
        page.paste(Image.fromarray(pixels), (x, y + _LABEL))
        draw.text((x, y + 2), label, _INK, font)
    for number, wear in enumerate(WHOLE):
        aged = age(photograph, emulsion=Emulsion.ORTHOCHROMATIC, wear=wear, seed=30, unit=1.0)
        small = Image.fromarray(_eight_bits(aged.print)).resize((side, side), Image.Resampling.BOX)
        x, y = _GAP + number * (side + _GAP), rows * line + _GAP
        page.paste(small, (x, y + _LABEL))
        draw.text((x, y + 2), f"a whole print, wear {wear}", _INK, font)
    return page


def _eight_bits(picture: NDArray[np.float32]) -> NDArray[np.uint8]:
    return np.asarray(np.clip(picture, 0, 1) * 255 + 0.5, np.uint8)


def main(arguments: Sequence[str]) -> int:
    """Draws the sheet into the file that is named, by default into the docs."""
    out = Path(arguments[0]) if arguments else OUT
    out.parent.mkdir(parents=True, exist_ok=True)
    page = sheet().quantize(_SHADES, dither=Image.Dither.FLOYDSTEINBERG)
    page.save(out, optimize=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
