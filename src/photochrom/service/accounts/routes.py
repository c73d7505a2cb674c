"""Signing in and out with a browser, first start, new passwords, and one's own account."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Response, status

from photochrom.service.access.cookies import give_cookie, take_cookie
from photochrom.service.access.guards import (
    AT_THE_DOOR,
    AnyContext,
    FromWhere,
    SignedIn,
    WithBrowser,
    anyone,
)
from photochrom.service.accounts import links, own, service
from photochrom.service.accounts.schemas import (
    OrganizationChosen,
    PasswordAsked,
    ResetAsked,
    Session,
    SetupAsked,
    SignInAsked,
    SignInsShown,
    UserAsked,
    UserShown,
    Ways,
)
from photochrom.service.core.ids import id_type

router = APIRouter(tags=["accounts"])

_SignInId = Annotated[str, id_type("si"), Path(description="Of a sign-in.")]


@router.post(
    "/session", dependencies=[Depends(anyone), AT_THE_DOOR], status_code=status.HTTP_201_CREATED
)
def sign_in(
    asked: SignInAsked, context: AnyContext, origin: FromWhere, response: Response
) -> Session:
    """Sign in with address and password; sets a cookie."""
    made = service.sign_in(context, asked.email, asked.password.get_secret_value(), origin)
    give_cookie(response, context.settings, made.token, context.settings.session_lasts)
    return made.session


@router.get("/session")
def current(person: SignedIn, context: AnyContext) -> Session:
    """Who has signed in, and where they belong."""
    return service.session_of(context, person)


@router.put("/session/organization", dependencies=[AT_THE_DOOR])
def choose_organization(
    asked: OrganizationChosen, person: WithBrowser, context: AnyContext
) -> Session:
    """Say for which of your organizations this browser asks: what it loads by address alone,
    pictures, downloads and events, names none. `Photochrom-Organization` comes before it."""
    return service.choose(context, person, asked.organization)


@router.delete("/session", dependencies=[AT_THE_DOOR], status_code=status.HTTP_204_NO_CONTENT)
def sign_out(person: SignedIn, context: AnyContext, response: Response) -> None:
    """Sign out."""
    service.sign_out(context, person)
    take_cookie(response, context.settings)


@router.get("/session/ways", dependencies=[Depends(anyone)])
def ways(context: AnyContext) -> Ways:
    """How one can get in: what a page for signing in offers."""
    return Ways(oidc=context.issuer is not None, setup=service.is_empty(context))


@router.post(
    "/setup", dependencies=[Depends(anyone), AT_THE_DOOR], status_code=status.HTTP_201_CREATED
)
def set_up(
    asked: SetupAsked, context: AnyContext, origin: FromWhere, response: Response
) -> Session:
    """Make the first account, with the token of the link that the service told on its terminal."""
    made = links.set_up(context, asked, origin)
    give_cookie(response, context.settings, made.token, context.settings.session_lasts)
    return made.session


@router.post(
    "/reset", dependencies=[Depends(anyone), AT_THE_DOOR], status_code=status.HTTP_201_CREATED
)
def reset(asked: ResetAsked, context: AnyContext, origin: FromWhere, response: Response) -> Session:
    """Set a new password with the token of a link; all other sign-ins end."""
    secrets = asked.token.get_secret_value(), asked.password.get_secret_value()
    made = links.reset_password(context, *secrets, origin)
    give_cookie(response, context.settings, made.token, context.settings.session_lasts)
    return made.session


@router.get("/user")
def read_user(person: SignedIn, context: AnyContext) -> UserShown:
    """Your account."""
    return own.shown(context, person)


@router.patch("/user", dependencies=[AT_THE_DOOR])
def change_user(asked: UserAsked, person: WithBrowser, context: AnyContext) -> UserShown:
    """Call yourself something else."""
    return own.rename(context, person, asked.name)


@router.post("/user/password", dependencies=[AT_THE_DOOR], status_code=status.HTTP_204_NO_CONTENT)
def change_password(
    asked: PasswordAsked, person: WithBrowser, context: AnyContext, origin: FromWhere
) -> None:
    """Change your password; your other sign-ins end."""
    old, new = asked.old.get_secret_value(), asked.new.get_secret_value()
    own.change_password(context, person, old, new, origin)


@router.get("/user/sign-ins")
def list_sign_ins(person: WithBrowser, context: AnyContext) -> SignInsShown:
    """The browsers that you have signed in with."""
    return SignInsShown(items=list(own.sign_ins(context, person)))


@router.delete("/user/sign-ins", dependencies=[AT_THE_DOOR], status_code=status.HTTP_204_NO_CONTENT)
def end_other_sign_ins(person: WithBrowser, context: AnyContext) -> None:
    """Sign out everywhere but here."""
    own.end_others(context, person)


@router.delete(
    "/user/sign-ins/{sign_in_id}",
    dependencies=[AT_THE_DOOR],
    status_code=status.HTTP_204_NO_CONTENT,
)
def end_sign_in(sign_in_id: _SignInId, person: WithBrowser, context: AnyContext) -> None:
    """Sign out one of your browsers."""
    own.end_sign_in(context, person, sign_in_id)
