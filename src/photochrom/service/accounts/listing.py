"""Everybody, as the service's operator sees them."""

from __future__ import annotations

from photochrom.service.accounts.repository import Accounts
from photochrom.service.accounts.schemas import PersonShown, PlaceShown
from photochrom.service.context import Context
from photochrom.service.core.database import EVERYONE


def everybody(context: Context) -> list[PersonShown]:
    """All who have an account, in the order of their addresses."""
    with context.database.reading(EVERYONE) as session:
        accounts = Accounts(session)
        return [
            PersonShown(
                id=user.id,
                email=user.email,
                name=user.name,
                disabled=user.disabled,
                organizations=[
                    PlaceShown(id=at.id, name=at.name, role=member.role)
                    for member, at in accounts.places(user.id)
                ],
            )
            for user in accounts.users()
        ]
