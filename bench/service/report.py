"""The service bench's section of the page, and its plots."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from bench.harness import Figures
from bench.page import aims, table

LATENCY, MEMORY = "service-latency.png", "service-memory.png"

FLAT: Final = 2.0
"""MB a minute that a process may grow by and count as flat."""

_COLUMNS: Final = ("count", "p50_ms", "p95_ms", "p99_ms", "most_ms")
_HELD: Final = {
    "api_mb": "memory of the process that answers, MB",
    "executors_mb": "memory of an executor, MB (mean)",
    "files": "open files and connections of the process that answers",
    "threads": "its threads",
    "processes": "processes in all",
    "wal_mb": "SQLite's log of writes, MB",
}


def report(figures: Figures) -> str:
    """Write the section."""
    jobs, held, machine = figures["jobs"], figures["held"], figures["machine"]
    clients, minutes = figures["clients"], figures["minutes"]
    waited = ", ".join(
        f"{'looking into a photograph' if kind == 'intake' else 'a ' + kind} "
        f"{one['p50']:g} s (at most {one['most']:g} s)"
        for kind, one in jobs["waited_seconds"].items()
    )
    return f"""\
`photochrom serve` with {figures["executors"]} executors on loopback, SQLite and a folder, in an
empty place; {clients} clients of {figures["organizations"]} organizations, each with a key of its
own. A client sends {figures["scans_a_round"]} small scans, by turns resumably in pieces with
checksums and in one piece, waits until they were looked into, orders a restoration of them (`tone`
and `clean`, no networks: what is measured is the service), asks how far that is, and reads all
results, a page of photographs and thumbnails; then the next. From one scan to the next, and from
one question to the next, it waits {figures["every_seconds"]:g} seconds, half more or less. Clients
run on the same machine. {minutes:g} minutes, after a warm-up of {figures["warm_minutes"]:g} that
times and memory leave out; counts are of all. After the end nothing new is asked for, and all that
was accepted is waited for.

{aims(_aims(figures))}

{figures["requests"]} requests, {figures["requests_a_second"]:g} answers a second; an answer takes
the service {_said(figures["api_cpu_ms_a_request"])} ms of a processor, which does not depend on
what else the machine does; times below do. The load was {machine["load_before"]:g} when it began
and {machine["load_after"]:g} at the end, on {machine["cores"]} cores. Not granted, for being too
many of one client (429): {figures["too_many"]}.

{table(("requests", "count", "p50, ms", "p95, ms", "p99, ms", "most, ms"), _latencies(figures))}

From acceptance to the end, with all that waits before: {waited}.
{jobs["restorations"]} restorations were accepted, and {jobs["photographs"]} photographs; the last
was over {jobs["drain_seconds"]:g} s after the end.

{table(("what is held", "at first", "at last", "most", "a minute"), _held(held))}

![How long answers took](pictures/bench/{LATENCY})

![Memory](pictures/bench/{MEMORY})
"""


def draw(figures: Figures, folder: Path) -> None:
    """Draw times and memory over the minutes."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    pieces = figures["time"]
    figure, axes = pyplot.subplots(figsize=(6, 3.2), layout="constrained")
    for kind, color in (("reads", "#1f4e79"), ("writes", "#b5651d")):
        for mark, style in (("p50_ms", "-"), ("p95_ms", "--")):
            there = [(x["minute"], x[kind][mark]) for x in pieces if x[kind]["count"]]
            label = f"{kind}, {mark.removesuffix('_ms')}"
            axes.plot(*zip(*there, strict=True), style, color=color, label=label)
    axes.set_ylabel("ms")
    axes.set_ylim(0)
    _finish(axes, figure, folder / LATENCY)
    figure, axes = pyplot.subplots(figsize=(6, 3.2), layout="constrained")
    for name, label, color in (
        ("api_mb", "answers requests", "#1f4e79"),
        ("executors_mb", "an executor", "#b5651d"),
    ):
        there = [(x["minute"], x[name]) for x in pieces if x[name] is not None]
        axes.plot(*zip(*there, strict=True), color=color, label=label)
    axes.set_ylabel("MB")
    axes.set_ylim(0)
    _finish(axes, figure, folder / MEMORY)


def _finish(axes: Any, figure: Any, path: Path) -> None:
    from matplotlib import pyplot

    axes.set_xlabel("minutes after the warm-up")
    axes.grid(alpha=0.3)
    axes.legend(fontsize=8)
    figure.savefig(path, dpi=110)
    pyplot.close(figure)


def _aims(figures: Figures) -> list[tuple[str, str, str, bool]]:
    jobs, held = figures["jobs"], figures["held"]
    none = {
        "answers that are mistakes of the service (5xx)": figures["server_errors"],
        "requests without an answer": figures["broken"],
        "accepted jobs that are lost": jobs["lost"],
        "jobs that ended more than once": jobs["twice"],
        "executors that died": jobs["deaths"],
        f"of {figures['results_read']} results read, those with other bytes": figures[
            "results_damaged"
        ],
        "mistakes in the log": figures["log_errors"],
    }
    rows = [(what, "none", str(count), count == 0) for what, count in none.items()]
    for name in ("api_mb", "executors_mb"):
        slope = held[name]["slope_a_minute"] if held else 0.0
        what = f"{_HELD[name].removesuffix(', MB')} grows by"
        rows.append((what, f"< {FLAT:g} MB a minute", f"{slope:g} MB", slope < FLAT))
    return rows


def _latencies(figures: Figures) -> list[tuple[Any, ...]]:
    named = {"**all reads**": figures["reads"], "**all writes**": figures["writes"]}
    named |= {f"`{name}`": one for name, one in figures["routes"].items()}
    return [(name, *(one.get(column) for column in _COLUMNS)) for name, one in named.items()]


def _held(held: Figures) -> list[tuple[Any, ...]]:
    columns = ("first", "last", "most", "slope_a_minute")
    return [
        (what, *(held[name][column] for column in columns))
        for name, what in _HELD.items()
        if name in held
    ]


def _said(value: float | None) -> str:
    return "–" if value is None else f"{value:g}"
