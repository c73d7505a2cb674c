"""Rows of results."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Protocol

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from photochrom.service.core.problems import NotFoundError
from photochrom.service.jobs.repository import Jobs
from photochrom.service.photographs.repository import Photographs
from photochrom.service.results.keeping import results_of
from photochrom.service.results.tables import Result


class Made(Protocol):
    """A row of something that a job makes: a restoration, a film, a report."""

    @property
    def id(self) -> str: ...

    @property
    def organization_id(self) -> str: ...

    @property
    def job_id(self) -> str | None: ...


class Results:
    """Results in a session."""

    def __init__(self, session: Session):
        self._session = session

    def get(self, id: str) -> Result:
        """A result.

        Raises:
            NotFoundError: There is none.
        """
        found = self._session.get(Result, id)
        if found is None:
            raise NotFoundError("there is no such result")
        return found

    def of(self, owner: str) -> Sequence[Result]:
        """The results of a restoration or a film."""
        return self.of_all((owner,))

    def of_all(
        self, owners: Collection[str], photographs: Collection[str] | None = None
    ) -> Sequence[Result]:
        """The results of several restorations or films, perhaps of some photographs only."""
        query = select(Result).where(Result.of.in_(owners))
        if photographs is not None:
            query = query.where(Result.photograph_id.in_(photographs))
        return self._session.scalars(query.order_by(Result.id)).all()

    def forget_made(self, row: Made) -> None:
        """Forgets something that a job has made, with its results and the job; the bytes go once
        this is committed.

        Raises:
            ConflictError: The job is not over.
        """
        self._session.execute(delete(Result).where(Result.of == row.id))
        Photographs(self._session).doom(results_of(row.organization_id, row.id))
        job = row.job_id
        self._session.delete(row)
        self._session.flush()
        if job is not None:
            Jobs(self._session).forget(job)

    def of_photograph(self, photograph: str) -> Sequence[Result]:
        """All that restorations have made of a photograph."""
        query = select(Result).where(Result.photograph_id == photograph)
        return self._session.scalars(query).all()

    def forget_of_photograph(self, photograph: str) -> None:
        """Forgets all of that; its bytes are another matter."""
        self._session.execute(delete(Result).where(Result.photograph_id == photograph))

    def replace(self, owner: str, photograph: str, results: Sequence[Result]) -> None:
        """Puts results in the place of those of before."""
        gone = delete(Result).where(Result.of == owner, Result.photograph_id == photograph)
        self._session.execute(gone)
        self._session.add_all(results)
        self._session.flush()
