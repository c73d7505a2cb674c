"""When keys were last used: kept in mind, and written down together.

Who asks with a key waits for nobody because of that. All keys of a busy service are due at about
the same moment; if each wrote for itself, all threads would wait for one another there.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from typing import Final

import structlog
from anyio import CapacityLimiter
from anyio.to_thread import run_sync
from sqlalchemy import update

from photochrom.service.core.database import EVERYONE, Database
from photochrom.service.core.problems import UnavailableError
from photochrom.service.identity.tables import Key

log = structlog.get_logger(__name__)

_EVERY_SECONDS: Final = 1.0


class Uses:
    """When keys were used that nobody has written down yet; in this process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._noted: dict[str, datetime] = {}

    def note(self, key: str, time: datetime) -> None:
        """Keeps in mind that a key was used."""
        with self._lock:
            self._noted[key] = time

    def write(self, database: Database) -> None:
        """Writes down what was kept in mind.

        Raises:
            UnavailableError: The database takes nothing now; it is kept in mind still.
        """
        with self._lock:
            noted, self._noted = self._noted, {}
        if not noted:
            return
        try:
            with database.noting(EVERYONE) as session:
                for key, time in noted.items():
                    session.execute(update(Key).where(Key.id == key).values(last_used=time))
        except UnavailableError:
            with self._lock:
                self._noted = noted | self._noted
            raise


@asynccontextmanager
async def written_down(uses: Uses, database: Database) -> AsyncIterator[None]:
    """Writes down every moment what keys were used, until the end of the block."""
    # A thread of its own: it waits its turn, and those that answer requests are others.
    alone = CapacityLimiter(1)
    writing = asyncio.create_task(_again_and_again(uses, database, alone))
    try:
        yield
    finally:
        writing.cancel()
        with suppress(asyncio.CancelledError):
            await writing
        with suppress(UnavailableError):  # A note, for which nobody waits at the end.
            await run_sync(uses.write, database, limiter=alone)


async def _again_and_again(uses: Uses, database: Database, alone: CapacityLimiter) -> None:
    while True:
        try:
            await run_sync(uses.write, database, limiter=alone)
        except UnavailableError as error:
            log.warning("uses of keys are kept in mind", error=str(error))
        await asyncio.sleep(_EVERY_SECONDS)
