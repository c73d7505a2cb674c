"""The section of the page on clusters, and its plot."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from bench.harness import Figures
from bench.page import table

PLOT: Final = "cluster.png"
_RATIO: Final = 0.9
# MB by which ten times as many tasks may make the supervisor larger.
_GROWTH: Final = 10.0


def report(figures: Figures) -> str:
    """Write the section."""
    through, held, sizes = figures["throughput"], figures["driver"], figures["simulated"]
    largest = sizes[-1]
    growth = held[-1]["peak_mb"] - held[0]["peak_mb"]
    aims = [
        (
            "throughput on Ray, of the local engine's",
            f"> {100 * _RATIO:.0f} %",
            f"{100 * through['ratio']:.0f} %",
            "yes" if through["ratio"] > _RATIO else "no",
        ),
        (
            f"memory of the supervisor, {held[-1]['tasks']} tasks instead of {held[0]['tasks']}",
            f"< {_GROWTH:.0f} MB more",
            f"{growth:.1f} MB",
            "yes" if growth < _GROWTH else "no",
        ),
    ]
    seconds = through["seconds"]
    rows = [
        (one["workers"], one["tasks"], one["seconds"], f"{one['efficiency']:.0%}", one[_CPU])
        for one in sizes
    ]
    heads = ("workers", "tasks", "seconds", "efficiency", "supervisor, CPU ms a task")
    rate = 1000 / largest[_CPU]
    return f"""\
{through["pictures"]} pictures of 240 x 320 pixels through two steps without networks, on two
processes of this machine: by the local engine, and by a Ray cluster of two nodes with a CPU each,
in turns ({_told(seconds["local"])} seconds, and {_told(seconds["ray"])}). The first tenth is not
counted: it starts processes.

{table(("aim", "wanted", "reached", "met"), aims)}

How busy one supervisor keeps many workers: each sleeps for work, 2.5 to 7.5 seconds a task, ten
tasks each. The supervisor, its messages and Ray are real; the workers are threads of four
processes, as this machine has no room for hundreds. Efficiency is the time slept, shared by all,
of the time that passed; the end, when some have no more to do, counts against it.

{table(heads, rows)}

At {largest["workers"]} workers a task takes the supervisor {largest[_CPU]:g} ms of processor time,
so one core supervises about {rate:,.0f} tasks a second.

![How busy workers are](pictures/bench/{PLOT})
"""


_CPU: Final = "driver_cpu_ms_a_task"


def _told(seconds: list[float]) -> str:
    return " and ".join(f"{one:g}" for one in seconds)


def draw(figures: Figures, folder: Path) -> None:
    """Draw efficiency over workers."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    rows = figures["simulated"]
    figure, axes = pyplot.subplots(figsize=(6, 3.2), layout="constrained")
    workers = [one["workers"] for one in rows]
    axes.plot(workers, [100 * one["efficiency"] for one in rows], "o-", color="#1f4e79")
    axes.set_xscale("log", base=2)
    axes.set_xticks(workers, [str(one) for one in workers])
    axes.set_ylim(0, 105)
    axes.set_xlabel("workers")
    axes.set_ylabel("time at work, %")
    axes.grid(alpha=0.3)
    figure.savefig(folder / PLOT, dpi=110)
    pyplot.close(figure)
