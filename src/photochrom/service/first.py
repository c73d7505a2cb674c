"""The first start: there is nobody yet, and no password that everybody knows."""

from __future__ import annotations

import ipaddress

from photochrom.errors import PhotochromError
from photochrom.service.accounts.links import first_link
from photochrom.service.context import Context

COMMAND = "photochrom account create"


def first_steps(context: Context) -> str | None:
    """What whoever has started the service is to do so that somebody can sign in.

    Returns:
        It, in a line; None if somebody can.

    Raises:
        PhotochromError: Nobody can, and the network could reach the service.
    """
    link = first_link(context)
    if link is None:
        return None
    host = context.settings.host
    if not is_loopback(host):
        raise PhotochromError(
            f"nobody has an account yet, and {host} can be reached by others",
            where="setting host",
            fix=f"make one first with `{COMMAND}`, or start on 127.0.0.1",
        )
    return f"nobody has an account yet; make the first one within an hour at {link}"


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches an address."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"
