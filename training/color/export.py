"""Export the color network with its card: `python -m training.color.export`."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from training.color.bins import Bins
from training.color.evaluate import evaluate
from training.color.model import EMULSIONS, ColorNet, Decoded
from training.loop import ROOT
from training.onnx_export import Exported, Form, export
from training.saving import load_average
from training.start import Card, Shipped

WEIGHTS = ROOT.parent / "src" / "photochrom" / "nets" / "weights"
OUTPUTS = ("ab", "certainty", "tone", "likely", "palette")
DYNAMIC = {
    "gray": {2: "height", 3: "width"},
    "hints": {2: "height", 3: "width"},
    "ab": {2: "height4", 3: "width4"},
    "certainty": {2: "height4", 3: "width4"},
    "tone": {2: "height4", 3: "width4"},
    "likely": {2: "height4", 3: "width4"},
}

# What is seen at a sixteenth of the size, as the exporter calls it: by it things are found again in
# other pictures (photochrom.steps.matching). What lies deeper, or in the decoder, finds them less.
FEATURES = "/network/encoder/stages.4/stages.4.{block}/Add_output_0"

CARD = Path(__file__).resolve().parent / "card.toml"


def examples(*sizes: tuple[int, int]) -> list[dict[str, Tensor]]:
    """Make inputs of the exported network, of some heights and widths, with one pin each."""
    made = []
    for i, (height, width) in enumerate(sizes):
        generator = torch.Generator().manual_seed(i)
        hints = torch.zeros(1, 3, height, width)
        hints[0, :, height // 2, width // 2] = torch.tensor([0.4, -0.3, 1.0])
        emulsion = torch.zeros(1, EMULSIONS)
        emulsion[0, i % EMULSIONS] = 1
        made.append(
            {
                "gray": torch.rand(1, 1, height, width, generator=generator),
                "emulsion": emulsion,
                "hints": hints,
                "temperature": torch.tensor([0.5 + 0.1 * i]),
            }
        )
    return made


# Float16 weights move a*, b* by less than a tenth of what an eye can tell apart.
FORM = Form(Decoded, examples((256, 320), (96, 64), (64, 160)), OUTPUTS, DYNAMIC, tolerance=0.05)


def export_color(network: ColorNet, path: Path) -> Exported:
    """Export a color network, decoded, and check the file on several sizes."""
    return export(network, FORM, path)


@torch.no_grad()
def embolden(network: ColorNet, bins: Bins, boldness: float) -> None:
    """Shift the network's odds towards rare colors: multiply each by share ** -boldness.

    Most pixels of most photographs are nearly gray, and a network in doubt says so. The loss is
    rebalanced only mildly, so that certainty stays honest; the rest is set here, after training, by
    looking at colorfulness and error together.
    """
    last = network.head[-1]
    assert isinstance(last, nn.Conv2d) and last.bias is not None
    last.bias -= boldness * torch.from_numpy(np.log(bins.share)).to(last.bias)


def timid(network: nn.Module, card: Card) -> None:
    """Take the boldness off again that a network shipped with.

    Raises:
        ValueError: Its card does not tell.
    """
    assert isinstance(network, ColorNet)
    boldness = card.get("results", {}).get("boldness")
    if not isinstance(boldness, (int, float)):
        raise ValueError(f"{card.get('file')}: its card does not tell `results.boldness`")
    embolden(network, Bins.load(), -boldness)


SHIPPED = Shipped([FORM], timid)


def card(
    exported: Exported,
    network: ColorNet,
    version: str,
    steps: int,
    boldness: float,
    results: Mapping[str, Any],
) -> str:
    """Write the card's text."""
    # Whoever trains on from the file has to take the boldness off again.
    results = {"boldness": boldness} | dict(results)
    return CARD.read_text().format(
        version=version,
        file=exported.path.name,
        sha256=exported.sha256,
        bins=len(network.centers),
        variant=network.variant,
        parameters=sum(p.numel() for p in network.parameters()) / 1e6,
        steps=f"{steps:,}",
        boldness=boldness,
        features=FEATURES.format(block=len(network.encoder.stages[4]) - 1),
        results="\n".join(f"{name} = {json.dumps(value)}" for name, value in results.items()),
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--name", default="color", help="the run to take the checkpoint from")
    parser.add_argument("--checkpoint", type=Path, help="another checkpoint than the run's last")
    parser.add_argument("--out", type=Path, default=WEIGHTS / "color.onnx")
    parser.add_argument("--version", default="0.4.2")
    parser.add_argument(
        "--variant", type=int, default=2, choices=(0, 1, 2), help="EfficientNet-Lite"
    )
    parser.add_argument("--boldness", type=float, default=0.1, help="0 as trained, 1 far too much")
    parser.add_argument("--temperature", type=float, default=0.4, help="for the figures")
    parser.add_argument("--count", type=int, help="pictures of each kind for the figures")
    parser.add_argument("--no-card", action="store_true", help="only the file: no figures, no card")
    args = parser.parse_args()

    bins = Bins.load()
    network = ColorNet(torch.from_numpy(bins.centers), args.variant)
    checkpoint = args.checkpoint or ROOT / "checkpoints" / args.name / "last.pt"
    steps = load_average(checkpoint, network)
    embolden(network, bins, args.boldness)
    args.out.parent.mkdir(parents=True, exist_ok=True)
    exported = export_color(network, args.out)
    print(f"{exported.path}: {exported.bytes / 1e6:.1f} MB, step {steps}, off by {exported.worst}")
    if not args.no_card:
        results = evaluate(args.out, temperature=args.temperature, count=args.count)
        text = card(exported, network, args.version, steps, args.boldness, results)
        args.out.with_suffix(".toml").write_text(text)


if __name__ == "__main__":
    main()
