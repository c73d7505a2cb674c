"""Rows of organizations. Their table has no owner: it is asked by the id that access has found."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from photochrom.service.core.problems import NotFoundError
from photochrom.service.identity.tables import Organization


class Organizations:
    """Organizations, in a session."""

    def __init__(self, session: Session):
        self._session = session

    def one(self, id: str, *, change: bool = False) -> Organization:
        """One of them; with `change`, nobody else changes it until the session ends.

        Raises:
            NotFoundError: There is none such.
        """
        query = select(Organization).where(Organization.id == id)
        if change:
            query = query.with_for_update()
        found = self._session.scalars(query).one_or_none()
        if found is None:
            raise NotFoundError("there is no such organization")
        return found
