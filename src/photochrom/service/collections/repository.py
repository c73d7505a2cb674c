"""Rows of collections."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Select, delete, func, select
from sqlalchemy.orm import Session

from photochrom.service.photographs.tables import Collection, Placed


class Collections:
    """Collections of the session's organization."""

    def __init__(self, session: Session):
        self._session = session

    def find(self, id: str, *, change: bool = False) -> Collection | None:
        """One by its id; with `change`, nobody else changes it until the session ends."""
        query = select(Collection).where(Collection.id == id)
        if change:
            query = query.with_for_update()
        return self._session.scalars(query).one_or_none()

    def listed(self) -> Select[Collection]:
        """The query for all of them, in no order."""
        return select(Collection)

    def add(self, collection: Collection) -> None:
        """A new one."""
        self._session.add(collection)
        self._session.flush()

    def remove(self, id: str) -> None:
        """Forgets one; its photographs stay."""
        self._session.execute(delete(Collection).where(Collection.id == id))

    def count(self, id: str) -> int:
        """How many photographs are in one."""
        query = select(func.count()).select_from(Placed).where(Placed.collection_id == id)
        return int(self._session.scalar(query) or 0)

    def order(self, id: str) -> Sequence[str]:
        """The photographs of one, in their order."""
        query = select(Placed.photograph_id).where(Placed.collection_id == id)
        return self._session.scalars(query.order_by(Placed.position, Placed.id)).all()

    def arrange(self, collection: Collection, photographs: Sequence[str]) -> None:
        """Puts photographs into one, in this order, and no others."""
        self._session.execute(delete(Placed).where(Placed.collection_id == collection.id))
        self._session.add_all(
            Placed(
                organization_id=collection.organization_id,
                collection_id=collection.id,
                photograph_id=one,
                position=position,
            )
            for position, one in enumerate(photographs)
        )
        self._session.flush()

    def append(self, collection: Collection, photograph: str) -> None:
        """Puts a photograph at the end of one, unless it is there."""
        here = Placed.collection_id == collection.id
        query = select(Placed.id).where(here, Placed.photograph_id == photograph)
        if self._session.scalar(query) is not None:
            return
        last = self._session.scalar(select(func.max(Placed.position)).where(here))
        self._session.add(
            Placed(
                organization_id=collection.organization_id,
                collection_id=collection.id,
                photograph_id=photograph,
                position=0 if last is None else last + 1,
            )
        )
        self._session.flush()
