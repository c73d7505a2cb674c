"""The time of day, in one place.

It is for people and for what runs out (links, sessions). Nothing that must not be lost hangs on it:
who is alive is told by counting (`jobs.executors`), because clocks are set back.
"""

from __future__ import annotations

from datetime import UTC, datetime


def now() -> datetime:
    """The time, in UTC, to the millisecond."""
    time = datetime.now(UTC)
    return time.replace(microsecond=time.microsecond // 1000 * 1000)
