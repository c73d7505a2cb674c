"""Webhooks: told with what happens, signed, sent until they arrive, and seen by their owners."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from standardwebhooks import Webhook as Verifier
from standardwebhooks import WebhookVerificationError

from hook_receiver import Receiver, receiving
from photochrom.service.core.clock import now
from photochrom.service.core.database import EVERYONE
from photochrom.service.events.repository import announce
from photochrom.service.jobs.queue import Held, Queue
from photochrom.service.jobs.repository import Jobs
from photochrom.service.jobs.states import Lane, State
from photochrom.service.outbox.repository import FARTHEST, Outbox
from photochrom.service.outbox.tables import Delivery, Webhook
from photochrom.service.webhooks import outcomes, sending
from photochrom.service.webhooks.calling import Caller
from photochrom.service.webhooks.keeping import forget_deliveries
from photochrom.service.webhooks.sending import Sender
from service_kit import Service, service_in
from waiting import SOON, until


@pytest.fixture
def service(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Service]:
    monkeypatch.setattr(sending, "_LOOK_SECONDS", 0.02)
    monkeypatch.setattr(outcomes, "put_off", lambda attempts: timedelta(0))
    settings = {"webhook_private": True, "webhook_attempts": 4, "database": database_url}
    with service_in(tmp_path, **settings) as service:
        yield service


@pytest.fixture
def owner(service: Service) -> TestClient:
    return service.client_of(service.account("ada"))


@pytest.fixture
def organization(owner: TestClient) -> str:
    return str(owner.get("/v1/session").json()["organizations"][0]["organization"])


@contextmanager
def sending_for(service: Service, **more: Any) -> Iterator[None]:
    stop = threading.Event()
    sender = Sender(service.context, Caller(private=True, **more))
    thread = threading.Thread(target=sender.run, args=(stop,))
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(SOON)
        assert not thread.is_alive()


def made(owner: TestClient, receiver: Receiver, **more: Any) -> dict[str, Any]:
    answer = owner.post("/v1/webhooks", json={"url": receiver.url, **more})
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def happens(service: Service, organization: str, state: str, kind: str = "job") -> None:
    with service.context.database.writing(organization) as session:
        announce(session, organization, kind, "jo_x", {"state": state, "message": "größer"})


def sent(owner: TestClient, hook: dict[str, Any]) -> list[dict[str, Any]]:
    """Deliveries, the first one first."""
    found = owner.get(f"/v1/webhooks/{hook['id']}/deliveries").json()["items"]
    return list(reversed(found))


def states(owner: TestClient, hook: dict[str, Any]) -> list[str]:
    return [one["state"] for one in sent(owner, hook)]


def test_signed_as_the_library_verifies(
    service: Service, owner: TestClient, organization: str
) -> None:
    with receiving() as receiver, sending_for(service):
        hook = made(owner, receiver)
        happens(service, organization, "succeeded")
        until(lambda: states(owner, hook) == ["delivered"])
    ((headers, body),) = receiver.came
    said = Verifier(hook["secret"]).verify(body, headers)
    assert said["type"] == "job.succeeded"
    assert said["data"] == {
        "subject": "jo_x",
        "job": None,
        "state": "succeeded",
        "message": "größer",
    }
    assert headers["content-type"] == "application/json"
    assert headers["host"] == f"127.0.0.1:{receiver.port}"
    (delivery,) = sent(owner, hook)
    assert (delivery["status"], delivery["attempts"], delivery["error"]) == (200, 1, "")
    read = owner.get(f"/v1/webhooks/{hook['id']}/deliveries/{delivery['id']}").json()
    assert read["body"].encode() == body
    with pytest.raises(WebhookVerificationError):
        Verifier(hook["secret"]).verify(body.replace(b"succeeded", b"failed   "), headers)


def test_only_what_is_wanted_and_only_ends(
    service: Service, owner: TestClient, organization: str
) -> None:
    with receiving() as receiver:
        hook = made(owner, receiver, kinds=["job.failed", "photograph.ready"])
    for state in ("queued", "running", "succeeded", "failed"):
        happens(service, organization, state)
    happens(service, organization, "ready", kind="photograph")
    happens(service, organization, "refused", kind="photograph")
    assert [one["kind"] for one in sent(owner, hook)] == ["job.failed", "photograph.ready"]


def test_a_job_that_ends_is_told_once_and_only_to_its_own(
    service: Service, owner: TestClient, organization: str
) -> None:
    stranger = service.client_of(service.account("eve"))
    database = service.context.database
    with receiving() as receiver:
        hook, other = made(owner, receiver), made(stranger, receiver)
    with database.writing(organization) as session:
        Jobs(session).accept(organization, "film", "fi_x", "us_x")
        Jobs(session).accept(organization, "intake", "ph_x", "us_x", lane=Lane.LIGHT)
    with database.writing(EVERYONE) as session:
        queue = Queue(session)
        executor = queue.register("host", 1)
        for lane, kind in ((Lane.HEAVY, "film"), (Lane.LIGHT, "intake")):
            job = queue.claim(executor, lane, [kind])
            assert job is not None
            queue.end(Held(job.id, organization, executor, job.fence), State.SUCCEEDED, "made")
    (delivery,) = sent(owner, hook)
    body = owner.get(f"/v1/webhooks/{hook['id']}/deliveries/{delivery['id']}").json()["body"]
    assert json.loads(body)["data"]["about"] == "fi_x"
    assert sent(stranger, other) == []


def test_what_is_undone_is_not_told(service: Service, owner: TestClient, organization: str) -> None:
    with receiving() as receiver:
        hook = made(owner, receiver)
    with pytest.raises(RuntimeError), service.context.database.writing(organization) as session:
        announce(session, organization, "job", "jo_x", {"state": "failed"})
        raise RuntimeError("the disk is full")
    assert sent(owner, hook) == []


def test_tried_again_with_the_same_id_until_it_arrives(
    service: Service, owner: TestClient, organization: str
) -> None:
    def drops(handler: BaseHTTPRequestHandler) -> None:
        handler.connection.close()

    with receiving(500, drops, 429, 200) as receiver, sending_for(service):
        hook = made(owner, receiver)
        happens(service, organization, "failed")
        until(lambda: states(owner, hook) == ["delivered"])
    (delivery,) = sent(owner, hook)
    assert receiver.ids == [delivery["id"]] * 4
    assert delivery["attempts"] == 4
    assert len({body for _, body in receiver.came}) == 1
    for headers, body in receiver.came:
        Verifier(hook["secret"]).verify(body, headers)
    shown = owner.get(f"/v1/webhooks/{hook['id']}").json()
    assert (shown["failures"], shown["failing_since"]) == (0, None)


def test_given_up_and_sent_once_more_by_request(
    service: Service, owner: TestClient, organization: str
) -> None:
    with receiving(500, 500, 500, 500, 204) as receiver, sending_for(service):
        hook = made(owner, receiver)
        happens(service, organization, "failed")
        until(lambda: states(owner, hook) == ["failed"])
        (delivery,) = sent(owner, hook)
        assert (delivery["attempts"], delivery["status"]) == (4, 500)
        assert delivery["error"] == "answered 500" and delivery["due"] is None
        where = f"/v1/webhooks/{hook['id']}/deliveries/{delivery['id']}/redeliver"
        assert owner.post(where).status_code == 202
        until(lambda: states(owner, hook) == ["delivered"])
    assert receiver.ids == [delivery["id"]] * 5


def test_redirects_are_not_followed(service: Service, owner: TestClient, organization: str) -> None:
    with receiving() as elsewhere:

        def redirects(handler: BaseHTTPRequestHandler) -> None:
            handler.send_response(307)
            handler.send_header("Location", elsewhere.url)
            handler.end_headers()

        with receiving(redirects) as receiver, sending_for(service):
            hook = made(owner, receiver)
            happens(service, organization, "failed")
            until(lambda: states(owner, hook) == ["failed"])
        assert elsewhere.came == []
    assert sent(owner, hook)[0]["error"] == "answered 307: redirects are not followed"


def test_whoever_drips_is_hung_up_on_and_keeps_nobody_waiting(
    service: Service, owner: TestClient, organization: str
) -> None:
    def drips(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        while not slow.ended.wait(0.05):
            handler.wfile.write(b"x")
            handler.wfile.flush()

    with receiving(drips) as slow, receiving() as quick, sending_for(service, seconds=1.0):
        hook, other = made(owner, slow), made(owner, quick)
        for _ in range(12):
            happens(service, organization, "failed")
        until(lambda: states(owner, other) == ["delivered"] * 12)
        until(lambda: any(one["error"] == "no answer in 1 s" for one in sent(owner, hook)))


def test_disabled_when_it_fails_for_long_and_says_why(
    service: Service, owner: TestClient, organization: str
) -> None:
    with receiving(500) as receiver, sending_for(service):
        hook = made(owner, receiver)
        happens(service, organization, "failed")
        until(lambda: states(owner, hook) == ["failed"])
        with service.context.database.writing(EVERYONE) as session:
            row = session.get_one(Webhook, hook["id"])
            assert row.disabled is None and row.failing_since is not None
            row.failing_since -= timedelta(days=4)
        happens(service, organization, "failed")
        until(lambda: not owner.get(f"/v1/webhooks/{hook['id']}").json()["enabled"])
        shown = owner.get(f"/v1/webhooks/{hook['id']}").json()
        assert shown["reason"].startswith("no call has gone well for 3 days")
        happens(service, organization, "failed")
        assert states(owner, hook) == ["failed", "failed"]
        where = f"/v1/webhooks/{hook['id']}"
        delivery = sent(owner, hook)[1]["id"]
        assert owner.post(f"{where}/test").status_code == 409
        assert owner.post(f"{where}/deliveries/{delivery}/redeliver").status_code == 409
        receiver.answers[:] = [200]
        shown = owner.patch(where, json={"enabled": True}).json()
        assert (shown["enabled"], shown["reason"], shown["failures"]) == (True, "", 0)
        assert owner.post(f"{where}/test").status_code == 202
        until(lambda: states(owner, hook)[-1] == "delivered")
    assert json.loads(receiver.came[-1][1])["type"] == "webhook.test"


def test_gone_for_good(service: Service, owner: TestClient, organization: str) -> None:
    with receiving(410) as receiver, sending_for(service):
        hook = made(owner, receiver)
        happens(service, organization, "failed")
        until(lambda: states(owner, hook) == ["failed"])
    assert "410" in owner.get(f"/v1/webhooks/{hook['id']}").json()["reason"]


def test_a_new_secret_and_the_old_one_for_a_day(
    service: Service, owner: TestClient, organization: str
) -> None:
    with receiving() as receiver, sending_for(service):
        hook = made(owner, receiver)
        changed = owner.post(f"/v1/webhooks/{hook['id']}/secret").json()
        assert changed["secret"] != hook["secret"]
        happens(service, organization, "failed")
        until(lambda: len(receiver.came) == 1)
        for one in (hook, changed):
            Verifier(one["secret"]).verify(receiver.came[0][1], receiver.came[0][0])
        with service.context.database.writing(EVERYONE) as session:
            session.get_one(Webhook, hook["id"]).old_until = now()
        happens(service, organization, "failed")
        until(lambda: len(receiver.came) == 2)
    Verifier(changed["secret"]).verify(receiver.came[1][1], receiver.came[1][0])
    with pytest.raises(WebhookVerificationError):
        Verifier(hook["secret"]).verify(receiver.came[1][1], receiver.came[1][0])


def test_the_secret_is_told_once(service: Service, owner: TestClient) -> None:
    with receiving() as receiver:
        hook = made(owner, receiver)
    where = f"/v1/webhooks/{hook['id']}"
    for answer in (owner.get(where), owner.get("/v1/webhooks"), owner.patch(where, json={})):
        assert answer.status_code == 200 and hook["secret"] not in answer.text


def test_what_a_dead_sender_had_is_sent_by_another(
    service: Service, owner: TestClient, organization: str
) -> None:
    """What was claimed comes back; and so does what a clock that was set back has put off."""
    with receiving() as receiver:
        hook = made(owner, receiver)
        happens(service, organization, "failed")
        with service.context.database.writing(EVERYONE) as session:
            outbox, time = Outbox(session), now()
            claimed = outbox.claim(time, timedelta(minutes=5), (), ())
            assert claimed is not None
            assert outbox.claim(time, timedelta(minutes=5), (), ()) is None
            assert not outbox.is_due(time + timedelta(minutes=4), (), ())
            assert outbox.is_due(time + timedelta(minutes=6), (), ())
            assert outbox.is_due(time - FARTHEST - timedelta(hours=1), (), ())
            claimed.due, claimed.claim = time, claimed.claim + 1
            session.flush()
            # Whoever had it before says nothing about it any more.
            before = Delivery(id=claimed.id, webhook_id=claimed.webhook_id, claim=1)
            assert outbox.claimed(before) is None and outbox.claimed(claimed) is not None
        with sending_for(service):
            until(lambda: states(owner, hook) == ["delivered"])


def test_what_is_over_is_forgotten(service: Service, owner: TestClient, organization: str) -> None:
    with receiving() as receiver, sending_for(service):
        hook = made(owner, receiver)
        happens(service, organization, "failed")
        until(lambda: states(owner, hook) == ["delivered"])
    happens(service, organization, "failed")
    with service.context.database.writing(EVERYONE) as session:
        for row in session.scalars(Outbox(session).deliveries(hook["id"], None)):
            row.created -= timedelta(days=8)
    assert forget_deliveries(service.context) == 1
    assert states(owner, hook) == ["waiting"]
    assert owner.delete(f"/v1/webhooks/{hook['id']}").status_code == 204
    assert owner.get(f"/v1/webhooks/{hook['id']}").status_code == 404


def test_only_owners_and_only_their_own(service: Service, owner: TestClient) -> None:
    with receiving() as receiver:
        hook = made(owner, receiver)
    stranger = service.client_of(service.account("eve"))
    where = f"/v1/webhooks/{hook['id']}"
    assert stranger.get("/v1/webhooks").json()["items"] == []
    for method, path in (
        ("GET", where),
        ("PATCH", where),
        ("DELETE", where),
        ("POST", f"{where}/secret"),
        ("POST", f"{where}/test"),
        ("GET", f"{where}/deliveries"),
    ):
        body = {"json": {}} if method == "PATCH" else {}
        assert stranger.request(method, path, **body).status_code == 404
        assert service.client.request(method, path, **body).status_code == 401


def test_waits_are_longer_and_longer_and_never_the_same() -> None:
    wait = outcomes.put_off
    assert all(wait(attempts) <= timedelta(hours=15) for attempts in range(1, 20))
    assert max(wait(1) for _ in range(50)) < min(wait(2) for _ in range(50))
    assert len({wait(3) for _ in range(20)}) > 1
