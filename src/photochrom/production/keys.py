"""Which keys a table of the production file may have, read off the schema."""

from __future__ import annotations

import types
from collections.abc import Iterator
from typing import Annotated, Any, Literal, NamedTuple, Union, get_args, get_origin

from pydantic import BaseModel, Discriminator, Tag

from photochrom.fields import keys

Location = tuple[str | int, ...]


class Place(NamedTuple):
    """A place in the schema.

    Attributes:
        path: Keys and indices that lead to it.
        tables: The tables that stand there.
        annotation: The type of the value there; None if it is not known, or one of several.
    """

    path: Location
    tables: list[type[BaseModel]]
    annotation: Any


def models_in(annotation: Any, tag: str | None = None) -> Iterator[type[BaseModel]]:
    """All tables that a value of some type may be made of.

    Args:
        annotation: A type.
        tag: Only the member of a tagged union that has this tag.
    """
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    elif get_origin(annotation) is Annotated:
        inner, *notes = get_args(annotation)
        tags = [note.tag for note in notes if isinstance(note, Tag)]
        if tag is None or not tags or tag in tags:
            yield from models_in(inner, tag)
    elif get_origin(annotation) in (Union, types.UnionType, tuple):
        for part in get_args(annotation):
            yield from models_in(part, tag)


def follow(model: type[BaseModel], loc: Location) -> Place:
    """Follows a place as pydantic writes it through the schema.

    Args:
        model: Where it starts.
        loc: Keys and indices, and between them the tags and names of members of unions.
    """
    tables = [model]
    annotations: list[Any] = []
    path: Location = ()
    tag_next = False
    for part in loc:
        if isinstance(part, int):
            path = (*path, part)
            annotations = [one for whole in annotations for one in _elements(whole, part)]
        elif tag_next:
            tables = [found for one in annotations for found in models_in(one, part)]
            tag_next = False
        elif any(part in keys(table) for table in tables):
            annotations = [keys(table)[part] for table in tables if part in keys(table)]
            tables = [found for one in annotations for found in models_in(one)]
            tag_next = any(_is_tagged(one) for one in annotations)
            path = (*path, part)
        elif part not in _member_names(annotations):
            tables, annotations = [], []
            path = (*path, part)
    return Place(path, tables, annotations[0] if len(annotations) == 1 else None)


def _elements(annotation: Any, index: int) -> Iterator[Any]:
    """The type of one element of a list."""
    origin, parts = get_origin(annotation), get_args(annotation)
    if origin is tuple:
        yield parts[0] if parts[-1] is Ellipsis else parts[min(index, len(parts) - 1)]
    elif origin is Annotated:
        yield from _elements(parts[0], index)
    elif origin in (Union, types.UnionType):
        for part in parts:
            yield from _elements(part, index)


def _is_tagged(annotation: Any) -> bool:
    if get_origin(annotation) is Annotated:
        inner, *notes = get_args(annotation)
        return any(isinstance(note, Discriminator) for note in notes) or _is_tagged(inner)
    return any(_is_tagged(part) for part in get_args(annotation))


def _member_names(annotations: list[Any]) -> set[str]:
    """What pydantic calls the members of unions: names of classes, "literal['a','b']"."""
    names: set[str] = set()
    for annotation in annotations:
        origin = get_origin(annotation)
        if isinstance(annotation, type):
            names.add(annotation.__name__)
        elif origin is Literal:
            names.add(f"literal[{','.join(map(repr, get_args(annotation)))}]")
        elif origin is not None:
            names |= _member_names(list(get_args(annotation)))
    return names
