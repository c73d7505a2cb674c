"""What stands behind the question mark of an address is given once, unless several may be given.

FastAPI takes the last of several without a word: who meant the first would never know.
"""

from __future__ import annotations

from collections import Counter
from typing import get_origin

from fastapi import Request

from photochrom.service.core.problems import InvalidError


async def given_once(request: Request) -> None:
    """Looks at the query of a request.

    Raises:
        InvalidError: Something is given several times of which there is but one.
    """
    given = Counter(name for name, _ in request.query_params.multi_items())
    for name, count in given.items():
        if count > 1 and name not in _lists(request):
            raise InvalidError(f"is given {count} times", where=name, fix="give it once")


def _lists(request: Request) -> set[str]:
    """What the request's route takes several of."""
    asked = request.scope["route"].dependant.query_params
    return {one.alias for one in asked if get_origin(one.field_info.annotation) is list}
