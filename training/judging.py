"""How a network stands while it is trained: a few figures of its averaged weights.

The figures have the names that they have on the network's card, but come from few photographs, so
that a turn can end with them; the network that ships is measured on the same ones.
"""

from __future__ import annotations

import csv
import hashlib
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import torch
from torch import nn

import training.clarity.export as clarity
import training.color.export as color
import training.restore.export as restore
from photochrom.emulsion import Emulsion
from training.clarity.evaluate import evaluate as evaluate_clarity
from training.clarity.export import export_clarity
from training.clarity.model import SCALES, ClarityNet
from training.color.bins import Bins
from training.color.evaluate import baseline, case_results
from training.color.export import embolden, export_color
from training.color.model import ColorNet
from training.color.predict import Predictor
from training.restore.evaluate import evaluate_filler, evaluate_finder, filler, finder
from training.restore.export import CAUTION, export_filler, export_finder
from training.restore.model import Filler, Finder
from training.saving import load_average
from training.schedule import WEIGHTS, Plan
from training.start import Shipped, read_card

COUNT: Final = 24
"""Photographs that are measured on."""

Figures = Mapping[str, float]

_TEMPERATURE: Final = 0.4
_COLOR_CASES: Final = (
    ("colour", Emulsion.PANCHROMATIC),
    ("colour", Emulsion.ORTHOCHROMATIC),
    ("historical_colour", Emulsion.ORTHOCHROMATIC),
)
_COLOR_FIGURES: Final = ("_psnr", "_delta_e", "_delta_e_strong", "_colorfulness")
_FINDER_FIGURES: Final = (
    "precision",
    "recall",
    "iou",
    "noise_false_share",
    "untouched_false_share",
    "vintage_false_share",
)
_FILLER_FIGURES: Final = (
    "psnr_after",
    "ssim_after",
    "inside_after",
    "inside_told",
    "untouched_rms",
)


@dataclass(frozen=True)
class Way:
    """How a network is built, shipped and measured.

    Attributes:
        build: Makes an untrained one.
        shipped: How it is read from the files that ship.
        export: Writes it to files as it would ship.
        measure: Measures files, on so many photographs.
    """

    build: Callable[[], nn.Module]
    shipped: Shipped
    export: Callable[[Any, Sequence[Path]], None]
    measure: Callable[[Sequence[Path], int], Figures]


def _export_color(network: ColorNet, files: Sequence[Path]) -> None:
    # As bold as the one that ships, or the two could not be compared.
    embolden(network, Bins.load(), read_card(WEIGHTS / "color.onnx")["results"]["boldness"])
    export_color(network, files[0])


def _color(files: Sequence[Path], count: int) -> Figures:
    predictor = Predictor(files[0], threads=1)
    found: dict[str, float] = {"modern_gray_psnr": round(baseline("colour", count)["gray_psnr"], 3)}
    for kind, plate in _COLOR_CASES:
        results = case_results(predictor, kind, plate, plate, _TEMPERATURE, count)
        for name, value in results.items():
            if name.endswith(_COLOR_FIGURES) and isinstance(value, float):
                found[name] = value
    return found


def _finder(files: Sequence[Path], count: int) -> Figures:
    found = evaluate_finder(finder(files[0]), count)
    return {name: found[name] for name in _FINDER_FIGURES}


def _filler(files: Sequence[Path], count: int) -> Figures:
    # The finder that ships shows it where to fill.
    found = evaluate_filler(finder(WEIGHTS / "defects.onnx"), filler(files[0]), count)
    return {name: found[name] for name in _FILLER_FIGURES}


def _export_clarity(network: ClarityNet, files: Sequence[Path]) -> None:
    for scale, file in zip(SCALES, files, strict=True):
        export_clarity(network, scale, file)


def _clarity(files: Sequence[Path], count: int) -> Figures:
    found = {}
    for scale, file in zip(SCALES, files, strict=True):
        results = evaluate_clarity(file, scale, count)
        found |= {f"x{scale}_{n}": results[n] for n in ("psnr_network", "ssim_network")}
    return found


WAYS: Final[dict[str, Way]] = {
    "color": Way(
        lambda: ColorNet(torch.from_numpy(Bins.load().centers)),
        color.SHIPPED,
        _export_color,
        _color,
    ),
    "restore-find": Way(
        Finder,
        restore.SHIPPED["find"],
        lambda network, files: export_finder(network, files[0], CAUTION),
        _finder,
    ),
    "restore-fill": Way(
        Filler,
        restore.SHIPPED["fill"],
        lambda network, files: export_filler(network, files[0]),
        _filler,
    ),
    "clarity": Way(ClarityNet, clarity.SHIPPED, _export_clarity, _clarity),
}
"""By the names of their plans."""


def judge(plan: Plan, checkpoint: Path, folder: Path, count: int = COUNT) -> None:
    """Measure a checkpoint and, once, what ships; add the figures to `evaluations.csv`.

    Args:
        plan: The network's.
        checkpoint: Of a run.
        folder: The folder of the run's log.
        count: Photographs to measure on.
    """
    table = folder / "evaluations.csv"
    way = WAYS[plan.name]
    digest = hashlib.sha256(b"".join(file.read_bytes() for file in plan.files())).hexdigest()
    shipped = f"shipped {digest[:12]}"
    if not any(row["of"] == shipped for row in read(table)):
        _add(table, {"of": shipped, "step": "0"} | _texts(way.measure(plan.files(), count)))
    with tempfile.TemporaryDirectory() as scratch:
        network = way.build()
        steps = load_average(checkpoint, network)
        files = [Path(scratch) / file.name for file in plan.files()]
        way.export(network, files)
        _add(table, {"of": "trained", "step": str(steps)} | _texts(way.measure(files, count)))


def _texts(figures: Figures) -> dict[str, str]:
    return {name: str(value) for name, value in figures.items()}


def read(table: Path) -> list[dict[str, str]]:
    """Read the rows of a run's `evaluations.csv`; none if there is no such file."""
    if not table.exists():
        return []
    with table.open(newline="") as file:
        return list(csv.DictReader(file))


def _add(table: Path, row: Mapping[str, str]) -> None:
    """Add a row; the file is written whole, for it is small."""
    rows = [*read(table), dict(row)]
    table.parent.mkdir(parents=True, exist_ok=True)
    unfinished = table.with_suffix(".part")
    with unfinished.open("w", newline="") as file:
        writer = csv.DictWriter(file, list(row), restval="", extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
    unfinished.replace(table)
