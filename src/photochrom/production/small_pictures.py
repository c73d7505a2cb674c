"""Small copies of the pictures that a preview shows: to read large ones takes most of its time."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import cv2

from photochrom.engine import Engine, FolderStore, Ledger, Progress, Report, Task
from photochrom.errors import ProductionError
from photochrom.film.camera import attention
from photochrom.film.camera.attention import Attention
from photochrom.film.pictures import Stills, Version
from photochrom.film.storyboard import ComparisonCard, Shot
from photochrom.photograph import Photograph, dimensions, open_reduced
from photochrom.production.file import ProductionFile
from photochrom.production.footage import shown
from photochrom.production.pictures import Pictures

CODE = 2
"""Raised whenever the same picture gives another copy."""

LONGEST = 1600
"""Pixels of a copy's longer side: a camera may come near, and frames still find enough of them."""

_STAGE = "pictures"
_COPY, _SEEN = "small.png", "attention.json"


@dataclass(frozen=True)
class Order:
    """A picture to be copied.

    Attributes:
        source: Its file.
        looked_at: Whether cameras and words have to know what matters in it.
    """

    source: Path
    looked_at: bool


def small_stills(
    file: ProductionFile,
    pictures: Mapping[str, Pictures],
    originals: Mapping[str, str],
    ledger: Ledger,
    store: FolderStore,
    engine_for: Callable[[FolderStore], Engine],
    progress: Progress,
) -> dict[str, Stills]:
    """What a preview shows, by the photographs' ids, from small copies.

    Args:
        file: The production.
        pictures: Results by photograph; one without is shown as it was scanned.
        originals: Digest of each original by photograph.
        ledger: Knows digests of files.
        store: Keeps the copies.
        engine_for: Gives the engine that makes them.
        progress: Told of each.

    Raises:
        ProductionError: A picture cannot be read.
    """
    shots = [item for item in file.production.shots if isinstance(item, Shot)]
    filmed = {shot.photograph for shot in shots}
    first = {(shot.photograph, shot.reveal.from_) for shot in shots if shot.reveal.kind != "none"}
    compared = (item for item in file.production.shots if isinstance(item, ComparisonCard))
    first |= {(card.photograph, card.from_) for card in compared}
    tasks: dict[tuple[str, Version], Task] = {}
    for id in shown(file):
        entry = file.production.entry(id)
        scan = file.resolve(entry.file), file.scan(entry).digest(originals[id])
        built = pictures.get(id)
        files: dict[Version, tuple[Path, str]] = {
            "scan": scan,
            "gray": scan if built is None else (built.gray, ledger.digest(built.gray)),
            "color": scan if built is None else (built.color, ledger.digest(built.color)),
        }
        for version, (source, digest) in files.items():
            tasks[id, version] = _task(id, Order(source, id in filmed), digest)
    # A state that nothing shows needs no copy, only its digest.
    needed = [task for key, task in tasks.items() if key[1] == "color" or key in first]
    with closing(engine_for(store).run(_STAGE, needed, progress)) as outcomes:
        for outcome in outcomes:
            if outcome.failure is not None:
                raise ProductionError(f"{outcome.task.item}: {outcome.failure.message}")
    return {
        id: _stills(store, tasks[id, "scan"], tasks[id, "gray"], tasks[id, "color"])
        for id in shown(file)
    }


def _stills(store: FolderStore, scan: Task, gray: Task, color: Task) -> Stills:
    seen = store.path(color.key) / _SEEN
    return Stills(
        store.path(scan.key) / _COPY,
        store.path(gray.key) / _COPY,
        store.path(color.key) / _COPY,
        digests=(scan.key, gray.key, color.key),
        attention=Attention.of(json.loads(seen.read_text("utf-8"))),
    )


def _task(id: str, order: Order, digest: str) -> Task:
    facts = ["photochrom.small", CODE, attention.CODE, order.looked_at, digest]
    key = hashlib.sha256(json.dumps(facts).encode()).hexdigest()
    return Task(key, id, work, order)


def work(folder: Path, order: Order, inputs: Mapping[str, Path], report: Report) -> None:
    """Puts a copy into a folder, and a note of what matters in the picture."""
    cv2.setNumThreads(1)
    factor = max(1, max(dimensions(order.source)) // LONGEST)
    pixels = open_reduced(order.source, factor)
    report("look", 0.5)
    seen = attention.look(pixels) if order.looked_at else attention.UNKNOWN
    (folder / _SEEN).write_text(json.dumps(seen.data()), "utf-8")
    height, width = pixels.shape[:2]
    share = LONGEST / max(height, width)
    if share < 1:
        size = (max(1, round(width * share)), max(1, round(height * share)))
        pixels = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
    Photograph.from_array(pixels).save(folder / _COPY, bit_depth=8)
