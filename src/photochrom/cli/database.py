"""`photochrom database`: the tables of the service, from release to release."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click

from photochrom.cli.console import say
from photochrom.cli.serve import DATA, of_service, settings_of


@click.group("database")
def command() -> None:
    """Show and change the revision of the service's database."""


@command.command("status")
@DATA
def status(**told: Any) -> None:
    """Print the database's revision, and that of this release."""
    migrations = of_service("migrations")
    with _database(told) as database:
        print(f"database {migrations.current(database) or 'empty'}")
    print(f"release  {migrations.revisions()[-1]}")


@command.command("upgrade")
@DATA
def upgrade(**told: Any) -> None:
    """Bring the database to this release; `photochrom serve` does it by itself."""
    with _database(told) as database:
        of_service("migrations").upgrade(database)
        say(f"the database is at revision {of_service('migrations').current(database)}")


@command.command("downgrade")
@click.argument("revision")
@DATA
def downgrade(revision: str, **told: Any) -> None:
    """Bring the database back to an earlier revision; what only newer ones can hold is lost."""
    with _database(told) as database:
        of_service("migrations").downgrade(database, revision)
        say(f"the database is at revision {of_service('migrations').current(database) or 'base'}")


@contextmanager
def _database(told: dict[str, Any]) -> Iterator[Any]:
    database = of_service("core.database").Database(settings_of(told).database_url)
    try:
        yield database
    finally:
        database.close()
