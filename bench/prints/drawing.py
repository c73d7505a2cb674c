"""Plots of the section: quality against time, and each kind of damage."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.transforms import Bbox

from bench.harness import Figures
from bench.prints.ways import MINE

_TASKS: Final = {
    "repair": "Worn prints, repaired and cleaned",
    "enlarge_worn": "Small worn prints, restored and enlarged x4",
}
_OURS, _OTHERS, _PAPER = "#b3541e", "#4a5a6a", "#9aa4ad"


def draw(figures: Figures, folder: Path) -> None:
    """Draw the plots of the first set that was measured into a folder."""
    if found := next(iter(figures["sets"].values()), None):
        _quality_against_time(found, folder / "prints-quality.png")
        _kinds(found["kinds"], folder / "prints-kinds.png")


def _quality_against_time(found: dict[str, Any], path: Path) -> None:
    figure, axes = plt.subplots(1, 2, figsize=(11, 4.4), layout="constrained")
    labels = []
    for axis, (task, title) in zip(axes, _TASKS.items(), strict=True):
        named: list[tuple[str, float, float, str]] = []
        ways = found[task]["ways"]
        times = {way: max(row["cpu_seconds_per_megapixel"], 1e-3) for way, row in ways.items()}
        middle = (min(times.values()) * max(times.values())) ** 0.5
        axis.set(xscale="log", xlabel="processors' seconds per megapixel", ylabel="PSNR, dB")
        axis.margins(x=0.1, y=0.12)
        for way in sorted(ways, key=lambda way: ways[way]["psnr"]):
            decibels, seconds = ways[way]["psnr"], times[way]
            if way == "as it came":
                axis.axhline(decibels, color=_PAPER, linestyle=":", linewidth=1)
                axis.text(1, decibels, way, transform=axis.get_yaxis_transform(), ha="right",
                          va="bottom", color=_PAPER, fontsize=8)  # fmt: skip
                continue
            color = _OURS if way in MINE else _OTHERS
            axis.scatter(seconds, decibels, color=color, s=36, zorder=3)
            named.append((way, seconds, decibels, color))
        axis.set_title(title, fontsize=10)
        axis.grid(alpha=0.3)
        labels.append((axis, middle, named))
    # Only once everything is in place is it known where labels would lie on one another.
    figure.canvas.draw()
    for axis, middle, named in labels:
        taken: list[Bbox] = []
        for way, seconds, decibels, color in named:
            _label(axis, way, (seconds, decibels), color, taken, left=seconds > middle)
    figure.savefig(path, dpi=110)
    plt.close(figure)


def _label(
    axis: Axes,
    text: str,
    point: tuple[float, float],
    color: str,
    taken: list[Bbox],
    *,
    left: bool,
) -> None:
    """Write beside a point, where no other label lies; `taken` grows by the place."""
    for step in range(6):
        # Near and level first, then farther and farther above and below.
        up = (3, -9, 15, -21, 27, -33)[step]
        note = axis.annotate(text, point, xytext=(-6 if left else 6, up),
                             textcoords="offset points", ha="right" if left else "left",
                             color=color, fontsize=8)  # fmt: skip
        place = note.get_window_extent()
        if not any(place.overlaps(other) for other in taken) or step == 5:
            taken.append(place)
            return
        note.remove()


def _kinds(kinds: dict[str, Any], path: Path) -> None:
    figure, (bars, recalls) = plt.subplots(
        2, 1, figsize=(11, 5.6), sharex=True, layout="constrained", height_ratios=(2, 1)
    )
    shown = {
        "as it came": _PAPER,
        "Telea, true mask": "#7b8fa3",
        "Telea, true mask + 1": _OTHERS,
        "photochrom, true mask": "#d99a6c",
        "photochrom, its own mask": _OURS,
    }
    there = next(iter(kinds.values()))["inside"]
    shown = {name: color for name, color in shown.items() if name in there}
    width = 0.8 / len(shown)
    for number, (name, color) in enumerate(shown.items()):
        heights = [values["inside"][name] or 0 for values in kinds.values()]
        places = [index + (number - (len(shown) - 1) / 2) * width for index in range(len(kinds))]
        bars.bar(places, heights, width, color=color, label=name)
    bars.set_ylabel("PSNR within defects, dB")
    bars.legend(fontsize=8, ncols=5, loc="upper left")
    bars.margins(y=0.18)
    recalls.bar(
        range(len(kinds)),
        [values["mask"]["recall"] or 0 for values in kinds.values()],
        0.5,
        color=_OURS,
    )
    recalls.set(ylabel="found (recall)", ylim=(0, 1))
    recalls.set_xticks(range(len(kinds)), list(kinds))
    figure.savefig(path, dpi=110)
    plt.close(figure)
