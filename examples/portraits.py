"""The example of the template "portraits": figures, a map and a chart around two photographs.

    python -m examples.portraits [FOLDER]

The photographs ship inside Matplotlib and scikit-image (`pip install photochrom[demo]`).
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from examples.demo import make_scans
from photochrom.cli.console import bars
from photochrom.production import build

PRODUCTION = Path(__file__).parent / "those-who-went-first" / "production.toml"


def main(arguments: Sequence[str]) -> int:
    """Makes the example in a folder; returns the exit code."""
    folder = Path(arguments[0] if arguments else "portraits")
    make_scans(folder / "scans")
    shutil.copyfile(PRODUCTION, folder / "production.toml")
    with bars() as progress:
        result = build(folder / "production.toml", progress=progress)
    for line in result.failed:
        print(f"failed: {line}", file=sys.stderr)
    print(result.film)
    return 1 if result.failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
