"""`docs/benchmarks.md`, written from saved results."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from bench.harness import ROOT
from bench.results import Results

PAGE: Final = ROOT / "docs" / "benchmarks.md"
PICTURES: Final = ROOT / "docs" / "pictures" / "bench"

_HEAD: Final = """\
# Benchmarks

Every figure here but those marked *quoted* comes from a run of `make bench`, which measures, saves
what it found under `bench/results/` and writes this page from it. `python -m bench color` runs one
bench, `--count 4` tries it on few pictures without saving (`service`: with few clients, and
`--minutes 1` for a minute), `--page` only writes the page again.
Where networks that ship have changed since a section was measured, or how the step color is set,
it says so at its beginning.

What is measured photograph by photograph (color; repair, clean and clarity; TIFFs) is kept in the
user's cache, by the digest of all that it depends on: the photograph, networks, steps' versions,
libraries, this code. A bench that was interrupted goes on where it was, and one that is run again
measures what has changed; `--force` measures all of it anew. One photograph is measured on one
thread, and as many at a time as there are cores (`--jobs`), or nodes of a cluster have
(`--engine ray`, where all of them see this machine's checkout, photographs and cache). Seconds and
megabytes are never kept: they are measured in every run anew, with nothing of the bench beside
them.

The photographs are third parties' (`training/README.md`, "Data"): figures of them are here, pixels
of them are not. They were kept out of training, but looked at during development: they say which
network is better, and less surely how good one is on your photographs.
"""


Aim = tuple[str, str | None, Any, bool | None]
"""What is aimed at, what is wanted, what was reached; whether that is enough, None if not known."""


def write(runs: Sequence[tuple[str, Results, str]], page: Path = PAGE) -> None:
    """Write the page.

    Args:
        runs: Title, results and section's text of each bench, in the order of the page.
        page: Where to.
    """
    parts = [_HEAD]
    for title, results, text in runs:
        before = f"{of_before(results)}\n\n" if results.superseded else ""
        parts.append(f"## {title}\n\n{before}{text}\n\n{provenance(results)}\n")
    page.write_text("\n".join(parts), encoding="utf-8")


def table(header: Sequence[str], rows: Sequence[Sequence[Any]], places: int | None = None) -> str:
    """Make a Markdown table.

    Args:
        header: Of the columns; the first is text, the others are figures.
        rows: Cells; None is written as a dash.
        places: Of what is written of floats behind the point; None: as many as they have.
    """

    def said(cell: Any) -> str:
        exact = places is None or not isinstance(cell, float)
        return "–" if cell is None else str(cell) if exact else f"{cell:.{places}f}"

    marks = ["---"] + ["---:"] * (len(header) - 1)
    lines = [header, marks] + [[said(cell) for cell in row] for row in rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def aims(rows: Sequence[Aim]) -> str:
    """Make a table of what was aimed at."""
    met = {True: "yes", False: "no", None: None}
    return table(("aim", "wanted", "reached", "met"), [(*row[:3], met[row[3]]) for row in rows])


def of_before(results: Results) -> str:
    """One paragraph that says which networks were others when the figures were measured."""
    names = ", ".join(f"`{name}`" for name in results.superseded)
    return (
        f"**Figures of before:** what ships has other files of {names} than were measured here on "
        f"{results.date}. What has changed is told in `training/README.md`."
    )


def provenance(results: Results) -> str:
    """One paragraph that says where the figures come from."""
    machine, versions = results.machine, results.versions
    networks = ", ".join(f"`{name}` {digest[:12]}" for name, digest in results.networks.items())
    measured = f"networks {networks}; " if networks else ""
    libraries = ", ".join(f"{name} {version}" for name, version in versions.items())
    count = "all pictures" if results.count is None else f"at most {results.count} of each kind"
    trial = "" if results.count is None else "**A trial: so few pictures say little.** "
    again = (
        f" ({results.kept} of {results.pieces} pieces were measured before)" if results.kept else ""
    )
    minutes = f"{results.seconds / 60:.1f} minutes{again}"
    return (
        f"{trial}*Measured {results.date} in {minutes}, {count}, on "
        f"{machine['processor']} ({machine['cores']} cores, {machine['memory_gib']} GiB, load "
        f"{machine['load_at_start']} when it began); {measured}{libraries}. All of it: "
        f"`bench/results/{results.name}.json`.*"
    )
