"""Keeping somebody out, and letting them in again, by the service's operator."""

from __future__ import annotations

from collections.abc import Sequence

from photochrom.service.accounts.repository import Accounts, Links
from photochrom.service.accounts.service import HERE
from photochrom.service.audit.service import TERMINAL, audit_person
from photochrom.service.context import Context
from photochrom.service.core.clock import now
from photochrom.service.core.database import EVERYONE
from photochrom.service.identity.roles import Role
from photochrom.service.identity.tables import LinkKind


def disable(context: Context, email: str) -> Sequence[str]:
    """Keeps somebody out: their sign-ins end, and their keys are not taken any more.

    Returns:
        Names of organizations that now have no owner who can sign in.

    Raises:
        NotFoundError: There is nobody with the address.
    """
    with context.database.writing(EVERYONE) as session:
        accounts = Accounts(session)
        user = accounts.known_by_email(email)
        accounts.remove_sign_ins(user.id)
        Links(session).remove(LinkKind.RESET, user.id)
        if user.disabled is None:
            user.disabled = now()
            audit_person(session, user.id, "user.disabled", origin=HERE, by=TERMINAL)
        session.flush()
        return [
            at.name
            for member, at in accounts.places(user.id)
            if member.role is Role.OWNER and not accounts.owners(at.id)
        ]


def enable(context: Context, email: str) -> None:
    """Lets somebody in again, with the keys that have not ended meanwhile.

    Raises:
        NotFoundError: There is nobody with the address.
    """
    with context.database.writing(EVERYONE) as session:
        user = Accounts(session).known_by_email(email)
        if user.disabled is not None:
            user.disabled = None
            audit_person(session, user.id, "user.enabled", origin=HERE, by=TERMINAL)
