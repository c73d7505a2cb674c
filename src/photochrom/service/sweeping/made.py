"""Sweeps of what was made long ago, with the jobs that made it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy.orm import Session

from photochrom.service.context import Context
from photochrom.service.core.clock import now
from photochrom.service.core.database import EVERYONE
from photochrom.service.core.problems import ConflictError, NotFoundError
from photochrom.service.films.service import KIND as FILM
from photochrom.service.films.service import remove as remove_film
from photochrom.service.jobs.repository import Jobs
from photochrom.service.reports.service import KIND as REPORT
from photochrom.service.reports.service import remove as remove_report
from photochrom.service.restorations.service import KIND as RESTORATION
from photochrom.service.restorations.service import remove as remove_restoration
from photochrom.service.sweeping.kept import AT_ONCE


def restorations(context: Context) -> int:
    """Restorations whose jobs ended long ago, with their results."""
    return _forgotten(context, RESTORATION, remove_restoration)


def films(context: Context) -> int:
    """The same of films."""
    return _forgotten(context, FILM, remove_film)


def reports(context: Context) -> int:
    """The same of reports."""
    return _forgotten(context, REPORT, remove_report)


def _forgotten(context: Context, kind: str, remove: Callable[[Session, str], object]) -> int:
    days = context.settings.keep_jobs_days
    if days is None:
        return 0
    before, removed = now() - timedelta(days=days), 0
    while True:
        with context.database.reading(EVERYONE) as session:
            found = Jobs(session).ended(kind, before, AT_ONCE)
        gone = sum(_forget(context, job.organization_id, job.subject, remove) for job in found)
        removed += gone
        if len(found) < AT_ONCE or not gone:
            return removed


def _forget(
    context: Context, organization: str, id: str, remove: Callable[[Session, str], object]
) -> bool:
    try:
        with context.database.writing(organization) as session:
            remove(session, id)
    except (ConflictError, NotFoundError):
        return False  # Somebody has tried it again meanwhile, or forgotten it.
    return True
