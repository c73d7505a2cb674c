"""Photographs: sent in one piece, listed, described, handed out, deleted; and their collections."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fastapi.testclient import TestClient
from PIL import Image

from photochrom.service.events.repository import Events
from photochrom.service.intake.taking import take_in
from photochrom.service.photographs import names
from photochrom.service.uploads import small
from service_kit import Service, service_in


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    with service_in(tmp_path / "data", small_upload_limit=200_000) as service:
        yield service


@pytest.fixture
def client(service: Service) -> TestClient:
    return service.client_of(service.account("ada"))


def scan(seed: int = 0) -> bytes:
    pixels = np.random.default_rng(seed).integers(0, 255, (30, 40), np.uint8)
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return file.getvalue()


def taken(client: TestClient, content: bytes, name: str = "scan.png", **form: str) -> Any:
    files = {"file": (name, content)}
    return client.post("/v1/photographs", files=files, data=form)


def added(client: TestClient, seed: int = 0, name: str = "scan.png") -> str:
    return taken(client, scan(seed), name).json()["photograph"]["id"]


def test_in_one_piece(service: Service, client: TestClient) -> None:
    answer = taken(client, scan(), "Märkte 1931.png")
    assert (answer.status_code, answer.json()["is_duplicate"]) == (201, False)
    photograph = answer.json()["photograph"]
    assert photograph["filename"] == "Märkte 1931.png"
    assert photograph["sha256"] == hashlib.sha256(scan()).hexdigest()
    found = client.get(photograph["links"]["original"])
    assert found.content == scan()
    assert "M%C3%A4rkte%201931.png" in found.headers["content-disposition"]
    assert found.headers["content-type"] == "application/octet-stream"
    again = taken(client, scan())
    assert (again.status_code, again.json()["is_duplicate"]) == (200, True)
    assert again.json()["photograph"]["id"] == photograph["id"]
    own = taken(client, scan(), keep_duplicate="true")
    assert own.json()["photograph"]["duplicate_of"] == photograph["id"]
    assert not list((service.context.settings.data / "small").iterdir())


def test_what_is_too_large_for_one_piece(client: TestClient) -> None:
    answer = taken(client, b"x" * 200_001)
    assert (answer.status_code, "/v1/uploads" in answer.json()["detail"]) == (413, True)
    assert taken(client, b"x" * 200_000).status_code == 201

    def endless() -> Iterator[bytes]:
        yield b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'
        for _ in range(1000):
            yield b"x" * 10_000

    kind = {"Content-Type": "multipart/form-data; boundary=x"}
    assert client.post("/v1/photographs", content=endless(), headers=kind).status_code == 413


def test_a_large_form_is_on_the_disk(
    service: Service, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    copied: list[bool] = []
    copy = small._copy

    def watched(file: Any, path: Path) -> None:
        copied.append(file._rolled)
        copy(file, path)

    monkeypatch.setattr(small, "_copy", watched)
    monkeypatch.setattr("starlette.formparsers.MultiPartParser.spool_max_size", 50_000)
    assert taken(client, b"x" * 100_000).status_code == 201
    assert copied == [True]


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"{}", "application/json", 415),
        (b"", "multipart/form-data", 422),
        (b"nonsense", "multipart/form-data; boundary=x", 422),
        (b"--x--\r\n", "multipart/form-data; boundary=x", 422),
        (
            b'--x\r\nContent-Disposition: form-data; name="file"\r\n\r\nabc\r\n--x--\r\n',
            "multipart/form-data; boundary=x",
            422,
        ),
    ],
)
def test_what_is_no_form(client: TestClient, body: bytes, kind: str, status: int) -> None:
    answer = client.post("/v1/photographs", content=body, headers={"Content-Type": kind})
    assert answer.status_code == status


@pytest.mark.parametrize(
    "form", [{"color": "yes"}, {"keep_duplicate": "perhaps"}, {"collection": "co_none"}]
)
def test_what_the_form_does_not_have(client: TestClient, form: dict[str, str]) -> None:
    assert taken(client, scan(), **form).status_code == 422
    assert taken(client, b"").status_code == 422
    assert client.get("/v1/photographs").json()["items"] == []


def test_the_quota_holds_for_small_ones(tmp_path: Path) -> None:
    with service_in(tmp_path, quota_photographs=1) as service:
        client = service.client_of(service.account("ada"))
        assert taken(client, scan(1)).status_code == 201
        assert taken(client, scan(2)).status_code == 403
        left = [one for one in (tmp_path / "blobs").rglob("*.png") if one.is_file()]
        assert len(left) == 1


@pytest.mark.parametrize(
    ("filename", "safe"),
    [
        ("Markt 1931.TIF", "Markt-1931.tif"),
        ("../../etc/passwd", "passwd"),
        ("C:\\scans\\a.jpg", "a.jpg"),
        ("a.tif#page=2", "a.tif-page"),
        ("Ярмарка.jpg", "photograph.jpg"),
        ("con.jpg", "photograph-con.jpg"),
        ("..", "photograph"),
        ("", "photograph"),
        (".hidden", "hidden"),
        ("a\0b\n.png", "ab.png"),
        ("x" * 500 + ".png", "x" * 80),
        ("a.\u202egpj.exe", "a.gpj.exe"),
        ("é.jpg", "e.jpg"),
    ],
)
def test_names_of_files_are_made_safe(filename: str, safe: str) -> None:
    made = names.safe(filename)
    assert made == safe or (len(filename) > 400 and made.startswith(safe))
    assert "#" not in made and "/" not in made and len(made) <= 100


def test_a_name_that_is_a_path_stays_in_its_folder(service: Service, client: TestClient) -> None:
    photograph = taken(client, scan(), "../../../evil.png").json()["photograph"]
    assert photograph["filename"] == "evil.png"
    (file,) = service.context.settings.data.rglob("evil.png")
    assert photograph["id"] in file.parts


def test_listed_in_pages_by_state_and_words(service: Service, client: TestClient) -> None:
    ids = [added(client, seed, f"scan {seed}.png") for seed in range(5)]
    first = client.get("/v1/photographs", params={"limit": 2}).json()
    assert [one["id"] for one in first["items"]] == [ids[4], ids[3]]
    rest = client.get("/v1/photographs", params={"limit": 9, "after": first["next"]}).json()
    assert [one["id"] for one in rest["items"]] == [ids[2], ids[1], ids[0]]
    assert rest["next"] is None
    take_in(service.context, ids[1])
    found = client.get("/v1/photographs", params={"state": "ready"}).json()["items"]
    assert [one["id"] for one in found] == [ids[1]]
    client.patch(f"/v1/photographs/{ids[2]}", json={"caption": "Straße, 100% wet_plate"})

    def with_words(text: str) -> list[str]:
        answer = client.get("/v1/photographs", params={"text": text})
        return [one["id"] for one in answer.json()["items"]]

    assert with_words("STRASSE plate") == [ids[2]]
    assert with_words("100%") == [ids[2]]
    assert with_words("wet_") == [ids[2]]
    assert with_words("scan_2") == []
    assert with_words("strasse nowhere") == []
    assert client.get("/v1/photographs", params={"text": "\0"}).status_code == 422
    assert client.get("/v1/photographs", params={"state": "lost"}).status_code == 422
    assert client.get("/v1/photographs", params={"color": "red"}).status_code == 422


def test_what_people_say(client: TestClient) -> None:
    here = f"/v1/photographs/{added(client)}"
    told = {
        "title": "Market square",
        "date": "about 1920",
        "people": ["Ada Keller", " ", "Bo"],
        "emulsion": "orthochromatic",
        "license": "CC BY 4.0",
    }
    said = client.patch(here, json=told).json()
    assert (said["title"], said["people"]) == ("Market square", ["Ada Keller", "Bo"])
    assert (said["emulsion"], said["caption"]) == ("orthochromatic", "")
    said = client.patch(here, json={"emulsion": None, "title": None}).json()
    assert (said["emulsion"], said["title"], said["date"]) == (None, "", "about 1920")
    assert client.get(here).json() == said


@pytest.mark.parametrize(
    "changes",
    [
        {"date": "31.02.1931"},
        {"emulsion": "silver"},
        {"state": "ready"},
        {"sha256": "0" * 64},
        {"title": "x" * 501},
        {"title": "a\0b"},
        {"people": "Ada"},
        {"people": ["\0"]},
    ],
)
def test_what_cannot_be_said(client: TestClient, changes: dict[str, Any]) -> None:
    here = f"/v1/photographs/{added(client)}"
    before = client.get(here).json()
    assert client.patch(here, json=changes).status_code == 422
    assert client.get(here).json() == before


def test_the_original_in_ranges(client: TestClient) -> None:
    here = f"/v1/photographs/{added(client)}/original"
    tag = client.head(here).headers["etag"]
    assert tag == f'"{hashlib.sha256(scan()).hexdigest()}"'
    part = client.get(here, headers={"Range": "bytes=5-14", "If-Range": tag})
    assert (part.status_code, part.content) == (206, scan()[5:15])
    assert client.get(here, headers={"Range": "bytes=-7"}).content == scan()[-7:]
    behind = client.get(here, headers={"Range": f"bytes={len(scan())}-"})
    assert (behind.status_code, behind.json()["code"]) == (416, "range_not_satisfiable")
    assert behind.headers["content-range"] == f"bytes */{len(scan())}"
    assert client.get(here, headers={"If-None-Match": tag}).status_code == 304


def test_preview_and_thumbnail(service: Service, client: TestClient) -> None:
    id = added(client)
    assert client.get(f"/v1/photographs/{id}/preview").status_code == 404
    take_in(service.context, id)
    links = client.get(f"/v1/photographs/{id}").json()["links"]
    for name, kind in (("preview", "image/jpeg"), ("thumbnail", "image/webp")):
        found = client.get(links[name])
        assert found.headers["content-type"] == kind
        assert "immutable" in found.headers["cache-control"]
        assert Image.open(io.BytesIO(found.content)).size == (40, 30)
        plain = client.get(f"/v1/photographs/{id}/{name}")
        assert plain.headers["cache-control"] == "private, no-cache"
        known = {"If-None-Match": plain.headers["etag"]}
        assert client.get(f"/v1/photographs/{id}/{name}", headers=known).status_code == 304


def test_deleted_with_all_that_was_made_of_it(service: Service, client: TestClient) -> None:
    id, other = added(client, 1), added(client, 2)
    take_in(service.context, id)
    assert client.delete(f"/v1/photographs/{id}").status_code == 204
    assert client.get(f"/v1/photographs/{id}").status_code == 404
    assert client.delete(f"/v1/photographs/{id}").status_code == 404
    assert not [one for one in service.context.settings.data.rglob("*") if id in one.parts]
    assert client.get(f"/v1/photographs/{other}/original").content == scan(2)
    # Whoever looks on is told.
    organization = client.get("/v1/session").json()["organization"]
    with service.context.database.reading(organization) as session:
        last = Events(session).after(0, 100)[-1]
    assert (last.kind, last.subject, last.data["state"]) == ("photograph", id, "deleted")


@pytest.mark.parametrize("below", ["", "/original", "/preview", "/thumbnail"])
def test_of_others_nothing_is_told(service: Service, client: TestClient, below: str) -> None:
    id = added(client)
    take_in(service.context, id)
    other = service.client_of(service.account("bob"))
    assert other.get(f"/v1/photographs/{id}{below}").status_code == 404
    assert service.client.get(f"/v1/photographs/{id}{below}").status_code == 401
    assert other.patch(f"/v1/photographs/{id}", json={"title": "mine"}).status_code == 404
    assert other.delete(f"/v1/photographs/{id}").status_code == 404
    assert client.get(f"/v1/photographs/{id}{below}").status_code == 200


# -- collections --------------------------------------------------------------------------------


def test_collections(client: TestClient) -> None:
    ids = [added(client, seed) for seed in range(3)]
    made = client.post("/v1/collections", json={"title": " Fairs "}).json()
    assert (made["title"], made["photographs"]) == ("Fairs", 0)
    here = f"/v1/collections/{made['id']}"
    order = [ids[2], ids[0]]
    assert client.put(f"{here}/photographs", json={"photographs": order}).status_code == 200
    assert client.get(f"{here}/photographs").json() == {"photographs": order}
    assert client.get(here).json()["photographs"] == 2
    listed = client.get("/v1/photographs", params={"collection": made["id"]}).json()["items"]
    assert {one["id"] for one in listed} == set(order)
    client.put(f"{here}/photographs", json={"photographs": [*reversed(order), ids[1]]})
    assert client.get(f"{here}/photographs").json()["photographs"] == [ids[0], ids[2], ids[1]]
    client.delete(f"/v1/photographs/{ids[2]}")
    assert client.get(f"{here}/photographs").json()["photographs"] == [ids[0], ids[1]]
    assert client.patch(here, json={"description": "1890 to 1931"}).json()["title"] == "Fairs"
    assert client.get("/v1/collections").json()["items"][0]["description"] == "1890 to 1931"
    assert client.delete(here).status_code == 204
    assert client.get(here).status_code == 404
    assert client.get(f"/v1/photographs/{ids[0]}").status_code == 200


def test_what_no_collection_takes(service: Service, client: TestClient) -> None:
    id = added(client)
    here = f"/v1/collections/{client.post('/v1/collections', json={'title': 'a'}).json()['id']}"
    other = service.client_of(service.account("bob"))
    foreign = added(other)
    for wrong in ([id, id], [id, foreign], ["ph_x"]):
        answer = client.put(f"{here}/photographs", json={"photographs": wrong})
        assert answer.status_code == 422
    for wrong in ({"title": "  "}, {"title": "a\0"}, {}, {"title": "a", "color": 1}):
        assert client.post("/v1/collections", json=wrong).status_code == 422
    assert client.get(f"{here}/photographs").json() == {"photographs": []}
    for method, path, body in (
        ("GET", here, None),
        ("GET", f"{here}/photographs", None),
        ("PATCH", here, {"title": "mine"}),
        ("PUT", f"{here}/photographs", {"photographs": []}),
        ("DELETE", here, None),
    ):
        assert other.request(method, path, json=body).status_code == 404
        assert service.client.request(method, path, json=body).status_code == 401
    assert client.get(here).json()["title"] == "a"
