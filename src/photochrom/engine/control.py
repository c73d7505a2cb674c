"""What work under way is told by whoever wants it: to wait, to go on, to end soon or at once."""

from __future__ import annotations

import threading
from enum import IntEnum

_HEED_SECONDS = 0.5
"""How long a word that comes at the worst moment may go unheeded."""


class State(IntEnum):
    """What is wanted of work; the last two are for good."""

    RUNNING = 0
    PAUSED = 1
    ENDING = 2
    STOPPED = 3


class Control:
    """The reins of work under way.

    Whoever has started it keeps one and gives it to the work, or to several. It may be told from
    any thread, and by handlers of signals. Work that is told to end does not go on any more.
    """

    def __init__(self) -> None:
        # Its lock can be taken twice: a signal's handler may come while its own thread has it.
        self._changed = threading.Condition(threading.RLock())
        self._state = State.RUNNING

    @property
    def state(self) -> State:
        """What is wanted now; costs nothing to ask."""
        return self._state

    @property
    def is_ending(self) -> bool:
        """Whether it is over, at once or as soon as nothing is in hand."""
        return self._state >= State.ENDING

    def pause(self) -> None:
        """Nothing new is begun. What is in hand is ended and kept."""
        self._become(State.PAUSED)

    def resume(self) -> None:
        """It goes on after a pause."""
        self._become(State.RUNNING)

    def end(self) -> None:
        """Nothing new is begun. What is in hand is ended and kept; then work is over."""
        self._become(State.ENDING)

    def stop(self) -> None:
        """Work is over at once. What is in hand leaves no trace."""
        self._become(State.STOPPED)

    def rest(self) -> None:
        """Waits as long as there is a pause, half a second at most."""
        with self._changed:
            self._changed.wait_for(lambda: self._state is not State.PAUSED, _HEED_SECONDS)

    def goes_on(self) -> bool:
        """Waits until a pause is over; whether anything new may be begun then."""
        while self._state is State.PAUSED:
            self.rest()
        return self._state is State.RUNNING

    def _become(self, state: State) -> None:
        with self._changed:
            if state > self._state or self._state < State.ENDING:
                self._state = state
                self._changed.notify_all()
