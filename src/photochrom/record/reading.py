"""Reading records back: of older schemas, too, and whoever wrote them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from photochrom.errors import PhotographError
from photochrom.record.names import SCHEMA

MISTAKES: Final = (
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    ArithmeticError,
    RecursionError,
)
"""What comes of reading a text that is no record."""


def _from_1(data: dict[str, Any]) -> dict[str, Any]:
    """Records of version 1 described one derivative, and one network for each step."""
    derivative = data.pop("derivative")
    steps = [
        {**{key: value for key, value in step.items() if key != "model"}, "models": models}
        for step in data["steps"]
        for models in [[step["model"]] if step["model"] else []]
    ]
    derivatives = [derivative] if derivative else []
    return {**data, "schema": "photochrom.record/2", "steps": steps, "derivatives": derivatives}


def _from_2(data: dict[str, Any]) -> dict[str, Any]:
    """Records of version 2 did not say which order they were made for."""
    return {**data, "schema": SCHEMA, "order": ""}


# From an older schema to the next one; each function takes and returns the parsed JSON.
UPGRADES: Mapping[str, Callable[[dict[str, Any]], dict[str, Any]]] = MappingProxyType(
    {"photochrom.record/1": _from_1, "photochrom.record/2": _from_2}
)


def upgraded(text: str, where: str | Path) -> dict[str, Any]:
    """The JSON of a record, as the present schema has it.

    Args:
        text: The JSON.
        where: What is named in errors.

    Raises:
        PhotographError: It has a schema that we do not know.
        ValueError, KeyError, TypeError, ...: It is none (`MISTAKES`).
    """
    data = json.loads(text)
    while data["schema"] in UPGRADES:
        data = UPGRADES[data["schema"]](data)
    if data["schema"] != SCHEMA:
        raise PhotographError(f"has the unknown schema {data['schema']!r}", where=where)
    # Nothing that could not be written again: no half characters, no figure that is none.
    json.dumps(data, ensure_ascii=False, allow_nan=False).encode()
    return dict(data)
