"""What every bench is made with: what it is, how far it is, how long something took.

It loads next to nothing, as each package of a bench does: processes that are timed or weighed
import their bench, and are to hold nothing else.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from pkgutil import resolve_name
from typing import Any, Final, TypeVar

ROOT: Final = Path(__file__).resolve().parent.parent
THREADS: Final = 2
"""Threads that every way gets, ours and peers'."""

Progress = Callable[[str, float], None]
"""Told what is being done, and the share done, 0..1."""
Figures = Mapping[str, Any]
"""What was measured: plain JSON values."""

_Thing = TypeVar("_Thing")


@dataclass(frozen=True)
class Bench:
    """A bench. Its functions are named as "module:function" and imported when they are asked for.

    Attributes:
        title: Heading of its section of `docs/benchmarks.md`.
        measures: `(count, progress) -> figures`; on at most `count` pictures of each kind (None:
            all). With `pieces`, `(count, progress, runner) -> figures`; with `minutes`,
            `(count, progress, minutes) -> figures`.
        reports: `(figures) -> str`, the Markdown below the heading, made from the figures and
            nothing else, so that the page can be written again without measuring.
        draws: `(figures, folder)`, the plots that the section shows, as `folder/NAME-*.png`; the
            page finds them as `pictures/bench/NAME-*.png`.
        pieces: Whether it measures photograph by photograph, as tasks of the engine
            (`bench.pieces`), and not seconds and megabytes alone.
        networks: Names of the embedded networks that it measures; their digests are saved.
        minutes: For which it goes on, unless others are told; None: until it is done.
    """

    title: str
    measures: str
    reports: str
    draws: str | None = None
    pieces: bool = False
    networks: tuple[str, ...] = ()
    minutes: float | None = None

    def run(
        self, count: int | None, progress: Progress, runner: object, minutes: float | None = None
    ) -> dict[str, Any]:
        """Measure; pieces by a `bench.pieces.Runner`; what goes on for a time, for `minutes`."""
        more: tuple[object, ...] = (runner,) if self.pieces else ()
        if self.minutes is not None:
            more += (minutes or self.minutes,)
        figures: dict[str, Any] = resolve_name(self.measures)(count, progress, *more)
        return figures

    def section(self, figures: Figures) -> str:
        """Write the section."""
        text: str = resolve_name(self.reports)(figures)
        return text.strip()

    def plots(self, figures: Figures, folder: Path) -> None:
        """Draw the plots, if there are any."""
        if self.draws is not None:
            folder.mkdir(parents=True, exist_ok=True)
            resolve_name(self.draws)(figures, folder)


def folder_of(module: str, package: str | None = None) -> Path:
    """Where a module lies, which is not imported.

    Args:
        module: Its name.
        package: That of the package that it comes from, where that is another one.

    Raises:
        ModuleNotFoundError: It is not installed.
    """
    spec = find_spec(module)
    if spec is None or spec.origin is None:
        name = package or module.replace("_", "-")
        raise ModuleNotFoundError(f"the package {name} is not installed")
    return Path(spec.origin).parent


def counted(
    things: Iterable[_Thing],
    count: int,
    progress: Progress,
    what: str,
    part: tuple[float, float] = (0.0, 1.0),
) -> Iterator[_Thing]:
    """The same things, while it is told how far they are.

    Args:
        things: What is worked through.
        count: How many they are, about.
        progress: Told of each.
        what: What is told, a format string for the thing.
        part: Shares of all that are done before the first thing and after the last.
    """
    first, last = part
    for number, thing in enumerate(things):
        progress(what.format(thing), first + (last - first) * min(1.0, number / max(count, 1)))
        yield thing


@dataclass
class Times:
    """How long something took, each time that it was done.

    Attributes:
        seconds: Of wall time.
        cpu_seconds: Of processors' time, all threads of this process together.
    """

    seconds: list[float] = field(default_factory=list)
    cpu_seconds: list[float] = field(default_factory=list)

    @contextmanager
    def once(self) -> Iterator[None]:
        """Time what is done within."""
        started, busy = time.perf_counter(), time.process_time()
        yield
        self.cpu_seconds.append(time.process_time() - busy)
        self.seconds.append(time.perf_counter() - started)

    def figures(self, name: str) -> dict[str, float]:
        """Median and least seconds, and median processors' seconds, named after what was done."""
        from statistics import median  # not above: it holds a megabyte

        return {
            f"{name}_seconds": round(median(self.seconds), 3),
            f"{name}_seconds_least": round(min(self.seconds), 3),
            f"{name}_cpu_seconds": round(median(self.cpu_seconds), 3),
        }
