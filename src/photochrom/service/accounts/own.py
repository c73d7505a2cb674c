"""What people do with their own accounts: name, password, the browsers they have signed in with."""

from __future__ import annotations

from collections.abc import Sequence

from photochrom.service.access.credentials import Person
from photochrom.service.access.origin import Origin
from photochrom.service.accounts.repository import Accounts
from photochrom.service.accounts.schemas import SignInShown, UserShown
from photochrom.service.accounts.throttle import try_password
from photochrom.service.audit.service import audit_person
from photochrom.service.context import Context
from photochrom.service.core.database import EVERYONE
from photochrom.service.core.problems import (
    ConflictError,
    NotAllowedError,
    NotFoundError,
    NotSignedInError,
)
from photochrom.service.identity.tables import User


def shown(context: Context, person: Person) -> UserShown:
    """Somebody, as they are told of themselves."""
    return _shown(_user(context, person))


def rename(context: Context, person: Person, name: str) -> UserShown:
    """Calls somebody something else."""
    with context.database.writing(EVERYONE) as session:
        user = Accounts(session).user(person.user)
        if user is None:
            raise NotSignedInError()
        user.name = name
        return _shown(user)


def change_password(context: Context, person: Person, old: str, new: str, origin: Origin) -> None:
    """Another password. All other sign-ins end: whoever knew the old one is out.

    Raises:
        ConflictError: They have none, because they sign in elsewhere.
        NotAllowedError: The old one is wrong.
        TooManyError: There were too many wrong ones.
    """
    user = _user(context, person)
    if user.password is None:
        raise ConflictError("you have no password here: you sign in elsewhere")
    trying = try_password(context, user.email, origin.address)
    if not context.passwords.check(old, user.password).fits:
        raise NotAllowedError("the old password is another", where="body.old")
    trying.succeeded()
    hashed = context.passwords.hashed(new)
    with context.database.writing(EVERYONE) as session:
        accounts = Accounts(session)
        if not accounts.replace_password(user.id, hashed, user.password):
            raise ConflictError("the password has just been changed")
        accounts.remove_sign_ins(user.id, but=person.sign_in)
        audit_person(session, user.id, "password.changed", origin=origin)


def sign_ins(context: Context, person: Person) -> Sequence[SignInShown]:
    """The browsers that somebody has signed in with."""
    with context.database.reading(EVERYONE) as session:
        return [
            SignInShown(
                id=row.id,
                since=row.created,
                until=row.until,
                address=row.address,
                agent=row.agent,
                current=row.id == person.sign_in,
            )
            for row in Accounts(session).sign_ins(person.user)
        ]


def end_sign_in(context: Context, person: Person, id: str) -> None:
    """Ends one of somebody's sign-ins.

    Raises:
        NotFoundError: They have none such.
    """
    with context.database.writing(EVERYONE) as session:
        if not Accounts(session).remove_sign_in(person.user, id):
            raise NotFoundError("there is no such sign-in")


def end_others(context: Context, person: Person) -> None:
    """Ends all of somebody's sign-ins but this one."""
    with context.database.writing(EVERYONE) as session:
        Accounts(session).remove_sign_ins(person.user, but=person.sign_in)


def _user(context: Context, person: Person) -> User:
    with context.database.reading(EVERYONE) as session:
        user = Accounts(session).user(person.user)
    if user is None:
        raise NotSignedInError()
    return user


def _shown(user: User) -> UserShown:
    return UserShown(
        id=user.id,
        email=user.email,
        name=user.name,
        created=user.created,
        has_password=user.password is not None,
        elsewhere=user.subject is not None,
    )
