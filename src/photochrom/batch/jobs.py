"""What a batch is to do: which photographs, and where their derivatives go."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePath

from photochrom.batch.listing import far_scans
from photochrom.emulsion import Emulsion
from photochrom.errors import PhotographError, PlaceError
from photochrom.files import resolved
from photochrom.orders import Order, Reference
from photochrom.photograph import SUFFIXES
from photochrom.places import Object, Place, Url
from photochrom.recipe import Recipe
from photochrom.record import ENDING as RECORD
from photochrom.scans import RESULTS, PassedOver, find, names_of
from photochrom.source import Source
from photochrom.steps.plate import Pin
from photochrom.trimming import Trim

_LONGEST_KEY = 1024
"""Bytes of a key, in all clouds."""

_LONGEST_NAME = 255
"""Bytes of the name of a file, on nearly all systems."""


@dataclass(frozen=True)
class Settings:
    """What is done to every photograph of a batch.

    Attributes:
        recipe: The steps.
        emulsion: How the plates saw color; None lets the date decide.
        year: When the photographs were taken; None lets each scan's metadata decide.
        formats: Of each derivative: "tiff", "jpeg", "png", "webp" or "jp2".
        quality: Of JPEG and WebP.
        negative: Whether the scans are of negatives.
        trim: How much of each scan is shown, and how it lies.
        pins: Documented colors; they are places in one picture, so for one photograph only.
        references: Pictures in color that lend their colors to what they show as well.
        strip: What of the metadata is left out: "location".
        beside: What is to be made besides, to be looked at with the pictures: "compare",
            "variants", "mask".
        variants: How many variants a sheet of them shows at most.
        force: Make what is up to date, too, and replace what is not ours.
    """

    recipe: Recipe
    emulsion: Emulsion | None = None
    year: int | None = None
    formats: tuple[str, ...] = ("tiff",)
    quality: int = 92
    negative: bool = False
    trim: Trim = field(default_factory=Trim)
    pins: tuple[Pin, ...] = ()
    references: tuple[Reference, ...] = ()
    strip: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    variants: int = 4
    force: bool = False

    def order(self, name: str, scan: Place, sha256: str) -> Order:
        """What is to be made of one scan, as far as the settings say.

        Args:
            name: Of its results.
            scan: Which.
            sha256: Its digest, or what stands for that.
        """
        return Order(
            name,
            scan,
            sha256,
            self.recipe,
            emulsion=self.emulsion,
            year=self.year,
            pins=self.pins,
            references=self.references,
            negative=self.negative,
            trim=self.trim,
            formats=self.formats,
            quality=self.quality,
            strip=self.strip,
        )


@dataclass(frozen=True)
class Job:
    """One photograph of a batch.

    Attributes:
        source: The scan, or a page of it.
        folder: Where its derivatives go.
        name: Theirs, without ending.
        seen: What a listing has said of a scan that lies elsewhere; None if nobody has looked.
        sidecar: The same of its XMP sidecar, if there is one.
    """

    source: Place
    folder: Place
    name: str
    seen: Object | None = None
    sidecar: Object | None = None

    @property
    def record(self) -> Place:
        """Where the record goes."""
        return self.at(RECORD)

    def at(self, ending: str) -> Place:
        """Where a file of the results goes."""
        return self.folder / (self.name + ending)

    @property
    def too_long(self) -> bool:
        """Whether the names of its results are longer than where they go has them."""
        if isinstance(self.folder, Url):
            name = (self.name + RECORD).encode()
            key = self.folder.folder.key.encode() + name
            # They are files of some machine before they are brought there.
            return len(key) > _LONGEST_KEY or len(name) > _LONGEST_NAME
        return len(os.fsencode(self.record.name)) > _longest_name(self.folder)


@dataclass(frozen=True)
class Plan:
    """What a batch is to do; going through it gives the jobs, in order.

    Attributes:
        jobs: The photographs that were named, or found on this machine.
        folders: Folders of buckets, and where the derivatives of their photographs go; they are
            listed each time that somebody goes through.
        passed_over: What lies in the folders of this machine besides.
        suffix: What is added to the names of the results of scans in `folders`.
    """

    jobs: tuple[Job, ...]
    passed_over: PassedOver = field(default_factory=PassedOver)
    folders: tuple[tuple[Url, Place], ...] = ()
    suffix: str = ""

    def __iter__(self) -> Iterator[Job]:
        yield from self.jobs
        for folder, output in self.folders:
            for job in _far_jobs(folder, output, PassedOver()):
                yield replace(job, name=job.name + self.suffix)

    @property
    def far_output(self) -> Url | None:
        """A folder elsewhere to which derivatives go; None if all stay on this machine."""
        homes = (*(output for _, output in self.folders), *(job.folder for job in self.jobs))
        return next((one for one in homes if isinstance(one, Url)), None)

    def count(self) -> tuple[int, PassedOver]:
        """How many photographs there are, and what lies there besides. Lists all folders.

        Raises:
            PhotographError: A folder holds no photograph.
            PlaceError: It cannot be listed.
        """
        count, passed_over = len(self.jobs), replace(self.passed_over)
        for folder, output in self.folders:
            passed = PassedOver()
            found = sum(1 for _ in _far_jobs(folder, output, passed))
            if not found:
                raise _empty(folder, passed)
            count += found
            passed_over.add(passed)
        return count, passed_over


def plan(inputs: Sequence[Place], output: Place | None = None, suffix: str = "") -> Plan:
    """Finds the photographs and names their derivatives.

    Args:
        inputs: Files and pages of files, taken as they are, and folders, searched for photographs
            with their subfolders.
        output: Where derivatives go, subfolders kept; None for a folder `restored` beside each
            scan.
        suffix: What is added to the names of results, so that they lie beside those of another run.

    Raises:
        PhotographError: A folder holds no photograph.
        PlaceError: Derivatives cannot go to the web.
    """
    homes: dict[Place, Place] = {}
    taken: set[object] = set()
    passed_over = PassedOver()
    folders: dict[Url, Place] = {}
    for given in inputs:
        if isinstance(given, Url):
            home = _far_home(given, output)
            if given.is_folder:
                folders[given] = home
            elif given not in taken:
                taken.add(given)
                homes[given] = home
            continue
        found = [given]
        if given.is_dir():
            found, passed = find(given, output if isinstance(output, Path) else None)
            passed_over.add(passed)
            if not found:
                raise _empty(given, passed)
        for path in found:
            below = path.parent.relative_to(given) if given.is_dir() else Path()
            # However it is named, each scan is taken once.
            source = Source.of(path)
            if (known := (_resolved(source.file), source.page)) not in taken:
                taken.add(known)
                homes[path] = _below(output, below) if output is not None else path.parent / RESULTS
    by_folder: dict[Place, list[Place]] = {}
    for place, home in homes.items():
        by_folder.setdefault(_resolved(home), []).append(place)
    names = {one: name for places in by_folder.values() for one, name in names_of(places).items()}
    jobs = tuple(Job(one, home, names[one] + suffix) for one, home in homes.items())
    return Plan(jobs, passed_over, tuple(folders.items()), suffix)


def _far_jobs(folder: Url, output: Place, passed: PassedOver) -> Iterator[Job]:
    for scan in far_scans(folder, output, passed):
        yield Job(scan.seen.url, _below(output, scan.below), scan.name, scan.seen, scan.sidecar)


def _far_home(given: Url, output: Place | None) -> Place:
    home = output if output is not None else given.folder.parent / f"{RESULTS}/"
    if isinstance(home, Url) and home.is_web:
        raise PlaceError(
            "the web takes no files",
            where=str(given),
            fix="say with -o where derivatives go",
            kind="unsupported",
        )
    return home


def _below(folder: Place, below: PurePath) -> Place:
    return folder / below if below.parts else folder


def _resolved(place: Place) -> Place:
    return place if isinstance(place, Url) else resolved(place, PhotographError)


def _empty(folder: Place, passed: PassedOver) -> PhotographError:
    said = f" ({passed})" if str(passed) else ""
    return PhotographError(
        f"there is no photograph in this folder{said}",
        where=str(folder),
        fix=f"photographs end in {', '.join(sorted(SUFFIXES))}",
    )


def _longest_name(folder: Path) -> int:
    """Bytes of the longest file name that a folder, or the nearest one above it, can hold."""
    while not folder.is_dir() and folder != folder.parent:
        folder = folder.parent
    try:
        return os.pathconf(folder, "PC_NAME_MAX")
    except (AttributeError, ValueError, OSError):  # not on Windows
        return 255
