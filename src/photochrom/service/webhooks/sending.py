"""Sends what waits for webhooks, a few at a time, beside the jobs of an executor.

It is no lane of jobs: a receiver that answers slowly must not keep photographs waiting, and one
that is down must not keep other people's webhooks waiting.
"""

from __future__ import annotations

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Final

import structlog

from photochrom.service.context import Context
from photochrom.service.core.clock import now
from photochrom.service.core.database import EVERYONE
from photochrom.service.core.problems import UnavailableError
from photochrom.service.outbox.repository import Outbox
from photochrom.service.outbox.tables import Delivery
from photochrom.service.webhooks.calling import Caller
from photochrom.service.webhooks.outcomes import conclude
from photochrom.service.webhooks.secrets import signed

log = structlog.get_logger(__name__)

AT_ONCE: Final = 8
"""Calls at a time."""

_TO_ONE = 3
"""Calls of one webhook at a time, as long as it answers."""

_LEASE = timedelta(minutes=5)
"""After so long somebody else sends what a sender has taken. It is far more than a call takes; and
if it is too little, a message is sent twice, which its id tells."""

_LOOK_SECONDS = 1.0


class Sender:
    """Sends until it is stopped.

    Args:
        context: The service.
        caller: Calls webhooks; by default as the settings say.
    """

    def __init__(self, context: Context, caller: Caller | None = None):
        self._context = context
        self._caller = caller or Caller(private=context.settings.webhook_private)
        self._busy: Counter[str] = Counter()
        self._lock = threading.Lock()
        self._places = threading.Semaphore(AT_ONCE)

    def run(self, stop: threading.Event) -> None:
        """Sends until `stop` is set; then ends what is being sent, which takes seconds."""
        with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="webhook") as pool:
            while not stop.is_set():
                self._places.acquire()
                found = self._claimed()
                if found is None:
                    self._places.release()
                    stop.wait(_LOOK_SECONDS)
                    continue
                pool.submit(self._send, found)

    def _claimed(self) -> Delivery | None:
        """What is sent next; None if there is nothing, or the database is away."""
        with self._lock:
            busy = set(self._busy)
            full = {id for id, count in self._busy.items() if count >= _TO_ONE}
        database, time = self._context.database, now()
        try:
            with database.reading(EVERYONE) as session:
                if not Outbox(session).is_due(time, full, busy):
                    return None
            with database.writing(EVERYONE) as session:
                found = Outbox(session).claim(time, _LEASE, full, busy)
        except UnavailableError:
            log.warning("the database is away")
            return None
        if found is not None:
            with self._lock:
                self._busy[found.webhook_id] += 1
        return found

    def _send(self, delivery: Delivery) -> None:
        try:
            webhook, time = delivery.webhook, now()
            headers = signed(webhook, delivery, time)
            called = self._caller.post(webhook.url, delivery.body.encode(), headers)
            log.info(
                "webhook",
                webhook=webhook.id,
                message=delivery.id,
                status=called.status,
                error=called.error,
                seconds=called.seconds,
            )
            with self._context.database.writing(EVERYONE) as session:
                outbox = Outbox(session)
                row = outbox.claimed(delivery)
                # It may be deleted, given up or another sender's meanwhile.
                if row is not None:
                    conclude(outbox, self._context.settings, row, called, now())
        except UnavailableError:
            log.warning("the database is away: a message is sent again", message=delivery.id)
        except Exception as error:  # The sender goes on; the message comes again after its lease.
            log.error("a message could not be sent", message=delivery.id, exc_info=error)
        finally:
            with self._lock:
                self._busy[delivery.webhook_id] -= 1
                self._busy += Counter()  # Forgets those that are not called any more.
            self._places.release()


def send(context: Context, stop: threading.Event) -> None:
    """Sends what waits for webhooks, until `stop` is set; what executors do besides jobs."""
    Sender(context).run(stop)
