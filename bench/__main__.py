"""`python -m bench [NAME ...]`: measure, save, write `docs/benchmarks.md`."""

from __future__ import annotations

import argparse
import importlib
import pkgutil
import sys

import bench
from bench import page
from bench.harness import Bench, Times
from bench.results import FOLDER, Results, digests, machine, today, versions


def names() -> list[str]:
    """The benches there are, in the order of the page."""
    return sorted(module.name for module in pkgutil.iter_modules(bench.__path__) if module.ispkg)


def load(name: str) -> Bench:
    """Find a bench; benches need the extra [bench]."""
    found: Bench = importlib.import_module(f"bench.{name}").BENCH
    return found


def measure(name: str, count: int | None) -> Results:
    """Run one bench."""
    one, about, times = load(name), machine(), Times()
    with times.once():
        figures = one.run(count, lambda what, done: _report(name, what, done))
    print(file=sys.stderr)
    used, seconds = digests(one.networks), round(times.seconds[0], 1)
    return Results(name, today(), about, versions(), used, seconds, count, figures)


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
    parser.add_argument("--save", action="store_true", help="save although there is a --count")
    parser.add_argument("--page", action="store_true", help="only write the page again")
    asked = parser.parse_args(arguments)
    if unknown := sorted(set(asked.names) - set(names())):
        parser.error(f"no bench named {unknown[0]!r}; there is: {', '.join(names())}")
    if asked.count is not None and asked.count < 1:
        parser.error("--count must be at least 1")
    trial = asked.count is not None and not asked.save
    for name in () if asked.page else asked.names or names():
        results = measure(name, asked.count)
        if trial:
            print(f"{load(name).section(results.figures)}\n\n{page.provenance(results)}")
        else:
            print(f"saved {results.save()}")
    if trial:
        return
    write_page()
    print(f"wrote {page.PAGE}")


def _report(bench_name: str, what: str, done: float) -> None:
    print(f"\r{bench_name}: {done:4.0%} {what:60.60}", end="", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
