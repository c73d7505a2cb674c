"""Train the restore network: `python -m training.restore.train --minutes 45`."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from dataclasses import dataclass, replace

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from training.crops import open_hires, open_small
from training.loop import Batch, Settings, prepare, train
from training.restore.data import Batches, Recipe
from training.restore.model import RestoreNet


@dataclass(frozen=True)
class RestoreLoss:
    """Charbonnier loss of the picture and its slopes, cross-entropy and Dice of the mask.

    Attributes:
        inside: How much more a pixel within a defect counts.
        slopes: Weight of the differences of neighbors, against blur.
        found: Weight of the mask.
        missed: How much more a missed pixel counts than a false one.
        spared: How much more a crop counts that is to stay as it is.
    """

    inside: float = 3.0
    slopes: float = 0.5
    found: float = 0.05
    missed: float = 0.8
    spared: float = 3.0

    def __call__(self, model: nn.Module, batch: Batch) -> tuple[Tensor, Mapping[str, float]]:
        gray, truth, mask = batch["gray"], batch["clean"], batch["mask"]
        logits, clean = model(gray.contiguous(memory_format=torch.channels_last))
        error = clean - truth
        weight = 1 + self.inside * F.max_pool2d(mask, 3, 1, 1)
        weight = weight + self.spared * batch["spare"][:, None, None, None]
        picture = (weight * charbonnier(error)).mean()
        slopes = charbonnier(error.diff(dim=-1)).mean() + charbonnier(error.diff(dim=-2)).mean()
        entropy = F.binary_cross_entropy_with_logits(
            logits, mask, pos_weight=logits.new_tensor(self.missed)
        )
        guess = torch.sigmoid(logits)
        dice = 1 - (2 * (guess * mask).sum() + 1) / (guess.sum() + mask.sum() + 1)
        loss = picture + self.slopes * slopes + self.found * (4 * entropy + dice)
        with torch.no_grad():
            off = error.square().mean().sqrt().item()
        return loss, {
            "picture": picture.item(),
            "rms": off,
            "entropy": entropy.item(),
            "dice": dice.item(),
        }


def charbonnier(error: Tensor) -> Tensor:
    """The absolute value, rounded off below 1/255."""
    return torch.sqrt(error * error + (1 / 255) ** 2) - 1 / 255


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--name", default="restore", help="folder of the run")
    parser.add_argument("--steps", type=int, default=4000, help="length of the whole run")
    parser.add_argument("--minutes", type=float, help="stop after this time; run again to go on")
    parser.add_argument("--rate", type=float, default=1e-3, help="peak learning rate")
    parser.add_argument("--size", type=int, default=192, help="side of the crops")
    parser.add_argument("--crops", type=int, default=3, help="crops in a batch")
    parser.add_argument("--threads", type=int, help="CPU threads")
    parser.add_argument("--device", default="auto")
    args = parser.parse_args()

    settings = Settings(
        args.name,
        steps=args.steps,
        minutes=args.minutes,
        learning_rate=args.rate,
        weight_decay=1e-4,
        ema=0.998,
        device=args.device,
        threads=args.threads,
    )
    prepare(settings)
    recipe = replace(Recipe(), size=args.size, crops=args.crops)
    done = train(
        RestoreNet().to(memory_format=torch.channels_last),
        Batches(open_small(), open_hires(), recipe),
        RestoreLoss(),
        settings,
    )
    print(f"{done} of {args.steps} steps done; checkpoint at {settings.checkpoint}")


if __name__ == "__main__":
    main()
