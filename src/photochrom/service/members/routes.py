"""Members and invitations."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Response, status

from photochrom.service.access.cookies import give_cookie
from photochrom.service.access.guards import (
    AT_THE_DOOR,
    AnyContext,
    FromWhere,
    Managing,
    Viewing,
    WithBrowser,
    anyone,
)
from photochrom.service.accounts.schemas import Session
from photochrom.service.core.ids import id_type
from photochrom.service.core.paging import AskedPage, Page
from photochrom.service.core.revisions import STALE, IfMatch, tagged
from photochrom.service.members import invitations, service
from photochrom.service.members.repository import Invitations, Members
from photochrom.service.members.schemas import (
    AcceptanceAsked,
    InvitationAsked,
    InvitationMade,
    InvitationRead,
    InvitationShown,
    MemberShown,
    RoleAsked,
    TokenAsked,
)

router = APIRouter(tags=["members"])

_MemberId = Annotated[str, id_type("me"), Path(description="Of a member.")]
_InvitationId = Annotated[str, id_type("in"), Path(description="Of an invitation.")]


@router.get("/members")
def list_members(unit: Viewing, asked: AskedPage) -> Page[MemberShown]:
    """Who belongs to your organization, the newest first."""
    return Members(unit.session).page(asked)


@router.get("/members/{member_id}")
def read_member(member_id: _MemberId, unit: Viewing, response: Response) -> MemberShown:
    """Somebody who belongs to your organization."""
    return tagged(response, MemberShown.of(Members(unit.session).one(member_id)))


@router.patch("/members/{member_id}", responses=STALE)
def change_member(
    member_id: _MemberId,
    asked: RoleAsked,
    unit: Managing,
    response: Response,
    if_match: IfMatch = None,
) -> MemberShown:
    """Give somebody another role. Their keys lose what the role may not, for good."""
    return tagged(response, service.change_role(unit, member_id, asked.role, if_match))


@router.delete("/members/{member_id}", status_code=status.HTTP_204_NO_CONTENT, responses=STALE)
def remove_member(member_id: _MemberId, unit: Managing, if_match: IfMatch = None) -> None:
    """Remove somebody from your organization. Their keys for it end."""
    service.remove(unit, member_id, if_match)


@router.delete("/membership", status_code=status.HTTP_204_NO_CONTENT)
def leave(unit: Viewing) -> None:
    """Leave the organization. Your keys for it end."""
    service.leave(unit)


@router.post("/invitations", status_code=status.HTTP_201_CREATED)
def invite(asked: InvitationAsked, unit: Managing) -> InvitationMade:
    """Invite somebody. The link is told once, and you hand it over: no mail is sent."""
    return invitations.invite(unit, asked)


@router.get("/invitations")
def list_invitations(unit: Managing, asked: AskedPage) -> Page[InvitationShown]:
    """Invitations that are open, the newest first."""
    return Invitations(unit.session).page(asked)


@router.delete("/invitations/{invitation_id}", status_code=status.HTTP_204_NO_CONTENT)
def take_invitation_back(invitation_id: _InvitationId, unit: Managing) -> None:
    """Make an invitation void."""
    invitations.take_back(unit, invitation_id)


@router.post("/invitation/read", dependencies=[Depends(anyone)])
def read_invitation(asked: TokenAsked, context: AnyContext) -> InvitationRead:
    """What the invitation says whose link you have."""
    return invitations.read(context, asked.token.get_secret_value())


@router.post(
    "/invitation/accept",
    dependencies=[Depends(anyone), AT_THE_DOOR],
    status_code=status.HTTP_201_CREATED,
)
def accept_invitation(
    asked: AcceptanceAsked, context: AnyContext, origin: FromWhere, response: Response
) -> Session:
    """Make your account and take the place that you are invited to; sets a cookie."""
    secrets = asked.token.get_secret_value(), asked.name, asked.password.get_secret_value()
    made = invitations.accept(context, *secrets, origin)
    give_cookie(response, context.settings, made.token, context.settings.session_lasts)
    return made.session


@router.post("/invitation/join", dependencies=[AT_THE_DOOR], status_code=status.HTTP_204_NO_CONTENT)
def join(asked: TokenAsked, person: WithBrowser, context: AnyContext, origin: FromWhere) -> None:
    """Take the place that you are invited to, with the account that you have."""
    invitations.join(context, person, asked.token.get_secret_value(), origin)
