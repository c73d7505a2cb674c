"""Where a network keeps to float32 although the training around it computes in bfloat16."""

from __future__ import annotations

import torch
from torch import Tensor


def exactly(x: Tensor) -> torch.autocast:
    """A context in which nothing is computed in bfloat16; its inputs must be float32 already.

    Bfloat16 has 8 bits of a number: enough for features, too few for what is looked at in the end.
    And on CPUs the backward pass of depthwise convolutions is slower in it than in float32.
    """
    return torch.autocast(x.device.type, enabled=False)
