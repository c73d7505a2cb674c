"""The log of a run."""

from __future__ import annotations

import csv
import time
from collections.abc import Mapping
from pathlib import Path


class Log:
    """A small CSV file: every line the mean over some steps.

    Args:
        path: The file.
        every: Steps that a line averages over.
        step: Where the run goes on; what the file says of later steps is dropped.
    """

    def __init__(self, path: Path, every: int, step: int):
        self._path, self._every = path, every
        self._sums: dict[str, float] = {}
        self._count = 0
        self._since = time.monotonic()
        self._path.parent.mkdir(parents=True, exist_ok=True)
        if step == 0:
            self._path.unlink(missing_ok=True)
        elif self._path.exists():
            self._forget_after(step)

    def _forget_after(self, step: int) -> None:
        """Drop the lines of steps that a kill undid; they will be gone through again."""
        head, *lines = self._path.read_text().splitlines(keepends=True)
        kept = [line for line in lines if line.endswith("\n") and int(line.split(",")[0]) <= step]
        unfinished = self._path.with_suffix(".part")
        unfinished.write_text("".join([head, *kept]))
        unfinished.replace(self._path)

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
