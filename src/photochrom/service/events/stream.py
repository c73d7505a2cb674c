"""Streams of events: one look at the database for all who wait, however many they are."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator

from photochrom.service.core.database import EVERYONE, Database
from photochrom.service.core.problems import UnavailableError
from photochrom.service.events.repository import Events
from photochrom.service.events.tables import Event

LOOK_SECONDS = 0.3
"""How often the database is looked at."""

_AT_ONCE = 200


class Watch:
    """Tells those who wait that something has happened. One for each process, in its event loop."""

    def __init__(self, database: Database):
        self._database = database
        self._last = 0
        self._news = asyncio.Event()
        self.ended = asyncio.Event()
        """Set when the service stops: streams end then."""

    async def run(self) -> None:
        """Looks for news until it is cancelled."""
        while True:
            try:
                last = await asyncio.to_thread(self._look)
            except UnavailableError:
                last = self._last  # The database is away: we look again.
            if last != self._last:
                self._last = last
                self._news.set()
                self._news = asyncio.Event()
            await asyncio.sleep(LOOK_SECONDS)

    def stop(self) -> None:
        """Ends all streams."""
        self.ended.set()
        self._news.set()

    async def wait(self, seconds: float) -> None:
        """Waits for news, that long at most."""
        news = self._news
        try:
            await asyncio.wait_for(news.wait(), seconds)
        except TimeoutError:
            return

    def _look(self) -> int:
        with self._database.reading(EVERYONE) as session:
            return Events(session).last()


async def stream(
    database: Database,
    watch: Watch,
    organization: str,
    after: int | None,
    seconds: float,
    job: str | None = None,
) -> AsyncIterator[dict[str, str]]:
    """Events of an organization, as server-sent events are made of.

    Args:
        database: Where.
        watch: Who tells of news.
        organization: Whose.
        after: The number of the last one that the reader has seen; None for those from now on.
        seconds: How long it lasts; the reader comes again by itself.
        job: Of this job only.
    """

    def read(number: int) -> list[Event]:
        with database.reading(organization) as session:
            return list(Events(session).after(number, _AT_ONCE, job))

    def begin() -> int:
        with database.reading(EVERYONE) as session:
            return Events(session).last()

    number = after if after is not None else await asyncio.to_thread(begin)
    # A reader that is cut off at once knows from where to go on.
    yield {"event": "hello", "id": str(number), "data": "{}"}
    end = time.monotonic() + seconds
    while not watch.ended.is_set() and (left := end - time.monotonic()) > 0:
        found = await asyncio.to_thread(read, number)
        for one in found:
            number = one.number
            yield {"event": one.kind, "id": str(number), "data": json.dumps(said(one))}
        if not found:
            await watch.wait(min(left, 15.0))


def said(event: Event) -> dict[str, object]:
    """An event as it is told."""
    return {"subject": event.subject, "job": event.job_id, **event.data}
