"""Each scan restored by a process of its own."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from bench.harness import Progress
from bench.large import scans
from bench.processes import answer, module

MEGAPIXELS: Final = (10, 25, 50, 100, 200)


def run(count: int | None, progress: Progress) -> dict[str, Any]:
    """Measure; see `bench.harness.Bench`. A trial is of the smallest scans."""
    return measured(MEGAPIXELS[:count], progress)


def measured(megapixels: Sequence[float], progress: Progress) -> dict[str, Any]:
    """What restoring scans of these sizes costs."""
    rows = []
    for number, size in enumerate(megapixels):
        with tempfile.TemporaryDirectory() as scratch:
            progress(f"{size:g} megapixels", sum(megapixels[:number]) / sum(megapixels))
            scan = Path(scratch) / "scan.tif"
            width, height = scans.write(scan, size)
            cost = answer(module("bench.large.restoring", scan))
        rows.append({"megapixels": size, "width": width, "height": height, **cost})
    return {"scans": rows}
