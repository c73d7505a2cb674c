"""Train the color network: `python -m training.color.train --minutes 60`."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

from training.color.bins import BINS_FILE, Bins, count
from training.color.data import Batches, Recipe, picture_weights, quarter_ab
from training.color.loss import ColorLoss, Terms
from training.color.model import ColorNet
from training.loop import Settings, prepare, train
from training.shards import Pictures, color_shards, open_pictures

SHORT_SIDE = 256


def find_bins(pictures: Pictures) -> Bins:
    """Load the bins, or count them in the training pictures the first time."""
    if not BINS_FILE.exists():
        counts = np.zeros(())
        for picture, weight in zip(pictures, picture_weights(pictures.about), strict=True):
            height, width = (side // 32 * 32 for side in picture.shape[:2])
            counts = counts + weight * count(
                np.moveaxis(quarter_ab(picture[:height, :width]), 0, -1)
            )
        Bins.from_counts(counts).save()
    return Bins.load()


def build(bins: Bins, variant: int = 2) -> ColorNet:
    """Build an untrained network that already knows ImageNet and how common each color is."""
    network = ColorNet(torch.from_numpy(bins.centers), variant)
    network.encoder.load_imagenet(variant)
    last = network.head[-1]
    assert isinstance(last, nn.Conv2d) and last.bias is not None
    with torch.no_grad():
        last.weight.mul_(0.1)
        last.bias.copy_(torch.from_numpy(np.log(bins.share * bins.loss_weights())))
    return network.to(memory_format=torch.channels_last)


def start_from(network: ColorNet, checkpoint: Path) -> None:
    """Load the averaged weights of another run; parts that it did not have stay as they are."""
    theirs = torch.load(checkpoint, map_location="cpu", weights_only=True)["ema"]
    lacking, unknown = network.load_state_dict(theirs, strict=False)
    if unknown:
        raise ValueError(f"{checkpoint}: not of this network: {', '.join(unknown)}")
    if lacking:
        print(f"starting at random: {', '.join(lacking)}")


def parameter_groups(network: ColorNet, frozen: int, thawed: int) -> list[dict[str, Any]]:
    """Let the encoder start later and learn more slowly than the decoder.

    Folding batch normalization leaves the expanding convolutions with weights of about 0.01, where
    the others have 0.1 to 1. A step of Adam is as large for all, and so they get smaller ones.

    Args:
        network: Its encoder's earlier stages are frozen for good.
        frozen: Steps until the encoder's later stages are trained.
        thawed: The first of the stages that are.
    """
    late = tuple(f"encoder.stages.{i}." for i in range(thawed, len(network.encoder.stages)))
    decoder, encoder, expanding = [], [], []
    for name, parameter in network.named_parameters():
        if not name.startswith("encoder."):
            decoder.append(parameter)
        elif not name.startswith(late):
            parameter.requires_grad_(False)
        elif name.endswith("expand.weight"):
            expanding.append(parameter)
        else:
            encoder.append(parameter)
    return [
        {"params": decoder},
        {"params": encoder, "scale": 0.15, "start": frozen},
        {"params": expanding, "scale": 0.05, "start": frozen},
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--name", default="color", help="folder of the run")
    parser.add_argument("--steps", type=int, default=4000, help="length of the whole run")
    parser.add_argument("--minutes", type=float, help="stop after this time; run again to go on")
    parser.add_argument("--rate", type=float, default=1e-3, help="peak learning rate")
    parser.add_argument(
        "--start-from", type=Path, help="checkpoint whose weights a new run starts from"
    )
    parser.add_argument("--frozen", type=int, default=300, help="steps with the encoder frozen")
    parser.add_argument(
        "--variant", type=int, default=2, choices=(0, 1, 2), help="EfficientNet-Lite"
    )
    parser.add_argument("--thawed", type=int, default=4, help="first encoder stage that is trained")
    parser.add_argument("--sizes", type=int, nargs="+", default=[160], help="sides of crops")
    parser.add_argument("--pictures", type=int, default=10, help="different pictures in a batch")
    parser.add_argument("--again", type=int, default=6, help="pictures shown on two emulsions")
    parser.add_argument("--threads", type=int, help="CPU threads")
    parser.add_argument("--parts", type=int, default=1, help="parts of a batch, a thread for each")
    parser.add_argument("--device", default="auto")
    args = parser.parse_args()

    settings = Settings(
        args.name,
        steps=args.steps,
        minutes=args.minutes,
        learning_rate=args.rate,
        ema=0.998,
        device=args.device,
        threads=args.threads,
        parts=args.parts,
    )
    prepare(settings)
    pictures = open_pictures(color_shards(), short_side=SHORT_SIDE)
    bins = find_bins(pictures)
    network = build(bins, args.variant)
    if args.start_from is not None and not settings.checkpoint.exists():
        start_from(network, args.start_from)
    recipe = Recipe(
        sizes=tuple(args.sizes), steps=args.steps, pictures=args.pictures, again=args.again
    )
    done = train(
        network,
        Batches(pictures, bins, recipe),
        ColorLoss(torch.from_numpy(bins.loss_weights()), Terms()),
        settings,
        groups=parameter_groups(network, args.frozen, args.thawed),
    )
    print(f"{done} of {args.steps} steps done; checkpoint at {settings.checkpoint}")


if __name__ == "__main__":
    main()
