"""Work in processes of its own: what it answers, and what it costs in time and memory."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from bench.harness import ROOT

# From one look at the memory to the next; a look costs a millisecond or so a process.
_EVERY: Final = 0.1


class CommandError(Exception):
    """A command did not succeed; says what it wrote last."""


@dataclass(frozen=True)
class Cost:
    """What a command cost.

    Attributes:
        seconds: From its start to its end.
        cpu_seconds: Of all its processes that it waited for; None where that is not known.
        peak_mb: Most memory that its processes held together, in MB. What several of them share
            counts once (Linux's "proportional set size"; elsewhere, each time). None if it ended
            before anybody could look.
    """

    seconds: float
    cpu_seconds: float | None
    peak_mb: float | None


def module(name: str, *words: str | Path) -> list[str]:
    """The command that runs a module."""
    return [sys.executable, "-m", name, *map(str, words)]


def answer(command: Sequence[str], *, folder: Path = ROOT) -> Any:
    """Run a command; returns what it prints, read as JSON.

    Raises:
        CommandError: It ended with an error.
    """
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, errors="replace")
    if done.returncode:
        raise CommandError(f"{' '.join(command)}\n{done.stderr[-2000:]}")
    return json.loads(done.stdout)


def watched(command: Sequence[str], *, folder: Path = ROOT) -> Cost:
    """Run a command and watch what it costs.

    Raises:
        CommandError: It ended with an error.
    """
    before, started = os.times(), time.perf_counter()
    with subprocess.Popen(
        command,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    ) as process:
        over = threading.Event()
        peaks: list[int] = []
        looking = threading.Thread(target=_look, args=(process.pid, over, peaks))
        looking.start()
        said, _ = process.communicate()
        over.set()
        looking.join()
    seconds, after = time.perf_counter() - started, os.times()
    if process.returncode:
        raise CommandError(f"{' '.join(command)}\n{said[-2000:]}")
    busy = sum(after[2:4]) - sum(before[2:4])  # of children; always 0 on Windows
    return Cost(
        round(seconds, 2),
        None if os.name == "nt" else round(busy, 2),
        round(max(peaks) / 1e6, 1) if peaks else None,
    )


def peak() -> float | None:
    """Most memory that this process held so far, in MB; None where that is not known.

    On Linux not by `getrusage`, which also counts what the parent held when it started the process.
    """
    try:
        lines = Path("/proc/self/status").read_text().splitlines()
    except OSError:  # not Linux
        try:
            import resource
        except ImportError:  # not on Windows
            return None
        unit = 1 if sys.platform == "darwin" else 1024
        return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6, 1)
    kibibytes = next(line.split()[1] for line in lines if line.startswith("VmHWM"))
    return round(int(kibibytes) * 1024 / 1e6, 1)


def _look(pid: int, over: threading.Event, peaks: list[int]) -> None:
    while not over.is_set():
        if held := _held(pid):
            peaks.append(held)
        over.wait(_EVERY)


def _held(pid: int) -> int:
    """Bytes that a process and all that come from it hold together; 0 where that is not known."""
    import psutil  # not above: a process that weighs itself is to hold nothing else

    held = 0
    with suppress(psutil.Error):  # It has just ended.
        first = psutil.Process(pid)
        for process in (first, *first.children(recursive=True)):
            with suppress(psutil.Error):
                memory = process.memory_full_info()
                held += getattr(memory, "pss", memory.rss)
    return held
