"""`python -m bench [NAME ...]`: measure, save, write `docs/benchmarks.md`."""

from __future__ import annotations

import argparse
import importlib
import pkgutil
import sys
import time
from types import ModuleType

import bench
from bench import page
from bench.results import FOLDER, Results, digests, machine, today, versions


def names() -> list[str]:
    """The benches there are, in the order of the page."""
    return sorted(module.name for module in pkgutil.iter_modules(bench.__path__) if module.ispkg)


def load(name: str) -> ModuleType:
    """Import a bench; benches need the extra [bench]."""
    return importlib.import_module(f"bench.{name}")


def measure(name: str, count: int | None) -> Results:
    """Run one bench."""
    module = load(name)
    about = machine()
    started = time.perf_counter()
    figures = module.run(count, lambda what, done: _report(name, what, done))
    seconds = round(time.perf_counter() - started, 1)
    print(file=sys.stderr)
    return Results(
        name, today(), about, versions(), digests(module.NETWORKS), seconds, count, figures
    )


def write_page() -> None:
    """Write the page from whatever has been saved."""
    runs = []
    for name in names():
        if (saved := FOLDER / f"{name}.json").exists():
            module, results = load(name), Results.load(saved)
            runs.append((module.TITLE, results, module.section(results.figures)))
            if hasattr(module, "plots"):
                page.PICTURES.mkdir(parents=True, exist_ok=True)
                module.plots(results.figures, page.PICTURES)
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
