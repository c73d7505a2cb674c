"""What the color network is asked to get right."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from training.color.model import SETTLED, ColorNet, decode, mean_color


@dataclass(frozen=True)
class Terms:
    """Weights of the terms of the loss.

    Attributes:
        mean: Of the error of the mean color, smooth L1, in units of 10 CIELAB units.
        smooth: Of differences between neighbors' mean colors where neither light nor true color
            changes: plain backgrounds and dark cloth.
        tone: Of the error of an eye's lightness, smooth L1, in units of L* over 10.
        doubt: Of the log-likelihood of the distance between the decoded and the true color.
    """

    mean: float = 0.3
    smooth: float = 3.0
    tone: float = 1.0
    doubt: float = 0.1


class ColorLoss:
    """Cross-entropy of the bins, mildly rebalanced, with terms on the mean color."""

    def __init__(self, weights: Tensor, terms: Terms):
        self._weights, self._terms = weights, terms

    def __call__(
        self, model: nn.Module, batch: Mapping[str, Tensor]
    ) -> tuple[Tensor, Mapping[str, float]]:
        assert isinstance(model, ColorNet)
        said = model(batch["gray"], batch["emulsion"], batch["hints"])
        logits = said.logits
        bins, shares, truth = batch["bins"], batch["shares"], batch["ab"]
        log_share = logits.log_softmax(dim=1)
        rarity = (self._weights.to(logits.device)[bins] * shares).sum(dim=1)
        entropy = -(log_share.gather(1, bins) * shares).sum(dim=1)
        cross = (entropy * rarity).mean()
        ab = mean_color(log_share.exp(), model.centers)
        error = F.smooth_l1_loss(ab, truth, beta=5.0) / 10
        rough = roughness(ab, truth, F.avg_pool2d(batch["gray"], 4)) / 10
        # Of an unknown plate nobody can say how it differs from an eye.
        known = 1 - batch["emulsion"][:, -1:, None, None]
        tone = F.smooth_l1_loss(known * said.tone, known * batch["tone"], beta=2.0) / 10
        with torch.no_grad():
            settled, spread = decode(logits, model.centers, SETTLED)
            distance = (settled - truth).norm(dim=1, keepdim=True)
        # A Laplace distribution's width is its mean absolute value.
        width = model.expected_error(said.hidden, spread)
        doubt = (distance / width + width.log()).mean()
        terms = self._terms
        total = cross + terms.mean * error + terms.smooth * rough
        total = total + terms.tone * tone + terms.doubt * doubt
        figures = {
            "cross": cross,
            "error": error,
            "rough": rough,
            "tone": tone,
            "doubt": doubt,
            "distance": distance.mean(),
        }
        return total, {name: float(value.detach()) for name, value in figures.items()}


def roughness(ab: Tensor, truth: Tensor, gray: Tensor) -> Tensor:
    """Mean difference of neighbors' colors, where light and true color say they are alike."""
    total = ab.new_zeros(())
    for axis in (2, 3):
        plain = torch.exp(
            -gray.diff(dim=axis).abs() / 0.02 - truth.diff(dim=axis).norm(dim=1, keepdim=True) / 4
        )
        step = ab.diff(dim=axis).square().sum(dim=1, keepdim=True).add(1e-4).sqrt()
        total = total + (plain * step).mean()
    return total / 2
