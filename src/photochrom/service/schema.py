"""All tables, in a database."""

from __future__ import annotations

import photochrom.service.app  # noqa: F401  Knows all domains, and so all tables.
from photochrom.service.core.database import Database
from photochrom.service.core.tables import Table


def prepare(database: Database) -> None:
    """Makes the tables that are not there.

    Raises:
        UnavailableError: The database does not answer.
    """
    with database.writing(None) as session:
        Table.metadata.create_all(session.connection())
