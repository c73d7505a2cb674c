"""One scan through one recipe, as a task: what is ordered, its key, and the files that come of it.

Whoever restores photographs orders them here: single pictures and folders (`batch`), productions,
clusters. Two orders with the same key are the same pictures to the byte.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from photochrom.emulsion import Emulsion
from photochrom.engine import Far, GoneError, Input, Needs, Report, Task, key_of
from photochrom.engine.keys import FILES, NETWORKS
from photochrom.errors import PhotochromError, PhotographError
from photochrom.files import write_text
from photochrom.nets import Provider, Registry
from photochrom.photograph import Known
from photochrom.places import Place, Url
from photochrom.recipe import Recipe
from photochrom.record import Record, record_path
from photochrom.sidecar import sidecar_of
from photochrom.source import Source
from photochrom.steps.plate import Pin
from photochrom.threads import limited_threads

if TYPE_CHECKING:
    from photochrom.restoration import Restored

CODE = 5
"""Raised whenever the files of a result change in another way than by steps and recipes."""

LABEL_CODE = 1
"""The same for what is written into copies of them."""

MEMORY = 2**29
"""Bytes that restoring takes at its peak, whatever the size of the picture."""

MEMORY_A_PIXEL = 12
"""Bytes for each pixel of the result besides; docs/benchmarks.md has what was measured."""

_PIXELS_A_BYTE = 6
"""Pixels that files hold in a byte, when they are well compressed."""

_WHOLE = frozenset({".tif", ".tiff", ".bmp", ".ppm", ".pgm", ".pnm"})
"""Files that are hardly compressed."""

_SCAN = "scan"
_SIDECAR = "sidecar"
_PICTURE = "picture"
# No order can have such a name.
_GRAY = ".gray.tif"


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
        negative: Whether the scan is of a negative.
        formats: The first is the one that films show.
        quality: Of JPEG and WebP.
        sidecar: Digest of the XMP sidecar of the scan, or None; the work refuses another.
        sidecar_at: Where it lies, if that is elsewhere.
        strip: What of the metadata is left out: "location".
        known: What is known of the photograph besides what its file says. It is written into copies
            of the pictures (`label_for`), so that nothing is restored again when it changes.
        gray: Whether the restored picture in the plate's own light is wanted, too.
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
    negative: bool = False
    formats: tuple[str, ...] = ("tiff",)
    quality: int = 92
    sidecar: str | None = None
    sidecar_at: Url | None = None
    strip: tuple[str, ...] = ()
    known: Known = field(default_factory=Known)
    gray: bool = False
    threads: int = 1
    bytes: int = 0


@dataclass(frozen=True)
class Pictures:
    """The files of a result.

    Attributes:
        published: What is for people: the pictures in order of formats, the record.
        color: The final picture.
        gray: The restored picture in the plate's own light; the same file where that is final, or
            where it was not wanted.
        record: The record.
    """

    published: tuple[Path, ...]
    color: Path
    gray: Path
    record: Path


def key_for(order: Order, registry: Registry) -> str:
    """The key of an order: the digest of all that its result depends on.

    What is known of the photograph is no part of it; see `label_for`.

    Raises:
        ModelError: There is no network for a step of the recipe, or it cannot do what that asks.
    """
    from photochrom.restoration import cards_used, check

    check(order.recipe, registry)
    cards = cards_used(order.recipe, registry)
    source = Source.of(order.scan)
    facts = {
        "name": order.name,
        "scan": [source.file.name, source.page],
        "recipe": [order.recipe.name, order.recipe.digest],
        "emulsion": order.emulsion,
        "year": order.year,
        "pins": order.pins,
        "negative": order.negative,
        "networks": {step: [card.contract_digest for card in used] for step, used in cards.items()},
        "provider": registry.provider,
        "formats": order.formats,
        "quality": order.quality,
        "strip": sorted(order.strip),
        "gray": order.gray,
    }
    inputs = {_SCAN: order.sha256}
    if order.sidecar is not None:
        inputs[_SIDECAR] = order.sidecar
    return key_of(_PICTURE, CODE, facts, inputs=inputs, libraries=(*NETWORKS, *FILES))


def task_for(order: Order, registry: Registry) -> Task:
    """The engine's task for an order.

    Raises:
        ModelError: As `key_for`.
    """
    key = key_for(order, registry)
    inputs = _inputs(order)
    needs = replace(_needs(order), gpu=registry.provider.gpu)
    argument = (order, key, registry.provider)
    return Task(key, order.name, work, argument, inputs, needs, _PICTURE)


def _inputs(order: Order) -> dict[str, Input | Far]:
    # Whoever runs the task keeps both beside each other, by their names.
    if isinstance(order.scan, Url):
        far = {_SCAN: Far(Source.of(order.scan).file, order.sha256)}
        if order.sidecar is not None and order.sidecar_at is not None:
            far[_SIDECAR] = Far(order.sidecar_at, order.sidecar)
        return {**far}
    scan = Source.of(order.scan).file
    inputs = {_SCAN: Input(scan, order.sha256)}
    if order.sidecar is not None and (sidecar := sidecar_of(scan)) is not None:
        inputs[_SIDECAR] = Input(sidecar, order.sidecar)
    return {**inputs}


def label_for(order: Order, restored: Path, key: str) -> Task | None:
    """The task that writes what is known into copies of the pictures; None if nothing is known.

    Their pixels are copied as they are encoded, so that it takes no longer than that. The files of
    its result are those of `results_of`, but for what only films need.

    Args:
        order: The order.
        restored: Its result.
        key: Its key.
    """
    if order.known == Known():
        return None
    facts = {"known": order.known, "strip": sorted(order.strip), "formats": order.formats}
    label = key_of("label", LABEL_CODE, facts, inputs={_PICTURE: key}, libraries=FILES)
    pictures = _derivatives(restored, order)
    files = (*pictures, record_path(pictures[0]))
    inputs = {path.name: Input(path, key) for path in files}
    return Task(label, order.name, write_labels, (order, label), inputs, Needs(), "label")


def work(
    folder: Path, argument: tuple[Order, str, Provider], inputs: Mapping[str, Path], report: Report
) -> None:
    """Restores a photograph and fills a folder with its derivatives and its record.

    Networks run on what the key was made for, whatever the environment of the worker says.
    """
    from photochrom.photograph import Photograph
    from photochrom.restoration import restore

    order, key, provider = argument
    photograph = Photograph.open(Source.of(order.scan).on(inputs[_SCAN]))
    found = (photograph.info.sha256, photograph.info.sidecar)
    # Of what comes from elsewhere, whoever has brought it has made sure.
    if isinstance(order.scan, Path) and found != (order.sha256, order.sidecar):
        raise PhotographError(
            "was changed while it was being worked on", where=str(order.scan), fix="run it again"
        )
    steps = len(order.recipe.steps) + 1

    def progress(step: str, done: float) -> None:
        report(step, (order.recipe.steps.index(step) + done) / steps)

    # Of several that run side by side each has its share of the cores.
    with limited_threads(order.threads):
        restored = restore(
            photograph,
            order.recipe,
            emulsion=order.emulsion,
            year=order.year,
            pins=order.pins,
            negative=order.negative,
            registry=Registry.default(threads=order.threads, provider=provider),
            progress=progress,
        )
        report("write", (steps - 1) / steps)
        _write(restored, folder, order, key)


def write_labels(
    folder: Path, argument: tuple[Order, str], inputs: Mapping[str, Path], report: Report
) -> None:
    """Writes what is known into copies of the derivatives, and their digests into the record."""
    from photochrom.photograph import relabel

    order, key = argument
    targets = _derivatives(folder, order)
    made = []
    for number, target in enumerate(targets):
        report("label", number / len(targets))
        digest = relabel(inputs[target.name], target, order.known, strip=order.strip)
        made.append({"file": target.name, "sha256": digest})
    record = record_path(targets[0])
    said = replace(Record.open(inputs[record.name]), derivatives=made, order=key)
    write_text(record, said.to_json())


def results_of(folder: Path, order: Order) -> Pictures:
    """The files that `work`, or `write_labels`, has put into a folder.

    Raises:
        GoneError: The folder is not there any more, or another has just taken its place.
    """
    pictures = _derivatives(folder, order)
    record = record_path(pictures[0])
    gray = folder / _GRAY
    try:
        before = folder.stat()
        has_gray = gray.exists()
        after = folder.stat()
        # Of a folder that went meanwhile, nobody knows whether it had one.
        same = (before.st_ino, before.st_ctime_ns) == (after.st_ino, after.st_ctime_ns)
    except FileNotFoundError:
        same = False
    if not same:
        raise GoneError("a picture is gone", where=folder, fix="run it again")
    return Pictures(
        published=(*pictures, record),
        color=pictures[0],
        gray=gray if has_gray else pictures[0],
        record=record,
    )


def _write(restored: Restored, folder: Path, order: Order, key: str) -> None:
    restored.save(*_derivatives(folder, order), quality=order.quality, strip=order.strip, order=key)
    if order.gray and not restored.shows_own_light:
        restored.save_gray(folder / _GRAY)


def _derivatives(folder: Path, order: Order) -> list[Path]:
    from photochrom.photograph import ENDINGS

    return [folder / (order.name + ENDINGS[format]) for format in order.formats]


def _needs(order: Order) -> Needs:
    pixels = _pixels(order)
    if pixels is None:
        return Needs(threads=order.threads)  # The work will say what is wrong with it.
    clarity = order.recipe.params.get("clarity") if "clarity" in order.recipe.steps else None
    scale: int = getattr(clarity, "scale", 1)
    pixels *= scale * scale
    return Needs(memory=MEMORY + MEMORY_A_PIXEL * pixels, threads=order.threads)


def _pixels(order: Order) -> int | None:
    """Of the scan; from elsewhere, at most so many as files of its size hold as a rule."""
    from photochrom.photograph import dimensions

    if isinstance(order.scan, Url):
        whole = Source.of(order.scan).file.suffix.lower() in _WHOLE
        return order.bytes * (1 if whole else _PIXELS_A_BYTE)
    try:
        width, height = dimensions(order.scan)
    except PhotochromError:
        return None
    return width * height
