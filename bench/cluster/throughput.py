"""So many small pictures through one engine, on two processes of this machine."""

from __future__ import annotations

import json
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

import numpy as np
from PIL import Image

from bench.cluster.cluster import cluster
from bench.harness import THREADS
from photochrom.batch import Settings, plan, run
from photochrom.engine import FolderStore
from photochrom.recipe import Recipe

SIZE = (240, 320)
STEPS = ("tone", "grain")


def write(folder: Path, count: int) -> None:
    """Scans of noise over a gradient, each another."""
    rows, columns = np.mgrid[0 : SIZE[0], 0 : SIZE[1]].astype(np.float32)
    for number in range(count):
        noise = np.random.default_rng(number).normal(0, 6, SIZE)
        light = 60 + rows / 3 + 30 * np.sin(columns / (9 + number % 7)) + noise
        pixels = light.clip(0, 255).astype(np.uint8)
        Image.fromarray(pixels).save(folder / f"{number:04}.png")


def main(engine: str, count: int) -> None:
    settings = Settings(Recipe.preset("faithful").only(STEPS))
    with ExitStack() as held:
        folder = Path(held.enter_context(tempfile.TemporaryDirectory()))
        scans = folder / "scans"
        scans.mkdir()
        write(scans, count)
        if engine == "ray":
            held.enter_context(cluster(nodes=THREADS, cpus=1))
        store = FolderStore(folder / "store")
        jobs = plan([scans], folder / "out").jobs
        # The first pictures start workers and load networks, once for all that come.
        started = 0.0
        for number, result in enumerate(
            run(jobs, settings, workers=THREADS, engine=engine, store=store)
        ):
            assert result.error is None, result.error
            if number + 1 == max(1, count // 10):
                started = time.perf_counter()
        seconds = time.perf_counter() - started
    print(json.dumps({"seconds": seconds, "timed": count - max(1, count // 10)}))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
