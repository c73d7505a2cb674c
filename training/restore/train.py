"""Train the restore network: `python -m training.restore.train find`, and then `... fill`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from training.color.encoder import learning_groups
from training.crops import open_hires, open_small
from training.loop import Batch, Loss, prepare, train
from training.options import parser, run
from training.options import settings as settings_of
from training.restore.data import Batches, Recipe
from training.restore.export import SHIPPED
from training.restore.model import Filler, Finder
from training.start import start_from


@dataclass(frozen=True)
class FinderLoss:
    """Cross-entropy and Dice of the mask.

    Attributes:
        missed: How much more a missed pixel counts than a false one.
        overlap: Weight of Dice, which asks for whole defects where few pixels are one.
        clear: By how much of 0..1 a defect changes a pixel that counts in full; one that can hardly
            be seen counts less, for whoever is asked for what nobody can be sure of gets unsure of
            the rest, too.
        least: What a defect's pixel counts at least.
    """

    missed: float = 1.0
    overlap: float = 0.15
    clear: float = 24 / 255
    least: float = 0.15

    def __call__(self, model: nn.Module, batch: Batch) -> tuple[Tensor, Mapping[str, float]]:
        mask = batch["mask"]
        logits = model(batch["gray"].contiguous(memory_format=torch.channels_last))
        counts = self._counts(batch)
        entropy = F.binary_cross_entropy_with_logits(
            logits, mask, counts, pos_weight=logits.new_tensor(self.missed)
        )
        guess = torch.sigmoid(logits) * counts
        dice = 1 - (2 * (guess * mask).sum() + 1) / (guess.sum() + (mask * counts).sum() + 1)
        with torch.no_grad():
            found = logits > 0
            hits = (found * mask).sum()
            iou = (hits + 1) / (found.sum() + mask.sum() - hits + 1)
        figures = {"entropy": entropy.item(), "dice": dice.item(), "iou": iou.item()}
        return entropy + self.overlap * dice, figures

    def _counts(self, batch: Batch) -> Tensor:
        """What each pixel counts: (N, 1, H, W)."""
        changed = (batch["gray"] - batch["clean"]).abs() * batch["mask"]
        # The grain of a single pixel says nothing of how well a line is seen.
        seen = F.max_pool2d(changed, 3, 1, 1) / self.clear
        return torch.where(batch["mask"] > 0, seen.clamp(self.least, 1), 1)


@dataclass(frozen=True)
class FillerLoss:
    """Charbonnier distance of the picture and of its slopes.

    Attributes:
        inside: How much more a pixel within a defect counts.
        slopes: Weight of the differences of neighbors, against blur.
        spared: How much more a crop counts that is to stay as it is.
    """

    inside: float = 3.0
    slopes: float = 0.5
    spared: float = 3.0

    def __call__(self, model: nn.Module, batch: Batch) -> tuple[Tensor, Mapping[str, float]]:
        truth, mask = batch["clean"], batch["mask"]
        clean = model(batch["flowed"].contiguous(memory_format=torch.channels_last), batch["told"])
        error = clean - truth
        weight = 1 + self.inside * F.max_pool2d(mask, 3, 1, 1)
        weight = weight + self.spared * batch["spare"][:, None, None, None]
        picture = (weight * charbonnier(error)).mean()
        slopes = charbonnier(error.diff(dim=-1)).mean() + charbonnier(error.diff(dim=-2)).mean()
        with torch.no_grad():
            square = error.square()
            off = square.mean().sqrt().item()
            inside = ((square * mask).sum() / (mask.sum() + 1)).sqrt().item()
        figures = {"picture": picture.item(), "rms": off, "inside": inside}
        return picture + self.slopes * slopes, figures


def charbonnier(error: Tensor) -> Tensor:
    """The absolute value, rounded off below 1/255."""
    return torch.sqrt(error * error + (1 / 255) ** 2) - 1 / 255


def build_finder(*, imagenet: bool = True) -> Finder:
    """An untrained finder that, if asked, already knows ImageNet."""
    finder = Finder()
    if not imagenet:
        return finder
    whole = type(finder.encoder)(0)
    whole.load_imagenet(0)
    finder.encoder.load_state_dict(whole.state_dict(), strict=False)
    return finder


def main(arguments: Sequence[str] | None = None) -> None:
    options = parser(__doc__, name="restore-PART", steps=4000, rate=2e-3)
    options.add_argument("part", choices=("find", "fill"), help="what is trained")
    options.add_argument("--size", type=int, default=192, help="side of the crops")
    options.add_argument("--crops", type=int, default=4, help="crops in a batch")
    options.add_argument(
        "--thawed", type=int, default=0, help="first stage of the finder's encoder that is trained"
    )
    args = options.parse_args(arguments)

    args.name = args.name.replace("PART", args.part)
    settings = settings_of(args, weight_decay=1e-4)
    prepare(settings)
    recipe = replace(Recipe(), size=args.size, crops=args.crops, seed=args.seed)
    network: nn.Module
    loss: Loss
    if args.part == "find":
        network, loss = build_finder(imagenet=args.start_from is None), FinderLoss()
        groups = learning_groups(network, scale=0.2, expanding=0.06, start=100, thawed=args.thawed)
    else:
        network, loss, groups = Filler(), FillerLoss(), None
    start_from(network, args.start_from, settings, SHIPPED[args.part])
    done = train(
        network.to(memory_format=torch.channels_last),
        Batches(open_small(), open_hires(), recipe),
        loss,
        settings,
        groups=groups,
    )
    print(f"{done} of {args.steps} steps done; checkpoint at {settings.checkpoint}")


if __name__ == "__main__":
    run(main)
