"""What is said of results."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, Field

from photochrom.service.results.tables import Result, ResultKind


class ResultOut(BaseModel):
    """A file that was made."""

    id: str
    of: str = Field(description="The restoration, film or report that it belongs to.")
    photograph: str | None = Field(description="The photograph that it shows.")
    kind: ResultKind
    name: str
    media_type: str
    size: int = Field(description="Bytes.")
    sha256: str
    url: str = Field(description="Where its bytes are, for who has signed in.")
    created: datetime

    @classmethod
    def of_row(cls, row: Result) -> ResultOut:
        """A row as it is told."""
        return cls(
            id=row.id,
            of=row.of,
            photograph=row.photograph_id or None,
            kind=row.kind,
            name=row.name,
            media_type=row.media_type,
            size=row.size,
            sha256=row.sha256,
            url=f"/v1/results/{row.id}/content",
            created=row.created,
        )


class LinkOut(BaseModel):
    """A link that opens one result for whoever has it."""

    url: str
    until: datetime = Field(description="When it stops opening anything.")
