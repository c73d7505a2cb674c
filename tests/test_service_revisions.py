"""Two editors: whoever has seen an earlier revision is told so, and undoes nothing."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi.testclient import TestClient

from photochrom.service.core.ids import new_id
from photochrom.service.identity.tables import User
from service_kit import Service, service_in
from stranger_kit import MAKERS, Route, routes_of
from waiting import SOON

CHANGES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "/v1/photographs/{photograph_id}": ({"title": "Fair"}, {"title": "Market"}),
    "/v1/collections/{collection_id}": ({"title": "Fair"}, {"title": "Market"}),
    "/v1/productions/{production_id}": ({"title": "Fair"}, {"title": "Market"}),
    "/v1/organization": ({"name": "Fair"}, {"name": "Market"}),
    "/v1/members/{member_id}": ({"role": "editor"}, {"role": "viewer"}),
    "/v1/webhooks/{webhook_id}": ({"description": "Fair"}, {"description": "Market"}),
}
"""What one editor does to each thing that several change, and another one after them."""

ALONE = {
    "/v1/user": "is one's own",
    "/v1/uploads/{upload_id}": "sends bytes, to an offset",
}
"""What is changed by one person only, so that it has no revision."""


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with service_in(tmp_path_factory.mktemp("service")) as service:
        yield service


@pytest.fixture
def owner(service: Service) -> User:
    return service.account(new_id("xx"))


def path_of(service: Service, owner: User, template: str) -> str:
    for name in Route("PATCH", template).parameters:
        template = template.replace(f"{{{name}}}", MAKERS[name](service, owner))
    return template


def test_all_that_is_changed_is_here(service: Service) -> None:
    app: Any = service.client.app
    found = {route.path for route in routes_of(app) if route.method == "PATCH"}
    assert found == set(CHANGES) | set(ALONE)


@pytest.mark.parametrize("template", CHANGES)
def test_whoever_has_seen_an_earlier_revision_changes_nothing(
    service: Service, owner: User, template: str
) -> None:
    path, client = path_of(service, owner, template), service.client_of(owner)
    one, other = CHANGES[template]
    read = client.get(path)
    seen = {"If-Match": read.headers["ETag"]}
    assert seen["If-Match"] == f'"{read.json()["revision"]}"'
    made = client.patch(path, json=one, headers=seen)
    assert made.status_code == 200, made.text
    assert made.headers["ETag"] not in ("", read.headers["ETag"])
    late = client.patch(path, json=other, headers=seen)
    assert (late.status_code, late.json()["code"]) == (412, "precondition_failed")
    assert late.headers["ETag"] == made.headers["ETag"]
    now = client.get(path)
    assert now.json() == made.json()
    # Who reads it again, and who says nothing, changes it. A proxy may have made the tag weak.
    weak = {"If-Match": f"W/{now.headers['ETag']}"}
    assert client.patch(path, json=other, headers=weak).status_code == 200
    assert client.patch(path, json=one).status_code == 200
    assert client.patch(path, json=other, headers={"If-Match": "*"}).status_code == 200
    wrong = client.patch(path, json=one, headers={"If-Match": "3"})
    assert (wrong.status_code, "If-Match" in wrong.json()["detail"]) == (422, True)


DELETED = [path for path in CHANGES if path != "/v1/organization"]
"""What is deleted besides changed."""


def test_all_with_a_revision_that_is_deleted_is_here(service: Service) -> None:
    app: Any = service.client.app
    found = {route.path for route in routes_of(app) if route.method == "DELETE"}
    assert found & set(CHANGES) == set(DELETED)


@pytest.mark.parametrize("template", DELETED)
def test_what_somebody_else_has_changed_is_not_deleted_unseen(
    service: Service, owner: User, template: str
) -> None:
    path, client = path_of(service, owner, template), service.client_of(owner)
    seen = {"If-Match": client.get(path).headers["ETag"]}
    made = client.patch(path, json=CHANGES[template][0])
    late = client.delete(path, headers=seen)
    assert (late.status_code, late.json()["code"]) == (412, "precondition_failed")
    assert late.headers["ETag"] == made.headers["ETag"]
    assert client.get(path).json() == made.json()
    wrong = client.delete(path, headers={"If-Match": "3"})
    assert (wrong.status_code, "If-Match" in wrong.json()["detail"]) == (422, True)
    assert client.delete(path, headers={"If-Match": made.headers["ETag"]}).status_code == 204
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("template", DELETED)
def test_who_says_nothing_deletes_it_in_any_case(
    service: Service, owner: User, template: str
) -> None:
    path, client = path_of(service, owner, template), service.client_of(owner)
    assert client.patch(path, json=CHANGES[template][0]).status_code == 200
    assert client.delete(path).status_code == 204


def test_of_who_changes_and_who_deletes_at_once_one_does(tmp_path: Path, database_url: str) -> None:
    """Never is something deleted that has just been changed, and told to whoever did so."""
    with service_in(tmp_path, database=database_url) as service:
        owner = service.account(new_id("xx"))
        path = path_of(service, owner, "/v1/collections/{collection_id}")
        client = service.client_of(owner)
        seen = {"If-Match": client.get(path).headers["ETag"]}

        def ask(asked: dict[str, Any]) -> httpx.Response:
            if asked:
                return _other(client).patch(path, json=asked, headers=seen)
            return _other(client).delete(path, headers=seen)

        answers = at_once(ask, ({"title": "Fair"}, {}))
        codes = sorted(one.status_code for one in answers)
        changed = client.get(path).status_code == 200
        assert codes == ([200, 412] if changed else [204, 404])


def test_an_order_is_arranged_by_who_has_seen_it(service: Service, owner: User) -> None:
    """What was added meanwhile is not lost to somebody who moves what they see."""
    client = service.client_of(owner)
    ids = [MAKERS["photograph_id"](service, owner) for _ in range(3)]
    here = path_of(service, owner, "/v1/collections/{collection_id}/photographs")
    first = client.put(here, json={"photographs": ids[:2]})
    seen = {"If-Match": first.headers["ETag"]}
    assert client.get(here).headers["ETag"] == first.headers["ETag"]
    assert client.put(here, json={"photographs": ids}, headers=seen).status_code == 200
    late = client.put(here, json={"photographs": [ids[1], ids[0]]}, headers=seen)
    assert late.status_code == 412
    assert client.get(here).json()["photographs"] == ids
    # What is said of the collection is another matter.
    collection = here.removesuffix("/photographs")
    assert client.patch(collection, json={"title": "b"}).json()["revision"] == 2
    again = {"If-Match": client.get(here).headers["ETag"]}
    assert client.put(here, json={"photographs": ids[:1]}, headers=again).status_code == 200


@pytest.mark.parametrize("template", ["/v1/photographs/{photograph_id}", "/v1/organization"])
def test_of_two_at_once_one_changes_it(tmp_path: Path, database_url: str, template: str) -> None:
    with service_in(tmp_path, database=database_url) as service:
        owner = service.account(new_id("xx"))
        path, client = path_of(service, owner, template), service.client_of(owner)
        seen = {"If-Match": client.get(path).headers["ETag"]}
        answers = at_once(
            lambda asked: _other(client).patch(path, json=asked, headers=seen), CHANGES[template]
        )
        assert sorted(one.status_code for one in answers) == [200, 412]
        (made,) = (one for one in answers if one.status_code == 200)
        assert client.get(path).json() == made.json()


def _other(client: TestClient) -> TestClient:
    other = TestClient(client.app, raise_server_exceptions=False)
    other.cookies.update(client.cookies)
    other.headers.update(client.headers)
    return other


def at_once(
    ask: Callable[[dict[str, Any]], httpx.Response], wanted: tuple[dict[str, Any], ...]
) -> list[httpx.Response]:
    both, answers = threading.Barrier(len(wanted)), list[httpx.Response]()

    def one(asked: dict[str, Any]) -> None:
        both.wait(SOON)
        answers.append(ask(asked))

    threads = [threading.Thread(target=one, args=(asked,)) for asked in wanted]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(SOON)
    return answers
