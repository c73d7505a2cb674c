"""How much memory each way takes, each in a process of its own.

`python -m bench.prints.memory TASK WAY SCAN.npy` runs one way on one scan and prints the most
memory that its process ever held, in MB.
"""

from __future__ import annotations

import math
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

import numpy as np

from bench.memory import peak
from bench.prints.ways import Levels, Way, enlarging, repairing

_ROOT: Final = Path(__file__).resolve().parents[2]


def ways_of(task: str) -> tuple[Way, ...]:
    """The ways of "repair" or "enlarge"."""
    return (repairing() if task == "repair" else enlarging(4, worn=True)).there


def peak_by_way(task: str, scan: Levels) -> dict[str, float]:
    """Most memory of each way's process, in MB: Python, libraries, networks and work."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "scan.npy"
        np.save(path, scan)
        return {
            way.name: float(
                subprocess.run(
                    [sys.executable, "-m", "bench.prints.memory", task, way.name, str(path)],
                    cwd=_ROOT,
                    check=True,
                    capture_output=True,
                    text=True,
                ).stdout
            )
            for way in ways_of(task)
        }


def main() -> None:
    task, name, path = sys.argv[1:]
    way = next(way for way in ways_of(task) if way.name == name)
    way.run(np.load(path))
    print(peak() or math.nan)


if __name__ == "__main__":
    main()
