"""Who asks: a browser by its cookie, a program by its key."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import timedelta

from fastapi import Request
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from photochrom.service.core.clock import now
from photochrom.service.core.database import EVERYONE, Database
from photochrom.service.core.problems import (
    NotAllowedError,
    NotFoundError,
    NotSignedInError,
)
from photochrom.service.core.signing import token_digest
from photochrom.service.identity.roles import Permission, Role
from photochrom.service.identity.tables import Key, Member, SignIn, User
from photochrom.service.identity.uses import Uses

COOKIE = "photochrom_session"
CSRF_HEADER = "X-CSRF-Token"
ORGANIZATION_HEADER = "Photochrom-Organization"
KEY_PREFIX = "pck_"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
"""Methods that change nothing."""
_USED_EVERY = timedelta(minutes=1)


@dataclass(frozen=True)
class Person:
    """Whoever has signed in, or made the key that is used.

    Attributes:
        user: Their id.
        sign_in: The browser's, if it is one.
        key: The program's, if it is one.
        organization: The one that the key is for.
        current: The one that the browser is for, where a request names none.
        scope: What the key may at most; None for browsers.
    """

    user: str
    sign_in: str | None = None
    key: str | None = None
    organization: str | None = None
    current: str | None = None
    scope: frozenset[Permission] | None = None


@dataclass(frozen=True)
class Access:
    """Who asks, for which organization, and what they may there."""

    person: Person
    organization: str
    role: Role
    permissions: frozenset[Permission]

    @property
    def by(self) -> str:
        """Whoever does it, for records: the key or the person."""
        return self.person.key or self.person.user


def person_of(
    request: Request, database: Database, uses: Uses, cookie_name: str = COOKIE
) -> Person:
    """Who asks.

    Args:
        request: What they send.
        database: Where they are known.
        uses: Where it is noted that a key was used.
        cookie_name: What their browser's cookie is called.

    Raises:
        NotSignedInError: Nobody that is known.
        NotAllowedError: A browser's request that changes something, without its CSRF token.
    """
    header = request.headers.get("Authorization")
    if header is not None:
        kind, _, key = header.partition(" ")
        if kind.lower() != "bearer" or not key.strip():
            raise NotSignedInError("the Authorization header is no `Bearer KEY`")
        return _program(key.strip(), database, uses)
    cookie = request.cookies.get(cookie_name)
    if not cookie:
        raise NotSignedInError()
    return _browser(cookie, request, database)


def access_of(person: Person, asked: str | None, database: Database) -> Access:
    """What a person may, where they ask for it.

    Args:
        person: Who.
        asked: The organization that the request names; None for the sign-in's, or the only one.
        database: Where.

    Raises:
        NotFoundError: They are no member of it, or of none at all.
        NotAllowedError: They belong to several, and the request does not say which.
    """
    if person.organization is not None and asked not in (None, person.organization):
        raise NotFoundError("there is no such organization")
    asked = person.organization or asked
    with database.reading(EVERYONE) as session:
        query = select(Member).where(Member.user_id == person.user)
        if asked is not None:
            query = query.where(Member.organization_id == asked)
        found = session.scalars(query).all()
    # A sign-in may still be for one that they do not belong to any more.
    found = [one for one in found if one.organization_id == person.current] or found
    if not found:
        raise NotFoundError("there is no such organization")
    if len(found) > 1:
        raise NotAllowedError(
            "you belong to several organizations",
            fix=f"name one in {ORGANIZATION_HEADER}, or PUT /v1/session/organization",
        )
    role = found[0].role
    granted = role.permissions
    if person.scope is not None:
        granted &= person.scope
    return Access(person, found[0].organization_id, role, granted)


def _program(key: str, database: Database, uses: Uses) -> Person:
    wrong = NotSignedInError("the key is not known, or not any more")
    prefix, _, secret = key.removeprefix(KEY_PREFIX).partition("_")
    if not key.startswith(KEY_PREFIX) or not secret:
        raise wrong
    with database.reading(EVERYONE) as session:
        query = select(Key).where(Key.prefix == prefix).options(joinedload(Key.user))
        found = session.scalars(query).one_or_none()
    digest = token_digest(secret)
    if found is None or not hmac.compare_digest(found.secret, digest):
        raise wrong
    time = now()
    ended = found.until is not None and found.until <= time
    if found.revoked is not None or ended or _is_out(found.user):
        raise wrong
    if found.last_used is None or time - found.last_used > _USED_EVERY:
        uses.note(found.id, time)
    scope = frozenset(Permission(one) for one in found.permissions)
    return Person(found.user_id, key=found.id, organization=found.organization_id, scope=scope)


def _browser(cookie: str, request: Request, database: Database) -> Person:
    with database.reading(EVERYONE) as session:
        query = select(SignIn).where(SignIn.token == token_digest(cookie))
        found = session.scalars(query.options(joinedload(SignIn.user))).one_or_none()
    if found is None or found.until <= now() or _is_out(found.user):
        raise NotSignedInError("your sign-in has ended")
    if request.method not in SAFE:
        given = request.headers.get(CSRF_HEADER, "")
        if not hmac.compare_digest(given.encode(), found.csrf.encode()):
            raise NotAllowedError(
                "the request does not come from our own page",
                fix=f"send {CSRF_HEADER}, as GET /v1/session tells it",
            )
    return Person(found.user_id, sign_in=found.id, current=found.organization)


def _is_out(user: User) -> bool:
    return user.disabled is not None
