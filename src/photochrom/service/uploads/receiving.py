"""The bytes of a request go to an upload, while they come."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import timedelta

import anyio
from anyio.to_thread import run_sync
from fastapi import Request
from starlette.requests import ClientDisconnect

from photochrom.service.context import Context
from photochrom.service.core.bodies import streamed
from photochrom.service.core.clock import now
from photochrom.service.core.problems import ChecksumError, GoneError, TooLargeError, TooSlowError
from photochrom.service.uploads.parts import Writing, parts_of
from photochrom.service.uploads.protocol import Checksum
from photochrom.service.uploads.repository import Uploads
from photochrom.service.uploads.tables import Upload

WRITE = 256 << 10
"""Bytes that are handed to the disk at a time."""

FLUSH = 8 << 20
"""Bytes after which all that came is safe, and counts."""

IDLE_SECONDS = 60.0
"""A request of which nothing comes for so long has broken off."""


@dataclass
class _Receiving:
    """Bytes that came, and how many of them count."""

    context: Context
    upload: Upload
    token: str
    writing: Writing
    checksum: Checksum | None
    offset: int
    """So many count."""
    pending: int = 0
    """So many were written besides."""
    buffer: bytearray = field(default_factory=bytearray)

    def write(self) -> None:
        """What is in memory goes to the disk; and counts, when that is enough."""
        if not self.buffer:
            return
        data, self.buffer = bytes(self.buffer), bytearray()
        if self.checksum is not None:
            self.checksum.hash.update(data)
        self.writing.write(data)
        self.pending += len(data)
        # With a checksum nothing counts before all of it does.
        if self.pending >= FLUSH and self.checksum is None:
            self.count()

    def count(self) -> None:
        """What was written is made safe, and counts from now on."""
        if not self.pending:
            return
        parts = self.writing.flush()
        settings = self.context.settings
        until = now() + timedelta(hours=settings.upload_hours)
        organization, offset = self.upload.organization_id, self.offset + self.pending
        with self.context.database.writing(organization) as session:
            uploads = Uploads(session)
            if not uploads.move(self.upload, self.token, offset, until):
                raise GoneError("the upload was taken back meanwhile")
            uploads.add_parts(self.upload, parts)
        self.offset, self.pending = offset, 0
        self.upload.offset, self.upload.until = offset, until

    def end(self, *, whole: bool) -> None:
        """All that came counts, if it may.

        Args:
            whole: Whether the request came to its end; what broke off has no checksum.

        Raises:
            ChecksumError: It is not what was sent; nothing of it counts.
        """
        self.write()
        if self.checksum is None:
            self.count()
        elif whole:
            if not self.checksum.fits:
                raise ChecksumError("the bytes that came are not those that were sent")
            self.count()


async def receive(
    context: Context, upload: Upload, token: str, request: Request, checksum: Checksum | None
) -> None:
    """Takes the body of a request; `upload.offset` says then how many bytes count.

    A request that breaks off leaves all that came of it, unless it has a checksum.

    Args:
        context: The service.
        upload: At whose offset it goes on.
        token: The writer's name.
        request: Nothing of its body has been read yet.
        checksum: What it shall add up to.

    Raises:
        TooLargeError: More comes than the upload has.
        ChecksumError: Other bytes came than were sent.
        TooSlowError: Nothing came for a long time.
        FullError: There is no room left.
        GoneError: The upload was taken back meanwhile.
        ClientDisconnect: The client is gone.
    """
    writing = await run_sync(parts_of(context).writing, upload, limiter=context.senders)
    receiving = _Receiving(context, upload, token, writing, checksum, upload.offset)
    try:
        await _take(receiving, request)
    except (ClientDisconnect, TooSlowError):
        with anyio.CancelScope(shield=True):
            await run_sync(lambda: receiving.end(whole=False), limiter=context.senders)
        raise
    finally:
        with anyio.CancelScope(shield=True):
            await run_sync(writing.close, limiter=context.senders)


async def _take(receiving: _Receiving, request: Request) -> None:
    left = receiving.upload.length - receiving.offset
    async with aclosing(pieces_of(request)) as pieces:
        async for piece in pieces:
            left -= len(piece)
            if left < 0:
                raise TooLargeError("more bytes came than Upload-Length said")
            receiving.buffer += piece
            if len(receiving.buffer) >= WRITE:
                await run_sync(receiving.write, limiter=receiving.context.senders)
    await run_sync(lambda: receiving.end(whole=True), limiter=receiving.context.senders)


async def pieces_of(request: Request) -> AsyncGenerator[bytes, None]:
    """The body of a request as it comes.

    Raises:
        TooSlowError: Nothing came for a long time.
        ClientDisconnect: The client is gone.
    """
    streamed(request)
    stream = request.stream()
    while True:
        try:
            with anyio.fail_after(IDLE_SECONDS):
                piece = await anext(stream, None)
        except TimeoutError:
            raise TooSlowError(
                "the rest of it did not come", fix="ask for the offset, and go on from there"
            ) from None
        if piece is None:
            return
        if piece:
            yield piece
