"""One training loop for all networks: resumable, deterministic, on a CPU or a CUDA device.

A batch is a pure function of the step's number, and so a run that was killed and resumed goes the
same way as one that was not.
"""

from __future__ import annotations

import csv
import math
import os
import random
import signal
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

ROOT = Path(__file__).resolve().parent

Batch = Mapping[str, Tensor]
MakeBatch = Callable[[int], Batch]
Loss = Callable[[nn.Module, Batch], tuple[Tensor, Mapping[str, float]]]


@dataclass(frozen=True)
class Settings:
    """How a run goes.

    Attributes:
        name: The run's folder under `training/runs` (log) and `training/checkpoints`.
        steps: Length of the whole run; the learning rate falls to 0 over it (half a cosine).
        minutes: Stop after this much time, with a checkpoint to go on from; None for no limit.
        learning_rate: The peak.
        warmup: Steps over which a group's rate rises to its peak, from the group's own start.
        ema: Decay of the running average of the weights, which is what gets evaluated and shipped.
        clip: Largest norm of the gradient.
        device: "cpu", "cuda", or "auto".
        threads: CPU threads; None leaves PyTorch's choice.
        parts: Parts of a batch that are worked on at the same time, each by one CPU thread of its
            own. They meet once a step, where PyTorch's own threads meet in every layer: on a busy
            machine that makes the difference. The loss must be a mean over the batch. Two parts
            give the same result every time; more may differ in the last bit.
        checkpoint_minutes: How much a kill may lose.
        log_every: Steps that a line of the log averages over.
        seed: For the weights that start at random and whatever PyTorch draws during the run.
    """

    name: str
    steps: int
    minutes: float | None = None
    learning_rate: float = 1e-3
    warmup: int = 100
    weight_decay: float = 0.01
    ema: float = 0.999
    clip: float = 1.0
    device: str = "auto"
    threads: int | None = None
    parts: int = 1
    checkpoint_minutes: float = 3.0
    log_every: int = 50
    seed: int = 0
    root: Path = field(default=ROOT)

    @property
    def checkpoint(self) -> Path:
        return self.root / "checkpoints" / self.name / "last.pt"

    @property
    def log(self) -> Path:
        return self.root / "runs" / self.name / "log.csv"


def pick_device(name: str) -> torch.device:
    """Turn "auto", "cpu", "cuda", "cuda:1" into a device."""
    if name == "auto":
        name = "cuda" if torch.cuda.is_available() else "cpu"
    return torch.device(name)


def prepare(settings: Settings) -> None:
    """Seed PyTorch and set its threads; call it before the network is built."""
    random.seed(settings.seed)
    torch.manual_seed(settings.seed)
    if settings.threads is not None:
        torch.set_num_threads(settings.threads)


def learning_rate(settings: Settings, step: int) -> float:
    """The rate at a step, before warming up: half a cosine down to 0 at the end."""
    done = max(0, step - settings.warmup) / max(1, settings.steps - settings.warmup)
    return settings.learning_rate * 0.5 * (1 + math.cos(math.pi * min(1.0, done)))


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


def save_atomically(state: Mapping[str, Any], path: Path) -> None:
    """Save so that a kill at any moment leaves the old file or the new one, whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(f".{os.getpid()}.part")
    torch.save(dict(state), unfinished)
    unfinished.replace(path)


def load_average(path: Path, model: nn.Module) -> int:
    """Load a checkpoint's averaged weights into a network; returns the step they are from."""
    state = torch.load(path, map_location="cpu", weights_only=True)
    model.load_state_dict(state["ema"])
    return int(state["step"])


def train(
    model: nn.Module,
    make_batch: MakeBatch,
    loss: Loss,
    settings: Settings,
    *,
    groups: Sequence[Mapping[str, Any]] | None = None,
    on_checkpoint: Callable[[int, Path], None] | None = None,
) -> int:
    """Train until the last step, the time limit or SIGTERM, starting at the last checkpoint if any.

    Args:
        model: The network; parameters with `requires_grad=False` stay as they are.
        make_batch: Makes the batch of a step, of CPU tensors, from nothing but the step's number.
        loss: Gives the loss to minimize, and named figures for the log.
        settings: How the run goes.
        groups: Parameter groups, which may have a `scale` of the learning rate and a `start`, the
            step until which they stay frozen. All trainable parameters in one group if None.
        on_checkpoint: Called with the step and the checkpoint's path after each is written.

    Returns:
        The number of steps done in all.

    Raises:
        FloatingPointError: The loss was not finite 20 times in a row.
    """
    device = pick_device(settings.device)
    model.to(device)
    if groups is None:
        groups = [{"params": [p for p in model.parameters() if p.requires_grad]}]
    optimizer = torch.optim.AdamW(
        [{"params": list(group["params"])} for group in groups],
        weight_decay=settings.weight_decay,
        foreach=True,
    )
    average = Average(model, settings.ema)
    step = _resume(settings.checkpoint, model, optimizer, average, device)
    trainable = [p for group in optimizer.param_groups for p in group["params"]]

    def checkpoint() -> None:
        save_atomically(
            {
                "step": step,
                "model": model.state_dict(),
                "ema": average.state,
                "optimizer": optimizer.state_dict(),
                "rng": torch.get_rng_state(),
            },
            settings.checkpoint,
        )
        if on_checkpoint is not None:
            on_checkpoint(step, settings.checkpoint)

    stop = False

    def ask_to_stop(*_: object) -> None:
        nonlocal stop
        stop = True

    previous = signal.signal(signal.SIGTERM, ask_to_stop)
    log = _Log(settings, step)
    started = saved = time.monotonic()
    bad = 0
    try:
        with (
            ThreadPoolExecutor(max_workers=1) as ahead,
            ThreadPoolExecutor(settings.parts, initializer=_one_thread) as workers,
        ):
            upcoming = ahead.submit(make_batch, step)
            while step < settings.steps and not stop:
                batch = {k: v.to(device, non_blocking=True) for k, v in upcoming.result().items()}
                upcoming = ahead.submit(make_batch, step + 1)
                rate = learning_rate(settings, step)
                for group, ours in zip(optimizer.param_groups, groups, strict=True):
                    begun = step + 1 - ours.get("start", 0)
                    gentle = min(1.0, max(0, begun) / max(1, settings.warmup))
                    group["lr"] = rate * ours.get("scale", 1.0) * gentle
                    for parameter in group["params"]:
                        parameter.requires_grad_(begun > 0)
                optimizer.zero_grad(set_to_none=True)
                figures = _backward(model, loss, batch, settings.parts, workers)
                norm = nn.utils.clip_grad_norm_(trainable, settings.clip)
                if torch.isfinite(norm):
                    optimizer.step()
                    average.update(model, step)
                    bad = 0
                    log.add({"loss": figures["loss"], "norm": norm.item()} | figures)
                else:
                    bad += 1
                    if bad == 20:
                        raise FloatingPointError(f"no finite gradient for 20 steps, at step {step}")
                step += 1
                log.write(step, rate)
                now = time.monotonic()
                if settings.minutes is not None and now - started > settings.minutes * 60:
                    break
                if now - saved > settings.checkpoint_minutes * 60:
                    checkpoint()
                    saved = time.monotonic()
    finally:
        signal.signal(signal.SIGTERM, previous)
    checkpoint()
    return step


def _one_thread() -> None:
    torch.set_num_threads(1)


def _backward(
    model: nn.Module, loss: Loss, batch: Batch, parts: int, workers: ThreadPoolExecutor
) -> dict[str, float]:
    """Add the gradient of a batch's loss to the parameters; returns the figures for the log."""

    def work(part: Batch, share: float) -> dict[str, float]:
        value, figures = loss(model, part)
        (value * share).backward()
        return {name: share * figure for name, figure in (("loss", value.item()), *figures.items())}

    if parts == 1:
        return work(batch, 1.0)
    size = len(next(iter(batch.values())))
    bounds = [size * i // parts for i in range(parts + 1)]
    jobs = [
        workers.submit(
            work, {name: v[start:end] for name, v in batch.items()}, (end - start) / size
        )
        for start, end in pairwise(bounds)
    ]
    total: dict[str, float] = {}
    for job in jobs:
        for name, figure in job.result().items():
            total[name] = total.get(name, 0.0) + figure
    return total


def _resume(
    path: Path,
    model: nn.Module,
    optimizer: torch.optim.Optimizer,
    average: Average,
    device: torch.device,
) -> int:
    if not path.exists():
        return 0
    state = torch.load(path, map_location=device, weights_only=True)
    model.load_state_dict(state["model"])
    optimizer.load_state_dict(state["optimizer"])
    average.state = state["ema"]
    torch.set_rng_state(state["rng"].cpu())
    return int(state["step"])


class _Log:
    """A small CSV file: every line the mean over some steps."""

    def __init__(self, settings: Settings, step: int):
        self._path, self._every = settings.log, settings.log_every
        self._sums: dict[str, float] = {}
        self._count = 0
        self._since = time.monotonic()
        self._path.parent.mkdir(parents=True, exist_ok=True)
        if step == 0:
            self._path.unlink(missing_ok=True)

    def add(self, figures: Mapping[str, float]) -> None:
        self._count += 1
        for name, value in figures.items():
            self._sums[name] = self._sums.get(name, 0.0) + value

    def write(self, step: int, rate: float) -> None:
        if step % self._every or not self._count:
            return
        now = time.monotonic()
        line = {"step": step, "rate": f"{rate:.3g}"}
        line |= {name: f"{total / self._count:.5g}" for name, total in self._sums.items()}
        line["seconds_a_step"] = f"{(now - self._since) / self._count:.4g}"
        fresh = not self._path.exists()
        with self._path.open("a", newline="") as file:
            writer = csv.DictWriter(file, line)
            if fresh:
                writer.writeheader()
            writer.writerow(line)
        self._sums, self._count, self._since = {}, 0, now
