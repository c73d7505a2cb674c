"""Signing in and out, and the making of accounts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session as DatabaseSession

from photochrom.service.access.credentials import Person
from photochrom.service.access.origin import Origin
from photochrom.service.accounts.repository import Accounts, Links
from photochrom.service.accounts.schemas import Membership, Session
from photochrom.service.accounts.throttle import try_password
from photochrom.service.audit.service import TERMINAL, audit_person
from photochrom.service.context import Context
from photochrom.service.core.clock import now
from photochrom.service.core.database import EVERYONE
from photochrom.service.core.problems import ConflictError, NotFoundError, NotSignedInError
from photochrom.service.core.signing import token, token_digest
from photochrom.service.identity.roles import Role
from photochrom.service.identity.tables import LinkKind, SignIn, User

HERE = Origin()
"""Where the service's own machine is."""


@dataclass(frozen=True)
class SignedInNow:
    """A sign-in that has just been made; the token is told once."""

    token: str
    session: Session


def sign_in(context: Context, email: str, password: str, origin: Origin) -> SignedInNow:
    """Signs somebody in.

    Raises:
        NotSignedInError: Address and password do not belong together; it never says which is wrong.
        TooManyError: There were too many wrong passwords.
    """
    trying = try_password(context, email, origin.address)
    with context.database.reading(EVERYONE) as session:
        user = Accounts(session).user_by_email(email)
    # The hash is checked with no session open: it takes long.
    checked = context.passwords.check(password, None if user is None else user.password)
    wrong = NotSignedInError("address and password do not belong together", headers={})
    if user is None or user.password is None or not checked.fits or user.disabled is not None:
        raise wrong
    trying.succeeded()
    with context.database.writing(EVERYONE) as session:
        kept = checked.newer or user.password
        # Whoever has changed it meanwhile has ended all sign-ins with the old one.
        if not Accounts(session).replace_password(user.id, kept, user.password):
            raise wrong
        return begin(context, session, user, origin)


def begin(context: Context, session: DatabaseSession, user: User, origin: Origin) -> SignedInNow:
    """A new sign-in of somebody who is known by now, in a session that sees everyone."""
    secret = token()
    row = SignIn(
        user_id=user.id,
        token=token_digest(secret),
        csrf=token(),
        until=now() + context.settings.session_lasts,
        address=origin.address,
        agent=origin.agent,
    )
    accounts = Accounts(session)
    accounts.add_sign_in(row)
    audit_person(session, user.id, "session.created", origin=origin)
    return SignedInNow(secret, _told(accounts, user, row))


def is_empty(context: Context) -> bool:
    """Whether nobody has an account yet."""
    with context.database.reading(EVERYONE) as session:
        return Accounts(session).is_empty()


def session_of(context: Context, person: Person) -> Session:
    """Who has signed in with a browser.

    Raises:
        NotSignedInError: It is a program's key.
    """
    with context.database.reading(EVERYONE) as session:
        accounts = Accounts(session)
        row = None if person.sign_in is None else accounts.sign_in(person.sign_in)
        user = accounts.user(person.user)
        if row is None or user is None:
            raise NotSignedInError("a key has no session")
        return _told(accounts, user, row)


def choose(context: Context, person: Person, organization: str) -> Session:
    """Lets a browser ask for one of somebody's organizations, where its requests name none: a
    picture's address, a download and a stream of events cannot.

    Raises:
        NotFoundError: They do not belong to it.
        NotSignedInError: They have signed out meanwhile.
    """
    with context.database.writing(EVERYONE) as session:
        accounts = Accounts(session)
        row = None if person.sign_in is None else accounts.sign_in(person.sign_in)
        user = accounts.user(person.user)
        if row is None or user is None:
            raise NotSignedInError()
        if organization not in {place.id for _, place in accounts.places(user.id)}:
            raise NotFoundError("there is no such organization")
        row.organization = organization
        return _told(accounts, user, row)


def sign_out(context: Context, person: Person) -> None:
    """Ends a browser's sign-in."""
    if person.sign_in is not None:
        with context.database.writing(EVERYONE) as session:
            Accounts(session).remove_sign_in(person.user, person.sign_in)


def create_account(
    context: Context, email: str, password: str, organization: str, name: str = ""
) -> User:
    """A new person, and the organization that they own.

    Args:
        context: The service.
        email: Their address.
        password: Their password.
        organization: The name of a new organization, or the id of one that is there.
        name: What they are called.

    Raises:
        ConflictError: There is somebody with the address.
        InvalidError: The password is too short.
        NotFoundError: There is no organization with this id.
    """
    hashed = context.passwords.hashed(password)
    with context.database.writing(EVERYONE) as session:
        if Accounts(session).user_by_email(email) is not None:
            raise ConflictError("there is an account with this address", where=email)
        user = add_owner(session, email, hashed, organization, name)
        audit_person(session, user.id, "member.created", origin=HERE, by=TERMINAL)
        return user


def add_owner(
    session: DatabaseSession, email: str, password: str, organization: str, name: str
) -> User:
    """The rows of a person who owns an organization; `password` is a hash."""
    accounts = Accounts(session)
    if organization.startswith("or_"):
        found = accounts.organization(organization)
        if found is None:
            raise NotFoundError("there is no such organization", where=organization)
    else:
        found = accounts.add_organization(organization)
    user = accounts.add_user(email, password, name)
    accounts.add_member(found.id, user.id, Role.OWNER)
    # Somebody is there now: the link for the first one opens nothing any more.
    Links(session).remove(LinkKind.SETUP)
    return user


def _told(accounts: Accounts, user: User, row: SignIn) -> Session:
    places = [
        Membership(
            organization=organization.id,
            name=organization.name,
            role=member.role,
            permissions=sorted(member.role.permissions),
        )
        for member, organization in accounts.places(user.id)
    ]
    ids = [place.organization for place in places]
    return Session(
        user=user.id,
        email=user.email,
        name=user.name,
        csrf=row.csrf,
        until=row.until,
        organizations=places,
        organization=_current(row.organization, ids),
    )


def _current(chosen: str | None, belongs_to: Sequence[str]) -> str | None:
    if chosen in belongs_to:
        return chosen
    return belongs_to[0] if len(belongs_to) == 1 else None
