"""What a schema says of the keys of a table and of their values, read off its types."""

from __future__ import annotations

import types
from collections.abc import Iterator
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel


def keys(model: type[BaseModel]) -> dict[str, Any]:
    """The keys of a table as files write them, with the types of their values."""
    return {
        field.alias or name: Annotated[(field.annotation, *field.metadata)]
        if field.metadata
        else field.annotation
        for name, field in model.model_fields.items()
    }


def _parts(annotation: Any) -> Iterator[Any]:
    """A type and, of one that has notes or may be left out, those that it is made of."""
    yield annotation
    if get_origin(annotation) in (Annotated, Union, types.UnionType):
        for part in get_args(annotation)[: 1 if get_origin(annotation) is Annotated else None]:
            yield from _parts(part)


def places_of(annotation: Any) -> tuple[Any, ...]:
    """The types of the values of a list of a fixed length; none of any other."""
    for part in _parts(annotation):
        inner = get_args(part) if get_origin(part) is tuple else ()
        if inner and inner[-1] is not Ellipsis:
            return inner
    return ()


def bounds_of(annotation: Any) -> Iterator[tuple[str, float]]:
    """The bounds that the notes of a type set."""
    for part in _parts(annotation):
        if get_origin(part) is not Annotated:
            continue
        for note in get_args(part)[1:]:
            # A field holds its bounds as notes of its own.
            for one in (note, *getattr(note, "metadata", ())):
                for name in ("ge", "gt", "le", "lt"):
                    if isinstance(bound := getattr(one, name, None), int | float):
                        yield name, bound
