"""Rows of results."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from photochrom.service.core.problems import NotFoundError
from photochrom.service.photographs.repository import Photographs
from photochrom.service.results.tables import Result


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

    def forget(self, owner: str, prefix: str) -> None:
        """Forgets the results of a restoration or a film; their bytes go once this is committed.

        Args:
            owner: Which.
            prefix: Below which name its bytes are.
        """
        self._session.execute(delete(Result).where(Result.of == owner))
        Photographs(self._session).doom(prefix)

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
