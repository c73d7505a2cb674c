"""Signing in and out."""

from __future__ import annotations

from dataclasses import dataclass

from photochrom.service.access.credentials import Person
from photochrom.service.accounts.repository import Accounts
from photochrom.service.accounts.schemas import Membership, Session
from photochrom.service.context import Context
from photochrom.service.core.clock import now
from photochrom.service.core.database import EVERYONE
from photochrom.service.core.problems import ConflictError, NotSignedInError
from photochrom.service.core.signing import token, token_digest
from photochrom.service.identity.roles import Role
from photochrom.service.identity.tables import SignIn, User


@dataclass(frozen=True)
class SignedInNow:
    """A sign-in that has just been made; the token is told once."""

    token: str
    session: Session


def sign_in(context: Context, email: str, password: str) -> SignedInNow:
    """Signs somebody in.

    Raises:
        NotSignedInError: Address and password do not belong together; it never says which is wrong.
    """
    with context.database.reading(EVERYONE) as session:
        user = Accounts(session).user_by_email(email)
    # The hash is checked with no session open: it takes long.
    fits = context.passwords.fits(password, None if user is None else user.password)
    if user is None or not fits or user.disabled is not None:
        raise NotSignedInError("address and password do not belong together", headers={})
    return signed_in(context, user)


def signed_in(context: Context, user: User) -> SignedInNow:
    """A new sign-in of somebody who is known by now."""
    secret = token()
    until = now() + context.settings.session_lasts
    row = SignIn(user_id=user.id, token=token_digest(secret), csrf=token(), until=until)
    with context.database.writing(EVERYONE) as session:
        Accounts(session).add_sign_in(row)
        session.flush()
        return SignedInNow(secret, _told(Accounts(session), user, row))


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


def sign_out(context: Context, person: Person) -> None:
    """Ends a browser's sign-in."""
    if person.sign_in is not None:
        with context.database.writing(EVERYONE) as session:
            Accounts(session).remove_sign_in(person.sign_in)


def create_account(
    context: Context, email: str, password: str, organization: str, name: str = ""
) -> User:
    """A new person, and the organization that they own.

    Raises:
        ConflictError: There is somebody with the address.
        InvalidError: The password is too short.
    """
    hashed = context.passwords.hashed(password)
    with context.database.writing(EVERYONE) as session:
        accounts = Accounts(session)
        if accounts.user_by_email(email) is not None:
            raise ConflictError("there is an account with this address", where=email)
        user = accounts.add_user(email, hashed, name)
        accounts.add_member(accounts.add_organization(organization).id, user.id, Role.OWNER)
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
    return Session(
        user=user.id,
        email=user.email,
        name=user.name,
        csrf=row.csrf,
        until=row.until,
        organizations=places,
    )
