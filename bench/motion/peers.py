"""MoviePy in an environment of its own: it wants a Pillow that photochrom does not.

The environment lies in `bench/cache/`, which is ignored by git and can be deleted at any time.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Final

from bench.harness import ROOT
from bench.processes import answer

MOVIEPY: Final = "moviepy==2.2.1"
FOLDER: Final = ROOT / "bench" / "cache" / "moviepy"


def python(folder: Path = FOLDER) -> Path:
    """The Python of the environment, which is made unless it is there.

    Raises:
        subprocess.CalledProcessError: It cannot be made, as where there is no package index.
    """
    found = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    ready = folder / f"{MOVIEPY}.installed"
    if not ready.exists():
        for asked in (
            [sys.executable, "-m", "venv", "--clear", str(folder)],
            [str(found), "-m", "pip", "install", "--quiet", MOVIEPY],
        ):
            subprocess.run(asked, check=True, capture_output=True, text=True)
        ready.touch()
    return found


def versions(folder: Path = FOLDER) -> dict[str, str]:
    """Versions of what is in it that decides how fast it is and what it gives."""
    asked = (
        "import importlib.metadata as m, json; "
        "print(json.dumps({n: m.version(n) for n in ('moviepy', 'numpy', 'pillow')}))"
    )
    found: dict[str, str] = answer([str(python(folder)), "-c", asked])
    return found
