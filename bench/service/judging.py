"""What has become of jobs that a service accepted, and whether what it holds grows."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from bench.service.client import Account
from bench.service.serving import Sample
from photochrom.service.core.database import EVERYONE, Database
from photochrom.service.events.tables import Event
from photochrom.service.jobs.states import State
from photochrom.service.jobs.tables import Item, Job
from photochrom.service.photographs.tables import Photograph

_OVER = [str(state) for state in State if state.is_over]


def waited(data: Path, seconds: float, tell: Callable[[int], None]) -> float:
    """Waits until all jobs are over; returns how many seconds that took.

    Args:
        data: Folder of the service.
        seconds: How long at most.
        tell: Told how many are left.
    """
    database, begun = _database(data), time.monotonic()
    try:
        while (left := _left(database)) and time.monotonic() - begun < seconds:
            tell(left)
            time.sleep(1)
    finally:
        database.close()
    return round(time.monotonic() - begun, 1)


def jobs(data: Path, account: Account) -> dict[str, Any]:
    """What has become of all that was accepted, by the rows of a service that has ended.

    Returns:
        `accepted` counts what clients were told was accepted: restorations, and photographs, each
        of which is looked into by a job; `lost` those of which there is no row, and jobs that are
        not over; `twice` those that were told to be over more than once.
    """
    database = _database(data)
    try:
        with database.reading(EVERYONE) as session:
            rows = session.scalars(select(Job)).all()
            there = set(session.scalars(select(Photograph.id)))
            told = Counter(
                event.job_id
                for event in session.scalars(select(Event).where(Event.kind == "job"))
                if event.data["state"] in _OVER
            )
            items = session.scalar(select(func.count()).select_from(Item)) or 0
    finally:
        database.close()
    over = {row.id for row in rows if row.state.is_over}
    ids, subjects = {row.id for row in rows}, {row.subject for row in rows} & there
    lost = [*(ids - over), *(set(account.jobs) - ids), *(set(account.photographs) - subjects)]
    return {
        "accepted": len(account.jobs) + len(account.photographs),
        "restorations": len(account.jobs),
        "photographs": len(account.photographs),
        "items": items,
        "lost": len(lost),
        "twice": sum(1 for id in over if told[id] != 1),
        "states": {str(state): count for state, count in Counter(x.state for x in rows).items()},
        "deaths": sum(row.deaths for row in rows),
        "items_failed": sum(row.failed for row in rows),
        "waited_seconds": _waited(rows),
    }


def trend(samples: Sequence[Sample], name: str) -> dict[str, float]:
    """How something went over time.

    Args:
        samples: In their order.
        name: Of the attribute.

    Returns:
        What it was at first and at last (medians of a tenth), the most, and the slope of a line
        through all (least squares), a minute.
    """
    import numpy as np

    values = np.array([getattr(one, name) for one in samples], dtype=float)
    minutes = np.array([one.at for one in samples]) / 60
    tenth = max(1, len(values) // 10)
    slope = float(np.polyfit(minutes - minutes[0], values, 1)[0]) if len(values) > 2 else 0.0
    return {
        "first": round(float(np.median(values[:tenth])), 1),
        "last": round(float(np.median(values[-tenth:])), 1),
        "most": round(float(values.max()), 1),
        "slope_a_minute": round(slope, 3),
    }


def _database(data: Path) -> Database:
    return Database(f"sqlite:///{data / 'photochrom.db'}")


def _left(database: Database) -> int:
    with database.reading(EVERYONE) as session:
        query = select(func.count()).select_from(Job).where(Job.state.not_in(_OVER))
        return session.scalar(query) or 0


def _waited(rows: Sequence[Job]) -> dict[str, dict[str, float]]:
    """Seconds from acceptance to the end, by kind: the median and the most."""
    import numpy as np

    spans: dict[str, list[float]] = {}
    for row in rows:
        if row.ended is not None:
            spans.setdefault(row.kind, []).append((row.ended - row.created).total_seconds())
    return {
        kind: {"p50": round(float(np.median(all_)), 1), "most": round(max(all_), 1)}
        for kind, all_ in sorted(spans.items())
    }
