"""What is said of reports."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, model_validator

from photochrom.service.core.ids import id_type
from photochrom.service.jobs.schemas import JobOut
from photochrom.service.photographs.schemas import PhotographId
from photochrom.service.reports.tables import Report
from photochrom.service.results.schemas import ResultOut
from photochrom.service.results.tables import Result

MOST = 1000
"""Photographs of one report."""


class ReportAsked(BaseModel):
    """What a report is to show."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"restoration": "rs_06h294za7st85es0adwbznfq6w", "title": "The fair"}]
        },
    )

    restoration: Annotated[str, id_type("rs")] | None = Field(
        None, description="All photographs of this one, as it has made them."
    )
    photographs: list[PhotographId] = Field(
        default_factory=list,
        max_length=MOST,
        description="These, each as the newest restoration that is done has made it.",
    )
    title: str = Field(
        "",
        max_length=200,
        description="By default that of the restoration, or after the first photograph.",
    )
    priority: int = Field(0, ge=-100, le=100, description="Lower ones come first.")

    @model_validator(mode="after")
    def _one_of_both(self) -> ReportAsked:
        if (self.restoration is None) == (not self.photographs):
            raise ValueError("give either `restoration` or `photographs`")
        return self


class ReportOut(BaseModel):
    """A report."""

    id: str
    title: str
    by: str
    created: datetime
    job: JobOut
    photographs: list[str] = Field(description="Ids of those that it shows.")
    deleted: list[str] = Field(description="Those of them that were deleted since.")
    results: list[ResultOut] = Field(description="Its pages, in order, and its table.")

    @classmethod
    def of(cls, row: Report, there: Collection[str], results: Sequence[Result] = ()) -> ReportOut:
        """A row as it is told.

        Args:
            row: The row.
            there: Ids of photographs that are still there.
            results: Its files.
        """
        photographs = [id for id, _, _ in row.shown]
        return cls(
            id=row.id,
            title=row.title,
            by=row.by,
            created=row.created,
            job=JobOut.of(row.job),
            photographs=photographs,
            deleted=[id for id in photographs if id not in there],
            results=[ResultOut.of_row(one) for one in results],
        )
