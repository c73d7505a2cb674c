"""Work that is none: it takes time, and nothing else."""

from __future__ import annotations

import hashlib
import random
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from photochrom.engine import Report, Task


def sleep(folder: Path, seconds: float, inputs: Mapping[str, Path], report: Report) -> None:
    """Waits, and says now and then how far it is, as restoring does."""
    for step in range(5):
        report("asleep", step / 5)
        time.sleep(seconds / 5)


def tasks(count: int, seconds: float) -> Iterator[Task]:
    """So many, of half to one and a half times so many seconds, each another."""
    drawn = random.Random(1)
    for number in range(count):
        key = hashlib.sha256(str(number).encode()).hexdigest()
        yield Task(key, str(number), sleep, seconds * drawn.uniform(0.5, 1.5), anew=True)
