"""One training loop for all networks: resumable, deterministic, on a CPU or a CUDA device.

A batch is a pure function of the step's number, and so a run that was killed and resumed goes the
same way as one that was not.
"""

from __future__ import annotations

import math
import random
import signal
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from training.ahead import Batch, MakeBatch, batches_ahead
from training.average import Average
from training.log import Log
from training.saving import alone, save_atomically

ROOT = Path(__file__).resolve().parent

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
        makers: Processes that make batches ahead; 0 for one thread.
        bf16: Compute in bfloat16 whatever the network does not hold to float32 (`precision.py`);
            weights and what is learned of them stay float32.
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
    makers: int = 0
    bf16: bool = False
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


def train(
    model: nn.Module,
    make_batch: MakeBatch,
    loss: Loss,
    settings: Settings,
    *,
    groups: Sequence[Mapping[str, Any]] | None = None,
) -> int:
    """Train until the last step, the time limit, an interrupt or SIGTERM.

    Starts at the run's last checkpoint, if there is one.

    Args:
        model: The network; parameters with `requires_grad=False` stay as they are.
        make_batch: Makes the batch of a step, of CPU tensors, from nothing but the step's number.
        loss: Gives the loss to minimize, and named figures for the log.
        settings: How the run goes.
        groups: Parameter groups, which may have a `scale` of the learning rate and a `start`, the
            step until which they stay frozen. All trainable parameters in one group if None.

    Returns:
        The number of steps done in all.

    Raises:
        BlockingIOError: Another process trains the same run.
        FloatingPointError: The loss was not finite 20 times in a row.
    """
    asked = threading.Event()
    with (
        alone(settings.checkpoint),
        batches_ahead(make_batch, settings.makers) as from_step,
        _stopping(asked),
    ):
        run = _Run(model, loss, settings, groups)
        log = Log(settings.log, settings.log_every, run.step)
        started = saved = time.monotonic()
        with run:
            batches = from_step(run.step)
            while run.step < settings.steps and not asked.is_set():
                if figures := run.advance(next(batches)):
                    log.add(figures)
                log.write(run.step, learning_rate(settings, run.step - 1))
                now = time.monotonic()
                if settings.minutes is not None and now - started > settings.minutes * 60:
                    break
                if now - saved > settings.checkpoint_minutes * 60:
                    run.save()
                    saved = time.monotonic()
        run.save()
    return run.step


@contextmanager
def _stopping(asked: threading.Event) -> Iterator[None]:
    """Ask to stop, instead of stopping at once, when the process is interrupted or told to end."""
    numbers = (signal.SIGTERM, signal.SIGINT)
    previous = [signal.signal(number, lambda *_: asked.set()) for number in numbers]
    try:
        yield
    finally:
        for number, handler in zip(numbers, previous, strict=True):
            signal.signal(number, handler)


class _Run:
    """A network on its way: what a checkpoint holds, and how it takes a step."""

    def __init__(
        self,
        model: nn.Module,
        loss: Loss,
        settings: Settings,
        groups: Sequence[Mapping[str, Any]] | None,
    ):
        self._model, self._loss, self._settings = model, loss, settings
        self._device = pick_device(settings.device)
        model.to(self._device)
        if groups is None:
            groups = [{"params": [p for p in model.parameters() if p.requires_grad]}]
        self._groups = groups
        self._optimizer = torch.optim.AdamW(
            [{"params": list(group["params"])} for group in groups],
            weight_decay=settings.weight_decay,
            foreach=True,
        )
        self._average = Average(model, settings.ema)
        self._workers = ThreadPoolExecutor(settings.parts, initializer=_one_thread)
        self._bad = 0
        self.step = 0
        if settings.checkpoint.exists():
            self._resume(settings.checkpoint)

    def __enter__(self) -> None:
        self._workers.__enter__()

    def __exit__(self, *error: Any) -> None:
        self._workers.__exit__(*error)

    def advance(self, batch: Batch) -> dict[str, float]:
        """Take one step; returns the figures for the log, none if the gradient was not finite."""
        batch = {k: v.to(self._device, non_blocking=True) for k, v in batch.items()}
        self._set_rates()
        self._optimizer.zero_grad(set_to_none=True)
        figures = self._backward(batch)
        trainable = [p for group in self._optimizer.param_groups for p in group["params"]]
        norm = nn.utils.clip_grad_norm_(trainable, self._settings.clip)
        self.step += 1
        if torch.isfinite(norm):
            self._optimizer.step()
            self._average.update(self._model, self.step - 1)
            self._bad = 0
            return {"loss": figures["loss"], "norm": norm.item()} | figures
        self._bad += 1
        if self._bad == 20:
            raise FloatingPointError(f"no finite gradient for 20 steps, at step {self.step}")
        return {}

    def _backward(self, batch: Batch) -> dict[str, float]:
        """Add the gradient of a batch's loss to the parameters; returns figures for the log."""
        parts = self._settings.parts
        if parts == 1:
            return self._work(batch, 1.0)
        size = len(next(iter(batch.values())))
        bounds = [size * i // parts for i in range(parts + 1)]
        jobs = [
            self._workers.submit(
                self._work,
                {name: v[start:end] for name, v in batch.items()},
                (end - start) / size,
            )
            for start, end in pairwise(bounds)
        ]
        total: dict[str, float] = {}
        for job in jobs:
            for name, figure in job.result().items():
                total[name] = total.get(name, 0.0) + figure
        return total

    def _work(self, part: Batch, share: float) -> dict[str, float]:
        # Without its cache, which threads would share.
        half = torch.autocast(
            self._device.type, torch.bfloat16, self._settings.bf16, cache_enabled=False
        )
        with half:
            value, figures = self._loss(self._model, part)
        (value * share).backward()
        return {name: share * figure for name, figure in (("loss", value.item()), *figures.items())}

    def _set_rates(self) -> None:
        rate = learning_rate(self._settings, self.step)
        for group, ours in zip(self._optimizer.param_groups, self._groups, strict=True):
            begun = self.step + 1 - ours.get("start", 0)
            gentle = min(1.0, max(0, begun) / max(1, self._settings.warmup))
            group["lr"] = rate * ours.get("scale", 1.0) * gentle
            for parameter in group["params"]:
                parameter.requires_grad_(begun > 0)

    def save(self) -> None:
        """Write the checkpoint."""
        save_atomically(
            {
                "step": self.step,
                "model": self._model.state_dict(),
                "ema": self._average.state,
                "optimizer": self._optimizer.state_dict(),
                "rng": torch.get_rng_state(),
            },
            self._settings.checkpoint,
        )

    def _resume(self, path: Path) -> None:
        state = torch.load(path, map_location=self._device, weights_only=True)
        self._model.load_state_dict(state["model"])
        self._optimizer.load_state_dict(state["optimizer"])
        self._average.state = state["ema"]
        torch.set_rng_state(state["rng"].cpu())
        self.step = int(state["step"])


def _one_thread() -> None:
    torch.set_num_threads(1)
