"""Reports by the service: ordered, made by jobs that really run, read in a browser, forgotten."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from photochrom.engine import Serial, Store
from photochrom.places import Url
from photochrom.reporting import making
from photochrom.reporting.ordering import report_task
from photochrom.service.core.clock import now
from photochrom.service.core.database import EVERYONE
from photochrom.service.jobs.repository import Jobs
from photochrom.service.photographs import names
from photochrom.service.results.repository import Results
from photochrom.service.sweeping.made import reports
from restoring_kit import RECIPE, ended, executing, organization_of, photograph
from service_kit import Service, service_in


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    with service_in(tmp_path / "data", workers=1, heartbeat_seconds=0.1) as service:
        yield service


@pytest.fixture
def client(service: Service) -> TestClient:
    return service.client_of(service.account("ada"))


def restored(client: TestClient, ids: list[str], **more: Any) -> dict[str, Any]:
    """A restoration that is over."""
    asked = {"photographs": ids, "recipe": RECIPE, "formats": ["png"], **more}
    made: dict[str, Any] = client.post("/v1/restorations", json=asked).json()
    ended(client, made["job"]["id"])
    return made


def reported(client: TestClient, **asked: Any) -> dict[str, Any]:
    """A report that is done."""
    answer = client.post("/v1/reports", json=asked)
    assert answer.status_code == 202, answer.text
    job = ended(client, answer.json()["job"]["id"])
    assert job["state"] == "succeeded", job
    found: dict[str, Any] = client.get(f"/v1/reports/{answer.json()['id']}").json()
    return found


def rows_of(client: TestClient, report: dict[str, Any]) -> list[dict[str, str]]:
    (table,) = (one for one in report["results"] if one["kind"] == "table")
    return list(csv.DictReader(client.get(table["url"]).text.splitlines()))


def test_what_a_restoration_has_made(service: Service, client: TestClient, tmp_path: Path) -> None:
    # The picture that is made of it has the same name as the scan.
    good = photograph(service, client, tmp_path, "harbor.png", caption="Boats <i>at</i> noon")
    bad = photograph(service, client, tmp_path, "torn.png")
    (tmp_path / "torn.png").write_bytes(b"no picture")
    blob = names.original(organization_of(client), bad, "torn.png")
    service.context.blobs.put(blob, tmp_path / "torn.png")
    with executing(service):
        made = restored(client, [good, bad], title="The harbor")
        report = reported(client, restoration=made["id"])
    assert report["title"] == "The harbor" and report["photographs"] == [good, bad]
    assert {one["kind"] for one in report["results"]} == {"report", "table"}
    first, second = rows_of(client, report)
    assert (first["name"], first["state"]) == ("harbor", "whole")
    assert first["original"] == f"{good}/scan/harbor.png"
    assert first["derivatives"] == f"{good}/harbor.png" and first["statement"]
    assert (second["name"], second["state"]) == ("torn", "missing")
    assert second["warnings"].startswith("torn.png: ")
    assert str(tmp_path) not in second["warnings"]
    page = client.get(f"/v1/reports/{report['id']}/files/report.html")
    assert (
        page.text.count("data:image/jpeg") == 2 and "Boats &lt;i&gt;at&lt;/i&gt; noon" in page.text
    )
    assert str(tmp_path) not in page.text
    policy = page.headers["content-security-policy"]
    assert policy.startswith("sandbox allow-scripts; ") and "default-src 'none'; " in policy
    assert page.text == client.get(report["results"][0]["url"]).text
    assert client.get(f"/v1/reports/{report['id']}/files/other.html").status_code == 404
    (listed,) = client.get("/v1/reports").json()["items"]
    assert listed == report


def test_each_photograph_as_it_was_made_last(
    service: Service, client: TestClient, tmp_path: Path
) -> None:
    one, two, three = (photograph(service, client, tmp_path, f"{n}.png") for n in ("a", "b", "=c"))
    with executing(service):
        restored(client, [one, two])
        restored(client, [two], recipe=RECIPE.replace('"tone"', '"tone", "grain"'))
        report = reported(client, photographs=[three, two, one, two])
    found = {row["name"]: row for row in rows_of(client, report)}
    # What a spreadsheet would take for a formula, it is told to take for text.
    assert list(found) == ["'=c", "b", "a"] and report["title"] == "=c and 2 more"
    assert found["'=c"]["state"] == "missing"
    assert found["'=c"]["warnings"] == "'=c.png: is not restored yet"
    assert "grain" in found["b"]["statement"].lower()
    assert "grain" not in found["a"]["statement"].lower()


def test_pages_find_one_another(
    service: Service, client: TestClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also from Ray's or other processes' hands: what they link to lies beside them."""
    monkeypatch.setattr(making, "A_PAGE", 1)
    monkeypatch.setattr("photochrom.service.restorations.work.Workers", _here)
    ids = [photograph(service, client, tmp_path, f"{n}.png") for n in "ab"]
    with executing(service):
        restored(client, ids)
        report = reported(client, photographs=ids)
    pages = [one["name"] for one in report["results"] if one["kind"] == "report"]
    assert pages == ["report.html", "report-2.html"]
    first = client.get(f"/v1/reports/{report['id']}/files/report.html").text
    assert 'href="report-2.html"' in first
    assert client.get(f"/v1/reports/{report['id']}/files/report-2.html").status_code == 200


def _here(store: Store, workers: int) -> Any:
    """The engine of this process, where a test may say how many photographs a page has."""
    engine: Any = Serial(store)
    engine.close = lambda: None
    return engine


def test_from_a_bucket(tmp_path: Path, bucket: Url) -> None:
    with service_in(tmp_path / "data", workers=1, storage=str(bucket)) as service:
        client = service.client_of(service.account("ada"))
        # Two of one name: each is brought to a place of its own.
        ids = [photograph(service, client, tmp_path, "harbor.png") for _ in range(2)]
        with executing(service):
            report = reported(client, restoration=restored(client, ids)["id"])
        rows = rows_of(client, report)
        assert [row["state"] for row in rows] == ["whole", "whole"]
        assert [row["original"] for row in rows] == [f"{id}/scan/harbor.png" for id in ids]


def test_on_postgresql(tmp_path: Path, postgresql: str) -> None:
    with service_in(tmp_path / "data", workers=1, database=postgresql) as service:
        client = service.client_of(service.account("ada"))
        ids = [photograph(service, client, tmp_path, f"{n}.png", caption="Käse ☃") for n in "ab"]
        with executing(service):
            made = restored(client, ids)
            report = reported(client, restoration=made["id"], title="  ")
        assert report["title"] == "a and 1 more"
        assert [row["state"] for row in rows_of(client, report)] == ["whole", "whole"]
        assert client.delete(f"/v1/photographs/{ids[0]}").status_code == 204
        assert client.get("/v1/reports").json()["items"][0]["deleted"] == [ids[0]]
        assert client.delete(f"/v1/reports/{report['id']}").status_code == 204
        assert client.get(f"/v1/jobs/{report['job']['id']}").status_code == 404


def test_what_cannot_be_reported_on(service: Service, client: TestClient, tmp_path: Path) -> None:
    id = photograph(service, client, tmp_path, "harbor.png")
    answer = client.post("/v1/reports", json={"photographs": [id]})
    assert answer.status_code == 409 and "restore" in answer.json()["detail"]
    for asked in ({}, {"photographs": [id], "restoration": "rs_" + id[3:]}):
        assert client.post("/v1/reports", json=asked).status_code == 422
    stranger = service.client_of(service.account("eve"))
    assert stranger.post("/v1/reports", json={"photographs": [id]}).status_code == 404
    assert client.post("/v1/reports", json={"restoration": "rs_" + id[3:]}).status_code == 404


def test_what_is_gone_since_is_said(service: Service, client: TestClient, tmp_path: Path) -> None:
    one, two = (photograph(service, client, tmp_path, f"{n}.png") for n in "ab")
    with executing(service):
        made = restored(client, [one, two])
        early = reported(client, restoration=made["id"])
    asked = client.post("/v1/reports", json={"restoration": made["id"]}).json()
    assert client.delete(f"/v1/photographs/{two}").status_code == 204
    with executing(service):
        assert ended(client, asked["job"]["id"])["state"] == "succeeded"
    late = client.get(f"/v1/reports/{asked['id']}").json()
    assert [row["state"] for row in rows_of(client, late)] == ["whole", "missing"]
    assert late["deleted"] == [two]
    assert client.get(f"/v1/reports/{early['id']}").json()["deleted"] == [two]


def test_forgotten(service: Service, client: TestClient, tmp_path: Path) -> None:
    """By whoever wants it, and with its job when that is too old."""
    id = photograph(service, client, tmp_path, "harbor.png")
    with executing(service):
        restored(client, [id])
        report, other = (reported(client, photographs=[id]) for _ in range(2))
    assert client.delete(f"/v1/reports/{report['id']}").status_code == 204
    assert client.get(f"/v1/reports/{report['id']}").status_code == 404
    assert client.get(report["results"][0]["url"]).status_code == 404
    settings = service.context.settings.model_copy(update={"keep_jobs_days": 10.0})
    context = replace(service.context, settings=settings)
    assert reports(context) == 0
    with context.database.writing(EVERYONE) as session:
        Jobs(session).get(other["job"]["id"]).ended = now() - timedelta(days=11)
    assert reports(context) == 1
    assert client.get(f"/v1/reports/{other['id']}").status_code == 404


def test_what_goes_while_it_is_made_is_said(
    service: Service, client: TestClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The files of it that were to be read are gone: it is made of what there is then."""
    one, two = (photograph(service, client, tmp_path, f"{n}.png") for n in "ab")
    gone: list[int] = []

    def task_for(*args: Any) -> Any:
        if not gone:
            gone.append(client.delete(f"/v1/photographs/{two}").status_code)
        return report_task(*args)

    with executing(service):
        restored(client, [one, two])
        monkeypatch.setattr("photochrom.service.reports.work.report_task", task_for)
        report = reported(client, photographs=[one, two])
    assert gone == [204]
    assert [row["state"] for row in rows_of(client, report)] == ["whole", "missing"]
    assert report["deleted"] == [two]


@pytest.mark.parametrize("where", ["here", "elsewhere"])
def test_what_the_storage_has_lost_is_found(
    tmp_path: Path, where: str, request: pytest.FixtureRequest
) -> None:
    storage = str(request.getfixturevalue("bucket")) if where == "elsewhere" else None
    with service_in(tmp_path / "data", workers=1, storage=storage) as service:
        client = service.client_of(service.account("ada"))
        ids = [photograph(service, client, tmp_path, f"{n}.png") for n in "abcde"]
        with executing(service):
            made = restored(client, ids)
            path = f"/v1/restorations/{made['id']}/photographs"
            with service.context.database.reading(organization_of(client)) as session:
                of = {
                    one["name"]: one["id"]
                    for item in client.get(path).json()["items"]
                    for one in item["results"]
                }
                blobs = {name: Results(session).get(id).blob for name, id in of.items()}
            lost = [names.original(organization_of(client), ids[0], "a.png")]
            lost += [blobs["b.png"], blobs["c.record.json"]]
            for name in lost:
                service.context.blobs.remove(name)
            # Another file lies there.
            service.context.blobs.put(blobs["d.png"], tmp_path / "a.png")
            report = reported(client, restoration=made["id"])
    states = {row["name"]: row["state"] for row in rows_of(client, report)}
    assert states == {
        "a": "original_missing",
        "b": "orphaned",
        "c": "missing",
        "d": "changed",
        "e": "whole",
    }
