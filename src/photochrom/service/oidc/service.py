"""Who somebody is here that the issuer knows."""

from __future__ import annotations

import base64
import hmac
import json
from dataclasses import asdict
from datetime import timedelta

from sqlalchemy.orm import Session

from photochrom.service.access.origin import Origin
from photochrom.service.accounts.repository import Accounts, folded
from photochrom.service.accounts.service import SignedInNow, begin
from photochrom.service.audit.service import audit_person
from photochrom.service.context import Context
from photochrom.service.core.database import EVERYONE
from photochrom.service.core.problems import NotAllowedError, NotFoundError
from photochrom.service.identity.issuer import Identity, Issuer, Started
from photochrom.service.identity.tables import User
from photochrom.service.members.invitations import take_place
from photochrom.service.members.repository import Invitations

LASTS = timedelta(minutes=10)
"""How long somebody may take to sign in there."""


def start(context: Context) -> tuple[str, str]:
    """Where to send somebody, and what their browser keeps until they come back.

    It is kept there, signed, and not in the database: strangers could fill that.

    Raises:
        NotFoundError: No issuer is set.
        UnavailableError: The issuer does not answer.
    """
    address, started = _issuer(context).start()
    kept = base64.urlsafe_b64encode(json.dumps(asdict(started)).encode()).decode()
    signature, _ = context.signer.link(_named(kept), LASTS)
    return address, f"{kept}~{signature}"


def finish(
    context: Context, cookie: str, state: str, code: str, issuer: str | None, origin: Origin
) -> SignedInNow:
    """Signs somebody in who has come back.

    Args:
        context: The service.
        cookie: What their browser kept.
        state: What came with them.
        code: What the issuer gave them.
        issuer: Who sent them, if that was told.
        origin: Where they are.

    Raises:
        NotAllowedError: It does not hold, or they have no account here and are not invited.
        NotFoundError: No issuer is set.
        UnavailableError: The issuer does not answer.
    """
    known = _issuer(context)
    started = _kept(context, cookie)
    if started is None or not hmac.compare_digest(started.state.encode(), state.encode()):
        raise NotAllowedError("signing in was begun elsewhere, or too long ago", fix="start again")
    identity = known.finish(code, issuer, started)
    with context.database.writing(EVERYONE) as session:
        user = _person(session, identity, origin)
        if user.disabled is not None:
            raise NotAllowedError("the account is disabled")
        return begin(context, session, user, origin)


def _person(session: Session, identity: Identity, origin: Origin) -> User:
    accounts = Accounts(session)
    known = accounts.user_by_subject(identity.subject)
    if known is not None:
        return known
    if identity.email is None:
        raise NotAllowedError("the issuer has not verified your email address")
    user = accounts.user_by_email(identity.email)
    if user is None:
        return _invited(session, identity, identity.email, origin)
    if user.subject is not None:
        raise NotAllowedError("the account belongs to somebody else at the issuer")
    # Whoever chose the password need not have been who owns the address: from now on the issuer
    # says who this is, and nobody else.
    user.subject, user.password = identity.subject, None
    accounts.remove_sign_ins(user.id)
    audit_person(session, user.id, "user.linked", origin=origin)
    return user


def _invited(session: Session, identity: Identity, email: str, origin: Origin) -> User:
    invitations = Invitations(session).of_email(folded(email))
    if not invitations:
        raise NotAllowedError("you have no account here", fix="ask an owner to invite you")
    user = Accounts(session).add_user(email, None, identity.name)
    user.subject = identity.subject
    for invitation in invitations:
        take_place(session, invitation, user, origin)
    return user


def _issuer(context: Context) -> Issuer:
    if context.issuer is None:
        raise NotFoundError("signing in elsewhere is not set up")
    return context.issuer


def _kept(context: Context, cookie: str) -> Started | None:
    kept, _, signature = cookie.partition("~")
    if not context.signer.opens(_named(kept), signature):
        return None
    return Started(**json.loads(base64.urlsafe_b64decode(kept)))


def _named(kept: str) -> str:
    return f"oidc\n{kept}"
