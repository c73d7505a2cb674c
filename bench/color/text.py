"""The color bench's section of `docs/benchmarks.md`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from bench.color import text_details
from bench.color.figures import COLORED, SECTORS, STRONG
from bench.color.quoted import IMAGENET_VAL5K, SOURCE
from bench.color.tables import interval, percent, table
from bench.color.views import PLATES
from bench.color.ways import CINEMA
from bench.harness import Figures
from bench.page import Aim, aims
from photochrom.recipe import Recipe

_NAMES: Final = tuple(plate.value for plate in PLATES)
_EARLY: Final = _NAMES[1:]


def section(results: Figures) -> str:
    """Write the section; see `bench`."""
    parts = [
        _of_before(results),
        _introduction(results["parameters"]),
        _aims(results),
        _historical(results["historical"], results["first_network_left_out"]),
        _modern(results["square"], results["whole"]),
        _telling(results["square"], results["historical"]),
        text_details.decoding(results["settings"], results["parameters"]),
        text_details.skin(results["whole"]),
        text_details.certainty(results),
        text_details.tones(results["whole"]),
        text_details.stability(results["stability"]),
        text_details.cost(results["cost"]),
    ]
    return "\n\n".join(part.strip() for part in parts if part)


def _of_before(results: Figures) -> str:
    """What the recipes were set to when they were measured, where that is not as it is now."""
    then = {"faithful": results["parameters"], "cinema": results.get("cinema_parameters")}
    told = {name: _set_otherwise(name, parameters) for name, parameters in then.items()}
    if not any(told.values()):
        return ""
    said = "; ".join(f"`{name}` with {what}" for name, what in told.items() if what)
    return f"**Figures of before:** the step has been set anew since. Measured was {said}."


def _set_otherwise(recipe: str, then: Mapping[str, Any] | None) -> str:
    if then is None:
        return "settings that were not saved"
    now = Recipe.preset(recipe).params["color"].model_dump(mode="json")
    other = [name for name, value in then.items() if now.get(name) != value]
    return ", ".join(
        f"{name} {json.dumps(then[name])} (now {json.dumps(now.get(name))})" for name in other
    )


def _looks(parameters: Figures) -> str:
    """At which sizes the network looks, and which way round."""
    sizes = parameters["sizes"]
    if parameters["mirror"]:
        return f"looks at short sides of {' and '.join(map(str, sizes))} and at their mirror images"
    # The last is looked at straight, those before it in turn.
    looks = [
        f"{size}, mirrored" if (len(sizes) - number) % 2 else f"{size}"
        for number, size in enumerate(sizes, start=1)
    ]
    return f"looks at short sides of {', and '.join(looks)}"


def _introduction(parameters: Figures) -> str:
    return f"""
Color photographs are exposed on each kind of plate in linear light (`photochrom.emulsion`, typical
weights), colored as the recipe `faithful` colors ({_looks(parameters)}, chroma joined to the
light along edges, no pins), given back their true lightness, and compared with the truth. ΔE is
CIEDE2000, a mean over pixels; *strong* are pixels whose true chroma is above {STRONG:.0f}; pixels
have a hue if it is above {COLORED:.0f}. Beside it, in the same run: *recipe cinema*, the recipe for
films; *gray*, no color at all; *palette*, one mean color for each lightness and kind of plate, of
training photographs (`bench/color/palette.json`); *first network*, the one of this repository's
commit `d54dc51`. Intervals in brackets hold 95 % of what comes out when the photographs are drawn
again (bootstrap).
"""


def _aims(results: Figures) -> str:
    square, whole, cost = results["square"], results["whole"], results["cost"]
    pan = square["ways"]["photochrom"]["panchromatic"]["right"]
    gain = pan["psnr"] - square["gray"]["psnr"]
    share = pan["colorfulness_share"]
    worth = {p: square["worth_of_telling"][p]["panchromatic"]["strong"] for p in _EARLY}
    rows: list[Aim] = [
        ("PSNR above gray's, panchromatic", "≥ 1.7 dB", f"{gain:.2f} dB", gain >= 1.7),
        ("at the same time, colorfulness of truth's", "≥ 60 %", percent(share), share >= 0.6),
        *_aims_of_cinema(square),
        *_aims_of_old_colors(results["historical"]["ways"]),
    ]
    for plate, value in worth.items():
        if value is not None:
            rows.append((f"ΔE of strong pixels, told right not panchromatic, {plate}", "≥ 8 % less",
                         f"{value[0]:.1f} % less", value[0] >= 8))  # fmt: skip
    for plate in _EARLY:
        tones = whole["plates"][plate]["tone_rmse"]
        if tones is not None:
            less = 1 - tones["eye"] / tones["plate"]
            rows.append((f"RMSE of L* with an eye's tones, {plate}", "≥ 30 % less",
                         f"{100 * less:.0f} % less", less >= 0.3))  # fmt: skip
    gap = whole["plates"]["panchromatic"]["skin"]["gap"]
    if gap is not None:
        rows.append(("ΔE of skin, worst tone group above the best", "≤ 10 %", f"{gap:.0f} %",
                     gap <= 10))  # fmt: skip
    rho = whole["plates"]["panchromatic"]["certainty"]["rho"]
    seconds, weights = cost["photograph_seconds"], cost["weights_mb"]
    rows += [
        ("Spearman's rho of certainty", "≥ 0.4", f"{rho:.2f}", rho >= 0.4),
        ("a photograph on two threads", "< 0.5 s", f"{seconds:.2f} s", seconds < 0.5),
        ("weights", "< 25 MB", f"{weights:.1f} MB", weights < 25),
    ]
    return "### Aims\n\n" + aims(rows)


def _aims_of_cinema(square: Figures) -> list[Aim]:
    if CINEMA not in square["ways"]:
        return []
    case = square["ways"][CINEMA]["panchromatic"]["right"]
    gain, share = case["psnr"] - square["gray"]["psnr"], case["colorfulness_share"]
    return [
        (f"{CINEMA}: PSNR above gray's", "≥ 0 dB", f"{gain:.2f} dB", gain >= 0),
        ("at the same time, colorfulness of truth's", "85–115 %", percent(share),
         0.85 <= share <= 1.15),
    ]  # fmt: skip


def _aims_of_old_colors(ways: Figures) -> list[Aim]:
    rows = []
    for plate in _NAMES:
        ours, theirs = (_errors(ways[way][plate]["right"])[0] for way in ("photochrom", "palette"))
        rows.append((f"historical ΔE below the palette's, {plate}", f"< {theirs:.2f}",
                     f"{ours:.2f}", ours < theirs))  # fmt: skip
    return rows


def _historical(historical: Figures, left_out: str | None) -> str:
    ways, gray, truth = historical["ways"], historical["gray"], historical["truth"]
    rows: list[tuple[Any, ...]] = [
        ("gray", "any", gray["psnr"], *_errors(gray), gray["colorfulness"], None)
    ]
    for name, by_plate in ways.items():
        for plate, figures in by_plate.items():
            case = figures["right"]
            gain = historical["gain_over_gray"][plate]["all"] if name == "photochrom" else None
            rows.append((name, plate, case["psnr"], *_errors(case), case["colorfulness"],
                         interval(gain)))  # fmt: skip
    if left_out:
        rows.append((f"first network: {left_out}", *[None] * 6))
    header = ("way", "plate", "PSNR, dB", "ΔE", "ΔE, strong", "colorfulness",
              "ΔE below gray's, %")  # fmt: skip
    return f"""
### Historical truth

{truth["pictures"]} color photographs that are historical themselves, mostly Prokudin-Gorskii's of
1905 to 1915, colored again from what each kind of plate would have recorded of them. Others do not
report this. Their short side was brought to 384 at most. They were balanced by different hands:
their colors are near the truth, not it. Their colorfulness is {truth["colorfulness"]}.

{table(header, rows)}

ΔE by hue of the truth:

{_by_hue(historical)}

![CIEDE2000 by hue](pictures/bench/color-historical-hues.png)
"""


def _modern(square: Figures, whole: Figures) -> str:
    ways, gray, truth = square["ways"], square["gray"], square["truth"]
    header = ("way", "plate", "PSNR, dB", "ΔE", "ΔE, strong", "colorfulness", "its error",
              "Fréchet")  # fmt: skip
    rows = [("gray", "any", *_columns(gray))]
    for name, by_plate in ways.items():
        for plate, figures in by_plate.items():
            rows.append((name, plate, *_columns(figures["right"])))
    untold = ways["photochrom"]["panchromatic"]["unknown"]
    rows.append(("photochrom, told nothing", "panchromatic", *_columns(untold)))
    large = [("gray", "any", *_columns(whole["gray"])[:-1], None)]
    for plate, figures in whole["plates"].items():
        outside = f"{100 * figures['outside_srgb']:.2f} %"
        large.append(("photochrom", plate, *_columns(figures)[:-1], outside))
    published = ("way", "weights", "PSNR, dB", "Inception FID", "colorfulness",
                 "its difference from truth")  # fmt: skip
    quoted = [(name, f"{size} M", *rest) for name, size, *rest in IMAGENET_VAL5K]
    return f"""
### Modern photographs

{truth["pictures"]} photographs at a short side of 256, their central squares, as papers measure.
Colorfulness is Hasler and Süsstrunk's (2003), the truth's {truth["colorfulness"]}; its error is the
mean absolute difference, picture by picture. The Fréchet distance is one of EfficientNet-Lite1's
features of windows (`bench/features.py`), **not** the Inception FID; one half of the true
photographs is {truth.get("frechet_of_halves", "–")} from the other half.

{table(header, rows)}

By hue of the truth, ΔE:

{_by_hue(square)}

Whole photographs at the size that they have (a short side of 384 for most), and the share of pixels
whose color sRGB cannot show at the plate's lightness before it is made paler:

{table((*header[:-1], "outside sRGB"), large)}

*Quoted, not measured here:* {SOURCE}; ImageNet's first 5,000 validation photographs.

{table(published, quoted)}

These cannot be set beside ours figure by figure: their 5,000 photographs are others, and likelier
to be like those that they were trained on (1.3 million of ImageNet; ours saw 8,042 photographs);
how far gray alone is from the truth there is not told; their lightness is that of the eye, where
ours comes from plates; their FID is Inception's; their difference of colorfulness is that of the
means, where our error is the mean of differences.
"""


def _telling(square: Figures, historical: Figures) -> str:
    rows = []
    for title, figures in (("modern", square), ("historical", historical)):
        for plate in _EARLY:
            ours = figures["ways"]["photochrom"][plate]
            for group, name in (("all", "all"), ("strong", "strong")):
                told = [ours[t]["delta_e"][group] for t in ("right", "panchromatic", "unknown")]
                worth = figures["worth_of_telling"][plate]
                gains = [interval(worth[t][group]) for t in ("panchromatic", "unknown")]
                rows.append((f"{title}, {plate}", name, *told, *gains))
    header = ("photographs, plate", "pixels", "told right", "told panchromatic", "told nothing",
              "right below panchromatic, %", "right below nothing, %")  # fmt: skip
    hues = []
    for hue in SECTORS:
        group = f"strong {hue}"
        cells = [
            interval(square["worth_of_telling"][plate][other][group])
            for plate in _EARLY
            for other in ("panchromatic", "unknown")
        ]
        hues.append((hue, percent(square["shares"][group], 1), *cells))
    names = [f"{p}, {o}" for p in _EARLY for o in ("below panchromatic", "below nothing")]
    return f"""
### What telling the emulsion is worth

ΔE when the network is told the plate's emulsion, when it is told *panchromatic*, which every peer
takes for granted, and when it is told nothing.

{table(header, rows)}

By how many percent the ΔE of strong pixels is smaller, told right, by hue (modern photographs):

{table(("hue", "of all pixels", *names), hues)}

![Gain by hue](pictures/bench/color-telling.png)
"""


def _columns(case: Figures) -> tuple[Any, ...]:
    return (case["psnr"], *_errors(case), case["colorfulness"], case["colorfulness_error"],
            case.get("frechet"))  # fmt: skip


def _errors(case: Figures) -> tuple[Any, Any]:
    return case["delta_e"]["all"], case["delta_e"]["strong"]


def _by_hue(comparison: Figures) -> str:
    """ΔE of gray and of ours from each plate, by hue of the truth."""
    ours = comparison["ways"]["photochrom"]
    rows = []
    for hue in SECTORS:
        group = f"colored {hue}"
        errors = [ours[plate]["right"]["delta_e"][group] for plate in _NAMES]
        share = percent(comparison["shares"][group])
        rows.append((hue, share, comparison["gray"]["delta_e"][group], *errors))
    return table(("hue", "of all pixels", "gray", *(f"from {name}" for name in _NAMES)), rows)
