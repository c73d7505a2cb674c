"""Who works: what a supervisor wants of workers, wherever they are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from photochrom.engine.control import Control
from photochrom.engine.task import Failure, Task


@dataclass(frozen=True)
class Said:
    """A worker's report of where it is in its task."""

    message: str
    share: float


@dataclass(frozen=True)
class Ended:
    """A worker is done with its task."""

    failure: Failure | None


@dataclass(frozen=True)
class Died:
    """A worker is no more, and its task not done.

    Attributes:
        how: For people ("the worker died (signal 9, Killed)").
    """

    how: str


@dataclass(frozen=True)
class News:
    """A task is in hand no more.

    Attributes:
        task: The task.
        what: How that came.
        seconds: How long it has been in hand.
        place: The machine it is on; empty for this one.
    """

    task: Task
    what: Ended | Died
    seconds: float
    place: str = ""


Hearing = Callable[[Task, Said, str], None]
"""Told what a worker says of its task, and on which machine."""


class Crew(Protocol):
    """Workers, each with one task in hand at most."""

    @property
    def busy(self) -> int:
        """How many tasks are in hand."""
        ...

    @property
    def awaited(self) -> str:
        """What workers who are not there yet are waited for, for people; else empty."""
        ...

    def has_room(self, task: Task) -> bool:
        """Whether a task can be begun now: somebody is idle, and there is memory for it."""
        ...

    def start(self, task: Task) -> Failure | None:
        """Hands a task to somebody, after `has_room` has said yes; returns why that cannot be."""
        ...

    def hear(self, said: Hearing, control: Control) -> Sequence[News]:
        """Waits for tasks to end, half a second at most if nothing is heard.

        Args:
            said: Told at once what workers report.
            control: Asked by work in this very process as often as it reports; once it says
                stop, that work ends without a trace.
        """
        ...

    def blames(self, place: str) -> bool:
        """Whether a worker's death on a machine may be its task's fault: not if the whole machine
        has gone."""
        ...

    def close(self) -> None:
        """Ends all workers; what they had in hand leaves no trace. Others come when there is work
        again."""
        ...


def memory_for(task: Task, busy: Sequence[Task], memory: int) -> bool:
    """Whether a machine with tasks in hand has the memory for one more; for one it always has."""
    used = sum(one.needs.memory for one in busy)
    return not busy or used + task.needs.memory <= memory
