"""Running tasks in this process, or in worker processes of this machine."""

from __future__ import annotations

import multiprocessing.connection
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from photochrom.engine.control import Control, State
from photochrom.engine.crew import Died, Ended, Hearing, News, Said, memory_for
from photochrom.engine.machine import memory as machine_memory
from photochrom.engine.store import Store
from photochrom.engine.supervisor import ATTEMPTS, Engine, Supervisor
from photochrom.engine.task import Failure, Task
from photochrom.engine.worker import Worker, perform
from photochrom.threads import usable_cores

_HEED_SECONDS = 0.5
"""How long an interrupt from the keyboard may go unheeded."""


def local_engine(store: Store, jobs: int) -> Supervisor:
    """The engine for so many tasks at a time on this machine; 1 needs no other process."""
    return Serial(store) if jobs == 1 else Workers(store, jobs)


@contextmanager
def kept_engine(store: Store, jobs: int) -> Iterator[Engine]:
    """As `local_engine`; its workers live as long as the block, so that they start once for all of
    its batches."""
    engine = local_engine(store, jobs)
    engine.keep = True
    try:
        yield engine
    finally:
        engine.close()


class Serial(Supervisor):
    """Runs tasks one after the other in this process.

    Args:
        store: Where results go.
    """

    def __init__(self, store: Store):
        super().__init__(store, _Here(store))


class Workers(Supervisor):
    """Runs tasks in worker processes of this machine.

    Args:
        store: Where results go; every worker opens it for itself.
        jobs: How many workers at most; None for one a core.
        attempts: How often a task is tried whose worker dies under it.
        memory: Bytes that the tasks in hand may need together; a task that needs more runs alone.
            None for what the machine has.
    """

    def __init__(
        self,
        store: Store,
        jobs: int | None = None,
        attempts: int = ATTEMPTS,
        memory: int | None = None,
    ):
        super().__init__(store, _Processes(store, jobs, memory), attempts)


class _Stopped(BaseException):
    """Takes the way out of work that nobody wants any more; nothing on the way may catch it."""


class _Here:
    """This process, as a crew of one."""

    def __init__(self, store: Store):
        self._store = store
        self._task: Task | None = None

    @property
    def busy(self) -> int:
        return int(self._task is not None)

    @property
    def awaited(self) -> str:
        return ""

    def has_room(self, task: Task) -> bool:
        return self._task is None

    def start(self, task: Task) -> Failure | None:
        self._task = task
        return None

    def hear(self, said: Hearing, control: Control) -> Sequence[News]:
        task = self._task
        if task is None:
            return ()

        def report(message: str, share: float) -> None:
            said(task, Said(message, share), "")
            if control.state is State.STOPPED:
                raise _Stopped

        started = time.monotonic()
        try:
            failure = perform(task, self._store, report)
        except _Stopped:
            return ()
        finally:
            self._task = None
        return (News(task, Ended(failure), time.monotonic() - started),)

    def blames(self, place: str) -> bool:
        return True

    def close(self) -> None:
        self._task = None


class _Processes:
    """Worker processes of this machine."""

    def __init__(self, store: Store, jobs: int | None, memory: int | None):
        self._store = store
        self._jobs = max(1, jobs or usable_cores())
        self._memory = machine_memory() if memory is None else memory
        self._workers: list[Worker] = []

    @property
    def busy(self) -> int:
        return len(self._in_hand())

    @property
    def awaited(self) -> str:
        return ""

    def has_room(self, task: Task) -> bool:
        busy = self._in_hand()
        return len(busy) < self._jobs and memory_for(task, busy, self._memory)

    def start(self, task: Task) -> Failure | None:
        for worker in self._workers:
            if worker.task is None:
                return worker.start(task)
        self._workers.append(Worker(self._store))
        return self._workers[-1].start(task)

    def hear(self, said: Hearing, control: Control) -> Sequence[News]:
        news = []
        for worker in self._speaking():
            task = worker.busy_with()
            heard = worker.hear()
            if isinstance(heard, Said):
                said(task, heard, "")
                continue
            if isinstance(heard, Died):
                self._workers.remove(worker)
            news.append(News(task, heard, worker.seconds()))
        return news

    def blames(self, place: str) -> bool:
        return True

    def close(self) -> None:
        for worker in self._workers:
            worker.stop()
        for worker in self._workers:
            worker.join()
        self._workers.clear()

    def _in_hand(self) -> list[Task]:
        return [worker.task for worker in self._workers if worker.task is not None]

    def _speaking(self) -> list[Worker]:
        by_pipe = {worker.pipe: worker for worker in self._workers if worker.task is not None}
        # An interrupt just before the wait begins does not end it, and on Windows none does.
        ready = multiprocessing.connection.wait(list(by_pipe), timeout=_HEED_SECONDS)
        return [worker for pipe, worker in by_pipe.items() if pipe in ready]
