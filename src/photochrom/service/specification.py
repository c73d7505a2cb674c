"""The specification (OpenAPI) of an application: names that read well in generated clients, what
goes wrong in one form, and who is let in.

FastAPI writes it from routes and schemas; here is done for all routes what would otherwise be said
again and again with each, and forgotten with some.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute

from photochrom.service.access.credentials import COOKIE, CSRF_HEADER
from photochrom.service.access.guards import anyone
from photochrom.service.core.problems import MEDIA_TYPE

_PROBLEM = "#/components/schemas/Problem"
_SCHEMES = {
    "key": {
        "type": "http",
        "scheme": "bearer",
        "description": "A key, `pck_...`, for programs.",
    },
    "browser": {
        "type": "apiKey",
        "in": "cookie",
        "name": COOKIE,
        "description": f"For browsers; what changes something wants `{CSRF_HEADER}` besides.",
    },
}
_VERBS = {"get": "get", "put": "set", "patch": "update", "delete": "delete", "head": "head"}
_ID = re.compile(r"\^([a-z]{2,4})_\[")
_OTHERWISE = {
    "description": "Something else went wrong.",
    "content": {MEDIA_TYPE: {"schema": {"$ref": _PROBLEM}}},
}


def describe(app: FastAPI, version: str, routers: Mapping[str, Iterable[APIRouter]]) -> None:
    """Lets an application tell its specification in this way.

    Args:
        app: The application.
        version: What paths begin with and names leave out.
        routers: Its routers by the prefix that they lie under.
    """
    plain, strangers = app.openapi, set(_for_strangers(routers))

    def specification() -> dict[str, Any]:
        found = plain()
        if "securitySchemes" not in found["components"]:  # It is made once.
            found["components"]["securitySchemes"] = _SCHEMES
            for path, operations in found["paths"].items():
                for method, operation in operations.items():
                    _improve(operation, method, path, version)
                    if (method, path) not in strangers:
                        operation["security"] = [{name: []} for name in _SCHEMES]
        return found

    app.openapi = specification  # type: ignore[method-assign]


def operation_name(method: str, path: str, *, is_list: bool = False) -> str:
    """What an operation is called: `list_jobs`, `create_restoration`, `pause_job`.

    Args:
        method: In lower case.
        path: Without the version.
        is_list: Whether it answers with a list.
    """
    parts = [part.replace("-", "_") for part in path.strip("/").split("/")]
    words = [part for part in parts if not part.startswith("{")]
    last, before = words[-1], [_singular(word) for word in words[:-1]]
    if parts[-1].startswith("{"):
        return "_".join([_VERBS.get(method, method), *before, _singular(last)])
    if method == "get" and is_list:
        return "_".join(["list", *before, last])
    if method == "post" and before and last == _singular(last):
        return "_".join([last, *before])
    if method == "post":
        return "_".join(["create", *before, _singular(last)])
    return "_".join([_VERBS.get(method, method), *before, last])


def _singular(word: str) -> str:
    if word.endswith("ies"):
        return f"{word[:-3]}y"
    return word.removesuffix("s") if not word.endswith(("ss", "us")) else word


def _improve(operation: dict[str, Any], method: str, path: str, version: str) -> None:
    own = path.removeprefix(version)
    made_up = re.sub(r"\W", "_", path) + f"_{method}"
    if operation["operationId"].endswith(made_up):
        operation["operationId"] = operation_name(method, own, is_list=_is_list(operation))
    described = " ".join(operation.get("description", "").split())
    operation["summary"] = re.split(r"[.;:] |\.$", described)[0] or operation["summary"]
    for response in operation["responses"].values():
        content = response.get("content", {})
        if content.get("application/json", {}).get("schema", {}).get("$ref") == _PROBLEM:
            content[MEDIA_TYPE] = content.pop("application/json")
    operation["responses"].setdefault("default", _OTHERWISE)
    for parameter in operation.get("parameters", ()):
        found = _ID.match(parameter["schema"].get("pattern", ""))
        if found is not None:
            parameter["schema"]["examples"] = [f"{found[1]}_06h294za7st85es0adwbznfq6w"]


def _is_list(operation: dict[str, Any]) -> bool:
    content = operation["responses"].get("200", {}).get("content", {})
    schema = content.get("application/json", {}).get("schema", {})
    return schema.get("type") == "array" or "/Page_" in schema.get("$ref", "")


def _for_strangers(routers: Mapping[str, Iterable[APIRouter]]) -> Iterable[tuple[str, str]]:
    for prefix, some in routers.items():
        for router in some:
            open_to_all = any(one.dependency is anyone for one in router.dependencies)
            for route in router.routes:
                if not isinstance(route, APIRoute):
                    continue
                called = [one.call for one in route.dependant.dependencies]
                if open_to_all or anyone in called:
                    for method in route.methods or ():
                        yield method.lower(), prefix + route.path_format
