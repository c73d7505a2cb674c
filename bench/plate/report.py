"""The section of `docs/benchmarks.md` about documented colors and plates."""

from __future__ import annotations

from typing import Any

from bench import page
from bench.plate.measuring import TURNS


def report(figures: dict[str, Any]) -> str:
    """False alarms, wrong hues found, and emulsions ranked."""
    rows = [
        [
            one["emulsion"],
            one["pins"],
            f"{one['false_alarms']:.1%}",
            *(f"{one['wrong'][str(turn)]['area']:.2f}" for turn in TURNS),
            *(f"{one['wrong'][str(turn)]['found']:.0%}" for turn in TURNS),
        ]
        for one in figures["asked"]
    ]
    header = ["plate", "documented colors", "false alarms"]
    header += [f"area, {turn}°" for turn in TURNS] + [f"found, {turn}°" for turn in TURNS]
    ranked = [
        f"with {pins} colors in {100 * one['right']:.0f} of 100"
        for pins, one in figures["ranked"].items()
    ]
    return "\n\n".join(
        [
            f"{figures['photographs']} photographs in color, each photographed on plates of known "
            "kinds and printed harder or softer. A color is the median of a thing of one hue, its "
            "gray that of any place of the thing. Wrong colors are as light and as colorful, their "
            "hue turned. *Area* is that under the ROC curve (0.5: the plate says nothing); *found* "
            "is what `photochrom check` calls a conflict. One color is asked about; the others are "
            "true.",
            page.table(header, rows),
            f"The right kind of plate ranks first {', '.join(ranked)} (a guess: 33).",
            "Equally light colors look alike on a panchromatic plate: there is nothing to find.",
        ]
    )
