"""How much memory each way takes, each in a process of its own.

`python -m bench.prints.memory TASK WAY SCAN.npy` runs one way on one scan and prints the most
memory that its process ever held, in MB.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

import numpy as np

from bench.prints.scans import Levels
from bench.prints.ways import ways_of
from bench.processes import answer, module, peak


def peak_by_way(task: str, scan: Levels) -> dict[str, float | None]:
    """Most memory of each way's process, in MB: Python, libraries, networks and work.

    Args:
        task: Whose ways, by what results call it.
        scan: What each is given.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "scan.npy"
        np.save(path, scan)
        return {
            way.name: answer(module("bench.prints.memory", task, way.name, path))
            for way in ways_of(task).there
        }


def main() -> None:
    task, name, path = sys.argv[1:]
    way = next(way for way in ways_of(task).there if way.name == name)
    way.run(np.load(path))
    print(json.dumps(peak()))


if __name__ == "__main__":
    main()
