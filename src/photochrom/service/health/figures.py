"""Figures of the whole service, looked up when somebody asks: they are the same in every process.

A domain adds its own to `FIGURES`.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator

from prometheus_client import Metric
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from photochrom.service.context import Context
from photochrom.service.core.clock import now
from photochrom.service.core.database import EVERYONE
from photochrom.service.core.problems import UnavailableError
from photochrom.service.jobs.repository import Jobs
from photochrom.service.jobs.states import Lane, State

Figure = Callable[[Context], Iterator[Metric]]


def jobs(context: Context) -> Iterator[Metric]:
    """Jobs by state."""
    with context.database.reading(EVERYONE) as session:
        counts = Jobs(session).counts()
    made = GaugeMetricFamily("photochrom_jobs", "Jobs by state.", labels=["state"])
    for state in State:
        made.add_metric([state], counts.get(state, 0))
    yield made


def waiting(context: Context) -> Iterator[Metric]:
    """How long the first in the queue waits."""
    with context.database.reading(EVERYONE) as session:
        oldest = Jobs(session).oldest()
    made = GaugeMetricFamily(
        "photochrom_queue_oldest_seconds",
        "Since the oldest job in the queue was accepted.",
        labels=["lane"],
    )
    for lane in Lane:
        since = oldest.get(lane)
        made.add_metric([lane], 0 if since is None else max(0.0, (now() - since).total_seconds()))
    yield made


def executors(context: Context) -> Iterator[Metric]:
    """How many executors live; the dead are removed by the others."""
    with context.database.reading(None) as session:
        count = Jobs(session).executors()
    yield GaugeMetricFamily("photochrom_executors", "Executors that live.", value=count)


def disk(context: Context) -> Iterator[Metric]:
    """What is free where the data folder is."""
    free = shutil.disk_usage(context.settings.data).free
    yield GaugeMetricFamily("photochrom_disk_free_bytes", "Free in the data folder.", value=free)


FIGURES: tuple[Figure, ...] = (jobs, waiting, executors, disk)


class Figures(Collector):
    """All of them, as the registry of Prometheus wants it.

    Args:
        context: The service.
    """

    def __init__(self, context: Context):
        self._context = context

    def collect(self) -> Iterable[Metric]:
        """What can be looked up now; whether the database answers is one of them."""
        up = 1
        for figure in FIGURES:
            try:
                yield from figure(self._context)
            except UnavailableError:
                up = 0
        yield GaugeMetricFamily("photochrom_database_up", "Whether the database answers.", value=up)
