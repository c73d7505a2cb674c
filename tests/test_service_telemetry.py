"""Logs without secrets, figures for those near, spans for who looks, readiness that is true."""

from __future__ import annotations

import io
import json
import logging
import shutil
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
import structlog
from fastapi.testclient import TestClient

from photochrom.service.jobs.repository import Jobs
from photochrom.service.telemetry.logs import configure_logs
from service_kit import PASSWORD, Service, service_in

TOKEN = "metrics-token-of-this-test"


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    with service_in(tmp_path, metrics_token=TOKEN) as service:
        yield service


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    """What is logged, as JSON; afterwards all is as it was."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    stream = io.StringIO()
    configure_logs("json", stream)
    yield stream
    structlog.reset_defaults()
    root.handlers[:] = handlers
    root.setLevel(level)


def lines(stream: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def near(service: Service) -> TestClient:
    return TestClient(service.client.app, client=("127.0.0.1", 5000))


def test_no_secret_is_in_any_line(service: Service, logged: io.StringIO) -> None:
    ada = service.account("ada")
    client = service.client_of(ada)
    secrets = [PASSWORD, client.cookies["photochrom_session"], client.headers["X-CSRF-Token"]]
    asked = {"email": ada.email, "password": PASSWORD}
    made = service.client.post("/v1/session?token=tok-in-a-query", json=asked)
    secrets += [made.cookies["photochrom_session"], made.json()["csrf"], "tok-in-a-query"]
    service.client.get("/v1/jobs", headers={"Authorization": "Bearer pck_abc_geheimgeheim"})
    secrets += ["geheimgeheim"]
    log = structlog.get_logger("photochrom.test")
    log.info("said", headers={"Cookie": "photochrom_session=abcdefgh"}, password="hidden-one")
    try:
        raise ValueError(
            "postgresql://ada:hunter2hunter@db/x refused Authorization: Basic YWRhOmFk"
        )
    except ValueError as error:
        log.error("failed", exc_info=error)
    logging.getLogger("elsewhere").warning("GET /x?signature=sigsigsig with Bearer tokentokentoken")
    secrets += [
        "abcdefgh",
        "hidden-one",
        "hunter2hunter",
        "YWRhOmFk",
        "sigsigsig",
        "tokentokentoken",
    ]
    text = logged.getvalue()
    assert [one for one in secrets if one in text] == []
    assert "refused" in text and "ValueError" in text


@pytest.mark.parametrize("form", ["text", "json"])
@pytest.mark.parametrize("logger", ["ours", "another library's"])
def test_no_local_variable_is_in_any_traceback(
    logged: io.StringIO, form: Literal["text", "json"], logger: str
) -> None:
    stream = io.StringIO()
    configure_logs(form, stream)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            _fails("".join(("only-in-", "a-variable")))
        except RuntimeError as error:
            if logger == "ours":
                structlog.get_logger("photochrom.test").error("failed", exc_info=error)
            else:
                logging.getLogger("elsewhere").exception("failed")
    text = stream.getvalue()
    assert "RuntimeError: it broke" in text and "in _fails" in text
    assert "only-in-a-variable" not in text


def _fails(hidden: str) -> None:
    raise RuntimeError("it broke" if hidden else "")


def test_lines_say_whose_request_it_was(service: Service, logged: io.StringIO) -> None:
    answer = service.client.get("/healthz")
    (line,) = [one for one in lines(logged) if one["event"] == "request"]
    assert line["request"] == answer.headers["x-request-id"]
    assert (line["method"], line["path"], line["status"]) == ("GET", "/healthz", 200)


def test_lines_for_people_have_no_color_in_a_file(logged: io.StringIO) -> None:
    stream = io.StringIO()
    configure_logs("text", stream)
    structlog.get_logger("photochrom.test").info("said", what="it")
    assert "said" in stream.getvalue() and "\x1b" not in stream.getvalue()
    assert not stream.getvalue().startswith("{")


def test_figures_go_by_routes_not_by_paths(service: Service) -> None:
    client = service.client_of(service.account("ada"))
    organization = client.get("/v1/session").json()["organizations"][0]["organization"]
    with service.context.database.writing(organization) as session:
        id = Jobs(session).accept(organization, "test", "th_x", "us_x").id
    client.get(f"/v1/jobs/{id}")
    client.get("/nothing/like/it")
    client.request("INVENTED", "/nothing/like/it")
    text = near(service).get("/metrics").text
    assert id not in text and "/nothing" not in text and "INVENTED" not in text
    for line in (
        'photochrom_requests_total{method="GET",route="/v1/jobs/{job_id}",status="200"} 1.0',
        'photochrom_requests_total{method="GET",route="none",status="404"} 1.0',
        'photochrom_requests_total{method="other",route="none",status="404"} 1.0',
        'photochrom_jobs{state="queued"} 1.0',
        "photochrom_database_up 1.0",
    ):
        assert line in text


def test_figures_are_for_those_near_or_with_the_token(service: Service) -> None:
    far = service.client
    assert far.get("/metrics").status_code == 403
    assert far.get("/metrics", headers={"Authorization": "Bearer wrong"}).status_code == 403
    assert far.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).status_code == 200
    assert near(service).get("/metrics").status_code == 200
    # A proxy that does not say for whom.
    assert near(service).get("/metrics", headers={"Via": "1.1 proxy"}).status_code == 403


def test_no_figures_where_none_are_wanted(tmp_path: Path) -> None:
    with service_in(tmp_path, metrics=False) as service:
        assert near(service).get("/metrics").status_code == 404


def test_ready_is_who_can_work(service: Service, tmp_path: Path) -> None:
    client = service.client
    assert client.get("/readyz").status_code == 200
    shutil.rmtree(tmp_path / "blobs")
    (tmp_path / "blobs").write_text("no folder")
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["detail"]) == (
        503,
        "the storage does not answer now",
    )
    (tmp_path / "blobs").unlink()
    client.app.state.drains = True  # type: ignore[attr-defined]
    assert client.get("/readyz").json()["detail"] == "the service is about to stop"
    assert client.get("/healthz").status_code == 200
