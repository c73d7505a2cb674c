"""Many who ask at once: whoever has the turn to write always finds a thread to go on with."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Awaitable, Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from photochrom.service.access.credentials import COOKIE, CSRF_HEADER, SAFE
from photochrom.service.access.guards import at_the_door
from photochrom.service.context import AT_ONCE
from photochrom.service.core.clock import now
from photochrom.service.core.database import EVERYONE
from photochrom.service.core.problems import UnavailableError
from photochrom.service.identity.tables import Key, User
from photochrom.service.identity.uses import Uses
from service_kit import Service, service_in, signed_in
from service_server import key_of
from stranger_kit import endpoints_of
from waiting import until

# More than there are threads for all requests together.
CROWD, WRITERS = 60, 20
HERE = "http://photochrom.test/v1"


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    with service_in(tmp_path / "data") as service:
        yield service


def answered(
    service: Service, asks: Sequence[Callable[[httpx.AsyncClient], Awaitable[httpx.Response]]]
) -> list[int]:
    """Statuses of requests that are all made at once."""

    async def run() -> list[int]:
        way = httpx.ASGITransport(service.client.app)  # type: ignore[arg-type]
        async with httpx.AsyncClient(transport=way, base_url=HERE) as client:
            said = await asyncio.gather(*(ask(client) for ask in asks))
        return [one.status_code for one in said]

    return asyncio.run(run())


def with_key(service: Service, user: User) -> dict[str, str]:
    return {"Authorization": f"Bearer {key_of(service.context, user)}"}


def new_collections(headers: dict[str, str]) -> list[Callable[..., Awaitable[httpx.Response]]]:
    return [
        lambda client, n=n: client.post("/collections", json={"title": f"{n}"}, headers=headers)
        for n in range(WRITERS)
    ]


def test_all_keys_are_due_to_be_noted_beside_those_who_write(service: Service) -> None:
    ada = service.account("ada")
    keys = [with_key(service, ada) for _ in range(CROWD)]
    reads = [lambda client, h=h: client.get("/collections", headers=h) for h in keys]
    said = answered(service, [*reads, *new_collections(keys[0]), *reads])
    assert sorted(set(said)) == [200, 201]

    def written() -> int:
        with service.context.database.reading(EVERYONE) as session:
            return session.query(Key).filter(Key.last_used.is_not(None)).count()

    until(lambda: written() == CROWD)


def test_all_change_their_accounts_beside_those_who_write(service: Service) -> None:
    ada = service.account("ada")
    browsers = [signed_in(service.context, ada) for _ in range(CROWD)]
    renamed = [
        lambda client, one=one, n=n: client.patch(
            "/user",
            json={"name": f"Ada {n}"},
            headers={CSRF_HEADER: one.session.csrf, "Cookie": f"{COOKIE}={one.token}"},
        )
        for n, one in enumerate(browsers)
    ]
    asks = [*new_collections(with_key(service, ada)), *renamed]
    database, doors = service.context.database, service.context.doors
    assert database._turns is not None
    with ThreadPoolExecutor(1) as beside:
        with database.writing(EVERYONE) as session:
            # From here on nobody else can write; whoever may wait for that in a thread shall.
            session.query(Key).update({"name": "programs"})
            said = beside.submit(answered, service, asks)
            until(lambda: doors.statistics().tasks_waiting == CROWD - AT_ONCE)
            until(lambda: len(database._turns._waiting) >= 2 * AT_ONCE)
        assert sorted(set(said.result())) == [200, 201]


def test_who_writes_without_a_session_of_the_route_waits_at_the_door(service: Service) -> None:
    """Routes that are functions run in threads that all of them share."""
    found = {
        str(route): calls
        for route, endpoint, calls in endpoints_of(service.client.app)  # type: ignore[arg-type]
        if not inspect.iscoroutinefunction(endpoint)
        and (route.method not in SAFE or route.path == "/v1/oidc/callback")
    }
    assert len(found) > 30
    has_session = {name for name, calls in found.items() if any(_is_unit(one) for one in calls)}
    assert "POST /v1/collections" in has_session and "POST /v1/session" not in has_session
    reading_only = {"POST /v1/invitation/read"}
    waits = {name for name, calls in found.items() if at_the_door in calls}
    assert found.keys() - has_session - reading_only == waits


def _is_unit(call: object) -> bool:
    return hasattr(call, "permission") and inspect.isasyncgenfunction(call)


def test_a_use_that_cannot_be_written_is_kept_in_mind(service: Service) -> None:
    key_of(service.context, service.account("ada"))
    with service.context.database.reading(EVERYONE) as session:
        (key,) = (one.id for one in session.query(Key))
    uses, first = Uses(), now()

    class Away:
        def noting(self, _: str) -> object:
            raise UnavailableError("the database does not answer now")

    uses.note(key, first)
    with pytest.raises(UnavailableError):
        uses.write(Away())  # type: ignore[arg-type]
    uses.write(service.context.database)

    def last_used() -> object:
        with service.context.database.reading(EVERYONE) as session:
            return session.get(Key, key).last_used

    assert last_used() == first
    later = first + timedelta(minutes=2)
    uses.note(key, later)
    uses.write(service.context.database)
    uses.write(service.context.database)
    assert last_used() == later
