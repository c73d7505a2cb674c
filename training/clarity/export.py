"""Export a clarity network with its card: `python -m training.clarity.export --scale 2`."""

from __future__ import annotations

import argparse
import json
from functools import partial
from pathlib import Path

import torch
from torch import Tensor

from training.clarity.evaluate import evaluate
from training.clarity.model import SCALES, ClarityNet, Enlarged, Enlarger
from training.loop import ROOT
from training.onnx_export import Exported, Form, export
from training.saving import load_average
from training.start import Shipped

WEIGHTS = ROOT.parent / "src" / "photochrom" / "nets" / "weights"
CARD = Path(__file__).resolve().parent / "card.toml"
DYNAMIC = {
    "gray": {2: "height", 3: "width"},
    "clear": {2: "scaled_height", 3: "scaled_width"},
    "crisp": {2: "scaled_height", 3: "scaled_width"},
}


def examples(*sizes: tuple[int, int]) -> list[dict[str, Tensor]]:
    """Make inputs of some heights and widths."""
    return [
        {"gray": torch.rand(1, 1, *size, generator=torch.Generator().manual_seed(number))}
        for number, size in enumerate(sizes)
    ]


FORMS = {
    scale: Form(
        partial(Enlarger, scale=scale),
        examples((64, 96), (33, 47)),
        Enlarged._fields,
        DYNAMIC,
    )
    for scale in SCALES
}


SHIPPED = Shipped(list(FORMS.values()))


def export_clarity(network: ClarityNet, scale: int, path: Path) -> Exported:
    """Export one scale of the clarity networks and check the file on several sizes."""
    return export(network, FORMS[scale], path)


def _parameters(network: ClarityNet, scale: int) -> int:
    """How many weights what ships of one scale has."""
    heads = (network.heads[str(scale)], network.details[str(scale)])
    parts = (network.body, network.sharpen, *heads)
    return sum(weight.numel() for part in parts for weight in part.parameters())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--name", default="clarity", help="the run to take the checkpoint from")
    parser.add_argument("--out", type=Path, default=WEIGHTS, help="folder for files and cards")
    parser.add_argument("--version", default="0.5.0")
    parser.add_argument("--lessons", type=int, required=True, help="how many it learned from")
    parser.add_argument("--steps", required=True, help="of all runs, in words for the card")
    args = parser.parse_args()

    network = ClarityNet()
    steps = load_average(ROOT / "checkpoints" / args.name / "last.pt", network)
    args.out.mkdir(parents=True, exist_ok=True)
    for scale in SCALES:
        exported = export_clarity(network, scale, args.out / f"clarity-x{scale}.onnx")
        results = evaluate(exported.path, scale)
        text = CARD.read_text().format(
            scale=scale,
            version=args.version,
            file=exported.path.name,
            sha256=exported.sha256,
            convolutions=len(network.body) + 2,
            features=network.heads[str(scale)].in_channels,
            parameters=_parameters(network, scale),
            steps=args.steps,
            lessons=args.lessons,
            results="\n".join(f"{name} = {json.dumps(value)}" for name, value in results.items()),
        )
        exported.path.with_suffix(".toml").write_text(text)
        size = f"{exported.bytes / 1e3:.0f} kB"
        print(f"{exported.path}: {size}, step {steps}, off by {exported.worst}")
        print(json.dumps(results, indent=2))


if __name__ == "__main__":
    main()
