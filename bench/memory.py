"""How much memory a process took."""

from __future__ import annotations

import sys
from pathlib import Path


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
