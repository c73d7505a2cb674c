"""API keys."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, status

from photochrom.service.access.guards import Viewing
from photochrom.service.core.ids import id_type
from photochrom.service.core.paging import AskedPage, Page
from photochrom.service.keys import service
from photochrom.service.keys.schemas import KeyAsked, KeyMade, KeyShown

router = APIRouter(prefix="/keys", tags=["keys"])

_KeyId = Annotated[str, id_type("ke"), Path(description="Of a key.")]


@router.post("", status_code=status.HTTP_201_CREATED)
def make_key(asked: KeyAsked, unit: Viewing) -> KeyMade:
    """Make a key for a program, with some of your permissions. It is told once."""
    return service.make(unit, asked)


@router.get("")
def list_keys(unit: Viewing, asked: AskedPage) -> Page[KeyShown]:
    """Your keys, the newest first; for owners, everybody's."""
    return service.visible(unit).page(asked)


@router.get("/{key_id}")
def read_key(key_id: _KeyId, unit: Viewing) -> KeyShown:
    """A key."""
    return KeyShown.of(service.visible(unit).one(key_id))


@router.delete("/{key_id}", status_code=status.HTTP_204_NO_CONTENT)
def revoke_key(key_id: _KeyId, unit: Viewing) -> None:
    """End a key, for good; it stays on the list."""
    service.revoke(unit, key_id)
