"""Streams of events: nothing is missed, nothing comes twice or to others, and all of them end."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Iterator
from contextlib import aclosing
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from photochrom.service.access.credentials import Access, Person
from photochrom.service.accounts import disabling
from photochrom.service.core.clock import now
from photochrom.service.core.database import EVERYONE
from photochrom.service.events import stream as streams
from photochrom.service.events.repository import Events, announce
from photochrom.service.events.stream import Watch, stream
from photochrom.service.identity.roles import Permission, Role
from photochrom.service.identity.tables import Key, Member, SignIn, User
from service_kit import Service, service_in
from service_server import key_of, listening

SOON = 60


@pytest.fixture
def service(database_url: str, tmp_path: Path) -> Iterator[Service]:
    with service_in(tmp_path, database=database_url) as service:
        yield service


@pytest.fixture
def plain(tmp_path: Path) -> Iterator[Service]:
    with service_in(tmp_path) as service:
        yield service


def organization_of(service: Service, name: str) -> str:
    return service.organization_of(service.account(name))


def happen(service: Service, organization: str, *numbers: int, job: str | None = None) -> None:
    with service.context.database.writing(organization) as session:
        for one in numbers:
            announce(session, organization, "test", "jo_x", {"n": one}, job)


async def heard(
    service: Service,
    watch: Watch,
    organization: str,
    after: int | None,
    count: int,
    job: str | None = None,
) -> list[dict[str, str]]:
    """So many events after the greeting."""
    found: list[dict[str, str]] = []
    events = stream(service.context.database, watch, organization, after, SOON, job)
    async with asyncio.timeout(SOON), aclosing(events):  # type: ignore[type-var]
        async for one in events:
            found.append(one)
            if len(found) > count:
                break
    return found[1:]


def numbers(events: list[dict[str, str]]) -> list[int]:
    return [json.loads(one["data"])["n"] for one in events]


def watching(service: Service, what: Any) -> Any:
    """Runs something beside a watch."""

    async def run() -> Any:
        watch = Watch(service.context.database)
        looking = asyncio.create_task(watch.run())
        try:
            return await what(watch)
        finally:
            looking.cancel()

    return asyncio.run(run())


def test_goes_on_after_what_was_seen(service: Service) -> None:
    own = organization_of(service, "ada")
    happen(service, own, 1, 2, 3)

    async def twice(watch: Watch) -> None:
        first = await heard(service, watch, own, 0, 2)
        assert numbers(first) == [1, 2]
        await asyncio.to_thread(happen, service, own, 4)
        rest = await heard(service, watch, own, int(first[-1]["id"]), 2)
        assert numbers(rest) == [3, 4]

    watching(service, twice)


def test_order_under_writers_at_a_time(service: Service) -> None:
    """Whoever reads while others write sees all, in order, and none behind what was seen."""
    own, writers, each = organization_of(service, "ada"), 6, 15

    def write(base: int) -> None:
        for one in range(each):
            happen(service, own, base + one)

    async def reading(watch: Watch) -> list[dict[str, str]]:
        threads = [threading.Thread(target=write, args=(100 * one,)) for one in range(writers)]
        for thread in threads:
            thread.start()
        found = await heard(service, watch, own, 0, writers * each)
        await asyncio.to_thread(lambda: [thread.join() for thread in threads])
        return found

    found = watching(service, reading)
    ids = [int(one["id"]) for one in found]
    assert ids == sorted(set(ids))
    assert sorted(numbers(found)) == sorted(
        100 * writer + one for writer in range(writers) for one in range(each)
    )
    for writer in range(writers):
        mine = [one for one in numbers(found) if one // 100 == writer]
        assert mine == sorted(mine)


def test_a_number_that_is_seen_has_all_before_it(service: Service) -> None:
    """The writer who is late with its commit keeps those after it waiting, not the reader's
    number: with nobody else's event may a higher one be seen first."""
    own = organization_of(service, "ada")
    written, go = threading.Event(), threading.Event()

    def late() -> None:
        with service.context.database.writing(own) as session:
            announce(session, own, "test", "jo_x", {"n": 1})
            written.set()
            assert go.wait(SOON)

    def other() -> None:
        happen(service, own, 2)

    first, second = threading.Thread(target=late), threading.Thread(target=other)
    first.start()
    assert written.wait(SOON)
    second.start()
    second.join(0.5)  # It waits; if it did not, it would be over by now.
    with service.context.database.reading(own) as session:
        assert Events(session).after(0, 10) == []
    go.set()
    first.join(SOON)
    second.join(SOON)
    with service.context.database.reading(own) as session:
        assert [one.data["n"] for one in Events(session).after(0, 10)] == [1, 2]


def test_only_ones_own_and_only_those_of_a_job(service: Service) -> None:
    own, other = organization_of(service, "ada"), organization_of(service, "eve")
    for one in range(3):
        happen(service, other, 10 + one)
        happen(service, own, one, job="jo_a")
        happen(service, own, 20 + one, job="jo_b")
    all_own = watching(service, lambda watch: heard(service, watch, own, 0, 6))
    assert numbers(all_own) == [0, 20, 1, 21, 2, 22]
    of_job = watching(service, lambda watch: heard(service, watch, own, 0, 3, "jo_b"))
    assert numbers(of_job) == [20, 21, 22]


def test_numbers_go_on_when_all_is_forgotten(service: Service) -> None:
    own = organization_of(service, "ada")
    happen(service, own, 1, 2, 3)
    with service.context.database.writing(EVERYONE) as session:
        last = Events(session).last()
        assert Events(session).forget(now() + timedelta(days=1)) == 2
    happen(service, own, 4)
    assert numbers(watching(service, lambda watch: heard(service, watch, own, last, 1))) == [4]


def test_ends_by_itself_and_with_the_service(plain: Service) -> None:
    own = organization_of(plain, "ada")

    async def both(watch: Watch) -> None:
        database = plain.context.database
        short = [one async for one in stream(database, watch, own, None, 0.2)]
        assert [one["event"] for one in short] == ["hello"]
        long = stream(database, watch, own, None, 10 * SOON)
        assert (await anext(long))["event"] == "hello"
        waiting = asyncio.ensure_future(anext(long))
        await asyncio.sleep(0)
        watch.stop()
        with pytest.raises(StopAsyncIteration):
            await asyncio.wait_for(waiting, SOON)

    watching(plain, both)


def test_a_hundred_at_once_look_once(plain: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    """One looks for all; what happens comes to each."""
    own, looks, reads = organization_of(plain, "ada"), [0], [0]
    real_look, real_after = Watch._look, Events.after

    def look(watch: Watch) -> int:
        looks[0] += 1
        return real_look(watch)

    def after(events: Events, *more: Any) -> Any:
        reads[0] += 1
        return real_after(events, *more)

    monkeypatch.setattr(Watch, "_look", look)
    monkeypatch.setattr(Events, "after", after)

    async def hundred(watch: Watch) -> list[list[int]]:
        start = await asyncio.to_thread(plain_last, plain)
        hearing = [asyncio.create_task(heard(plain, watch, own, start, 2)) for _ in range(100)]
        while reads[0] < 100:
            await asyncio.sleep(0.01)
        quiet, seen = reads[0], looks[0]
        while looks[0] < seen + 3:
            await asyncio.sleep(0.01)
        assert reads[0] == quiet  # Nobody reads while nothing happens.
        await asyncio.to_thread(happen, plain, own, 1, 2)
        return [numbers(one) for one in await asyncio.gather(*hearing)]

    assert watching(plain, hundred) == [[1, 2]] * 100


def plain_last(service: Service) -> int:
    with service.context.database.reading(EVERYONE) as session:
        return Events(session).last()


def test_over_http(tmp_path: Path) -> None:
    """`Last-Event-ID` is minded, and the stream ends by itself."""
    with service_in(tmp_path, event_minutes=0.01) as service:
        user = service.account("ada")
        own = service.organization_of(user)
        happen(service, own, 1, 2)
        with service.context.database.reading(own) as session:
            seen = min(one.number for one in Events(session).after(0, 10))
        key = key_of(service.context, user)
        headers = {"Authorization": f"Bearer {key}", "Last-Event-ID": str(seen)}
        with listening(service.context) as address:
            answer = httpx.get(f"{address}/v1/events", headers=headers, timeout=SOON)
            # What is no number says nothing: it begins now.
            headers["Last-Event-ID"] = "9" * 400
            assert httpx.get(f"{address}/v1/events", headers=headers, timeout=SOON).is_success
        assert answer.headers["content-type"].startswith("text/event-stream")
        said = [line for line in answer.text.splitlines() if line.startswith("data:")]
        assert [json.loads(line[5:]).get("n") for line in said] == [None, 2]


def _row(service: Service, kind: Any, user: User) -> Any:
    with service.context.database.reading(EVERYONE) as session:
        return session.query(kind).filter(kind.user_id == user.id).one()


def _sign_in(service: Service, user: User) -> Person:
    service.client_of(user)
    return Person(user.id, sign_in=_row(service, SignIn, user).id)


def _key(service: Service, user: User) -> Person:
    asked = {"name": "k", "permissions": ["view"]}
    assert service.client_of(user).post("/v1/keys", json=asked).status_code == 201
    found = _row(service, Key, user)
    return Person(user.id, key=found.id, organization=found.organization_id)


def _removed(kind: Any) -> Any:
    def remove(service: Service, user: User) -> None:
        with service.context.database.writing(EVERYONE) as session:
            session.query(kind).filter(kind.user_id == user.id).delete()

    return remove


def _changed(kind: Any, **values: Any) -> Any:
    def change(service: Service, user: User) -> None:
        with service.context.database.writing(EVERYONE) as session:
            session.query(kind).filter(kind.user_id == user.id).update(values)

    return change


def _disabled(service: Service, user: User) -> None:
    disabling.disable(service.context, user.email)


ENDS = {
    "signed out": (_sign_in, _removed(SignIn)),
    "run out": (_sign_in, _changed(SignIn, until=now() - timedelta(days=1))),
    "disabled": (_sign_in, _disabled),
    "no member any more": (_sign_in, _removed(Member)),
    "key revoked": (_key, _changed(Key, revoked=now())),
    "key run out": (_key, _changed(Key, until=now() - timedelta(days=1))),
    "key narrowed": (_key, _changed(Key, permissions=["edit"])),
    "key of somebody who is disabled": (_key, _disabled),
}


@pytest.mark.parametrize("name", ENDS)
def test_a_stream_ends_with_what_opened_it(
    plain: Service, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Others' streams go on."""
    monkeypatch.setattr(streams, "CHECK_SECONDS", 0.0)
    opened, ends = ENDS[name]
    ada = plain.account("ada")
    bob, own = plain.member(ada, "bob", Role.EDITOR), plain.organization_of(ada)
    view = frozenset({Permission.VIEW})
    access = Access(opened(plain, bob), own, Role.EDITOR, view)
    other = Access(_sign_in(plain, ada), own, Role.OWNER, view)

    async def reading(watch: Watch) -> None:
        database = plain.context.database
        mine = stream(database, watch, own, 0, SOON * 10, None, access)
        theirs = stream(database, watch, own, 0, SOON * 10, None, other)
        async with asyncio.timeout(SOON), aclosing(mine), aclosing(theirs):  # type: ignore[type-var]
            for one in (mine, theirs):
                assert (await anext(one))["event"] == "hello"
            await asyncio.to_thread(happen, plain, own, 1)
            for one in (mine, theirs):
                assert numbers([await anext(one)]) == [1]
            await asyncio.to_thread(ends, plain, bob)
            assert [one async for one in mine] == []
            await asyncio.to_thread(happen, plain, own, 2)
            assert numbers([await anext(theirs)]) == [2]

    watching(plain, reading)
