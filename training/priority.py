"""The lowest priority that there is, so that training slows nothing else."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path


def give_way(process: int) -> None:
    """Let every other session have the processor first.

    Linux shares it among sessions before it heeds `nice` within one (sched(7), "The autogroup
    feature"): in a session of its own, a process of nice 19 would take as much as all of another.

    Args:
        process: The first one of a session of its own.
    """
    # Kernels without that feature have no such file, and need none.
    with suppress(OSError):
        Path(f"/proc/{process}/autogroup").write_text("19")
