"""Jobs: what is accepted ends once, whoever dies over it, and does what people want of it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from photochrom.errors import EngineError, PhotochromError, PlaceError, StoppedError
from photochrom.service.core.clock import now
from photochrom.service.core.database import EVERYONE
from photochrom.service.core.problems import UnavailableError
from photochrom.service.events.tables import Event
from photochrom.service.jobs import queue as queues
from photochrom.service.jobs.executor import Executor
from photochrom.service.jobs.queue import MOST_DEATHS, Held, LostError, Queue
from photochrom.service.jobs.repository import Jobs
from photochrom.service.jobs.run import Handler, JobRun, Kind
from photochrom.service.jobs.states import ItemState, Lane, State, Wish
from photochrom.service.jobs.tables import Job
from service_kit import Service, service_in
from waiting import SOON, until


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    with service_in(tmp_path, heartbeat_seconds=0.05, takeover_seconds=0.5) as service:
        yield service


@pytest.fixture
def organization(service: Service) -> str:
    return service.organization_of(service.account("ada"))


def accept(service: Service, organization: str, **more: object) -> str:
    with service.context.database.writing(organization) as session:
        job = Jobs(session).accept(organization, "test", "th_x", "us_x", **more)  # type: ignore[arg-type]
        return job.id


def job_of(service: Service, id: str) -> Job:
    with service.context.database.reading(EVERYONE) as session:
        return Jobs(session).get(id)


@contextmanager
def working(service: Service, handler: Handler, lane: Lane = Lane.HEAVY) -> Iterator[Executor]:
    executor = Executor(service.context, [Kind("test", lane, handler)])
    thread = threading.Thread(target=executor.run)
    thread.start()
    try:
        yield executor
    finally:
        executor.stop()
        thread.join(SOON)
        assert not thread.is_alive()


def test_done_once_and_told(service: Service, organization: str) -> None:
    done: list[str] = []

    def handler(run: JobRun) -> str:
        done.append(run.held.job)
        run.count(done=2, failed=0, total=2)
        return "2 made"

    id = accept(service, organization)
    with working(service, handler):
        until(lambda: job_of(service, id).state.is_over)
    job = job_of(service, id)
    assert (job.state, job.message, job.done, job.fence) == (State.SUCCEEDED, "2 made", 2, 1)
    assert done == [id]
    with service.context.database.reading(organization) as session:
        told = session.scalars(select(Event).order_by(Event.number)).all()
    assert [one.data["state"] for one in told] == ["queued", "running", "running", "succeeded"]


@pytest.mark.parametrize(
    ("error", "said"),
    [(PhotochromError("no such recipe"), "no such recipe"), (ValueError("boom"), "went wrong")],
)
def test_what_fails_says_why_and_can_be_tried_again(
    service: Service, organization: str, error: Exception, said: str
) -> None:
    answers: list[Exception | None] = [error, None]

    def handler(run: JobRun) -> str:
        if (wrong := answers.pop(0)) is not None:
            raise wrong
        return "made"

    id = accept(service, organization)
    with working(service, handler):
        until(lambda: job_of(service, id).state.is_over)
        assert job_of(service, id).state is State.FAILED
        assert said in job_of(service, id).message
        with service.context.database.writing(organization) as session:
            Jobs(session).retry(id)
        until(lambda: job_of(service, id).state is State.SUCCEEDED)


@pytest.mark.parametrize("wish", list(Wish))
def test_what_runs_does_what_people_want(service: Service, organization: str, wish: Wish) -> None:
    begun, wanted = threading.Event(), [True]

    def handler(run: JobRun) -> str:
        begun.set()
        if wanted:
            until(lambda: run.control.is_ending)
            raise StoppedError("stopped")
        return "made"

    id = accept(service, organization)
    client = service.client_of(service.account("eve"))
    with working(service, handler):
        assert begun.wait(SOON)
        # Of another organization: it is not there.
        assert client.post(f"/v1/jobs/{id}/{wish}").status_code == 404
        with service.context.database.writing(organization) as session:
            getattr(Jobs(session), wish)(id)
        until(lambda: job_of(service, id).state is wish.becomes)
        assert job_of(service, id).executor_id is None
        wanted.clear()
        with service.context.database.writing(organization) as session:
            jobs = Jobs(session)
            jobs.resume(id) if wish is Wish.PAUSE else jobs.retry(id)
        until(lambda: job_of(service, id).state is State.SUCCEEDED)


@pytest.mark.parametrize("how", ["ends", "waits", "leaves", "dies", "dies too often"])
def test_nothing_is_in_work_that_nobody_holds(
    service: Service, organization: str, how: str
) -> None:
    with service.context.database.writing(organization) as session:
        accepted = Jobs(session).accept(
            organization, "test", "rs_x", "us_x", items=["ph_a", "ph_b"]
        )
        id = accepted.id
    with service.context.database.writing(EVERYONE) as session:
        queue = Queue(session)
        executor = queue.register("here", 1)
        job = queue.claim(executor, Lane.HEAVY, ["test"])
        assert job is not None
        held = Held(job.id, organization, executor, job.fence)
        job.deaths = MOST_DEATHS if how == "dies too often" else 0
        Jobs(session).note(id, "ph_a", ItemState.WORKING, "")
        Jobs(session).note(id, "ph_b", ItemState.DONE, "")
    with service.context.database.writing(EVERYONE) as session:
        queue = Queue(session)
        match how:
            case "ends":
                queue.end(held, State.PAUSED, "")
            case "waits":
                queue.wait(held, "the storage", timedelta(hours=1))
            case "leaves":
                queue.leave(executor)
            case _:
                assert queue.bury(executor, 0)
                assert queue.free_orphans()
    with service.context.database.reading(organization) as session:
        states = {one.subject: one.state for one in Jobs(session).items(id)}
    assert states == {"ph_a": ItemState.WAITING, "ph_b": ItemState.DONE}


def test_a_stopped_executor_gives_back_what_it_held(service: Service, organization: str) -> None:
    begun = threading.Event()

    def handler(run: JobRun) -> str:
        begun.set()
        until(lambda: run.control.is_ending)
        raise StoppedError("stopped")

    id = accept(service, organization)
    with working(service, handler):
        assert begun.wait(SOON)
    job = job_of(service, id)
    assert (job.state, job.executor_id, job.deaths) == (State.QUEUED, None, 0)


def test_what_the_dead_held_is_taken_over(service: Service, organization: str) -> None:
    id = accept(service, organization)
    with service.context.database.writing(EVERYONE) as session:
        queue = Queue(session)
        dead = queue.register("elsewhere", 1)
        job = queue.claim(dead, Lane.HEAVY, ["test"])
        assert job is not None
        held = Held(job.id, job.organization_id, dead, job.fence)
    with working(service, lambda run: "made"):
        until(lambda: job_of(service, id).state is State.SUCCEEDED)
    assert (job_of(service, id).fence, job_of(service, id).deaths) == (2, 1)
    # Whoever comes back from the dead changes nothing.
    with service.context.database.writing(EVERYONE) as session:
        queue = Queue(session)
        assert not queue.beat(dead)
        with pytest.raises(LostError):
            queue.end(held, State.FAILED, "from beyond")
    assert job_of(service, id).state is State.SUCCEEDED


def test_taken_for_dead_and_alive(service: Service, organization: str) -> None:
    """It lets go of what it held, and works on under another name."""
    begun, lost = threading.Event(), threading.Event()

    def handler(run: JobRun) -> str:
        if run.held.fence == 1:
            begun.set()
            until(lambda: run.control.is_ending)
            lost.set()
            raise StoppedError("stopped")
        return "made"

    id = accept(service, organization)
    with working(service, handler) as executor:
        assert begun.wait(SOON)
        before = executor.id
        with service.context.database.writing(EVERYONE) as session:
            queue = Queue(session)
            assert queue.bury(before, queue.beats()[before])
            queue.free_orphans()
        assert lost.wait(SOON)
        until(lambda: job_of(service, id).state is State.SUCCEEDED)
        assert executor.id != before


def test_whoever_leaves_in_peace_is_no_death(service: Service, organization: str) -> None:
    id = accept(service, organization)
    for _ in range(MOST_DEATHS + 1):
        with service.context.database.writing(EVERYONE) as session:
            queue = Queue(session)
            executor = queue.register("elsewhere", 1)
            assert queue.claim(executor, Lane.HEAVY, ["test"]) is not None
        with service.context.database.writing(EVERYONE) as session:
            Queue(session).leave(executor)
    job = job_of(service, id)
    assert (job.state, job.deaths, job.executor_id) == (State.QUEUED, 0, None)


def test_what_kills_executors_is_given_up(service: Service, organization: str) -> None:
    id = accept(service, organization)
    for _ in range(MOST_DEATHS):
        with service.context.database.writing(EVERYONE) as session:
            queue = Queue(session)
            dead = queue.register("elsewhere", 1)
            assert queue.claim(dead, Lane.HEAVY, ["test"]) is not None
            assert queue.bury(dead, 0)
        with service.context.database.writing(EVERYONE) as session:
            Queue(session).free_orphans()
    job = job_of(service, id)
    assert job.state is State.FAILED
    assert "has died 5 times" in job.message


def test_priorities_and_lanes(service: Service, organization: str) -> None:
    first = accept(service, organization)
    second = accept(service, organization, priority=-1)
    light = accept(service, organization, lane=Lane.LIGHT)
    with service.context.database.writing(EVERYONE) as session:
        queue = Queue(session)
        executor = queue.register("here", 1)
        order = [queue.claim(executor, Lane.HEAVY, ["test"]) for _ in range(3)]
        assert [job and job.id for job in order] == [second, first, None]
        found = queue.claim(executor, Lane.LIGHT, ["other"])
        assert found is None
        found = queue.claim(executor, Lane.LIGHT, ["test"])
        assert found is not None and found.id == light


def test_retry_takes_up_only_what_failed(service: Service, organization: str) -> None:
    id = accept(service, organization, items=["ph_a", "ph_b"])

    def handler(run: JobRun) -> str:
        with run.writing() as session:
            todo = [one.subject for one in Jobs(session).items(id, ItemState.WAITING)]
            for subject in todo:
                bad = subject == "ph_b" and run.held.fence == 1
                state = ItemState.FAILED if bad else ItemState.DONE
                run.item(session, subject, state, "torn" if bad else "")
        run.count(done=2, failed=int(run.held.fence == 1), total=2)
        return f"{len(todo)} done"

    with working(service, handler):
        until(lambda: job_of(service, id).state.is_over)
        assert job_of(service, id).failed == 1
        with service.context.database.writing(organization) as session:
            Jobs(session).retry(id)
        until(lambda: job_of(service, id).message == "1 done")
    with service.context.database.writing(organization) as session:
        assert {one.state for one in Jobs(session).items(id)} == {ItemState.DONE}


AWAY = [
    (UnavailableError("the database does not answer now"), "the database does not answer now"),
    (PlaceError("503", where="s3://ours/x", transient=True), "the storage does not answer now"),
    (EngineError("no", where="ray://ours"), "the machines that do the work do not answer now"),
]


@pytest.mark.parametrize(("error", "said"), AWAY)
def test_what_does_not_answer_is_waited_for(
    service: Service,
    organization: str,
    error: Exception,
    said: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The job says what it waits for and until when; others do not wait for it."""
    monkeypatch.setattr(queues, "FIRST_WAIT", queues.LONGEST_WAIT)
    ada = service.client_of(service.account("eve"))
    organization = ada.get("/v1/session").json()["organization"]
    is_away = [True]

    def handler(run: JobRun) -> str:
        if run.held.job == id and is_away:
            raise error
        return "made"

    id = accept(service, organization)
    with working(service, handler):
        until(lambda: ada.get(f"/v1/jobs/{id}").json()["again"])
        told = ada.get(f"/v1/jobs/{id}").json()
        assert (told["state"], told["message"]) == ("queued", f"waits: {said}")
        other = accept(service, organization)
        until(lambda: job_of(service, other).state is State.SUCCEEDED)
        is_away.clear()
        # Whoever knows that it is back need not wait.
        assert ada.post(f"/v1/jobs/{id}/retry").json()["again"] is None
        until(lambda: job_of(service, id).state is State.SUCCEEDED)


def wait_for(service: Service, id: str, patience: timedelta) -> Job:
    with service.context.database.writing(EVERYONE) as session:
        queue = Queue(session)
        executor = queue.register("here", 1)
        job = queue.claim(executor, Lane.HEAVY, ["test"])
        assert job is not None and job.id == id
        queue.wait(Held(id, job.organization_id, executor, job.fence), "no bucket", patience)
    return job_of(service, id)


def make_due(service: Service, id: str, after: timedelta = timedelta(0)) -> None:
    with service.context.database.writing(EVERYONE) as session:
        Jobs(session).get(id).due = now() + after


def test_waits_grow_and_end(service: Service, organization: str) -> None:
    id, waits = accept(service, organization), []
    for _ in range(30):
        before = job_of(service, id).waited
        job = wait_for(service, id, timedelta(hours=1))
        if job.state is State.FAILED:
            break
        waits.append(job.waited - before)
        with service.context.database.writing(EVERYONE) as session:
            assert (
                Queue(session).claim("ex_x", Lane.HEAVY, ["test"]) is None
            )  # Not before it is due.
        make_due(service, id)
    assert waits[:5] == [2, 2, 4, 8, 16]
    assert max(waits) == queues.LONGEST_WAIT.total_seconds()
    assert sum(waits) == 3600
    assert (job.state, job.message) == (State.FAILED, "given up after 1 h: no bucket")
    with service.context.database.writing(organization) as session:
        Jobs(session).retry(id)
    assert wait_for(service, id, timedelta(hours=1)).waited == 2


def test_a_clock_that_is_set_back_lets_nothing_wait_for_ever(
    service: Service, organization: str
) -> None:
    id = accept(service, organization)
    wait_for(service, id, timedelta(hours=1))
    make_due(service, id, timedelta(days=300))
    assert wait_for(service, id, timedelta(hours=1)).waited == 4


def test_what_comes_on_has_its_patience_anew(service: Service, organization: str) -> None:
    id = accept(service, organization)
    wait_for(service, id, timedelta(hours=1))

    def handler(run: JobRun) -> str:
        run.count(done=1, failed=0, total=2)
        assert job_of(service, id).waited == 0
        return "made"

    make_due(service, id)
    with working(service, handler):
        until(lambda: job_of(service, id).state is State.SUCCEEDED)


@pytest.mark.parametrize("wish", list(Wish))
def test_what_waits_does_what_people_want(service: Service, organization: str, wish: Wish) -> None:
    id = accept(service, organization)
    wait_for(service, id, timedelta(hours=1))
    with service.context.database.writing(organization) as session:
        getattr(Jobs(session), wish)(id)
    job = job_of(service, id)
    assert (job.state, job.due) == (wish.becomes, None)


def test_what_a_job_is_about_comes_in_pages_in_its_order(
    service: Service, organization: str
) -> None:
    ada = service.client_of(service.account("eve"))
    own = ada.get("/v1/session").json()["organization"]
    wanted = [f"ph_{number:026}" for number in range(7)]
    url, found = f"/v1/jobs/{accept(service, own, items=wanted)}/items", list[str]()
    after: str | None = None
    while len(found) < 7:
        query = {"limit": "3", **({"after": after} if after else {})}
        page = ada.get(url, params=query).json()
        assert len(page["items"]) <= 3
        found += [one["about"] for one in page["items"]]
        after = page["next"]
    assert (found, after) == (wanted, None)
    assert ada.get(url, params={"state": "failed"}).json() == {"items": [], "next": None}
