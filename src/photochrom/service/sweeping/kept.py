"""Sweeps of what belongs to no domain, or to those that all the others stand on."""

from __future__ import annotations

from datetime import timedelta

from photochrom.engine.pruning import DAYS, prune
from photochrom.service.accounts.repository import Accounts
from photochrom.service.context import Context
from photochrom.service.core.clock import now
from photochrom.service.core.database import EVERYONE
from photochrom.service.core.scratch import sweep
from photochrom.service.events.repository import Events
from photochrom.service.films.service import KIND as FILM
from photochrom.service.jobs.repository import Jobs
from photochrom.service.reports.service import KIND as REPORT
from photochrom.service.restorations.service import KIND as RESTORATION

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
    with context.database.writing(None) as session:
        return Accounts(session).remove_all_ended()


def jobs(context: Context) -> int:
    """Jobs that ended long ago, if they are not kept for ever; those that have made
    something go with that (`made`)."""
    days = context.settings.keep_jobs_days
    if days is None:
        return 0
    before, removed = now() - timedelta(days=days), 0
    while True:
        with context.database.writing(EVERYONE) as session:
            some = Jobs(session).forget_ended(before, AT_ONCE, (FILM, REPORT, RESTORATION))
        removed += some
        if some < AT_ONCE:
            return removed


def caches(context: Context) -> int:
    """Results on their way that no work has asked for in a month; returns bytes."""
    folder = context.settings.data / CACHE
    # Each organization has a shelf of its own.
    shelves = [one for one in folder.iterdir() if one.is_dir()] if folder.is_dir() else []
    return sum(prune(one, days=DAYS) for one in shelves)


def scratch(context: Context) -> int:
    """What processes that were killed left on its way."""
    return sweep(context.settings.data)
