"""What happens to keys."""

from __future__ import annotations

import secrets
from datetime import timedelta

from photochrom.service.access.credentials import KEY_PREFIX
from photochrom.service.access.guards import Unit
from photochrom.service.audit.service import audit
from photochrom.service.core.clock import now
from photochrom.service.core.problems import NotAllowedError
from photochrom.service.core.signing import token, token_digest
from photochrom.service.identity.roles import Permission
from photochrom.service.identity.tables import Key
from photochrom.service.keys.repository import Keys
from photochrom.service.keys.schemas import KeyAsked, KeyMade, KeyShown

_LETTERS = "abcdefghjkmnpqrstvwxyz0123456789"
_PREFIX = 10


def make(unit: Unit, asked: KeyAsked) -> KeyMade:
    """Makes a key of whoever asks.

    Raises:
        NotAllowedError: It would have permissions that they have not; or a key asks, which could
            live for ever by making others.
    """
    _people_only(unit)
    beyond = set(asked.permissions) - unit.access.permissions
    if beyond:
        raise NotAllowedError(
            f"you have not the permission {min(beyond).value!r} yourself", where="body.permissions"
        )
    prefix, secret = "".join(secrets.choice(_LETTERS) for _ in range(_PREFIX)), token()
    row = Key(
        organization_id=unit.access.organization,
        user_id=unit.access.person.user,
        name=asked.name,
        prefix=prefix,
        secret=token_digest(secret),
        permissions=sorted(set(asked.permissions)),
        until=None if asked.days is None else now() + timedelta(days=asked.days),
    )
    keys = Keys(unit.session)
    keys.add(row)
    told = {"name": row.name, "prefix": prefix, "permissions": row.permissions}
    audit(unit, "key.created", subject=row.id, details=told)
    shown = KeyShown.of(keys.one(row.id))
    return KeyMade(**shown.model_dump(), key=f"{KEY_PREFIX}{prefix}_{secret}")


def revoke(unit: Unit, id: str) -> None:
    """Ends a key, for good."""
    key = visible(unit).one(id)
    if unit.access.person.key != key.id:  # A key that has leaked may end itself, and no other.
        _people_only(unit)
    if key.revoked is None:
        key.revoked = now()
        audit(unit, "key.revoked", subject=key.id, details={"name": key.name})


def visible(unit: Unit) -> Keys:
    """The keys that whoever asks may see: their own; those who manage see everybody's."""
    manages = Permission.MANAGE in unit.access.permissions
    return Keys(unit.session, None if manages else unit.access.person.user)


def _people_only(unit: Unit) -> None:
    if unit.access.person.sign_in is None:
        raise NotAllowedError("keys are made and ended by people", fix="sign in with a browser")
