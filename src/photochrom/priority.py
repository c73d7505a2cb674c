"""Work that lets other work have the processor first."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import Final

import psutil

LAST: Final = 19
"""After everything else, as `nice` counts."""


def give_way(process: int, niceness: int = LAST) -> None:
    """Let everybody else on the machine have the processor before a process and what it starts.

    Linux shares it among sessions before it heeds `nice` within one (sched(7), "The autogroup
    feature"): in a session of its own, a process of nice 19 would take as much as all of another.
    So both are set. Windows knows fewer steps, of which it is one below the ordinary.

    Args:
        process: The first one of a session of its own, just started. One that has ended is none.
        niceness: 0..19, how far it gives way; what gives way further already goes on doing so.
    """
    # Where that is not allowed it goes on as it is: it is a courtesy.
    with suppress(psutil.Error):
        found = psutil.Process(process)
        if os.name == "nt":
            found.nice(psutil.BELOW_NORMAL_PRIORITY_CLASS)
        else:
            found.nice(max(niceness, found.nice()))
    # Kernels without that feature have no such file, and need none.
    with suppress(OSError):
        Path(f"/proc/{process}/autogroup").write_text(str(niceness))
