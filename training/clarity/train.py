"""Train a clarity network: `python -m training.clarity.train --scale 2 --minutes 20`."""

from __future__ import annotations

import argparse
from collections.abc import Mapping

import torch
from torch import Tensor, nn

from training.clarity.data import Batches
from training.clarity.model import ClarityNet, charbonnier
from training.loop import ROOT, Batch, Settings, prepare, train
from training.shards import hires_shards, open_pictures

# How much the slopes of the picture count beside its values: edges are what sharpness is.
_SLOPES = 0.5


def loss(network: nn.Module, batch: Batch) -> tuple[Tensor, Mapping[str, float]]:
    """Charbonnier distance of values and of their slopes; figures for the log."""
    difference = network(batch["small"]) - batch["sharp"]
    slopes = charbonnier(difference.diff(dim=-1)) + charbonnier(difference.diff(dim=-2))
    total = charbonnier(difference) + _SLOPES * slopes
    psnr = -10 * torch.log10(difference.detach().square().mean()).item()
    return total, {"psnr": psnr}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", type=int, choices=(2, 4), required=True)
    parser.add_argument("--name", help="folder of the run; clarity-x2 or clarity-x4 by default")
    parser.add_argument("--start-from", metavar="NAME", help="take the body of that run's network")
    parser.add_argument("--steps", type=int, default=2000, help="length of the whole run")
    parser.add_argument("--minutes", type=float, help="stop after this time; run again to go on")
    parser.add_argument("--rate", type=float, default=1e-3, help="peak learning rate")
    parser.add_argument("--threads", type=int, help="CPU threads")
    parser.add_argument("--device", default="auto")
    args = parser.parse_args()

    settings = Settings(
        args.name or f"clarity-x{args.scale}",
        steps=args.steps,
        minutes=args.minutes,
        learning_rate=args.rate,
        weight_decay=0.0,
        ema=0.998,
        device=args.device,
        threads=args.threads,
    )
    prepare(settings)
    network = ClarityNet(args.scale)
    if args.start_from and not settings.checkpoint.exists():
        path = ROOT / "checkpoints" / args.start_from / "last.pt"
        network.start_from(torch.load(path, map_location="cpu", weights_only=True)["ema"])
    pictures = open_pictures(hires_shards())
    crop = 48 if args.scale == 2 else 32
    done = train(
        network.to(memory_format=torch.channels_last),
        Batches(pictures, args.scale, crop),
        loss,
        settings,
    )
    print(f"{done} of {args.steps} steps done; checkpoint at {settings.checkpoint}")


if __name__ == "__main__":
    main()
