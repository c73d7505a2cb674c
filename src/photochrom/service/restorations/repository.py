"""Rows of restorations."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Select, Subquery, func, or_, select
from sqlalchemy.orm import Session, joinedload

from photochrom.service.core.problems import NotFoundError
from photochrom.service.jobs.states import ItemState
from photochrom.service.jobs.tables import Item
from photochrom.service.restorations.tables import Restoration


class Restorations:
    """Restorations in a session."""

    def __init__(self, session: Session):
        self._session = session

    def add(self, restoration: Restoration) -> None:
        """A new one."""
        self._session.add(restoration)
        self._session.flush()

    def get(self, id: str) -> Restoration:
        """A restoration.

        Raises:
            NotFoundError: There is none.
        """
        query = self.all().where(Restoration.id == id)
        found = self._session.scalars(query).one_or_none()
        if found is None:
            raise NotFoundError("there is no such restoration")
        return found

    def all(self, photograph: str | None = None) -> Select[Restoration]:
        """The query for all, or for those of a photograph."""
        query = select(Restoration).options(joinedload(Restoration.job))
        if photograph is None:
            return query
        return query.join(Item, Item.job_id == Restoration.job_id).where(Item.subject == photograph)

    def versions(self, photographs: Sequence[str], latest: bool) -> list[tuple[Restoration, Item]]:
        """What was ordered for photographs, the newest first.

        Args:
            photographs: Which.
            latest: For each only the newest, and the newest that is done.
        """
        query = (
            select(Restoration, Item)
            .join(Item, Item.job_id == Restoration.job_id)
            .options(joinedload(Restoration.job))
            .where(Item.subject.in_(photographs))
        )
        if latest:
            newest, done = _newest(photographs), _newest(photographs, Item.state == ItemState.DONE)
            for one in (newest, done):
                query = query.outerjoin(one, one.c.photograph == Item.subject)
            query = query.where(or_(Restoration.id == newest.c.id, Restoration.id == done.c.id))
        rows = self._session.execute(query.order_by(Restoration.id.desc(), Item.id))
        return [(restoration, item) for restoration, item in rows]


def _newest(photographs: Sequence[str], *conditions: ColumnElement[bool]) -> Subquery:
    """The newest restoration of each photograph: ids sort as they were given."""
    return (
        select(Item.subject.label("photograph"), func.max(Restoration.id).label("id"))
        .join(Restoration, Restoration.job_id == Item.job_id)
        .where(Item.subject.in_(photographs), *conditions)
        .group_by(Item.subject)
        .subquery()
    )
