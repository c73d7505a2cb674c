"""Makes a migration of what models have and the newest migration has not.

    python -m photochrom.service.migrations "Photographs have captions"

It compares an empty database, brought up by all migrations, with the models. Read what comes out:
a renamed column is a lost one for it.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from alembic import command
from alembic.operations.ops import MigrationScript

from photochrom.service.core.database import Database
from photochrom.service.migrations import VERSIONS, configured, migrating, revisions, upgrade


def make(message: str, versions: Path = VERSIONS) -> Path | None:
    """A new migration; None if there is nothing new.

    Args:
        message: What is new.
        versions: Where migrations are.
    """
    number = f"{len(revisions(versions)) + 1:04d}"
    empty = False

    def looked_over(context: object, revision: object, scripts: list[MigrationScript]) -> None:
        nonlocal empty
        (script,) = scripts
        if script.upgrade_ops is not None and script.upgrade_ops.is_empty():
            empty = True
            scripts.clear()

    with TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{Path(folder) / 'empty.db'}")
        upgrade(database, versions=versions)
        with migrating(database) as connection:
            made = command.revision(
                configured(connection, versions),
                message,
                autogenerate=True,
                rev_id=number,
                version_path=str(versions),
                process_revision_directives=looked_over,
            )
        database.close()
    if empty or made is None or isinstance(made, list):
        return None
    return _tidied(Path(made.path))


def _tidied(path: Path) -> Path:
    path.write_text(re.sub(r"^ *# ###.*\n", "", path.read_text(), flags=re.MULTILINE))
    for words in (["check", "--silent", "--fix", "--exit-zero"], ["format", "--quiet"]):
        subprocess.run([sys.executable, "-m", "ruff", *words, path], check=True)
    return path


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit('say what is new: python -m photochrom.service.migrations "Photographs have ..."')
    print(make(sys.argv[1]) or "there is nothing new")
