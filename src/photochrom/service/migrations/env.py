"""What Alembic runs: on the connection that it is given, in that connection's transaction."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Enum

from photochrom.service.core.tables import Moment
from photochrom.service.migrations import models


def plain(kind: str, what: Any, autogen: AutogenContext) -> str | Literal[False]:
    """Types of ours as those of the database: a migration stays as it is when the code goes on."""
    if kind == "type" and isinstance(what, Moment):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(what, Enum):
        return f"sa.String(length={what.length})"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=models(),
    # SQLite cannot change a table: it is made anew, and its rows are carried over.
    render_as_batch=True,
    render_item=plain,
    compare_type=True,
)
context.run_migrations()
