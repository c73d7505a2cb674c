"""Cookies: out of reach of scripts, and where there is https, bound to it and to this host."""

from __future__ import annotations

from datetime import timedelta

from fastapi import Response

from photochrom.service.access.credentials import COOKIE
from photochrom.service.settings import Settings


def cookie_name(settings: Settings, name: str = COOKIE) -> str:
    """What a cookie is called. Browsers take `__Host-` only over https, from this host, for the
    whole of it: no other host of the domain can plant one."""
    return f"__Host-{name}" if settings.is_secure else name


def give_cookie(
    response: Response, settings: Settings, value: str, lasts: timedelta, name: str = COOKIE
) -> None:
    """Sets a cookie."""
    response.set_cookie(
        cookie_name(settings, name),
        value,
        max_age=int(lasts.total_seconds()),
        httponly=True,
        secure=settings.is_secure,
        samesite="lax",
        path="/",
    )


def take_cookie(response: Response, settings: Settings, name: str = COOKIE) -> None:
    """Takes a cookie back."""
    response.delete_cookie(
        cookie_name(settings, name),
        path="/",
        httponly=True,
        secure=settings.is_secure,  # Without it, browsers keep a `__Host-` cookie.
        samesite="lax",
    )
