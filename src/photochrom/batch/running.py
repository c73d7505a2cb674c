"""A batch under way: each photograph is ordered, made and published, whatever the others do."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from photochrom.batch.jobs import Job, Settings
from photochrom.batch.standing import Standing, standing
from photochrom.engine import (
    Event,
    Failure,
    FolderStore,
    Ledger,
    Outcome,
    Progress,
    Serial,
    Stop,
    Task,
    local_engine,
    never,
    nobody,
    publish,
    twice,
)
from photochrom.engine.machine import cache_folder
from photochrom.engine.pruning import prune_now_and_then
from photochrom.errors import PhotochromError, PhotographError
from photochrom.files import cache_place, resolved, sweep_parts, usable
from photochrom.nets import Registry
from photochrom.orders import Order, Pictures, key_for, results_of, task_for
from photochrom.photograph import ENDINGS, sidecar_digest
from photochrom.record import Record
from photochrom.source import Source
from photochrom.threads import usable_cores

_STAGE = "restore"


@dataclass(frozen=True)
class Result:
    """How one photograph of a batch came out.

    Attributes:
        job: The photograph and where its derivatives lie.
        outcome: "made", "kept" (it was up to date) or "failed".
        files: The derivatives in the order of their formats, then the record; none if it failed.
        seconds: Time it took.
        error: One line for people if it failed.
        notices: What had to be chosen or left out to read the scan.
    """

    job: Job
    outcome: str
    files: tuple[Path, ...] = ()
    seconds: float = 0.0
    error: str | None = None
    notices: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values, the same keys for every outcome."""
        *pictures, record = self.files or (None, None)
        return {
            "input": str(self.job.source),
            "output": pictures[0] and str(pictures[0]),
            "outputs": [str(path) for path in pictures if path is not None],
            "record": record and str(record),
            "seconds": round(self.seconds, 3),
            "outcome": self.outcome,
            "notices": list(self.notices),
            **({"error": self.error} if self.error is not None else {}),
        }


def run(
    jobs: Sequence[Job],
    settings: Settings,
    *,
    workers: int = 1,
    progress: Progress = nobody,
    stop: Stop = never,
) -> Iterator[Result]:
    """Makes the derivatives that are not up to date; yields each result as it is known.

    One photograph's failure does not stop the others. It may be stopped in any way at any moment;
    the next run goes on where it was.

    Args:
        jobs: From `plan`.
        settings: What to do.
        workers: Photographs at a time, each in a process of its own; 1 for this process.
        progress: Called with what happens.
        stop: Asked whether the rest is not wanted any more.

    Raises:
        ModelError: A network that the recipe needs is missing, or cannot do what it asks.
        PhotographError: Pins are given, but there are several photographs.
    """
    if not jobs:
        return
    if settings.pins and len(jobs) > 1:
        raise PhotographError(
            f"pins are places in one picture, and there are {len(jobs)}",
            fix="name one photograph, or give each its colors in a production file",
        )
    with usable(cache_folder()):
        cache_place(cache_folder())
        prune_now_and_then(cache_folder())
        batch = _Batch(jobs, settings, workers, progress)
        yield from batch.ordered(stop)
        engine = local_engine(batch.store, batch.workers)
        with closing(engine.run(_STAGE, batch.tasks, batch.tell, stop)) as outcomes:
            for outcome in outcomes:
                yield batch.published(outcome)


class _Batch:
    """What a batch has come to."""

    def __init__(self, jobs: Sequence[Job], settings: Settings, workers: int, progress: Progress):
        self.workers = max(1, min(workers, len(jobs)))
        self.tasks: list[Task] = []
        # What is in hand lies in the user's cache until it is published, so that a run that was
        # killed goes on where it was.
        self.store = FolderStore(cache_folder())
        self._ledger = Ledger(cache_folder())
        self._jobs, self._settings, self._progress = jobs, settings, progress
        self._scans = {resolved(Source.of(job.source).file) for job in jobs}
        # Equal scans in several folders are one result, published to each.
        self._orders: dict[str, deque[tuple[Job, Order]]] = defaultdict(deque)
        self._registry = Registry.default()
        self._ended = 0

    def ordered(self, stop: Stop) -> Iterator[Result]:
        """Orders what is to be made; yields at once what is up to date and what cannot be."""
        # What is wrong with the recipe is wrong with all: it is told once, before any work.
        key_for(Order("", Path(), "", self._settings.recipe), self._registry)
        self.store.sweep()
        for folder in {job.folder for job in self._jobs}:
            sweep_parts(folder)
        for job in self._jobs:
            if stop():
                return
            try:
                kept = self._order(job)
            except PhotochromError as error:
                yield self._end(Result(job, "failed", error=str(error)))
                continue
            if kept is not None:
                yield self._end(Result(job, "kept", kept, notices=Record.open(kept[-1]).notices))

    def _order(self, job: Job) -> tuple[Path, ...] | None:
        """Orders a photograph, or returns its files if they are up to date."""
        if job.too_long:
            raise PhotographError(
                "the name is too long for the names of its results",
                where=job.source,
                fix="shorten it",
            )
        scan = Source.of(job.source).file
        try:
            if scan.exists() and not scan.is_file():
                raise PhotographError("is no file", where=job.source, fix="name a photograph")
            sha256 = self._ledger.digest(scan)
        except OSError as error:
            what = f"cannot be read ({(error.strerror or str(error)).lower()})"
            raise PhotographError(what, where=job.source, fix="check the name") from error
        settings = self._settings
        there = self._standing(job, sha256, settings.formats)
        # One record describes all formats of a picture, so they are made anew together.
        others = tuple(one for one in there.formats if one not in settings.formats)
        order = Order(
            name=job.name,
            scan=job.source,
            sha256=sha256,
            recipe=settings.recipe,
            emulsion=settings.emulsion,
            year=settings.year,
            negative=settings.negative,
            # Documented colors stay until others are told.
            pins=settings.pins or there.pins,
            formats=tuple(one for one in ENDINGS if one in {*settings.formats, *others}),
            quality=settings.quality,
            sidecar=sidecar_digest(Source.of(job.source).file),
            strip=settings.strip,
            threads=max(1, usable_cores() // self.workers),
        )
        key = key_for(order, self._registry)
        if there.is_of(key, order.formats) and not settings.force:
            return _files(job, order)
        self._orders[key].append((job, order))
        self.tasks.append(task_for(order, self._registry))
        return None

    def _standing(self, job: Job, sha256: str, formats: tuple[str, ...]) -> Standing:
        force = self._settings.force
        return standing(job, sha256, formats, self._ledger, scans=self._scans, force=force)

    def published(self, outcome: Outcome) -> Result:
        """Puts a result where people look for it."""
        key, twins = outcome.task.key, self._orders[outcome.task.key]
        job, order = twins.popleft()
        files, seconds = _files(job, order), outcome.seconds
        try:
            if outcome.failure is not None:
                raise PhotographError(outcome.failure.message)
            # Another run may make the same; whoever comes second finds it there.
            with self.store.held(key):
                # Again: somebody may have been at work there, too.
                there = self._standing(job, order.sha256, order.formats)
                if not there.is_of(key, order.formats):
                    self._publish(outcome.task, order, job)
                if not twins:
                    self.store.forget(key)
                for path in files:
                    self._ledger.forget(path)  # From now on the record says whose they are.
            notices = Record.open(files[-1]).notices
        except PhotochromError as error:
            return self._end(Result(job, "failed", (), seconds, str(error)))
        return self._end(Result(job, "made", files, seconds, notices=notices))

    def _there(self, task: Task) -> Path:
        """The result of a task; made once more if another run has published and removed it."""
        (outcome,) = Serial(self.store).run(_STAGE, [task])
        if outcome.folder is None:
            raise (outcome.failure or Failure("not made")).as_error(PhotographError)
        return outcome.folder

    def _publish(self, task: Task, order: Order, job: Job) -> None:
        twice(lambda: self._put(results_of(self._there(task), order), job))

    def _put(self, pictures: Pictures, job: Job) -> None:
        for source in pictures.published:
            publish(source, job.folder / source.name, self._ledger, force=True)
            self._ledger.forget(source)

    def tell(self, event: Event) -> None:
        """Passes on what the engine says, in the count of the whole batch."""
        said = event.message if event.message != "kept" else "made"
        self._progress(Event(_STAGE, event.item, self._ended, len(self._jobs), said, event.share))

    def _end(self, result: Result) -> Result:
        self._ended += 1
        said = result.outcome if result.error is None else f"failed: {result.error}"
        self._progress(Event(_STAGE, result.job.name, self._ended, len(self._jobs), said, 1.0))
        return result


def _files(job: Job, order: Order) -> tuple[Path, ...]:
    """Where the results of a job lie once they are published."""
    pictures = (job.folder / (job.name + ENDINGS[one]) for one in order.formats)
    return (*pictures, job.record)
