"""Rows of jobs, as people see and steer them. What executors do is in `queue`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, delete, func, select, update
from sqlalchemy.orm import Session

from photochrom.service.core.clock import now
from photochrom.service.core.problems import ConflictError, NotFoundError
from photochrom.service.events.repository import announce
from photochrom.service.jobs.states import ItemState, Lane, State, Wish
from photochrom.service.jobs.tables import Executor, Item, Job

_OVER = [state for state in State if state.is_over]


class Jobs:
    """Jobs in a session."""

    def __init__(self, session: Session):
        self._session = session

    def accept(
        self,
        organization: str,
        kind: str,
        subject: str,
        by: str,
        *,
        lane: Lane = Lane.HEAVY,
        priority: int = 0,
        argument: dict[str, Any] | None = None,
        items: Iterable[str] = (),
    ) -> Job:
        """Takes a job on. From the commit on it is not lost.

        Args:
            organization: Whose it is.
            kind: Which handler does it.
            subject: What it is about.
            by: Who wants it.
            lane: Whom it may have to wait for.
            priority: Lower ones come first.
            argument: What the handler has to know besides.
            items: What it is about, one by one; each can fail without the others.
        """
        wanted = list(items)
        job = Job(
            organization_id=organization,
            kind=kind,
            subject=subject,
            by=by,
            lane=lane,
            priority=priority,
            argument=argument or {},
            total=len(wanted),
        )
        self._session.add(job)
        self._session.flush()
        for one in wanted:
            self._session.add(Item(organization_id=organization, job_id=job.id, subject=one))
        tell(self._session, job)
        return job

    def get(self, id: str, *, change: bool = False) -> Job:
        """A job.

        Args:
            id: Which.
            change: Whether it is to be changed: nobody else does meanwhile.

        Raises:
            NotFoundError: There is none.
        """
        job = self._session.get(Job, id, with_for_update=change)
        if job is None:
            raise NotFoundError("there is no such job")
        return job

    def about(self, subject: str, *, change: bool = False) -> Job | None:
        """The newest job about something; with `change`, nobody else changes it meanwhile."""
        query = select(Job).where(Job.subject == subject).order_by(Job.id.desc()).limit(1)
        if change:
            query = query.with_for_update()
        return self._session.scalars(query).one_or_none()

    def all(self, state: State | None, kind: str | None) -> Select[Job]:
        """The query for jobs of a state or a kind."""
        query = select(Job)
        if state is not None:
            query = query.where(Job.state == state)
        return query if kind is None else query.where(Job.kind == kind)

    def items(self, job: str, state: ItemState | None = None) -> Sequence[Item]:
        """What a job is about, all of it."""
        return self._session.scalars(self.all_items(job, state).order_by(Item.id)).all()

    def all_items(self, job: str, state: ItemState | None = None) -> Select[Item]:
        """The query for what a job is about, in no order."""
        query = select(Item).where(Item.job_id == job)
        return query if state is None else query.where(Item.state == state)

    def note(self, job: str, subject: str, state: ItemState, message: str) -> None:
        """Notes what has become of one thing that a job is about."""
        query = update(Item).where(Item.job_id == job, Item.subject == subject)
        self._session.execute(query.values(state=state, message=message))

    def remark(self, subject: str, message: str) -> None:
        """Says something of one thing in all jobs that have done with it."""
        query = update(Item).where(Item.subject == subject, Item.state == ItemState.DONE)
        self._session.execute(query.values(message=message))

    def counts(self) -> dict[State, int]:
        """How many there are in each state."""
        rows = self._session.execute(select(Job.state, func.count()).group_by(Job.state))
        return {state: count for state, count in rows}  # noqa: C416

    def ended(self, kind: str, before: datetime, limit: int) -> Sequence[Job]:
        """Jobs of a kind that were over before a time."""
        query = select(Job).where(Job.kind == kind, Job.state.in_(_OVER), Job.ended < before)
        return self._session.scalars(query.limit(limit)).all()

    def oldest(self) -> Mapping[Lane, datetime]:
        """Since when the first in the queue of each lane waits."""
        query = select(Job.lane, func.min(Job.created)).where(Job.state == State.QUEUED)
        rows = self._session.execute(query.group_by(Job.lane))
        return {lane: since for lane, since in rows}  # noqa: C416

    def executors(self) -> int:
        """How many executors live; the dead are removed by the others."""
        return self._session.scalar(select(func.count()).select_from(Executor)) or 0

    def forget_ended(self, before: datetime, at_most: int, but: Sequence[str] = ()) -> int:
        """Forgets some of those that have ended before a time, but of some kinds; returns how
        many."""
        # Of those alone that are still over: somebody may have tried one again meanwhile.
        query = (
            select(Job.id)
            .where(Job.state.in_(_OVER), Job.ended < before, Job.kind.not_in(but))
            .limit(at_most)
        )
        found = self._session.scalars(query.with_for_update(skip_locked=True)).all()
        self._session.execute(delete(Job).where(Job.id.in_(found)))
        return len(found)

    def forget(self, id: str) -> None:
        """Forgets a job that is over.

        Raises:
            NotFoundError: There is none.
            ConflictError: It is not over.
        """
        job = self.get(id, change=True)
        if not job.state.is_over:
            raise ConflictError(f"its job is {job.state}", fix="cancel it first")
        self._session.delete(job)
        self._session.flush()

    def pause(self, id: str) -> Job:
        """Wants a job to pause: what is in hand is ended first.

        Raises:
            NotFoundError: There is none.
            ConflictError: It is over.
        """
        return self._steer(id, Wish.PAUSE)

    def cancel(self, id: str) -> Job:
        """Wants a job to end at once; what has been made stays.

        Raises:
            NotFoundError: There is none.
            ConflictError: It is over.
        """
        return self._steer(id, Wish.CANCEL)

    def resume(self, id: str) -> Job:
        """Lets a paused job go on where it was.

        Raises:
            NotFoundError: There is none.
            ConflictError: It is not paused.
        """
        job = self.get(id, change=True)
        if job.state is State.RUNNING and job.wish is Wish.PAUSE:
            job.wish = None
        elif job.state is State.PAUSED:
            job.state, job.due = State.QUEUED, None
        else:
            raise ConflictError(f"the job is {job.state}, not paused")
        return self._told(job)

    def retry(self, id: str) -> Job:
        """Tries again what failed, and what was cancelled; what waits for something that did not
        answer is tried now.

        Raises:
            NotFoundError: There is none.
            ConflictError: Nothing of it failed, or it is not over yet.
        """
        job = self.get(id, change=True)
        if job.state is State.QUEUED and job.due is not None:
            job.due, job.waited = None, 0.0
            return self._told(job)
        if not job.state.is_over:
            raise ConflictError(f"the job is {job.state}", fix="wait until it is over")
        if job.state is State.SUCCEEDED and not job.failed:
            raise ConflictError("nothing of the job has failed")
        failed = update(Item).where(Item.job_id == job.id, Item.state != ItemState.DONE)
        self._session.execute(failed.values(state=ItemState.WAITING, message=""))
        job.state, job.wish, job.message, job.ended = State.QUEUED, None, "", None
        job.failed = job.deaths = 0
        job.due, job.waited = None, 0.0
        return self._told(job)

    def _steer(self, id: str, wish: Wish) -> Job:
        job = self.get(id, change=True)
        if job.state.is_over:
            raise ConflictError(f"the job is over: it has {job.state}")
        if job.state is State.RUNNING:
            # Who wants it to end is not overruled by who wants it to pause.
            job.wish = job.wish if job.wish is Wish.CANCEL else wish
        else:
            job.state, job.due = wish.becomes, None
            job.ended = now() if job.state.is_over else None
        return self._told(job)

    def _told(self, job: Job) -> Job:
        tell(self._session, job)
        return job


def tell(session: Session, job: Job) -> None:
    """Writes down how a job is now, and lets whoever watches know."""
    session.flush()
    announce(session, job.organization_id, "job", job.id, shown(job), job.id)


def shown(job: Job) -> dict[str, Any]:
    """A job in an event."""
    return {
        "id": job.id,
        "kind": job.kind,
        "about": job.subject,
        "state": str(job.state),
        "wish": None if job.wish is None else str(job.wish),
        "total": job.total,
        "done": job.done,
        "failed": job.failed,
        "message": job.message,
        "again": None if job.due is None else job.due.isoformat(),
    }
