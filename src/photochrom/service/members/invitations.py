"""Invitations: a link that whoever invites hands over, for no mail is sent."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from photochrom.service.access.credentials import Person
from photochrom.service.access.guards import Unit
from photochrom.service.access.origin import Origin
from photochrom.service.accounts.links import page_link
from photochrom.service.accounts.repository import Accounts, folded
from photochrom.service.accounts.service import SignedInNow, begin
from photochrom.service.audit.service import audit, audit_member
from photochrom.service.context import Context
from photochrom.service.core.clock import now
from photochrom.service.core.database import EVERYONE
from photochrom.service.core.problems import ConflictError, GoneError, NotAllowedError
from photochrom.service.core.signing import token, token_digest
from photochrom.service.identity.tables import Invitation, Member, Organization, User
from photochrom.service.members.repository import Invitations, Members
from photochrom.service.members.schemas import (
    InvitationAsked,
    InvitationMade,
    InvitationRead,
    InvitationShown,
)
from photochrom.service.members.service import check_grant


def invite(unit: Unit, asked: InvitationAsked) -> InvitationMade:
    """Invites somebody; an invitation of the same address before is void.

    Raises:
        ConflictError: They are a member already.
        NotAllowedError: The role may more than whoever gives it.
    """
    check_grant(unit, asked.role)
    email = folded(asked.email)
    if Members(unit.session).has_email(email):
        raise ConflictError("they are a member already", where="body.email")
    secret = token()
    row = Invitation(
        organization_id=unit.access.organization,
        email=email,
        role=asked.role,
        token=token_digest(secret),
        by=unit.access.by,
        until=now() + timedelta(days=unit.context.settings.invitation_days),
    )
    Invitations(unit.session).add(row)
    told = {"email": email, "role": asked.role.value}
    audit(unit, "invitation.created", subject=row.id, details=told)
    link = page_link(unit.context, "invitation", secret)
    return InvitationMade(**InvitationShown.of(row).model_dump(), link=link)


def take_back(unit: Unit, id: str) -> None:
    """Makes an invitation void."""
    invitations = Invitations(unit.session)
    row = invitations.one(id)
    invitations.use(row)
    audit(unit, "invitation.removed", subject=id, details={"email": row.email})


def read(context: Context, secret: str) -> InvitationRead:
    """What an invitation says.

    Raises:
        GoneError: It is none, or none any more.
    """
    row, organization, user = _open(context, secret)
    return InvitationRead.of(row, organization, user is not None)


def accept(context: Context, secret: str, name: str, password: str, origin: Origin) -> SignedInNow:
    """Makes the account of somebody who is invited.

    Raises:
        ConflictError: They have an account: they sign in, and `join`.
        GoneError: The invitation is none, or none any more.
    """
    row, _, user = _open(context, secret)
    if user is not None:
        raise ConflictError(
            "there is an account with this address", fix="sign in, and open the link again"
        )
    hashed = context.passwords.hashed(password)
    with context.database.writing(EVERYONE) as session:
        user = Accounts(session).add_user(row.email, hashed, name)
        take_place(session, row, user, origin)
        return begin(context, session, user, origin)


def join(context: Context, person: Person, secret: str, origin: Origin) -> None:
    """Somebody who has an account takes the place that they are invited to.

    Raises:
        ConflictError: They are a member already.
        GoneError: The invitation is none, or none any more.
        NotAllowedError: It is somebody else's.
    """
    row, _, user = _open(context, secret)
    if user is None or user.id != person.user:
        raise NotAllowedError(
            "the invitation is for another address", fix=f"sign in as {row.email}"
        )
    with context.database.writing(EVERYONE) as session:
        take_place(session, row, user, origin)


def take_place(session: Session, row: Invitation, user: User, origin: Origin) -> Member:
    """Uses an invitation up, in a session that sees everyone.

    Raises:
        GoneError: It was used or taken back just now.
    """
    if not Invitations(session).use(row):
        raise _gone()
    member = Accounts(session).add_member(row.organization_id, user.id, row.role)
    told = {"role": row.role.value, "email": row.email, "invited_by": row.by}
    audit_member(session, member, "member.created", origin=origin, details=told)
    return member


def _open(context: Context, secret: str) -> tuple[Invitation, Organization, User | None]:
    with context.database.reading(EVERYONE) as session:
        found = Invitations(session).find(token_digest(secret))
        if found is None:
            raise _gone()
        return *found, Accounts(session).user_by_email(found[0].email)


def _gone() -> GoneError:
    return GoneError(
        "the invitation is not known, was used, taken back, or has run out",
        fix="ask whoever invited you for a new one",
    )
