"""A worker process, and the supervisor's end of it."""

from __future__ import annotations

import os
import pickle
import queue
import signal
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from multiprocessing.reduction import ForkingPickler
from typing import Any

from photochrom.engine.crew import Died, Ended, Said
from photochrom.engine.gone import has_gone
from photochrom.engine.staging import staged
from photochrom.engine.store import Store
from photochrom.engine.task import Failure, Report, Task
from photochrom.errors import PhotochromError
from photochrom.files import is_full

_GOODBYE_SECONDS = 5.0
_FOR_THE_SUPERVISOR = [
    getattr(signal, name)
    for name in ("SIGINT", "SIGTERM", "SIGUSR1", "SIGUSR2")
    if hasattr(signal, name)
]
"""Signals that may reach a whole process group, and that only the supervisor heeds."""

_REPORT_EVERY_SECONDS = 0.1

# All that a worker runs before it has heard where to import from. It ends without a word when there
# is nobody who could tell it.
_BOOT = """
import sys
from multiprocessing import connection
pipe = getattr(connection, "PipeConnection", connection.Connection)(int(sys.argv[1]))
try:
    sys.path[:] = pipe.recv()
except (EOFError, OSError):
    sys.exit()
from photochrom.engine.worker import work_for
work_for(pipe)
"""


def perform(task: Task, store: Store, report: Report) -> Failure | None:
    """Makes the result of a task and puts it into the store; returns why that failed, or None."""
    try:
        with (
            staged(task, store) as inputs,
            store.writing(task.key, task.kind, replace=task.anew) as folder,
        ):
            task.work(folder, task.argument, inputs, report)
    except PhotochromError as error:
        return Failure.of(error)
    except OSError as error:  # a full disk, a folder without permission: nobody's mistake
        reason = error.strerror or type(error).__name__
        line = f"{error.filename}: {reason}" if error.filename else reason
        return Failure(line, gone=has_gone(error), full=is_full(error))
    except MemoryError:
        return Failure("out of memory; try fewer jobs at once")
    except (Exception, SystemExit) as error:  # one task's bug must not stop the rest of the batch
        line = " ".join(f"{type(error).__name__}: {error}".split())
        return Failure(line, traceback.format_exc(), gone=has_gone(error))
    return None


class Worker:
    """The supervisor's end of a worker process."""

    def __init__(self, store: Store):
        self._pipe, theirs = Pipe()
        with theirs, _signals_held_back():
            self._process = _started(theirs.fileno())
        # From here on the pipe ends when the worker does, and over there when we do.
        self._started = 0.0
        self.task: Task | None = None
        try:
            self._pipe.send(sys.path)
            self._pipe.send(store)
        except OSError:
            return  # it died at once; `hear` finds out

    @property
    def pipe(self) -> Connection:
        return self._pipe

    def start(self, task: Task) -> Failure | None:
        """Hands over a task; returns why that cannot be done, or None."""
        self._started = time.monotonic()
        self.task = task
        try:
            self._pipe.send(task)
        except OSError:
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
            return Died(f"the worker died ({_how(self._process.returncode)})")
        except Exception as error:  # what the work said of itself does not exist over here
            line = " ".join(f"{type(error).__name__}: {error}".split())
            heard = Ended(Failure(f"what became of it cannot be told: {line}"))
        if isinstance(heard, Ended):
            self.task = None
        return heard

    def stop(self) -> None:
        self._pipe.close()
        if self.task is not None:
            self._process.kill()

    def join(self) -> None:
        try:
            self._process.wait(_GOODBYE_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def _started(pipe: int) -> subprocess.Popen[bytes]:
    """Starts a worker process that inherits its end of a pipe, and nothing else that is open.

    Not `multiprocessing.Process`: it shows a traceback when it is killed while its child boots, it
    runs the program's main module again in each child, and it needs another process on the side.
    """
    # Safe paths: what lies in the working directory is no module of ours.
    command = [sys.executable, "-P", "-c", _BOOT, str(pipe)]
    if sys.platform != "win32":
        return subprocess.Popen(command, pass_fds=[pipe])
    os.set_handle_inheritable(pipe, True)
    lent = subprocess.STARTUPINFO(lpAttributeList={"handle_list": [pipe]})
    return subprocess.Popen(command, startupinfo=lent)


@contextmanager
def _signals_held_back() -> Iterator[None]:
    """Lets a process start that is deaf to the supervisor's signals from its first moment on."""
    if sys.platform == "win32":
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _FOR_THE_SUPERVISOR)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _how(exit_code: int | None) -> str:
    if exit_code is not None and exit_code < 0:
        return f"signal {-exit_code}, {signal.strsignal(-exit_code)}"
    return f"exit code {exit_code}"


def work_for(pipe: Connection) -> None:
    """The life of a worker process: it hears of a store and then of tasks, as long as anybody is
    there to speak."""
    with suppress(EOFError, OSError):
        _work_for(pipe)


def _work_for(pipe: Connection) -> None:
    for one in _FOR_THE_SUPERVISOR:
        signal.signal(one, signal.SIG_IGN)
    store: Store = pipe.recv()
    heard: queue.SimpleQueue[Task | Failure] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(pipe, heard), daemon=True).start()
    while True:
        task = heard.get()
        if isinstance(task, Failure):
            pipe.send(Ended(task))
            continue
        last = 0.0

        def report(message: str, share: float) -> None:
            nonlocal last
            now = time.monotonic()
            if now - last >= _REPORT_EVERY_SECONDS:
                last = now
                pipe.send(Said(message, share))

        pipe.send_bytes(_told(perform(task, store, report)))


def _listen(pipe: Connection, heard: queue.SimpleQueue[Task | Failure]) -> None:
    """Hears tasks, and above all that there is nobody any more who waits for them."""
    while True:
        try:
            heard.put(pipe.recv())
        except (EOFError, OSError):
            # Nobody waits for this result, and the next build sweeps the scratch.
            os._exit(1)
        except Exception as error:  # its function or its argument does not exist over here
            line = f"the task cannot be started: {error}"
            heard.put(Failure(line, traceback.format_exc()))


def _told(failure: Failure | None) -> Any:
    """How a task ended, as it travels; an error that cannot travel becomes its line and trace."""
    try:
        told = ForkingPickler.dumps(Ended(failure))
        pickle.loads(told)
    except Exception:
        assert failure is not None
        trace = failure.trace or "".join(traceback.format_exception(failure.error))
        told = ForkingPickler.dumps(Ended(replace(failure, trace=trace, error=None)))
    return told
