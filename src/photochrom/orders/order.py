"""What is ordered of one scan, and the files that come of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from photochrom.colors.stated import Sure
from photochrom.emulsion import Emulsion
from photochrom.engine import GoneError
from photochrom.photograph import Known
from photochrom.places import Place, Url
from photochrom.recipe import Recipe
from photochrom.record import BESIDE, record_path
from photochrom.source import Source
from photochrom.steps.plate import Pin
from photochrom.trimming import Trim

if TYPE_CHECKING:
    from photochrom.restored import Restored

SCAN, SIDECAR = "scan", "sidecar"
"""What the inputs of the work are called."""

REFERENCE, COMPANION = "reference {}", "companion {}"
"""The same, by their number."""

# No order can have such a name.
_GRAY = ".gray.tif"
_TRIMMED = ".scan.tif"


class Beside(Protocol):
    """A picture that is made to be looked at with derivatives; travels with their order."""

    @property
    def kind(self) -> str:
        """What it is; `record.BESIDE` says how its name ends."""

    @property
    def facts(self) -> Mapping[str, Any]:
        """All that its bytes depend on besides the order."""

    def write(self, path: Path, restored: Restored, scan: Path, derivative: Path) -> str:
        """Writes it and gives its SHA-256.

        Args:
            path: The file.
            restored: What it shows.
            scan: The original, or a page of it.
            derivative: The first that was made; its record lies beside it.
        """


@dataclass(frozen=True)
class Mask:
    """What was filled, white on black."""

    kind: str = "mask"
    facts: Mapping[str, Any] = field(default_factory=lambda: {"code": 1})

    def write(self, path: Path, restored: Restored, scan: Path, derivative: Path) -> str:
        """Writes it; see `Beside`."""
        return restored.save_mask(path)


@dataclass(frozen=True)
class Reference:
    """A picture in color that shows the same, or a page of it.

    Attributes:
        file: Where it lies.
        sha256: Digest of its file.
        source: Who says that it shows the same in its true colors.
        sure: How sure that is.
    """

    file: Path
    sha256: str
    source: str
    sure: Sure = "assumed"

    @property
    def name(self) -> str:
        """What people call it."""
        return Source.of(self.file).file.name


@dataclass(frozen=True)
class Companion:
    """Another photograph that lends its colors.

    Attributes:
        name: What people call it.
        key: Of the glance at it (`glance_task`).
    """

    name: str
    key: str


@dataclass(frozen=True)
class Order:
    """What is to be made of one scan.

    Attributes:
        name: Of the results: their files' name without ending.
        scan: The original, or a page of it (`Source`).
        sha256: Digest of its file; the work refuses another. Of one that lies elsewhere, what
            stands for that (`places.mark_of`): whoever restores it finds out the digest.
        recipe: The steps.
        emulsion: How the plate saw color; None lets the date decide.
        year: When the photograph was taken; None lets the scan's metadata decide.
        pins: Documented colors.
        references: Pictures in color that lend their colors to what they show as well.
        companions: Photographs of the same scene or subject, that agree with it on colors.
        negative: Whether the scan is of a negative.
        trim: How much of the scan is shown, and how it lies.
        formats: The first is the one that films show.
        quality: Of JPEG and WebP.
        sidecar: Digest of the XMP sidecar of the scan, or None; the work refuses another.
        sidecar_at: Where it lies, if that is elsewhere.
        strip: What of the metadata is left out: "location".
        known: What is known of the photograph besides what its file says. It is written into copies
            of the pictures (`label_for`), so that nothing is restored again when it changes.
        gray: Whether the restored picture in the plate's own light is wanted, too, and the scan as
            it was trimmed.
        beside: What is to be made besides, to be looked at with the pictures.
        threads: How many threads a network may use; does not change the result.
        bytes: Size of the scan's file where its pixels cannot be counted yet.
    """

    name: str
    scan: Place
    sha256: str
    recipe: Recipe
    emulsion: Emulsion | None = None
    year: int | None = None
    pins: tuple[Pin, ...] = ()
    references: tuple[Reference, ...] = ()
    companions: tuple[Companion, ...] = ()
    negative: bool = False
    trim: Trim = field(default_factory=Trim)
    formats: tuple[str, ...] = ("tiff",)
    quality: int = 92
    sidecar: str | None = None
    sidecar_at: Url | None = None
    strip: tuple[str, ...] = ()
    known: Known = field(default_factory=Known)
    gray: bool = False
    beside: tuple[Beside, ...] = ()
    threads: int = 1
    bytes: int = 0

    @property
    def variants(self) -> int:
        """How many variants are wanted, to be looked at."""
        return max([1, *(int(one.facts.get("most", 1)) for one in self.beside)])


@dataclass(frozen=True)
class Pictures:
    """The files of a result.

    Attributes:
        published: What is for people: the pictures in order of formats, what is to be looked at
            with them, the record.
        color: The final picture.
        gray: The restored picture in the plate's own light; the same file where that is final, or
            where it was not wanted.
        record: The record.
        scan: The scan as the picture shows it; None if that is all of it, as it lies, or if it was
            not wanted.
    """

    published: tuple[Path, ...]
    color: Path
    gray: Path
    record: Path
    scan: Path | None = None


def results_of(folder: Path, order: Order) -> Pictures:
    """The files that lie in the folder of an order's result, or of its labels.

    Raises:
        GoneError: The folder is not there any more, or another has just taken its place.
    """
    pictures = derivatives(folder, order)
    record = record_path(pictures[0])
    gray, scan = gray_of(folder), trimmed_of(folder)
    try:
        before = folder.stat()
        has_gray, has_scan = gray.exists(), scan.exists()
        after = folder.stat()
        # Of a folder that went meanwhile, nobody knows whether it had them.
        same = (before.st_ino, before.st_ctime_ns) == (after.st_ino, after.st_ctime_ns)
    except FileNotFoundError:
        same = False
    if not same:
        raise GoneError("a picture is gone", where=folder, fix="run it again")
    return Pictures(
        published=(*pictures, *beside_of(folder, order), record),
        color=pictures[0],
        gray=gray if has_gray else pictures[0],
        record=record,
        scan=scan if has_scan else None,
    )


def derivatives(folder: Path, order: Order) -> list[Path]:
    """Where in the folder of a result its pictures lie, in order of formats."""
    from photochrom.photograph import ENDINGS

    return [folder / (order.name + ENDINGS[format]) for format in order.formats]


def beside_of(folder: Path, order: Order) -> list[Path]:
    """Where in the folder of a result lies what is to be looked at with the pictures."""
    return [folder / (order.name + BESIDE[one.kind]) for one in order.beside]


def gray_of(folder: Path) -> Path:
    """Where in the folder of a result the picture in the plate's own light lies, if it is there."""
    return folder / _GRAY


def trimmed_of(folder: Path) -> Path:
    """Where in the folder of a result the scan as the picture shows it lies, if it is there."""
    return folder / _TRIMMED
