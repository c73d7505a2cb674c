"""A process that does jobs, started by whoever watches it (`supervising.COMMAND`).

It is given its settings as a line of JSON, and ends when what gave them says so in the pipe,
closes it, or is gone, in whatever way: that is the one way to stop it, which no signal can miss.
What is in hand then ends or goes back into the queue; after `drain_seconds`, or as soon as it is
told not to wait, it ends all the same, and others take over.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from collections.abc import Sequence
from queue import SimpleQueue
from typing import BinaryIO, Final

import structlog

from photochrom.service.context import Context
from photochrom.service.jobs.executor import Executor
from photochrom.service.jobs.run import Kind
from photochrom.service.jobs.states import Lane
from photochrom.service.jobs.told import NOW
from photochrom.service.kinds import BESIDE, KINDS, Beside
from photochrom.service.settings import Settings
from photochrom.service.sweeping.sweeper import Sweeper
from photochrom.service.telemetry.logs import configure_logs

log = structlog.get_logger(__name__)

LATE: Final = 70
"""Exit code of a process that could not end in time."""

_FAILED = 1

_AGAIN_SECONDS = 30.0
"""After so long what is done beside jobs and has failed is begun anew."""

_HARD_SECONDS = 5
"""How much longer it may take to put work back that could not be ended in time."""


def main(kinds: Sequence[Kind] = KINDS, pipe: BinaryIO | None = None) -> int:
    """Does jobs until the pipe is closed.

    Args:
        kinds: What it can do.
        pipe: Where settings come from; standard input if it is None.

    Returns:
        The process's exit code.
    """
    # Not `sys.stdin.buffer`: a thread that waits in there holds a lock that Python wants when it
    # ends, and without which it aborts.
    pipe = pipe or open(sys.stdin.fileno(), "rb", buffering=0, closefd=False)  # noqa: SIM115
    line = pipe.readline()
    if not line.endswith(b"\n"):
        return 0  # Whoever has started us is gone already.
    settings = Settings.read(**json.loads(line))
    configure_logs(settings.log)
    # Why it is to stop: signals may come at any moment, and in the middle of any lock.
    reasons: SimpleQueue[int] = SimpleQueue()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: reasons.put(0))
    with Context.opened(settings) as context:
        return _work(context, kinds, pipe, reasons)


def _work(
    context: Context, kinds: Sequence[Kind], pipe: BinaryIO, reasons: SimpleQueue[int]
) -> int:
    executor, over, codes = Executor(context, kinds), threading.Event(), [0]

    def listen() -> None:
        for line in iter(pipe.readline, b""):
            reasons.put(0)
            if line == NOW:
                over.wait()
                abandon()
        reasons.put(0)

    def stop() -> None:
        codes[0] = reasons.get()
        over.set()
        for seconds, end in ((0, abandon), (_HARD_SECONDS, lambda: os._exit(LATE))):
            limit = threading.Timer(context.settings.drain_seconds + seconds, end)
            limit.daemon = True
            limit.start()
        executor.stop()

    def abandon() -> None:
        # What takes longer than a stop may wait is not to be blamed for it.
        try:
            executor.abandon()
        finally:
            os._exit(LATE)

    def failed(what: threading.ExceptHookArgs) -> None:
        error = what.exc_value or what.exc_type()
        log.error("a thread failed", thread=getattr(what.thread, "name", ""), exc_info=error)
        if what.thread is not None and what.thread.name in set(Lane):
            reasons.put(_FAILED)  # An executor that takes no work any more is not to look alive.

    threading.excepthook = failed
    for thread in (listen, stop):
        threading.Thread(target=thread, name=thread.__name__, daemon=True).start()
    beside = [
        threading.Thread(target=go_on, args=(one, context, over), daemon=True)
        for one in (_sweep, *BESIDE)
    ]
    for other in beside:
        other.start()
    try:
        executor.run()
    except Exception as error:
        log.error("an executor failed", exc_info=error)
        # Its threads may be at work still; they hold nothing that the others cannot take over.
        os._exit(_FAILED)
    over.set()
    for other in beside:
        other.join()
    return codes[0]


def go_on(what: Beside, context: Context, over: threading.Event) -> None:
    """Does what goes on beside jobs until `over` is set, whatever it fails of: jobs go on, too."""
    while not over.is_set():
        try:
            what(context, over)
        except Exception as error:
            log.error("what is done beside jobs failed", exc_info=error, again_in=_AGAIN_SECONDS)
            over.wait(_AGAIN_SECONDS)


def _sweep(context: Context, over: threading.Event) -> None:
    Sweeper(context).run(over)
