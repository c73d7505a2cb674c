"""What is said of accounts."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, EmailStr, Field, SecretStr

from photochrom.service.core.ids import id_type
from photochrom.service.core.texts import NAME
from photochrom.service.identity.passwords import LONGEST, SHORTEST
from photochrom.service.identity.roles import Permission, Role

LinkToken = Annotated[SecretStr, Field(max_length=200)]
"""What the link holds that somebody has."""
TOKEN = "Zm9yIGV4YW1wbGUgb25seSwgb3BlbnMgbm90aGluZw"
"""An example of one."""

NewPassword = Annotated[
    SecretStr,
    Field(min_length=SHORTEST, max_length=LONGEST, description="Ten characters or more."),
]


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
    organization: str | None = Field(
        description="For which one requests are that name none; null if you have to choose."
    )


class OrganizationChosen(BaseModel):
    """For which organization a browser asks, where its requests name none."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"organization": "or_06h294za7st85es0adwbznfq6w"}]},
    )

    organization: Annotated[str, id_type("or")]


class Ways(BaseModel):
    """How one can get in."""

    oidc: bool = Field(description="Whether `GET /v1/oidc/start` leads to a provider.")
    setup: bool = Field(description="Whether nobody has an account yet.")


class AccountAsked(BaseModel):
    """Who an account is for, and what they will own."""

    email: EmailStr = Field(max_length=320)
    organization: str = Field(min_length=1, max_length=200, pattern=NAME)
    name: str = Field("", max_length=200)


class SetupAsked(AccountAsked):
    """The first account: the token of the link that was told on the terminal, and who it is."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "token": TOKEN,
                    "email": "ada@archive.example",
                    "password": "correct horse battery",
                    "name": "Ada",
                    "organization": "City archive",
                }
            ]
        },
    )

    token: LinkToken
    password: NewPassword


class ResetAsked(BaseModel):
    """A new password, with the token of a link."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "token": TOKEN,
                    "password": "correct horse battery",
                }
            ]
        },
    )

    token: LinkToken
    password: NewPassword


class UserShown(BaseModel):
    """Somebody, as they are told of themselves."""

    id: str
    email: str
    name: str
    created: datetime
    has_password: bool
    elsewhere: bool = Field(description="Whether they can sign in with OpenID Connect.")


class UserAsked(BaseModel):
    """What somebody is called."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"name": "Ada L."}]})

    name: str = Field(max_length=200)


class PasswordAsked(BaseModel):
    """The old password and a new one."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"old": "correct horse battery", "new": "a wholly other sentence"}]
        },
    )

    old: SecretStr = Field(max_length=LONGEST)
    new: NewPassword


class SignInShown(BaseModel):
    """A browser that somebody has signed in with."""

    id: str
    since: datetime
    until: datetime
    address: str | None = Field(description="Network address that it was done from.")
    agent: str | None = Field(description="What the browser calls itself.")
    current: bool = Field(description="Whether it is this one.")


class SignInsShown(BaseModel):
    """The browsers that somebody has signed in with, the newest first."""

    items: list[SignInShown]


class PlaceShown(BaseModel):
    """An organization that somebody belongs to, on the terminal."""

    id: str
    name: str
    role: Role


class PersonShown(BaseModel):
    """Somebody who has an account, on the terminal."""

    id: str
    email: str
    name: str
    disabled: datetime | None = Field(description="Since when they are kept out.")
    organizations: list[PlaceShown]
