"""What is said of collections."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from photochrom.service.core.ids import Id
from photochrom.service.core.texts import PLAIN
from photochrom.service.photographs.schemas import PhotographId

MOST = 10_000
"""Photographs of one collection."""

Title = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200), PLAIN
]
Description = Annotated[str, StringConstraints(strip_whitespace=True, max_length=10_000), PLAIN]


class CollectionMade(BaseModel):
    """A new collection."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"title": "Market days", "description": "1890 to 1931"}]},
    )

    title: Title
    description: Description = ""


class CollectionChanges(BaseModel):
    """What is to be said of a collection from now on; what is left out stays as it is."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"title": "Fairs"}]})

    title: Title | None = None
    description: Description | None = None


class CollectionShown(BaseModel):
    """A collection."""

    id: Id
    created: datetime
    revision: int = Field(description="How often its title or description was changed; its `ETag`.")
    title: str
    description: str
    photographs: int = Field(description="How many are in it.")


class Order(BaseModel):
    """The photographs of a collection, in their order."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"photographs": ["ph_01jxamp0exabp0exabp0exab00", "ph_01jxamp0exabp0exabp0exab01"]}
            ]
        },
    )

    photographs: Annotated[list[PhotographId], Field(max_length=MOST)]
