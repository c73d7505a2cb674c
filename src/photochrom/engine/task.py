"""What the engine is given and what it gives back."""

from __future__ import annotations

import errno
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from photochrom.engine.gone import GoneError, has_gone
from photochrom.errors import PhotochromError
from photochrom.files import is_full
from photochrom.places import Url

Report = Callable[[str, float], None]
"""Called by work in progress with (what is going on, share of this task done 0..1)."""

Work = Callable[[Path, Any, Mapping[str, Path], Report], None]
"""A pure function of (folder, argument, inputs, report): fills the empty folder it is given, from
its argument and its input files, and touches nothing else.

It travels to other processes by name, so it has to be a function of a module.
"""


@dataclass(frozen=True)
class Stored:
    """A file of a result, on whichever machine.

    Attributes:
        key: The result's.
        name: The file's in it.
    """

    key: str
    name: str


@dataclass(frozen=True)
class Input:
    """A file that a task reads.

    Attributes:
        path: Where it lies now. Whoever runs the task hands the work a local file, which may be
            another one with the same bytes.
        sha256: Digest of its bytes, or the key of the result that it belongs to.
    """

    path: Path
    sha256: str


@dataclass(frozen=True)
class Far:
    """A file that lies elsewhere; whoever runs the task brings it, and looks whether it is the one.

    Attributes:
        url: Where.
        mark: What stood for its bytes when it was ordered (`places.mark_of`).
    """

    url: Url
    mark: str


@dataclass(frozen=True)
class Needs:
    """What a task takes of a machine, from its own pixels; it never changes the result.

    Attributes:
        memory: Bytes at its peak, besides what a worker takes when idle.
        threads: Cores that it keeps busy.
        gpu: Share of a GPU, 0 for none.
    """

    memory: int = 0
    threads: int = 1
    gpu: float = 0.0


@dataclass(frozen=True)
class Task:
    """One piece of work whose result depends on nothing but its key.

    Attributes:
        key: 64 lower-case hex digits: the digest of everything that the result depends on.
        item: What people call it, for messages ("hopper").
        work: Makes the result.
        argument: Handed to `work`; has to be picklable.
        inputs: The files that it reads, by their role; on the way to another machine, those that
            lie in the store.
        needs: What it takes of a machine.
        kind: What its result is ("picture"), for whoever looks at what a store holds.
        anew: Whether it is run even if its result is there, which it then replaces.
    """

    key: str
    item: str
    work: Work
    argument: Any = None
    inputs: Mapping[str, Input | Stored | Far] = field(default_factory=dict)
    needs: Needs = field(default_factory=Needs)
    kind: str = ""
    anew: bool = False


@dataclass(frozen=True)
class Failure:
    """Why a task has no result.

    Attributes:
        message: One line for people.
        trace: The traceback when the error was none of ours, for a bug report; None when the
            message says it all.
        error: The error, when it was one of ours.
        gone: Whether it is because a file was not there any more: if that was a result, the same
            may succeed once the result has been asked for again.
        full: Whether it is for want of room on a disk: the same may succeed when there is some.
    """

    message: str
    trace: str | None = None
    error: PhotochromError | None = None
    gone: bool = False
    full: bool = False

    @classmethod
    def of(cls, error: PhotochromError) -> Failure:
        """The failure of something that has raised an error of ours."""
        return cls(str(error), error=error, gone=has_gone(error), full=is_full(error))

    def as_error(self, kind: type[PhotochromError]) -> PhotochromError:
        """The error, to be raised; what was none of ours comes as one of a kind."""
        error = self.error or kind(self.message)
        if self.gone and not has_gone(error):  # Reasons do not travel between processes.
            error.__cause__ = GoneError(self.message)
        elif self.full and not is_full(error):
            error.__cause__ = OSError(errno.ENOSPC, self.message)
        return error


@dataclass(frozen=True)
class Outcome:
    """How a task ended.

    Attributes:
        task: The task.
        folder: Its result in the store; None if it failed. Others may remove or replace it; see
            `GoneError`.
        failure: Why it failed; None if it did not.
        kept: True if the store had the result already.
        seconds: Time the work took, 0 if kept.
        place: The machine that it was done on; empty for this one.
    """

    task: Task
    folder: Path | None
    failure: Failure | None = None
    kept: bool = False
    seconds: float = 0.0
    place: str = ""


@dataclass(frozen=True)
class Event:
    """Something to show to whoever waits.

    Attributes:
        stage: What the batch is about ("pictures").
        item: Which task of it ("hopper"); empty for what is said of all ("waiting for ...").
        done: How many tasks of the stage have ended, in whatever way.
        total: How many there are, as far as that is known.
        message: What happened or is going on ("started", "color", "made", "kept", "failed: ...").
        share: How much of this item is done, 0..1.
        place: The machine that it is on; empty for this one.
        key: Of the task; empty for what is said of all, or without an engine.
    """

    stage: str
    item: str
    done: int
    total: int
    message: str
    share: float = 0.0
    place: str = ""
    key: str = ""


BEGUN = "started"
"""Said of a task that somebody works at from now on."""

PAUSED = "paused; nothing is in hand"
"""Said of a stage from when it has come to rest."""

RESUMED = "going on"
"""Said of a stage that was paused."""

CONNECTING = "connecting to the cluster"
"""Said before the first work of a cluster."""

Progress = Callable[[Event], None]


def nobody(event: Event) -> None:
    """The progress callback of someone who does not want any."""
