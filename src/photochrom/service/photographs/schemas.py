"""What is said of photographs."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator

from photochrom.emulsion import Emulsion
from photochrom.service.core.ids import Id, id_type
from photochrom.service.core.paging import Asked
from photochrom.service.core.texts import PLAIN
from photochrom.service.photographs.tables import State

_EXAMPLE = "ph_01jxamp0exabp0exabp0exab00"

PhotographId = Annotated[str, id_type("ph")]
Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=500), PLAIN]
Lines = Annotated[str, StringConstraints(strip_whitespace=True, max_length=10_000), PLAIN]
Date = Annotated[str, StringConstraints(strip_whitespace=True, max_length=100), PLAIN]
Words = Annotated[str, StringConstraints(max_length=200), PLAIN]


class Found(BaseModel):
    """What the file says of the photograph."""

    model_config = ConfigDict(extra="ignore")

    title: str | None = None
    caption: str | None = None
    date: str | None = Field(None, description="As far as it is known: `1931-05-17`, `1920s`.")
    year: int | None = None
    year_source: str | None = Field(None, description="Where the year comes from.")
    people: list[str] = []
    place: str | None = None
    creator: str | None = None
    credit: str | None = None
    license: str | None = None
    source: str | None = None
    identifier: str | None = None
    emulsion: Emulsion = Field(Emulsion.UNKNOWN, description="Guessed by the year.")
    pages: int = Field(1, description="Pages of the file; the first is taken.")
    notices: list[str] = Field([], description="What had to be chosen or left out to read it.")


class Links(BaseModel):
    """Where its pictures are."""

    original: str
    preview: str | None = Field(None, description="JPEG, at most 2048 pixels long.")
    thumbnail: str | None = Field(None, description="WebP, at most 512 pixels long.")


class PhotographShown(BaseModel):
    """A photograph."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": _EXAMPLE,
                    "created": "2026-05-17T10:00:00Z",
                    "revision": 2,
                    "state": "ready",
                    "reason": None,
                    "filename": "Market square 1931.tif",
                    "bytes": 48211024,
                    "sha256": "9f" * 32,
                    "duplicate_of": None,
                    "format": "tiff",
                    "width": 4800,
                    "height": 3347,
                    "bit_depth": 16,
                    "channels": 1,
                    "title": "Market square",
                    "caption": "",
                    "date": "1931",
                    "place": "Rapperswil",
                    "people": [],
                    "credit": "Town archive",
                    "license": "CC BY 4.0",
                    "source": "",
                    "identifier": "F 12/31",
                    "emulsion": None,
                    "found": {"year": 1931, "year_source": "file name"},
                    "links": {"original": f"/v1/photographs/{_EXAMPLE}/original"},
                }
            ]
        }
    )

    id: Id
    created: datetime
    revision: int = Field(
        description="How often people have changed what they say of it; its `ETag`."
    )
    state: State = Field(description="`received`, then `ready` or `refused`.")
    reason: str | None = Field(description="Why it was refused.")
    filename: str
    bytes: int
    sha256: str
    duplicate_of: Id | None = Field(description="The photograph that has the same bytes.")
    format: str | None
    width: int | None = Field(description="In pixels, of the upright picture.")
    height: int | None
    bit_depth: int | None
    channels: int | None
    title: str
    caption: str
    date: str
    place: str
    people: list[str]
    credit: str
    license: str
    source: str
    identifier: str
    emulsion: Emulsion | None = Field(description="As somebody told it; null for the guess.")
    found: Found
    links: Links


class PhotographChanges(BaseModel):
    """What people say of a photograph. What is left out stays as it is; an empty text is nothing,
    and then what the file says counts."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"title": "Market square", "date": "1931", "people": ["Ada Keller"]}]
        },
    )

    title: Line | None = None
    caption: Lines | None = None
    date: Date | None = Field(
        None, description="As people or libraries write it: `1931`, `about 1920`, `192X`."
    )
    place: Line | None = None
    people: Annotated[list[Line], Field(max_length=200)] | None = None
    credit: Line | None = None
    license: Line | None = None
    source: Line | None = None
    identifier: Line | None = None
    emulsion: Emulsion | None = Field(None, description="Null takes it back: the guess counts.")

    @field_validator("people")
    @classmethod
    def _without_empty(cls, value: list[str] | None) -> list[str] | None:
        return value if value is None else [one for one in value if one]


class PhotographsAsked(Asked):
    """Which photographs are wanted."""

    model_config = ConfigDict(extra="forbid")

    state: State | None = None
    collection: Id | None = Field(None, description="Only those in it.")
    text: Words | None = Field(None, description="All of these words are in it.")
