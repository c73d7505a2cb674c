"""One request at a time writes to an upload; who died holds nothing.

The upload's row says who writes. Each writer has a name that says in which process it runs, so that
on the same machine the dead are known at once. Of another machine's writer it is told by watching
whether it counts. Whoever was taken for dead and lives cannot move the offset any more, because the
row has another name: what is lost by a mistake is time, and no bytes.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import secrets
import socket
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from functools import cache

import anyio
import psutil
import structlog
from anyio.to_thread import run_sync

from photochrom.service.context import Context
from photochrom.service.core.problems import GoneError, LockedError, UnavailableError
from photochrom.service.uploads.repository import Uploads
from photochrom.service.uploads.tables import Upload

BEAT_SECONDS = 3.0
SILENCE_SECONDS = 10.0
"""A writer of another machine that has not counted for so long is dead."""

log = structlog.get_logger(__name__)

# Names of this process's writers. What one holds ends with its request, even when the database is
# away then and its row cannot say so.
_writing: set[str] = set()
_lock = threading.Lock()


class BusyError(LockedError):
    """Another request writes to the upload."""

    def __init__(self) -> None:
        super().__init__(
            "another request writes to this upload",
            fix="ask for its offset, and go on from there",
            headers={"Retry-After": "2"},
        )


@asynccontextmanager
async def held(context: Context, upload: Upload) -> AsyncIterator[str]:
    """Nobody else writes to an upload as long as the block lasts.

    Yields:
        The writer's name.

    Raises:
        BusyError: Somebody does.
        GoneError: The upload is gone.
    """
    with _named() as token:
        if not await run_sync(_taken, context, upload, token, limiter=context.senders):
            await _taken_over(context, upload, token)
        counting = asyncio.create_task(_count(context, upload, token))
        try:
            yield token
        finally:
            counting.cancel()
            with anyio.CancelScope(shield=True):
                await run_sync(release, context, upload, token, limiter=context.senders)


def release(context: Context, upload: Upload, token: str) -> None:
    """Lets others write. When the database is away, they may as well: the writer is known to have
    ended."""
    try:
        with context.database.reading(upload.organization_id) as session:
            row = Uploads(session).find(upload.id)
        if row is None or row.holder != token:
            return  # It has ended: there is nothing to write.
        with context.database.noting(upload.organization_id) as session:
            Uploads(session).release(upload.id, token)
    except UnavailableError as error:
        log.warning("an upload could not be released", upload=upload.id, error=str(error))


@contextmanager
def _named() -> Iterator[str]:
    token = f"{_process()}-{secrets.token_hex(8)}"
    with _lock:
        _writing.add(token)
    try:
        yield token
    finally:
        with _lock:
            _writing.discard(token)


def _taken(context: Context, upload: Upload, token: str) -> bool:
    """Takes what nobody holds, or somebody who is dead; False if that cannot be told at once."""
    with context.database.noting(upload.organization_id) as session:
        uploads = Uploads(session)
        row = uploads.find(upload.id)
        if row is None:
            raise GoneError("the upload is gone")
        if row.holder is None:
            return uploads.hold(upload.id, token, None)
        lives = _lives(row.holder)
        if lives:
            raise BusyError
        return lives is False and uploads.hold(upload.id, token, row.holder)


async def _taken_over(context: Context, upload: Upload, token: str) -> None:
    holder, beat = await run_sync(_holder, context, upload)
    await asyncio.sleep(SILENCE_SECONDS)
    if not await run_sync(_seized, context, upload, token, holder, beat, limiter=context.senders):
        raise BusyError


def _holder(context: Context, upload: Upload) -> tuple[str | None, int]:
    with context.database.reading(upload.organization_id) as session:
        row = Uploads(session).find(upload.id)
        if row is None:
            raise GoneError("the upload is gone")
        return row.holder, row.beat


def _seized(context: Context, upload: Upload, token: str, holder: str | None, beat: int) -> bool:
    with context.database.noting(upload.organization_id) as session:
        return Uploads(session).hold(upload.id, token, holder, beat)


async def _count(context: Context, upload: Upload, token: str) -> None:
    """Counts, for other machines; SQLite has none."""
    while not context.database.is_sqlite:
        await asyncio.sleep(BEAT_SECONDS)
        with suppress(UnavailableError):  # The next count may reach it.
            await run_sync(_beat, context, upload, token, limiter=context.senders)


def _beat(context: Context, upload: Upload, token: str) -> None:
    with context.database.noting(upload.organization_id) as session:
        Uploads(session).beat(upload.id, token)


def _process() -> str:
    return f"{_host()}-{_self(os.getpid())}"


@cache
def _self(pid: int) -> str:
    # Asked once: what a system says of when it began moves with its clock.
    return f"{pid}-{_started(pid)}"


def _lives(token: str) -> bool | None:
    """Whether a writer lives; None if it is another machine's, which cannot be asked."""
    host, pid, started, _ = token.split("-")
    if host != _host():
        return None
    if f"{host}-{pid}-{started}" == _process():
        with _lock:
            return token in _writing
    return _started(int(pid)) == started


def _host() -> str:
    return hashlib.sha256(socket.gethostname().encode()).hexdigest()[:12]


def _started(pid: int) -> str:
    """When a process began: numbers of processes are used again. Empty if there is none."""
    try:
        return f"{psutil.Process(pid).create_time():.2f}"
    except psutil.Error:
        return ""
