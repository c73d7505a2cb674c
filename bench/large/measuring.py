"""Each scan restored by a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

from bench.large import scans

MEGAPIXELS: Final = (10, 25, 50, 100, 200)

_ROOT: Final = Path(__file__).resolve().parents[2]


def measured(megapixels: Sequence[float], progress: Callable[[str, float], None]) -> dict[str, Any]:
    """What restoring scans of these sizes costs."""
    rows = []
    for number, size in enumerate(megapixels):
        with tempfile.TemporaryDirectory() as scratch:
            progress(f"{size:g} megapixels", sum(megapixels[:number]) / sum(megapixels))
            scan = Path(scratch) / "scan.tif"
            width, height = scans.write(scan, size)
            ran = subprocess.run(
                [sys.executable, "-m", "bench.large.restoring", str(scan)],
                cwd=_ROOT,
                check=True,
                stdout=subprocess.PIPE,
            )
        cost = json.loads(ran.stdout)
        rows.append({"megapixels": size, "width": width, "height": height, **cost})
    return {"scans": rows}
