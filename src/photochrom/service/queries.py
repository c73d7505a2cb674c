"""What stands behind the question mark of an address is given once, unless several may be given.

FastAPI takes the last of several without a word: who meant the first would never know.
"""

from __future__ import annotations

from collections import Counter
from functools import lru_cache

from fastapi import FastAPI, Request

from photochrom.service.core.problems import InvalidError
from photochrom.service.core.templates import template_of


async def given_once(request: Request) -> None:
    """Looks at the query of a request.

    Raises:
        InvalidError: Something is given several times of which there is but one.
    """
    given = Counter(name for name, _ in request.query_params.multi_items())
    for name, count in given.items():
        if count > 1 and name not in _lists(request.app, template_of(request.scope) or ""):
            raise InvalidError(f"is given {count} times", where=name, fix="give it once")


@lru_cache(maxsize=512)
def _lists(app: FastAPI, path: str) -> frozenset[str]:
    """Which parameters of a path's operations may be given several times."""
    operations = app.openapi()["paths"].get(path, {}).values()
    return frozenset(
        parameter["name"]
        for operation in operations
        for parameter in operation.get("parameters", ())
        if parameter["in"] == "query" and parameter["schema"].get("type") == "array"
    )
