"""The section of the page on large scans, and its plot."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from bench.harness import Figures
from bench.page import table

PLOT: Final = "large.png"
# MB in which the largest scan is to be restored.
_MEMORY: Final = 2**31 / 1e6
# By how much the largest may take longer for each of its pixels than the smallest.
_PACE: Final = 1.25


def report(figures: Figures) -> str:
    """Write the section."""
    rows = figures["scans"]
    smallest, largest = rows[0], rows[-1]
    pace = [row["cpu_seconds"] / row["megapixels"] for row in rows]
    peak = largest["peak_mb"]
    aims = [
        (
            f"memory, {largest['megapixels']:g} megapixels",
            f"< {_MEMORY:.0f} MB (2 GiB)",
            None if peak is None else f"{peak:.0f} MB",
            None if peak is None else "yes" if peak < _MEMORY else "no",
        ),
        (
            f"processor time a pixel, of that at {smallest['megapixels']:g} megapixels",
            f"< {100 * _PACE:.0f} %",
            f"{100 * pace[-1] / pace[0]:.0f} %",
            "yes" if pace[-1] < _PACE * pace[0] else "no",
        ),
    ]
    costs = [
        (
            f"{row['megapixels']:g}",
            f"{row['width']} x {row['height']}",
            row["peak_mb"],
            row["cpu_seconds"],
            f"{each:.2f}",
            row["seconds"],
        )
        for row, each in zip(rows, pace, strict=True)
    ]
    return f"""\
Gray scans of 16 bits through `faithful` at scale 1, from the file to the TIFF in color, each in a
process of its own: a photograph enlarged, with grain, two marks of dust or scratches a megapixel.
Memory is the most that the process held at once, whatever of its files was mapped included. Planes
of large scans lie in nameless files in the folder for temporary files (or in the one that
`PHOTOCHROM_SCRATCH` names, which should be on a disk): about 20 bytes a pixel, as long as it runs.

{table(("aim", "wanted", "reached", "met"), aims)}

{table(("megapixels", "size", "memory, MB", "CPU s", "CPU s a megapixel", "seconds"), costs)}

![Memory and processor time of large scans](pictures/bench/{PLOT})
"""


def draw(figures: Figures, folder: Path) -> None:
    """Draw memory and time against size."""
    import matplotlib as mpl

    mpl.use("agg")
    from matplotlib import pyplot as plt

    rows = figures["scans"]
    sizes = [row["megapixels"] for row in rows]
    figure, (left, right) = plt.subplots(1, 2, figsize=(8.0, 3.6), layout="constrained")
    left.plot(sizes, [row["peak_mb"] for row in rows], "o-", color="#2f62b5")
    left.axhline(_MEMORY, color="#999999", linestyle="--")
    left.annotate("2 GiB", (sizes[0], _MEMORY), xytext=(0, -13), textcoords="offset points")
    left.set_ylabel("memory, MB")
    right.plot(sizes, [row["cpu_seconds"] for row in rows], "o-", color="#2f8f4e")
    slope = rows[0]["cpu_seconds"] / sizes[0]
    right.plot([0, sizes[-1]], [0, slope * sizes[-1]], color="#999999", linestyle="--")
    right.set_ylabel("processor time, s")
    for axes in (left, right):
        axes.set_xlabel("megapixels")
        axes.set_ylim(bottom=0)
        axes.set_xlim(left=0)
    right.set_title("dashed: in step with the smallest", fontsize="small")
    figure.savefig(folder / PLOT, dpi=110)
    plt.close(figure)
