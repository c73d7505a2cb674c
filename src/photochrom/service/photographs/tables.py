"""Tables of photographs, and of the collections that they are in."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from photochrom.emulsion import Emulsion
from photochrom.service.core.ids import new_id
from photochrom.service.core.races import taken
from photochrom.service.core.tables import ID, Created, Owned, Revised, Table, word
from photochrom.service.quotas.counted import Counted, Takes


class State(StrEnum):
    """How far a photograph has come."""

    RECEIVED = "received"
    """All of its bytes are here, and nobody has looked into them yet."""
    READY = "ready"
    """It was decoded; there is a preview."""
    REFUSED = "refused"
    """It cannot be decoded; the reason says why."""


class Photograph(Created, Revised, Owned, Counted, Table):
    """A photograph that was sent in. What people say of it is apart from what its file says."""

    __tablename__ = "photographs"
    __table_args__ = (
        Index("ix_photographs_organization_id_sha256", "organization_id", "sha256"),
        Index("ix_photographs_state", "state"),
    )

    id: Mapped[str] = mapped_column(ID, primary_key=True, default=lambda: new_id("ph"))
    by: Mapped[str] = mapped_column(ID)
    """The person or the key that sent it."""
    filename: Mapped[str] = mapped_column(Text)
    """As its owner calls it."""
    name: Mapped[str] = mapped_column(String(120))
    """The same as it is called in the blobs."""
    bytes: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str] = mapped_column(String(64))
    state: Mapped[State] = mapped_column(word(State), default=State.RECEIVED)
    reason: Mapped[str | None] = mapped_column(Text)
    """Why it was refused, for people."""
    duplicate_of: Mapped[str | None] = mapped_column(
        ID, ForeignKey("photographs.id", ondelete="SET NULL")
    )

    # What intake found.
    intake: Mapped[str | None] = mapped_column(String(64))
    """Key of preview and thumbnail: the digest of what they depend on."""
    taken_in: Mapped[datetime | None]
    format: Mapped[str | None] = mapped_column(String(20))
    width: Mapped[int | None]
    height: Mapped[int | None]
    bit_depth: Mapped[int | None]
    channels: Mapped[int | None]
    found: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """What the file says of the photograph."""

    # What people say.
    title: Mapped[str] = mapped_column(Text, default="")
    caption: Mapped[str] = mapped_column(Text, default="")
    date: Mapped[str] = mapped_column(String(100), default="")
    place: Mapped[str] = mapped_column(Text, default="")
    people: Mapped[list[Any]] = mapped_column(default=list)
    credit: Mapped[str] = mapped_column(Text, default="")
    license: Mapped[str] = mapped_column(Text, default="")
    source: Mapped[str] = mapped_column(Text, default="")
    identifier: Mapped[str] = mapped_column(Text, default="")
    emulsion: Mapped[Emulsion | None] = mapped_column(word(Emulsion))
    words: Mapped[str] = mapped_column(Text, default="")
    """All words that it is found by, folded."""

    @classmethod
    def takes(cls) -> Takes:
        """Its original."""
        return Takes(cls.bytes, photographs=1)


class Collection(Created, Revised, Owned, Table):
    """Photographs that belong together, in an order."""

    __tablename__ = "collections"

    id: Mapped[str] = mapped_column(ID, primary_key=True, default=lambda: new_id("co"))
    title: Mapped[str] = mapped_column(String(200))
    description: Mapped[str] = mapped_column(Text, default="")


class Placed(Owned, Table):
    """A photograph's place in a collection."""

    __tablename__ = "collection_photographs"
    __table_args__ = (
        UniqueConstraint(
            "collection_id",
            "photograph_id",
            info=taken("the photograph is in the collection already"),
        ),
    )

    id: Mapped[str] = mapped_column(ID, primary_key=True, default=lambda: new_id("cp"))
    collection_id: Mapped[str] = mapped_column(
        ID, ForeignKey("collections.id", ondelete="CASCADE"), index=True
    )
    photograph_id: Mapped[str] = mapped_column(
        ID, ForeignKey("photographs.id", ondelete="CASCADE"), index=True
    )
    position: Mapped[int]


class Removal(Created, Table):
    """Blobs whose rows are gone, and that are to go as well: noted in the transaction that removes
    the rows, so that a crash leaves nothing behind."""

    __tablename__ = "removals"

    id: Mapped[str] = mapped_column(ID, primary_key=True, default=lambda: new_id("rm"))
    prefix: Mapped[str] = mapped_column(Text)
