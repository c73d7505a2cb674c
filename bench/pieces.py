"""The pieces of a bench: what is measured of one photograph, each a task of the engine.

A piece is a function of its input files and of what it is told. What it finds lies in the user's
cache under the digest of all that it depends on, so that a bench that was interrupted goes on where
it was, and one that is run again measures what has changed and nothing else.

**Seconds and megabytes are no piece.** They are measured alone, in turns and every time anew, never
beside other work and never out of a store.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from pkgutil import resolve_name
from typing import Any, Final, TypeVar

import numpy as np

from bench.harness import Progress
from bench.results import LIBRARIES
from bench.sources import digest_of_sources
from photochrom.engine import (
    Event,
    FolderStore,
    Input,
    Ledger,
    Needs,
    Report,
    Task,
    is_cluster,
    key_of,
    opened,
)
from photochrom.engine.machine import cache_folder
from photochrom.errors import PhotochromError
from photochrom.threads import limited_threads, usable_cores

KIND: Final = "figures"
"""What the results of pieces are called by `photochrom cache show --user`."""

Found = Any
"""What a piece finds: mappings and lists of numbers, texts and arrays."""

Measure = Callable[..., Found]
"""What a piece does: takes its input files by their role, and what it is told by name."""

# Of a worker: libraries, a network, a photograph and what is made of it.
_MEMORY: Final = 2**30
_FIGURES, _ARRAYS, _ARRAY = "figures.json", "arrays.npz", "ndarray"

_Name = TypeVar("_Name")


class PieceError(PhotochromError):
    """A piece could not be measured."""


@dataclass(frozen=True)
class Piece:
    """What is measured of one photograph.

    Attributes:
        item: What people call it, for messages.
        work: The `Measure`, as "module:function". Its source, and that of what it imports, is in
            the key (`bench.sources`).
        told: What it is told: plain values.
        inputs: The files that it reads, by their role; their digests are in the key.
        depends: What else its figures depend on: versions of steps, digests of networks.
        libraries: Packages that they depend on, beside those of all benches.
        follows: Modules of photochrom whose source is in the key, too (`bench.sources`).
    """

    item: str
    work: str
    told: Mapping[str, Any] = field(default_factory=dict)
    inputs: Mapping[str, Path] = field(default_factory=dict)
    depends: Mapping[str, Any] = field(default_factory=dict)
    libraries: tuple[str, ...] = ()
    follows: tuple[str, ...] = ()


class Runner:
    """Measures pieces, or finds what was measured before.

    Args:
        engine: What runs them, as `photochrom restore --engine` takes it.
        jobs: Pieces at a time, each on one thread; None for one a core.
        force: Measure everything anew.

    Attributes:
        pieces: How many were asked for.
        kept: How many of them had been measured before.

    Raises:
        EngineError: There is no such engine.
    """

    def __init__(self, engine: str = "local", jobs: int | None = None, *, force: bool = False):
        if jobs is None and not is_cluster(engine):
            jobs = usable_cores()
        self._engine, self._jobs, self._force = engine, jobs, force
        self._ledger = Ledger(cache_folder())
        self.pieces = self.kept = 0

    def measured(
        self,
        pieces: Mapping[_Name, Piece],
        progress: Progress,
        part: tuple[float, float] = (0.0, 1.0),
    ) -> dict[_Name, Found]:
        """Measure pieces, as many at a time as there are workers; these end with the last piece, so
        that there are none when seconds are measured.

        Args:
            pieces: By whatever name; in the order in which to begin them.
            progress: Told of each.
            part: Shares of the bench that are done before the first and after the last.

        Returns:
            What each found, by the same names and in their order.

        Raises:
            PieceError: One or several could not be measured; all others were.
            EngineError: The engine cannot be reached.
        """
        first, last = part

        def tell(event: Event) -> None:
            progress(event.item, first + (last - first) * event.done / max(1, event.total))

        tasks = [self._task(piece) for piece in pieces.values()]
        folders, failed = {}, []
        with opened(self._engine, FolderStore(cache_folder()), self._jobs) as engine:
            for outcome in engine.run("pieces", tasks, tell, total=len(tasks)):
                if outcome.failure is None:
                    folders[outcome.task.key] = outcome.folder
                else:
                    failed.append((outcome.task.item, outcome.failure))
                self.pieces += 1
                self.kept += outcome.kept
        if failed:
            item, why = failed[0]
            more = f", and {len(failed) - 1} more" if len(failed) > 1 else ""
            error = PieceError(
                f"{item}: {why.message}{more}",
                fix="run the bench again: what has been measured is kept",
            )
            if why.trace is not None:
                error.add_note(why.trace)
            raise error from why.error
        return {name: _loaded(folders[t.key]) for name, t in zip(pieces, tasks, strict=True)}

    def _task(self, piece: Piece) -> Task:
        inputs = {
            role: Input(path, self._ledger.digest(path)) for role, path in piece.inputs.items()
        }
        facts = {
            "work": piece.work,
            "source": digest_of_sources(piece.work.partition(":")[0], piece.follows),
            "told": piece.told,
            "depends": piece.depends,
        }
        key = key_of(
            KIND,
            1,
            facts,
            inputs={role: one.sha256 for role, one in inputs.items()},
            libraries=(*LIBRARIES, *piece.libraries),
        )
        return Task(
            key,
            piece.item,
            _measure,
            (piece.work, dict(piece.told)),
            inputs,
            needs=Needs(memory=_MEMORY),
            kind=KIND,
            anew=self._force,
        )


def _measure(
    folder: Path, argument: tuple[str, dict[str, Any]], inputs: Mapping[str, Path], report: Report
) -> None:
    work, told = argument
    measure: Measure = resolve_name(work)
    # On one thread: there is a worker for each core, and no figure depends on it.
    with limited_threads(1):
        _save(measure(inputs, **told), folder)


def _save(found: Found, folder: Path) -> None:
    arrays: dict[str, np.ndarray] = {}

    def plain(value: Any) -> Any:
        if isinstance(value, np.ndarray):
            arrays[f"{len(arrays)}"] = value
            return {_ARRAY: f"{len(arrays) - 1}"}
        raise TypeError(f"a piece found a {type(value).__name__}, which is no figure")

    text = json.dumps(found, default=plain)
    (folder / _FIGURES).write_text(text, encoding="utf-8")
    if arrays:
        np.savez_compressed(folder / _ARRAYS, **arrays)


def _loaded(folder: Path) -> Found:
    text = (folder / _FIGURES).read_text(encoding="utf-8")
    if not (folder / _ARRAYS).exists():
        return json.loads(text)
    with np.load(folder / _ARRAYS) as arrays:
        return json.loads(
            text, object_hook=lambda one: arrays[one[_ARRAY]] if _ARRAY in one else one
        )
