"""The average of a network's weights over its last steps: what is evaluated and shipped."""

from __future__ import annotations

import torch
from torch import nn


class Average:
    """A running average of a network's weights, with a short memory at the start."""

    def __init__(self, model: nn.Module, decay: float):
        self._decay = decay
        self.state = {name: value.detach().clone() for name, value in model.state_dict().items()}

    @torch.no_grad()
    def update(self, model: nn.Module, step: int) -> None:
        decay = min(self._decay, (1 + step) / (10 + step))
        state = model.state_dict()
        floats = [name for name, value in self.state.items() if value.is_floating_point()]
        torch._foreach_lerp_(
            [self.state[name] for name in floats], [state[name] for name in floats], 1 - decay
        )
        for name in self.state.keys() - floats:
            self.state[name].copy_(state[name])
