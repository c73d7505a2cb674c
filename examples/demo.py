"""The demo: ages photographs whose true colors are known, builds a production, and compares.

    python -m examples.demo [FOLDER]

The photographs ship inside Matplotlib and scikit-image (`pip install photochrom[demo]`).
"""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import matplotlib.cbook
import numpy as np
import skimage.data
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from examples.compare import Figures, compare, sheet
from photochrom.aging import age
from photochrom.cli.console import bars
from photochrom.emulsion import Emulsion
from photochrom.photograph import Photograph
from photochrom.production import build

PRODUCTION = Path(__file__).parent / "two-who-went-first" / "production.toml"


@dataclass(frozen=True)
class Source:
    """A photograph of the demo and what time is to do to it.

    Attributes:
        id: As the production calls it.
        emulsion: What it is exposed on.
        wear: 0 (fresh) .. 1 (heavily damaged).
        seed: Which wear.
        genuine: It is black-and-white to begin with and is not aged.
    """

    id: str
    emulsion: Emulsion
    wear: float
    seed: int
    genuine: bool = False


SOURCES = (
    Source("hopper", Emulsion.ORTHOCHROMATIC, wear=0.55, seed=1912),
    Source("camera", Emulsion.PANCHROMATIC, wear=0.0, seed=0, genuine=True),
    Source("rocket", Emulsion.PANCHROMATIC, wear=0.2, seed=2015),
    Source("collins", Emulsion.PANCHROMATIC, wear=0.6, seed=1995),
)


def photograph(id: str) -> NDArray[np.uint8]:
    """The photograph as it ships in its package: (H, W, 3) or (H, W) uint8."""
    if id == "hopper":
        path = matplotlib.cbook.get_sample_data("grace_hopper.jpg", asfileobj=False)
        pixels = Photograph.open(Path(path)).pixels
    else:
        pixels = {
            "collins": skimage.data.astronaut,
            "rocket": skimage.data.rocket,
            "camera": skimage.data.camera,
        }[id]()
    return np.asarray(pixels, np.uint8)


def make_scans(folder: Path) -> None:
    """Ages the photographs and writes them as 16-bit TIFFs, as an archive's scanner would."""
    folder.mkdir(parents=True, exist_ok=True)
    for source in SOURCES:
        pixels = photograph(source.id)
        scan = Photograph.from_array(pixels) if source.genuine else aged(pixels, source)
        scan.save(folder / f"{source.id}.tif")


def aged(pixels: NDArray[np.uint8], source: Source) -> Photograph:
    """A photograph, (H, W, 3), as a print that time was at, scanned in 16 bits."""
    found = age(
        pixels.astype(np.float32) / 255,
        emulsion=source.emulsion,
        wear=source.wear,
        seed=source.seed,
    )
    return Photograph.from_array((np.clip(found.print, 0, 1) * 65535 + 0.5).astype(np.uint16))


def main(arguments: Sequence[str]) -> int:
    """Makes the demo in a folder; returns the exit code."""
    folder = Path(arguments[0] if arguments else "demo")
    out = Console()
    started = time.monotonic()
    make_scans(folder / "scans")
    shutil.copyfile(PRODUCTION, folder / "production.toml")
    with bars() as progress:
        result = build(folder / "production.toml", progress=progress)
    for line in result.failed:
        out.print(f"failed: {line}", style="red")
    if result.failed:
        return 1

    sheets = folder / "sheets"
    sheets.mkdir(exist_ok=True)
    measured = []
    for source in SOURCES:
        scan = Photograph.open(folder / "scans" / f"{source.id}.tif")
        after = Photograph.open(folder / "out" / "pictures" / f"{source.id}.tif")
        truth = None if source.genuine else photograph(source.id)
        if truth is not None:
            measured.append((source, compare(scan, after, truth)))
        sheet(scan, after, truth).save(sheets / f"{source.id}.png")

    out.print(_table(measured))
    out.print(f"film      {result.film}")
    out.print(f"pictures  {folder / 'out' / 'pictures'}")
    out.print(f"sheets    {sheets}")
    out.print(f"{time.monotonic() - started:.0f} seconds")
    return 0


def _table(measured: Sequence[tuple[Source, tuple[Figures, Figures]]]) -> Table:
    table = Table(title="How close to the truth (the aged scan -> the result)")
    for heading in ("photograph", "PSNR, dB", "SSIM", "ΔE2000"):
        table.add_column(heading)
    for source, (before, after) in measured:
        table.add_row(
            f"{source.id}, {source.emulsion.value}",
            f"{before.psnr:.1f} -> {after.psnr:.1f}",
            f"{before.ssim:.3f} -> {after.ssim:.3f}",
            f"{before.delta_e:.1f} -> {after.delta_e:.1f}",
        )
    return table


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
