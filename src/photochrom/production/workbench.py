"""Who works for a production, where results are kept, and what of them was made or is needed."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Self

from photochrom.engine import (
    CONNECTING,
    Control,
    Engine,
    Event,
    Failure,
    FolderStore,
    Ledger,
    Outcome,
    Progress,
    Serial,
    Store,
    Task,
    is_cluster,
    nobody,
    opened,
)
from photochrom.engine.needed import Needed
from photochrom.engine.staging import lent_by
from photochrom.errors import ProductionError
from photochrom.production.file import ProductionFile
from photochrom.production.result import Failed
from photochrom.threads import usable_cores

_ON_A_CLUSTER = 16
"""Into how many reels a film is cut for a cluster of whose size nobody has said anything."""


@dataclass(frozen=True)
class Bench:
    """A production opened for work: who does it, where its results are kept, and what was made.

    Attributes:
        file: The production.
        purpose: What for: "build", "preview" or "shots"; each needs results of its own.
        force: Make everything anew, and replace even what somebody has changed.
        jobs: How many tasks are worked on at a time; None for what cores and memory allow.
        engine: Who works: "local", "ray" or "ray://HOST:PORT"; see `engine.opened`.
        narrate: Speech engine that speaks narrations without a recording; None for nobody.
        progress: Told of what happens.
        control: Says whether it is to go on.
    """

    file: ProductionFile
    purpose: str = "build"
    force: bool = False
    jobs: int | None = None
    engine: str = "local"
    narrate: str | None = None
    progress: Progress = nobody
    control: Control = field(default_factory=Control)
    _traces: list[str] = field(default_factory=list, init=False, repr=False)
    _made: set[str] = field(default_factory=set, init=False, repr=False)
    _held: ExitStack = field(default_factory=ExitStack, init=False, repr=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Lets whoever works here go."""
        self._held.close()

    @cached_property
    def _engine(self) -> Engine:
        jobs = self.jobs if is_cluster(self.engine) else self.workers
        from photochrom.nets.provider import chosen

        gpus = chosen().gpu
        return self._held.enter_context(opened(self.engine, self.store, jobs, gpus=gpus))

    @cached_property
    def store(self) -> Store:
        """Where results are kept."""
        near = FolderStore(self.file.cache)
        if self.file.far_cache is None:
            return near
        from photochrom.engine.bucket import BucketStore

        return BucketStore(self.file.far_cache, near)

    @cached_property
    def ledger(self) -> Ledger:
        """What is known of files outside the store."""
        return Ledger(self.file.cache)

    @cached_property
    def needed(self) -> Needed:
        """Which results this is the purpose of; builds are of all versions, the others of one."""
        version = "" if self.purpose == "build" else self.file.version
        return Needed(self.file.cache, self.file.path, self.purpose, version)

    def settle(self) -> None:
        """Notes that nothing else is needed any more than what was asked for at this desk."""
        self.needed.settle({"", *(one.name for one in self.file.production.versions)})

    @property
    def workers(self) -> int:
        """How many tasks are worked on at a time, if memory allows."""
        return self.jobs or (_ON_A_CLUSTER if is_cluster(self.engine) else usable_cores())

    def showing(self, file: ProductionFile) -> Self:
        """The same desk with another version of the production: same store, same workers."""
        other = replace(self, file=file)
        shared = ("_engine", "store", "ledger", "needed")
        other.__dict__.update({name: getattr(self, name) for name in shared})
        object.__setattr__(other, "_traces", self._traces)
        object.__setattr__(other, "_made", self._made)
        return other

    def run(
        self, stage: str, tasks: Sequence[Task], progress: Progress | None = None
    ) -> Generator[Outcome, None, None]:
        """Runs tasks whose results are not there, and yields each as it ends.

        Args:
            stage: What they are about, for progress.
            tasks: In the order in which to start them.
            progress: Told of them instead.

        Raises:
            StoppedError: By `control`.
        """
        self.note_needed(tasks)
        wanted = [replace(one, anew=self.anew(one.key)) for one in tasks]
        told = self._plainly(progress or self.progress)
        if is_cluster(self.engine) and "_engine" not in self.__dict__:
            told(Event(stage, "", 0, len(wanted), CONNECTING))
        running = self._engine.run(stage, wanted, told, self.control)
        with closing(running) as outcomes:
            for outcome in outcomes:
                yield self._noted(outcome)

    def note_needed(self, tasks: Sequence[Task]) -> None:
        """Notes what tasks give, and what a cluster is lent for them."""
        self.needed.add(task.key for task in tasks)
        if is_cluster(self.engine):
            self.needed.add(key for task in tasks for key in lent_by(task, self.store))

    def _plainly(self, progress: Progress) -> Progress:
        """The same, told of URLs and not of their copies."""
        said = self.file.mirror.said
        return lambda event: progress(replace(event, message=said(event.message)))

    def run_here(self, task: Task) -> Outcome:
        """Runs a short task in this process, between those that `run` has under way."""
        self.needed.add([task.key])
        wanted = replace(task, anew=self.anew(task.key))
        (outcome,) = Serial(self.store).run(task.kind, [wanted])
        return self._noted(outcome)

    def anew(self, key: str) -> bool:
        """Whether a result is to be made even if it is there: by force, but once."""
        return self.force and key not in self._made

    def has_made(self, *keys: str) -> bool:
        """Whether any of these results was made at this desk."""
        return not self._made.isdisjoint(keys)

    def note_made(self, *keys: str) -> None:
        """Notes that results were made at this desk."""
        self._made.update(keys)

    def _noted(self, outcome: Outcome) -> Outcome:
        if outcome.folder is not None and not outcome.kept:
            self.note_made(outcome.task.key)
        return outcome

    def run_all(self, stage: str, tasks: Sequence[Task]) -> dict[str, Path]:
        """Runs tasks and gives their results by their keys; raises what the first one failed of."""
        folders: dict[str, Path] = {}
        for outcome in self.run(stage, tasks):
            if outcome.folder is None:
                failure = outcome.failure or Failure("not made")
                raise failure.as_error(ProductionError)
            folders[outcome.task.key] = outcome.folder
        return folders

    def failed(self, name: str, stage: str, failure: Failure) -> Failed:
        """Says that something could not be made; what is a mistake of ours leaves its trace."""
        if failure.trace is None:
            return Failed(name, stage, failure)
        from photochrom.files import write_text

        report = self.file.cache / "failures.txt"
        self._traces.append(f"{name}: {failure.message}\n{failure.trace}")
        write_text(report, "\n".join(self._traces))
        return Failed(name, stage, failure, report)
