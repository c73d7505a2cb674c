"""Weights that a run starts from: those of another run's checkpoint, or those that ship."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import Tensor, nn

from training.loop import Settings
from training.onnx_export import HALF


def weights(path: Path) -> dict[str, Tensor]:
    """Read the averaged weights of a checkpoint, or those in a shipped ONNX file.

    Those in a file have been through float16.
    """
    if path.suffix != ".onnx":
        state: dict[str, Tensor] = torch.load(path, map_location="cpu", weights_only=True)["ema"]
        return state
    found = {}
    for tensor in onnx.load(path).graph.initializer:
        name = tensor.name.removesuffix(HALF)
        if name.startswith("network."):
            array = numpy_helper.to_array(tensor).astype(np.float32)
            found[name.removeprefix("network.")] = torch.from_numpy(array)
    return found


def start_from(network: nn.Module, path: Path | None, settings: Settings) -> None:
    """Load what another run has learned into the network of a run that has not begun.

    Args:
        network: Parts that the other run did not have stay as they are.
        path: A checkpoint or a shipped ONNX file; None to start without.
        settings: A run that goes on from its own checkpoint is left alone.

    Raises:
        ValueError: What is there is not of this network.
    """
    if path is None or settings.checkpoint.exists():
        return
    theirs = weights(path)
    lacking, unknown = network.load_state_dict(theirs, strict=False)
    if unknown or len(lacking) == len(network.state_dict()):
        raise ValueError(f"{path}: not of this network: {', '.join(unknown) or 'no weights'}")
    if lacking:
        print(f"starting at random: {', '.join(lacking)}")
