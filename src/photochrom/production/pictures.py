"""From an original to its derivatives and its record."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from photochrom.emulsion import Emulsion
from photochrom.engine import Outcome, Report, Serial, Store, Task
from photochrom.errors import ProductionError, RecipeError
from photochrom.nets import Registry
from photochrom.nets.registry import embedded_folder, user_folders
from photochrom.photograph import Known, sidecar_digest
from photochrom.production.file import ProductionFile
from photochrom.production.schema import Entry
from photochrom.recipe import Recipe
from photochrom.record import record_path
from photochrom.steps.plate import Pin

# Raised whenever the files of a result change in another way than by steps and recipes.
_LAYOUT = 3
_LABEL = 1
_GRAY = "gray.tif"


@dataclass(frozen=True)
class Order:
    """What is to be made of one original.

    Attributes:
        id: Name of the results.
        source: The original.
        sha256: Its digest; the work refuses another.
        recipe: The steps.
        emulsion: As the production says it, or None.
        year: As the production says it, or None.
        pins: Documented colors.
        formats: The first is the one that films show.
        quality: Of JPEG and WebP.
        known: What the production says of the photograph; written into what is published. It is
            not restored again when that changes.
        sidecar: Digest of the XMP sidecar of the original, or None.
        threads: How many threads a network may use; does not change the result.
    """

    id: str
    source: Path
    sha256: str
    recipe: Recipe
    emulsion: Emulsion | None
    year: int | None
    pins: tuple[Pin, ...]
    formats: tuple[str, ...]
    quality: int
    known: Known = field(default_factory=Known)
    sidecar: str | None = None
    threads: int = 1


@dataclass(frozen=True)
class Pictures:
    """The files of a result in the store that films show.

    Attributes:
        color: The final picture.
        gray: The restored picture in the plate's own light; the same file where that is final.
        record: The record.
    """

    color: Path
    gray: Path
    record: Path


def order_for(file: ProductionFile, index: int, sha256: str, threads: int = 1) -> Order:
    """The order for one photograph of a production.

    Args:
        file: The production.
        index: Which photograph of it.
        sha256: Digest of its original.
        threads: How many threads a network may use.

    Raises:
        PhotochromError: Its recipe does not exist, or cannot do what the photograph asks for.
    """
    entry = file.production.photographs[index]
    return Order(
        id=entry.id,
        source=file.resolve(entry.file),
        sha256=sha256,
        recipe=_recipe(file, entry, index),
        emulsion=entry.emulsion,
        year=entry.year,
        pins=tuple(_pins(entry)),
        formats=file.production.output.formats,
        quality=file.production.output.quality,
        known=known_of(entry),
        sidecar=sidecar_digest(file.resolve(entry.file)),
        threads=threads,
    )


def known_of(entry: Entry) -> Known:
    """What a production says of a photograph, for its derivatives."""
    return Known(
        caption=entry.caption,
        people=entry.people,
        place=entry.place,
        date=entry.date or "",
        credit=entry.credit,
        license=entry.license,
        source=entry.source,
        identifier=entry.identifier,
    )


def task_for(order: Order, registry: Registry) -> Task:
    """The engine's task for an order; its key holds all that the result depends on.

    Raises:
        ModelError: There is no network for a step of the recipe, or it cannot do what that asks.
    """
    from photochrom.restoration import cards_used, check

    check(order.recipe, registry)
    cards = cards_used(order.recipe, registry)
    facts: list[Any] = [
        _LAYOUT,
        order.id,
        order.source.name,
        order.sha256,
        order.recipe.name,
        order.recipe.digest,
        order.emulsion,
        order.year,
        [asdict(pin) for pin in order.pins],
        {step: [card.sha256 for card in used] for step, used in cards.items()},
        order.formats,
        order.quality,
        order.sidecar,
    ]
    text = json.dumps(["photochrom.picture", facts], sort_keys=True)
    key = hashlib.sha256(text.encode(errors="surrogateescape")).hexdigest()
    return Task(key, order.id, work, order)


def work(folder: Path, order: Order, report: Report) -> None:
    """Restores a photograph and fills a folder with its derivatives and its record."""
    from photochrom.photograph import Photograph
    from photochrom.restoration import restore

    photograph = Photograph.open(order.source)
    if photograph.info.sha256 != order.sha256:
        raise ProductionError(
            "was changed while the production was being built",
            where=order.source,
            fix="run it again",
        )
    steps = len(order.recipe.steps) + 1

    def progress(step: str, done: float) -> None:
        report(step, (order.recipe.steps.index(step) + done) / steps)

    restored = restore(
        photograph,
        order.recipe,
        emulsion=order.emulsion,
        year=order.year,
        pins=order.pins,
        registry=_registry((embedded_folder(), *user_folders()), order.threads),
        progress=progress,
    )
    report("write", (steps - 1) / steps)
    restored.save(*_derivatives(folder, order), quality=order.quality)
    if not restored.shows_own_light:
        restored.save_gray(folder / _GRAY)


def labelling(order: Order, restored: Outcome, store: Store, *, force: bool = False) -> Outcome:
    """Writes what the production knows into copies of the derivatives, unless the store has them.

    Their pixels are copied, so this takes no longer than that.

    Args:
        order: The order.
        restored: How its task ended: well.
        store: Where results are.
        force: Make the copies again.

    Returns:
        How it ended; `restored` itself if nothing is known.
    """
    if order.known == Known() or restored.folder is None:
        return restored
    text = json.dumps(["photochrom.label", _LABEL, restored.task.key, asdict(order.known)])
    key = hashlib.sha256(text.encode(errors="surrogateescape")).hexdigest()
    if force:
        store.forget(key)
    (outcome,) = Serial(store).run("labels", [Task(key, order.id, label, (restored.folder, order))])
    return outcome


def label(folder: Path, argument: tuple[Path, Order], report: Report) -> None:
    """Writes what is known into copies of the derivatives, and their digests into the record."""
    from photochrom.photograph import relabel, write_text
    from photochrom.record import Record

    restored, order = argument
    pictures = _derivatives(restored, order)
    made = []
    for number, picture in enumerate(pictures):
        report("label", number / len(pictures))
        digest = relabel(picture, folder / picture.name, order.known)
        made.append({"file": picture.name, "sha256": digest})
    record = replace(Record.open(record_path(pictures[0])), derivatives=made)
    write_text(record_path(folder / pictures[0].name), record.to_json())


def published_of(folder: Path, order: Order) -> tuple[Path, ...]:
    """What goes to the output folder out of a result: the pictures in order of formats, the record.

    Args:
        folder: A result of `work` or of `label`.
        order: The order.
    """
    pictures = _derivatives(folder, order)
    return (*pictures, record_path(pictures[0]))


def results_of(folder: Path, order: Order) -> Pictures:
    """The files that `work` has put into a folder."""
    pictures = _derivatives(folder, order)
    record = record_path(pictures[0])
    gray = folder / _GRAY
    return Pictures(
        color=pictures[0],
        gray=gray if gray.exists() else pictures[0],
        record=record,
    )


def _derivatives(folder: Path, order: Order) -> list[Path]:
    from photochrom.photograph import ENDINGS

    return [folder / (order.id + ENDINGS[name]) for name in order.formats]


def _recipe(file: ProductionFile, entry: Entry, index: int) -> Recipe:
    own = entry.recipe is not None
    name = entry.recipe or file.production.recipe
    loc = ("photograph", index, "recipe") if own else ("recipe",)
    try:
        recipe = Recipe.open(file.resolve(name) if name.endswith(".toml") else name)
    except RecipeError as error:
        if error.where is not None and name.endswith(".toml"):
            raise
        raise file.error(error.what, *loc, fix=error.fix) from error
    if entry.tones is not None:
        recipe = recipe.with_tones(entry.tones)
    if entry.scale is None:
        return recipe
    if "clarity" in recipe.steps:
        return recipe.with_params("clarity", scale=entry.scale)
    if entry.scale == 1:
        return recipe
    what = f"the recipe {recipe.name!r} has no step 'clarity', so it cannot enlarge"
    raise file.error(what, "photograph", index, "scale", fix="remove 'scale' or choose a recipe")


def _pins(entry: Entry) -> list[Pin]:
    pins = []
    for color in entry.colors:
        red, green, blue = bytes.fromhex(color.color[1:])
        pins.append(Pin(color.at, (red, green, blue), color.source, color.strength))
    return pins


@lru_cache(maxsize=1)
def _registry(folders: tuple[Path, ...], threads: int) -> Registry:
    """The networks of this process; a worker loads each once, however many pictures it makes."""
    return Registry(folders, threads=threads)
