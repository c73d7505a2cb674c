"""What is in a scan: tint, tones, grain, sharpness, halftone, blocking, damage, likely emulsion."""

from collections.abc import Sequence

from photochrom.emulsion import emulsion_for_year
from photochrom.measure.blocking import measure_blocking
from photochrom.measure.damage import measure_damage
from photochrom.measure.grain import cut_blocks, measure_grain
from photochrom.measure.halftone import measure_halftone
from photochrom.measure.measures import (
    IGNORES_PINS,
    KEEPS_COLORS,
    LOOKS_NEGATIVE,
    Blocking,
    Grain,
    Halftone,
    LikelyEmulsion,
    Measures,
    Sharpness,
    Tint,
    Tones,
)
from photochrom.measure.negative import measure_negative
from photochrom.measure.sampling import sample
from photochrom.measure.sharpness import measure_sharpness
from photochrom.measure.tint import Spot, measure_tint, measure_tones
from photochrom.photograph import Photograph, ScanInfo

__all__ = [
    "IGNORES_PINS",
    "KEEPS_COLORS",
    "LOOKS_NEGATIVE",
    "Blocking",
    "Grain",
    "Halftone",
    "LikelyEmulsion",
    "Measures",
    "Sharpness",
    "Tint",
    "Tones",
    "measure",
]


def measure(photograph: Photograph, glare: Sequence[Spot] = ()) -> Measures:
    """Measure what is in a scan.

    Looks at an overview of the picture and at no more than 25 tiles of 256 x 256 pixels, so that
    time and memory are bounded: about a second for any size.

    Args:
        photograph: The scan.
        glare: Where a print gives back light; see `tint.measure_tint`.
    """
    looked_at = sample(photograph)
    blocks = cut_blocks(looked_at.tiles)
    grain = measure_grain(blocks)
    info = photograph.info
    return Measures(
        tint=measure_tint(looked_at.color, glare),
        tones=measure_tones(looked_at.gray),
        grain=grain,
        sharpness=measure_sharpness(looked_at.tiles, blocks, grain.sigma),
        halftone=measure_halftone(looked_at.tiles, info.dpi[0] if info.dpi else None),
        blocking=measure_blocking(looked_at.tiles),
        damage=measure_damage(looked_at.gray),
        emulsion=_likely_emulsion(info),
        negative=measure_negative(looked_at.gray, looked_at.color),
    )


def _likely_emulsion(info: ScanInfo) -> LikelyEmulsion:
    name = emulsion_for_year(info.year).value
    if info.year is None:
        return LikelyEmulsion(name, "no date is known")
    return LikelyEmulsion(name, f"usual in {info.year} ({info.year_source})")
