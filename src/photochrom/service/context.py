"""What the service consists of, made once from its settings and handed to whoever needs it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from anyio import CapacityLimiter

from photochrom.service.core.blobs import Blobs, blobs_at
from photochrom.service.core.database import Database
from photochrom.service.core.rates import Rates
from photochrom.service.core.signing import Signer, secret_in
from photochrom.service.identity.passwords import Passwords
from photochrom.service.identity.uses import Uses
from photochrom.service.settings import Settings

if TYPE_CHECKING:
    from photochrom.service.identity.issuer import Issuer

AT_ONCE: Final = 16
"""Requests of one kind that are at work."""


@dataclass(frozen=True)
class Context:
    """The service's parts. No module holds any of them: two services may run in one process.

    Attributes:
        settings: How it is set.
        database: Where rows are.
        blobs: Where originals and results are.
        signer: Signs links.
        passwords: Makes and checks hashes.
        rates: Counts requests, in this process.
        uses: When keys were last used, in this process, until it is written down.
        readers: Lets some requests read at a time, in the order in which they came; the others wait
            for that without a thread. A request has its connection from one thread to the next:
            with all threads waiting for connections, nobody could go on who has one.
        writers: The same of those that write. They wait for one another in the database: with all
            threads at that, nobody could go on who has the turn.
        doors: The same of those who sign in, or write for themselves and not for an organization:
            with the writers they are fewer than there are threads (40).
        senders: The same of those whose photographs are on their way to where they are kept, which
            may take long, or not answer.
        issuer: Who else says who somebody is, if it is set.
    """

    settings: Settings
    database: Database
    blobs: Blobs
    signer: Signer
    passwords: Passwords
    rates: Rates
    uses: Uses
    readers: CapacityLimiter
    writers: CapacityLimiter
    doors: CapacityLimiter
    senders: CapacityLimiter
    issuer: Issuer | None

    @classmethod
    @contextmanager
    def opened(cls, settings: Settings) -> Iterator[Context]:
        """The parts, for as long as the block lasts.

        Raises:
            PhotochromError: A setting leads nowhere.
        """
        settings.data.mkdir(parents=True, exist_ok=True)
        if settings.secret is not None:
            secret = settings.secret.get_secret_value().encode()
        else:
            secret = secret_in(settings.data / "secret.key")
        database = Database(settings.database_url)
        try:
            yield cls(
                settings,
                database,
                blobs_at(settings.storage, settings.data),
                Signer(secret),
                Passwords(settings.hashes_at_once),
                Rates(settings.requests_a_minute),
                Uses(),
                CapacityLimiter(AT_ONCE),
                CapacityLimiter(AT_ONCE),
                CapacityLimiter(AT_ONCE),
                CapacityLimiter(AT_ONCE),
                _issuer(settings),
            )
        finally:
            database.close()


def _issuer(settings: Settings) -> Issuer | None:
    if settings.oidc_issuer is None:
        return None
    # Its libraries take a while to load: executors and commands of one line do without.
    from photochrom.service.identity.issuer import Issuer

    return Issuer.of(settings)
