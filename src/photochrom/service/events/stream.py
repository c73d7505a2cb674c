"""Streams of events: one look at the database for all who wait, however many they are."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from photochrom.service.access.credentials import Access
from photochrom.service.access.lasting import still_in
from photochrom.service.core.database import EVERYONE, Database
from photochrom.service.core.problems import UnavailableError
from photochrom.service.events.repository import Events
from photochrom.service.events.tables import Event
from photochrom.service.identity.roles import Permission

LOOK_SECONDS = 0.3
"""How often the database is looked at."""

CHECK_SECONDS = 2.0
"""How often it is asked whether readers may still read."""

_AT_ONCE = 200


@dataclass(eq=False)
class Reader:
    """Whoever reads a stream.

    Attributes:
        access: How they were let in; None for ourselves.
        may: Whether they may still read.
    """

    access: Access | None
    may: bool = True


class Watch:
    """Tells those who wait that something has happened. One for each process, in its event loop."""

    def __init__(self, database: Database):
        self._database = database
        self._last = 0
        self._news = asyncio.Event()
        self._readers: set[Reader] = set()
        self._checked = time.monotonic()
        self.ended = asyncio.Event()
        """Set when the service stops: streams end then."""

    async def run(self) -> None:
        """Looks for news until it is cancelled."""
        while True:
            try:
                last, let_out = await asyncio.to_thread(self._look), await self._check()
            except UnavailableError:
                last, let_out = self._last, False  # The database is away: we look again.
            if last != self._last or let_out:
                self._last = last
                self._news.set()
                self._news = asyncio.Event()
            await asyncio.sleep(LOOK_SECONDS)

    @contextmanager
    def reading(self, access: Access | None) -> Iterator[Reader]:
        """Somebody reads until the end of the block, or until they may no more."""
        reader = Reader(access)
        self._readers.add(reader)
        try:
            yield reader
        finally:
            self._readers.discard(reader)

    async def _check(self) -> bool:
        """Asks now and then whether all may still read; returns whether somebody may no more."""
        if time.monotonic() - self._checked < CHECK_SECONDS:
            return False
        self._checked = time.monotonic()
        readers = {one: one.access for one in self._readers if one.access is not None and one.may}
        if not readers:
            return False
        let_in = set(readers.values())
        still = await asyncio.to_thread(still_in, let_in, Permission.VIEW, self._database)
        for reader, access in readers.items():
            reader.may = access in still
        return still != let_in

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
    access: Access | None = None,
) -> AsyncIterator[dict[str, str]]:
    """Events of an organization, as server-sent events are made of.

    Args:
        database: Where.
        watch: Who tells of news.
        organization: Whose.
        after: The number of the last one that the reader has seen; None for those from now on.
        seconds: How long it lasts; the reader comes again by itself.
        job: Of this job only.
        access: How the reader was let in: it ends soon after that does.
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
    with watch.reading(access) as reader:
        while reader.may and not watch.ended.is_set() and (left := end - time.monotonic()) > 0:
            found = await asyncio.to_thread(read, number)
            for one in found:
                number = one.number
                yield {"event": one.kind, "id": str(number), "data": json.dumps(said(one))}
            if not found:
                await watch.wait(min(left, 15.0))


def said(event: Event) -> dict[str, object]:
    """An event as it is told."""
    return {"subject": event.subject, "job": event.job_id, **event.data}
