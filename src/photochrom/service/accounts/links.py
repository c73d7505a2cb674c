"""Links that are good once: for the first account of all, and for a new password.

What is secret stands behind the `#` of a link: browsers send it to no server, so that it is in no
log. The page that the link opens sends it in the body of a request.
"""

from __future__ import annotations

from datetime import timedelta

from photochrom.service.access.origin import Origin
from photochrom.service.accounts.repository import Accounts, Links
from photochrom.service.accounts.schemas import SetupAsked
from photochrom.service.accounts.service import HERE, SignedInNow, add_owner, begin
from photochrom.service.audit.service import TERMINAL, audit_person
from photochrom.service.context import Context
from photochrom.service.core.database import EVERYONE
from photochrom.service.core.problems import ConflictError, GoneError
from photochrom.service.core.signing import token, token_digest
from photochrom.service.identity.tables import LinkKind

LASTS = timedelta(hours=1)


def first_link(context: Context) -> str | None:
    """A link with which the first account is made: a new one each time, and only the last is good.

    Returns:
        It; None if there is an account.
    """
    secret = token()
    with context.database.writing(EVERYONE) as session:
        if not Accounts(session).is_empty():
            Links(session).remove(LinkKind.SETUP)
            return None
        Links(session).add(LinkKind.SETUP, token_digest(secret), LASTS)
    return page_link(context, LinkKind.SETUP, secret)


def reset_link(context: Context, email: str) -> str:
    """A link with which somebody sets a new password.

    Raises:
        NotFoundError: There is nobody with the address.
        ConflictError: The account is disabled.
    """
    secret = token()
    with context.database.writing(EVERYONE) as session:
        user = Accounts(session).known_by_email(email)
        if user.disabled is not None:
            raise ConflictError(
                "the account is disabled", where=email, fix="`photochrom account enable` it first"
            )
        Links(session).add(LinkKind.RESET, token_digest(secret), LASTS, user.id)
        audit_person(session, user.id, "password.link_made", origin=HERE, by=TERMINAL)
    return page_link(context, LinkKind.RESET, secret)


def set_up(context: Context, asked: SetupAsked, origin: Origin) -> SignedInNow:
    """Makes the first account, with the link that was told on the terminal.

    Raises:
        ConflictError: There is an account by now.
        GoneError: The link is none, or none any more.
    """
    digest = token_digest(asked.token.get_secret_value())
    with context.database.reading(EVERYONE) as session:
        link = Links(session).find(LinkKind.SETUP, digest)
    if link is None:  # Hashing takes long: strangers do not make us do it.
        raise _gone("start the service again for a new one")
    hashed = context.passwords.hashed(asked.password.get_secret_value())
    with context.database.writing(EVERYONE) as session:
        if not Links(session).use(link):
            raise _gone("start the service again for a new one")
        if not Accounts(session).is_empty():
            raise ConflictError("there is an account already", fix="sign in with it")
        user = add_owner(session, asked.email, hashed, asked.organization, asked.name)
        audit_person(session, user.id, "member.created", origin=origin)
        return begin(context, session, user, origin)


def reset_password(context: Context, secret: str, password: str, origin: Origin) -> SignedInNow:
    """A new password, with a link. All sign-ins of the person end.

    Raises:
        GoneError: The link is none, or none any more.
    """
    gone = _gone("ask the service's operator for a new one")
    with context.database.reading(EVERYONE) as session:
        link = Links(session).find(LinkKind.RESET, token_digest(secret))
        user = None if link is None else Accounts(session).user(link.user_id or "")
    if link is None or user is None or user.disabled is not None:
        raise gone
    hashed = context.passwords.hashed(password)
    with context.database.writing(EVERYONE) as session:
        if not Links(session).use(link):
            raise gone
        accounts = Accounts(session)
        if not accounts.replace_password(user.id, hashed, user.password):
            raise ConflictError("the password has just been changed")
        accounts.remove_sign_ins(user.id)
        audit_person(session, user.id, "password.changed", origin=origin)
        return begin(context, session, user, origin)


def page_link(context: Context, what: str, secret: str) -> str:
    """A link to our page that hands it a secret."""
    return f"{context.settings.url}/#{what}={secret}"


def _gone(fix: str) -> GoneError:
    return GoneError("the link is not known, was used, or has run out", fix=fix)
