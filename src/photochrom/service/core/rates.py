"""How many requests somebody has made lately.

It is counted in this process's memory: three API processes grant three times as much. That is
enough against programs that run wild; what must hold exactly (wrong passwords) is counted in the
database.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter

_WINDOW = 60
_NAME = "minute"


@dataclass(frozen=True)
class Grant:
    """Whether a request is granted.

    Attributes:
        granted: Whether it is.
        limit: How many are granted in a minute.
        remaining: How many are left now.
        retry_after: Seconds after which another one is granted; 0 if one is left.
    """

    granted: bool
    limit: int
    remaining: int
    retry_after: int

    @property
    def headers(self) -> dict[str, str]:
        """It as headers of the answer (IETF draft "RateLimit header fields for HTTP")."""
        return {
            "RateLimit-Policy": f'"{_NAME}";q={self.limit};w={_WINDOW}',
            "RateLimit": f'"{_NAME}";r={self.remaining};t={self.retry_after or _WINDOW}',
        }


class Rates:
    """Counts requests of a minute, of each who makes them.

    Args:
        limit: How many are granted.
    """

    def __init__(self, limit: int):
        self._limit = limit
        self._item = RateLimitItemPerMinute(limit)
        self._storage = MemoryStorage()
        self._counter = SlidingWindowCounterRateLimiter(self._storage)

    def hit(self, who: str) -> Grant:
        """One more request.

        Args:
            who: Whose.
        """
        granted = self._counter.hit(self._item, who)
        before, before_left, here, _ = self._storage.get_sliding_window(
            self._item.key_for(who), _WINDOW
        )
        # The minute before counts by the share of it that is less than a minute ago.
        counted = before * before_left / _WINDOW + here
        remaining = max(0, math.ceil(self._limit - counted))
        wait = 0.0
        if not remaining:
            wait = _WINDOW - time.time() % _WINDOW  # As the library cuts time into windows.
            if here < self._limit:
                wait = before_left - _WINDOW * (self._limit - here) / before
        return Grant(granted, self._limit, remaining, 0 if remaining else math.floor(wait) + 1)
