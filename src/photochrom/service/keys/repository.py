"""Rows of keys."""

from __future__ import annotations

from collections.abc import Set

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from photochrom.service.core.clock import now
from photochrom.service.core.paging import Asked, Page, page_of
from photochrom.service.core.problems import NotFoundError
from photochrom.service.identity.roles import Permission
from photochrom.service.identity.tables import Key
from photochrom.service.keys.schemas import KeyShown


class Keys:
    """Keys of an organization.

    Args:
        session: Where.
        maker: Whose keys; None for everybody's.
    """

    def __init__(self, session: Session, maker: str | None = None):
        self._session = session
        self._all = select(Key).options(joinedload(Key.user))
        if maker is not None:
            self._all = self._all.where(Key.user_id == maker)

    def page(self, asked: Asked) -> Page[KeyShown]:
        """A part of them."""
        return page_of(self._session, self._all, Key.id, asked, KeyShown.of)

    def one(self, id: str) -> Key:
        """One of them.

        Raises:
            NotFoundError: There is none such.
        """
        found = self._session.scalars(self._all.where(Key.id == id)).one_or_none()
        if found is None:
            raise NotFoundError("there is no such key")
        return found

    def add(self, key: Key) -> None:
        """A new one."""
        self._session.add(key)
        self._session.flush()

    def narrow(self, maker: str, permissions: Set[Permission]) -> None:
        """Takes from somebody's keys what they may not do any more, for good: what is given back to
        the person later is not given back to keys that were made before."""
        keys = select(Key).where(Key.user_id == maker, Key.revoked.is_(None)).with_for_update()
        for key in self._session.scalars(keys):
            left = sorted(set(key.permissions) & permissions)
            if left != sorted(key.permissions):
                key.permissions = left
            if not left:
                key.revoked = now()
