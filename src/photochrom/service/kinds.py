"""All kinds of jobs that executors can do, and what they do besides."""

from __future__ import annotations

import threading
from collections.abc import Callable

from photochrom.service.context import Context
from photochrom.service.films.service import KIND as FILM
from photochrom.service.films.work import film
from photochrom.service.intake.work import intake
from photochrom.service.jobs.run import Kind
from photochrom.service.jobs.states import Lane
from photochrom.service.photographs.intake_queue import KIND as INTAKE
from photochrom.service.reports.service import KIND as REPORT
from photochrom.service.reports.work import report
from photochrom.service.restorations.service import KIND as RESTORATION
from photochrom.service.restorations.work import restore
from photochrom.service.webhooks.sending import send

KINDS = (
    Kind(INTAKE, Lane.LIGHT, intake),
    Kind(RESTORATION, Lane.HEAVY, restore),
    Kind(FILM, Lane.HEAVY, film),
    Kind(REPORT, Lane.HEAVY, report),
)

Beside = Callable[[Context, threading.Event], None]

BESIDE: tuple[Beside, ...] = (send,)
"""What each executor does besides jobs: in a thread of its own, until the event is set."""
