"""What happens to collections."""

from __future__ import annotations

from collections import Counter

from sqlalchemy.orm import Session

from photochrom.service.collections.repository import Collections
from photochrom.service.collections.schemas import (
    MOST,
    CollectionChanges,
    CollectionMade,
    CollectionShown,
    Order,
)
from photochrom.service.core.paging import Asked, Page, page_of
from photochrom.service.core.problems import InvalidError, NotFoundError
from photochrom.service.core.revisions import check, check_seen, revise, tag_of
from photochrom.service.photographs.repository import Photographs
from photochrom.service.photographs.tables import Collection


def listed(session: Session, asked: Asked) -> Page[CollectionShown]:
    """Collections, the newest first."""
    collections = Collections(session)
    return page_of(
        session, collections.listed(), Collection.id, asked, lambda row: _shown(collections, row)
    )


def made(session: Session, organization: str, asked: CollectionMade) -> CollectionShown:
    """A new collection."""
    row = Collection(organization_id=organization, title=asked.title, description=asked.description)
    collections = Collections(session)
    collections.add(row)
    return _shown(collections, row)


def collection(session: Session, id: str) -> CollectionShown:
    """One by its id.

    Raises:
        NotFoundError: There is none.
    """
    return _shown(Collections(session), row_of(session, id))


def change(
    session: Session, id: str, changes: CollectionChanges, seen: str | None
) -> CollectionShown:
    """Changes what is said of one.

    Raises:
        NotFoundError: There is none.
        PreconditionError: It is not any more what was `seen`.
    """
    row = row_of(session, id, change=True)
    revise(row, seen)
    row.title = row.title if changes.title is None else changes.title
    row.description = row.description if changes.description is None else changes.description
    session.flush()
    return _shown(Collections(session), row)


def delete(session: Session, id: str, seen: str | None) -> None:
    """Forgets one; its photographs stay.

    Raises:
        NotFoundError: There is none.
        PreconditionError: What is said of it is not any more what was `seen`.
    """
    row = row_of(session, id, change=True)
    check_seen(row, seen)
    Collections(session).remove(row.id)


def order(session: Session, id: str) -> Order:
    """The photographs of one, in their order.

    Raises:
        NotFoundError: There is none.
    """
    return Order(photographs=list(Collections(session).order(row_of(session, id).id)))


def arrange(session: Session, id: str, asked: Order, seen: str | None) -> Order:
    """Puts photographs into one, in this order, and no others.

    Raises:
        NotFoundError: There is no such collection.
        PreconditionError: Its order is not any more what was `seen`.
        InvalidError: One is named twice, or is no photograph of the organization.
    """
    row = row_of(session, id, change=True)
    check(tag_of(Collections(session).order(id)), seen)
    twice = next((one for one, times in Counter(asked.photographs).items() if times > 1), None)
    if twice is not None:
        raise InvalidError("is named twice", where=twice)
    there = Photographs(session).there(asked.photographs)
    stranger = next((one for one in asked.photographs if one not in there), None)
    if stranger is not None:
        raise InvalidError("is no photograph of yours", where=stranger)
    Collections(session).arrange(row, asked.photographs)
    return asked


def append(session: Session, id: str, photograph: str) -> None:
    """Puts a photograph at the end of one, unless it is there, or it is full.

    Raises:
        NotFoundError: There is no such collection.
    """
    row, collections = row_of(session, id, change=True), Collections(session)
    if collections.count(id) < MOST:
        collections.append(row, photograph)


def row_of(session: Session, id: str, *, change: bool = False) -> Collection:
    """The row of a collection; with `change`, nobody else changes it until the session ends.

    Raises:
        NotFoundError: There is none, or it is another organization's.
    """
    found = Collections(session).find(id, change=change)
    if found is None:
        raise NotFoundError("there is no such collection")
    return found


def _shown(collections: Collections, row: Collection) -> CollectionShown:
    return CollectionShown(
        id=row.id,
        created=row.created,
        revision=row.revision,
        title=row.title,
        description=row.description,
        photographs=collections.count(row.id),
    )
