"""An executor: a process that claims jobs and does them, and takes over what the dead have held.

Who is dead is told by a number that stands still, measured on the watcher's own steady clock; so
clocks may differ between machines, and be set back.
"""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import TypeVar

import structlog

from photochrom.errors import PhotochromError, StoppedError
from photochrom.service.context import Context
from photochrom.service.core.database import EVERYONE
from photochrom.service.core.problems import UnavailableError
from photochrom.service.jobs.away import away_of
from photochrom.service.jobs.queue import Held, LostError, Queue
from photochrom.service.jobs.run import JobRun, Kind
from photochrom.service.jobs.states import Lane, State
from photochrom.service.jobs.tables import Job
from photochrom.service.telemetry.spans import span

log = structlog.get_logger(__name__)

_LOOK_SECONDS = 0.5
"""How often an idle lane looks for work."""

_AWAY_SECONDS = 1.0
"""Pause before the database is asked again when it was away."""

T = TypeVar("T")


class _AwayError(Exception):
    """What a job needs does not answer now."""


class Executor:
    """Does jobs until it is stopped.

    Args:
        context: The service.
        kinds: What it can do.
    """

    def __init__(self, context: Context, kinds: Sequence[Kind]):
        self._context = context
        self._kinds: Mapping[str, Kind] = {kind.name: kind for kind in kinds}
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self._runs: dict[str, JobRun] = {}
        self._seen: dict[str, tuple[int, float]] = {}
        self._id = ""

    @property
    def id(self) -> str:
        """Its id; another one after it was taken for dead."""
        return self._id

    def run(self) -> None:
        """Works until `stop`; what is in hand then goes back into the queue."""
        self._register()
        log.info("executor begins", executor=self._id)
        lanes = [threading.Thread(target=self._work, args=(lane,), name=lane) for lane in Lane]
        for lane in lanes:
            lane.start()
        while not self._stop.wait(self._context.settings.heartbeat_seconds):
            self._beat_if_it_can()
        for lane in lanes:
            while lane.is_alive():
                # It lives until its last job is back in the queue.
                lane.join(self._context.settings.heartbeat_seconds)
                self._beat_if_it_can()
        self._surely(lambda queue: queue.leave(self._id))
        log.info("executor ends", executor=self._id)

    def stop(self) -> None:
        """Ends it: work in hand ends as soon as it can without loss."""
        self._stop.set()
        with self._lock:
            for run in self._runs.values():
                run.drain()

    def abandon(self) -> None:
        """Lets go of what is in hand: the process is about to end, finished or not.

        Raises:
            UnavailableError: The database is away: others take over, as from the dead.
        """
        with self._lock:
            for run in self._runs.values():
                run.lose()
        with self._context.database.writing(EVERYONE) as session:
            Queue(session).leave(self._id)

    def _register(self) -> None:
        host, pid = socket.gethostname(), os.getpid()
        self._id = self._surely(lambda queue: queue.register(host, pid))

    def _beat_if_it_can(self) -> None:
        try:
            self._beat()
        except UnavailableError as error:
            # Nobody can beat now: that somebody is silent says nothing, until there is time again.
            self._seen.clear()
            log.warning("no beat can be told", executor=self._id, error=str(error))

    def _beat(self) -> None:
        with self._context.database.noting(EVERYONE) as session:
            queue = Queue(session)
            alive = queue.beat(self._id)
            wishes = queue.wishes(self._id)
            self._bury(queue)
        with self._lock:
            for run in self._runs.values():
                if not alive:
                    run.lose()
                elif (wish := wishes.get(run.held.job)) is not None:
                    run.want(wish)
        if not alive and not self._stop.is_set():
            old = self._id
            self._register()
            log.warning("was taken for dead, and begins anew", executor=self._id, before=old)

    def _bury(self, queue: Queue) -> None:
        """Removes executors whose beats stand still, and frees what nobody holds any more."""
        time_now = time.monotonic()
        beats = queue.beats()
        self._seen = {
            id: seen
            if (seen := self._seen.get(id)) is not None and seen[0] == beat
            else (beat, time_now)
            for id, beat in beats.items()
        }
        for id, (beat, since) in self._seen.items():
            silent = time_now - since >= self._context.settings.takeover_seconds
            if id != self._id and silent and queue.bury(id, beat):
                log.warning("executor is dead", executor=id)
        for job in queue.free_orphans():
            log.warning("job taken over", job=job.id, deaths=job.deaths)

    def _work(self, lane: Lane) -> None:
        kinds = [kind.name for kind in self._kinds.values() if kind.lane is lane]
        while not self._stop.is_set():
            try:
                job = self._claimed(lane, kinds)
            except UnavailableError:
                self._stop.wait(_AWAY_SECONDS)
                continue
            if job is None:
                self._stop.wait(_LOOK_SECONDS)
                continue
            self._do(job)

    def _claimed(self, lane: Lane, kinds: Sequence[str]) -> Job | None:
        with self._context.database.reading(EVERYONE) as session:
            if not Queue(session).has_work(lane, kinds):
                return None
        with self._context.database.writing(EVERYONE) as session:
            return Queue(session).claim(self._id, lane, kinds)

    def _do(self, job: Job) -> None:
        assert job.executor_id is not None
        held = Held(job.id, job.organization_id, job.executor_id, job.fence)
        run = JobRun(self._context, held, job.kind, job.subject, job.argument)
        with self._lock:
            self._runs[job.id] = run
            if self._stop.is_set():
                run.drain()
        names = {"executor": held.executor, "job": job.id, "kind": job.kind}
        with (
            structlog.contextvars.bound_contextvars(**names),
            span(f"job {job.kind}", photochrom__job=job.id, photochrom__fence=job.fence) as seen,
        ):
            try:
                state, message = self._end(run)
                seen.note(photochrom__state=str(state))
                log.info("job", state=str(state), message=message, lost=run.is_lost)
            except LostError:
                log.warning("job lost to another executor")
            finally:
                with self._lock:
                    del self._runs[job.id]

    def _end(self, run: JobRun) -> tuple[State, str]:
        """Does a job, and writes down how it ended.

        Raises:
            LostError: It is somebody else's by now.
        """
        try:
            state, message = self._outcome(run)
        except _AwayError as error:
            reason, patience = str(error), timedelta(hours=self._context.settings.patience_hours)
            if run.is_lost:
                return State.QUEUED, reason
            log.warning("what a job needs does not answer", error=str(error.__cause__))
            return self._surely(lambda queue: queue.wait(run.held, reason, patience)), reason
        if not run.is_lost:
            self._surely(lambda queue: queue.end(run.held, state, message))
        return state, message

    def _outcome(self, run: JobRun) -> tuple[State, str]:
        try:
            return State.SUCCEEDED, self._kinds[run.kind].handler(run)
        except StoppedError:
            return (run.wish.becomes if run.wish else State.QUEUED), ""
        except LostError:
            raise
        except Exception as error:
            away = away_of(error)
            if away is not None:
                raise _AwayError(away) from error
            if isinstance(error, PhotochromError):
                return State.FAILED, str(error)
            log.error("a job failed", exc_info=error)
            return State.FAILED, "something went wrong here; it has been noted"

    def _surely(self, what: Callable[[Queue], T]) -> T:
        """Does something with the queue, however long the database is away."""
        while True:
            try:
                with self._context.database.writing(EVERYONE) as session:
                    return what(Queue(session))
            except UnavailableError:
                time.sleep(_AWAY_SECONDS)
