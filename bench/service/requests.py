"""What was asked of a service, and what came of it."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import httpx

TOO_MANY: Final = 429
"""Status of what a client may not ask so often."""

_SAFE: Final = ("GET", "HEAD")


@dataclass(frozen=True)
class Asked:
    """A request.

    Attributes:
        method: Of HTTP.
        route: What of the path is the same for all of its kind.
        status: Of the answer; 0 if none came.
        at: When it began, of the clock of `time.monotonic`.
        seconds: Until the last byte of the answer.
    """

    method: str
    route: str
    status: int
    at: float
    seconds: float

    @property
    def is_read(self) -> bool:
        """Whether it changes nothing."""
        return self.method in _SAFE


@dataclass
class Asking:
    """A client's way to a service; all that it asks is noted.

    Attributes:
        client: Signed in.
        noted: Where it is noted, by all clients.
        broken: The same of what had no answer: what was asked, and why.
    """

    client: httpx.AsyncClient
    noted: list[Asked] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)

    async def ask(self, method: str, route: str, path: str, **more: Any) -> httpx.Response | None:
        """The answer to a request; None if none came.

        Args:
            method: Of HTTP.
            route: As it is noted.
            path: Which is asked.
            more: What httpx is told besides.
        """
        at, status, answer = time.monotonic(), 0, None
        try:
            answer = await self.client.request(method, path, **more)
            status = answer.status_code
        except httpx.TransportError as error:
            self.broken.append(f"{method} {route}: {type(error).__name__} {error}")
        self.noted.append(Asked(method, route, status, at, time.monotonic() - at))
        return answer


def statuses(noted: Iterable[Asked]) -> dict[str, int]:
    """How many answers there were of each status."""
    return {
        str(status): count for status, count in sorted(Counter(x.status for x in noted).items())
    }


def latencies(noted: Sequence[Asked]) -> dict[str, float]:
    """How long requests took: count, and milliseconds of percentiles."""
    import numpy as np

    if not noted:
        return {"count": 0}
    seconds = np.array([one.seconds for one in noted])
    marks = dict(zip(("p50", "p95", "p99"), np.percentile(seconds, (50, 95, 99)), strict=True))
    told = {f"{name}_ms": round(1000 * float(value), 1) for name, value in marks.items()}
    return {"count": len(noted), **told, "most_ms": round(1000 * float(seconds.max()), 1)}
