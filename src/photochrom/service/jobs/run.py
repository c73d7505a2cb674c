"""A job in hand, as its handler sees it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from photochrom.engine import Control, Event
from photochrom.service.context import Context
from photochrom.service.core.problems import UnavailableError
from photochrom.service.core.texts import clean
from photochrom.service.jobs.queue import Held, LostError, Queue
from photochrom.service.jobs.repository import Jobs, tell
from photochrom.service.jobs.states import ItemState, Lane, Wish
from photochrom.service.jobs.tables import Job

SAY_EVERY = 1.0
"""Seconds between two reports of progress, at least."""


@dataclass
class JobRun:
    """What a handler is given.

    It may be called for one job again and again: after a death, after a pause. What it makes it
    keeps by keys that tell what it is, so that what is there is not made twice; what it writes into
    the database it writes in `writing`, which only who holds the job can do.

    Attributes:
        context: The service.
        held: The job.
        kind: Its kind.
        subject: What it is about.
        argument: What else is known.
        control: Given to the engine: it ends work when that is wanted.
    """

    context: Context
    held: Held
    kind: str
    subject: str
    argument: dict[str, Any]
    control: Control = field(default_factory=Control)
    _wish: Wish | None = None
    _is_lost: bool = False
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _said: float = 0.0

    @property
    def organization(self) -> str:
        """Whose job it is."""
        return self.held.organization

    @property
    def wish(self) -> Wish | None:
        """What people want of it meanwhile."""
        return self._wish

    @property
    def is_lost(self) -> bool:
        """Whether somebody else has it."""
        return self._is_lost

    def want(self, wish: Wish) -> None:
        """Somebody wants something of it: a pause lets what is in hand end, nothing else does."""
        self._wish = wish
        if wish is Wish.PAUSE:
            self.control.end()
        else:
            self.control.stop()

    def lose(self) -> None:
        """Somebody else has it now."""
        self._is_lost = True
        self.control.stop()

    def drain(self) -> None:
        """The executor is to end; the job goes back into the queue."""
        self.control.end()

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A session of the job's organization, as long as the job is ours.

        Raises:
            LostError: It is not any more; nothing was written.
        """
        with self._in_hand() as (session, _):
            yield session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session of the job's organization that changes nothing."""
        with self.context.database.reading(self.organization) as session:
            yield session

    def item(self, session: Session, subject: str, state: ItemState, message: str = "") -> None:
        """Notes what has become of one thing that the job is about."""
        Jobs(session).note(self.held.job, subject, state, clean(message))

    def count(self, *, done: int, failed: int, total: int, message: str = "") -> None:
        """Tells how far the job is, however often that was a moment ago.

        Raises:
            LostError: It is not ours any more.
        """
        with self._in_hand() as (session, job):
            if done > job.done:
                job.waited = 0.0  # It comes on: what it has waited for is there again.
            job.done, job.failed, job.total, job.message = done, failed, total, clean(message)
            tell(session, job)

    def progress(self, event: Event) -> None:
        """Tells what the engine tells, once a second at most; what cannot be told is left out."""
        with self._lock:
            time_now = time.monotonic()
            if time_now - self._said < SAY_EVERY:
                return
            self._said = time_now
        message = f"{event.stage}: {event.item} {event.message}".strip()
        try:
            with self._in_hand() as (session, job):
                job.message = clean(message)
                tell(session, job)
        except (LostError, UnavailableError):
            return  # `control` knows, and the database will be back.

    @contextmanager
    def _in_hand(self) -> Iterator[tuple[Session, Job]]:
        """As `writing`, with the row of the job."""
        with self.context.database.writing(self.organization) as session:
            try:
                job = Queue(session).held(self.held)
            except LostError:
                self.lose()
                raise
            yield session, job


Handler = Callable[[JobRun], str]
"""Does a job; returns how it ended, for people.

Raises:
    StoppedError: It was to stop.
    PhotochromError: It cannot be done, for a reason that trying again does not change.
"""


@dataclass(frozen=True)
class Kind:
    """A kind of job.

    Attributes:
        name: Of it, in the table.
        lane: Whom jobs of it wait for.
        handler: Who does them.
    """

    name: str
    lane: Lane
    handler: Handler
