"""The section of `docs/benchmarks.md` about agreement and references."""

from __future__ import annotations

from typing import Any

from bench import page


def report(figures: dict[str, Any]) -> str:
    """How far photographs of one thing are apart, and what references do."""
    ways, lent = figures["agreement"], figures["reference"]
    header = ["photographs of a group", "apart (ΔE)", "from the truth (ΔE)"]
    rows = [
        [name, f"{ways[way]['spread']:.2f}", f"{ways[way]['error']:.2f}"]
        for way, name in (("alone", "each by itself"), ("together", "one scene"))
    ]
    header_lent = ["reference", "from the truth (ΔE)", "made worse by more than 5"]
    rows_lent = [
        ["none", f"{lent['alone']:.2f}", ""],
        ["the same in its true colors", f"{lent['right']:.2f}", f"{lent['worse_right']:.2%}"],
        ["something else", f"{lent['wrong']:.2f}", f"{lent['worse_wrong']:.2%}"],
    ]
    return "\n\n".join(
        [
            f"{figures['groups']} photographs in color, each made into a group of three in black "
            "and white: the whole on a panchromatic plate; a part of it, mirrored, turned by up to "
            "6 degrees, in other tones, on an orthochromatic plate; a part seen from a step aside, "
            "as a worn print (`aging`, wear 0.35). They are colored by themselves, and as one "
            "scene, into which one photograph of something else has come by mistake. *Apart* is "
            "the mean CIEDE2000 between two of a group at the same spot, at the true lightness.",
            page.table(header, rows),
            f"Of the groups {figures['halved']:.0%} come at least twice as near together, and "
            f"{figures['wider']:.0%} not nearer at all.",
            "The second and the third of each group with one reference: the whole in its true "
            "colors, or another of the photographs. *Made worse* is the share of a picture whose "
            "ΔE rose by more than 5.",
            page.table(header_lent, rows_lent),
            "Of all that were given a reference of something else the worst fared "
            f"{figures['worst_wrong']:.2f} worse on average over its whole picture.",
            "Such groups are easier than those of albums, in which people have moved between two "
            "photographs; none of those with known colors was at hand.",
        ]
    )
