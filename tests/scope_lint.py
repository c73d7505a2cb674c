"""Finds queries that bypass the scope, in the syntax tree of the service's modules."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator
from pathlib import Path

EVERYONE_MAY = {
    "access/credentials.py": "nobody is known yet",
    "identity/uses.py": "notes of everybody's keys that they were used",
    "access/lasting.py": "asks of everybody at a time whether they may still be in",
    "accounts/": "people belong to no organization",
    "oidc/service.py": "nobody is known yet",
    "members/invitations.py": "whoever is invited belongs to none yet",
    "webhooks/sending.py": "sends everybody's messages",
    "webhooks/keeping.py": "forgets everybody's",
    "jobs/executor.py": "does everybody's jobs",
    "intake/taking.py": "is an executor's work: a photograph tells whose it is",
    "events/stream.py": "watches for everybody, and filters by organization itself",
    "results/links.py": "a signature opens one result, whoever has it",
    "sweeping/made.py": "what is old goes, whosoever it is",
    "sweeping/kept.py": "what is old goes, whosoever it is",
    "films/leftovers.py": "what the dead have left goes, whosoever it is",
    "uploads/sweeping.py": "what has run out goes, whosoever it is",
    "health/figures.py": "counts jobs of the whole service",
}
"""Modules, or folders of them, whose sessions may see all organizations, and why."""

RAW_MAY = {
    "core/": "is what classes and scope are made of",
    "audit/tables.py": "has the triggers of its table",
    "backup/cells.py": "reads all rows of tables of whatever release, which no classes describe",
    "backup/restoring.py": "writes them, too",
    "migrations/": "changes tables, of which classes know the newest form only",
}
"""Where there is SQL below the classes, and why."""

QUERIES_MAY = {
    "access/credentials.py": "finds who asks, before any domain is asked",
    "identity/uses.py": "notes what was found there, for all at a time",
    "access/lasting.py": "finds whether they may still, for all who wait",
    "jobs/queue.py": "is the repository of executors, beside that of people",
}
"""Where there are queries besides the `repository.py` of each domain, and why."""

_RAW = {"text", "insert", "DDL", "create_engine", "sessionmaker", "Session"}
_BUILD = {"select", "update", "delete", "exists", "union", "union_all"}
_RAW_CALLS = {
    "exec_driver_sql",
    "connection",
    "get_bind",
    "bulk_save_objects",
    "bulk_insert_mappings",
    "bulk_update_mappings",
    "from_statement",
}
_CALLS = {"execute", "scalar", "scalars", "query", "get", "get_one", "add", "add_all", "merge"}
_CALLS |= {"delete", "refresh", "stream", "stream_scalars"}


def faults(path: str, source: str) -> list[str]:
    """What is wrong in a module: "jobs/routes.py:12: ...".

    Args:
        path: The module's, below the service's folder.
        source: Its text.
    """
    found, tree = [], ast.parse(source)
    sessions = _sessions(tree)
    for node in ast.walk(tree):
        made = isinstance(node, ast.Call) and _name(node.func) in sessions
        if isinstance(node, ast.Call) and made and not _may(path, RAW_MAY):
            found.append(f"{path}:{node.lineno}: sessions come from Database.reading and .writing")
        found += [f"{path}:{line}: {what}" for line, what in _of_node(node, path)]
    return sorted(set(found))


def all_faults(folder: Path) -> list[str]:
    """What is wrong in all modules below a folder."""
    return [
        fault
        for file in sorted(folder.rglob("*.py"))
        for fault in faults(file.relative_to(folder).as_posix(), file.read_text())
    ]


def _of_node(node: ast.AST, path: str) -> Iterator[tuple[int, str]]:
    everyone, raw = _may(path, EVERYONE_MAY), _may(path, RAW_MAY)
    queries = path.endswith("repository.py") or _may(path, QUERIES_MAY) or raw
    if isinstance(node, ast.ImportFrom):
        names = {alias.name for alias in node.names}
        sqlalchemy = (node.module or "").partition(".")[0] == "sqlalchemy"
        if "EVERYONE" in names and not everyone:
            yield node.lineno, "EVERYONE sees all organizations: see EVERYONE_MAY"
        if sqlalchemy and names & (_RAW - {"Session"}) and not raw:
            yield node.lineno, f"{min(names & _RAW)} goes below the scope: see RAW_MAY"
        if sqlalchemy and names & _BUILD and not queries:
            yield node.lineno, f"{min(names & _BUILD)} belongs into repository.py"
    elif isinstance(node, ast.Import):
        if any(alias.name.partition(".")[0] == "sqlalchemy" for alias in node.names) and not raw:
            yield node.lineno, "import names from sqlalchemy, so that this lint sees them"
    elif isinstance(node, ast.Attribute):
        if node.attr == "EVERYONE" and not everyone:
            yield node.lineno, "EVERYONE sees all organizations: see EVERYONE_MAY"
        if node.attr == "__table__" and not raw:
            yield node.lineno, "__table__ goes below the scope: see RAW_MAY"
        if node.attr == "engine" and _name(node.value).endswith("database") and not raw:
            yield node.lineno, "the engine goes below the scope: see RAW_MAY"
    elif isinstance(node, ast.Call):
        yield from _of_call(node, everyone, raw, queries)


def _of_call(call: ast.Call, everyone: bool, raw: bool, queries: bool) -> Iterator[tuple[int, str]]:
    if isinstance(call.func, ast.Name) and call.func.id == "_Scoped" and not raw:
        yield call.lineno, "sessions come from Database.reading and .writing"
    if not isinstance(call.func, ast.Attribute):
        return
    what, whose = call.func.attr, _name(call.func.value)
    if what in _RAW_CALLS and not raw and not (what == "connection" and not whose):
        yield call.lineno, f".{what}() goes below the scope: see RAW_MAY"
    if "connection" in whose and what == "execute" and not raw:
        yield call.lineno, "connection.execute() goes below the scope: see RAW_MAY"
    if whose.lstrip("_").endswith("session") and what in _CALLS and not queries:
        yield call.lineno, f"session.{what}() belongs into repository.py"
    if what in ("reading", "writing") and not everyone:
        for one in call.args:
            if isinstance(one, ast.Constant) and one.value is not None:
                yield call.lineno, f"a session's scope is an organization's id, not {one.value!r}"


def _sessions(tree: ast.AST) -> set[str]:
    """What SQLAlchemy's own class of sessions is called in a module."""
    return {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("sqlalchemy")
        for alias in node.names
        if alias.name == "Session"
    }


def _name(node: ast.expr) -> str:
    """The last name of `self._session`, `unit.session`, `session`."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _may(path: str, listed: Collection[str]) -> bool:
    return any(path == one or (one.endswith("/") and path.startswith(one)) for one in listed)
