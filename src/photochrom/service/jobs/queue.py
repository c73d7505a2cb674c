"""The queue as executors use it: claiming, reporting, ending, and taking over from the dead.

Every change of a job that somebody holds names who holds it and the number of the claim. Whoever
was taken for dead and comes back changes nothing: it is told that it has lost the job.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, delete, or_, select, update
from sqlalchemy.orm import Session

from photochrom.service.core.clock import now
from photochrom.service.core.database import changed
from photochrom.service.core.texts import clean
from photochrom.service.jobs.repository import tell
from photochrom.service.jobs.states import ItemState, Lane, State, Wish
from photochrom.service.jobs.tables import Executor, Item, Job

FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=2), timedelta(minutes=10)
"""Until a job is tried again that what it needs did not answer; each wait is as long as all before
it."""

MOST_DEATHS = 5
"""A job over which so many executors have died is given up."""


class LostError(RuntimeError):
    """A job is not ours any more: we were taken for dead, or somebody has removed it."""


@dataclass(frozen=True)
class Held:
    """A job in somebody's hands."""

    job: str
    organization: str
    executor: str
    fence: int


class Queue:
    """The queue in a session that sees everyone."""

    def __init__(self, session: Session):
        self._session = session

    def register(self, host: str, pid: int) -> str:
        """A new executor; its id is used by no other process, ever."""
        executor = Executor(host=host, pid=pid)
        self._session.add(executor)
        self._session.flush()
        return executor.id

    def leave(self, executor: str) -> None:
        """An executor ends in peace; what it still holds goes back, and nobody has died over it."""
        held = select(Job).where(Job.state == State.RUNNING, Job.executor_id == executor)
        for job in self._session.scalars(held.with_for_update()).all():
            self._put_back(job, "it goes on")
        self._session.execute(delete(Executor).where(Executor.id == executor))

    def beat(self, executor: str) -> bool:
        """An executor lives; False if it was taken for dead."""
        query = update(Executor).where(Executor.id == executor).values(beat=Executor.beat + 1)
        return bool(changed(self._session, query))

    def beats(self) -> Mapping[str, int]:
        """All executors and their beats."""
        rows = self._session.execute(select(Executor.id, Executor.beat))
        return {one.id: one.beat for one in rows}

    def bury(self, executor: str, beat: int) -> bool:
        """Removes an executor whose beat has stood still; False if it goes on after all."""
        query = delete(Executor).where(Executor.id == executor, Executor.beat == beat)
        return bool(changed(self._session, query))

    def free_orphans(self) -> Sequence[Job]:
        """Puts jobs back whose executors are no more; gives up those that kill executors."""
        living = select(Executor.id)
        query = (
            select(Job)
            .where(Job.state == State.RUNNING, Job.executor_id.not_in(living))
            .with_for_update(skip_locked=True)
        )
        found = self._session.scalars(query).all()
        for job in found:
            job.deaths += 1
            if job.wish is None and job.deaths >= MOST_DEATHS:
                self._let_go(job)
                job.state, job.ended = State.FAILED, now()
                job.message = f"given up: whoever worked on it has died {job.deaths} times"
                tell(self._session, job)
            else:
                self._put_back(job, "whoever worked on it is gone; it goes on")
        return found

    def wait(self, held: Held, reason: str, patience: timedelta) -> State:
        """Lets a job in our hands wait for what does not answer now, longer each time.

        Args:
            held: The job.
            reason: What does not answer.
            patience: How long it may wait; after that it has failed.

        Returns:
            The state that it has now.

        Raises:
            LostError: It is not in our hands any more.
        """
        job = self.held(held)
        left = patience - timedelta(seconds=job.waited)
        if job.wish is not None:
            self._put_back(job, "")
            return job.state
        self._let_go(job)
        if left <= timedelta(0):
            job.state, job.ended = State.FAILED, now()
            job.message = clean(f"given up after {_long(patience)}: {reason}")
        else:
            so_far = timedelta(seconds=job.waited)
            wait = min(max(so_far, FIRST_WAIT), LONGEST_WAIT, left)
            job.state, job.due, job.message = State.QUEUED, now() + wait, clean(f"waits: {reason}")
            job.waited += wait.total_seconds()
        tell(self._session, job)
        return job.state

    def _put_back(self, job: Job, message: str) -> None:
        """A job that nobody holds any more: what people wanted of it has come, or it waits."""
        self._let_go(job)
        if job.wish is not None:
            job.state, job.wish = job.wish.becomes, None
            job.ended = now() if job.state.is_over else None
        else:
            job.state, job.message = State.QUEUED, message
        tell(self._session, job)

    def _let_go(self, job: Job) -> None:
        """Nobody holds it any more, and nobody works at what it is about."""
        job.executor_id = None
        in_work = Item.job_id == job.id, Item.state == ItemState.WORKING
        self._session.execute(update(Item).where(*in_work).values(state=ItemState.WAITING))

    def has_work(self, lane: Lane, kinds: Sequence[str]) -> bool:
        """Whether there is something to claim: who only looks keeps no writer waiting."""
        return self._session.scalar(_queued(lane, kinds).with_only_columns(Job.id)) is not None

    def claim(self, executor: str, lane: Lane, kinds: Sequence[str]) -> Job | None:
        """The next job of a lane, now in an executor's hands; None if there is none.

        Args:
            executor: Who asks.
            lane: Of which lane.
            kinds: What it can do.
        """
        query = _queued(lane, kinds).with_for_update(skip_locked=True)
        job = self._session.scalars(query).one_or_none()
        if job is None:
            return None
        job.state, job.executor_id, job.message = State.RUNNING, executor, ""
        job.fence, job.due = job.fence + 1, None
        job.started = job.started or now()
        tell(self._session, job)
        return job

    def held(self, held: Held) -> Job:
        """The row of a job in our hands, locked until the end of the session.

        Raises:
            LostError: It is not in our hands any more.
        """
        query = select(Job).where(
            Job.id == held.job, Job.executor_id == held.executor, Job.fence == held.fence
        )
        job = self._session.scalars(query.with_for_update()).one_or_none()
        if job is None or job.state != State.RUNNING:
            raise LostError(held.job)
        return job

    def wishes(self, executor: str) -> Mapping[str, Wish]:
        """What people want of the jobs in an executor's hands."""
        query = select(Job.id, Job.wish).where(
            Job.executor_id == executor, Job.state == State.RUNNING, Job.wish.is_not(None)
        )
        return {one.id: one.wish for one in self._session.execute(query)}

    def end(self, held: Held, state: State, message: str) -> None:
        """Ends a job in our hands, or lays it aside.

        Raises:
            LostError: It is not in our hands any more.
        """
        job = self.held(held)
        if not state.is_over or state is State.CANCELLED:
            # It was stopped: what people want by now counts, and not what they wanted then.
            state = State.QUEUED if job.wish is None else job.wish.becomes
        self._let_go(job)
        job.state, job.message, job.wish = state, clean(message), None
        job.ended = now() if state.is_over else None
        tell(self._session, job)


def _queued(lane: Lane, kinds: Sequence[str]) -> Select[Job]:
    """The query for the next job of a lane."""
    queued = (Job.state == State.QUEUED, Job.lane == lane, Job.kind.in_(kinds), _is_due(now()))
    return select(Job).where(*queued).order_by(Job.priority, Job.id).limit(1)


def _is_due(time: datetime) -> ColumnElement[bool]:
    # What seems to wait for longer than anything does, began to before a clock was set back.
    return or_(Job.due.is_(None), Job.due <= time, Job.due > time + LONGEST_WAIT)


def _long(time: timedelta) -> str:
    hours = time.total_seconds() / 3600
    return f"{hours:g} h" if hours >= 1 else f"{hours * 60:g} min"
