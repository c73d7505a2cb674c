"""The table of films."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from photochrom.service.core.ids import new_id
from photochrom.service.core.tables import ID, Created, Owned, Table
from photochrom.service.jobs.tables import Job


class Film(Created, Owned, Table):
    """A film of a production as it was when the film was ordered."""

    __tablename__ = "films"

    id: Mapped[str] = mapped_column(ID, primary_key=True, default=lambda: new_id("fi"))
    production_id: Mapped[str] = mapped_column(ID, ForeignKey("productions.id"), index=True)
    by: Mapped[str] = mapped_column(ID)
    title: Mapped[str] = mapped_column(String(200))
    toml: Mapped[str | None] = mapped_column(Text)
    """The production file that it is made from; None until that is drafted."""
    revision: Mapped[int]
    photographs: Mapped[list[Any]]
    """Ids of those that it names; they may be deleted since."""
    job_id: Mapped[str | None] = mapped_column(ID, ForeignKey("jobs.id"), index=True)
    job: Mapped[Job] = relationship()
