"""`python -m bench [NAME ...]`: measure, save, write `docs/benchmarks.md`."""

from __future__ import annotations

import argparse
import importlib
import math
import pkgutil
import sys

import bench
from bench import page
from bench.harness import Bench, Times
from bench.pieces import Runner
from bench.results import FOLDER, Results, digests, machine, today, versions
from photochrom.errors import PhotochromError


def names() -> list[str]:
    """The benches there are, in the order of the page."""
    return sorted(module.name for module in pkgutil.iter_modules(bench.__path__) if module.ispkg)


def load(name: str) -> Bench:
    """Find a bench; benches need the extra [bench]."""
    found: Bench = importlib.import_module(f"bench.{name}").BENCH
    return found


def measure(name: str, count: int | None, runner: Runner, minutes: float | None = None) -> Results:
    """Run one bench."""
    one, about, times = load(name), machine(), Times()
    try:
        with times.once():
            figures = one.run(count, lambda what, done: _report(name, what, done), runner, minutes)
    finally:
        print(file=sys.stderr)
    used, seconds = digests(one.networks), round(times.seconds[0], 1)
    pieces, kept = runner.pieces, runner.kept
    return Results(name, today(), about, versions(), used, seconds, count, figures, pieces, kept)


def write_page() -> None:
    """Write the page from whatever has been saved."""
    runs = []
    for name in names():
        if (saved := FOLDER / f"{name}.json").exists():
            one, results = load(name), Results.load(saved)
            runs.append((one.title, results, one.section(results.figures)))
            one.plots(results.figures, page.PICTURES)
    page.write(runs)


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of: {', '.join(names())}")
    parser.add_argument("--count", type=int, help="at most so many pictures; does not save")
    parser.add_argument(
        "--minutes", type=float, help="how long what is put under load is; does not save"
    )
    parser.add_argument(
        "--save", action="store_true", help="save although there is a --count or --minutes"
    )
    parser.add_argument("--page", action="store_true", help="only write the page again")
    parser.add_argument(
        "--engine",
        default="local",
        metavar="ENGINE",
        help="what measures photographs: local, ray, or ray://HOST:PORT",
    )
    parser.add_argument("--jobs", type=int, help="photographs at a time; one a core if not said")
    parser.add_argument("--force", action="store_true", help="measure anew what is kept, too")
    asked = parser.parse_args(arguments)
    if unknown := sorted(set(asked.names) - set(names())):
        parser.error(f"no bench named {unknown[0]!r}; there is: {', '.join(names())}")
    if asked.count is not None and asked.count < 1:
        parser.error("--count must be at least 1")
    if asked.jobs is not None and asked.jobs < 1:
        parser.error("--jobs must be at least 1")
    if asked.minutes is not None and not 0 < asked.minutes < math.inf:
        parser.error("--minutes must be more than 0")
    trial = (asked.count, asked.minutes) != (None, None) and not asked.save
    try:
        for name in () if asked.page else asked.names or names():
            runner = Runner(asked.engine, asked.jobs, force=asked.force)
            results = measure(name, asked.count, runner, asked.minutes)
            if trial:
                print(f"{load(name).section(results.figures)}\n\n{page.provenance(results)}")
            else:
                print(f"saved {results.save()}")
    except PhotochromError as error:
        # A mistake of ours shows where it is: whoever runs benches works on the code.
        sys.exit("\n".join([*getattr(error, "__notes__", ()), str(error)]))
    except KeyboardInterrupt:
        sys.exit("stopped; the same command goes on with what is not measured yet")
    if trial:
        return
    write_page()
    print(f"wrote {page.PAGE}")


def _report(bench_name: str, what: str, done: float) -> None:
    print(f"\r{bench_name}: {done:4.0%} {what:60.60}", end="", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
