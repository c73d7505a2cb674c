"""`python -m bench.large.restoring SCAN`: restores it in this process and says what that cost."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from bench.processes import peak
from photochrom.photograph import Photograph
from photochrom.recipe import Recipe
from photochrom.restoration import restore


def main() -> None:
    scan = Path(sys.argv[1])
    started, busy = time.perf_counter(), time.process_time()
    recipe = Recipe.preset("faithful").with_params("clarity", scale=1)
    restored = restore(Photograph.open(scan), recipe, year=1928)
    restored.save(scan.with_suffix(".restored.tif"))
    cost = {
        "seconds": round(time.perf_counter() - started, 1),
        "cpu_seconds": round(time.process_time() - busy, 1),
        "peak_mb": peak(),
    }
    print(json.dumps(cost))


if __name__ == "__main__":
    main()
