"""What the text of a recipe is read with; whatever is wrong is told with its line and its key."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from pydantic import ValidationError

from photochrom.errors import RecipeError
from photochrom.faults import Fault, told
from photochrom.fields import keys
from photochrom.steps import STEPS
from photochrom.steps.plate import StepParams
from photochrom.steps.words import in_words
from photochrom.toml_places import Places

SCHEMA = "photochrom.recipe/1"

# From an older schema to the next one; each function takes and returns the parsed TOML.
UPGRADES: Mapping[str, Callable[[dict[str, Any]], dict[str, Any]]] = MappingProxyType({})


def upgraded(data: dict[str, Any], where: str | Path) -> dict[str, Any]:
    schema = data.pop("schema", None)
    while isinstance(schema, str) and schema in UPGRADES:
        data = UPGRADES[schema](data)
        schema = data.pop("schema")
    if schema != SCHEMA:
        said = "does not say its schema" if schema is None else f"has the schema {schema!r}"
        raise RecipeError(said, where=where, fix=f'write schema = "{SCHEMA}" at its top')
    return data


def params_of(step: str, table: Any, text: str, where: str | Path) -> StepParams:
    if isinstance(table, str):
        table = in_words(step, table, line(text, where, step))
    if not isinstance(table, dict):
        raise RecipeError(f"{step!r} must be a table", where=line(text, where, step))
    try:
        params: StepParams = STEPS[step].params.model_validate(table)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        key = str(first["loc"][0]) if first["loc"] else step
        place = line(text, where, step, key)
        if first["type"] == "extra_forbidden":
            like = did_you_mean(key, STEPS[step].params.model_fields)
            raise RecipeError(f"unknown key '{step}.{key}'", where=place, fix=like) from error
        annotation = keys(STEPS[step].params).get(key)
        what, fix = Fault(first, tuple(first["loc"]), annotation).said
        raise RecipeError(told(f"'{step}.{key}'", what), where=place, fix=fix) from error
    return params


def line(text: str, where: str | Path, *keys: str) -> str:
    """The place of a key as "file:line"; the name alone for a recipe that never was a text."""
    return f"{where}:{Places(text).line(keys)}" if text else str(where)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    known = list(known)
    close = difflib.get_close_matches(word, known, n=1)
    return f"did you mean {close[0]!r}?" if close else f"choose from {', '.join(known)}"
