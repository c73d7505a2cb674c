"""Restoring, as the handler of a job: each photograph is an order of the engine."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from photochrom.dates import years_in
from photochrom.emulsion import Emulsion
from photochrom.engine import (
    BEGUN,
    Engine,
    Event,
    Failure,
    Outcome,
    Serial,
    Task,
    Workers,
    is_cluster,
)
from photochrom.engine import opened as opened_engine
from photochrom.errors import PhotochromError, PhotographError
from photochrom.nets import Registry
from photochrom.orders import Order, Pictures, label_for, results_of, task_for
from photochrom.photograph import Known
from photochrom.places import Place, Url, head, mark_of
from photochrom.recipe import Recipe
from photochrom.service.context import Context
from photochrom.service.core.problems import UnavailableError
from photochrom.service.events.repository import announce
from photochrom.service.jobs.away import away_of
from photochrom.service.jobs.queue import LostError
from photochrom.service.jobs.repository import Jobs
from photochrom.service.jobs.run import JobRun
from photochrom.service.jobs.states import ItemState
from photochrom.service.photographs import DELETED, names
from photochrom.service.photographs.repository import Photographs
from photochrom.service.photographs.tables import Photograph
from photochrom.service.restorations.repository import Restorations
from photochrom.service.restorations.tables import Restoration
from photochrom.service.restorations.views import PREVIEW, THUMBNAIL, view_task
from photochrom.service.results.keeping import keep
from photochrom.service.results.keeping import results_of as kept_of
from photochrom.service.results.repository import Results
from photochrom.service.results.tables import Result, ResultKind
from photochrom.service.shelf import store_of
from photochrom.service.usage.repository import Usage
from photochrom.service.usage.tables import Did
from photochrom.steps.plate import Pin
from photochrom.threads import usable_cores
from photochrom.trimming import of_data


def restore(run: JobRun) -> str:
    """Restores the photographs of a job that are not done yet; returns how it ended.

    Raises:
        StoppedError: It was to stop; what was finished is kept.
    """
    with run.reading() as session:
        restoration = Restorations(session).get(run.subject)
        items = Jobs(session).items(run.held.job)
        todo = [one.subject for one in items if one.state is not ItemState.DONE]
        photographs = Photographs(session).named(todo)
    tally = _Tally(run, len(items), done=len(items) - len(todo))
    workers = max(1, min(run.context.settings.workers or usable_cores(), len(todo)))
    with engine_of(run.context, run.organization, workers) as engine:
        making = _Making(run, restoration, engine, workers)
        tasks = making.tasks(todo, photographs, tally)
        outcomes = engine.run("pictures", tasks, making.hear, run.control, total=len(todo))
        with closing(outcomes):
            for outcome in outcomes:
                making.end(outcome, tally)
    tally.tell()
    if tally.away is not None:
        raise tally.away
    return tally.said


@contextmanager
def engine_of(context: Context, organization: str, workers: int) -> Iterator[Engine]:
    """The engine that works for an organization, with its own store of results.

    Pictures are decoded in processes that can die without us, also when there is but one.
    """
    store = store_of(context, organization)
    name = context.settings.engine
    if is_cluster(name):
        with opened_engine(name, store, context.settings.workers) as engine:
            yield engine
        return
    local = Workers(store, workers)
    local.keep = True
    try:
        yield local
    finally:
        local.close()


def note(run: JobRun, session: Session, id: str, state: ItemState, why: str = "") -> None:
    """Notes what has become of a photograph, and tells whoever watches."""
    run.item(session, id, state, why)
    said = {"photograph": id, "restoration": run.subject, "state": str(state), "reason": why}
    announce(session, run.organization, "restored", id, said, run.held.job)


_MOST_AWAY = 3
"""Photographs in a row that something has kept from being done that does not answer."""


@dataclass
class _Tally:
    """How many photographs of a job have come to what."""

    run: JobRun
    total: int
    done: int = 0
    failed: int = 0
    away: PhotochromError | None = None
    _in_a_row: int = 0

    @property
    def said(self) -> str:
        made = f"{self.done} of {self.total} restored"
        return f"{made}, {self.failed} failed" if self.failed else made

    def succeeds(self) -> None:
        """A photograph is done."""
        self.done, self._in_a_row = self.done + 1, 0
        self.tell()

    def fails(self, id: str, error: PhotochromError | None, why: str) -> None:
        """A photograph has failed; the others go on. One that only something that does not answer
        now has kept from being done is tried again later, with the job.

        Raises:
            PhotochromError: That was so with several, one after the other: so it would be with all.
        """
        if error is not None and away_of(error) is not None:
            self.away, self._in_a_row = error, self._in_a_row + 1
            if self._in_a_row >= _MOST_AWAY:
                raise error
            return
        with self.run.writing() as session:
            note(self.run, session, id, ItemState.FAILED, why)
        self.failed += 1
        self.tell()

    def tell(self) -> None:
        """Tells how far it is."""
        self.run.count(done=self.done, failed=self.failed, total=self.total, message=self.said)


class _Making:
    """Orders photographs, and keeps what comes of them."""

    def __init__(self, run: JobRun, restoration: Restoration, engine: Engine, workers: int):
        self._run, self._restoration, self._engine = run, restoration, engine
        self._threads = max(1, usable_cores() // workers)
        self._recipe = Recipe.from_toml(restoration.recipe)
        self._registry = Registry.default()
        # Two photographs with the same bytes and name are one task.
        self._orders: dict[str, list[tuple[str, Order]]] = {}

    def tasks(
        self, ids: list[str], photographs: dict[str, Photograph], tally: _Tally
    ) -> Iterator[Task]:
        """The tasks for some photographs; what cannot be ordered has failed."""
        for id in ids:
            row = photographs.get(id)
            if row is None:
                tally.fails(id, None, DELETED)
                continue
            name, scan = Path(row.name).stem, self._scan(row)
            try:
                order = self._order(row, name, scan)
                task = task_for(order, self._registry)
            except PhotochromError as error:
                tally.fails(id, error, _plain(error, name, scan))
                continue
            self._orders.setdefault(task.key, []).append((id, order))
            yield task

    def hear(self, event: Event) -> None:
        """Notes what the engine begins with, and tells what it tells."""
        if event.message == BEGUN:
            # What cannot be noted now was not ours to note, or is said when it is done.
            with suppress(LostError, UnavailableError), self._run.writing() as session:
                for id, _ in self._orders.get(event.key, ()):
                    note(self._run, session, id, ItemState.WORKING)
        self._run.progress(event)

    def end(self, outcome: Outcome, tally: _Tally) -> None:
        """Keeps what was made of a photograph."""
        id, order = self._orders[outcome.task.key].pop(0)
        try:
            if outcome.folder is None:
                raise (outcome.failure or Failure("not made")).as_error(PhotographError)
            rows = self._kept(id, order, outcome)
        except PhotochromError as error:
            tally.fails(id, error, _plain(error, order.name, order.scan))
            return
        with self._run.writing() as session:
            there = Photographs(session).hold(id)
            if there:
                self._enter(session, id, rows)
            else:
                prefix = kept_of(self._run.organization, self._restoration.id, id)
                Photographs(session).doom(prefix)
        if there:
            tally.succeeds()
        else:
            tally.fails(id, None, DELETED)

    def _enter(self, session: Session, id: str, rows: list[Result]) -> None:
        Results(session).replace(self._restoration.id, id, rows)
        note(self._run, session, id, ItemState.DONE)
        Usage(session).count(self._run.organization, Did.RESTORED, self._restoration.id, id)

    def _kept(self, id: str, order: Order, outcome: Outcome) -> list[Result]:
        assert outcome.folder is not None
        pictures, key = self._labelled(order, outcome.folder, outcome.task.key)
        views = self._made(view_task(order.name, pictures.color, key))
        files = dict.fromkeys(pictures.published, ResultKind.PICTURE)
        files[pictures.record] = ResultKind.RECORD
        files[views / PREVIEW] = ResultKind.PREVIEW
        files[views / THUMBNAIL] = ResultKind.THUMBNAIL
        return keep(self._run.context, self._run.organization, self._restoration.id, id, files)

    def _labelled(self, order: Order, folder: Path, key: str) -> tuple[Pictures, str]:
        """The pictures with what is known of the photograph in them."""
        task = label_for(order, folder, key)
        if task is None:
            return results_of(folder, order), key
        return results_of(self._made(task), order), task.key

    def _made(self, task: Task) -> Path:
        (outcome,) = self._small.run("pictures", [task])
        if outcome.folder is None:
            raise (outcome.failure or Failure("not made")).as_error(PhotographError)
        return outcome.folder

    @property
    def _small(self) -> Engine:
        """For what takes a moment: it does not wait for the pictures in hand."""
        return Serial(self._engine.store)

    def _scan(self, row: Photograph) -> Place:
        name = names.original(row.organization_id, row.id, row.name)
        return self._run.context.blobs.place(name)

    def _order(self, row: Photograph, name: str, scan: Place) -> Order:
        own = self._restoration.emulsion or row.emulsion
        years = years_in(row.date)
        return Order(
            name=name,
            scan=scan,
            sha256=mark_of(head(scan)) if isinstance(scan, Url) else row.sha256,
            recipe=self._recipe,
            emulsion=None if own is None else Emulsion(own),
            year=None if years is None else years.middle,
            pins=tuple(_pin(one) for one in self._restoration.pins),
            trim=of_data(**self._restoration.trim or {}),
            formats=tuple(self._restoration.formats),
            known=_known(row),
            threads=self._threads,
            bytes=row.bytes,
        )


def _known(row: Photograph) -> Known:
    """What people say of a photograph, for its derivatives."""
    return Known(
        caption=row.caption,
        people=tuple(row.people),
        place=row.place,
        date=row.date,
        credit=row.credit,
        license=row.license,
        source=row.source,
        identifier=row.identifier,
    )


def _pin(said: dict[str, Any]) -> Pin:
    x, y = said["at"]
    return Pin((x, y), said["color"], said["source"], said["strength"])


def _plain(error: PhotochromError, name: str, scan: Place) -> str:
    """An error without the place where the service keeps things."""
    return str(error).replace(str(scan), name)
