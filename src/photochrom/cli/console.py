"""What commands share: progress bars, tables, the list of failures."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from photochrom.cli.signals import how_to_go_on
from photochrom.cli.time_left import TimeLeft, clock, rate

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from photochrom.engine import Event


class Bars:
    """A bar for each stage and one for each item that is being worked on, fed by engine events."""

    def __init__(self, progress: Progress):
        self._progress = progress
        self._stages: dict[str, TaskID] = {}
        self._left: dict[str, TimeLeft] = {}
        self._failed: Counter[str] = Counter()
        self._items: dict[tuple[str, str], TaskID] = {}

    def __call__(self, event: Event) -> None:
        if event.stage not in self._stages:
            left = TimeLeft()
            self._stages[event.stage] = self._progress.add_task(
                event.stage, total=event.total, left=left
            )
            self._left[event.stage] = left
        if line := _remark(event) or _failure(event):
            self._progress.console.print(line, markup=False, highlight=False)
        done = self._left[event.stage].update(event)
        self._failed[event.stage] += event.share >= 1.0 and event.message.startswith("failed")
        failed = self._failed[event.stage]
        said = f"{event.stage}, [red]{failed} failed[/red]" if failed else event.stage
        stage = self._stages[event.stage]
        self._progress.update(stage, completed=done, total=event.total, description=said)
        if not event.item:
            return
        key = (event.stage, event.item)
        if event.share >= 1.0:
            if key in self._items:
                self._progress.remove_task(self._items.pop(key))
            return
        if key not in self._items:
            self._items[key] = self._progress.add_task("", total=1.0)
        where = f" on {event.place}" if event.place else ""
        said = f"  {event.item} [dim]{event.message}{where}"
        self._progress.update(self._items[key], completed=event.share, description=said)


class Lines:
    """A line for each item that has ended, where there is no terminal to draw bars on."""

    def __call__(self, event: Event) -> None:
        if not event.item:
            _remarks(event)
        word, _, _ = event.message.partition(":")
        if event.share >= 1.0 and word in ("made", "kept", "left", "failed", "brought"):
            where = f" on {event.place}" if event.place else ""
            count = f"{event.done} of {event.total}"
            say(f"{event.stage}, {count}: {event.item} {event.message}{where}")


def _remark(event: Event) -> str:
    """What nobody would expect, or what all wait for; else empty."""
    if not event.item:
        how = f"; {how_to_go_on()}" if event.message.startswith("paused") else ""
        return f"{event.stage}: {event.message}{how}"
    if event.message.endswith("trying again"):
        # Where it was; where it goes now, nobody knows yet.
        where = f"on {event.place} " if event.place else ""
        return f"{event.item}: {where}{event.message}"
    return ""


def _failure(event: Event) -> str:
    """What has failed, for those who need not wait for all else to mend it; else empty."""
    ended = bool(event.item) and event.share >= 1.0
    failed = ended and event.message.startswith("failed: ")
    return f"{event.stage}: {event.item} {event.message}" if failed else ""


def _remarks(event: Event) -> None:
    """The same as lines, where there is no terminal to draw bars on."""
    if line := _remark(event):
        say(line)


@contextmanager
def bars(*, shown: bool = True, lines: bool = False) -> Iterator[Callable[[Event], None]]:
    """Progress on standard error.

    Args:
        shown: Whether to draw bars, if that is a terminal.
        lines: Whether to write lines if it is none; for commands whose results do not tell.
    """
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        Progress,
        ProgressColumn,
        Task,
        TextColumn,
        TimeElapsedColumn,
    )
    from rich.text import Text

    class Left(ProgressColumn):
        """Of stages only: how an item goes on is anybody's guess."""

        def render(self, task: Task) -> Text:
            left = task.fields.get("left")
            seconds = None if left is None or task.finished else left.seconds
            if left is None or seconds is None:
                return Text("")
            # Of a single one nobody asks how many there would be in an hour.
            speed = f", {rate(left.each)}" if task.total and task.total > 1 else ""
            return Text(f"{clock(seconds)} left{speed}")

    console = Console(stderr=True)
    if lines and not console.is_terminal:
        yield Lines()
        return
    if not console.is_terminal:
        yield _remarks
        return
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TimeElapsedColumn(),
        Left(),
        console=console,
        disable=not (shown and console.is_terminal),
    ) as progress:
        yield Bars(progress)


def say(line: str = "") -> None:
    """One line for people, on standard error: standard output is for results."""
    print(line, file=sys.stderr)


def say_notices(name: object, notices: Sequence[str]) -> None:
    """What had to be chosen or left out to read a scan, in one line."""
    if notices:
        say(f"{name}: {'; '.join(notices)}")


def report_left(reasons: Sequence[object], count: int | None = None) -> None:
    """Lists what somebody has changed, and what is therefore left; that is no failure."""
    several = max(count or 0, len(reasons)) > 1
    report(reasons, "left as they are" if several else "left as it is", count)


def report_failures(failures: Sequence[object], count: int | None = None) -> None:
    """Lists at the end of a batch what went wrong in it."""
    report(failures, "failed", count)


def report(lines: Sequence[object], what: str, count: int | None = None) -> None:
    """Lists, below how many they are, what has come to the same end.

    Args:
        lines: One for each.
        what: What has become of them.
        count: How many they are, if there are more than lines.
    """
    if lines:
        count = max(count or 0, len(lines))
        say(f"{count} {what}:")
        for line in lines:
            say(f"  {line}")
        if more := count - len(lines):
            say(f"  and {more} more")
