"""Rows of uploads."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from photochrom.service.core.database import changed
from photochrom.service.uploads.parts import Part
from photochrom.service.uploads.tables import Upload, UploadPart

_AT_ONCE = 500
"""Ids in one query: databases bound how many they take."""


class Uploads:
    """Uploads that a session sees."""

    def __init__(self, session: Session):
        self._session = session

    def find(self, id: str, user: str | None = None) -> Upload | None:
        """One by its id; with `user`, only if it is theirs."""
        query = select(Upload).where(Upload.id == id)
        if user is not None:
            query = query.where(Upload.user_id == user)
        return self._session.scalars(query).one_or_none()

    def add(self, upload: Upload) -> None:
        """A new one."""
        self._session.add(upload)
        self._session.flush()

    def parts(self, id: str) -> list[Part]:
        """The parts of one, by their places."""
        query = select(UploadPart).where(UploadPart.upload_id == id).order_by(UploadPart.start)
        return [Part(one.start, one.size, one.name) for one in self._session.scalars(query)]

    # -- who writes ---------------------------------------------------------------------------

    def hold(self, id: str, token: str, instead: str | None, beat: int | None = None) -> bool:
        """Makes somebody the one who writes, if `instead` is who does until now."""
        query = update(Upload).where(Upload.id == id)
        if instead is None:
            query = query.where(Upload.holder.is_(None))
        else:
            query = query.where(Upload.holder == instead)
        if beat is not None:
            query = query.where(Upload.beat == beat)
        return self._did(query.values(holder=token, beat=Upload.beat + 1))

    def beat(self, id: str, token: str) -> bool:
        """Says that whoever writes lives; False if they do not write any more."""
        return self._did(self._held(id, token).values(beat=Upload.beat + 1))

    def release(self, id: str, token: str) -> None:
        """Nobody writes any more."""
        self._did(self._held(id, token).values(holder=None))

    def move(self, upload: Upload, token: str, offset: int, until: datetime) -> bool:
        """Moves the offset; False if somebody else writes by now, or the upload is gone."""
        moved = self._held(upload.id, token).where(Upload.finished.is_(None))
        return self._did(moved.values(offset=offset, until=until, beat=Upload.beat + 1))

    def add_parts(self, upload: Upload, parts: Iterable[Part]) -> None:
        """Notes where bytes lie."""
        self._session.add_all(
            UploadPart(
                organization_id=upload.organization_id,
                upload_id=upload.id,
                start=part.start,
                size=part.size,
                name=part.name,
            )
            for part in parts
        )
        self._session.flush()

    def finish(self, id: str, token: str, photograph: str, duplicate: bool, time: datetime) -> bool:
        """Notes what one has become; False if somebody else writes by now, or it is gone."""
        held = self._held(id, token).where(Upload.finished.is_(None))
        become = {"photograph_id": photograph, "duplicate": duplicate}
        return self._did(held.values(finished=time, holder=None, **become))

    # -- what runs out ------------------------------------------------------------------------

    def remove(self, id: str) -> None:
        """Forgets one and the rows of its parts."""
        self._session.execute(delete(UploadPart).where(UploadPart.upload_id == id))
        self._session.execute(delete(Upload).where(Upload.id == id))

    def expired(self, time: datetime) -> Sequence[Upload]:
        """Those that have run out."""
        return self._session.scalars(select(Upload).where(Upload.until <= time)).all()

    def remove_expired(self, id: str, time: datetime) -> bool:
        """Forgets one if it has still run out."""
        self._session.execute(delete(UploadPart).where(UploadPart.upload_id == id))
        return self._did(delete(Upload).where(Upload.id == id, Upload.until <= time))

    def whole(self) -> Sequence[Upload]:
        """Those whose bytes are all here, and that have become nothing yet."""
        query = select(Upload).where(Upload.offset == Upload.length, Upload.finished.is_(None))
        return self._session.scalars(query).all()

    def there(self, ids: Iterable[str]) -> set[str]:
        """Those of some ids that are still here."""
        wanted, found = list(ids), set[str]()
        for start in range(0, len(wanted), _AT_ONCE):
            some = Upload.id.in_(wanted[start : start + _AT_ONCE])
            found |= set(self._session.scalars(select(Upload.id).where(some)))
        return found

    def _held(self, id: str, token: str) -> Any:
        return update(Upload).where(Upload.id == id, Upload.holder == token)

    def _did(self, query: Any) -> bool:
        query = query.execution_options(synchronize_session=False)
        return changed(self._session, query) == 1
