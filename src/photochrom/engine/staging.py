"""Inputs of tasks, on whichever machine they run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from photochrom.engine.gone import GoneError
from photochrom.engine.store import Store
from photochrom.engine.task import Input, Stored, Task


def portable(task: Task, store: Store) -> Task:
    """The task with its inputs named in a way that another machine understands.

    Args:
        task: As it is on this machine.
        store: The one that workers open, too.
    """
    inputs = {role: _portable(one, store) for role, one in task.inputs.items()}
    return replace(task, inputs=inputs)


def _portable(one: Input | Stored, store: Store) -> Input | Stored:
    if isinstance(one, Stored):
        return one
    return store.named(one.path) or store.lent(one)


def staged(task: Task, store: Store) -> Mapping[str, Path]:
    """The inputs of a task as files of this machine, by their role.

    Raises:
        GoneError: A result that it is made from is not there any more.
    """
    return {role: _staged(one, store) for role, one in task.inputs.items()}


def _staged(one: Input | Stored, store: Store) -> Path:
    if isinstance(one, Input):
        return one.path
    folder = store.get(one.key)
    if folder is None:
        raise GoneError(
            f"a result that this is made from has been removed ({one.name})", fix="run it again"
        )
    return folder / one.name
