"""A client: sends scans, waits until they were looked into, has them restored, reads what came."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from bench.service.requests import Asking
from bench.service.scans import scan

RECIPE: Final = 'schema = "photochrom.recipe/1"\nname = "load"\nsteps = ["tone", "clean"]\n'
"""Without networks: what is measured is the service."""

SCANS: Final = 3
"""Photographs that are restored together."""

PIECES: Final = 3
"""In which one is sent that is sent resumably."""

_TUS: Final = {"Tus-Resumable": "1.0.0"}
_CHUNK: Final = {**_TUS, "Content-Type": "application/offset+octet-stream"}
_OVER: Final = ("succeeded", "failed", "cancelled")


class AnswerError(Exception):
    """The service answered otherwise than it should have; what was asked is noted."""


@dataclass
class Account:
    """What clients found, all of them together.

    Attributes:
        photographs: Ids of those that were accepted.
        jobs: Ids of jobs of restorations that were accepted.
        read: Results that were read.
        damaged: Those whose bytes are not what their digest says.
        wrong: Answers that should have been others.
    """

    photographs: list[str] = field(default_factory=list)
    jobs: list[str] = field(default_factory=list)
    read: int = 0
    damaged: int = 0
    wrong: list[str] = field(default_factory=list)


@dataclass
class Client:
    """One of many.

    Attributes:
        number: Its own.
        asking: Its way to the service.
        account: What all of them found.
        every: Seconds between two questions how far something is, about.
        stops: Whether it is over.
    """

    number: int
    asking: Asking
    account: Account
    every: float
    stops: Callable[[], bool]

    def __post_init__(self) -> None:
        self._drawn = random.Random(self.number)
        self._sent = 0

    async def work(self) -> None:
        """Round after round, until it is over; what is not as it should be ends a round."""
        await asyncio.sleep(self._drawn.uniform(0, 2 * self.every))
        while not self.stops():
            try:
                await self._round()
            except AnswerError as error:
                self.account.wrong.append(str(error))
                await self._pause()

    async def _round(self) -> None:
        ids = []
        for _ in range(SCANS):
            ids.append(await self._send())
            await self._pause()
        for id in ids:
            await self._until("photographs/ID", f"photographs/{id}", ("ready", "refused"))
        if self.stops():
            return
        asked = {"photographs": ids, "recipe": RECIPE, "formats": ["jpeg"]}
        order = await self._ask("POST", "restorations", "restorations", 202, json=asked)
        self.account.jobs.append(order["job"]["id"])
        await self._until("jobs/ID", f"jobs/{order['job']['id']}", _OVER)
        if not self.stops():
            await self._look(order["id"])

    async def _send(self) -> str:
        # Far apart, so that no two clients send the same.
        name, content = await asyncio.to_thread(scan, self.number * 100_000 + self._sent)
        self._sent += 1
        sends = self._in_pieces if self._sent % 2 else self._in_one
        id = await sends(name, content)
        self.account.photographs.append(id)
        return id

    async def _in_one(self, name: str, content: bytes) -> str:
        files = {"file": (name, content)}
        said = await self._ask("POST", "photographs", "photographs", 201, files=files)
        return str(said["photograph"]["id"])

    async def _in_pieces(self, name: str, content: bytes) -> str:
        """Resumably; once in a while as if the line had been cut."""
        told = f"filename {base64.b64encode(name.encode()).decode()}"
        headers = {**_TUS, "Upload-Length": str(len(content)), "Upload-Metadata": told}
        begun = await self._answer("POST", "uploads", "uploads", 201, headers=headers)
        path, piece = begun.headers["Location"].removeprefix("/v1/"), -(-len(content) // PIECES)
        answer = begun
        for start in range(0, len(content), piece):
            if self._drawn.random() < 0.1:
                at = await self._answer("HEAD", "uploads/ID", path, 200, headers=_TUS)
                start = int(at.headers["Upload-Offset"])
            part = content[start : start + piece]
            digest = base64.b64encode(hashlib.sha1(part).digest()).decode()
            headers = {**_CHUNK, "Upload-Offset": str(start), "Upload-Checksum": f"sha1 {digest}"}
            answer = await self._answer(
                "PATCH", "uploads/ID", path, 204, content=part, headers=headers
            )
        return str(answer.headers["Photochrom-Photograph"])

    async def _look(self, restoration: str) -> None:
        """Reads all that came of a restoration, and a page of what there is."""
        base = f"restorations/{restoration}/photographs"
        restored = await self._ask("GET", "restorations/ID/photographs", base, 200)
        for one in restored["items"]:
            for result in one["results"]:
                path = result["url"].removeprefix("/v1/")
                got = await self._answer("GET", "results/ID/content", path, 200)
                self.account.read += 1
                digest = hashlib.sha256(got.content).hexdigest()
                self.account.damaged += digest != result["sha256"]
        page = await self._ask("GET", "photographs", "photographs?limit=20", 200)
        thumbnails: Sequence[str] = [x["links"]["thumbnail"] for x in page["items"][:3]]
        for link in filter(None, thumbnails):
            path = link.removeprefix("/v1/")
            await self._answer("GET", "photographs/ID/thumbnail", path, 200)

    async def _until(self, route: str, path: str, states: Sequence[str]) -> None:
        while not self.stops():
            if (await self._ask("GET", route, path, 200))["state"] in states:
                return
            await self._pause()

    async def _pause(self) -> None:
        await asyncio.sleep(self.every * self._drawn.uniform(0.5, 1.5))

    async def _ask(self, method: str, route: str, path: str, wanted: int, **more: Any) -> Any:
        return (await self._answer(method, route, path, wanted, **more)).json()

    async def _answer(self, method: str, route: str, path: str, wanted: int, **more: Any) -> Any:
        """The answer, with the status that is wanted.

        Raises:
            AnswerError: There is none, or it has another.
        """
        answer = await self.asking.ask(method, route, path, **more)
        if answer is None:
            raise AnswerError(f"{method} {route}: no answer")
        if answer.status_code == 429:
            await asyncio.sleep(float(answer.headers.get("Retry-After", 1)))
        if answer.status_code != wanted:
            raise AnswerError(f"{method} {route}: {answer.status_code} {answer.text[:300]}")
        return answer


async def crowd(clients: Sequence[Client]) -> None:
    """All of them at once, until all are over."""
    try:
        await asyncio.gather(*(one.work() for one in clients))
    finally:
        for one in clients:
            await one.asking.client.aclose()
