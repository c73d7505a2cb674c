"""All kinds of jobs that executors can do."""

from __future__ import annotations

from photochrom.service.films.service import KIND as FILM
from photochrom.service.films.work import film
from photochrom.service.intake.work import intake
from photochrom.service.jobs.run import Kind
from photochrom.service.jobs.states import Lane
from photochrom.service.photographs.intake_queue import KIND as INTAKE
from photochrom.service.restorations.service import KIND as RESTORATION
from photochrom.service.restorations.work import restore

KINDS = (
    Kind(INTAKE, Lane.LIGHT, intake),
    Kind(RESTORATION, Lane.HEAVY, restore),
    Kind(FILM, Lane.HEAVY, film),
)
