"""Tables of accounts."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from photochrom.service.core.ids import new_id
from photochrom.service.core.tables import ID, Created, Owned, Table, word
from photochrom.service.identity.roles import Role


class Organization(Created, Table):
    """Whoever owns photographs: an archive, a company, a family."""

    __tablename__ = "organizations"

    id: Mapped[str] = mapped_column(ID, primary_key=True, default=lambda: new_id("or"))
    name: Mapped[str] = mapped_column(String(200))


class User(Created, Table):
    """A person who can sign in."""

    __tablename__ = "users"

    id: Mapped[str] = mapped_column(ID, primary_key=True, default=lambda: new_id("us"))
    email: Mapped[str] = mapped_column(String(320), unique=True)
    """Folded: in lower case."""
    name: Mapped[str] = mapped_column(String(200), default="")
    password: Mapped[str | None] = mapped_column(Text)
    """Argon2's hash; None for people who sign in elsewhere or not yet."""
    subject: Mapped[str | None] = mapped_column(String(400), unique=True)
    """Who they are for the OpenID Connect issuer."""
    disabled: Mapped[datetime | None]


class Member(Created, Owned, Table):
    """A person's place in an organization."""

    __tablename__ = "members"
    __table_args__ = (UniqueConstraint("organization_id", "user_id"),)

    id: Mapped[str] = mapped_column(ID, primary_key=True, default=lambda: new_id("me"))
    user_id: Mapped[str] = mapped_column(ID, ForeignKey("users.id", ondelete="CASCADE"), index=True)
    role: Mapped[Role] = mapped_column(word(Role))
    user: Mapped[User] = relationship()


class SignIn(Created, Table):
    """A browser that somebody has signed in with."""

    __tablename__ = "sign_ins"

    id: Mapped[str] = mapped_column(ID, primary_key=True, default=lambda: new_id("si"))
    user_id: Mapped[str] = mapped_column(ID, ForeignKey("users.id", ondelete="CASCADE"), index=True)
    token: Mapped[str] = mapped_column(String(64), unique=True)
    """Digest of the cookie."""
    csrf: Mapped[str] = mapped_column(String(64))
    """What requests that change something have to know besides."""
    until: Mapped[datetime]
    user: Mapped[User] = relationship()


class Key(Created, Owned, Table):
    """A key for a program."""

    __tablename__ = "keys"

    id: Mapped[str] = mapped_column(ID, primary_key=True, default=lambda: new_id("ke"))
    user_id: Mapped[str] = mapped_column(ID, ForeignKey("users.id", ondelete="CASCADE"), index=True)
    """Who made it: a key never may more than they."""
    name: Mapped[str] = mapped_column(String(200))
    prefix: Mapped[str] = mapped_column(String(16), unique=True)
    """The part that may be shown, and by which it is found."""
    secret: Mapped[str] = mapped_column(String(64))
    """Digest of the rest."""
    permissions: Mapped[list[Any]]
    until: Mapped[datetime | None]
    revoked: Mapped[datetime | None]
    last_used: Mapped[datetime | None]
    user: Mapped[User] = relationship()
