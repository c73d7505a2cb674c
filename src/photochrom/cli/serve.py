"""`photochrom serve` and `photochrom executor`: the service, and who works for it elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from photochrom.cli.extras import wanting

if TYPE_CHECKING:
    from photochrom.service.settings import Settings

DATA = click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="FOLDER",
    help="Folder of everything that the service keeps.",
)

EXECUTORS = click.option(
    "--executors", type=click.IntRange(min=0), metavar="N", help="How many processes do jobs."
)


@click.command("serve")
@click.option("--host", metavar="ADDRESS", help="Address to listen on; this machine's by default.")
@click.option("--port", type=click.IntRange(0, 65535), metavar="N", help="Port; 8000 by default.")
@DATA
@EXECUTORS
def command(**told: Any) -> None:
    """Serve the web: photographs in, pictures and films out. See docs/service.md."""
    serve = of_service("serve").serve
    serve(settings_of(told), lambda line: print(line, flush=True))


@click.command("executor")
@DATA
@EXECUTORS
def executor(**told: Any) -> None:
    """Do jobs of a service that runs elsewhere, with the same settings."""
    execute = of_service("serve").execute
    execute(settings_of(told))


def settings_of(told: dict[str, Any]) -> Settings:
    """The service's settings, after what was told on the command line."""
    settings: Callable[..., Settings] = of_service("settings").Settings.read
    return settings(**told)


def of_service(name: str) -> Any:
    """A module of the service.

    Raises:
        PhotochromError: What it stands on is not installed.
    """
    import importlib

    with wanting("service"):
        return importlib.import_module(f"photochrom.service.{name}")
