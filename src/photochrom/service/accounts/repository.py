"""Rows of accounts. People belong to no organization: their queries are everyone's, and few."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from photochrom.service.core.clock import now
from photochrom.service.core.database import changed
from photochrom.service.core.problems import NotFoundError
from photochrom.service.identity.roles import Role
from photochrom.service.identity.tables import (
    Attempt,
    LinkKind,
    Member,
    OneTimeLink,
    Organization,
    SignIn,
    User,
)


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

    def known_by_email(self, email: str) -> User:
        """The same, of somebody whom the operator names.

        Raises:
            NotFoundError: There is nobody.
        """
        found = self.user_by_email(email)
        if found is None:
            raise NotFoundError(
                "there is no account with this address",
                where=email,
                fix="list them with `photochrom account list`",
            )
        return found

    def owners(self, organization: str) -> int:
        """How many own an organization, and can sign in."""
        query = select(func.count()).select_from(Member).join(User, User.id == Member.user_id)
        owning = Member.organization_id == organization, Member.role == Role.OWNER
        return self._session.scalar(query.where(*owning, User.disabled.is_(None))) or 0

    def user(self, id: str) -> User | None:
        """Somebody by their id."""
        return self._session.get(User, id)

    def user_by_subject(self, subject: str) -> User | None:
        """Somebody by who they are for the issuer."""
        return self._session.scalars(select(User).where(User.subject == subject)).one_or_none()

    def users(self) -> Sequence[User]:
        """All, in the order of their addresses."""
        return self._session.scalars(select(User).order_by(User.email)).all()

    def organization(self, id: str) -> Organization | None:
        """An organization by its id."""
        return self._session.get(Organization, id)

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

    def replace_password(self, user: str, password: str, was: str | None) -> bool:
        """Keeps another hash, unless somebody has changed it meanwhile.

        Returns:
            Whether it is kept.
        """
        same = User.password.is_(None) if was is None else User.password == was
        changing = update(User).where(User.id == user, same).values(password=password)
        return changed(self._session, changing) == 1

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

    def sign_ins(self, user: str) -> Sequence[SignIn]:
        """Somebody's sign-ins that have not ended, the newest first."""
        query = select(SignIn).where(SignIn.user_id == user, SignIn.until > now())
        return self._session.scalars(query.order_by(SignIn.id.desc())).all()

    def remove_sign_in(self, user: str, id: str) -> bool:
        """Forgets one of somebody's sign-ins.

        Returns:
            Whether it was there.
        """
        forgetting = delete(SignIn).where(SignIn.id == id, SignIn.user_id == user)
        return changed(self._session, forgetting) == 1

    def remove_sign_ins(self, user: str, but: str | None = None) -> None:
        """Forgets all of somebody's sign-ins, but one."""
        forgetting = delete(SignIn).where(SignIn.user_id == user)
        if but is not None:
            forgetting = forgetting.where(SignIn.id != but)
        self._session.execute(forgetting)

    def remove_all_ended(self) -> int:
        """Forgets everybody's sign-ins that have ended; returns how many."""
        return changed(self._session, delete(SignIn).where(SignIn.until <= now()))


class Links:
    """Links that let whoever has them do one thing, once. Nobody's: there is no scope."""

    def __init__(self, session: Session):
        self._session = session

    def add(self, kind: LinkKind, token: str, lasts: timedelta, user: str | None = None) -> None:
        """A new link; `token` is a digest. Others of the kind, for the same person, are gone."""
        self.remove(kind, user)
        until = now() + lasts
        self._session.add(OneTimeLink(kind=kind, token=token, user_id=user, until=until))

    def remove(self, kind: LinkKind, user: str | None = None) -> None:
        """Forgets the links of a kind, for a person or for nobody."""
        whose = OneTimeLink.user_id.is_(None) if user is None else OneTimeLink.user_id == user
        self._session.execute(delete(OneTimeLink).where(OneTimeLink.kind == kind, whose))

    def find(self, kind: LinkKind, token: str) -> OneTimeLink | None:
        """A link that still opens something."""
        query = select(OneTimeLink).where(OneTimeLink.kind == kind, OneTimeLink.token == token)
        return self._session.scalars(query.where(OneTimeLink.until > now())).one_or_none()

    def use(self, link: OneTimeLink) -> bool:
        """Uses a link up.

        Returns:
            Whether it was still there: of two who use it at once, one does.
        """
        using = delete(OneTimeLink).where(OneTimeLink.id == link.id)
        return changed(self._session, using) == 1


class Attempts:
    """Passwords that were tried. Nobody's: there is no scope."""

    def __init__(self, session: Session):
        self._session = session

    def add(self, account: str, address: str) -> Attempt:
        """One more."""
        attempt = Attempt(account=account, address=address)
        self._session.add(attempt)
        self._session.flush()
        return attempt

    def at_most(
        self, column: InstrumentedAttribute[str], value: str, limit: int, but: str, since: datetime
    ) -> datetime | None:
        """When there were fewer than so many, counted back from now.

        Args:
            column: Of which: `Attempt.account` or `Attempt.address`.
            value: Whose.
            limit: How many are too many.
            but: One that does not count.
            since: Older ones do not count.

        Returns:
            When the oldest of the last `limit` was; None if there are not as many.
        """
        query = (
            select(Attempt.created)
            .where(column == value, Attempt.id != but, Attempt.created > since)
            .order_by(Attempt.created.desc())
            .offset(limit - 1)
            .limit(1)
        )
        return self._session.scalars(query).one_or_none()

    def remove(self, id: str) -> None:
        """Forgets one."""
        self._session.execute(delete(Attempt).where(Attempt.id == id))

    def remove_all_of(self, account: str) -> None:
        """Forgets those of an account."""
        self._session.execute(delete(Attempt).where(Attempt.account == account))

    def remove_before(self, time: datetime, after: datetime) -> None:
        """Forgets what is too old, and what a clock that was set back has left in the future."""
        old = or_(Attempt.created <= time, Attempt.created > after)
        self._session.execute(delete(Attempt).where(old))


def folded(email: str) -> str:
    """An address as it is compared."""
    return email.strip().casefold()
