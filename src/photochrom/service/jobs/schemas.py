"""What is said of jobs."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from photochrom.service.jobs.states import ItemState, State, Wish
from photochrom.service.jobs.tables import Item, Job


class JobOut(BaseModel):
    """A job."""

    id: str
    kind: str = Field(
        description="`intake`, `restoration`, `film`, `report`.", examples=["restoration"]
    )
    about: str = Field(description="The id of what it is about.")
    by: str = Field(description="The person or key who wanted it.")
    state: State
    wish: Wish | None = Field(description="What has been asked of it and is about to happen.")
    priority: int = Field(description="Lower ones come first.")
    total: int = Field(description="How many things it is about.")
    done: int
    failed: int
    message: str = Field(description="What is going on, or how it ended.")
    again: datetime | None = Field(
        description="When it is tried again: what it needs does not answer now, as `message` says."
    )
    created: datetime
    started: datetime | None
    ended: datetime | None

    @classmethod
    def of(cls, job: Job) -> JobOut:
        """A row as it is told."""
        return cls(
            id=job.id,
            kind=job.kind,
            about=job.subject,
            by=job.by,
            state=job.state,
            wish=job.wish,
            priority=job.priority,
            total=job.total,
            done=job.done,
            failed=job.failed,
            message=job.message,
            again=job.due,
            created=job.created,
            started=job.started,
            ended=job.ended,
        )


class ItemOut(BaseModel):
    """One thing that a job is about."""

    about: str
    state: ItemState
    message: str = Field(description="Why it failed, or that it was deleted since.")

    @classmethod
    def of(cls, item: Item) -> ItemOut:
        """A row as it is told."""
        return cls(about=item.subject, state=item.state, message=item.message)


class PriorityAsked(BaseModel):
    """When a job's turn is to come."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"priority": -10}]})

    priority: int = Field(ge=-100, le=100, description="Lower ones come first.")
