"""Train the color network: `python -m training.color.train --minutes 60`."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import nn

from photochrom.emulsion import Emulsion
from training.color.bins import BINS_FILE, Bins, count
from training.color.data import Batches, Recipe, picture_weights, quarter_ab
from training.color.encoder import learning_groups
from training.color.export import SHIPPED
from training.color.loss import ColorLoss, Terms
from training.color.model import ColorNet
from training.loop import prepare, train
from training.options import parser, run
from training.options import settings as settings_of
from training.shards import Pictures, color_shards, open_pictures
from training.start import start_from

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


def build(bins: Bins, variant: int = 2, *, imagenet: bool = True) -> ColorNet:
    """Build an untrained network that knows how common each color is and, if asked, ImageNet."""
    network = ColorNet(torch.from_numpy(bins.centers), variant)
    if imagenet:
        network.encoder.load_imagenet(variant)
    last = network.head[-1]
    assert isinstance(last, nn.Conv2d) and last.bias is not None
    with torch.no_grad():
        last.weight.mul_(0.1)
        last.bias.copy_(torch.from_numpy(np.log(bins.share * bins.loss_weights())))
    return network.to(memory_format=torch.channels_last)


def main(arguments: Sequence[str] | None = None) -> None:
    options = parser(__doc__, name="color", steps=4000, rate=1e-3)
    options.add_argument("--frozen", type=int, default=300, help="steps with the encoder frozen")
    options.add_argument(
        "--variant", type=int, default=2, choices=(0, 1, 2), help="EfficientNet-Lite"
    )
    options.add_argument(
        "--thawed", type=int, default=4, help="first encoder stage that is trained"
    )
    options.add_argument("--sizes", type=int, nargs="+", default=[160], help="sides of crops")
    options.add_argument("--pictures", type=int, default=10, help="different pictures in a batch")
    options.add_argument("--again", type=int, default=6, help="pictures shown on two emulsions")
    options.add_argument(
        "--emulsion", choices=[kind.value for kind in Emulsion], help="train for this one alone"
    )
    args = options.parse_args(arguments)

    settings = settings_of(args)
    prepare(settings)
    pictures = open_pictures(color_shards(), short_side=SHORT_SIDE)
    bins = find_bins(pictures)
    network = build(bins, args.variant, imagenet=args.start_from is None)
    start_from(network, args.start_from, settings, SHIPPED)
    recipe = Recipe(
        sizes=tuple(args.sizes),
        steps=args.steps,
        pictures=args.pictures,
        again=args.again,
        seed=args.seed,
        emulsion=Emulsion(args.emulsion) if args.emulsion else None,
    )
    done = train(
        network,
        Batches(pictures, bins, recipe),
        ColorLoss(torch.from_numpy(bins.loss_weights()), Terms()),
        settings,
        groups=learning_groups(
            network, scale=0.15, expanding=0.05, start=args.frozen, thawed=args.thawed
        ),
    )
    print(f"{done} of {args.steps} steps done; checkpoint at {settings.checkpoint}")


if __name__ == "__main__":
    run(main)
