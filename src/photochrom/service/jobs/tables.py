"""Tables of jobs and of those who do them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Float, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from photochrom.service.core.ids import new_id
from photochrom.service.core.races import taken
from photochrom.service.core.tables import ID, Created, Owned, Table, word
from photochrom.service.jobs.states import ItemState, Lane, State, Wish


class Executor(Created, Table):
    """A process that does jobs. It lives as long as its beat goes on; if not, others remove it."""

    __tablename__ = "executors"

    id: Mapped[str] = mapped_column(ID, primary_key=True, default=lambda: new_id("ex"))
    host: Mapped[str] = mapped_column(String(255))
    pid: Mapped[int]
    beat: Mapped[int] = mapped_column(default=0)


class Job(Created, Owned, Table):
    """Work that was accepted."""

    __tablename__ = "jobs"
    __table_args__ = (Index("ix_jobs_queue", "state", "lane", "priority", "id"),)

    id: Mapped[str] = mapped_column(ID, primary_key=True, default=lambda: new_id("jo"))
    kind: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(ID, index=True)
    """What it is about: the id of a restoration, a film, a photograph."""
    by: Mapped[str] = mapped_column(ID)
    """Who wanted it."""
    lane: Mapped[Lane] = mapped_column(word(Lane))
    priority: Mapped[int] = mapped_column(Integer, default=0)
    """Lower ones come first."""
    argument: Mapped[dict[str, Any]]
    state: Mapped[State] = mapped_column(word(State), default=State.QUEUED)
    wish: Mapped[Wish | None] = mapped_column(word(Wish))
    executor_id: Mapped[str | None] = mapped_column(ID, index=True)
    """Who does it."""
    fence: Mapped[int] = mapped_column(default=0)
    """How often it was claimed. Who claimed it before can change nothing any more."""
    deaths: Mapped[int] = mapped_column(default=0)
    """How many executors have died over it."""
    total: Mapped[int] = mapped_column(default=0)
    done: Mapped[int] = mapped_column(default=0)
    failed: Mapped[int] = mapped_column(default=0)
    message: Mapped[str] = mapped_column(Text, default="")
    """What is going on, or how it ended."""
    due: Mapped[datetime | None]
    """It waits until then, because what it needs does not answer now; `message` says what."""
    waited: Mapped[float] = mapped_column(Float, default=0.0)
    """Seconds that it has waited so since it last came on. They are added up, not measured: no
    clock that is set back makes a job fail."""
    started: Mapped[datetime | None]
    ended: Mapped[datetime | None]


class Item(Owned, Table):
    """One thing that a job is about, and what has become of it."""

    __tablename__ = "job_items"
    __table_args__ = (
        UniqueConstraint("job_id", "subject", info=taken("it is in the job already")),
    )

    id: Mapped[str] = mapped_column(ID, primary_key=True, default=lambda: new_id("it"))
    job_id: Mapped[str] = mapped_column(ID, ForeignKey("jobs.id", ondelete="CASCADE"), index=True)
    subject: Mapped[str] = mapped_column(ID, index=True)
    state: Mapped[ItemState] = mapped_column(word(ItemState), default=ItemState.WAITING)
    message: Mapped[str] = mapped_column(Text, default="")
    """Why it failed."""
