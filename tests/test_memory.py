"""A large scan on an ordinary laptop."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import tifffile

GIB = 2**30

# On Linux, what a parent has taken at most counts in ru_maxrss of its child, and so is not asked;
# macOS counts in bytes.
MEASURED_RESTORE = """
import pathlib, resource, sys
from photochrom.cli import main

def peak():
    if sys.platform == "darwin":
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    lines = pathlib.Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) * 1024

words = ("--recipe", "faithful", "--format", "tiff", "--json")
sys.argv = ["photochrom", "restore", sys.argv[1], *words]
try:
    main()
except SystemExit as ended:
    print(peak())
    raise
"""


@pytest.mark.slow
@pytest.mark.skipif(
    sys.platform not in ("linux", "darwin"), reason="peak memory cannot be asked for here"
)
def test_a_hundred_megapixels_stay_under_one_and_a_half_gib(tmp_path: Path) -> None:
    scan = tmp_path / "plate 1928.tif"
    rows, columns = np.mgrid[0:10_000, 0:10_000].astype(np.uint16)
    noise = np.random.default_rng(1).integers(0, 900, (10_000, 10_000), dtype=np.uint16)
    tifffile.imwrite(scan, rows * 3 + columns // 2 * 5 + noise)
    del rows, columns, noise
    ran = subprocess.run(
        [sys.executable, "-c", MEASURED_RESTORE, scan], capture_output=True, text=True, check=True
    )
    result, peak = ran.stdout.splitlines()
    with tifffile.TiffFile(json.loads(result)["output"]) as tiff:
        assert tiff.pages[0].shape == (10_000, 10_000, 3)
        assert tiff.pages[0].dtype == np.uint16
    assert int(peak) < 1.5 * GIB, f"{int(peak) / GIB:.2f} GiB"
