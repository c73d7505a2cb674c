"""What a batch will take, before it is begun: counted, and measured on a few of its photographs."""

from __future__ import annotations

import hashlib
import heapq
import time
from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from PIL import Image

from photochrom.batch.jobs import Job, Plan, Settings
from photochrom.engine import Control, Store
from photochrom.engine.staging import told_of
from photochrom.errors import PhotochromError
from photochrom.files import sha256_of
from photochrom.nets import Registry
from photochrom.orders import key_for, work
from photochrom.photograph import dimensions, sidecar_digest
from photochrom.places import Url, fetch, head
from photochrom.scans import PassedOver
from photochrom.source import Source

SAMPLES = 3
"""Photographs that are restored to find out how long one takes."""

_MEASURED = 20
"""Photographs of which the pixels are counted."""

_SMALL = 256
"""Side of a picture that takes hardly more than every picture does, whatever its size."""


@dataclass
class Extent:
    """How much there is.

    Attributes:
        scans: Photographs.
        bytes: Of all files together.
        by_kind: The same by the ending of their names.
        sample: Some of them, the same ones each time, as if drawn by lot.
        passed_over: What lies there besides.
    """

    scans: int = 0
    bytes: int = 0
    by_kind: Counter[str] = field(default_factory=Counter)
    sample: list[Job] = field(default_factory=list)
    passed_over: PassedOver = field(default_factory=PassedOver)


@dataclass(frozen=True)
class Estimate:
    """What a batch will take.

    Attributes:
        scans: Photographs.
        bytes: Of their files.
        megapixels: Of all, by those of the sample.
        a_megapixel: Time of one core for a megapixel of scan, in seconds; 0 if those measured were
            too small to tell what their pixels take from what each of them takes.
        a_photograph: The same for each photograph, besides that; 0 if it was told or not measured.
        a_start: The same for each worker, before its first photograph: it loads the networks.
        measured: On how many photographs; 0 if it was told.
    """

    scans: int
    bytes: int
    megapixels: float
    a_megapixel: float
    a_photograph: float
    a_start: float
    measured: int

    @property
    def core_seconds(self) -> float:
        """Time of one core for all photographs, without the start of workers."""
        return self.scans * self.a_photograph + self.megapixels * self.a_megapixel

    def hours(self, cores: int) -> float:
        """Hours on so many cores, each with a worker that starts, if none of them ever waits."""
        return (self.a_start + self.core_seconds / max(1, min(cores, self.scans))) / 3600

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "scans": self.scans,
            "bytes": self.bytes,
            "megapixels": round(self.megapixels, 1),
            "core_hours": round(self.core_seconds / 3600, 3),
            "core_seconds_a_megapixel": round(self.a_megapixel, 3),
            "core_seconds_a_photograph": round(self.a_photograph, 3),
            "core_seconds_a_start": round(self.a_start, 3),
            "measured_on": self.measured,
        }


def extent_of(plan: Plan) -> Extent:
    """Counts the photographs of a batch; folders in buckets are listed, and nothing is read.

    Raises:
        PhotographError: A file is not there.
        PlaceError: A folder cannot be listed.
    """
    extent = Extent(passed_over=plan.passed_over)
    lots: list[tuple[int, int, Job]] = []
    for number, job in enumerate(plan):
        size = _size(job)
        extent.scans += 1
        extent.bytes += size
        extent.by_kind[_kind(job)] += size
        # Whose digest is least: a lot that is the same each time, and needs no memory of the rest.
        lot = int.from_bytes(hashlib.sha256(str(job.source).encode()).digest()[:8], "big")
        heapq.heappush(lots, (-lot, number, job))
        if len(lots) > _MEASURED:
            heapq.heappop(lots)
    extent.sample = [job for _, _, job in sorted(lots, reverse=True)]
    return extent


def estimate(
    extent: Extent,
    settings: Settings,
    store: Store,
    *,
    samples: int = SAMPLES,
    a_megapixel: float | None = None,
    control: Control | None = None,
) -> Estimate:
    """Finds out what a batch will take.

    Args:
        extent: How much there is.
        settings: What is to be done.
        store: Lends scratch folders.
        samples: How many photographs are restored to measure it, on one core.
        a_megapixel: Seconds that one core takes for a megapixel, where that is known already; then
            nothing is measured.
        control: Asked between photographs; told to end, it makes do with what it has.

    Raises:
        PhotochromError: None of the sample can be read, or a network is missing.
    """
    pixels, sizes = Counter[str](), Counter[str]()
    seconds = megapixels = 0.0
    measured = 0
    error: PhotochromError | None = None
    start, small = (0.0, 0.0) if a_megapixel is not None else _fixed(settings, store)
    for job in extent.sample:
        if control is not None and not control.goes_on():
            break
        with store.scratch() as folder:
            try:
                scan = _brought(job, folder)
                with told_of({scan: str(job.source)}):
                    width, height = dimensions(scan)
            except PhotochromError as cause:
                error = cause
                continue
            kind = _kind(job)
            pixels[kind] += width * height
            sizes[kind] += max(1, _size(job))
            if a_megapixel is None and measured < samples:
                with told_of({scan: str(job.source)}):
                    seconds += _restored(scan, folder, settings)
                megapixels += width * height / 1e6
                measured += 1
    if not pixels:
        raise error or PhotochromError("there is nothing to measure")
    total = _total(extent, pixels, sizes) / 1e6
    if a_megapixel is not None:
        return Estimate(extent.scans, extent.bytes, total, a_megapixel, 0.0, 0.0, 0)
    each, rate = _parts(seconds / max(1, measured), megapixels / max(1, measured), small)
    return Estimate(extent.scans, extent.bytes, total, rate, each, start, measured)


def _parts(seconds: float, megapixels: float, small: float) -> tuple[float, float]:
    """What a photograph takes whatever its size, and what each of its megapixels takes.

    Args:
        seconds: What those measured took on average.
        megapixels: How large they were on average.
        small: What a small picture takes.

    Returns:
        Seconds for a photograph and for a megapixel. The latter is 0 where those measured were so
        small that their pixels do not stand out.
    """
    more = megapixels - _SMALL**2 / 1e6
    if more < megapixels / 2 or seconds <= small:
        return seconds, 0.0
    rate = (seconds - small) / more
    return max(0.0, seconds - rate * megapixels), rate


def _total(extent: Extent, pixels: Counter[str], sizes: Counter[str]) -> float:
    """Pixels of all, from those of the sample, kind by kind."""
    usual = pixels.total() / sizes.total()
    each = {kind: pixels[kind] / sizes[kind] for kind in pixels}
    return sum(size * each.get(kind, usual) for kind, size in extent.by_kind.items())


def _fixed(settings: Settings, store: Store) -> tuple[float, float]:
    """What does not depend on pixels: seconds that a worker takes to load what it does once for all
    of its photographs, and seconds that a small picture takes after that."""
    took = []
    for _ in range(2):
        with store.scratch() as folder:
            scan = folder / "gray.png"
            Image.linear_gradient("L").resize((_SMALL, _SMALL)).save(scan)
            took.append(_restored(scan, folder, settings))
    first, second = took
    return max(0.0, first - second), second


def _restored(scan: Path, folder: Path, settings: Settings) -> float:
    """Seconds of processor time that one photograph takes, on one core."""
    source = Source.of(scan)
    sha256, sidecar = sha256_of(source.file), sidecar_digest(source.file)
    order = replace(settings.order("sample", scan, sha256), sidecar=sidecar)
    registry = Registry.default()
    argument = (order, key_for(order, registry), registry.provider)
    results = folder / "results"
    results.mkdir()
    started = time.process_time()
    work(results, argument, {"scan": source.file}, lambda message, share: None)
    return time.process_time() - started


def _brought(job: Job, folder: Path) -> Path:
    """The scan as a file of this machine, named with its page."""
    if not isinstance(job.source, Url):
        return job.source
    source = Source.of(job.source)
    path = folder / source.file.name
    fetch(source.file, path)
    return source.on(path)


def _size(job: Job) -> int:
    if job.seen is not None:
        return job.seen.size
    if isinstance(job.source, Url):
        return head(Source.of(job.source).file).size
    try:
        return Source.of(job.source).file.stat().st_size
    except OSError as error:
        raise PhotochromError(
            f"cannot be read ({(error.strerror or str(error)).lower()})",
            where=job.source,
            fix="check the name",
        ) from error


def _kind(job: Job) -> str:
    file = Source.of(job.source).file
    return str(file.suffix).lower()
