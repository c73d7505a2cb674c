"""Rows of productions."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from photochrom.service.core.problems import NotFoundError
from photochrom.service.productions.tables import Asset, Production


class Productions:
    """Productions in a session."""

    def __init__(self, session: Session):
        self._session = session

    def add(self, row: Production | Asset) -> None:
        """A new one."""
        self._session.add(row)
        self._session.flush()

    def remove(self, row: Production | Asset) -> None:
        """Forgets one."""
        self._session.delete(row)
        self._session.flush()

    def get(self, id: str, *, change: bool = False) -> Production:
        """A production.

        Raises:
            NotFoundError: There is none.
        """
        found = self._session.get(Production, id, with_for_update=change)
        if found is None:
            raise NotFoundError("there is no such production")
        return found

    def all(self) -> Select[Production]:
        """The query for all."""
        return select(Production)

    def assets(self, production: str) -> Sequence[Asset]:
        """The files of a production."""
        query = select(Asset).where(Asset.production_id == production)
        return self._session.scalars(query.order_by(Asset.name)).all()

    def asset(self, production: str, name: str) -> Asset | None:
        """A file of a production by its name."""
        query = select(Asset).where(Asset.production_id == production, Asset.name == name)
        return self._session.scalars(query).one_or_none()
