"""The section of `docs/benchmarks.md` about documented colors."""

from __future__ import annotations

from typing import Any

from bench import page

_AS_LIGHT = (
    "; *as light*: where the plate is within 6 L* of one of the things, so that no edge holds a "
    "color"
)


def report(figures: dict[str, Any]) -> str:
    """How near pictures come to the truth, and what is painted over edges."""
    # Runs of before have not measured it.
    lights = all("as_light" in one for one in figures["pins"])
    header = [
        "documented colors",
        "ΔE, picture, without",
        "with",
        "ΔE, their things, without",
        "with",
        "made worse, elsewhere",
        "made worse, beside edges",
        *(["made worse, as light"] if lights else []),
        "photographs with one beyond 5",
    ]
    rows = [
        [
            f"{one['pins']:.0f}",
            f"{one['free']:.2f}",
            f"{one['told']:.2f}",
            f"{one['things_free']:.2f}",
            f"{one['things_told']:.2f}",
            f"{one['worse']:.1%}",
            f"{one['over_edges']:.1%}",
            *([f"{one['as_light']:.1%}"] if lights else []),
            f"{one['over']:.0%}",
        ]
        for one in figures["pins"]
    ]
    seconds = figures["seconds"]
    return "\n\n".join(
        [
            f"{figures['photographs']} photographs in color, exposed on panchromatic and "
            "orthochromatic plates in turn and colored by the recipe's step alone; one, three or "
            "ten pins with the true color of their place, at random inside things of one hue. ΔE "
            "is CIEDE2000 at the true lightness. *Made worse*: the share of what is of another "
            "color than all pins, and on none of their things, whose ΔE rose by more than 5; "
            "*beside edges*: within 3 % of the shorter side of the things"
            f"{_AS_LIGHT if lights else ''}. The last column counts photographs in which at "
            "least one pin is not shown within 5 at its very place.",
            page.table(header, rows),
            f"From a pin to the colors of a picture of {seconds['megapixels']} megapixels, when "
            f"the network's answers are kept: {seconds['colors_cpu_seconds']:.2f} s of processor "
            f"time ({seconds['colors_seconds']:.2f} s by the clock); all its pixels take another "
            f"{seconds['pixels_cpu_seconds']:.2f} s ({seconds['pixels_seconds']:.2f} s by the "
            "clock). On a machine with other work the clock tells of that.",
        ]
    )
