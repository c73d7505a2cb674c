"""The table of restorations."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from photochrom.service.core.ids import new_id
from photochrom.service.core.tables import ID, Created, Owned, Table
from photochrom.service.jobs.tables import Job


class Restoration(Created, Owned, Table):
    """Photographs that are restored in one way. Which they are is in the items of its job."""

    __tablename__ = "restorations"

    id: Mapped[str] = mapped_column(ID, primary_key=True, default=lambda: new_id("rs"))
    by: Mapped[str] = mapped_column(ID)
    title: Mapped[str] = mapped_column(String(200), default="")
    recipe: Mapped[str] = mapped_column(Text)
    """As TOML, with all its parameters: what a preset says may change from release to release."""
    recipe_name: Mapped[str] = mapped_column(String(100))
    emulsion: Mapped[str | None] = mapped_column(String(40))
    """None lets each photograph decide."""
    formats: Mapped[list[Any]]
    pins: Mapped[list[Any]]
    trim: Mapped[dict[str, Any] | None]
    """How much of the scans is shown, and how they lie, as `trimming.Trim` says it in JSON; None:
    all, as they lie."""
    job_id: Mapped[str | None] = mapped_column(ID, ForeignKey("jobs.id"), index=True)
    job: Mapped[Job] = relationship()
