"""What is said of restorations."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from photochrom.emulsion import Emulsion
from photochrom.service.jobs.schemas import JobOut
from photochrom.service.jobs.states import ItemState
from photochrom.service.jobs.tables import Item
from photochrom.service.photographs.schemas import PhotographId
from photochrom.service.restorations.tables import Restoration
from photochrom.service.results.schemas import ResultOut
from photochrom.service.results.tables import Result
from photochrom.trimming import Frame, Trim, of_data

MOST = 10_000
"""Photographs of one restoration."""

AT_ONCE = 100
"""Photographs whose versions are asked for at a time: addresses are no longer than proxies take."""

Format = Literal["tiff", "jpeg", "png", "webp"]

Crop = Literal["auto"] | Annotated[list[float], Field(min_length=4, max_length=8)]


class PinAsked(BaseModel):
    """A documented color at a place in the picture."""

    model_config = ConfigDict(extra="forbid")

    at: tuple[Annotated[float, Field(ge=0, le=1)], Annotated[float, Field(ge=0, le=1)]] = Field(
        description="From the left and from the top, each 0..1 of the scan."
    )
    color: str = Field(description="`#rrggbb`.", pattern="^#[0-9a-fA-F]{6}$")
    source: str = Field(min_length=1, max_length=500, description="Where it is documented.")
    strength: float = Field(1.0, ge=0, le=1, description="How firmly it is held to.")


class RestorationAsked(BaseModel):
    """What is to be restored, and how."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"photographs": ["ph_06h294za7st85es0adwbznfq6w"], "recipe": "faithful"}]
        },
    )

    photographs: list[PhotographId] = Field(min_length=1, max_length=MOST)
    recipe: str = Field(
        "faithful",
        min_length=1,
        max_length=20_000,
        description="The name of a recipe, or a recipe as TOML.",
    )
    emulsion: Emulsion | None = Field(
        None, description="How the plates saw color; by default each photograph's own."
    )
    formats: list[Format] = Field(default=["tiff", "jpeg"], min_length=1, max_length=4)
    pins: list[PinAsked] = Field(
        default_factory=list, max_length=500, description="Of one photograph only."
    )
    crop: Crop | None = Field(
        None,
        description="Which part of each scan is shown: `auto` cuts away what surrounds a print, "
        "where its edges are sure; or, of one photograph only, left, top, width and height in "
        "shares of the scan, or the x and y of four corners, clockwise from the upper left one.",
    )
    straighten: Literal["auto"] | float | None = Field(
        None, description="By how many degrees it is turned clockwise; `auto`: as its edges lie."
    )
    frame: Frame = Field("keep", description="Whether the border of the print is kept or cut off.")
    title: str = Field("", max_length=200)
    priority: int = Field(0, ge=-100, le=100, description="Lower ones come first.")

    @model_validator(mode="after")
    def _frame_is_one(self) -> RestorationAsked:
        _ = self.trim
        return self

    @property
    def trim(self) -> Trim:
        """How much of the scans is shown, and how they lie.

        Raises:
            ValueError: What is said of it does not hold together.
        """
        return of_data(self.crop, self.straighten, self.frame)


class RestoredOut(BaseModel):
    """What has become of one photograph."""

    photograph: str
    state: ItemState
    reason: str = Field(description="Why it failed, or that it was deleted since.")
    results: list[ResultOut]


class RestorationOut(BaseModel):
    """A restoration."""

    id: str
    title: str
    recipe: str = Field(description="The recipe's name.")
    emulsion: Emulsion | None
    formats: list[str]
    crop: Crop | None
    straighten: Literal["auto"] | float | None
    frame: Frame
    by: str
    created: datetime
    job: JobOut

    @classmethod
    def of(cls, row: Restoration) -> RestorationOut:
        """A row as it is told."""
        return cls(
            id=row.id,
            title=row.title,
            recipe=row.recipe_name,
            emulsion=None if row.emulsion is None else Emulsion(row.emulsion),
            formats=row.formats,
            **of_data(**row.trim or {}).data(),
            by=row.by,
            created=row.created,
            job=JobOut.of(row.job),
        )


class VersionOut(RestoredOut):
    """What one restoration has made of a photograph."""

    restoration: str
    recipe: str = Field(description="The recipe's name.")
    created: datetime
    job: JobOut


def versions(
    rows: Sequence[tuple[Restoration, Item]], results: Sequence[Result]
) -> list[VersionOut]:
    """What restorations have made of photographs."""
    files: dict[tuple[str, str], list[ResultOut]] = {}
    for row in results:
        files.setdefault((row.of, row.photograph_id), []).append(ResultOut.of_row(row))
    return [
        VersionOut(
            photograph=item.subject,
            state=item.state,
            reason=item.message,
            results=files.get((restoration.id, item.subject), []),
            restoration=restoration.id,
            recipe=restoration.recipe_name,
            created=restoration.created,
            job=JobOut.of(restoration.job),
        )
        for restoration, item in rows
    ]


def restored(items: Sequence[Item], results: Sequence[Result]) -> list[RestoredOut]:
    """What has become of each photograph of a restoration."""
    files: dict[str, list[ResultOut]] = {}
    for row in results:
        files.setdefault(row.photograph_id, []).append(ResultOut.of_row(row))
    return [
        RestoredOut(
            photograph=item.subject,
            state=item.state,
            reason=item.message,
            results=files.get(item.subject, []),
        )
        for item in items
    ]
