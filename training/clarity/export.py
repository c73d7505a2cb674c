"""Export a clarity network with its card: `python -m training.clarity.export --scale 2`."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import torch
from torch import Tensor

from training.clarity.evaluate import evaluate
from training.clarity.model import ClarityNet
from training.loop import ROOT, load_average
from training.onnx_export import Exported, export

WEIGHTS = ROOT.parent / "src" / "photochrom" / "nets" / "weights"
CARD = Path(__file__).resolve().parent / "card.toml"
DYNAMIC = {
    "gray": {2: "height", 3: "width"},
    "clear": {2: "scaled_height", 3: "scaled_width"},
}


def examples(*sizes: tuple[int, int]) -> list[dict[str, Tensor]]:
    """Make inputs of some heights and widths."""
    return [
        {"gray": torch.rand(1, 1, *size, generator=torch.Generator().manual_seed(number))}
        for number, size in enumerate(sizes)
    ]


def export_clarity(network: ClarityNet, path: Path) -> Exported:
    """Export a clarity network and check the file on several sizes."""
    return export(network, path, examples((64, 96), (33, 47)), ("clear",), dynamic=DYNAMIC)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", type=int, choices=(2, 4), required=True)
    parser.add_argument("--name", help="the run; clarity-x2 or clarity-x4 by default")
    parser.add_argument("--out", type=Path)
    parser.add_argument("--version", default="0.1.0")
    args = parser.parse_args()

    network = ClarityNet(args.scale)
    run = args.name or f"clarity-x{args.scale}"
    steps = load_average(ROOT / "checkpoints" / run / "last.pt", network)
    exported = export_clarity(network, args.out or WEIGHTS / f"clarity-x{args.scale}.onnx")
    results = evaluate(exported.path, args.scale)
    text = CARD.read_text().format(
        scale=args.scale,
        version=args.version,
        file=exported.path.name,
        sha256=exported.sha256,
        convolutions=len(network.body) + 1,
        features=network.head.in_channels,
        parameters=sum(parameter.numel() for parameter in network.parameters()),
        steps=f"{steps:,}",
        results="\n".join(f"{name} = {json.dumps(value)}" for name, value in results.items()),
    )
    exported.path.with_suffix(".toml").write_text(text)
    print(f"{exported.path}: {exported.bytes / 1e3:.0f} kB, step {steps}, off by {exported.worst}")
    print(json.dumps(results, indent=2))


if __name__ == "__main__":
    main()
