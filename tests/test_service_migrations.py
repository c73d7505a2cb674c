"""Migrations: they make what models say, lose nothing up and down, and are run by one at a time."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import text

from photochrom.errors import PhotochromError
from photochrom.service.core.database import Database
from photochrom.service.migrations import (
    VERSIONS,
    current,
    downgrade,
    migrating,
    models,
    revisions,
    upgrade,
)
from photochrom.service.migrations.__main__ import make
from service_rows import DATA, fill, rows_in

NEWEST = revisions()[-1]


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url)
    yield database
    database.close()


def agree(database: Database) -> None:
    with database.snapshot() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, models()) == []


def test_migrations_make_what_models_say(database: Database) -> None:
    assert current(database) is None
    upgrade(database)
    agree(database)
    upgrade(database)
    assert current(database) == NEWEST


def test_down_and_up_again(database: Database) -> None:
    upgrade(database)
    downgrade(database, "base")
    assert rows_in(database) == {}
    upgrade(database)
    agree(database)
    with pytest.raises(PhotochromError, match="no revision 'nonsense'"):
        downgrade(database, "nonsense")


_MORE = '''"""A column more."""

import sqlalchemy as sa
from alembic import op

revision = "9999"
down_revision = "{before}"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("organizations", recreate="auto") as batch:
        batch.add_column(sa.Column("city", sa.String(80), server_default="Bern", nullable=False))
        batch.alter_column("name", existing_type=sa.String(200), type_=sa.String(300))


def downgrade() -> None:
    with op.batch_alter_table("organizations") as batch:
        batch.alter_column("name", existing_type=sa.String(300), type_=sa.String(200))
        batch.drop_column("city")
'''


@pytest.fixture
def more(tmp_path: Path) -> Path:
    """The migrations, and one more that makes a table anew to which many refer."""
    folder = tmp_path / "versions"
    folder.mkdir()
    for path in VERSIONS.glob("r*.py"):
        (folder / path.name).write_text(path.read_text())
    (folder / "r9999_more.py").write_text(_MORE.format(before=NEWEST))
    return folder


def test_a_table_that_is_made_anew_keeps_its_rows_and_those_that_refer_to_it(
    database: Database, more: Path
) -> None:
    upgrade(database)
    with migrating(database) as connection:
        fill(connection)
    before = rows_in(database)
    assert before["members"] and before["jobs"]
    upgrade(database, versions=more)
    assert {row["city"] for row in rows_in(database)["organizations"]} == {"Bern"}
    downgrade(database, NEWEST, versions=more)
    assert rows_in(database) == before
    agree(database)


def test_a_database_of_a_newer_release_is_refused(database: Database, more: Path) -> None:
    upgrade(database, versions=more)
    with pytest.raises(PhotochromError, match="made by a newer photochrom"):
        upgrade(database)
    assert current(database) == "9999"


def test_what_fails_leaves_all_as_it_was(database: Database, more: Path) -> None:
    upgrade(database)
    with migrating(database) as connection:
        fill(connection)
    before = rows_in(database)
    path = more / "r9999_more.py"
    path.write_text(
        path.read_text().replace("def downgrade", "    raise OSError\n\n\ndef downgrade")
    )
    with pytest.raises(OSError):
        upgrade(database, versions=more)
    assert (rows_in(database), current(database)) == (before, NEWEST)


def test_many_start_at_once(database: Database) -> None:
    words = (
        "import sys; from photochrom.service.core.database import Database;"
        "from photochrom.service.migrations import upgrade; upgrade(Database(sys.argv[1]))"
    )
    url = database.url.render_as_string(hide_password=False)
    started = [subprocess.Popen([sys.executable, "-c", words, url]) for _ in range(4)]
    assert [one.wait() for one in started] == [0, 0, 0, 0]
    agree(database)


@pytest.mark.parametrize("dump", sorted(DATA.glob("service_*.sql")), ids=lambda path: path.stem)
def test_what_earlier_releases_have_left_is_upgraded(dump: Path, tmp_path: Path) -> None:
    path = tmp_path / "photochrom.db"
    with sqlite3.connect(path) as connection:
        connection.executescript(dump.read_text())
    database = Database(f"sqlite:///{path}")
    before = rows_in(database)
    upgrade(database)
    agree(database)
    after = rows_in(database)
    for table in before.keys() & after.keys():
        assert len(after[table]) == len(before[table]), table
        for old, new in zip(before[table], after[table], strict=True):
            same = old.keys() & new.keys()
            assert {name: old[name] for name in same} == {name: new[name] for name in same}
    with migrating(database):
        pass  # It looks whether all rows refer to what is there.
    database.close()


def test_there_is_a_dump_of_every_revision() -> None:
    assert {path.stem for path in DATA.glob("service_*.sql")} == {
        f"service_{one}" for one in revisions()
    }


def test_the_tool_makes_what_is_missing_and_no_more(tmp_path: Path) -> None:
    first = make("All of it", tmp_path)
    assert first is not None and first.name == "r0001_all_of_it.py"
    assert make("Nothing", tmp_path) is None
    database = Database(f"sqlite:///{tmp_path / 'new.db'}")
    upgrade(database, versions=tmp_path)
    agree(database)
    with database.snapshot() as connection:
        assert connection.execute(text("SELECT count(*) FROM jobs")).scalar() == 0
    database.close()
