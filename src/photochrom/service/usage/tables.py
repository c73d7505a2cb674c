"""The table of what was done."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import Float, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from photochrom.service.core.ids import new_id
from photochrom.service.core.races import taken
from photochrom.service.core.tables import ID, Created, Owned, Table, word


class Did(StrEnum):
    """What is counted."""

    RESTORED = "restored"
    """A photograph in a restoration; the amount is 1."""
    FILMED = "filmed"
    """A film; the amount is its length in seconds."""


class Used(Created, Owned, Table):
    """Something that was done. There is one row for one thing, however often a step is run."""

    __tablename__ = "usage"
    __table_args__ = (
        UniqueConstraint("kind", "owner", "subject", info=taken("it was counted already")),
        Index("ix_usage_organization_id_day", "organization_id", "day"),
    )

    id: Mapped[str] = mapped_column(ID, primary_key=True, default=lambda: new_id("ug"))
    kind: Mapped[Did] = mapped_column(word(Did))
    owner: Mapped[str] = mapped_column(ID)
    """The restoration or the film. It may be gone; that it was made still counts."""
    subject: Mapped[str] = mapped_column(ID)
    """The photograph; empty for a film."""
    day: Mapped[str] = mapped_column(String(10))
    """In UTC: "2026-05-17"."""
    amount: Mapped[float] = mapped_column(Float)
