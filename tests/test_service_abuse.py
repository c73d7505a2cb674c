"""What somebody who means harm, or is in a hurry, does to a service; each was once possible."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.exc import TimeoutError as NoConnectionError

from photochrom.service.core.bodies import MOST
from photochrom.service.core.database import EVERYONE
from photochrom.service.core.problems import UnavailableError
from photochrom.service.jobs.queue import Held, Queue
from photochrom.service.jobs.repository import Jobs
from photochrom.service.jobs.states import Lane, State
from photochrom.service.photographs.service import remove_doomed
from photochrom.service.results.keeping import keep
from photochrom.service.results.tables import ResultKind
from restoring_kit import ended, executing, organization_of, photograph, production
from service_kit import Service, service_in
from waiting import until

ID = "ph_06h294za7st85es0adwbznfq6w"


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    with service_in(tmp_path / "data", workers=1, heartbeat_seconds=0.1) as service:
        yield service


@pytest.fixture
def client(service: Service) -> TestClient:
    return service.client_of(service.account("ada"))


# -- bodies -----------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["session", "setup", "invitation/read", "restorations"])
@pytest.mark.parametrize("told", [True, False])
def test_endless_bodies_of_strangers_are_not_read(service: Service, path: str, told: bool) -> None:
    """Before it is known who asks the whole of a body would lie in memory."""
    read = 0

    def pieces() -> Iterator[bytes]:
        nonlocal read
        for _ in range(MOST // 65536 + 10):
            read += 65536
            yield b" " * 65536

    headers = {"Content-Type": "application/json"}
    if told:
        headers["Content-Length"] = str(MOST + 1)
    answer = service.client.post(f"/v1/{path}", content=pieces(), headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
    assert answer.headers["content-type"] == "application/problem+json"


def test_files_may_be_longer(service: Service, client: TestClient, tmp_path: Path) -> None:
    made = production(client, [photograph(service, client, tmp_path, "a.png")])
    url = f"/v1/productions/{made['id']}/files/waltz.wav"
    assert client.put(url, content=b"x" * (MOST + 1)).status_code == 200
    files = {"file": ("a.png", b"x" * (MOST + 1))}
    assert client.post("/v1/photographs", files=files).status_code == 201
    headers = {
        "Tus-Resumable": "1.0.0",
        "Upload-Length": str(MOST + 1),
        "Content-Type": "application/offset+octet-stream",
    }
    answer = client.post("/v1/uploads", content=b"y" * (MOST + 1), headers=headers)
    assert answer.status_code == 201, answer.text


@pytest.mark.parametrize(
    "toml",
    [
        "a = " + "[" * 5000,
        "a = " + "{a = " * 5000,
        "a = " + "9" * 5000,
        "a = 0x" + "f" * 15000,
        # Minutes of a processor, in the parser; and nobody else is answered meanwhile.
        "a." * 300_000 + "b = 1",
        "a = {" + "'a' . " * 100_000 + "b = 1}",
        '["x"' + '."x"' * 200_000 + "]",
        "schema = [1]",
        "schema = {a = 1}",
    ],
)
def test_toml_that_is_too_much_for_its_parser(client: TestClient, toml: str) -> None:
    asked = {"photographs": [ID], "recipe": toml[:20_000]}
    assert client.post("/v1/restorations", json=asked).status_code == 422
    made = client.post("/v1/productions", json={"title": "T", "toml": toml})
    assert made.status_code == 422


@pytest.mark.parametrize(
    "voice",
    ["/etc/voice", "http://169.254.169.254/voice", "..", "a/../../b", "-o", "C:\\\\voice"],
)
def test_voices_are_no_places(
    service: Service, client: TestClient, tmp_path: Path, voice: str
) -> None:
    """An engine would read them from anywhere, and from the web."""
    id = photograph(service, client, tmp_path, "a.png")
    toml = production(client, [id])["toml"] + f'[film.sound]\nvoice = "{voice}"\n'
    answer = client.post("/v1/productions", json={"title": "T", "toml": toml})
    assert answer.status_code == 422
    assert "no name of a voice" in answer.json()["detail"], answer.text
    fine = toml.replace(voice, "de+f3")
    assert client.post("/v1/productions", json={"title": "T", "toml": fine}).status_code == 201


# -- jobs -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wanted", "becomes"),
    [
        (["pause", "cancel"], State.CANCELLED),
        (["pause", "resume"], State.QUEUED),
        (["pause", "resume", "pause"], State.PAUSED),
        (["cancel", "pause"], State.CANCELLED),
    ],
)
def test_the_last_word_counts(
    service: Service, client: TestClient, wanted: list[str], becomes: State
) -> None:
    """An executor stops because of the first; what comes until it says so is not lost."""
    organization = organization_of(client)
    with service.context.database.writing(organization) as session:
        id = Jobs(session).accept(organization, "test", "th_x", "us_x").id
    with service.context.database.writing(EVERYONE) as session:
        job = Queue(session).claim("ex_1", Lane.HEAVY, ["test"])
        assert job is not None
        held = Held(id, organization, "ex_1", job.fence)
    for wish in wanted:
        assert client.post(f"/v1/jobs/{id}/{wish}").status_code == 200
    stopped = State.PAUSED if wanted[0] == "pause" else State.CANCELLED
    with service.context.database.writing(EVERYONE) as session:
        Queue(session).end(held, stopped, "")
    said = client.get(f"/v1/jobs/{id}").json()
    assert (said["state"], said["wish"]) == (becomes, None)
    assert (said["ended"] is not None) is becomes.is_over


def test_nothing_remains_of_a_film_that_failed(
    service: Service, client: TestClient, tmp_path: Path
) -> None:
    id = photograph(service, client, tmp_path, "a.png")
    made = production(client, [id], '[film.sound]\nmusic = [{ file = "waltz.wav" }]\n')
    sent = client.put(f"/v1/productions/{made['id']}/files/waltz.wav", content=b"no music")
    assert sent.status_code == 200
    film = client.post("/v1/films", json={"production": made["id"]}).json()
    with executing(service):
        assert ended(client, film["job"]["id"])["state"] == "failed"
    work = service.context.settings.data / "work"
    assert not [one for one in work.rglob("*") if one.is_file()]


# -- files ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["out", "Photographs", "draft", "production.toml"])
def test_names_that_the_service_needs_itself(
    service: Service, client: TestClient, tmp_path: Path, name: str
) -> None:
    made = production(client, [photograph(service, client, tmp_path, "a.png")])
    sent = client.put(f"/v1/productions/{made['id']}/files/{name}", content=b"x")
    assert sent.status_code == 422


def test_files_of_productions_go_with_their_rows(
    service: Service, client: TestClient, tmp_path: Path
) -> None:
    made = production(client, [photograph(service, client, tmp_path, "a.png")])
    url = f"/v1/productions/{made['id']}/files"

    def kept() -> list[bytes]:
        remove_doomed(service.context)
        folder = tmp_path / "data" / "blobs" / organization_of(client) / "productions"
        return sorted(one.read_bytes() for one in folder.rglob("*") if one.is_file())

    for name, content in (("a", b"1"), ("b", b"1"), ("a", b"2"), ("a", b"1")):
        assert client.put(f"{url}/{name}", content=content).status_code == 200
    assert kept() == [b"1", b"1"]
    assert client.delete(f"{url}/a").status_code == 204
    assert kept() == [b"1"]
    assert client.delete(f"{url}/b").status_code == 204
    assert kept() == []


@pytest.mark.parametrize(
    ("name", "alone"),
    [
        ("film.cues.html", True),
        ("film.svg", True),
        ("film.xhtml", True),
        ("record.json", True),
        ("film.mp4", False),
        ("a.png", False),
    ],
)
def test_pages_that_were_made_are_not_ours(
    service: Service, client: TestClient, tmp_path: Path, name: str, alone: bool
) -> None:
    path = tmp_path / name
    path.write_bytes(b"<script>alert(1)</script>")
    organization = organization_of(client)
    kinds = {path: ResultKind.CUE_SHEET}
    (row,) = keep(service.context, organization, "fi_x", "", kinds)
    with service.context.database.writing(organization) as session:
        session.add(row)
    url = f"/v1/results/{row.id}"
    link = client.post(f"{url}/link").json()["url"]
    for asked in (f"{url}/content", link):
        headers = client.get(asked).headers
        policies = headers.get_list("content-security-policy")
        assert len(policies) == 1
        assert policies[0].startswith("sandbox;") is alone
        assert headers["x-content-type-options"] == "nosniff"


def test_a_busy_database_is_no_mistake(service: Service) -> None:
    """Whoever waits for a connection in vain may come again."""
    with (
        pytest.raises(UnavailableError),
        service.context.database.reading(EVERYONE),
    ):
        raise NoConnectionError("QueuePool limit")


def test_a_database_whose_connections_are_all_in_use_does_not_answer(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    pool = service.context.database._read.pool
    monkeypatch.setattr(pool, "_timeout", 0)  # Of half a minute.
    monkeypatch.setattr(pool, "_max_overflow", 0)
    with ExitStack() as held:

        def is_told() -> bool:
            # Again and again: whoever had one just now has given it back since.
            with suppress(NoConnectionError):
                while True:
                    held.enter_context(service.context.database._read.connect())
            asked = service.client.get("/readyz").status_code
            return asked == 503 and not service.context.database.answers()

        until(is_told)
    assert service.context.database.answers()
