"""The supervisor: hands tasks to a crew in their order, and tells how each ended.

Why one of our own: pools of other libraries break for good when a worker dies, take the tasks of
others with it, or try again for ever. Here a worker that dies (out of memory, a crash in a decoder)
costs its own task one attempt and nobody else anything; a new worker takes its place.

Tasks are taken when there is room for them, so that a batch of a million is never held.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Generator, Iterable, Iterator, Sized
from dataclasses import replace
from typing import Generic, Protocol, TypeVar

from photochrom.engine.control import Control, State
from photochrom.engine.crew import Crew, Died, Ended, News, Said
from photochrom.engine.store import Store
from photochrom.engine.task import (
    BEGUN,
    PAUSED,
    RESUMED,
    Event,
    Failure,
    Outcome,
    Progress,
    Task,
    nobody,
)
from photochrom.errors import StoppedError

ATTEMPTS = 3
"""How often a task is tried whose worker dies under it."""

_AHEAD = 1000
"""Tasks that are looked at before there is room for them: their results may be there already, and
of several with one key, only one is made."""

_AT_ONCE = 50
"""Of these, how many are looked at before workers are heard again."""

T = TypeVar("T")


class Engine(Protocol):
    """Whatever can run a batch of tasks."""

    @property
    def store(self) -> Store:
        """Where results go."""
        ...

    def run(
        self,
        stage: str,
        tasks: Iterable[Task | T],
        progress: Progress = nobody,
        control: Control | None = None,
        *,
        total: int | None = None,
    ) -> Generator[Outcome | T, None, None]:
        """Runs tasks whose results the store does not have, and yields each as it ends.

        A task that is to be done anew is run whatever the store has, and a result that has gone by
        the time that it is looked for is made once more. A task that fails does not stop the
        others. Leaving the iterator early (an interrupt, a `break`) stops all work; what is
        unfinished then leaves no trace.

        Args:
            stage: What the batch is about, for events.
            tasks: In the order in which to start them; taken one by one as there is room. Of tasks
                with equal keys one runs. What is no task is passed on as it comes.
            progress: Called in this process with what happens.
            control: Asked at least twice a second, and by tasks of this process as often as they
                report. In a pause, workers are let go once nothing is in hand.
            total: How many there are, where `tasks` cannot say (`len`).

        Raises:
            StoppedError: By `control`, before all tasks had ended.
        """
        ...


class Supervisor:
    """An engine: a store and a crew.

    Args:
        store: Where results go.
        crew: Who works.
        attempts: How often a task is tried whose worker dies under it.
        keep: Whether workers stay, for the next batch, until `close`.
    """

    def __init__(self, store: Store, crew: Crew, attempts: int = ATTEMPTS, *, keep: bool = False):
        self.store = store
        self.crew = crew
        self.attempts = attempts
        self.keep = keep

    def close(self) -> None:
        """Ends all workers."""
        self.crew.close()

    def run(
        self,
        stage: str,
        tasks: Iterable[Task | T],
        progress: Progress = nobody,
        control: Control | None = None,
        *,
        total: int | None = None,
    ) -> Generator[Outcome | T, None, None]:
        control = control or Control()
        batch: _Batch[T] = _Batch(stage, tasks, self.store, progress, total)
        ended = False

        def said(task: Task, what: Said, place: str) -> None:
            batch.said(task, what, place)
            self._tell(control.state, batch)

        try:
            while (state := control.state) is not State.STOPPED:
                self._tell(state, batch)
                if state is State.RUNNING:
                    yield from self._hand_out(batch, control)
                if self.crew.busy or (batch.waiting and state is State.RUNNING):
                    for news in self.crew.hear(said, control):
                        yield from self._heard(news, batch)
                elif batch.is_over and not batch.waiting:
                    ended = True
                    return
                elif state is State.ENDING:
                    break
                elif state is State.PAUSED:
                    self.crew.close()
                    control.rest()
            raise StoppedError("stopped", fix="run the same again to go on")
        finally:
            if not (ended and self.keep):
                self.crew.close()
            self.store.sweep()

    def _tell(self, state: State, batch: _Batch[T]) -> None:
        """Tells what keeps tasks from being begun."""
        busy = self.crew.busy
        in_hand = f"{busy} in hand {'is' if busy == 1 else 'are'} ended first"
        match state:
            case State.RUNNING:
                awaited = self.crew.awaited if batch.waiting and not busy else ""
                batch.remark((state, awaited), awaited)
            case State.PAUSED if busy:
                batch.remark((state, ""), f"paused; {in_hand}")
            case State.PAUSED:
                batch.remark((state, PAUSED), PAUSED)
            case State.ENDING if busy:
                batch.remark((state, ""), f"stopping; {in_hand}")

    def _hand_out(self, batch: _Batch[T], control: Control) -> Iterator[Outcome | T]:
        """Starts tasks as long as there is room, and looks at some that come after them."""
        for _ in range(_AT_ONCE):
            # In their order: if small tasks went past a large one, it would wait for all of them.
            while batch.waiting and self.crew.has_room(batch.waiting[0]):
                if control.state is not State.RUNNING:
                    return
                task = batch.waiting.popleft()
                unsent = self.crew.start(task)
                if unsent is not None:
                    yield from batch.ended(task, unsent, 0.0)
                else:
                    batch.tell(task, BEGUN)
            over = batch.is_over or len(batch.waiting) >= _AHEAD
            if over or control.state is not State.RUNNING:
                return
            yield from batch.pull()

    def _heard(self, news: News, batch: _Batch[T]) -> Iterator[Outcome]:
        task = news.task
        match news.what:
            case Ended(failure):
                yield from batch.ended(task, failure, news.seconds, news.place)
            case Died(how):
                place = news.place
                strikes = sum(self.crew.blames(one) for one in batch.strike(task, place))
                if strikes < self.attempts:
                    batch.tell(task, f"{how}; trying again", place=place)
                    batch.again(task)
                    return
                failure = Failure(
                    f"{how}, {strikes} times; "
                    "it may need more memory than there is: try fewer jobs at once"
                )
                yield from batch.ended(task, failure, news.seconds, place)


class _Batch(Generic[T]):
    """What a supervisor keeps of a batch: what comes next, what is in hand, how many have ended."""

    def __init__(
        self,
        stage: str,
        tasks: Iterable[Task | T],
        store: Store,
        progress: Progress,
        total: int | None,
    ):
        self._stage, self._store, self._progress = stage, store, progress
        self._total = total if total is not None else _length(tasks)
        self._feed = iter(tasks)
        self.waiting: deque[Task] = deque()
        self.is_over = False
        self._twins: dict[str, list[Task]] = {}
        self._strikes: dict[str, list[str]] = {}
        self._lost: set[str] = set()
        self._done = 0
        self._remarked = (State.RUNNING, "")

    def pull(self) -> Iterator[Outcome | T]:
        """Takes one more of what is to be done; yields it, or its outcome, if that is nothing."""
        try:
            one = next(self._feed)
        except StopIteration:
            self.is_over = True
            return
        if not isinstance(one, Task):
            self._done += 1
            yield one
        elif one.key in self._twins:
            self._twins[one.key].append(one)
        elif not one.anew and (folder := self._store.get(one.key)) is not None:
            yield self._end(Outcome(one, folder, kept=True), "kept")
        else:
            self._twins[one.key] = [one]
            self.waiting.append(one)

    def again(self, task: Task) -> None:
        """Puts a task before all others; whatever it died of may have been want of memory."""
        needs = replace(task.needs, memory=2 * task.needs.memory)
        self.waiting.appendleft(replace(task, needs=needs))

    def strike(self, task: Task, place: str) -> list[str]:
        """Notes where a worker died under a task; returns all such places."""
        self._strikes.setdefault(task.key, []).append(place)
        return self._strikes[task.key]

    def said(self, task: Task, what: Said, place: str) -> None:
        """Tells what a worker says."""
        self.tell(task, what.message, what.share, place)

    def tell(self, task: Task, message: str, share: float = 0.0, place: str = "") -> None:
        """Tells what happens."""
        most = self._most
        said = Event(self._stage, task.item, self._done, most, message, share, place, task.key)
        self._progress(said)

    @property
    def _most(self) -> int:
        return max(self._total, self._done)

    def remark(self, what: tuple[State, str], line: str) -> None:
        """Tells what concerns all tasks, once; an empty line says nothing."""
        last, self._remarked = self._remarked, what
        if last == what:
            return
        lines = [RESUMED] if (last[0], what[0]) == (State.PAUSED, State.RUNNING) else []
        for one in filter(None, [*lines, line]):
            self._progress(Event(self._stage, "", self._done, self._most, one))

    def ended(
        self, task: Task, failure: Failure | None, seconds: float, place: str = ""
    ) -> Iterator[Outcome]:
        """Those that wait for a task; nobody, if its result has gone and it is made once more."""
        folder = None if failure else self._store.get(task.key)
        if failure is None and folder is None:
            if task.key not in self._lost:
                self._lost.add(task.key)
                self.waiting.appendleft(task)
                return
            failure = Failure("its result is removed again and again by somebody else", gone=True)
        self._lost.discard(task.key)
        message = f"failed: {failure.message}" if failure else "made"
        self._strikes.pop(task.key, None)
        for twin in self._twins.pop(task.key):
            yield self._end(
                Outcome(twin, folder, failure, seconds=seconds, place=place), message, place
            )

    def _end(self, outcome: Outcome, message: str, place: str = "") -> Outcome:
        self._done += 1
        self.tell(outcome.task, message, 1.0, place)
        return outcome


def _length(tasks: Iterable[object]) -> int:
    return len(tasks) if isinstance(tasks, Sized) else 0
