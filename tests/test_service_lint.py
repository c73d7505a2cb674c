"""No query of the service bypasses the scope; the lint that says so finds those that do."""

from __future__ import annotations

import ast
import tempfile
from pathlib import Path

import pytest

import photochrom.service
from scope_lint import EVERYONE_MAY, QUERIES_MAY, RAW_MAY, all_faults, faults

SERVICE = Path(photochrom.service.__file__).parent


def test_no_query_bypasses_the_scope() -> None:
    assert all_faults(SERVICE) == []


@pytest.mark.parametrize(
    "planted",
    [
        "from photochrom.service.core.database import EVERYONE",
        "from photochrom.service.core.database import EVERYONE as all",
        "import x.database as d\ncontext.database.reading(d.EVERYONE)",
        "context.database.reading('*')",
        "context.database.writing('or_01')",
        "from sqlalchemy import text",
        "from sqlalchemy import text as words",
        "from sqlalchemy import insert",
        "from sqlalchemy.dialects.postgresql import insert",
        "import sqlalchemy as sa",
        "from sqlalchemy import select",
        "from sqlalchemy import delete as forget",
        "unit.session.get(Key, id)",
        "self._session.execute(query)",
        "session.scalars(query)",
        "session.query(Key)",
        "unit.session.add(row)",
        "unit.session.connection().execute(query)",
        "connection.execute(query)",
        "connection.exec_driver_sql('DELETE FROM keys')",
        "session.bulk_insert_mappings(Key, rows)",
        "context.database.engine.connect()",
        "Key.__table__.select()",
        "\nsession = _Scoped(engine, None)",
        "from sqlalchemy.orm import Session as S\nsession = S(engine)",
    ],
)
def test_what_is_planted_in_a_route_is_found(planted: str) -> None:
    (first, *_) = faults("keys/routes.py", planted)
    assert first.startswith(f"keys/routes.py:{planted.count(chr(10)) + 1}: ")


@pytest.mark.parametrize(
    "planted",
    [
        "from sqlalchemy import text",
        "from sqlalchemy import insert",
        "from photochrom.service.core.database import EVERYONE",
        "self._session.connection()",
        "Key.__table__",
    ],
)
def test_a_repository_may_not_do_everything(planted: str) -> None:
    assert faults("keys/repository.py", planted)


@pytest.mark.parametrize(
    ("path", "right"),
    [
        ("keys/repository.py", "from sqlalchemy import select\nself._session.scalars(select(Key))"),
        ("keys/service.py", "Keys(unit.session).add(key)\nsettings.get('a')\nnames.add('b')"),
        ("keys/service.py", "with context.database.reading(access.organization) as session: pass"),
        ("keys/service.py", "from sqlalchemy.orm import Session\ndef f(session: Session): ..."),
        ("keys/service.py", "from x.schemas import Session\nSession(user='us_1')"),
        ("accounts/throttle.py", "with context.database.writing(None) as session: pass"),
        ("core/database.py", "from sqlalchemy import text\nconnection.execute(text('SELECT 1'))"),
    ],
)
def test_what_is_right_is_let_be(path: str, right: str) -> None:
    assert faults(path, right) == []


@pytest.mark.parametrize("listed", [EVERYONE_MAY, RAW_MAY, QUERIES_MAY], ids=["all", "raw", "own"])
def test_exceptions_are_needed(listed: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    for one in list(listed):
        assert (SERVICE / one).exists(), one
        with monkeypatch.context() as patch:
            patch.delitem(listed, one)
            assert any(fault.startswith(one) for fault in all_faults(SERVICE)), one


DEVELOPERS = {"openapi.py", "migrations/__main__.py"}
"""Commands of those who develop the service; they know of no data folder."""


def _temporary(source: str) -> list[str]:
    """Places at which the system's folder for temporary files is used."""
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    named = [(ast.unparse(call.func).rpartition(".")[2], call) for call in calls]
    return [
        f"{call.lineno}: {name}"
        for name, call in named
        if name in tempfile.__all__ and not any(word.arg == "dir" for word in call.keywords)
    ]


def test_what_is_on_its_way_lies_below_the_data_folder() -> None:
    """There it is swept when its maker was killed, and there is room for photographs."""
    found = {
        name: _temporary(path.read_text("utf-8"))
        for path in SERVICE.rglob("*.py")
        if (name := path.relative_to(SERVICE).as_posix()) not in DEVELOPERS
    }
    assert {name: places for name, places in found.items() if places} == {}


@pytest.mark.parametrize(
    "planted", ["TemporaryDirectory(prefix='a')", "tempfile.mkstemp()", "tempfile.gettempdir()"]
)
def test_the_systems_folder_is_found(planted: str) -> None:
    assert _temporary(planted)
    assert not _temporary("TemporaryDirectory(dir=folder)")
