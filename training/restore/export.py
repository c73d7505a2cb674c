"""Export the restore network with its card: `python -m training.restore.export`."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import torch
from torch import Tensor

from training.loop import ROOT, load_average
from training.onnx_export import Exported, export
from training.restore.evaluate import evaluate
from training.restore.model import MULTIPLE, RestoreNet, Shipped, make_cautious

WEIGHTS = ROOT.parent / "src" / "photochrom" / "nets" / "weights"
CARD = Path(__file__).resolve().parent / "card.toml"
_FREE = {2: "height", 3: "width"}
DYNAMIC = {"gray": _FREE, "mask": _FREE, "clean": _FREE}


def examples(*sizes: tuple[int, int]) -> list[dict[str, Tensor]]:
    """Make inputs of some heights and widths."""
    return [
        {"gray": torch.rand(1, 1, *size, generator=torch.Generator().manual_seed(number))}
        for number, size in enumerate(sizes)
    ]


def export_restore(network: RestoreNet, path: Path) -> Exported:
    """Export a restore network and check the file on several sizes."""
    sizes = examples((96, 128), (64, 48), (16, 16))
    return export(Shipped(network), path, sizes, ("mask", "clean"), dynamic=DYNAMIC)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--name", default="restore", help="the run to take the checkpoint from")
    parser.add_argument("--out", type=Path, default=WEIGHTS / "restore.onnx")
    parser.add_argument("--version", default="0.1.0")
    parser.add_argument("--caution", type=float, default=1.0, help="taken from every logit")
    args = parser.parse_args()

    network = RestoreNet()
    steps = load_average(ROOT / "checkpoints" / args.name / "last.pt", network)
    make_cautious(network, args.caution)
    args.out.parent.mkdir(parents=True, exist_ok=True)
    exported = export_restore(network, args.out)
    results = evaluate(exported.path)
    text = CARD.read_text().format(
        version=args.version,
        file=exported.path.name,
        sha256=exported.sha256,
        multiple=MULTIPLE,
        parameters=sum(parameter.numel() for parameter in network.parameters()) / 1e6,
        steps=f"{steps:,}",
        caution=args.caution,
        results="\n".join(f"{name} = {json.dumps(value)}" for name, value in results.items()),
    )
    exported.path.with_suffix(".toml").write_text(text)
    print(f"{exported.path}: {exported.bytes / 1e6:.1f} MB, step {steps}, off by {exported.worst}")
    print(json.dumps(results, indent=2))


if __name__ == "__main__":
    main()
