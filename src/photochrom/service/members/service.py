"""What happens to members. An organization is never without an owner."""

from __future__ import annotations

from photochrom.service.access.guards import Unit
from photochrom.service.audit.service import audit
from photochrom.service.core.problems import ConflictError, NotAllowedError
from photochrom.service.core.revisions import check_seen, revise
from photochrom.service.identity.roles import Role
from photochrom.service.identity.tables import Member
from photochrom.service.keys.repository import Keys
from photochrom.service.members.repository import Members
from photochrom.service.members.schemas import MemberShown


def change_role(unit: Unit, id: str, role: Role, seen: str | None) -> MemberShown:
    """Gives somebody another role. What their keys may is narrowed with it.

    Raises:
        PreconditionError: Their place is not any more what was `seen`.
        ConflictError: They are the last owner.
        NotAllowedError: The role may more than whoever gives it.
    """
    check_grant(unit, role)
    members = Members(unit.session)
    members.lock(unit.access.organization)
    member = members.one(id)
    revise(member, seen)
    was = member.role
    if was is not role:
        _keep_an_owner(members, was)
        member.role = role
        Keys(unit.session).narrow(member.user_id, role.permissions)
        told = {"role": role.value, "was": was.value, "email": member.user.email}
        audit(unit, "member.changed", subject=member.id, details=told)
    return MemberShown.of(member)


def remove(unit: Unit, id: str, seen: str | None) -> None:
    """Takes somebody's place in the organization. Their keys for it end.

    Raises:
        PreconditionError: Their place is not any more what was `seen`.
        ConflictError: They are the last owner.
    """
    members = Members(unit.session)
    members.lock(unit.access.organization)
    member = members.one(id)
    check_seen(member, seen)
    _remove(unit, members, member)


def leave(unit: Unit) -> None:
    """Whoever asks leaves the organization.

    Raises:
        ConflictError: They are the last owner.
        NotAllowedError: A key asks.
    """
    if unit.access.person.sign_in is None:
        raise NotAllowedError("people leave, not keys", fix="sign in with a browser")
    members = Members(unit.session)
    members.lock(unit.access.organization)
    _remove(unit, members, members.of_user(unit.access.person.user))


def check_grant(unit: Unit, role: Role) -> None:
    """Nobody gives what they have not: a key that may only manage makes no owners.

    Raises:
        NotAllowedError: The role may more than whoever gives it.
    """
    if not role.permissions <= unit.access.permissions:
        raise NotAllowedError(f"the role {role.value!r} may more than you", where="body.role")


def _remove(unit: Unit, members: Members, member: Member) -> None:
    _keep_an_owner(members, member.role)
    told = {"role": member.role.value, "email": member.user.email, "user": member.user_id}
    Keys(unit.session).narrow(member.user_id, frozenset())  # They end.
    members.remove(member)
    audit(unit, "member.removed", subject=member.id, details=told)


def _keep_an_owner(members: Members, was: Role) -> None:
    if was is Role.OWNER and members.owners() < 2:
        raise ConflictError(
            "an organization has at least one owner", fix="make somebody else an owner first"
        )
