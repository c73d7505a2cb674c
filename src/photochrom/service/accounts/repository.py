"""Rows of accounts. People belong to no organization: their queries are everyone's, and few."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from photochrom.service.identity.roles import Role
from photochrom.service.identity.tables import Member, Organization, SignIn, User


class Accounts:
    """Accounts in a session that sees everyone."""

    def __init__(self, session: Session):
        self._session = session

    def is_empty(self) -> bool:
        """Whether there is nobody yet."""
        return self._session.scalar(select(func.count()).select_from(User)) == 0

    def user_by_email(self, email: str) -> User | None:
        """Somebody by their address, in any case."""
        return self._session.scalars(select(User).where(User.email == folded(email))).one_or_none()

    def user(self, id: str) -> User | None:
        """Somebody by their id."""
        return self._session.get(User, id)

    def places(self, user: str) -> Sequence[tuple[Member, Organization]]:
        """The organizations that somebody belongs to."""
        query = (
            select(Member, Organization)
            .join(Organization, Organization.id == Member.organization_id)
            .where(Member.user_id == user)
            .order_by(Organization.name)
        )
        return [(member, organization) for member, organization in self._session.execute(query)]

    def add_organization(self, name: str) -> Organization:
        """A new organization."""
        organization = Organization(name=name)
        self._session.add(organization)
        self._session.flush()
        return organization

    def add_user(self, email: str, password: str | None, name: str = "") -> User:
        """A new person; `password` is a hash."""
        user = User(email=folded(email), password=password, name=name)
        self._session.add(user)
        self._session.flush()
        return user

    def add_member(self, organization: str, user: str, role: Role) -> Member:
        """A person's place in an organization."""
        member = Member(organization_id=organization, user_id=user, role=role)
        self._session.add(member)
        self._session.flush()
        return member

    def add_sign_in(self, sign_in: SignIn) -> None:
        """A browser that somebody has signed in with."""
        self._session.add(sign_in)

    def sign_in(self, id: str) -> SignIn | None:
        """A sign-in by its id."""
        return self._session.get(SignIn, id)

    def remove_sign_in(self, id: str) -> None:
        """Forgets a sign-in."""
        self._session.execute(delete(SignIn).where(SignIn.id == id))


def folded(email: str) -> str:
    """An address as it is compared."""
    return email.strip().casefold()
