"""What a command costs: time, processor time and memory, of all its processes together."""

from __future__ import annotations

import subprocess
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_PROC: Final = Path("/proc")
# From one look at the memory to the next; a look costs a millisecond or so a process.
_EVERY: Final = 0.1


@dataclass(frozen=True)
class Cost:
    """What a command cost.

    Attributes:
        seconds: From its start to its end.
        cpu_seconds: Of all its processes that it waited for; None where that is not known.
        peak_mb: Most memory that its processes held together, in MB. What several of them share
            counts once (Linux's "proportional set size"). None where that is not known.
    """

    seconds: float
    cpu_seconds: float | None
    peak_mb: float | None


class CommandError(Exception):
    """A command did not succeed; says what it wrote last."""


def watched(
    command: Sequence[str], *, folder: Path, environment: Mapping[str, str] | None = None
) -> Cost:
    """Run a command and watch what it costs.

    Args:
        command: The program and its arguments.
        folder: Where it runs.
        environment: Its variables; None: this process's.

    Raises:
        CommandError: It ended with an error.
    """
    before, started = _children(), time.perf_counter()
    with subprocess.Popen(
        command,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    ) as process:
        over = threading.Event()
        peaks: list[float] = []
        looking = threading.Thread(target=_look, args=(process.pid, over, peaks))
        looking.start()
        said, _ = process.communicate()
        over.set()
        looking.join()
    seconds, after = time.perf_counter() - started, _children()
    if process.returncode:
        raise CommandError(f"{' '.join(command)}\n{said[-2000:]}")
    busy = None if before is None or after is None else round(after - before, 2)
    return Cost(round(seconds, 2), busy, round(max(peaks), 1) if peaks else None)


def _look(pid: int, over: threading.Event, peaks: list[float]) -> None:
    while not over.is_set():
        if held := sum(_held(one) for one in _tree(pid)):
            peaks.append(held / 1e6)
        over.wait(_EVERY)


def _tree(pid: int) -> Iterator[int]:
    """A process and all that come from it."""
    yield pid
    for task in (_PROC / str(pid) / "task").glob("*/children"):
        try:
            children = task.read_text().split()
        except OSError:  # it has just ended
            continue
        for child in children:
            yield from _tree(int(child))


def _held(pid: int) -> int:
    """Bytes that a process holds, what it shares with others in part; 0 where that is not known."""
    try:
        lines = (_PROC / str(pid) / "smaps_rollup").read_text().splitlines()
    except OSError:  # it has just ended, or this is not Linux
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:")), 0)


def _children() -> float | None:
    """Processor seconds of all processes that this one has waited for, and of theirs."""
    try:
        import resource
    except ImportError:  # not on Windows
        return None
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
