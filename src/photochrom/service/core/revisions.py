"""Two who change the same thing: whoever has seen an earlier revision is told so, and has undone
nothing.

Everything that people change together has a revision, which its answers tell as `revision` and as
`ETag`. A change that says in `If-Match` what it is about is made only if that is still so; one that
says nothing is made in any case. Deleting is such a change.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from typing import Annotated, Any, Protocol, TypeVar

from fastapi import Header, Response

from photochrom.service.core.problems import InvalidError, PreconditionError, Problem
from photochrom.service.core.tables import Revised

_HEADER = "If-Match"
_TAG = re.compile(r'(?:W/)?"([^"]*)"')
"""Proxies that compress mark what we have said as weak, and browsers send it back so."""

IfMatch = Annotated[
    str | None,
    Header(
        alias=_HEADER,
        max_length=1000,
        description="The `ETag` that it had when you read it: nothing is done if somebody else "
        "has changed it meanwhile.",
    ),
]

STALE: dict[int | str, dict[str, Any]] = {
    412: {"model": Problem, "description": "Somebody has changed it since; `If-Match` says so."}
}
"""What routes answer besides that change things with a revision."""


class _Revised(Protocol):
    revision: int


T = TypeVar("T", bound=_Revised)


def revise(row: Revised, seen: str | None) -> None:
    """Counts a change; the row is locked by whoever makes it.

    Args:
        row: What is changed.
        seen: What the request has in `If-Match`.

    Raises:
        PreconditionError: It is about another revision.
        InvalidError: It is no tag.
    """
    check_seen(row, seen)
    row.revision += 1


def check_seen(row: Revised, seen: str | None) -> None:
    """Asks whether a request is about a row as it is; the row is locked by whoever deletes it.

    Args:
        row: What is to be deleted.
        seen: What the request has in `If-Match`.

    Raises:
        PreconditionError: It is about another revision.
        InvalidError: It is no tag.
    """
    check(str(row.revision), seen)


def check(tag: str, seen: str | None) -> None:
    """Asks whether a request is about what there is.

    Args:
        tag: Of what there is.
        seen: What the request has in `If-Match`; None for whatever there is.

    Raises:
        PreconditionError: It is about something else.
        InvalidError: It is no tag.
    """
    if seen is None or seen.strip() == "*":
        return
    tags = _TAG.findall(seen)
    if not tags:
        raise InvalidError("is no ETag", where=_HEADER, fix=f'send it as it was told: "{tag}"')
    if tag not in tags:
        raise PreconditionError(
            "somebody has changed it since you read it",
            fix="read it again",
            headers={"ETag": f'"{tag}"'},
        )


def tagged(response: Response, shown: T) -> T:
    """Something as it is told, with its revision as the answer's `ETag`."""
    response.headers["ETag"] = f'"{shown.revision}"'
    return shown


def tag_of(parts: Iterable[str]) -> str:
    """A tag of what has no revision, but is all that it says."""
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]
