"""Which of the application's routes a request has come to."""

from __future__ import annotations

from starlette.types import Scope


def template_of(scope: Scope) -> str | None:
    """The template of a request's path ("/v1/films/{film_id}"); None if it has come to no route."""
    template: str | None = getattr(scope.get("route"), "path", None)
    if template is None:
        return None
    # A route knows its path within its router only; what routers stand under has no parameters.
    asked, own = scope["path"].split("/")[1:], template.split("/")[1:]
    above = [] if ":path}" in template else asked[: len(asked) - len(own)]
    return "/".join(("", *above, *own))
