"""What a batch is to do: which photographs, and where their derivatives go."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from photochrom.emulsion import Emulsion
from photochrom.errors import PhotographError
from photochrom.files import resolved
from photochrom.photograph import SUFFIXES
from photochrom.recipe import Recipe
from photochrom.record import record_path
from photochrom.scans import RESULTS, PassedOver, find, names_of
from photochrom.source import Source
from photochrom.steps.plate import Pin


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
        pins: Documented colors; they are places in one picture, so for one photograph only.
        strip: What of the metadata is left out: "location".
        force: Make what is up to date, too, and replace what is not ours.
    """

    recipe: Recipe
    emulsion: Emulsion | None = None
    year: int | None = None
    formats: tuple[str, ...] = ("tiff",)
    quality: int = 92
    negative: bool = False
    pins: tuple[Pin, ...] = ()
    strip: tuple[str, ...] = ()
    force: bool = False


@dataclass(frozen=True)
class Job:
    """One photograph of a batch.

    Attributes:
        source: The scan, or a page of it.
        folder: Where its derivatives go.
        name: Theirs, without ending.
    """

    source: Path
    folder: Path
    name: str

    @property
    def record(self) -> Path:
        """Where the record goes."""
        return record_path(self.folder / f"{self.name}.tif")

    @property
    def too_long(self) -> bool:
        """Whether the names of its results are longer than its folder's file system has them."""
        return len(os.fsencode(self.record.name)) > _longest_name(self.folder)


@dataclass(frozen=True)
class Plan:
    """What a batch is to do.

    Attributes:
        jobs: The photographs, in order.
        passed_over: What lies in the folders besides.
    """

    jobs: tuple[Job, ...]
    passed_over: PassedOver = field(default_factory=PassedOver)


def plan(inputs: Sequence[Path], output: Path | None = None) -> Plan:
    """Finds the photographs and names their derivatives.

    Args:
        inputs: Files and pages of files, taken as they are, and folders, searched for photographs
            with their subfolders.
        output: Where derivatives go, subfolders kept; None for a folder `restored` beside each
            scan.

    Raises:
        PhotographError: A folder holds no photograph.
    """
    homes: dict[Path, Path] = {}
    taken: set[Source] = set()
    passed_over = PassedOver()
    for given in inputs:
        found = [given]
        if given.is_dir():
            found, passed = find(given, output)
            passed_over.add(passed)
            if not found:
                raise _empty(given, passed)
        for path in found:
            below = path.parent.relative_to(given) if given.is_dir() else Path()
            home = output / below if output is not None else path.parent / RESULTS
            # However it is named, each scan is taken once.
            source = Source.of(path)
            if (known := Source(resolved(source.file, PhotographError), source.page)) not in taken:
                taken.add(known)
                homes[path] = home
    by_folder: dict[Path, list[Path]] = {}
    for path, home in homes.items():
        by_folder.setdefault(resolved(home, PhotographError), []).append(path)
    names = {path: name for paths in by_folder.values() for path, name in names_of(paths).items()}
    jobs = tuple(Job(path, home, names[path]) for path, home in homes.items())
    return Plan(jobs, passed_over)


def _empty(folder: Path, passed: PassedOver) -> PhotographError:
    said = f" ({passed})" if str(passed) else ""
    return PhotographError(
        f"there is no photograph in this folder{said}",
        where=folder,
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
