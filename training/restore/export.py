"""Export the restore networks with their cards: `python -m training.restore.export`."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path

import torch
from torch import Tensor, nn

from training.loop import ROOT
from training.onnx_export import Exported, Form, export
from training.restore.evaluate import WEIGHTS, evaluate_filler, evaluate_finder, filler, finder
from training.restore.model import MULTIPLE, Filler, Finder, ShippedFiller, ShippedFinder
from training.saving import load_average
from training.start import Shipped

# Taken from the finder's logits when it ships.
CAUTION = 1.4

HERE = Path(__file__).resolve().parent
_FREE = {2: "height", 3: "width"}


def examples(*sizes: tuple[int, int]) -> list[dict[str, Tensor]]:
    """Make inputs of some heights and widths."""
    made = []
    for number, size in enumerate(sizes):
        generator = torch.Generator().manual_seed(number)
        gray = torch.rand(1, 1, *size, generator=generator)
        made.append({"gray": gray, "mask": (gray > 0.9).float().roll(1, dims=-1)})
    return made


_SIZES = examples((96, 128), (64, 48), (32, 32))
FINDER = Form(
    ShippedFinder,
    [{"gray": example["gray"]} for example in _SIZES],
    ("mask",),
    {"gray": _FREE, "mask": _FREE},
    # Random input has few defects: of its low probabilities, differences mean nothing.
    least=1,
)
FILLER = Form(ShippedFiller, _SIZES, ("clean",), {"gray": _FREE, "mask": _FREE, "clean": _FREE})


MIRRORED = replace(FINDER, wrap=partial(ShippedFinder, mirrored=True))

SHIPPED = {"find": Shipped([FINDER, MIRRORED]), "fill": Shipped([FILLER])}


def export_finder(
    network: Finder, path: Path, caution: float = 0.0, *, mirrored: bool = False
) -> Exported:
    """Export a finder, as `ShippedFinder` says, and check the file on several sizes."""
    wrap = partial(ShippedFinder, caution=caution, mirrored=mirrored)
    return export(network, replace(FINDER, wrap=wrap), path)


def export_filler(network: Filler, path: Path) -> Exported:
    """Export a filler and check the file on several sizes."""
    return export(network, FILLER, path)


def write_card(
    exported: Exported,
    network: nn.Module,
    version: str,
    steps: int,
    results: Mapping[str, float],
    **more: object,
) -> None:
    """Write the card beside the file, from the template of its name."""
    text = (
        (HERE / f"{exported.path.stem}.card.toml")
        .read_text()
        .format(
            version=version,
            file=exported.path.name,
            sha256=exported.sha256,
            multiple=MULTIPLE,
            parameters=sum(parameter.numel() for parameter in network.parameters()) / 1e6,
            steps=f"{steps:,}",
            results="\n".join(f"{name} = {json.dumps(value)}" for name, value in results.items()),
            **more,
        )
    )
    exported.path.with_suffix(".toml").write_text(text)
    print(f"{exported.path}: {exported.bytes / 1e6:.1f} MB, step {steps}, off by {exported.worst}")
    print(json.dumps(results, indent=2))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=WEIGHTS, help="folder for files and cards")
    parser.add_argument("--version", default="0.4.0")
    parser.add_argument(
        "--caution", type=float, default=CAUTION, help="taken from the finder's logits"
    )
    parser.add_argument(
        "--mirrored", action="store_true", help="the finder looks at pictures mirrored, too"
    )
    parser.add_argument("--count", type=int, default=60, help="photographs for the figures")
    parser.add_argument("--find", default="restore-find", help="the finder's run, or none")
    parser.add_argument("--fill", default="restore-fill", help="the filler's run, or none")
    args = parser.parse_args()

    args.out.mkdir(parents=True, exist_ok=True)
    # One that is not exported stays as it ships: the other's figures are measured with it.
    if args.find != "none":
        find = Finder()
        steps = load_average(ROOT / "checkpoints" / args.find / "last.pt", find)
        found = export_finder(find, args.out / "defects.onnx", args.caution, mirrored=args.mirrored)
        figures = evaluate_finder(finder(found.path), args.count)
        write_card(found, find, args.version, steps, figures, caution=args.caution)
    if args.fill != "none":
        fill = Filler()
        steps = load_average(ROOT / "checkpoints" / args.fill / "last.pt", fill)
        filled = export_filler(fill, args.out / "restore.onnx")
        seen = finder(args.out / "defects.onnx")
        figures = evaluate_filler(seen, filler(filled.path), args.count)
        write_card(filled, fill, args.version, steps, figures)


if __name__ == "__main__":
    main()
