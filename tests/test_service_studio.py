"""The studio's pages, as the service serves them; what is in them is tested in `studio/`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from photochrom.service.studio.pages import serve_studio
from service_kit import Service, service_in

PAGE = "<!doctype html><title>studio</title>" + "<p>text</p>" * 200
HTML = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A build, and beside it something that is nobody's business."""
    built = tmp_path / "static"
    (built / "assets").mkdir(parents=True)
    (built / "index.html").write_text(PAGE)
    (built / "mark.svg").write_text("<svg/>")
    (built / "assets" / "index-abc123.js").write_text("let x = 1;\n" * 500)
    (built / "assets" / "type-abc123.woff2").write_bytes(b"wOF2" + bytes(2000))
    (tmp_path / "secret.txt").write_text("secret")
    return built


@pytest.fixture
def client(folder: Path) -> TestClient:
    app = FastAPI()

    @app.post("/v1/things")
    def make() -> None: ...

    serve_studio(app, "/v1", folder)
    return TestClient(app)


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    with service_in(tmp_path / "data") as made:
        yield made


@pytest.mark.parametrize("path", ["/", "/films", "/photographs/ph_1", "/setup", "/not/there.html"])
def test_pages_are_one_page_and_are_asked_for_anew(client: TestClient, path: str) -> None:
    answer = client.get(path, headers=HTML)
    assert (answer.status_code, answer.text) == (200, PAGE)
    assert answer.headers["content-type"].startswith("text/html")
    assert answer.headers["cache-control"] == "no-cache"
    again = client.get(path, headers={**HTML, "If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304


def test_files_with_a_digest_in_their_name_are_kept_for_ever(client: TestClient) -> None:
    answer = client.get("/assets/index-abc123.js")
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["content-encoding"] == "gzip"
    assert int(answer.headers["content-length"]) < 500
    assert client.get("/mark.svg").headers["cache-control"] == "no-cache"


def test_what_is_compressed_is_not_compressed_again(client: TestClient) -> None:
    assert "content-encoding" not in client.get("/assets/type-abc123.woff2").headers


@pytest.mark.parametrize("path", ["/assets/old.js", "/favicon.ico", "/films"])
def test_no_page_for_those_who_ask_for_something_else(client: TestClient, path: str) -> None:
    assert client.get(path, headers={"Accept": "*/*"}).status_code == 404


def test_head_is_answered_as_get(client: TestClient) -> None:
    answer = client.head("/", headers=HTML)
    assert (answer.status_code, answer.text) == (200, "")


@pytest.mark.parametrize(
    "path", ["/../secret.txt", "/%2e%2e/secret.txt", "/assets/..%2f..%2fsecret.txt", "/a%00b"]
)
@pytest.mark.parametrize("accept", ["*/*", "text/html"])
def test_nothing_but_the_build_is_served(client: TestClient, path: str, accept: str) -> None:
    answer = client.get(path, headers={"Accept": accept})
    assert "secret" not in answer.text
    assert answer.status_code in {200, 404}


def test_the_api_is_answered_as_without_the_studio(client: TestClient) -> None:
    assert client.get("/v1/nothing", headers=HTML).status_code == 404
    assert client.get("/v1", headers=HTML).status_code == 404
    assert client.get("/v1/things", headers=HTML).status_code == 405
    assert client.post("/films").status_code == 404


def test_without_a_build_a_page_says_what_to_do(tmp_path: Path) -> None:
    app = FastAPI()
    serve_studio(app, "/v1", tmp_path / "none")
    answer = TestClient(app).get("/films", headers=HTML)
    assert answer.status_code == 404
    assert "make studio" in answer.text
    assert TestClient(app).get("/assets/index.js").status_code == 404


def test_the_service_has_pages_and_its_policy_holds_for_them(service: Service) -> None:
    answer = service.client.get("/", headers=HTML)
    assert "photochrom" in answer.text
    assert "script-src 'self'" in answer.headers["content-security-policy"]
    unknown = service.client.get("/v1/nothing", headers=HTML)
    assert unknown.headers["content-type"] == "application/problem+json"
    gone = service.client.get("/assets/old.js")
    assert (gone.status_code, gone.json()["code"]) == (404, "not_found")
