"""Collections."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Response, status

from photochrom.service.access.guards import Editing, Viewing
from photochrom.service.collections import service
from photochrom.service.collections.schemas import (
    CollectionChanges,
    CollectionMade,
    CollectionShown,
    Order,
)
from photochrom.service.core.ids import id_type
from photochrom.service.core.paging import AskedPage, Page
from photochrom.service.core.revisions import STALE, IfMatch, tag_of, tagged

router = APIRouter(prefix="/collections", tags=["collections"])

CollectionId = Annotated[str, id_type("co")]


@router.get("")
def listed(unit: Viewing, asked: AskedPage) -> Page[CollectionShown]:
    """Collections, the newest first."""
    return service.listed(unit.session, asked)


@router.post("", status_code=status.HTTP_201_CREATED)
def made(unit: Editing, asked: CollectionMade, response: Response) -> CollectionShown:
    """Begin a collection."""
    return tagged(response, service.made(unit.session, unit.access.organization, asked))


@router.get("/{collection_id}")
def collection(unit: Viewing, collection_id: CollectionId, response: Response) -> CollectionShown:
    """A collection."""
    return tagged(response, service.collection(unit.session, collection_id))


@router.patch("/{collection_id}", responses=STALE)
def change(
    unit: Editing,
    collection_id: CollectionId,
    changes: CollectionChanges,
    response: Response,
    if_match: IfMatch = None,
) -> CollectionShown:
    """Change what is said of a collection."""
    return tagged(response, service.change(unit.session, collection_id, changes, if_match))


@router.delete("/{collection_id}", status_code=status.HTTP_204_NO_CONTENT, responses=STALE)
def delete(unit: Editing, collection_id: CollectionId, if_match: IfMatch = None) -> None:
    """Delete a collection; its photographs stay."""
    service.delete(unit.session, collection_id, if_match)


@router.get("/{collection_id}/photographs")
def order(unit: Viewing, collection_id: CollectionId, response: Response) -> Order:
    """The photographs of a collection, in their order. The `ETag` is of the order."""
    return _tagged(response, service.order(unit.session, collection_id))


@router.put("/{collection_id}/photographs", operation_id="arrange_collection", responses=STALE)
def arrange(
    unit: Editing,
    collection_id: CollectionId,
    asked: Order,
    response: Response,
    if_match: IfMatch = None,
) -> Order:
    """Put photographs into a collection, in this order, and no others."""
    return _tagged(response, service.arrange(unit.session, collection_id, asked, if_match))


def _tagged(response: Response, order: Order) -> Order:
    response.headers["ETag"] = f'"{tag_of(order.photographs)}"'
    return order
