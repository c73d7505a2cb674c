"""Rows of films."""

from __future__ import annotations

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from photochrom.service.core.problems import NotFoundError
from photochrom.service.films.tables import Film


class Films:
    """Films in a session."""

    def __init__(self, session: Session):
        self._session = session

    def add(self, film: Film) -> None:
        """A new one."""
        self._session.add(film)
        self._session.flush()

    def get(self, id: str) -> Film:
        """A film.

        Raises:
            NotFoundError: There is none.
        """
        found = self._session.scalars(self.all().where(Film.id == id)).one_or_none()
        if found is None:
            raise NotFoundError("there is no such film")
        return found

    def all(self, production: str | None = None) -> Select[Film]:
        """The query for all, or for those of a production."""
        query = select(Film).options(joinedload(Film.job))
        return query if production is None else query.where(Film.production_id == production)
