"""Running tasks in this process, or in worker processes of this machine.

Why a supervisor of our own: a `concurrent.futures` pool breaks for good when one worker dies, and
takes the tasks of all others with it. Here a worker that dies (out of memory, a crash in a decoder)
costs its own task one attempt and nobody else anything; a new worker takes its place.
"""

from __future__ import annotations

import multiprocessing.connection
import time
from collections import Counter, defaultdict, deque
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Protocol

from photochrom.engine.machine import memory as machine_memory
from photochrom.engine.store import Store
from photochrom.engine.task import (
    Event,
    Failure,
    Outcome,
    Progress,
    Stop,
    Task,
    never,
    nobody,
)
from photochrom.engine.worker import Died, Said, Worker, perform
from photochrom.threads import usable_cores

_HEED_SECONDS = 0.5
"""How long an interrupt from the keyboard may go unheeded."""


class Engine(Protocol):
    """Whatever can run a batch of tasks."""

    def run(
        self, stage: str, tasks: Sequence[Task], progress: Progress = nobody, stop: Stop = never
    ) -> Generator[Outcome, None, None]:
        """Runs tasks whose results the store does not have, and yields each as it ends.

        A task that is to be done anew is run whatever the store has, and a result that has gone by
        the time that it is looked for is made once more. A task that fails does not stop the
        others. Leaving the iterator early (an interrupt, a `break`) stops all work; what is
        unfinished then leaves no trace.

        Args:
            stage: What the batch is about, for events.
            tasks: In the order in which to start them. Tasks with equal keys run once.
            progress: Called in this process with what happens.
            stop: Asked at least twice a second, and by tasks of this process as often as they
                report; once it says so, work ends as if the iterator had been left.
        """
        ...


def local_engine(store: Store, jobs: int) -> Engine:
    """The engine for so many tasks at a time on this machine; 1 needs no other process."""
    return Serial(store) if jobs == 1 else Workers(store, jobs)


@contextmanager
def kept_engine(store: Store, jobs: int) -> Iterator[Engine]:
    """As `local_engine`; its workers live as long as the block, so that they start once for all of
    its batches."""
    engine = local_engine(store, jobs)
    if not isinstance(engine, Workers):
        yield engine
        return
    engine.keep = True
    try:
        yield engine
    finally:
        engine.close()


class _Stopped(BaseException):
    """Takes the way out of work that nobody wants any more; nothing on the way may catch it."""


class Serial:
    """Runs tasks one after the other in this process.

    Args:
        store: Where results go.
    """

    def __init__(self, store: Store):
        self.store = store

    def run(
        self, stage: str, tasks: Sequence[Task], progress: Progress = nobody, stop: Stop = never
    ) -> Generator[Outcome, None, None]:
        batch = _Batch(stage, tasks, self.store, progress)
        yield from batch.kept()
        while batch.to_do:
            if stop():
                return
            task = batch.to_do.popleft()
            batch.tell(task, "started")

            def report(message: str, share: float, task: Task = task) -> None:
                batch.tell(task, message, share)
                if stop():
                    raise _Stopped

            started = time.monotonic()
            try:
                failure = perform(task, self.store, report)
            except _Stopped:
                return
            yield from batch.ended(task, failure, time.monotonic() - started)


class Workers:
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
        attempts: int = 2,
        memory: int | None = None,
    ):
        self.store = store
        self.jobs = max(1, jobs or usable_cores())
        self.attempts = attempts
        self.memory = machine_memory() if memory is None else memory
        self.keep = False
        self._workers: list[Worker] = []

    def close(self) -> None:
        """Ends all workers."""
        for worker in self._workers:
            worker.stop()
        for worker in self._workers:
            worker.join()
        self._workers.clear()

    def run(
        self, stage: str, tasks: Sequence[Task], progress: Progress = nobody, stop: Stop = never
    ) -> Generator[Outcome, None, None]:
        batch = _Batch(stage, tasks, self.store, progress)
        yield from batch.kept()
        waiting, attempts = batch.to_do, Counter[str]()
        workers = self._workers
        ended = False
        try:
            while waiting or any(worker.task for worker in workers):
                if stop():
                    return
                while waiting and self._has_room(waiting[0], workers):
                    task = waiting.popleft()
                    attempts[task.key] += 1
                    unsent = _idle(workers, self.store).start(task)
                    if unsent is not None:
                        yield from batch.ended(task, unsent, 0.0)
                        continue
                    batch.tell(task, "started")
                for worker in _speaking(workers):
                    task = worker.busy_with()
                    heard = worker.hear()
                    if isinstance(heard, Said):
                        batch.tell(task, heard.message, heard.share)
                        continue
                    if isinstance(heard, Died):
                        workers.remove(worker)
                        if attempts[task.key] < self.attempts:
                            batch.tell(task, f"{heard.how}; trying again")
                            waiting.appendleft(task)
                            continue
                        failure: Failure | None = Failure(
                            f"{heard.how}, {attempts[task.key]} times; "
                            "it may need more memory than there is: try fewer jobs at once"
                        )
                    else:
                        failure = heard.failure
                    yield from batch.ended(task, failure, worker.seconds())
            ended = True
        finally:
            if not (ended and self.keep):
                self.close()
            self.store.sweep()

    def _has_room(self, task: Task, workers: Sequence[Worker]) -> bool:
        # In their order: if small tasks went past a large one, it would wait for all of them.
        busy = [worker.task for worker in workers if worker.task is not None]
        used = sum(one.needs.memory for one in busy)
        return not busy or (len(busy) < self.jobs and used + task.needs.memory <= self.memory)


class _Batch:
    """What both engines keep count of: what is to be done, what has ended, who is told."""

    def __init__(self, stage: str, tasks: Sequence[Task], store: Store, progress: Progress):
        self._stage = stage
        self._total = len(tasks)
        self._store = store
        self._progress = progress
        self._done = 0
        self._twins: dict[str, list[Task]] = defaultdict(list)
        self._finished: list[Task] = []
        self._lost: set[str] = set()
        self.to_do: deque[Task] = deque()
        anew = {task.key for task in tasks if task.anew}
        for task in tasks:
            if task.key not in anew and store.get(task.key) is not None:
                self._finished.append(task)
            else:
                self._add(replace(task, anew=True) if task.key in anew else task)

    def _add(self, task: Task) -> None:
        twins = self._twins[task.key]
        if not twins:
            self.to_do.append(task)
        twins.append(task)

    def tell(self, task: Task, message: str, share: float = 0.0) -> None:
        event = Event(self._stage, task.item, self._done, self._total, message, share)
        self._progress(event)

    def kept(self) -> Iterator[Outcome]:
        """Those that were there; what has gone since is to be made."""
        for task in self._finished:
            folder = self._store.get(task.key)
            if folder is None:
                self._add(task)
            else:
                yield self._end(Outcome(task, folder, kept=True), "kept")

    def ended(self, task: Task, failure: Failure | None, seconds: float) -> Iterator[Outcome]:
        """Those that wait for a task; nobody, if its result has gone and it is made once more."""
        folder = None if failure else self._store.get(task.key)
        if failure is None and folder is None:
            if task.key not in self._lost:
                self._lost.add(task.key)
                self.to_do.appendleft(task)
                return
            failure = Failure("its result is removed again and again by somebody else", gone=True)
        message = f"failed: {failure.message}" if failure else "made"
        for twin in self._twins[task.key]:
            yield self._end(Outcome(twin, folder, failure, seconds=seconds), message)

    def _end(self, outcome: Outcome, message: str) -> Outcome:
        self._done += 1
        self.tell(outcome.task, message, 1.0)
        return outcome


def _idle(workers: list[Worker], store: Store) -> Worker:
    for worker in workers:
        if worker.task is None:
            return worker
    workers.append(Worker(store))
    return workers[-1]


def _speaking(workers: list[Worker]) -> list[Worker]:
    by_pipe = {worker.pipe: worker for worker in workers if worker.task is not None}
    # An interrupt that comes just before the wait begins does not end it, and on Windows none does.
    ready = set(multiprocessing.connection.wait(list(by_pipe), timeout=_HEED_SECONDS))
    return [worker for pipe, worker in by_pipe.items() if pipe in ready]
