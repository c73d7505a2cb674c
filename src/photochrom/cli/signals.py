"""What signals say to work under way: pause, go on, end."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import FrameType

    from photochrom.engine import Control

    Handler = Callable[[int, FrameType | None], None]

TERMINATED = 128 + signal.SIGTERM
"""Exit code of a command that was told to end by SIGTERM, and did before all was done."""

CAN_PAUSE = hasattr(signal, "SIGUSR1")
"""Whether the system has signals for it."""


@contextmanager
def heeded() -> Iterator[Control]:
    """Has signals speak to work as long as the block lasts.

    SIGTERM, as clusters send it some time before they kill: what is in hand is ended, and then the
    work; the second one is as an interrupt from the keyboard. SIGUSR1 pauses, SIGUSR2 goes on.
    """
    from photochrom.engine import Control

    control = Control()

    def end(number: int, frame: FrameType | None) -> None:
        if control.is_ending:
            raise KeyboardInterrupt
        control.end()

    handlers: dict[str, Handler] = {
        "SIGTERM": end,
        "SIGUSR1": lambda number, frame: control.pause(),
        "SIGUSR2": lambda number, frame: control.resume(),
    }
    before = {
        number: signal.signal(number, handler)
        for name, handler in handlers.items()
        if (number := getattr(signal, name, None)) is not None
    }
    try:
        yield control
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def how_to_go_on() -> str:
    """What whoever has paused this process can do; empty where the system has no such signals."""
    return f"go on with: kill -USR2 {os.getpid()}" if CAN_PAUSE else ""
