"""Pages of lists: newest first, or in their own order, and a cursor for the rest."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated, Generic, TypeVar

from fastapi import Query
from pydantic import BaseModel, Field
from sqlalchemy import Select
from sqlalchemy.orm import InstrumentedAttribute, Session

from photochrom.service.core.ids import Id

MOST = 200

T = TypeVar("T")
Row = TypeVar("Row")


class Page(BaseModel, Generic[T]):
    """A part of a list."""

    items: list[T]
    next: str | None = Field(
        description="Hand it back as `after` for what follows; null at the end."
    )


class Asked(BaseModel):
    """Which part of a list is wanted."""

    limit: int = Field(50, ge=1, le=MOST, description="How many at most.")
    after: Id | None = Field(None, description="`next` of the page before.")


AskedPage = Annotated[Asked, Query()]


def page_of(
    session: Session,
    query: Select[Row],
    id: InstrumentedAttribute[str],
    asked: Asked,
    shown: Callable[[Row], T],
    *,
    oldest_first: bool = False,
) -> Page[T]:
    """The part of a list that is asked for.

    Args:
        session: Where.
        query: The whole list, in no order.
        id: What it is sorted by.
        asked: Which part.
        shown: A row as it is told.
        oldest_first: Whether it is in the order in which it came, and not the newest first.
    """
    if asked.after is not None:
        query = query.where(id > asked.after if oldest_first else id < asked.after)
    query = query.order_by(id if oldest_first else id.desc())
    rows: Sequence[Row] = session.scalars(query.limit(asked.limit + 1)).all()
    items = [shown(row) for row in rows[: asked.limit]]
    more = len(rows) > asked.limit
    return Page(items=items, next=str(getattr(rows[asked.limit - 1], id.key)) if more else None)
