"""Every route, tried as nobody, as somebody who may less, and as somebody of elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from tempfile import TemporaryDirectory
from typing import Annotated

import pytest
from fastapi import APIRouter, FastAPI
from fastapi.testclient import TestClient

from photochrom.service.access.credentials import CSRF_HEADER
from photochrom.service.access.guards import Viewing, anyone, signed_in
from photochrom.service.app import create_app
from photochrom.service.context import Context
from photochrom.service.core.ids import new_id
from photochrom.service.identity.roles import Permission, Role
from photochrom.service.identity.tables import User
from photochrom.service.settings import Settings
from service_kit import Service, service_in
from stranger_kit import MAKERS, STRANGERS_MAY, Route, for_organization, routes_of

KIT = "tests/stranger_kit.py"


def _all() -> list[Route]:
    with TemporaryDirectory() as folder, Context.opened(Settings.read(data=folder)) as context:
        return routes_of(create_app(context))


ROUTES = _all()
GUARDED = [one for one in ROUTES if signed_in in one.guards]
NARROW = [one for one in GUARDED if one.permission not in (None, Permission.VIEW)]
CHANGING = [one for one in GUARDED if one.method not in ("GET", "HEAD", "OPTIONS")]
OF_THINGS = [one for one in GUARDED if one.parameters]
OF_ORGANIZATIONS = [one for one in GUARDED if one.permission is not None]


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with service_in(tmp_path_factory.mktemp("service")) as service:
        yield service


@pytest.fixture(scope="module")
def owner(service: Service) -> User:
    """Of an organization in which nothing is deleted: nobody here gets in."""
    return service.account(_somebody())


@pytest.fixture(scope="module")
def viewer(service: Service, owner: User) -> TestClient:
    return service.client_of(service.member(owner, _somebody(), Role.VIEWER))


@pytest.fixture(scope="module")
def stranger(service: Service) -> TestClient:
    """Somebody who owns another organization."""
    return service.client_of(service.account(_somebody()))


def _somebody() -> str:
    return new_id("xx")


def _made(service: Service, route: Route, owner: User) -> dict[str, str]:
    for name in route.parameters:
        assert name in MAKERS, f"{route}: add to MAKERS of {KIT} how a {name!r} is made"
    return {name: MAKERS[name](service, owner) for name in route.parameters}


def _any_ids(route: Route) -> dict[str, str]:
    return {name: new_id("xx") for name in route.parameters}


def test_the_routes_are_found() -> None:
    assert {"POST /v1/session", "PATCH /v1/members/{member_id}"} <= {str(one) for one in ROUTES}
    assert len(ROUTES) > 25


@pytest.mark.parametrize("route", ROUTES, ids=str)
def test_every_route_says_who_may_use_it(route: Route) -> None:
    if signed_in in route.guards:
        return
    assert (route.method, route.path) in STRANGERS_MAY, (
        f"{route} has no guard: take Viewing, Editing, ... or SignedIn; or, if strangers may use "
        f"it, `anyone`, and say why in STRANGERS_MAY of {KIT}"
    )


def test_nothing_is_open_that_is_not_there() -> None:
    assert STRANGERS_MAY.keys() <= {(one.method, one.path) for one in ROUTES}


@pytest.mark.parametrize("route", GUARDED, ids=str)
def test_nobody(service: Service, route: Route) -> None:
    answer = route.call(service.client, _any_ids(route))
    assert answer.status_code == 401, answer.text
    assert route.method == "HEAD" or answer.json()["code"] == "not_signed_in"


@pytest.mark.parametrize("route", CHANGING, ids=str)
def test_another_sites_page(service: Service, owner: User, route: Route) -> None:
    client = service.client_of(owner)  # Its browser sends the cookie, whoever's page asks.
    del client.headers[CSRF_HEADER]
    answer = route.call(client, _any_ids(route))
    assert answer.status_code == 403, answer.text
    assert "does not come from our own page" in answer.json()["detail"]


@pytest.mark.parametrize("route", NARROW, ids=str)
def test_a_viewer_where_more_is_needed(
    service: Service, owner: User, viewer: TestClient, route: Route
) -> None:
    answer = route.call(viewer, _made(service, route, owner))
    assert answer.status_code == 403, answer.text


@pytest.mark.parametrize("route", OF_THINGS, ids=str)
def test_things_of_another_organization(
    service: Service, stranger: TestClient, route: Route
) -> None:
    owner = service.account(_somebody())
    ids = _made(service, route, owner)
    answer = route.call(stranger, ids)
    assert answer.status_code == 404, answer.text
    # The request was right, and the thing is there: whose it is gets what they ask for.
    answer = route.call(service.client_of(owner), ids)
    assert answer.status_code < 400 or answer.status_code == 409, answer.text


@pytest.mark.parametrize("route", OF_ORGANIZATIONS, ids=str)
def test_in_the_name_of_another_organization(
    service: Service, owner: User, stranger: TestClient, route: Route
) -> None:
    first = service.organization_of(owner)
    answer = route.call(stranger, _any_ids(route), headers=for_organization(first))
    assert answer.status_code == 404, answer.text


def test_planted_routes_are_found_and_told_apart() -> None:
    router = APIRouter()

    @router.get("/bare")
    def bare() -> None: ...

    @router.post("/things/{thing_id}")
    def things(thing_id: str, unit: Viewing) -> None: ...

    app, inner = FastAPI(), APIRouter(prefix="/inner")
    inner.include_router(router)
    app.include_router(inner, prefix="/v1")
    found = {str(one): one for one in routes_of(app)}
    assert not found["GET /v1/inner/bare"].guards
    thing = found["POST /v1/inner/things/{thing_id}"]
    assert thing.guards == {signed_in, Permission.VIEW} and thing.parameters == ["thing_id"]
    with pytest.raises(AssertionError, match="has no guard: take Viewing"):
        test_every_route_says_who_may_use_it(found["GET /v1/inner/bare"])
    with pytest.raises(AssertionError, match=r"add to MAKERS of tests/stranger_kit\.py"):
        _made(None, thing, None)  # type: ignore[arg-type]


def test_guards_of_routers_count_as_those_of_routes() -> None:
    from fastapi import Depends

    router = APIRouter(dependencies=[Depends(anyone)])

    @router.get("/open")
    def open(number: Annotated[int, Depends(lambda: 1)]) -> None: ...

    app = FastAPI()
    app.include_router(router)
    assert anyone in next(one for one in routes_of(app) if one.path == "/open").guards
