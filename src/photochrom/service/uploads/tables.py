"""Tables of unfinished uploads."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from photochrom.service.core.ids import new_id
from photochrom.service.core.tables import ID, Created, Owned, Table
from photochrom.service.quotas.counted import Counted, Takes


class Upload(Created, Owned, Counted, Table):
    """A file that comes in pieces."""

    __tablename__ = "uploads"

    id: Mapped[str] = mapped_column(ID, primary_key=True, default=lambda: new_id("up"))
    user_id: Mapped[str] = mapped_column(ID, ForeignKey("users.id", ondelete="CASCADE"), index=True)
    """Whose it is: nobody else may go on with it."""
    by: Mapped[str] = mapped_column(ID)
    """The person or the key, for the photograph."""
    length: Mapped[int] = mapped_column(BigInteger)
    offset: Mapped[int] = mapped_column(BigInteger, default=0)
    """So many bytes are on the disk: the truth about it, after whatever crash."""
    metadata_: Mapped[str] = mapped_column("metadata", Text, default="")
    """As the client sent it."""
    filename: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str | None] = mapped_column(String(64))
    """What the client says it will be."""
    collection_id: Mapped[str | None] = mapped_column(
        ID, ForeignKey("collections.id", ondelete="SET NULL")
    )
    keep_duplicate: Mapped[bool] = mapped_column(default=False)
    until: Mapped[datetime] = mapped_column(index=True)

    holder: Mapped[str | None] = mapped_column(String(80))
    """Who writes; nobody else can move the offset."""
    beat: Mapped[int] = mapped_column(default=0)
    """Counts while the holder lives."""

    becomes: Mapped[str] = mapped_column(ID, default=lambda: new_id("ph"))
    """Id of the photograph that it will be: ending it twice makes one."""
    finished: Mapped[datetime | None]
    photograph_id: Mapped[str | None] = mapped_column(
        ID, ForeignKey("photographs.id", ondelete="SET NULL")
    )
    """What it has become, or the one that had the same bytes."""
    duplicate: Mapped[bool] = mapped_column(default=False)

    @classmethod
    def takes(cls) -> Takes:
        """What it will take when it is here; then the photograph does."""
        return Takes(cls.length, photographs=1, when=cls.finished.is_(None))


class UploadPart(Owned, Table):
    """Some of an upload's bytes, where they lie as blobs of their own."""

    __tablename__ = "upload_parts"

    id: Mapped[str] = mapped_column(ID, primary_key=True, default=lambda: new_id("pa"))
    upload_id: Mapped[str] = mapped_column(
        ID, ForeignKey("uploads.id", ondelete="CASCADE"), index=True
    )
    start: Mapped[int] = mapped_column(BigInteger)
    size: Mapped[int] = mapped_column(BigInteger)
    name: Mapped[str] = mapped_column(Text)
