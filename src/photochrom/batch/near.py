"""Derivatives that go to a folder of this machine: made into the store, and put there from it."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from photochrom.batch.jobs import Job
from photochrom.batch.standing import PICTURES, Standing, standing, wanted_of
from photochrom.engine import (
    Failure,
    Ledger,
    Outcome,
    Serial,
    Store,
    Task,
    publish,
    twice,
)
from photochrom.errors import PhotographError
from photochrom.files import sweep_parts
from photochrom.nets import Registry
from photochrom.orders import Order, Pictures, results_of, task_for
from photochrom.places import Url
from photochrom.record import Record


class Near:
    """Folders of this machine, as where derivatives go.

    Args:
        store: Where what is in hand lies until it is published, so that a run that was killed goes
            on where it was.
        ledger: Knows what a run that was killed was about to publish.
        scans: Those of the whole batch, resolved; none is ever replaced.
        force: Replace what is ours, whoever has changed it.
    """

    def __init__(self, store: Store, ledger: Ledger, scans: Collection[Path], *, force: bool):
        self._store, self._ledger, self._scans, self._force = store, ledger, scans, force
        self._swept: set[Path] = set()

    def standing(self, job: Job, sha256: str | None, wanted: Collection[str]) -> Standing:
        """What lies there; see `batch.standing`."""
        folder = _near(job)
        if folder not in self._swept:
            self._swept.add(folder)
            sweep_parts(folder)
        return standing(job, sha256, wanted, self._ledger, scans=self._scans, force=self._force)

    def task(self, job: Job, order: Order, key: str, there: Standing, registry: Registry) -> Task:
        """What makes the derivatives."""
        return task_for(order, registry)

    def publish(self, outcome: Outcome, job: Job, order: Order, key: str, *, last: bool) -> Record:
        """Puts a result there, and gives its record.

        Args:
            outcome: How its task ended: well.
            job: The job.
            order: Its order.
            key: The order's key.
            last: Whether nobody else waits for the result.

        Raises:
            PhotographError: Somebody has put something else there meanwhile.
        """
        # Another run may make the same; whoever comes second finds it there.
        with self._store.held(key):
            # Again: somebody may have been at work there, too.
            there = self.standing(job, _sha256(order), wanted_of(order))
            if not there.is_of(key, order):
                twice(lambda: self._put(outcome.task, order, job))
            if last:
                self._store.forget(key)
            for path in _files(job, order):
                self._ledger.forget(path)  # From now on the record says whose they are.
        return Record.open(_near(job) / job.record.name)

    def _put(self, task: Task, order: Order, job: Job) -> None:
        for source in self._there(task, order).published:
            publish(source, _near(job) / source.name, self._ledger, force=True)
            self._ledger.forget(source)

    def _there(self, task: Task, order: Order) -> Pictures:
        """The result of a task; made once more if another run has published and removed it."""
        (outcome,) = Serial(self._store).run("restore", [task])
        if outcome.folder is None:
            raise (outcome.failure or Failure("not made")).as_error(PhotographError)
        return results_of(outcome.folder, order)


def _sha256(order: Order) -> str | None:
    """Of the scan, where it is known before it is read."""
    return None if isinstance(order.scan, Url) else order.sha256


def _files(job: Job, order: Order) -> list[Path]:
    names = [job.name + PICTURES[one] for one in wanted_of(order)]
    return [_near(job) / name for name in (*names, job.record.name)]


def _near(job: Job) -> Path:
    assert isinstance(job.folder, Path)
    return job.folder
