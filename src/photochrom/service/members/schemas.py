"""What is said of members and invitations."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, ConfigDict, EmailStr, Field

from photochrom.service.accounts.schemas import TOKEN, LinkToken, NewPassword
from photochrom.service.identity.roles import Role
from photochrom.service.identity.tables import Invitation, Member, Organization


class MemberShown(BaseModel):
    """A person's place in an organization."""

    id: str
    user: str
    email: str
    name: str
    role: Role
    since: datetime
    revision: int = Field(description="How often it was changed; its `ETag`.")

    @classmethod
    def of(cls, member: Member) -> MemberShown:
        """A member as they are told."""
        return cls(
            id=member.id,
            user=member.user_id,
            email=member.user.email,
            name=member.user.name,
            role=member.role,
            since=member.created,
            revision=member.revision,
        )


class RoleAsked(BaseModel):
    """Another role."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"role": "reviewer"}]}
    )

    role: Role


class InvitationAsked(BaseModel):
    """Whom to invite."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"email": "grace@archive.example", "role": "editor"}]},
    )

    email: EmailStr = Field(max_length=320)
    role: Role


class InvitationShown(BaseModel):
    """An invitation that is open."""

    id: str
    email: str
    role: Role
    by: str = Field(description="Who invited: a person or a key.")
    created: datetime
    until: datetime

    @classmethod
    def of(cls, invitation: Invitation) -> InvitationShown:
        """An invitation as it is told."""
        return cls(
            id=invitation.id,
            email=invitation.email,
            role=invitation.role,
            by=invitation.by,
            created=invitation.created,
            until=invitation.until,
        )


class InvitationMade(InvitationShown):
    """A new invitation."""

    link: str = Field(
        description="Hand it to whom you invite: no mail is sent. It is told this once."
    )


class TokenAsked(BaseModel):
    """What the link of an invitation holds."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"token": TOKEN}]})

    token: LinkToken


class InvitationRead(BaseModel):
    """What an invitation says to whoever opens its link."""

    email: str
    organization: str = Field(description="The organization's name.")
    role: Role
    until: datetime
    has_account: bool = Field(description="Whether the invited sign in first, and then join.")

    @classmethod
    def of(
        cls, invitation: Invitation, organization: Organization, has_account: bool
    ) -> InvitationRead:
        """An invitation as the invited read it."""
        return cls(
            email=invitation.email,
            organization=organization.name,
            role=invitation.role,
            until=invitation.until,
            has_account=has_account,
        )


class AcceptanceAsked(TokenAsked):
    """An invitation's token, and who has been invited."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"token": TOKEN, "name": "Grace", "password": "correct horse battery"}]
        },
    )

    name: str = Field("", max_length=200)
    password: NewPassword
