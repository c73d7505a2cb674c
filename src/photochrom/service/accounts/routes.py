"""Signing in and out with a browser."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Response, status

from photochrom.service.access.credentials import COOKIE
from photochrom.service.access.guards import AnyContext, SignedIn, anyone
from photochrom.service.accounts import service
from photochrom.service.accounts.schemas import Session, SignInAsked

router = APIRouter(prefix="/session", tags=["accounts"])


@router.post("", dependencies=[Depends(anyone)], status_code=status.HTTP_201_CREATED)
def sign_in(asked: SignInAsked, context: AnyContext, response: Response) -> Session:
    """Sign in with address and password; sets a cookie."""
    made = service.sign_in(context, asked.email, asked.password.get_secret_value())
    settings = context.settings
    response.set_cookie(
        COOKIE,
        made.token,
        max_age=int(settings.session_lasts.total_seconds()),
        httponly=True,
        secure=settings.is_secure,
        samesite="lax",
        path="/",
    )
    return made.session


@router.get("")
def current(person: SignedIn, context: AnyContext) -> Session:
    """Who has signed in, and where they belong."""
    return service.session_of(context, person)


@router.delete("", status_code=status.HTTP_204_NO_CONTENT)
def sign_out(person: SignedIn, context: AnyContext, response: Response) -> None:
    """Sign out."""
    service.sign_out(context, person)
    response.delete_cookie(COOKIE, path="/")
