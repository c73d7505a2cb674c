"""The table of reports."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from photochrom.service.core.ids import new_id
from photochrom.service.core.tables import ID, Created, Owned, Table
from photochrom.service.jobs.tables import Job


class Report(Created, Owned, Table):
    """A report of what was made of photographs, as it was when the report was ordered."""

    __tablename__ = "reports"

    id: Mapped[str] = mapped_column(ID, primary_key=True, default=lambda: new_id("rp"))
    by: Mapped[str] = mapped_column(ID)
    title: Mapped[str] = mapped_column(String(200))
    shown: Mapped[list[Any]]
    """Of each photograph its id, the restoration that is shown (None for none), and why nothing
    was made of it (empty if something was). They may be deleted since."""
    job_id: Mapped[str | None] = mapped_column(ID, ForeignKey("jobs.id"), index=True)
    job: Mapped[Job] = relationship()
