"""Inputs of tasks, on whichever machine they run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from photochrom.engine.gone import GoneError
from photochrom.engine.store import Store
from photochrom.engine.task import Far, Input, Stored, Task
from photochrom.errors import PhotochromError
from photochrom.places import etag_in, fetch


def portable(task: Task, store: Store) -> Task:
    """The task with its inputs named in a way that another machine understands.

    Args:
        task: As it is on this machine.
        store: The one that workers open, too.
    """
    inputs = {role: _portable(one, store) for role, one in task.inputs.items()}
    return replace(task, inputs=inputs)


def _portable(one: Input | Stored | Far, store: Store) -> Input | Stored | Far:
    if not isinstance(one, Input):
        return one
    return store.named(one.path) or store.lent(one)


def lent_by(task: Task, store: Store) -> Iterator[str]:
    """Keys under which the inputs of a task lie in the store, once workers elsewhere ask for them.

    Args:
        task: As it is on this machine.
        store: As for `portable`.
    """
    for one in task.inputs.values():
        if isinstance(one, Input) and store.named(one.path) is None:
            key = store.key_lent(one)
            if key is not None:
                yield key


@contextmanager
def staged(task: Task, store: Store) -> Iterator[Mapping[str, Path]]:
    """The inputs of a task as files of this machine, by their role, as long as the block lasts.

    Files from elsewhere lie in one folder, under their own names: what lies beside a scan there
    lies beside it here. Of several of one name, the others have folders of their own.

    Raises:
        GoneError: A result that it is made from is not there any more.
        PlaceError: A file cannot be brought here, or is not what it was.
    """
    far = {role: one for role, one in task.inputs.items() if isinstance(one, Far)}
    here = {
        role: _here(one, store) for role, one in task.inputs.items() if not isinstance(one, Far)
    }
    if not far:
        yield here
        return
    with store.scratch() as folder:
        for role, one in far.items():
            here[role] = _free(folder, one.url.name)
            fetch(one.url, here[role], etag_in(one.mark))
        with told_of({here[role]: str(one.url) for role, one in far.items()}):
            yield here


@contextmanager
def told_of(copies: Mapping[Path, str]) -> Iterator[None]:
    """Has errors speak of files elsewhere, and not of their copies here, which are gone by then.

    Args:
        copies: Where those lie, and how people call them.
    """
    try:
        yield
    except PhotochromError as error:
        for path, name in copies.items():
            if error.where is not None:
                error.where = error.where.replace(str(path), name)
            error.what = error.what.replace(str(path), name)
            if error.fix is not None:
                error.fix = error.fix.replace(str(path), name)
        raise


def _free(folder: Path, name: str) -> Path:
    """Where a file of this name does not lie yet."""
    place, number = folder / name, 1
    while place.exists():
        place, number = folder / str(number) / name, number + 1
    return place


def _here(one: Input | Stored, store: Store) -> Path:
    if isinstance(one, Input):
        return one.path
    folder = store.get(one.key)
    if folder is None:
        raise GoneError(
            f"a result that this is made from has been removed ({one.name})", fix="run it again"
        )
    return folder / one.name
