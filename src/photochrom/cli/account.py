"""`photochrom account`: people who may use the service, from its own machine."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from photochrom.cli.extras import wanting
from photochrom.errors import PhotochromError

if TYPE_CHECKING:
    from photochrom.service.context import Context

_DATA = click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    help="The service's folder; by default photochrom-data.",
)


@click.group("account")
def command() -> None:
    """Make, list, keep out and let in again the people who may use the service."""


@command.command("create")
@click.option("--email", required=True, metavar="ADDRESS", help="What they sign in with.")
@click.option(
    "--organization",
    required=True,
    metavar="NAME",
    help="A new organization that they own, or the id of one that is there.",
)
@click.option("--name", default="", help="What they are called.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
@_DATA
def create(
    email: str, organization: str, name: str, password_stdin: bool, data: Path | None
) -> None:
    """Make an account, and the organization that it owns."""
    with wanting("service"):
        from photochrom.service.accounts.service import create_account
    _check(email, organization, name)
    password = _password(password_stdin)
    with _service(data, new=True) as context:
        user = create_account(context, email, password, organization, name)
        print(f"{user.email} owns {organization}")


@command.command("list")
@click.option("--json", "as_json", is_flag=True, help="One line of JSON a person.")
@_DATA
def list_(as_json: bool, data: Path | None) -> None:
    """List everybody who has an account, and where they belong."""
    with wanting("service"):
        from photochrom.service.accounts.listing import everybody
    with _service(data) as context:
        for one in everybody(context):
            if as_json:
                print(one.model_dump_json())
            else:
                places = ", ".join(f"{at.role} of {at.name} ({at.id})" for at in one.organizations)
                out = " (kept out)" if one.disabled is not None else ""
                print(f"{one.email:<32}{places or 'nowhere'}{out}")


@command.command("reset")
@click.argument("email")
@_DATA
def reset(email: str, data: Path | None) -> None:
    """Print a link with which the person of address EMAIL sets a new password, once, within an
    hour."""
    with wanting("service"):
        from photochrom.service.accounts.links import reset_link
    with _service(data) as context:
        print(reset_link(context, email))


@command.command("disable")
@click.argument("email")
@_DATA
def disable(email: str, data: Path | None) -> None:
    """Keep the person of address EMAIL out: all sign-ins end, and no key of theirs is taken."""
    with wanting("service"):
        from photochrom.service.accounts.disabling import disable
    with _service(data) as context:
        ownerless = disable(context, email)
        print(f"{email} is kept out")
        for name in ownerless:
            print(f"{name} has no owner who can sign in now", file=sys.stderr)


@command.command("enable")
@click.argument("email")
@_DATA
def enable(email: str, data: Path | None) -> None:
    """Let the person of address EMAIL in again, with the keys that have not ended."""
    with wanting("service"):
        from photochrom.service.accounts.disabling import enable
    with _service(data) as context:
        enable(context, email)
        print(f"{email} is let in")


@contextmanager
def _service(data: Path | None, new: bool = False) -> Iterator[Context]:
    with wanting("service"):
        from photochrom.service.context import Context
        from photochrom.service.migrations import upgrade
        from photochrom.service.settings import Settings
    settings = Settings.read(data=data)
    if not new and settings.database is None and not (settings.data / "photochrom.db").exists():
        raise PhotochromError(
            "there is no service's data here",
            where=settings.data,
            fix="name the folder with --data, or make an account first",
        )
    with Context.opened(settings) as context:
        upgrade(context.database)
        yield context


def _check(email: str, organization: str, name: str) -> None:
    """Before anybody is asked for a password."""
    from pydantic import ValidationError

    from photochrom.service.accounts.schemas import AccountAsked

    try:
        AccountAsked(email=email, organization=organization, name=name)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise PhotochromError(first["msg"], where=f"--{first['loc'][0]}") from None


def _password(from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        raise PhotochromError(
            "there is no terminal to ask for the password on",
            fix="hand it over with --password-stdin",
        )
    asked: str = click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
    return asked
