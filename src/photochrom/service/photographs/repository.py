"""Rows of photographs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Session

from photochrom.service.photographs.tables import Photograph, Placed, Removal, State

_AT_ONCE = 500
"""Ids in one query: databases bound how many they take."""


class Photographs:
    """Photographs of the session's organization."""

    def __init__(self, session: Session):
        self._session = session

    def find(self, id: str, *, change: bool = False) -> Photograph | None:
        """One by its id; with `change`, nobody else changes it until the session ends."""
        query = select(Photograph).where(Photograph.id == id)
        if change:
            query = query.with_for_update()
        return self._session.scalars(query).one_or_none()

    def named(self, ids: Iterable[str]) -> dict[str, Photograph]:
        """Those of some ids, by these; what is not there is left out."""
        found: dict[str, Photograph] = {}
        for some in _some_at_once(ids):
            query = select(Photograph).where(Photograph.id.in_(some))
            found |= {row.id: row for row in self._session.scalars(query)}
        return found

    def there(self, ids: Iterable[str]) -> set[str]:
        """Those of some ids that are photographs of this organization."""
        found = set[str]()
        for some in _some_at_once(ids):
            query = select(Photograph.id).where(Photograph.id.in_(some))
            found |= set(self._session.scalars(query))
        return found

    def first_with(self, sha256: str) -> Photograph | None:
        """The first with these bytes that was not refused."""
        query = (
            select(Photograph)
            .where(Photograph.sha256 == sha256, Photograph.state != State.REFUSED)
            .order_by(Photograph.id)
            .limit(1)
        )
        return self._session.scalars(query).one_or_none()

    def listed(
        self, state: State | None, collection: str | None, text: str | None
    ) -> Select[Photograph]:
        """The query for those in a state, in a collection, with words; in no order."""
        query: Select[Photograph] = select(Photograph)
        if state is not None:
            query = query.where(Photograph.state == state)
        if collection is not None:
            members = select(Placed.photograph_id).where(Placed.collection_id == collection)
            query = query.where(Photograph.id.in_(members))
        for word in folded(text or "").split():
            query = query.where(Photograph.words.contains(word, autoescape=True))
        return query

    def add(self, photograph: Photograph) -> None:
        """A new one."""
        photograph.words = words_of(photograph)
        self._session.add(photograph)
        self._session.flush()

    def changed(self, photograph: Photograph) -> None:
        """After a row was changed: it is found by its new words."""
        photograph.words = words_of(photograph)
        self._session.flush()

    def hold(self, id: str) -> bool:
        """Keeps one from being deleted until the session ends; False if it is not there."""
        query = select(Photograph.id).where(Photograph.id == id)
        held = query.with_for_update(read=True, key_share=True)
        return self._session.scalar(held) is not None

    def remove(self, id: str) -> None:
        """Forgets one."""
        self._session.execute(delete(Photograph).where(Photograph.id == id))

    def doom(self, prefix: str) -> None:
        """Notes that the blobs below a name are to go."""
        self._session.add(Removal(prefix=prefix))
        self._session.flush()

    def doomed(self, at_most: int) -> Sequence[Removal]:
        """Names below which blobs are to go, of whatever organization: the first of them."""
        return self._session.scalars(select(Removal).order_by(Removal.id).limit(at_most)).all()

    def gone(self, id: str) -> None:
        """Notes that the blobs of a removal are gone."""
        self._session.execute(delete(Removal).where(Removal.id == id))


def _some_at_once(ids: Iterable[str]) -> Iterator[list[str]]:
    wanted = list(ids)
    for first in range(0, len(wanted), _AT_ONCE):
        yield wanted[first : first + _AT_ONCE]


def words_of(photograph: Photograph) -> str:
    """All words that a photograph is found by."""
    found = photograph.found or {}
    told = (
        *(photograph.filename, photograph.title, photograph.caption, photograph.date),
        *(photograph.place, photograph.credit, photograph.source, photograph.identifier),
        *(photograph.people or ()),
    )
    names = ("title", "caption", "date", "place", "credit", "source", "identifier")
    read = (*(found.get(name) or "" for name in names), *(found.get("people") or ()))
    return folded("\n".join(str(one) for one in (*told, *read) if one))


def folded(text: str) -> str:
    """Text as it is compared."""
    return text.casefold()
