"""Derivatives that go to a bucket: what lies there already, and bringing them there.

Whoever restores a photograph brings it there, so that no picture goes through the machine that
supervises. The record comes last: where it lies, all that it describes has come.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from photochrom.batch.digests import Digests
from photochrom.batch.jobs import Job
from photochrom.batch.standing import PICTURES, Standing, apart
from photochrom.engine import Outcome, Report, Task, key_of
from photochrom.errors import PhotographError, RetouchedError
from photochrom.nets import Provider, Registry
from photochrom.orders import Order, results_of, task_for
from photochrom.orders import work as restore
from photochrom.places import Object, Url, find, put, read
from photochrom.record import Record

CODE = 1
"""Raised whenever what is brought, or where, changes for the same pictures."""

_PICTURE = "picture"
_FIX = "rename it to keep it, or run again with --force to replace it"
_MEDIA = {
    ".tif": "image/tiff",
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".webp": "image/webp",
    ".jp2": "image/jp2",
    ".json": "application/json",
}


@dataclass(frozen=True)
class Delivery:
    """What is to be brought where.

    Attributes:
        order: What is to be made.
        key: The order's.
        provider: What networks run on.
        folder: Where it goes.
        there: Etags of what lies there and is to be replaced, by name.
        instead: SHA-256 of the scan that the record there speaks of; None if there is none, or
            whatever it is.
    """

    order: Order
    key: str
    provider: Provider
    folder: Url
    there: Mapping[str, str | None]
    instead: str | None = None


@dataclass(frozen=True)
class FarStanding(Standing):
    """What lies in a bucket where the results of a job go.

    Attributes:
        there: Etags of what may be replaced, by name.
    """

    there: Mapping[str, str | None] = field(default_factory=dict)


class Far:
    """Buckets, as where derivatives go.

    Args:
        cache: The folder in which is remembered what had to be read.
        force: Replace what is ours, whoever has changed it.
    """

    def __init__(self, cache: Path, *, force: bool):
        self._digests, self._force = Digests(cache), force

    def standing(self, job: Job, sha256: str | None, wanted: Collection[str]) -> Standing:
        """What lies there. That a derivative is ours, and nobody has changed it since, its own
        attribute says, or its bytes where it was copied by a tool that has dropped that.

        Args:
            job: The job.
            sha256: Digest of its scan; None if nobody has read it.
            wanted: Formats and kinds (`record.BESIDE`) of what it is to make.

        Raises:
            RetouchedError: Somebody has changed a result that lies there.
            PhotographError: Something there is not ours.
            PlaceError: The place cannot be asked.
        """
        there: dict[str, str | None] = {}
        record = None
        if (found := find(_far(job.record))) is not None:
            there[job.record.name] = found.etag
            record = _record(found.url, force=self._force)
        described = {} if record is None else record.files
        whole = []
        for kind, ending in PICTURES.items():
            url = _far(job.at(ending))
            if url.name not in described and kind not in wanted:
                continue
            if url == job.source:
                what = "would replace the original photograph"
                fix = "choose another output, or add something to its name with --suffix"
                raise PhotographError(what, where=str(url), fix=fix)
            if (one := find(url)) is None:
                continue
            sha256 = self._may_go(one, described.get(url.name))
            there[url.name] = one.etag
            if sha256 == described.get(url.name, ""):
                whole.append(kind)
        return FarStanding(record, *apart(whole), there)

    def _may_go(self, one: Object, described: str | None) -> str | None:
        """The digest of something that lies there, if that is known or matters; an error if it is
        to stay."""
        if one.owner and not self._force:
            what = f"belongs to a production, {one.owner}"
            raise PhotographError(what, where=str(one.url), fix="choose another output")
        # What has our attribute is ours; without a record it is what a run that was stopped has
        # left.
        if one.sha256 is not None:
            return one.sha256
        if described is None:
            # It may be a scan, and not even by force is one replaced.
            what = "was put there by somebody else and is left as it is"
            fix = "move it away, or choose another output"
            raise PhotographError(what, where=str(one.url), fix=fix)
        if self._force:
            return None
        sha256 = self._digests.of(one)
        if sha256 != described:
            what = "was changed, or put there, by somebody and is left as it is"
            raise RetouchedError(what, where=str(one.url), fix=_FIX)
        return sha256

    def task(self, job: Job, order: Order, key: str, there: Standing, registry: Registry) -> Task:
        """What makes the derivatives and brings them there; its result is the record."""
        assert isinstance(there, FarStanding)
        instead = None
        if there.record is not None and not self._force:
            instead = there.record.original["sha256"]
        folder = _far(job.folder)
        delivery = Delivery(order, key, registry.provider, folder, there.there, instead)
        own = key_of("delivery", CODE, {"to": str(folder)}, inputs={_PICTURE: key})
        made = task_for(order, registry)
        # What lies there has been looked at; what the store knows is of another day.
        return replace(made, key=own, work=deliver, argument=delivery, kind="delivery", anew=True)

    def publish(self, outcome: Outcome, job: Job, order: Order, key: str, *, last: bool) -> Record:
        """Gives the record of what has been brought there."""
        assert outcome.folder is not None
        return Record.open(outcome.folder / job.record.name)


def deliver(folder: Path, delivery: Delivery, inputs: Mapping[str, Path], report: Report) -> None:
    """Restores a photograph and puts its derivatives, and then its record, into a bucket.

    Done twice it changes nothing: the same bytes are put in the same place.
    """
    order = delivery.order
    restore(folder, (order, delivery.key, delivery.provider), inputs, report)
    pictures = results_of(folder, order)
    found = Record.open(pictures.record).original["sha256"]
    if delivery.instead not in (None, found):
        raise PhotographError(
            f"describes what was made of another scan than {order.scan}",
            where=str(delivery.folder / pictures.record.name),
            fix="choose another output folder, or run again with --force to replace it",
        )
    for path in pictures.published:
        report("deliver", 1.0)
        url = delivery.folder / path.name
        media = _MEDIA.get(path.suffix)
        etag = delivery.there.get(path.name)
        if path.name in delivery.there:
            put(path, url, mode="replace", etag=etag, media_type=media)
        else:
            put(path, url, media_type=media)
        if path != pictures.record:
            path.unlink()


def _record(url: Url, *, force: bool) -> Record | None:
    try:
        return Record.from_json(read(url).decode(), str(url))
    except (PhotographError, UnicodeDecodeError) as error:
        if force:
            return None
        what = f"{error.what if isinstance(error, PhotographError) else 'is no text'}"
        raise PhotographError(f"{what}, and is left as it is", where=str(url), fix=_FIX) from error


def _far(place: object) -> Url:
    assert isinstance(place, Url)
    return place
