"""How long a stage still takes, told by how fast it has been."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from photochrom.engine import Event

ENOUGH = 0.02
"""Share of a stage's work that has to be done before anything is said."""


class TimeLeft:
    """What a stage still takes. What was there already ("kept") is neither work nor time, and
    neither is a pause.

    Args:
        clock: Seconds that only rise.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic):
        self._clock = clock
        self._began: float | None = None
        self._rested = 0.0
        self._rests_since: float | None = None
        self._kept = 0
        self._shares: dict[str, float] = {}
        self._end: float | None = None
        self.each: float | None = None
        """Seconds from one to the next, all workers together; None while nobody knows."""

    def update(self, event: Event) -> float:
        """Takes an event of the stage in.

        Returns:
            How much of the stage is done, in its own count, parts of what is under way included.
        """
        now = self._now()
        if not event.item:
            self._rest(event.message)
            return self._done(event)
        if event.message == "kept":
            self._kept += 1
        elif self._began is None:
            self._began = now
        if event.share >= 1.0:
            self._shares.pop(event.item, None)
        else:
            self._shares[event.item] = event.share
        done = self._done(event)
        if self._began is not None and event.total > self._kept:
            share = (done - self._kept) / (event.total - self._kept)
            passed = now - self._began
            self.each = passed / (done - self._kept) if done > self._kept else None
            self._end = now + passed * (1 - share) / share if share >= ENOUGH else None
        return done

    @property
    def seconds(self) -> float | None:
        """What is left, by what is known now; None while that is too little."""
        return None if self._end is None else max(0.0, self._end - self._now())

    def _done(self, event: Event) -> float:
        # Of stages that count something small, as films count frames, this adds next to nothing.
        return min(event.done + sum(self._shares.values()), float(event.total))

    def _now(self) -> float:
        """Seconds that only rise, and do not in a pause."""
        since = self._rests_since
        return (self._clock() if since is None else since) - self._rested

    def _rest(self, message: str) -> None:
        from photochrom.engine import PAUSED, RESUMED

        if message == PAUSED and self._rests_since is None:
            self._rests_since = self._clock()
        elif message == RESUMED and self._rests_since is not None:
            self._rested += self._clock() - self._rests_since
            self._rests_since = None


def clock(seconds: float) -> str:
    """A length for people: "0:42", "12:05", "3:20:00"."""
    minutes, seconds = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def rate(each: float | None) -> str:
    """How fast something goes, for people: "2.5 a second", "40 a minute", "12 an hour"."""
    if not each:
        return "no rate yet"
    units = ((1, "a second"), (60, "a minute"), (3600, "an hour"))
    seconds, unit = next((one for one in units if one[0] >= each), units[-1])
    return f"{seconds / each:.3g} {unit}"
