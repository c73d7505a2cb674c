"""The table of the audit log. The database itself refuses whoever would change it."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import DDL, String, event
from sqlalchemy import Table as CoreTable
from sqlalchemy.orm import Mapped, mapped_column

from photochrom.service.core.ids import new_id
from photochrom.service.core.tables import ID, Created, Owned, Table


class AuditEntry(Created, Owned, Table):
    """Something that somebody did."""

    __tablename__ = "audit"

    id: Mapped[str] = mapped_column(ID, primary_key=True, default=lambda: new_id("au"))
    what: Mapped[str] = mapped_column(String(60), index=True)
    """"key.created": the thing, and what was done to it."""
    by: Mapped[str] = mapped_column(ID, index=True)
    """A key, a person, or `terminal`."""
    user_id: Mapped[str | None] = mapped_column(ID, index=True)
    """The person, or whoever made the key. No foreign key: the log outlives people."""
    subject: Mapped[str | None] = mapped_column(String(200), index=True)
    """The thing's id."""
    address: Mapped[str | None] = mapped_column(String(64))
    details: Mapped[dict[str, Any]]


_SAID = "the audit log is only added to"

APPEND_ONLY: Final = {
    "sqlite": (
        "CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit "
        f"BEGIN SELECT RAISE(ABORT, '{_SAID}'); END",
        "CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit "
        f"BEGIN SELECT RAISE(ABORT, '{_SAID}'); END",
    ),
    "postgresql": (
        "CREATE OR REPLACE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{_SAID}'; END $$",
        "CREATE TRIGGER audit_no_change BEFORE UPDATE OR DELETE ON audit "
        "FOR EACH ROW EXECUTE FUNCTION audit_is_append_only()",
        "CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON audit "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only()",
    ),
}
"""What makes the table one that is only added to, by the name of the database. Migrations execute
it, too."""

_table = AuditEntry.__table__
assert isinstance(_table, CoreTable)
for _dialect, _statements in APPEND_ONLY.items():
    for _statement in _statements:
        _ddl = DDL(_statement).execute_if(dialect=_dialect)  # type: ignore[no-untyped-call]
        event.listen(_table, "after_create", _ddl)
_forget = DDL("DROP FUNCTION IF EXISTS audit_is_append_only()")  # type: ignore[no-untyped-call]
event.listen(_table, "after_drop", _forget.execute_if(dialect="postgresql"))
