"""Rows of members and invitations."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session, joinedload

from photochrom.service.core.clock import now
from photochrom.service.core.database import changed
from photochrom.service.core.paging import Asked, Page, page_of
from photochrom.service.core.problems import NotFoundError
from photochrom.service.identity.roles import Role
from photochrom.service.identity.tables import Invitation, Member, Organization, User
from photochrom.service.members.schemas import InvitationShown, MemberShown


class Members:
    """Members of an organization, in its session."""

    def __init__(self, session: Session):
        self._session = session

    def page(self, asked: Asked) -> Page[MemberShown]:
        """A part of them."""
        query = select(Member).options(joinedload(Member.user))
        return page_of(self._session, query, Member.id, asked, MemberShown.of)

    def one(self, id: str) -> Member:
        """One of them.

        Raises:
            NotFoundError: There is none such.
        """
        query = select(Member).options(joinedload(Member.user)).where(Member.id == id)
        return _found(self._session.scalars(query).one_or_none())

    def of_user(self, user: str) -> Member:
        """Somebody's place."""
        query = select(Member).options(joinedload(Member.user)).where(Member.user_id == user)
        return _found(self._session.scalars(query).one_or_none())

    def has_email(self, email: str) -> bool:
        """Whether somebody with an address (folded) is a member."""
        query = select(func.count()).select_from(Member).join(User, User.id == Member.user_id)
        return bool(self._session.scalar(query.where(User.email == email)))

    def lock(self, organization: str) -> None:
        """Lets those who change members come one after the other: two owners who remove each other
        at once must not both succeed. SQLite has one writer anyway."""
        query = select(Organization.id).where(Organization.id == organization)
        self._session.execute(query.with_for_update())

    def owners(self) -> int:
        """How many own it, and can sign in."""
        query = select(func.count()).select_from(Member).join(User, User.id == Member.user_id)
        owning = query.where(Member.role == Role.OWNER, User.disabled.is_(None))
        return self._session.scalar(owning) or 0

    def remove(self, member: Member) -> None:
        """Takes somebody's place."""
        self._session.delete(member)
        self._session.flush()


class Invitations:
    """Invitations: an organization's in its session, all in one that sees everyone."""

    def __init__(self, session: Session):
        self._session = session

    def page(self, asked: Asked) -> Page[InvitationShown]:
        """A part of those that are open."""
        query = select(Invitation).where(Invitation.until > now())
        return page_of(self._session, query, Invitation.id, asked, InvitationShown.of)

    def add(self, invitation: Invitation) -> None:
        """A new one, instead of any for the same address."""
        again = delete(Invitation).where(
            Invitation.organization_id == invitation.organization_id,
            Invitation.email == invitation.email,
        )
        self._session.execute(again)
        self._session.add(invitation)
        self._session.flush()

    def one(self, id: str) -> Invitation:
        """One of them.

        Raises:
            NotFoundError: There is none such.
        """
        found = self._session.scalars(select(Invitation).where(Invitation.id == id)).one_or_none()
        if found is None:
            raise NotFoundError("there is no such invitation")
        return found

    def find(self, token: str) -> tuple[Invitation, Organization] | None:
        """An open one by its token's digest, and where it leads."""
        query = select(Invitation, Organization).join(
            Organization, Organization.id == Invitation.organization_id
        )
        query = query.where(Invitation.token == token, Invitation.until > now())
        found = self._session.execute(query).one_or_none()
        return None if found is None else (found[0], found[1])

    def of_email(self, email: str) -> Sequence[Invitation]:
        """Open ones of an address (folded)."""
        query = select(Invitation).where(Invitation.email == email, Invitation.until > now())
        return self._session.scalars(query).all()

    def use(self, invitation: Invitation) -> bool:
        """Uses one up, or takes it back.

        Returns:
            Whether it was still there: of two who use it at once, one does.
        """
        using = delete(Invitation).where(Invitation.id == invitation.id)
        return changed(self._session, using) == 1


def _found(member: Member | None) -> Member:
    if member is None:
        raise NotFoundError("there is no such member")
    return member
