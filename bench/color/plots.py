"""The color bench's plots; they hold figures and no photograph."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import matplotlib as mpl
import numpy as np

from bench.color.figures import SECTORS
from bench.color.views import PLATES

mpl.use("agg")
from matplotlib import pyplot as plt

_PLATE_COLORS: Final = {"panchromatic": "#555555", "orthochromatic": "#2f8f4e",
                        "blue-sensitive": "#2f62b5"}  # fmt: skip
_SIZE: Final = (8.0, 3.6)
_DPI: Final = 110


def draw(results: Mapping[str, Any], folder: Path) -> None:
    """Draw all plots into a folder."""
    _hues(results["historical"], folder / "color-historical-hues.png")
    _reliability(results, folder / "color-certainty.png")
    _telling(results["square"], folder / "color-telling.png")


def _hues(historical: Mapping[str, Any], path: Path) -> None:
    """CIEDE2000 by hue: gray, and ours from each plate."""
    figure, axes = plt.subplots(figsize=_SIZE, layout="constrained")
    rows = {"left gray": (historical["gray"], "#bbbbbb")}
    for plate, color in _PLATE_COLORS.items():
        rows[f"from {plate}"] = (historical["ways"]["photochrom"][plate]["right"], color)
    at, width = np.arange(len(SECTORS)), 0.8 / len(rows)
    for i, (name, (figures, color)) in enumerate(rows.items()):
        heights = [figures["delta_e"][f"colored {hue}"] or 0 for hue in SECTORS]
        axes.bar(at + (i - (len(rows) - 1) / 2) * width, heights, width, label=name, color=color)
    shares = historical["shares"]
    axes.set_xticks(at, [f"{hue}\n{100 * shares[f'colored {hue}']:.0f} %" for hue in SECTORS])
    axes.set_ylabel("CIEDE2000, less is better")
    axes.set_title("Historical color photographs, by the truth's hue (share of pixels)")
    axes.legend(ncols=4, fontsize="small", frameon=False)
    axes.set_ylim(0, axes.get_ylim()[1] * 1.12)
    _save(figure, path)


def _reliability(results: Mapping[str, Any], path: Path) -> None:
    """Error against certainty, on modern and on historical photographs."""
    figure, both = plt.subplots(1, 2, figsize=_SIZE, layout="constrained", sharey=True)
    modern = {p.value: results["whole"]["plates"][p.value]["certainty"] for p in PLATES}
    for axes, title, curves in (
        (both[0], "modern photographs", modern),
        (both[1], "historical photographs", results["historical"]["certainty"]),
    ):
        for plate, color in _PLATE_COLORS.items():
            curve = curves[plate]
            name = f"{plate}, rho {curve['rho']:.2f}"
            axes.plot(curve["certainty"], curve["error"], "o-", ms=4, color=color, label=name)
        axes.set_xlabel("certainty (means of tenths of the places)")
        axes.set_title(title)
        axes.legend(fontsize="small", frameon=False)
    both[0].set_ylabel("error in a*b*, CIELAB units")
    both[0].set_ylim(bottom=0)
    _save(figure, path)


def _telling(square: Mapping[str, Any], path: Path) -> None:
    """By how much telling the emulsion lowers errors on strongly colored pixels, by hue."""
    figure, axes = plt.subplots(figsize=_SIZE, layout="constrained")
    plates = [plate.value for plate in PLATES[1:]]
    groups = ["strong", *(f"strong {hue}" for hue in SECTORS)]
    at, width = np.arange(len(groups)), 0.8 / len(plates)
    for i, plate in enumerate(plates):
        gains = square["worth_of_telling"][plate]["panchromatic"]
        shown = [gains[group] or (0.0, 0.0, 0.0) for group in groups]
        heights = np.array([gain for gain, _, _ in shown])
        ends = np.abs(np.array([[gain - low, high - gain] for gain, low, high in shown]).T)
        places = at + (i - (len(plates) - 1) / 2) * width
        axes.bar(places, heights, width, yerr=ends, capsize=2, label=plate,
                 color=_PLATE_COLORS[plate], error_kw={"lw": 0.8})  # fmt: skip
    axes.axhline(0, color="black", lw=0.8)
    shares = square["shares"]
    names = ["all", *SECTORS]
    axes.set_xticks(
        at, [f"{n}\n{100 * shares[g]:.1f} %" for n, g in zip(names, groups, strict=True)]
    )
    axes.set_ylabel("smaller CIEDE2000, %")
    axes.set_title("Told right instead of panchromatic: pixels of chroma above 30, by hue")
    axes.legend(fontsize="small", frameon=False)
    _save(figure, path)


def _save(figure: Any, path: Path) -> None:
    figure.savefig(path, dpi=_DPI, metadata={"Software": None})
    plt.close(figure)
