"""A worker process, and the supervisor's end of it."""

from __future__ import annotations

import multiprocessing
import multiprocessing.connection
import os
import signal
import sys
import threading
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess

from photochrom.engine.crew import Died, Ended, Said
from photochrom.engine.staging import staged
from photochrom.engine.store import Store
from photochrom.engine.task import Failure, Report, Task
from photochrom.errors import PhotochromError

_GOODBYE_SECONDS = 5.0
_REPORT_EVERY_SECONDS = 0.1


def perform(task: Task, store: Store, report: Report) -> Failure | None:
    """Makes the result of a task and puts it into the store; returns why that failed, or None."""
    try:
        with store.writing(task.key, task.kind) as folder:
            task.work(folder, task.argument, staged(task, store), report)
    except PhotochromError as error:
        return Failure(str(error), error=error)
    except OSError as error:  # a full disk, a folder without permission: nobody's mistake
        reason = error.strerror or type(error).__name__
        return Failure(f"{error.filename}: {reason}" if error.filename else reason)
    except MemoryError:
        return Failure("out of memory; try fewer jobs at once")
    except (Exception, SystemExit) as error:  # one task's bug must not stop the rest of the batch
        line = " ".join(f"{type(error).__name__}: {error}".split())
        return Failure(line, traceback.format_exc())
    return None


class Worker:
    """The supervisor's end of a worker process."""

    def __init__(self, store: Store):
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process: SpawnProcess = context.Process(
            target=_work, args=(theirs, store), name="photochrom worker", daemon=True
        )
        with _interrupt_held_back():
            self._process.start()
        theirs.close()  # so that the pipe ends when the worker does
        self._started = 0.0
        self.task: Task | None = None

    @property
    def pipe(self) -> Connection:
        return self._pipe

    def start(self, task: Task) -> Failure | None:
        """Hands over a task; returns why that cannot be done, or None."""
        self._started = time.monotonic()
        self.task = task
        try:
            self._pipe.send(task)
        except BrokenPipeError:
            return None  # it died while idle; `hear` finds out
        except Exception as error:  # nothing was sent: pickling comes first
            self.task = None
            line = " ".join(f"{type(error).__name__}: {error}".split())
            return Failure(f"the task cannot be started: {line}", traceback.format_exc())
        return None

    def busy_with(self) -> Task:
        assert self.task is not None
        return self.task

    def seconds(self) -> float:
        return time.monotonic() - self._started

    def hear(self) -> Said | Ended | Died:
        try:
            heard: Said | Ended = self._pipe.recv()
        except (EOFError, OSError):
            self.task = None
            self.stop()
            self.join()
            return Died(f"the worker died ({_how(self._process.exitcode)})")
        if isinstance(heard, Ended):
            self.task = None
        return heard

    def stop(self) -> None:
        self._pipe.close()
        if self.task is not None:
            self._process.terminate()

    def join(self) -> None:
        self._process.join(_GOODBYE_SECONDS)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()


@contextmanager
def _interrupt_held_back() -> Iterator[None]:
    """Lets a process start that is deaf to the keyboard's interrupt from its first moment on."""
    if sys.platform == "win32":
        yield
        return
    # It is started before the first worker, and lets interrupts through when it is.
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _how(exit_code: int | None) -> str:
    if exit_code is not None and exit_code < 0:
        return f"signal {-exit_code}, {signal.strsignal(-exit_code)}"
    return f"exit code {exit_code}"


def _work(pipe: Connection, store: Store) -> None:
    """The life of a worker process."""
    # An interrupt from the keyboard reaches the whole process group; only the supervisor heeds it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_die_with_parent, daemon=True).start()
    while True:
        try:
            task: Task = pipe.recv()
        except (EOFError, OSError):
            return
        except Exception as error:  # its function or its argument does not exist over here
            pipe.send(
                Ended(Failure(f"the task cannot be started: {error}", traceback.format_exc()))
            )
            continue
        last = 0.0

        def report(message: str, share: float) -> None:
            nonlocal last
            now = time.monotonic()
            if now - last >= _REPORT_EVERY_SECONDS:
                last = now
                pipe.send(Said(message, share))

        pipe.send(Ended(perform(task, store, report)))


def _die_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        multiprocessing.connection.wait([parent.sentinel])
        # Nobody waits for this result, and the next build sweeps the scratch.
        os._exit(1)
