"""Tables of accounts."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from photochrom.service.core.ids import new_id
from photochrom.service.core.races import taken
from photochrom.service.core.tables import ID, Created, Owned, Revised, Table, word
from photochrom.service.identity.roles import Role

_TOKEN = taken("what was to be secret is known already")


class Organization(Created, Revised, Table):
    """Whoever owns photographs: an archive, a company, a family."""

    __tablename__ = "organizations"

    id: Mapped[str] = mapped_column(ID, primary_key=True, default=lambda: new_id("or"))
    name: Mapped[str] = mapped_column(String(200))


class User(Created, Table):
    """A person who can sign in."""

    __tablename__ = "users"

    id: Mapped[str] = mapped_column(ID, primary_key=True, default=lambda: new_id("us"))
    email: Mapped[str] = mapped_column(
        String(320), unique=True, info=taken("there is an account with this address")
    )
    """Folded: in lower case."""
    name: Mapped[str] = mapped_column(String(200), default="")
    password: Mapped[str | None] = mapped_column(Text)
    """Argon2's hash; None for people who sign in elsewhere or not yet."""
    subject: Mapped[str | None] = mapped_column(
        String(400), unique=True, info=taken("they have an account here, by the issuer")
    )
    """Who they are for the OpenID Connect issuer."""
    disabled: Mapped[datetime | None]


class Member(Created, Revised, Owned, Table):
    """A person's place in an organization."""

    __tablename__ = "members"
    __table_args__ = (
        UniqueConstraint("organization_id", "user_id", info=taken("they are a member already")),
    )

    id: Mapped[str] = mapped_column(ID, primary_key=True, default=lambda: new_id("me"))
    user_id: Mapped[str] = mapped_column(ID, ForeignKey("users.id", ondelete="CASCADE"), index=True)
    role: Mapped[Role] = mapped_column(word(Role))
    user: Mapped[User] = relationship()


class SignIn(Created, Table):
    """A browser that somebody has signed in with."""

    __tablename__ = "sign_ins"

    id: Mapped[str] = mapped_column(ID, primary_key=True, default=lambda: new_id("si"))
    user_id: Mapped[str] = mapped_column(ID, ForeignKey("users.id", ondelete="CASCADE"), index=True)
    token: Mapped[str] = mapped_column(String(64), unique=True, info=_TOKEN)
    """Digest of the cookie."""
    csrf: Mapped[str] = mapped_column(String(64))
    """What requests that change something have to know besides."""
    until: Mapped[datetime]
    address: Mapped[str | None] = mapped_column(String(64))
    agent: Mapped[str | None] = mapped_column(String(200))
    """What the browser calls itself."""
    organization: Mapped[str | None] = mapped_column(
        ID, ForeignKey("organizations.id", ondelete="SET NULL")
    )
    """For which one it asks, where requests do not say; it owns nothing of the row."""
    user: Mapped[User] = relationship()


class Key(Created, Owned, Table):
    """A key for a program."""

    __tablename__ = "keys"

    id: Mapped[str] = mapped_column(ID, primary_key=True, default=lambda: new_id("ke"))
    user_id: Mapped[str] = mapped_column(ID, ForeignKey("users.id", ondelete="CASCADE"), index=True)
    """Who made it: a key never may more than they."""
    name: Mapped[str] = mapped_column(String(200))
    prefix: Mapped[str] = mapped_column(
        String(16), unique=True, info=taken("there is a key that begins so")
    )
    """The part that may be shown, and by which it is found."""
    secret: Mapped[str] = mapped_column(String(64))
    """Digest of the rest."""
    permissions: Mapped[list[Any]]
    until: Mapped[datetime | None]
    revoked: Mapped[datetime | None]
    last_used: Mapped[datetime | None]
    user: Mapped[User] = relationship()


class Invitation(Created, Owned, Table):
    """A place in an organization that waits for somebody."""

    __tablename__ = "invitations"
    __table_args__ = (
        UniqueConstraint(
            "organization_id",
            "email",
            info=taken("they have just been invited by somebody else"),
        ),
    )

    id: Mapped[str] = mapped_column(ID, primary_key=True, default=lambda: new_id("in"))
    email: Mapped[str] = mapped_column(String(320), index=True)
    """Folded: in lower case."""
    role: Mapped[Role] = mapped_column(word(Role))
    token: Mapped[str] = mapped_column(String(64), unique=True, info=_TOKEN)
    """Digest of what the link holds."""
    by: Mapped[str] = mapped_column(ID)
    """Who invited: a person or a key."""
    until: Mapped[datetime]


class LinkKind(StrEnum):
    """What a link is for."""

    SETUP = "setup"
    """Making the first account."""
    RESET = "reset"
    """A new password."""


class OneTimeLink(Created, Table):
    """A link that lets whoever has it do one thing, once."""

    __tablename__ = "one_time_links"

    id: Mapped[str] = mapped_column(ID, primary_key=True, default=lambda: new_id("li"))
    kind: Mapped[LinkKind] = mapped_column(word(LinkKind))
    token: Mapped[str] = mapped_column(String(64), unique=True, info=_TOKEN)
    """Digest of what the link holds."""
    user_id: Mapped[str | None] = mapped_column(
        ID, ForeignKey("users.id", ondelete="CASCADE"), index=True
    )
    until: Mapped[datetime]


class Attempt(Created, Table):
    """A password that was tried, and was not right or is still being checked."""

    __tablename__ = "attempts"
    __table_args__ = (
        Index("ix_attempts_account_created", "account", "created"),
        Index("ix_attempts_address_created", "address", "created"),
        Index("ix_attempts_created", "created"),
    )

    id: Mapped[str] = mapped_column(ID, primary_key=True, default=lambda: new_id("at"))
    account: Mapped[str] = mapped_column(String(64))
    """Digest of the email address, which need not be anybody's."""
    address: Mapped[str] = mapped_column(String(64))
