"""The specification says what the service does: names, problems, examples; and requests made from
it, good and bad, find no answer that it does not have."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, assume, given, seed, settings
from hypothesis.errors import Unsatisfiable
from schemathesis.checks import CHECKS
from schemathesis.config import SchemathesisConfig
from schemathesis.core.failures import FailureGroup
from schemathesis.generation import GenerationMode

from photochrom.service.openapi import specification
from photochrom.service.specification import operation_name
from service_kit import Service, service_in
from service_server import key_of

FILE = Path(__file__).parents[1] / "studio" / "openapi.json"


@pytest.fixture(scope="module")
def told() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(specification())
    return found


def operations(told: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (method, path, operation)
        for path, some in told["paths"].items()
        for method, operation in some.items()
    ]


@pytest.mark.parametrize(
    ("method", "path", "is_list", "name"),
    [
        ("get", "/jobs", True, "list_jobs"),
        ("get", "/jobs/{job_id}", False, "get_job"),
        ("get", "/jobs/{job_id}/items", True, "list_job_items"),
        ("post", "/restorations", False, "create_restoration"),
        ("post", "/jobs/{job_id}/pause", False, "pause_job"),
        ("put", "/jobs/{job_id}/priority", False, "set_job_priority"),
        ("get", "/usage", False, "get_usage"),
        ("post", "/session", False, "create_session"),
        ("patch", "/webhooks/{id}", False, "update_webhook"),
        ("get", "/webhooks/{id}/deliveries/{other}", False, "get_webhook_delivery"),
        (
            "post",
            "/webhooks/{id}/deliveries/{other}/redeliver",
            False,
            "redeliver_webhook_delivery",
        ),
        ("delete", "/audit-entries/{id}", False, "delete_audit_entry"),
    ],
)
def test_names(method: str, path: str, is_list: bool, name: str) -> None:
    assert operation_name(method, path, is_list=is_list) == name


def test_every_operation_is_described(told: dict[str, Any]) -> None:
    names = [operation["operationId"] for _, _, operation in operations(told)]
    assert len(set(names)) == len(names)
    for method, path, operation in operations(told):
        where = f"{method} {path}"
        assert operation["operationId"].replace("_", "").isalnum(), where
        assert "_v1_" not in operation["operationId"], where
        assert operation["tags"] and operation["summary"] and operation["description"], where
        for status, response in operation["responses"].items():
            content = response.get("content", {})
            if status.startswith(("4", "5")) or status == "default":
                assert set(content) == {"application/problem+json"}, f"{where} {status}"


def test_every_body_has_an_example(told: dict[str, Any]) -> None:
    for method, path, operation in operations(told):
        body = operation.get("requestBody", {}).get("content", {}).get("application/json")
        if body is not None:
            name = body["schema"]["$ref"].rpartition("/")[2]
            assert told["components"]["schemas"][name].get("examples"), f"{method} {path}"


def test_who_is_let_in_is_said(told: dict[str, Any]) -> None:
    assert set(told["components"]["securitySchemes"]) == {"key", "browser"}
    strangers = {
        operation["operationId"]
        for _, _, operation in operations(told)
        if "security" not in operation
    }
    assert {"create_session", "get_healthz", "get_result_signed"} <= strangers
    assert not {name for name in strangers if name.startswith(("list", "update", "delete"))}


def test_the_file_is_that_of_the_application(told: dict[str, Any]) -> None:
    if not FILE.is_file():
        pytest.skip("studio/openapi.json is not here")
    assert json.loads(FILE.read_text("utf-8")) == told, "run python -m photochrom.service.openapi"


# Requests that are made from it, and what checks them, are schemathesis's.

_NOT_ASKED = {
    # What is refused for what it means has the right form all the same.
    "positive_data_acceptance",
}
_CODES = (400, 401, 403, 404, 405, 406, 408, 409, 410, 412, 413, 415, 416, 422, 423, 429, 460)
_WAYS = [str(code) for code in _CODES]
_REFUSED = {"checks": {"negative_data_rejection": {"expected-statuses": _WAYS}}}
"""The tus protocol has its own: 412 for another version, 460 for other bytes."""

schemathesis.serializer.alias("application/offset+octet-stream", "application/octet-stream")
_CALM = (HealthCheck.filter_too_much, HealthCheck.too_slow, HealthCheck.data_too_large)


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    folder = tmp_path_factory.mktemp("service")
    # Streams of events end at once, and nobody asks too often.
    with service_in(folder, event_minutes=0.0001, requests_a_minute=10**9) as service:
        yield service


def _looks_right(value: object) -> bool:
    """Whether a list in a query is, on its way, the one thing in it, or nothing at all."""
    return isinstance(value, list) and len(value) < 2


def faults(service: Service, mode: GenerationMode, examples: int) -> list[str]:
    """What is wrong with the answers to so many requests of each operation."""
    key = key_of(service.context, service.account(f"{mode}{examples}".lower().split(".")[-1]))
    config = SchemathesisConfig.from_dict(_REFUSED)
    api = schemathesis.openapi.from_asgi("/v1/openapi.json", service.client.app, config=config)
    excluded = [CHECKS.get_one(name) for name in sorted(_NOT_ASKED)]
    found = []
    for result in api.get_all_operations():
        operation = result.ok()
        try:
            strategy = operation.as_strategy(generation_mode=mode)

            @seed(20)
            @settings(
                max_examples=examples,
                deadline=None,
                database=None,
                phases=[Phase.generate],
                suppress_health_check=_CALM,
            )
            @given(case=strategy)
            def tried(case: Any) -> None:
                assume(not any(map(_looks_right, (case.query or {}).values())))
                case.call_and_validate(
                    headers={"Authorization": f"Bearer {key}"}, excluded_checks=excluded
                )

            tried()
        except Unsatisfiable:
            continue  # It takes nothing that could be wrong.
        except (FailureGroup, BaseExceptionGroup) as failed:
            found.append(f"{operation.label}: {[str(one) for one in failed.exceptions]}")
    return found


@pytest.mark.parametrize("mode", list(GenerationMode))
def test_requests(service: Service, mode: GenerationMode) -> None:
    assert faults(service, mode, 5) == []


@pytest.mark.slow
@pytest.mark.parametrize("mode", list(GenerationMode))
def test_many_requests(service: Service, mode: GenerationMode) -> None:
    assert faults(service, mode, 150) == []
