"""From a photograph to its restored pictures, and to a film, by jobs that really run."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from PIL import Image

from photochrom.errors import PlaceError
from photochrom.places import Url
from photochrom.service.context import Context
from photochrom.service.core.clock import now
from photochrom.service.core.database import EVERYONE
from photochrom.service.events.repository import Events
from photochrom.service.jobs import queue
from photochrom.service.jobs.repository import Jobs
from photochrom.service.photographs import names
from photochrom.service.photographs.service import remove_doomed
from photochrom.service.restorations import work
from photochrom.service.sweeping.made import films
from restoring_kit import (
    RECIPE,
    ended,
    executing,
    organization_of,
    photograph,
    production,
)
from service_kit import Service, service_in
from waiting import until


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    with service_in(tmp_path / "data", workers=1, heartbeat_seconds=0.1) as service:
        yield service


@pytest.fixture
def client(service: Service) -> TestClient:
    return service.client_of(service.account("ada"))


def test_restored(service: Service, client: TestClient, tmp_path: Path) -> None:
    good = photograph(service, client, tmp_path, "harbor.png", caption="The harbor", people=["Ada"])
    bad = photograph(service, client, tmp_path, "torn.png")
    organization = organization_of(client)
    # What intake let through and still cannot be read fails alone.
    (tmp_path / "torn.png").write_bytes(b"no picture")
    service.context.blobs.put(names.original(organization, bad, "torn.png"), tmp_path / "torn.png")
    asked = {"photographs": [good, bad], "recipe": RECIPE, "formats": ["png"]}
    answer = client.post("/v1/restorations", json=asked)
    assert answer.status_code == 202, answer.text
    made = answer.json()
    with executing(service):
        job = ended(client, made["job"]["id"])
    assert (job["state"], job["done"], job["failed"]) == ("succeeded", 1, 1)
    first, second = client.get(f"/v1/restorations/{made['id']}/photographs").json()["items"]
    assert (first["state"], second["state"]) == ("done", "failed")
    assert "torn" in second["reason"] and str(tmp_path) not in second["reason"]
    files = {one["kind"]: one for one in first["results"]}
    assert files.keys() == {"picture", "record", "preview", "thumbnail"}
    record = client.get(files["record"]["url"]).json()
    assert record["original"]["file"] == "harbor.png"
    picture = client.get(files["picture"]["url"])
    assert hashlib.sha256(picture.content).hexdigest() == files["picture"]["sha256"]
    assert picture.headers["content-type"] == "image/png"


def test_a_part_of_the_scan(service: Service, client: TestClient, tmp_path: Path) -> None:
    """Cut and turned before anything else, and said in order and record."""
    one, other = (photograph(service, client, tmp_path, f"{n}.png") for n in "ab")
    asked = {"photographs": [one], "recipe": RECIPE, "formats": ["png"]}
    part = {"crop": [0.25, 0.25, 0.5, 0.5], "straighten": 2.0}
    made = client.post("/v1/restorations", json=asked | part).json()
    plain = client.post("/v1/restorations", json=asked).json()
    assert (made["crop"], made["straighten"]) == (part["crop"], 2.0)
    assert (plain["crop"], plain["straighten"], plain["frame"]) == (None, None, "keep")
    with executing(service):
        ended(client, made["job"]["id"])
        ended(client, plain["job"]["id"])
    sizes = []
    for job in (made, plain):
        (item,) = client.get(f"/v1/restorations/{job['id']}/photographs").json()["items"]
        files = {one["kind"]: one["url"] for one in item["results"]}
        sizes.append(Image.open(io.BytesIO(client.get(files["picture"]).content)).size)
        assert bool(client.get(files["record"]).json().get("trim")) == (job is made)
    assert sizes[1] == (160, 120) and sizes[0][0] <= 80 and sizes[0][1] <= 60
    for wrong in (
        {"crop": [0.5, 0.5, 0.6, 0.5]},
        {"crop": [0.1, 0.1, 0.5, 0.5], "photographs": [one, other]},
        {"straighten": 50},
        {"crop": [0.1, 0.1, 0.9, 0.1, 0.9, 0.9, 0.1, 0.9], "straighten": 1},
    ):
        assert client.post("/v1/restorations", json=asked | wrong).status_code == 422, wrong


def test_why_it_failed_tells_nothing_of_where_things_are_kept(tmp_path: Path, bucket: Url) -> None:
    with service_in(tmp_path / "data", workers=1, storage=str(bucket)) as service:
        client = service.client_of(service.account("ada"))
        id = photograph(service, client, tmp_path, "harbor.png")
        service.context.blobs.remove(names.original(organization_of(client), id, "harbor.png"))
        asked = {"photographs": [id], "recipe": RECIPE, "formats": ["png"]}
        made = client.post("/v1/restorations", json=asked).json()
        with executing(service):
            assert ended(client, made["job"]["id"])["failed"] == 1
        (one,) = client.get(f"/v1/restorations/{made['id']}/photographs").json()["items"]
    assert "harbor" in one["reason"] and "s3://" not in one["reason"]


def test_versions_of_photographs_are_told_and_announced(
    service: Service, client: TestClient, tmp_path: Path
) -> None:
    """The newest of each, and the newest that is done: what a page of photographs shows."""
    good = photograph(service, client, tmp_path, "harbor.png")
    bad = photograph(service, client, tmp_path, "market.png")
    asked = {"photographs": [good, bad], "recipe": RECIPE, "formats": ["png"]}
    first, second = (client.post("/v1/restorations", json=asked).json() for _ in range(2))
    organization = organization_of(client)
    with executing(service):
        ended(client, first["job"]["id"])
        ended(client, second["job"]["id"])
        service.context.blobs.remove(names.original(organization, bad, "market.png"))
        # Another recipe: what is made already is not made from the scan again.
        asked["recipe"] = RECIPE.replace('"tone"', '"tone", "grain"')
        third = client.post("/v1/restorations", json=asked).json()
        ended(client, third["job"]["id"])
    query = {"photograph": [good, bad]}
    found = client.get("/v1/versions", params=query).json()
    told = [(one["restoration"], one["photograph"], one["state"]) for one in found]
    assert told == [
        (third["id"], good, "done"),
        (third["id"], bad, "failed"),
        *((one["id"], id, "done") for one in (second, first) for id in (good, bad)),
    ]
    found = client.get("/v1/versions", params={**query, "latest": True}).json()
    assert [(one["restoration"], one["photograph"], one["state"]) for one in found] == [
        told[0],
        told[1],
        told[3],
    ]
    assert [one["kind"] for one in found[2]["results"]].count("thumbnail") == 1
    assert found[1]["reason"] and not found[1]["results"]
    assert found[0]["job"]["id"] == third["job"]["id"] and found[0]["recipe"] == "quick"
    with service.context.database.reading(organization) as session:
        told_of = [one for one in Events(session).after(0, 1000) if one.kind == "restored"]
    events = [one for one in told_of if one.data["state"] != "working"]
    assert len(events) == 6
    last = {(one.subject, one.data["state"]) for one in events if one.job_id == third["job"]["id"]}
    assert last == {(good, "done"), (bad, "failed")}
    stranger = service.client_of(service.account("eve"))
    assert stranger.get("/v1/versions", params=query).json() == []
    many = {"photograph": [good] * 101}
    assert client.get("/v1/versions", params=many).status_code == 422


def test_what_failed_is_tried_again_and_what_is_done_stays(
    service: Service, client: TestClient, tmp_path: Path
) -> None:
    ids = [photograph(service, client, tmp_path, f"{name}.png") for name in "ab"]
    blob = names.original(organization_of(client), ids[1], "b.png")
    service.context.blobs.remove(blob)
    asked = {"photographs": ids, "recipe": RECIPE, "formats": ["png"]}
    made = client.post("/v1/restorations", json=asked).json()
    with executing(service):
        assert ended(client, made["job"]["id"])["failed"] == 1
        before = client.get(f"/v1/restorations/{made['id']}/photographs").json()["items"][0][
            "results"
        ]
        service.context.blobs.put(blob, tmp_path / "b.png")
        assert client.post(f"/v1/jobs/{made['job']['id']}/retry").status_code == 200
        job = ended(client, made["job"]["id"])
    assert (job["failed"], job["done"]) == (0, 2)
    assert (
        client.get(f"/v1/restorations/{made['id']}/photographs").json()["items"][0]["results"]
        == before
    )


def test_what_is_in_work_is_said_of_the_photograph(
    service: Service, client: TestClient, tmp_path: Path
) -> None:
    """With one worker, of one at a time: the others wait."""
    ids = [photograph(service, client, tmp_path, f"{name}.png") for name in "abc"]
    asked = {"photographs": ids, "recipe": RECIPE, "formats": ["png"]}
    made = client.post("/v1/restorations", json=asked).json()
    with executing(service):
        ended(client, made["job"]["id"])
    with service.context.database.reading(organization_of(client)) as session:
        events = Events(session).after(0, 1000, made["job"]["id"])
        told = [
            (one.data["photograph"], one.data["state"]) for one in events if one.kind == "restored"
        ]
    for id in ids:
        assert [state for one, state in told if one == id] == ["working", "done"]
    begun = [id for id, state in told if state == "working"]
    assert begun == ids
    # It never runs ahead by more than the one that is begun while another one is kept.
    for place, id in enumerate(ids[2:], start=2):
        assert told.index((id, "working")) > told.index((ids[place - 2], "done"))


def test_a_storage_that_is_away_is_to_blame_and_no_photograph(
    service: Service, client: TestClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The others are done meanwhile; what could not be kept is made again when the job's wait is
    over, and has not failed."""
    ids = [photograph(service, client, tmp_path, f"{name}.png") for name in "ab"]
    asked = {"photographs": ids, "recipe": RECIPE, "formats": ["png"]}
    made = client.post("/v1/restorations", json=asked).json()
    is_away, kept = [True], work.keep

    def keep(context: Context, organization: str, of: str, id: str, *files: Any) -> Any:
        if id == ids[0] and is_away:
            raise PlaceError("503", where="s3://ours/x", transient=True)
        return kept(context, organization, of, id, *files)

    monkeypatch.setattr(work, "keep", keep)
    monkeypatch.setattr(queue, "FIRST_WAIT", queue.LONGEST_WAIT)
    url = f"/v1/jobs/{made['job']['id']}"
    with executing(service):
        until(lambda: client.get(url).json()["again"])
        job = client.get(url).json()
        assert (job["state"], job["done"], job["failed"]) == ("queued", 1, 0)
        assert job["message"] == "waits: the storage does not answer now"
        is_away.clear()
        assert client.post(f"{url}/retry").status_code == 200
        job = ended(client, made["job"]["id"])
    assert (job["state"], job["done"], job["failed"]) == ("succeeded", 2, 0)


@pytest.mark.parametrize(
    ("change", "status", "said"),
    [
        ({"recipe": "nonsense"}, 422, "there is no preset 'nonsense'"),
        ({"recipe": 'steps = ["tone"]'}, 422, "recipe"),
        ({"photographs": ["ph_06h294za7st85es0adwbznfq6w"]}, 404, "no such photograph"),
        ({"emulsion": "butter"}, 422, "emulsion"),
        ({"formats": ["gif"]}, 422, "formats"),
    ],
)
def test_orders_that_cannot_be(
    service: Service,
    client: TestClient,
    tmp_path: Path,
    change: dict[str, Any],
    status: int,
    said: str,
) -> None:
    id = photograph(service, client, tmp_path, "a.png")
    answer = client.post("/v1/restorations", json={"photographs": [id], **change})
    assert answer.status_code == status
    assert said in answer.json()["detail"]
    assert client.get("/v1/jobs").json()["items"] == []


def test_a_link_opens_one_result_for_whoever_has_it(
    service: Service, client: TestClient, tmp_path: Path
) -> None:
    id = photograph(service, client, tmp_path, "a.png")
    asked = {"photographs": [id], "recipe": RECIPE, "formats": ["png"]}
    made = client.post("/v1/restorations", json=asked).json()
    with executing(service):
        ended(client, made["job"]["id"])
    results = client.get(f"/v1/restorations/{made['id']}/photographs").json()["items"][0]["results"]
    picture, other = results[0]["id"], results[1]["id"]
    link = client.post(f"/v1/results/{picture}/link").json()["url"]
    stranger = service.client
    path = link.removeprefix(service.context.settings.url)
    assert stranger.get(path).status_code == 200
    part = stranger.get(path, headers={"Range": "bytes=1-3"})
    assert (part.status_code, part.content) == (206, b"PNG")
    assert stranger.get(path.replace(picture, other)).status_code == 404
    assert stranger.get(path[:-2]).status_code == 404
    assert stranger.get(f"/v1/results/{picture}/content").status_code == 401


# A film of photographs of which nobody says anything has no captions: none are offered.
@pytest.mark.parametrize("captioned", [True, False])
def test_filmed(service: Service, client: TestClient, tmp_path: Path, captioned: bool) -> None:
    ids = [photograph(service, client, tmp_path, f"{name}.png") for name in ("harbor", "market")]
    made = production(client, ids)
    if captioned:
        said = made["toml"].replace('file = "', 'caption = "A day"\nalt = "A street"\nfile = "')
        changed = client.patch(f"/v1/productions/{made['id']}", json={"toml": said})
        assert changed.status_code == 200, changed.text
    film = client.post("/v1/films", json={"production": made["id"]}).json()
    with executing(service):
        job = ended(client, film["job"]["id"])
    assert job["state"] == "succeeded", job["message"]
    results = client.get(f"/v1/films/{film['id']}").json()["results"]
    words = {"captions", "descriptions"} if captioned else set()
    assert {one["kind"] for one in results} == {"film", "cue_sheet", "poster"} | words
    url = next(one["url"] for one in results if one["kind"] == "film")
    (listed,) = client.get("/v1/films").json()["items"]
    assert listed["results"] == results
    part = client.get(url, headers={"Range": "bytes=4-7"})
    assert (part.status_code, part.content) == (206, b"ftyp")


def test_a_production_is_changed_by_one_at_a_time(
    service: Service, client: TestClient, tmp_path: Path
) -> None:
    made = production(client, [photograph(service, client, tmp_path, "harbor.png")])
    url, seen = f"/v1/productions/{made['id']}", {"If-Match": f'"{made["revision"]}"'}
    assert client.patch(url, json={"title": "One place"}, headers=seen).status_code == 200
    assert client.patch(url, json={"title": "Two places"}, headers=seen).status_code == 412
    assert client.get(url).json()["title"] == "One place"


def test_drafted_from_photographs(service: Service, client: TestClient, tmp_path: Path) -> None:
    """The draft is the production's, with the photographs by their ids: people go on from it."""
    ids = [
        photograph(service, client, tmp_path, f"{name}.png", caption=name.title(), date="1931")
        for name in ("harbor", "market")
    ]
    asked = {"title": "Two places", "photographs": ids, "seconds": 20}
    made = client.post("/v1/productions", json=asked).json()
    assert made["toml"] is None
    film = client.post("/v1/films", json={"production": made["id"]}).json()
    url = f"/v1/productions/{made['id']}"
    with executing(service):
        until(lambda: client.get(url).json()["toml"])
        # A film of twenty seconds in full size is more than this test wants.
        assert client.post(f"/v1/jobs/{film['job']['id']}/cancel").status_code == 200
        assert ended(client, film["job"]["id"])["state"] == "cancelled"
    toml = client.get(url).json()["toml"]
    assert f'file = "{ids[0]}/harbor.png"' in toml and 'caption = "Market"' in toml
    assert client.patch(url, json={"toml": toml}).status_code == 200


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("/etc/passwd", "is no photograph"),
        ("../../secret.key", "is no photograph"),
        ("s3://bucket/scan.tif", "is no photograph"),
        ("ph_06h294za7st85es0adwbznfq6w", "there is no such photograph"),
    ],
)
def test_a_production_names_nothing_but_what_was_sent_in(
    client: TestClient, name: str, said: str
) -> None:
    toml = (
        'schema = "photochrom.production/1"\ntitle = "T"\n'
        f'[[photograph]]\nid = "a"\nfile = "{name}"\n'
    )
    answer = client.post("/v1/productions", json={"title": "T", "toml": toml})
    assert answer.status_code in (404, 422)
    assert said in answer.json()["detail"]


def test_music_is_sent_in_first(service: Service, client: TestClient, tmp_path: Path) -> None:
    id = photograph(service, client, tmp_path, "a.png")
    made = production(client, [id], '[film.sound]\nmusic = [{ file = "waltz.wav" }]\n')
    url = f"/v1/productions/{made['id']}"
    answer = client.post("/v1/films", json={"production": made["id"]})
    assert (answer.status_code, "waltz.wav" in answer.json()["detail"]) == (422, True)
    assert client.put(f"{url}/files/..%2Fwaltz.wav", content=b"x").status_code in (404, 422)
    sent = client.put(f"{url}/files/waltz.wav", content=b"RIFF")
    assert (sent.status_code, sent.json()["size"]) == (200, 4)
    answer = client.post("/v1/films", json={"production": made["id"]})
    assert answer.status_code == 202


def test_forgotten_with_its_results(service: Service, client: TestClient, tmp_path: Path) -> None:
    id = photograph(service, client, tmp_path, "a.png")
    asked = {"photographs": [id], "recipe": RECIPE, "formats": ["png"]}
    made = client.post("/v1/restorations", json=asked).json()
    url = f"/v1/restorations/{made['id']}"
    assert client.delete(url).status_code == 409  # Its job is not over.
    with executing(service):
        ended(client, made["job"]["id"])
    (result, *_) = client.get(f"{url}/photographs").json()["items"][0]["results"]
    assert client.delete(url).status_code == 204
    assert client.get(url).status_code == 404
    assert client.get(result["url"]).status_code == 404
    assert client.get(f"/v1/jobs/{made['job']['id']}").status_code == 404
    remove_doomed(service.context)
    folder = tmp_path / "data" / "blobs" / organization_of(client) / "results"
    assert not [one for one in folder.rglob("*") if one.is_file()]


def test_a_production_with_films_is_not_forgotten(
    service: Service, client: TestClient, tmp_path: Path
) -> None:
    made = production(client, [photograph(service, client, tmp_path, "a.png")])
    url = f"/v1/productions/{made['id']}"
    film = client.post("/v1/films", json={"production": made["id"]}).json()
    assert client.delete(url).status_code == 409
    assert client.post(f"/v1/jobs/{film['job']['id']}/cancel").status_code == 200
    assert client.delete(f"/v1/films/{film['id']}").status_code == 204
    assert client.delete(url).status_code == 204
    assert client.get(url).status_code == 404


def test_what_was_made_long_ago_goes_with_its_job(
    service: Service, client: TestClient, tmp_path: Path
) -> None:
    made = production(client, [photograph(service, client, tmp_path, "a.png")])
    film = client.post("/v1/films", json={"production": made["id"]}).json()
    assert client.post(f"/v1/jobs/{film['job']['id']}/cancel").status_code == 200
    settings = service.context.settings.model_copy(update={"keep_jobs_days": 10.0})
    context = replace(service.context, settings=settings)
    assert films(context) == 0
    with context.database.writing(EVERYONE) as session:
        job = Jobs(session).get(film["job"]["id"])
        job.ended = now() - timedelta(days=11)
    assert films(context) == 1
    assert client.get(f"/v1/films/{film['id']}").status_code == 404
    assert client.get(f"/v1/jobs/{film['job']['id']}").status_code == 404
    assert client.get(f"/v1/productions/{made['id']}").status_code == 200


def test_a_deleted_photograph_takes_along_what_was_made_of_it(
    service: Service, client: TestClient, tmp_path: Path
) -> None:
    """Also of two that are the same; films stay, and say which photographs of theirs are gone."""
    ids = [photograph(service, client, tmp_path, name) for name in ("a.png", "a.png", "b.png")]
    asked = {"photographs": ids, "recipe": RECIPE, "formats": ["png"]}
    made = client.post("/v1/restorations", json=asked).json()
    film = client.post("/v1/films", json={"production": production(client, ids)["id"]}).json()
    assert (film["photographs"], film["deleted"]) == (ids, [])
    with executing(service):
        assert ended(client, made["job"]["id"])["done"] == 3
        assert ended(client, film["job"]["id"])["state"] == "succeeded"
    url, usage = f"/v1/restorations/{made['id']}", client.get("/v1/usage").json()["now"]
    gone, twin, _ = client.get(f"{url}/photographs").json()["items"]
    assert client.delete(f"/v1/photographs/{ids[0]}").status_code == 204
    assert all(client.get(one["url"]).status_code == 404 for one in gone["results"])
    assert all(client.get(one["url"]).status_code == 200 for one in twin["results"])
    first, *_ = client.get(f"{url}/photographs").json()["items"]
    assert (first["results"], first["reason"]) == ([], "the photograph was deleted")
    blobs = tmp_path / "data" / "blobs"
    assert [path for path in blobs.rglob("*") if path.is_file() and ids[0] in path.parts] == []
    # It counts no more; the film does.
    now = client.get("/v1/usage").json()["now"]
    assert usage["results"] - now["results"] == len(gone["results"])
    assert usage["result_bytes"] - now["result_bytes"] == sum(
        one["size"] for one in gone["results"]
    )
    found = client.get(f"/v1/films/{film['id']}").json()
    assert (found["photographs"], found["deleted"]) == (ids, ids[:1])
    assert all(client.get(one["url"]).status_code == 200 for one in found["results"])
    assert client.get("/v1/films").json()["items"][0]["deleted"] == ids[:1]
    # What is done is not tried again for it, and what is made again of it has failed.
    assert client.post(f"/v1/jobs/{made['job']['id']}/retry").status_code == 409


def test_what_is_made_of_a_photograph_while_it_is_deleted_is_not_kept(
    service: Service, client: TestClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    id = photograph(service, client, tmp_path, "a.png")
    asked = {"photographs": [id], "recipe": RECIPE, "formats": ["png"]}
    made = client.post("/v1/restorations", json=asked).json()
    kept = work.keep

    def keep(*words: Any) -> Any:
        found = kept(*words)
        assert client.delete(f"/v1/photographs/{id}").status_code == 204
        return found

    monkeypatch.setattr(work, "keep", keep)
    with executing(service):
        assert ended(client, made["job"]["id"])["failed"] == 1
    (found,) = client.get(f"/v1/restorations/{made['id']}/photographs").json()["items"]
    assert (found["results"], found["reason"]) == ([], "the photograph was deleted")
    remove_doomed(service.context)
    blobs = tmp_path / "data" / "blobs"
    assert [path for path in blobs.rglob("*") if path.is_file()] == []
