"""A batch under way: each photograph is ordered, made and published, whatever the others do."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Generator, Iterable, Iterator, Sized
from contextlib import closing
from dataclasses import replace
from functools import cache
from pathlib import Path

from photochrom.batch.beside import beside
from photochrom.batch.delivering import Far
from photochrom.batch.jobs import Job, Plan, Settings
from photochrom.batch.looking import looked_at
from photochrom.batch.near import Near
from photochrom.batch.result import Result
from photochrom.batch.standing import Standing
from photochrom.cachedir import cache_place
from photochrom.engine import (
    CONNECTING,
    Control,
    Event,
    FolderStore,
    Ledger,
    Outcome,
    Progress,
    Store,
    Task,
    is_cluster,
    nobody,
    opened,
)
from photochrom.engine.machine import cache_folder
from photochrom.engine.pruning import prune_now_and_then
from photochrom.errors import PhotochromError, PhotographError
from photochrom.files import resolved, usable
from photochrom.nets import Registry
from photochrom.nets.provider import chosen, require
from photochrom.orders import Order, key_for
from photochrom.photograph import ENDINGS
from photochrom.places import Place, Url
from photochrom.record import BESIDE
from photochrom.source import Source
from photochrom.threads import ahead, usable_cores

_STAGE = "restore"
_ASKED_AT_ONCE = 16
"""Places elsewhere that are looked at side by side: each answer takes its time."""

_Ordered = tuple[Job, Order, str, Task] | Result


def run(
    jobs: Iterable[Job],
    settings: Settings,
    *,
    workers: int | None = 1,
    engine: str = "local",
    store: Store | None = None,
    total: int | None = None,
    progress: Progress = nobody,
    control: Control | None = None,
) -> Iterator[Result]:
    """Makes the derivatives that are not up to date; yields each result as it is known.

    One photograph's failure does not stop the others. It may be stopped in any way at any moment;
    the next run goes on where it was. However many there are, only some are in memory.

    Args:
        jobs: From `plan`; taken as there is room for them.
        settings: What to do.
        workers: Photographs at a time, each in a process of its own; 1 for this process. None for
            one, or as many as a cluster has room for.
        engine: "local", "ray" or "ray://HOST:PORT"; see `engine.opened`.
        store: Where results lie that are not yet where they go; None for the user's cache folder.
        total: How many jobs there are, where `jobs` cannot say.
        progress: Called with what happens.
        control: Says whether it is to go on; may be told from other threads.

    Raises:
        ModelError: A network that the recipe needs is missing, or cannot do what it asks.
        PhotographError: Pins, or a part of a picture, are given for several photographs.
        EngineError: There is no such engine, or it cannot do the work.
        PlaceError: A folder cannot be listed any more; what had been taken up by then is done.
        StoppedError: By `control`, before all was done.
    """
    count = len(jobs) if isinstance(jobs, Sized) else total
    if count == 0:
        return
    if settings.pins and count != 1:
        raise PhotographError(
            f"pins are places in one picture, and there are {count or 'several'}",
            fix="name one photograph, or give each its colors in a production file",
        )
    if isinstance(settings.trim.crop, tuple) and count != 1:
        raise PhotographError(
            f"a crop is a part of one picture, and there are {count or 'several'}",
            fix="name one photograph, write --crop auto, or give each its own in a production file",
        )
    threads, provider = 1, chosen()
    if not is_cluster(engine):
        require(provider)
        workers = max(1, min(workers or 1, count or usable_cores()))
        # Of several that run side by side each has its share of the cores.
        threads = max(1, usable_cores() // workers)
    with usable(cache_folder()):
        cache_place(cache_folder())
        prune_now_and_then(cache_folder())
        batch = _Batch(jobs, settings, store, progress, count or 0, threads)
        if is_cluster(engine):
            batch.tell(Event(_STAGE, "", 0, 0, CONNECTING))
        with opened(engine, batch.store, workers, gpus=provider.gpu) as crew:
            items = batch.items()
            running = crew.run(_STAGE, items, batch.tell, control, total=count)
            with closing(items), closing(running) as ended:
                for one in ended:
                    yield one if isinstance(one, Result) else batch.published(one)
        if batch.broken is not None:
            raise batch.broken


class _Batch:
    """What a batch has come to.

    Attributes:
        broken: Why no more jobs have come; None as long as they do, or if those were all.
    """

    def __init__(
        self,
        jobs: Iterable[Job],
        settings: Settings,
        store: Store | None,
        progress: Progress,
        total: int,
        threads: int,
    ):
        self.store = store or FolderStore(cache_folder())
        self._ledger = Ledger(cache_folder())
        self._jobs, self._settings, self._progress = jobs, settings, progress
        self._total, self._threads = total, threads
        self._near = Near(self.store, self._ledger, _scans(jobs), force=settings.force)
        self._far = Far(cache_folder(), force=settings.force)
        # Equal scans in several folders are one result, published to each.
        self._orders: dict[str, deque[tuple[Job, Order, str]]] = defaultdict(deque)
        self._registry = Registry.default()
        self._beside = cache(beside)
        self._ended = 0
        self.broken: PhotochromError | None = None

    def items(self) -> Generator[Task | Result, None, None]:
        """Orders what is to be made; what is up to date, or cannot be made, is told at once."""
        # What is wrong with the recipe is wrong with all: it is told once, before any work.
        key_for(Order("", Path(), "", self._settings.recipe), self._registry)
        for ordered in ahead(self._ordered, self._listed(), _ASKED_AT_ONCE, _is_far):
            if isinstance(ordered, Result):
                yield self._end(ordered)
                continue
            job, order, key, task = ordered
            self._orders[task.key].append((job, order, key))
            yield task

    def _listed(self) -> Iterator[Job]:
        """The jobs. If they cannot be listed to the end, those that have come are done all the
        same."""
        try:
            yield from self._jobs
        except PhotochromError as error:
            self.broken = error

    def _ordered(self, job: Job) -> _Ordered:
        try:
            return self._order(job)
        except PhotochromError as error:
            return Result.without(job, error)
        except Exception as error:  # one photograph's bug must not stop the rest of the batch
            line = " ".join(f"{type(error).__name__}: {error}".split())
            return Result.without(job, PhotographError(line, where=str(job.source)))

    def _order(self, job: Job) -> _Ordered:
        """Orders a photograph, or gives its result if it is up to date."""
        if job.too_long:
            raise PhotographError(
                "the name is too long for the names of its results",
                where=str(job.source),
                fix="shorten it",
            )
        settings = self._settings
        end = self._end_of(job)
        scan = looked_at(job, self._ledger)
        wanted = (*settings.formats, *settings.beside)
        there = end.standing(job, scan.sha256 if scan.is_read else None, wanted)
        # One record describes all that lies there of a picture, so it is made anew together.
        formats = {*settings.formats, *there.formats}
        kinds = {*settings.beside, *there.beside}
        if "repair" not in settings.recipe.steps:
            kinds.discard("mask")
        if "color" not in settings.recipe.steps:
            kinds.discard("variants")
        order = replace(
            settings.order(job.name, job.source, scan.sha256),
            # Documented colors stay until others are told.
            pins=settings.pins or there.pins,
            formats=tuple(one for one in ENDINGS if one in formats),
            beside=self._beside(frozenset(kinds), _variants(settings, there)),
            sidecar=scan.sidecar,
            sidecar_at=scan.sidecar_at,
            threads=self._threads,
            bytes=scan.bytes,
        )
        key = key_for(order, self._registry)
        if there.record is not None and there.is_of(key, order) and not settings.force:
            return Result(job, "kept", *_files(job, order), notices=there.record.notices)
        return job, order, key, end.task(job, order, key, there, self._registry)

    def published(self, outcome: Outcome) -> Result:
        """Puts a result where people look for it."""
        twins = self._orders[outcome.task.key]
        job, order, key = twins.popleft()
        if not twins:
            del self._orders[outcome.task.key]
        try:
            if outcome.failure is not None:
                raise outcome.failure.as_error(PhotographError)
            record = self._end_of(job).publish(outcome, job, order, key, last=not twins)
        except PhotochromError as error:
            return self._end(Result.without(job, error, outcome.seconds))
        made = Result(job, "made", *_files(job, order), outcome.seconds, place=outcome.place)
        return self._end(replace(made, notices=record.notices))

    def _end_of(self, job: Job) -> Near | Far:
        return self._far if isinstance(job.folder, Url) else self._near

    def tell(self, event: Event) -> None:
        """Passes on what the engine says, in the count of the whole batch."""
        said = event.message if event.message != "kept" else "made"
        total = max(self._total, self._ended)
        self._progress(
            Event(_STAGE, event.item, self._ended, total, said, event.share, event.place)
        )

    def _end(self, result: Result) -> Result:
        self._ended += 1
        why = result.error or result.reason
        said = result.outcome if why is None else f"{result.outcome}: {why}"
        total = max(self._total, self._ended)
        self._progress(Event(_STAGE, result.job.name, self._ended, total, said, 1.0))
        return result


def _scans(jobs: Iterable[Job]) -> set[Path]:
    """The scans of this machine, none of which is ever replaced."""
    jobs = jobs.jobs if isinstance(jobs, Plan) else jobs
    return {resolved(Source.of(one.source).file) for one in jobs if isinstance(one.source, Path)}


def _variants(settings: Settings, there: Standing) -> int:
    """How many variants a sheet shows: as many as are asked for now, or were before."""
    told = None if there.record is None else there.record.variant
    before = told is not None and "variants" not in settings.beside
    return int(told.get("asked", settings.variants)) if told and before else settings.variants


def _files(job: Job, order: Order) -> tuple[tuple[Place, ...], dict[str, Place]]:
    """Where the results of a job lie once they are published, and what lies beside them."""
    beside = {one.kind: job.at(BESIDE[one.kind]) for one in order.beside}
    return (*(job.at(ENDINGS[one]) for one in order.formats), job.record), beside


def _is_far(job: Job) -> bool:
    return isinstance(job.source, Url) or isinstance(job.folder, Url)
