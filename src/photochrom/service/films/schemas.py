"""What is said of films."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from photochrom.service.core.ids import id_type
from photochrom.service.films.tables import Film
from photochrom.service.jobs.schemas import JobOut
from photochrom.service.results.schemas import ResultOut
from photochrom.service.results.tables import Result


class FilmAsked(BaseModel):
    """Which production is to be filmed."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"production": "pr_06h294za7st85es0adwbznfq6w"}]},
    )

    production: Annotated[str, id_type("pr")]
    priority: int = Field(0, ge=-100, le=100, description="Lower ones come first.")


class FilmOut(BaseModel):
    """A film."""

    id: str
    production: str
    revision: int = Field(description="Of the production that it was made from.")
    title: str
    by: str
    created: datetime
    job: JobOut
    photographs: list[str] = Field(description="Ids of those that its production names.")
    deleted: list[str] = Field(description="Those of them that were deleted since.")
    results: list[ResultOut] = Field(description="The film, its poster, captions, cue sheet.")

    @classmethod
    def of(cls, row: Film, there: Collection[str], results: Sequence[Result] = ()) -> FilmOut:
        """A row as it is told.

        Args:
            row: The row.
            there: Ids of photographs that are still there.
            results: Its files.
        """
        return cls(
            id=row.id,
            production=row.production_id,
            revision=row.revision,
            title=row.title,
            by=row.by,
            created=row.created,
            job=JobOut.of(row.job),
            photographs=row.photographs,
            deleted=[id for id in row.photographs if id not in there],
            results=[ResultOut.of_row(one) for one in results],
        )
