"""Seeing and steering jobs."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query

from photochrom.service.access.guards import Editing, Unit, Viewing
from photochrom.service.audit.service import audit
from photochrom.service.core.ids import Id
from photochrom.service.core.paging import AskedPage, Page, page_of
from photochrom.service.jobs.repository import Jobs
from photochrom.service.jobs.schemas import ItemOut, JobOut, PriorityAsked
from photochrom.service.jobs.states import ItemState, State
from photochrom.service.jobs.tables import Item, Job

router = APIRouter(prefix="/jobs", tags=["jobs"])


@router.get("")
def listed(
    unit: Viewing,
    asked: AskedPage,
    state: Annotated[State | None, Query()] = None,
    kind: Annotated[str | None, Query(max_length=40)] = None,
) -> Page[JobOut]:
    """Jobs, the newest first."""
    query = Jobs(unit.session).all(state, kind)
    return page_of(unit.session, query, Job.id, asked, JobOut.of)


@router.get("/{job_id}")
def read(job_id: Id, unit: Viewing) -> JobOut:
    """A job."""
    return JobOut.of(Jobs(unit.session).get(job_id))


@router.get("/{job_id}/items")
def items(
    job_id: Id,
    unit: Viewing,
    asked: AskedPage,
    state: Annotated[ItemState | None, Query()] = None,
) -> Page[ItemOut]:
    """What a job is about, in its order; `state=failed` for what failed, and why."""
    jobs = Jobs(unit.session)
    query = jobs.all_items(jobs.get(job_id).id, state)
    return page_of(unit.session, query, Item.id, asked, ItemOut.of, oldest_first=True)


@router.post("/{job_id}/pause")
def pause(job_id: Id, unit: Editing) -> JobOut:
    """Pause a job; what is in hand is ended first."""
    return _noted(unit, Jobs(unit.session).pause(job_id), "paused")


@router.post("/{job_id}/resume")
def resume(job_id: Id, unit: Editing) -> JobOut:
    """Let a paused job go on."""
    return _noted(unit, Jobs(unit.session).resume(job_id), "resumed")


@router.post("/{job_id}/cancel")
def cancel(job_id: Id, unit: Editing) -> JobOut:
    """End a job at once; what it has made stays."""
    return _noted(unit, Jobs(unit.session).cancel(job_id), "cancelled")


@router.post("/{job_id}/retry")
def retry(job_id: Id, unit: Editing) -> JobOut:
    """Try again what failed."""
    return _noted(unit, Jobs(unit.session).retry(job_id), "retried")


@router.put("/{job_id}/priority")
def prioritize(job_id: Id, asked: PriorityAsked, unit: Editing) -> JobOut:
    """Let a job come sooner or later."""
    job = Jobs(unit.session).get(job_id, change=True)
    was, job.priority = job.priority, asked.priority
    return _noted(unit, job, "prioritized", priority=job.priority, was=was)


def _noted(unit: Unit, job: Job, what: str, **told: Any) -> JobOut:
    about = {"kind": job.kind, "about": job.subject}
    audit(unit, f"job.{what}", subject=job.id, details=about | told)
    return JobOut.of(job)
