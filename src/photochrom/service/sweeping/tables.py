"""The table of what is done now and then."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from photochrom.service.core.tables import Table


class Chore(Table):
    """Something that is done now and then by one of the executors, and when it was begun."""

    __tablename__ = "chores"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    begun: Mapped[datetime]
