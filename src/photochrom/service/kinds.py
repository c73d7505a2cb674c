"""All kinds of jobs that executors can do."""

from __future__ import annotations

from photochrom.service.films.service import KIND as FILM
from photochrom.service.films.work import film
from photochrom.service.jobs.run import Kind
from photochrom.service.jobs.states import Lane
from photochrom.service.restorations.service import KIND as RESTORATION
from photochrom.service.restorations.work import restore

KINDS = (
    Kind(RESTORATION, Lane.HEAVY, restore),
    Kind(FILM, Lane.HEAVY, film),
)
