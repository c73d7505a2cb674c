"""What every route says of who may use it: `anyone`, `signed_in`, or `allowed(PERMISSION)`.

A route without one of them does not get past the tests, which try each as a stranger.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Annotated, Any, Final

from fastapi import Depends, Header, Request
from fastapi.concurrency import contextmanager_in_threadpool
from sqlalchemy.orm import Session

from photochrom.service.access.cookies import cookie_name
from photochrom.service.access.credentials import (
    ORGANIZATION_HEADER,
    SAFE,
    Access,
    Person,
    access_of,
    person_of,
)
from photochrom.service.access.origin import Origin, origin_of
from photochrom.service.context import Context
from photochrom.service.core.ids import Id
from photochrom.service.core.problems import NotAllowedError, TooManyError
from photochrom.service.identity.roles import Permission


@dataclass(frozen=True)
class Unit:
    """One request's work: who asks, and a session that sees their organization only. It is
    committed, before the answer goes out, if nothing fails."""

    context: Context
    access: Access
    session: Session
    address: str | None = None
    """Of whoever asks, on the network."""


def context_of(request: Request) -> Context:
    """The service that a request has come to."""
    context: Context = request.app.state.context
    return context


AnyContext = Annotated[Context, Depends(context_of)]


def anyone() -> None:
    """Marks a route that strangers may use."""


def signed_in(request: Request, context: AnyContext) -> Person:
    """Asks for somebody who is known, of whatever organization."""
    person = person_of(request, context.database, context.uses, cookie_name(context.settings))
    request.state.person = person
    grant = context.rates.hit(person.key or person.user)
    request.state.headers = grant.headers  # The middleware adds them, whatever the answer is.
    if not grant.granted:
        raise TooManyError(
            f"more than {context.settings.requests_a_minute} requests a minute",
            retry_after=grant.retry_after,
        )
    return person


SignedIn = Annotated[Person, Depends(signed_in)]


async def at_the_door(context: AnyContext) -> AsyncIterator[None]:
    """Lets some at a time do what a route writes without a `Unit`: signing in, one's own account.
    The others wait for that without a thread."""
    async with context.doors:
        yield


AT_THE_DOOR: Final = Depends(at_the_door, scope="function")


def with_browser(person: SignedIn) -> Person:
    """Asks for somebody who has signed in with a browser: what keys never may."""
    if person.sign_in is None:
        raise NotAllowedError("that is for people, not for keys", fix="sign in with a browser")
    return person


WithBrowser = Annotated[Person, Depends(with_browser)]
FromWhere = Annotated[Origin, Depends(origin_of)]

_Organization = Annotated[
    Id | None,
    Header(
        alias=ORGANIZATION_HEADER, description="For whom, if you belong to several organizations."
    ),
]


def access_to(permission: Permission) -> Callable[..., Access]:
    """Asks for a permission, without a session: for routes that wait long or stream."""

    def check(
        person: SignedIn,
        context: AnyContext,
        organization: _Organization = None,
    ) -> Access:
        access = access_of(person, organization, context.database)
        if permission not in access.permissions:
            raise NotAllowedError(
                f"that takes the permission {permission.value!r}",
                fix="ask an owner of your organization",
            )
        return access

    check.permission = permission  # type: ignore[attr-defined]
    return check


def allowed(permission: Permission) -> Any:
    """The dependency of a route: `unit: Annotated[Unit, allowed(Permission.VIEW)]`.

    Args:
        permission: What whoever asks must have.
    """
    check = access_to(permission)

    async def unit(
        request: Request,
        context: AnyContext,
        # An annotation could not name what is only known here.
        access: Access = Depends(check),  # noqa: B008
    ) -> AsyncIterator[Unit]:
        reads = request.method in SAFE
        open = context.database.reading if reads else context.database.writing
        async with AsyncExitStack() as held:
            await held.enter_async_context(context.readers if reads else context.writers)
            opened = contextmanager_in_threadpool(open(access.organization))
            session = await held.enter_async_context(opened)
            yield Unit(context, access, session, origin_of(request).address)

    unit.permission = permission  # type: ignore[attr-defined]
    # With the scope of the function, it is committed before the answer is sent.
    return Depends(unit, scope="function")


Viewing = Annotated[Unit, allowed(Permission.VIEW)]
Reviewing = Annotated[Unit, allowed(Permission.REVIEW)]
Editing = Annotated[Unit, allowed(Permission.EDIT)]
Managing = Annotated[Unit, allowed(Permission.MANAGE)]
