"""What is said of accounts."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, ConfigDict, EmailStr, Field, SecretStr

from photochrom.service.identity.passwords import LONGEST
from photochrom.service.identity.roles import Permission, Role


class SignInAsked(BaseModel):
    """An email address and a password."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"email": "ada@archive.example", "password": "correct horse battery"}]
        },
    )

    email: EmailStr = Field(max_length=320)
    password: SecretStr = Field(max_length=LONGEST)


class Membership(BaseModel):
    """An organization that somebody belongs to."""

    organization: str
    name: str
    role: Role
    permissions: list[Permission]


class Session(BaseModel):
    """Who has signed in."""

    user: str
    email: str
    name: str
    csrf: str = Field(description="Send it as `X-CSRF-Token` with all that changes something.")
    until: datetime
    organizations: list[Membership]
