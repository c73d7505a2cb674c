"""Whether those who were let in may still be in: what lasts longer than a request asks now and
then."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from photochrom.service.access.credentials import Access
from photochrom.service.core.clock import now
from photochrom.service.core.database import EVERYONE, Database
from photochrom.service.identity.roles import Permission
from photochrom.service.identity.tables import Key, Member, SignIn, User

_AT_ONCE = 500
"""Ids in one query: databases bound how many they take."""


def still_in(let_in: Collection[Access], permission: Permission, database: Database) -> set[Access]:
    """Those who would still be let in: their sign-in or key has not ended, their account is not
    disabled, and they still have their place, with a permission.

    Args:
        let_in: Who was.
        permission: For what.
        database: Where they are known.
    """
    wanted = list(let_in)
    found: set[tuple[str, str]] = set()
    with database.reading(EVERYONE) as session:
        for start in range(0, len(wanted), _AT_ONCE):
            people = [one.person for one in wanted[start : start + _AT_ONCE]]
            found.update(_browsers(session, [one.sign_in for one in people if one.sign_in]))
            found.update(_keys(session, [one.key for one in people if one.key], permission))
    return {
        one for one in wanted if (one.person.key or one.person.sign_in, one.organization) in found
    }


def _browsers(session: Session, ids: Collection[str]) -> set[tuple[str, str]]:
    """Sign-ins that have not ended, and the organizations of each: every role may look."""
    query = (
        select(SignIn.id, Member.organization_id)
        .join(User, User.id == SignIn.user_id)
        .join(Member, Member.user_id == SignIn.user_id)
        .where(SignIn.id.in_(ids), SignIn.until > now(), User.disabled.is_(None))
    )
    return {(id, organization) for id, organization in session.execute(query)} if ids else set()


def _keys(session: Session, ids: Collection[str], permission: Permission) -> set[tuple[str, str]]:
    place = and_(Member.user_id == Key.user_id, Member.organization_id == Key.organization_id)
    query = (
        select(Key.id, Key.organization_id, Key.permissions)
        .join(User, User.id == Key.user_id)
        .join(Member, place)
        .where(
            Key.id.in_(ids),
            Key.revoked.is_(None),
            or_(Key.until.is_(None), Key.until > now()),
            User.disabled.is_(None),
        )
    )
    return {
        (id, organization)
        for id, organization, permissions in (session.execute(query) if ids else ())
        if permission in permissions
    }
