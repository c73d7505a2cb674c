"""The parts of the color bench's section after its headlines."""

from __future__ import annotations

from bench.color.settings import NEAR, UNTHOUGHT
from bench.color.skin import GROUPS
from bench.color.tables import percent, table
from bench.color.views import PLATES
from bench.harness import Figures

# Figures of a reliability curve, by their titles; results from before know only the second.
_ERRORS = {"expected": "expected", "error": "error", "beside_cast": "beside the cast"}


def decoding(settings: Figures, parameters: Figures) -> str:
    """What other settings of the color step would give."""
    rows = []
    for case in settings["settings"]:
        unthought = None if case["unthought"] is None else percent(case["unthought"])
        bandwidth = f" {case['bandwidth']:.0f}" if case["decode"] == "settled" else ""
        rows.append((
            case["decode"] + bandwidth, case["saturation"],
            case["psnr"] - settings["gray"]["psnr"],
            case["delta_e"]["all"], case["delta_e"]["strong"], percent(case["colorfulness_share"]),
            unthought,
        ))  # fmt: skip
    gray = settings["gray"]["delta_e"]
    header = ("decoded", "saturation", "PSNR above gray's, dB", "ΔE", "ΔE, strong",
              "colorfulness of truth's", "nobody thought of")  # fmt: skip
    return f"""
### Error against color

What other settings of the step would give, on {settings["truth"]["pictures"]} of the squares,
panchromatic: the mean, and what regions settle on by bandwidth; gray's ΔE is {gray["all"]:.2f}, of
strong pixels {gray["strong"]:.2f}. The last column is the share of colored cells shown in a color
that nobody thought of: less than {percent(UNTHOUGHT)} of the probability is within
{NEAR:.0f} units of a*b* of it. All other figures are with `{parameters["decode"]}`, a bandwidth of
{parameters["bandwidth"]:.0f} and a saturation of {parameters["saturation"]}.

{table(header, rows)}
"""


def skin(whole: Figures) -> str:
    """How far off skin is."""
    if whole["skin_left_out"]:
        return f"### Skin\n\nLeft out: {whole['skin_left_out']}."
    rows = []
    for plate, figures in (("gray", whole["gray"]), *whole["plates"].items()):
        for group in ("all", *GROUPS):
            found = figures["skin"][group]
            pale = None if "pale" not in found else percent(found["pale"])
            told = (found.get(k) for k in ("faces", "delta_e", "chroma", "hue"))
            rows.append((plate, group, *told, pale))
    gaps = ", ".join(
        f"{plate} {figures['skin']['gap']} %"
        for plate, figures in whole["plates"].items()
        if figures["skin"]["gap"] is not None
    )
    note = f"The worst group's ΔE is above the best's by: {gaps}." if gaps else ""
    return f"""
### Skin

Skin within faces that BlazeFace finds, by how light it looks in the photograph: the individual
typology angle of its median is above 41° (light), from 10° (medium) or below (dark). Shade counts
as much as complexion, so that the groups say nothing of people; the rule is in
`bench/color/skin.py`. Every face counts the same. Chroma is by how much it is more colored than
the truth, hue by how many degrees it is turned towards yellow; *pale* is the share of a face's
pixels with a chroma below 5.

{table(("plate", "skin", "faces", "ΔE", "chroma", "hue, °", "pale"), rows)}

{note}
"""


def certainty(results: Figures) -> str:
    """Whether the network knows how sure it may be."""
    rows = []
    for title, curves in (
        (
            "modern",
            {
                n: results["whole"]["plates"][n]["certainty"]
                for n in (plate.value for plate in PLATES)
            },
        ),
        ("historical", results["historical"]["certainty"]),
    ):
        for plate, curve in curves.items():
            row = [f"{title}, {plate}", curve["rho"], curve["rho_within_pictures"]]
            row += [curve[what][tenth] for tenth in (0, -1) for what in _ERRORS if what in curve]
            rows.append(tuple(row))
    there = [title for what, title in _ERRORS.items() if what in curve]
    header = ("photographs, plate", "rho", "rho within a picture",
              *(f"{title}, {tenth} certain tenth" for tenth in ("least", "most")
                for title in there))  # fmt: skip
    return f"""
### Certainty

Spearman's rho of certainty with the smallness of the error in a*b*, over all places (cells of 4 by
4 pixels of what the network sees), and the mean of every picture's own. Error is the distance in
a*b*; expected is what a certainty stands for; beside the cast is without what all of a picture is
off by (the median of its differences), which hangs on who balanced a historical photograph.

{table(header, rows)}

![Reliability](pictures/bench/color-certainty.png)
"""


def tones(whole: Figures) -> str:
    """What an eye's tones bring."""
    if whole["tone_left_out"]:
        return f"### An eye's tones\n\nLeft out: {whole['tone_left_out']}."
    rows = []
    for plate, figures in whole["plates"].items():
        found = figures["tone_rmse"]
        change = f"{100 * (found['eye'] / found['plate'] - 1):+.0f} %"
        rows.append((plate, found["pictures"], found["plate"], found["eye"], change))
    return f"""
### An eye's tones

How far L* is from that of the true photograph (RMSE over pixels): the plate's own, and with
`tones = "eye"`.

{table(("plate", "photographs", "plate's own", "an eye's", "change"), rows)}
"""


def stability(stability: Figures) -> str:
    """How much colors change for nothing."""
    rows = [(name, c["mean"], c["p95"]) for name, c in stability["changes"].items()]
    return f"""
### Stability

By how much a* and b* change (distance, CIELAB units) when the network looks at the same photograph
at sizes a tenth smaller or larger than usual, or through a window of 256 by 256 pixels moved by a
few of them along both sides; {stability["pictures"]} photographs, panchromatic, mean chroma
{stability["chroma"]}.

{table(("change", "mean", "95th percentile"), rows)}
"""


def cost(cost: Figures) -> str:
    """Seconds and memory."""
    columns = ("seconds", "seconds_least", "cpu_seconds", "peak_mb")
    rows = []
    for name, title in (("photograph", "512 × 384"), ("twelve_megapixels", "4000 × 3000")):
        rows.append((title, *(cost[f"{name}_{column}"] for column in columns)))
    return f"""
### Cost

The color step and the joining of chroma to light on {cost["threads"]} threads, in a process of its
own, after {cost["loading_seconds"]} s of loading the network of {cost["weights_mb"]} MB: median and
least of several runs, on a machine as busy as said below; processor seconds are of both threads.
Memory is the process's peak, {cost["memory_idle_mb"]} MB of it Python and its libraries.

{table(("picture", "s, median", "s, least", "processor s", "peak, MB"), rows)}
"""
