"""Every route of the service, what it asks of whoever uses it, and a way to call it rightly.

Whoever adds a route with a path parameter adds to `MAKERS` how to make a thing of that kind;
whoever adds one that strangers may use says in `STRANGERS_MAY` why.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import fastapi.routing
from fastapi import FastAPI
from fastapi.testclient import TestClient

from photochrom.service.access.credentials import ORGANIZATION_HEADER
from photochrom.service.access.guards import anyone, signed_in
from photochrom.service.core.clock import now
from photochrom.service.core.ids import new_id
from photochrom.service.identity.roles import Permission
from photochrom.service.identity.tables import User
from photochrom.service.jobs.repository import Jobs
from photochrom.service.jobs.states import ItemState
from photochrom.service.photographs import names
from photochrom.service.photographs.repository import Photographs
from photochrom.service.photographs.tables import Photograph, State
from photochrom.service.results.keeping import media_type, results_of
from photochrom.service.results.tables import Result, ResultKind
from service_kit import Service

STRANGERS_MAY = {
    ("GET", "/healthz"): "says that the process answers, and nothing else",
    ("GET", "/readyz"): "says that the database answers, and nothing else",
    ("GET", "/metrics"): "is for this machine, or for whoever has the token of the settings",
    ("GET", "/v1/openapi.json"): "is public anyway",
    ("GET", "/v1/results/{result_id}/signed"): "is opened by the signature in a link",
    ("OPTIONS", "/v1/uploads"): "says what of the protocol is spoken, and nothing else",
    ("OPTIONS", "/v1/uploads/{upload_id}"): "says the same, whether the upload is there or not",
    ("*", "Pages"): "are files of the installation; what they show they ask /v1 for",
    ("GET", "/v1/session/ways"): "is what the page for signing in shows",
    ("POST", "/v1/session"): "is signing in",
    ("POST", "/v1/setup"): "takes the token of a link",
    ("POST", "/v1/reset"): "takes the token of a link",
    ("POST", "/v1/invitation/read"): "takes the token of a link",
    ("POST", "/v1/invitation/accept"): "takes the token of a link",
    ("GET", "/v1/oidc/start"): "is signing in",
    ("GET", "/v1/oidc/callback"): "is signing in",
}
"""Routes that ask for nobody, and why that is right."""


def _key(service: Service, owner: User) -> str:
    asked = {"name": "a key", "permissions": ["view"]}
    return str(service.client_of(owner).post("/v1/keys", json=asked).json()["id"])


def _invitation(service: Service, owner: User) -> str:
    asked = {"email": f"{new_id('xx')}@example.org", "role": "viewer"}
    return str(service.client_of(owner).post("/v1/invitations", json=asked).json()["id"])


def _member(service: Service, owner: User) -> str:
    """A second owner, so that the first may be anything."""
    client = service.client_of(owner)
    asked = {"email": f"{new_id('xx')}@example.org", "role": "owner"}
    link = client.post("/v1/invitations", json=asked).json()["link"]
    accepted = {"token": link.partition("=")[2], "password": "correct horse battery"}
    TestClient(service.client.app).post("/v1/invitation/accept", json=accepted)
    members = client.get("/v1/members").json()["items"]
    return str(next(one["id"] for one in members if one["email"] == asked["email"]))


def _sign_in(service: Service, owner: User) -> str:
    return str(service.client_of(owner).get("/v1/user/sign-ins").json()["items"][0]["id"])


def _photograph(service: Service, owner: User) -> str:
    """One that has been looked into, with its files."""
    organization, id, key = service.organization_of(owner), new_id("ph"), "k" * 16
    row = Photograph(
        id=id,
        organization_id=organization,
        by=owner.id,
        filename="harbor.png",
        name="harbor.png",
        bytes=5,
        sha256=hashlib.sha256(id.encode()).hexdigest(),
        state=State.READY,
        intake=key,
        taken_in=now(),
    )
    for name in (
        names.original(organization, id, "harbor.png"),
        names.preview(organization, id, key),
        names.thumbnail(organization, id, key),
    ):
        _blob(service, name)
    with service.context.database.writing(organization) as session:
        Photographs(session).add(row)
    return id


def _blob(service: Service, name: str) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "file"
        path.write_bytes(b"bytes")
        service.context.blobs.put(name, path)


def _made(service: Service, owner: User, path: str, **asked: Any) -> dict[str, Any]:
    answer = service.client_of(owner).post(path, **asked)
    assert answer.status_code in (201, 202), answer.text
    made: dict[str, Any] = answer.json()
    return made


def _collection(service: Service, owner: User) -> str:
    return str(_made(service, owner, "/v1/collections", json={"title": "Fairs"})["id"])


def _upload(service: Service, owner: User) -> str:
    headers = {**_TUS, "Upload-Length": "5"}
    answer = service.client_of(owner).post("/v1/uploads", headers=headers)
    return str(answer.headers["location"].rpartition("/")[2])


def _restored(service: Service, owner: User) -> dict[str, Any]:
    asked = {"photographs": [_photograph(service, owner)]}
    return _made(service, owner, "/v1/restorations", json=asked)


def _restoration(service: Service, owner: User) -> str:
    return str(_restored(service, owner)["id"])


def _job(service: Service, owner: User) -> str:
    return str(_restored(service, owner)["job"]["id"])


def _production(service: Service, owner: User) -> str:
    """One that has a file."""
    asked = {"title": "Games", "photographs": [_photograph(service, owner)]}
    id = str(_made(service, owner, "/v1/productions", json=asked)["id"])
    answer = service.client_of(owner).put(f"/v1/productions/{id}/files/{_FILE}", content=b"bytes")
    assert answer.status_code == 200, answer.text
    return id


def _film(service: Service, owner: User) -> str:
    asked = {"production": _production(service, owner)}
    return str(_made(service, owner, "/v1/films", json=asked)["id"])


def _report(service: Service, owner: User) -> str:
    """One that has a page."""
    restored = _restored(service, owner)
    organization, restoration = service.organization_of(owner), restored["id"]
    with service.context.database.writing(organization) as session:
        (item,) = Jobs(session).items(restored["job"]["id"])
        Jobs(session).note(restored["job"]["id"], item.subject, ItemState.DONE, "")
    made = _made(service, owner, "/v1/reports", json={"restoration": restoration})
    _kept(service, organization, str(made["id"]), ResultKind.REPORT, _PAGE)
    return str(made["id"])


def _result(service: Service, owner: User) -> str:
    organization, restoration = service.organization_of(owner), _restoration(service, owner)
    return _kept(service, organization, restoration, ResultKind.PICTURE, "harbor.png")


def _kept(service: Service, organization: str, of: str, kind: ResultKind, name: str) -> str:
    row = Result(
        organization_id=organization,
        of=of,
        kind=kind,
        name=name,
        media_type=media_type(name),
        size=5,
        sha256=hashlib.sha256(b"bytes").hexdigest(),
        blob=f"{results_of(organization, of)}/{name}",
    )
    _blob(service, row.blob)
    with service.context.database.writing(organization) as session:
        session.add(row)
        session.flush()
        return row.id


_TUS = {"Tus-Resumable": "1.0.0"}
_FILE, _PAGE = "music.wav", "report.html"


def _webhook(service: Service, owner: User) -> str:
    """The same one, however often it is asked for: what was sent to it is asked for with it."""
    client = service.client_of(owner)
    found = client.get("/v1/webhooks").json()["items"]
    asked = {"url": "https://archive.example/hooks"}
    return str((found or [client.post("/v1/webhooks", json=asked).json()])[0]["id"])


def _delivery(service: Service, owner: User) -> str:
    webhook = _webhook(service, owner)
    return str(service.client_of(owner).post(f"/v1/webhooks/{webhook}/test").json()["id"])


MAKERS: dict[str, Callable[[Service, User], str]] = {
    "collection_id": _collection,
    "file_name": lambda service, owner: _PAGE,  # Of whatever report: each has it.
    "film_id": _film,
    "job_id": _job,
    "name": lambda service, owner: _FILE,  # Of whatever production: each has it.
    "photograph_id": _photograph,
    "production_id": _production,
    "report_id": _report,
    "restoration_id": _restoration,
    "result_id": _result,
    "upload_id": _upload,
    "invitation_id": _invitation,
    "key_id": _key,
    "member_id": _member,
    "sign_in_id": _sign_in,
    "webhook_id": _webhook,
    "delivery_id": _delivery,
}
"""How a thing of an owner's organization is made whose id stands in a path; returns the id."""

REQUESTS: dict[tuple[str, str], dict[str, Any]] = {
    ("DELETE", "/v1/uploads/{upload_id}"): {"headers": _TUS},
    ("HEAD", "/v1/uploads/{upload_id}"): {"headers": _TUS},
    ("PATCH", "/v1/uploads/{upload_id}"): {
        "headers": {
            **_TUS,
            "Upload-Offset": "0",
            "Content-Type": "application/offset+octet-stream",
        },
        "content": b"byt",
    },
    ("POST", "/v1/uploads/{upload_id}"): {
        "headers": {**_TUS, "X-HTTP-Method-Override": "DELETE"},
    },
    ("POST", "/v1/uploads"): {"headers": {**_TUS, "Upload-Length": "5"}},
    ("POST", "/v1/photographs"): {"files": {"file": ("harbor.png", b"bytes")}},
    ("PUT", "/v1/productions/{production_id}/files/{name}"): {"content": b"bytes"},
    # The example names photographs, and those have to be there.
    ("PUT", "/v1/collections/{collection_id}/photographs"): {"json": {"photographs": []}},
}
"""Keywords of `client.request` for routes whose right request is not an example of the schema:
`("PATCH", "/v1/uploads/{upload_id}"): {"headers": {...}, "content": b"..."}`."""


@dataclass(frozen=True)
class Route:
    """A route of the application.

    Attributes:
        method: Of HTTP.
        path: With its parameters.
        guards: What it asks: `anyone`, `signed_in` and permissions.
    """

    method: str
    path: str
    guards: frozenset[Any] = field(default_factory=frozenset)

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def permission(self) -> Permission | None:
        """What whoever asks must have; None if being known is enough."""
        found = [one for one in self.guards if isinstance(one, Permission)]
        return found[0] if found else None

    @property
    def parameters(self) -> list[str]:
        """Names in the path."""
        return [name.partition(":")[0] for name in re.findall(r"\{([^}]+)\}", self.path)]

    def call(self, client: TestClient, ids: dict[str, str], **more: Any) -> Any:
        """A right request.

        Args:
            client: Who asks.
            ids: Of the things in the path.
            more: Keywords of `client.request`.
        """
        path = re.sub(r"\{([a-z_]+)(:[^}]*)?\}", lambda found: ids[found[1]], self.path)
        asked = dict(REQUESTS.get((self.method, self.path), {}))
        example = None if asked else example_of(client.app, self)  # type: ignore[arg-type]
        if example is not None:
            asked["json"] = example
        headers = {**asked.pop("headers", {}), **more.pop("headers", {})}
        return client.request(
            self.method, path, headers=headers, follow_redirects=False, **asked, **more
        )


def for_organization(id: str) -> dict[str, str]:
    """Headers of a request for an organization."""
    return {ORGANIZATION_HEADER: id}


def routes_of(app: FastAPI) -> list[Route]:
    """All routes of an application, however they were included."""
    found = []
    for one in _flat(app):
        guards = frozenset(_guards(getattr(one, "dependant", None)))
        methods = getattr(one, "methods", None) or {"*"}
        path = getattr(one, "path", None) or type(one).__name__
        # Where GET is, HEAD is the same; alone it is a route of its own.
        found += [
            Route(method, path, guards)
            for method in sorted(methods)
            if method != "HEAD" or methods == {"HEAD"}
        ]
    return sorted(found, key=str)


def endpoints_of(app: FastAPI) -> Iterator[tuple[Route, Any, frozenset[Any]]]:
    """All routes, what answers each, and what is asked before, at any depth."""
    for one in _flat(app):
        dependant = getattr(one, "dependant", None)
        if dependant is not None:
            calls = frozenset(_calls(dependant))
            for method in sorted(one.methods):
                yield Route(method, one.path), one.endpoint, calls


def example_of(app: FastAPI, route: Route) -> Any:
    """A body that the schema gives as an example; None for routes without one."""
    said = app.openapi()
    operation = said["paths"].get(route.path, {}).get(route.method.lower(), {})
    content = operation.get("requestBody", {}).get("content", {})
    if not content:
        return None
    schema = content.get("application/json", {}).get("schema", {})
    if "$ref" in schema:
        schema = said["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    assert schema.get("examples"), (
        f"{route}: give the schema of its body an example (json_schema_extra), "
        "or put a right request into REQUESTS of tests/stranger_kit.py"
    )
    return schema["examples"][0]


def _flat(app: FastAPI) -> Iterator[Any]:
    # Newer versions of FastAPI keep included routers whole, and tell their routes by this.
    contexts = getattr(fastapi.routing, "iter_route_contexts", None)
    if contexts is None:
        yield from app.routes
        return
    for one in contexts(app.routes):
        yield one._effective_route


def _guards(dependant: Any) -> Iterator[Any]:
    if dependant is None:
        return
    for one in dependant.dependencies:
        if one.call in (anyone, signed_in):
            yield one.call
        permission = getattr(one.call, "permission", None)
        if permission is not None:
            yield permission
        yield from _guards(one)


def _calls(dependant: Any) -> Iterator[Any]:
    for one in dependant.dependencies:
        yield one.call
        yield from _calls(one)
