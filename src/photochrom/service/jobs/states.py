"""What a job can be, and what may become of it."""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    """Of a job."""

    QUEUED = "queued"
    RUNNING = "running"
    PAUSED = "paused"
    SUCCEEDED = "succeeded"
    """All of it was done, or all but what failed in items of its own."""
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def is_over(self) -> bool:
        """Whether nothing more comes of it by itself."""
        return self in (State.SUCCEEDED, State.FAILED, State.CANCELLED)


class Wish(StrEnum):
    """What people want of a job that runs; its executor does it within seconds."""

    PAUSE = "pause"
    CANCEL = "cancel"

    @property
    def becomes(self) -> State:
        """The state of a job of which it has been granted."""
        return State.PAUSED if self is Wish.PAUSE else State.CANCELLED


class ItemState(StrEnum):
    """Of one thing that a job is about."""

    WAITING = "waiting"
    WORKING = "working"
    DONE = "done"
    FAILED = "failed"


class Lane(StrEnum):
    """Jobs of one lane wait for one another; what is done in a moment never waits for a film."""

    LIGHT = "light"
    HEAVY = "heavy"
