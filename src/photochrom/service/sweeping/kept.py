"""Sweeps of what belongs to no domain, or to those that all the others stand on."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, select

from photochrom.engine.pruning import DAYS, prune
from photochrom.service.context import Context
from photochrom.service.core.clock import now
from photochrom.service.core.database import EVERYONE
from photochrom.service.events.repository import Events
from photochrom.service.identity.tables import SignIn
from photochrom.service.jobs.states import State
from photochrom.service.jobs.tables import Job

AT_ONCE = 200
"""Rows removed in one transaction: writers of SQLite wait for one another."""

CACHE = "cache"
"""Folder of results on their way, in the data folder."""


def events(context: Context) -> int:
    """Events that nobody will ask for any more."""
    before = now() - timedelta(days=context.settings.keep_events_days)
    with context.database.writing(EVERYONE) as session:
        return Events(session).forget(before)


def sign_ins(context: Context) -> int:
    """Sign-ins that have ended."""
    with context.database.writing(EVERYONE) as session:
        gone = session.execute(delete(SignIn).where(SignIn.until < now()))
        return gone.rowcount  # type: ignore[attr-defined, no-any-return]


def jobs(context: Context) -> int:
    """Jobs that ended long ago, if they are not kept for ever."""
    days = context.settings.keep_jobs_days
    if days is None:
        return 0
    before, removed = now() - timedelta(days=days), 0
    over = [state for state in State if state.is_over]
    while True:
        with context.database.writing(EVERYONE) as session:
            # Of those alone that are still over: somebody may have tried one again meanwhile.
            query = select(Job.id).where(Job.state.in_(over), Job.ended < before).limit(AT_ONCE)
            found = session.scalars(query.with_for_update(skip_locked=True)).all()
            session.execute(delete(Job).where(Job.id.in_(found)))
        removed += len(found)
        if len(found) < AT_ONCE:
            return removed


def caches(context: Context) -> int:
    """Results on their way that no work has asked for in a month; returns bytes."""
    folder = context.settings.data / CACHE
    return prune(folder, days=DAYS) if folder.is_dir() else 0
