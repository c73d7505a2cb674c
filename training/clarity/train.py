"""Train the clarity networks, both at once: `python -m training.clarity.train --minutes 45`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from training.clarity.data import Batches
from training.clarity.export import SHIPPED
from training.clarity.model import SCALES, ClarityNet, charbonnier
from training.clarity.teacher import FOLDER, read_all
from training.color.encoder import Encoder
from training.loop import Batch, prepare, train
from training.options import parser, run
from training.options import settings as settings_of
from training.shards import hires_shards, open_pictures
from training.start import start_from


class Perception(nn.Module):
    """How differently two pictures look to the first layers of a network that knows objects.

    Those of EfficientNet-Lite0, down to a quarter of the size: edges, corners and textures. They
    are what a mean over all that might be there smears; deeper layers would reward invention.
    """

    def __init__(self) -> None:
        super().__init__()
        encoder = Encoder(0)
        encoder.load_imagenet(0)
        self.stem = encoder.stem
        self.stages = nn.ModuleList(encoder.stages[:2])
        self.requires_grad_(False)

    def features(self, gray: Tensor) -> list[Tensor]:
        x = F.relu6(self.stem(((gray * 255 - 127) / 128).expand(-1, 3, -1, -1)))
        found = []
        for stage in self.stages:
            x = stage(x)
            found.append(x)
        return found

    def forward(self, seen: Tensor, truth: Tensor) -> Tensor:
        """Mean difference of features, as a share of how strong they are."""
        with torch.no_grad():
            wanted = self.features(truth)
        pairs = zip(self.features(seen), wanted, strict=True)
        return torch.stack([(a - b).abs().mean() / b.abs().mean() for a, b in pairs]).mean()


class ClarityLoss:
    """Charbonnier distance of values and of their slopes, and a little perception.

    The clear character is compared with the truth, the crisp one with its teacher; a share of the
    crisp one's loss is the truth's textures, so that cloth and grain do not turn to wax. Where a
    small network cannot tell which way the teacher decides, the mean of both would be soft again:
    so what is crisp is to have as much contrast between neighbors, in every small window, as the
    teacher's.

    Args:
        slopes: Weight of differences between neighbors: edges are what sharpness is.
        perception: Weight of perception; 0 leaves it out.
        texture: Weight of the truth's perception in what is crisp.
        contrast: Weight of the teacher's contrast in what is crisp.
    """

    def __init__(
        self,
        slopes: float = 0.5,
        perception: float = 0.02,
        texture: float = 0.01,
        contrast: float = 1.0,
    ):
        self._slopes, self._weight, self._texture = slopes, perception, texture
        self._contrast = contrast
        self._perception = Perception() if perception or texture else None

    def __call__(self, network: nn.Module, batch: Batch) -> tuple[Tensor, Mapping[str, float]]:
        total = torch.zeros((), device=batch["small"].device)
        figures = {}
        for scale, (clear, crisp) in zip(SCALES, network(batch["small"]), strict=True):
            truth = batch[f"sharp{scale}"]
            total = total + self._distance(clear, truth) + self._seen(clear, truth, self._weight)
            mean = (clear.detach() - truth).square().mean()
            figures[f"psnr{scale}"] = -10 * torch.log10(mean).item()
            taught = batch["taught"] > 0 if "taught" in batch else torch.zeros(())
            if taught.any():
                lesson = batch[f"crisp{scale}"][taught]
                apart = self._distance(crisp[taught], lesson)
                total = total + apart + self._seen(crisp[taught], lesson, self._weight)
                total = total + self._seen(crisp[taught], truth[taught], self._texture)
                less = contrast(crisp[taught], scale) - contrast(lesson, scale)
                total = total + self._contrast * charbonnier(less)
                figures[f"crisp{scale}"] = apart.item()
                figures[f"contrast{scale}"] = less.mean().item()
        return total, figures

    def _distance(self, seen: Tensor, wanted: Tensor) -> Tensor:
        difference = seen - wanted
        slopes = charbonnier(difference.diff(dim=-1)) + charbonnier(difference.diff(dim=-2))
        return charbonnier(difference) + self._slopes * slopes

    def _seen(self, seen: Tensor, wanted: Tensor, weight: float) -> Tensor:
        if self._perception is None or not weight:
            return seen.new_zeros(())
        return weight * self._perception.to(seen.device)(seen, wanted)


def contrast(picture: Tensor, scale: int) -> Tensor:
    """Mean difference between neighbors in windows of four pixels of the print, half overlapping.

    Args:
        picture: (N, 1, scale h, scale w).
        scale: How many times a print was enlarged to become this.
    """
    across = picture.diff(dim=-1)[..., :-1, :]
    down = picture.diff(dim=-2)[..., :-1]
    # A smooth absolute value: its slope is none where there is no contrast.
    strength = torch.sqrt(across.square() + down.square() + 1e-6)
    return F.avg_pool2d(strength, 4 * scale, 2 * scale)


def main(arguments: Sequence[str] | None = None) -> None:
    options = parser(__doc__, name="clarity", steps=3000, rate=1e-3)
    options.add_argument(
        "--lessons",
        type=Path,
        default=FOLDER,
        help="what the teacher made (training.clarity.teacher); without, only what is clear learns",
    )
    args = options.parse_args(arguments)
    settings = settings_of(args, weight_decay=0.0)
    prepare(settings)
    lessons = read_all(args.lessons)
    network = ClarityNet()
    start_from(network, args.start_from, settings, SHIPPED)
    done = train(
        network.to(memory_format=torch.channels_last),
        Batches(open_pictures(hires_shards()), lessons, seed=args.seed),
        ClarityLoss(),
        settings,
    )
    print(f"{done} of {args.steps} steps done; checkpoint at {settings.checkpoint}")


if __name__ == "__main__":
    run(main)
