"""Tables of productions and of the files that they name."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from photochrom.service.core.clock import now
from photochrom.service.core.ids import new_id
from photochrom.service.core.races import taken
from photochrom.service.core.tables import ID, Created, Owned, Revised, Table
from photochrom.service.quotas.counted import Counted, Takes


class Production(Created, Revised, Owned, Table):
    """A production file, or what one is to be drafted from."""

    __tablename__ = "productions"

    id: Mapped[str] = mapped_column(ID, primary_key=True, default=lambda: new_id("pr"))
    by: Mapped[str] = mapped_column(ID)
    title: Mapped[str] = mapped_column(String(200))
    toml: Mapped[str | None] = mapped_column(Text)
    """The file; None until it is drafted."""
    draft: Mapped[dict[str, Any] | None]
    """What it is to be drafted from: photographs, seconds."""
    changed: Mapped[datetime] = mapped_column(default=now)


class Asset(Created, Owned, Counted, Table):
    """A file that a production names and that is no photograph: music, a voice, a font."""

    __tablename__ = "production_files"
    __table_args__ = (
        UniqueConstraint(
            "production_id", "name", info=taken("the production has a file of this name")
        ),
    )

    id: Mapped[str] = mapped_column(ID, primary_key=True, default=lambda: new_id("as"))
    production_id: Mapped[str] = mapped_column(
        ID, ForeignKey("productions.id", ondelete="CASCADE"), index=True
    )
    name: Mapped[str] = mapped_column(String(200))
    size: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str] = mapped_column(String(64))
    blob: Mapped[str] = mapped_column(String(600))

    @classmethod
    def takes(cls) -> Takes:
        """Its bytes."""
        return Takes(cls.size)
