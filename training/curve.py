"""Draw a run's learning curve beside its log: `python -m training.curve color`."""

from __future__ import annotations

import argparse
import csv
from pathlib import Path

from matplotlib.figure import Figure

from training.loop import ROOT


def draw(log: Path, names: list[str]) -> Path:
    """Draw columns of a log against its steps.

    Args:
        log: The CSV file that `training.loop` wrote.
        names: The columns.

    Returns:
        The picture, `curve.png` beside the log.
    """
    with log.open() as file:
        rows = list(csv.DictReader(file))
    steps = [int(row["step"]) for row in rows]
    figure = Figure(figsize=(8, 2.4 * len(names)), layout="constrained")
    for name, axes in zip(names, figure.subplots(len(names), 1, squeeze=False)[:, 0], strict=True):
        axes.plot(steps, [float(row[name]) for row in rows], color="#1f4e79", linewidth=1)
        axes.set_ylabel(name)
        axes.grid(alpha=0.3)
        axes.set_ylim(top=max(float(row[name]) for row in rows[1:]))
    axes.set_xlabel("step")
    path = log.with_name("curve.png")
    figure.savefig(path, dpi=80, metadata={"Software": None})
    return path


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name", help="the run's folder under training/runs")
    parser.add_argument("columns", nargs="*", default=["loss"])
    args = parser.parse_args()
    print(draw(ROOT / "runs" / args.name / "log.csv", args.columns or ["loss"]))


if __name__ == "__main__":
    main()
