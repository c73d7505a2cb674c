"""Where a request comes from."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import Request

_AGENT = 200


@dataclass(frozen=True)
class Origin:
    """Where a request comes from.

    Attributes:
        address: On the network; behind a proxy, the one that the proxy tells if it is trusted.
        agent: What the program calls itself, cut short.
    """

    address: str | None = None
    agent: str | None = None


def origin_of(request: Request) -> Origin:
    """Where a request comes from."""
    address = None if request.client is None else request.client.host[:64]
    agent = request.headers.get("User-Agent")
    return Origin(address, None if agent is None else agent[:_AGENT])
