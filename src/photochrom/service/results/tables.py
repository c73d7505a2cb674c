"""The table of results."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import BigInteger, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from photochrom.service.core.ids import new_id
from photochrom.service.core.races import taken
from photochrom.service.core.tables import ID, Created, Owned, Table, word


class ResultKind(StrEnum):
    """What a file is."""

    PICTURE = "picture"
    RECORD = "record"
    PREVIEW = "preview"
    THUMBNAIL = "thumbnail"
    FILM = "film"
    POSTER = "poster"
    CAPTIONS = "captions"
    CUE_SHEET = "cue_sheet"
    DESCRIPTIONS = "descriptions"
    REPORT = "report"
    TABLE = "table"


class Result(Created, Owned, Table):
    """A file that was made."""

    __tablename__ = "results"
    __table_args__ = (
        UniqueConstraint(
            "of", "photograph_id", "name", info=taken("there is a result of this name")
        ),
    )

    id: Mapped[str] = mapped_column(ID, primary_key=True, default=lambda: new_id("re"))
    of: Mapped[str] = mapped_column(ID, index=True)
    """The restoration, film or report that it belongs to."""
    photograph_id: Mapped[str] = mapped_column(ID, index=True, default="")
    """The photograph that it shows; empty for what shows several."""
    kind: Mapped[ResultKind] = mapped_column(word(ResultKind))
    name: Mapped[str] = mapped_column(String(400))
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str] = mapped_column(String(64))
    blob: Mapped[str] = mapped_column(String(600))
    """Where its bytes are."""
