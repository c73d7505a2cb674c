"""Who sweeps, and when."""

from __future__ import annotations

import threading
import time
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
_MARK = ".swept"
"""A file in the data folder that says when its folders were swept."""


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
                for here in (True, False):
                    if self.is_due(here=here):
                        self.sweep(stop, here=here)
            except UnavailableError:
                log.warning("the database is away")
            if stop.wait(_LOOK_SECONDS):
                return

    def is_due(self, *, here: bool = False) -> bool:
        """Whether it is time, and nobody else has taken it on; from now on we have.

        Args:
            here: What is asked about: this data folder, or what all share.
        """
        if here:
            return self._is_due_here()
        with self._context.database.writing(None) as session:
            return Chores(session).begin(_NAME, now(), EVERY)

    def _is_due_here(self) -> bool:
        mark = self._context.settings.data / _MARK
        try:
            age = time.time() - mark.stat().st_mtime
        except FileNotFoundError:
            age = EVERY.total_seconds()
        # One that was made in the future was made before the clock was set back.
        if 0 <= age < EVERY.total_seconds():
            return False
        mark.touch()  # Of two at the same moment both sweep, which harms nothing.
        return True

    def sweep(
        self, stop: threading.Event | None = None, *, here: bool | None = None
    ) -> dict[str, int]:
        """Does what is to be done; what fails is noted, and keeps nothing else from being done.

        Args:
            stop: Ends it.
            here: What is about this data folder, or what all share; None for both.

        Returns:
            How much was removed, by the names of sweeps.
        """
        removed: dict[str, int] = {}
        for one in self._sweeps:
            if here not in (None, one.here):
                continue
            if stop is not None and stop.is_set():
                break
            try:
                removed[one.name] = one.work(self._context)
            except Exception as error:
                log.error("a sweep failed", sweep=one.name, exc_info=error)
        if any(removed.values()):
            log.info("swept", **removed)
        return removed
