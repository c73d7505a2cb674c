"""What runs out is removed, and what only a crash kept from its end is ended."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import structlog
from anyio.to_thread import run_sync

from photochrom.errors import PhotochromError
from photochrom.files import sweep_parts
from photochrom.service.context import Context
from photochrom.service.core.clock import now
from photochrom.service.core.database import EVERYONE
from photochrom.service.photographs.service import remove_doomed
from photochrom.service.uploads.finishing import finish_if_whole, forget_bytes
from photochrom.service.uploads.parts import FOLDER, sweep_folder
from photochrom.service.uploads.repository import Uploads
from photochrom.service.uploads.small import FOLDER as SMALL
from photochrom.service.uploads.tables import Upload

EVERY_SECONDS = 600.0

log = structlog.get_logger(__name__)


async def sweep(context: Context) -> None:
    """Ends uploads that are whole, and removes those that have run out, with all that is left of
    those that are gone.

    Raises:
        PhotochromError: Database or storage do not answer; what is left goes another time.
    """
    for upload in await run_sync(_whole, context):
        try:
            await finish_if_whole(context, upload)
        except PhotochromError as error:  # It is one of many: the others are ended all the same.
            log.warning("an upload could not be ended", upload=upload.id, error=str(error))
    await run_sync(remove_expired, context)
    await run_sync(remove_doomed, context)


def remove_expired(context: Context) -> int:
    """Removes uploads that have run out; returns how many."""
    time = now()
    with context.database.reading(EVERYONE) as session:
        expired = Uploads(session).expired(time)
    removed = 0
    for upload in expired:
        with context.database.writing(upload.organization_id) as session:
            # Somebody may have gone on with it since.
            gone = Uploads(session).remove_expired(upload.id, time)
        if gone and upload.finished is None:
            forget_bytes(context, upload)
        removed += gone
    sweep_folder(context.settings.data / FOLDER, lambda ids: _there(context, ids))
    sweep_parts(context.settings.data / SMALL)
    return removed


@asynccontextmanager
async def swept_again_and_again(context: Context) -> AsyncIterator[None]:
    """Sweeps at the beginning of the block, and every few minutes until its end."""
    sweeping = asyncio.create_task(_again_and_again(context))
    try:
        yield
    finally:
        sweeping.cancel()
        with suppress(asyncio.CancelledError):
            await sweeping


async def _again_and_again(context: Context) -> None:
    while True:
        try:
            await sweep(context)
        except PhotochromError as error:
            log.warning("uploads could not be swept", error=str(error))
        except Exception as error:  # Unforeseen; the next time may do, and nobody else would tell.
            log.error("uploads could not be swept", exc_info=error)
        await asyncio.sleep(EVERY_SECONDS)


def _whole(context: Context) -> list[Upload]:
    with context.database.reading(EVERYONE) as session:
        return list(Uploads(session).whole())


def _there(context: Context, ids: set[str]) -> set[str]:
    with context.database.reading(EVERYONE) as session:
        return Uploads(session).there(ids)
