"""Checkpoints: written whole or not at all, read by whoever goes on from them."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch
from torch import nn

try:
    import fcntl
except ImportError:  # Windows: nothing keeps two processes from one run there.
    fcntl = None  # type: ignore[assignment]


def save_atomically(state: Mapping[str, Any], path: Path) -> None:
    """Save so that a kill at any moment leaves the old file or the new one, whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(f".{os.getpid()}.part")
    torch.save(dict(state), unfinished)
    unfinished.replace(path)


def steps_done(path: Path) -> int:
    """The step that a checkpoint is from."""
    return int(_glance(path)["step"])


def can_go_on(path: Path) -> bool:
    """Whether a checkpoint holds all that its run needs to go on; others begin from an average."""
    return "optimizer" in _glance(path)


def _glance(path: Path) -> dict[str, Any]:
    """A checkpoint, without reading its tensors."""
    found: dict[str, Any] = torch.load(path, map_location="cpu", weights_only=True, mmap=True)
    return found


def save_average(path: Path, target: Path) -> None:
    """Keep of a checkpoint what another run starts from: its average as float16, its step.

    An eighth of the size; the optimizer's memory is gone, so that the run itself cannot go on.
    """
    state = torch.load(path, map_location="cpu", weights_only=True)
    average = {
        name: value.half() if value.is_floating_point() else value
        for name, value in state["ema"].items()
    }
    save_atomically({"step": state["step"], "ema": average}, target)


def load_average(path: Path, model: nn.Module) -> int:
    """Load a checkpoint's averaged weights into a network; returns the step they are from."""
    state = torch.load(path, map_location="cpu", weights_only=True)
    model.load_state_dict(state["ema"])
    return int(state["step"])


@contextmanager
def alone(checkpoint: Path) -> Iterator[None]:
    """Keep other processes from the same run, and clear away what a killed one left unfinished.

    Raises:
        BlockingIOError: Another process is at it.
    """
    checkpoint.parent.mkdir(parents=True, exist_ok=True)
    with checkpoint.with_name("lock").open("w") as lock:
        if fcntl is not None:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise BlockingIOError(
                    f"{checkpoint.parent.name}: is being trained by another process"
                ) from None
        for unfinished in checkpoint.parent.glob("*.part"):
            unfinished.unlink()
        yield
