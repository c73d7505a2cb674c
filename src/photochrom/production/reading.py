"""The text of a production file, and what files of earlier versions say in the words of today."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from photochrom.errors import ProductionError
from photochrom.production.schema import SCHEMA, UPGRADES
from photochrom.toml_places import Places

SIZE_LIMIT = 64 * 2**20
"""Bytes of a production file."""


def text_of(path: Path) -> str:
    """The text of a production file.

    Raises:
        ProductionError: It cannot be read.
    """
    try:
        if path.is_dir():
            raise ProductionError(
                "is a folder, not a production file",
                where=path,
                fix=f"draft one for it with: photochrom new {path}",
            )
        if path.stat().st_size > SIZE_LIMIT:
            raise ProductionError("is too large for a production file", where=path)
        return path.read_text("utf-8")
    except FileNotFoundError as error:
        raise ProductionError(
            "there is no such file", where=path, fix="draft one with: photochrom new SCANS"
        ) from error
    except UnicodeDecodeError as error:
        raise ProductionError("is not UTF-8 text", where=path, fix="is it a TOML file?") from error
    except OSError as error:
        raise ProductionError(f"cannot be read ({error.strerror})", where=path) from error


def upgraded(data: dict[str, Any], path: str | Path, places: Places) -> dict[str, Any]:
    """What a production file of any version says, as the newest version says it.

    Raises:
        ProductionError: Its version is not known.
    """
    fix = f'write schema = "{SCHEMA}" at its top'
    schema = data.get("schema")
    if schema is None:
        raise ProductionError("the key 'schema' is missing", where=f"{path}:1", fix=fix)
    while isinstance(schema, str) and schema in UPGRADES:
        data = UPGRADES[schema](data)
        schema = data["schema"]
    if schema != SCHEMA:
        if str(schema).startswith("photochrom.production/"):
            fix = "it may need a newer photochrom"
        where = f"{path}:{places.line(('schema',))}"
        raise ProductionError(f"the schema {schema!r} is not known", where=where, fix=fix)
    return data
