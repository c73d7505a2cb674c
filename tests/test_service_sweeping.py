"""What is forgotten, when, and that one at a time sees to it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from photochrom.service.context import Context
from photochrom.service.core.clock import now
from photochrom.service.core.database import EVERYONE
from photochrom.service.core.ids import new_id
from photochrom.service.core.scratch import on_the_way
from photochrom.service.events.repository import announce
from photochrom.service.events.tables import Event
from photochrom.service.identity.tables import SignIn
from photochrom.service.jobs.repository import Jobs
from photochrom.service.jobs.states import State
from photochrom.service.jobs.tables import Item, Job
from photochrom.service.sweeping.sweep import Sweep
from photochrom.service.sweeping.sweeper import Sweeper
from photochrom.service.sweeping.tables import Chore
from service_kit import Service, left_by_a_kill, service_in


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    with service_in(tmp_path, keep_events_days=2, keep_jobs_days=10) as service:
        yield service


def count(service: Service, table: type) -> int:
    with service.context.database.reading(EVERYONE) as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_what_is_too_old_goes_and_the_rest_stays(service: Service) -> None:
    ada = service.account("ada")
    client = service.client_of(ada)
    service.client_of(ada)
    organization = client.get("/v1/session").json()["organizations"][0]["organization"]
    old = now() - timedelta(days=20)
    with service.context.database.writing(organization) as session:
        jobs = Jobs(session)
        ended, waiting, young = (
            jobs.accept(organization, "test", "th_x", "us_x", items=["ph_a"]).id for _ in range(3)
        )
        for id, time in ((ended, old), (young, now())):
            over = {"state": State.SUCCEEDED, "ended": time}
            session.execute(update(Job).where(Job.id == id).values(**over))
        session.execute(update(Job).values(created=old))
        session.execute(update(Event).values(created=old))
        announce(session, organization, "test", "x", {})
    with service.context.database.writing(EVERYONE) as session:
        first = session.scalars(select(SignIn.id).order_by(SignIn.id).limit(1)).one()
        session.execute(update(SignIn).where(SignIn.id != first).values(until=old))
    removed = Sweeper(service.context).sweep()
    assert (removed["jobs"], removed["sign-ins"], removed["events"]) == (1, 1, 3)
    with service.context.database.reading(EVERYONE) as session:
        assert set(session.scalars(select(Job.id))) == {waiting, young}
    assert (count(service, Item), count(service, Event)) == (2, 1)
    assert client.get("/v1/session").status_code == 200


def test_jobs_are_kept_for_ever_if_nobody_says_otherwise(tmp_path: Path) -> None:
    with service_in(tmp_path) as service:
        assert service.context.settings.keep_jobs_days is None
        assert Sweeper(service.context).sweep()["jobs"] == 0


def test_one_sweeps_once_an_hour_also_when_the_clock_is_set_back(service: Service) -> None:
    one, other = Sweeper(service.context), Sweeper(service.context)
    assert (one.is_due(), other.is_due(), one.is_due()) == (True, False, False)
    for shift in (timedelta(hours=-2), timedelta(hours=2)):
        with service.context.database.writing(EVERYONE) as session:
            session.execute(update(Chore).values(begun=now() + shift))
        assert (other.is_due(), one.is_due()) == (True, False)


def test_a_sweep_that_fails_keeps_no_other_from_its_work(service: Service) -> None:
    def fails(context: object) -> int:
        raise ZeroDivisionError

    sweeps = (Sweep("first", fails), Sweep("second", lambda context: 3))
    assert Sweeper(service.context, sweeps).sweep() == {"second": 3}


def film_folder(service: Service, state: State) -> tuple[Path, str]:
    """The folder of a film, and the film's job."""
    own = service.organization_of(service.account(new_id("xx")))
    film = new_id("fi")
    with service.context.database.writing(own) as session:
        job = Jobs(session).accept(own, "film", film, "us_x")
        job.state, job.ended = state, now() if state.is_over else None
    folder = service.context.settings.data / "work" / film
    (folder / "photographs").mkdir(parents=True)
    (folder / "photographs" / "scan.tif").write_bytes(b"much")
    return folder, job.id


def test_what_the_dead_left_in_the_work_folder_goes(service: Service) -> None:
    """Of films that are over, or gone; what somebody may go on with stays."""
    folders = {state: film_folder(service, state)[0] for state in State}
    work = service.context.settings.data / "work"
    gone, half = work / new_id("fi"), work / ".gone-fo_x"
    for one in (gone, half):
        one.mkdir()
    strange, new = work / "scan", work / "new"
    for one in (strange, new):
        one.write_bytes(b"x")
    os.utime(strange, (0, 0))
    assert Sweeper(service.context).sweep()["stages"] == len([s for s in State if s.is_over]) + 3
    left = {folders[state] for state in State if not state.is_over} | {new}
    assert set(work.iterdir()) == left
    assert all((one / "photographs" / "scan.tif").exists() for one in left if one != new)


def test_what_the_killed_left_on_its_way_goes(service: Service) -> None:
    left = left_by_a_kill(service.context.settings.data)
    with on_the_way(service.context.settings.data) as ours:
        removed = Sweeper(service.context).sweep()
        assert (removed["scratch"], removed["stages"]) == (1, 0)
        assert not left.exists()
        assert ours.exists()


def test_folders_are_swept_on_each_machine(service: Service, tmp_path: Path) -> None:
    """What all share is swept by one of them."""
    swept: list[str] = []

    def sweep(name: str) -> Callable[[Context], int]:
        return lambda context: swept.append(f"{name} {context.settings.data.name}") or 1

    sweeps = (Sweep("shared", sweep("shared")), Sweep("here", sweep("here"), here=True))
    other_data = tmp_path / "other"
    other_data.mkdir()
    settings = service.context.settings.model_copy(update={"data": other_data})
    for context in (service.context, replace(service.context, settings=settings)) * 2:
        for here in (True, False):
            sweeper = Sweeper(context, sweeps)
            if sweeper.is_due(here=here):
                sweeper.sweep(here=here)
    name = service.context.settings.data.name
    assert sorted(swept) == sorted([f"here {name}", "here other", f"shared {name}"])
