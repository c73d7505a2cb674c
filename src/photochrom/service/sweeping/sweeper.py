"""Who sweeps, and when."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from datetime import timedelta
from typing import Final

import structlog

from photochrom.service.context import Context
from photochrom.service.core.clock import now
from photochrom.service.core.problems import UnavailableError
from photochrom.service.sweeping.all import SWEEPS
from photochrom.service.sweeping.repository import Chores
from photochrom.service.sweeping.sweep import Sweep

log = structlog.get_logger(__name__)

EVERY: Final = timedelta(hours=1)
_LOOK_SECONDS = 60.0
_NAME = "sweep"


class Sweeper:
    """Sweeps once an hour, unless another one has.

    Args:
        context: The service.
        sweeps: What is done.
    """

    def __init__(self, context: Context, sweeps: Sequence[Sweep] = SWEEPS):
        self._context = context
        self._sweeps = sweeps

    def run(self, stop: threading.Event) -> None:
        """Goes on until it is stopped."""
        while True:
            try:
                if self.is_due():
                    self.sweep(stop)
            except UnavailableError:
                log.warning("the database is away")
            if stop.wait(_LOOK_SECONDS):
                return

    def is_due(self) -> bool:
        """Whether it is time, and nobody else has taken it on; from now on we have."""
        with self._context.database.writing(None) as session:
            return Chores(session).begin(_NAME, now(), EVERY)

    def sweep(self, stop: threading.Event | None = None) -> dict[str, int]:
        """Does all of it; what fails is noted, and keeps nothing else from being done.

        Returns:
            How much was removed, by the names of sweeps.
        """
        removed: dict[str, int] = {}
        for one in self._sweeps:
            if stop is not None and stop.is_set():
                break
            try:
                removed[one.name] = one.work(self._context)
            except Exception as error:
                log.error("a sweep failed", sweep=one.name, exc_info=error)
        if any(removed.values()):
            log.info("swept", **removed)
        return removed
