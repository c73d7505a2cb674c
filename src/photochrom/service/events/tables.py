"""The table of events."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from photochrom.service.core.tables import ID, Created, Owned, Table


class Event(Created, Owned, Table):
    """Something that has happened. Its number is higher than those of all before."""

    __tablename__ = "events"
    # Numbers of forgotten events are not given again: readers resume by them.
    __table_args__ = {"sqlite_autoincrement": True}  # noqa: RUF012

    number: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"), primary_key=True
    )
    kind: Mapped[str] = mapped_column(String(40))
    """What it is about: "job", "photograph"."""
    subject: Mapped[str] = mapped_column(ID, index=True)
    """Which one."""
    job_id: Mapped[str | None] = mapped_column(ID, index=True)
    """The job that did it."""
    data: Mapped[dict[str, Any]]
    """How that is now."""
