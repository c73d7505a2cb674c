"""The section of `docs/benchmarks.md` about variants."""

from __future__ import annotations

from typing import Any

from bench import page


def report(figures: dict[str, Any]) -> str:
    """How near the best comes to the truth, and where variants differ."""
    counts, several = figures["with"], figures["several"]
    header = ["photographs", "ΔE, first", "best of all", "best of four vividnesses of the first"]
    rows = [
        ["all", *_errors(figures["all"])],
        ["those with more than one", *_errors(several)],
    ]
    places = page.table(
        ["where", *header[1:], "variants from one another"],
        [
            [
                "the network is unsure",
                f"{several['unsure_first']:.2f}",
                f"{several['unsure_best']:.2f}",
                f"{several['unsure_vivid']:.2f}",
                f"{several['unsure_spread']:.2f}",
            ],
            ["elsewhere", "", "", "", f"{several['sure_spread']:.2f}"],
        ],
    )
    return "\n\n".join(
        [
            f"{figures['photographs']} photographs in color, exposed on panchromatic and "
            "orthochromatic plates in turn and colored by the recipe's step alone, in all "
            f"[variants](colors.md#variants) that there are: {counts['4']} have four, "
            f"{counts['3']} three, {counts['2']} two and {counts['1']} just one. ΔE is CIEDE2000 "
            "at the true lightness. *Best* is chosen by whoever knows the truth, as who has seen "
            "the coat does. Four *vividnesses* are the first, just paler or more vivid "
            f"(chroma x {', '.join(_FACTORS)}).",
            page.table(header, rows),
            "Of those with more than one, where the certainty of the first is below 0.55 and where "
            f"it is not. Things with variants are {several['doubtful']:.0%} of these pictures; the "
            f"other variants are on average {several['likely']:.2f} times as likely there as the "
            "first.",
            places,
        ]
    )


_FACTORS = ("0.5", "1", "1.5", "2")


def _errors(figures: dict[str, float]) -> list[str]:
    return [f"{figures[key]:.2f}" for key in ("first", "best", "vivid")]
