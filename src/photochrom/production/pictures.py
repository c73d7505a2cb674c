"""What a production orders of each of its photographs."""

from __future__ import annotations

from photochrom.errors import PhotochromError, RecipeError
from photochrom.files import sha256_of
from photochrom.orders import Order, Pictures, Reference, results_of, task_for
from photochrom.photograph import Known, sidecar_digest
from photochrom.places import public
from photochrom.production.documenting import documented
from photochrom.production.file import ProductionFile
from photochrom.production.naming import is_recipe_file
from photochrom.production.schema import Entry
from photochrom.recipe import Recipe
from photochrom.source import Source

__all__ = ["Order", "Pictures", "order_for", "results_of", "task_for"]


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
        name=entry.id,
        scan=file.resolve(entry.file),
        sha256=sha256,
        recipe=recipe_for(file, index),
        emulsion=entry.emulsion,
        year=entry.year,
        pins=tuple(one.pin for one in documented(file, index)),
        references=references_for(file, index),
        formats=file.production.output.formats,
        quality=file.production.output.quality,
        sidecar=sidecar_digest(file.scan(entry).file),
        known=known_of(entry),
        gray=True,
        negative=entry.negative,
        trim=entry.trim,
        threads=threads,
    )


def references_for(file: ProductionFile, index: int) -> tuple[Reference, ...]:
    """The pictures in color that lend their colors to a photograph of a production.

    Raises:
        ProductionError: One cannot be read; names file, line and key.
    """
    entry = file.production.photographs[index]
    found = []
    for number, one in enumerate(entry.reference):
        path = file.resolve(one.file)
        try:
            digest = sha256_of(Source.of(path).file)
        except (OSError, PhotochromError) as error:
            why = error.strerror if isinstance(error, OSError) else error
            what = f"{entry.id}: the reference {public(one.file)} cannot be read ({why})"
            loc = ("photograph", index, "reference", number, "file")
            raise file.error(what, *loc) from error
        name = Source.of(path).file.name
        found.append(Reference(path, digest, one.source or name, one.sure))
    return tuple(found)


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


def recipe_for(file: ProductionFile, index: int) -> Recipe:
    """The recipe of one photograph of a production, with what the photograph itself asks for.

    Args:
        file: The production.
        index: Which photograph of it.

    Raises:
        PhotochromError: It does not exist, or cannot do what is asked.
    """
    entry = file.production.photographs[index]
    own = entry.recipe is not None
    name = entry.recipe or file.production.recipe
    loc = ("photograph", index, "recipe") if own else ("recipe",)
    try:
        recipe = Recipe.open(file.resolve(name) if is_recipe_file(name) else name)
    except RecipeError as error:
        if error.where is not None and is_recipe_file(name):
            raise
        raise file.error(error.what, *loc, fix=error.fix) from error
    if entry.tones is not None:
        recipe = recipe.with_tones(entry.tones)
    for key, wanted in (("recolor", entry.recolor), ("variant", entry.variant)):
        if not wanted:
            continue
        try:
            recipe = recipe.with_params("color", **{key: wanted})
        except RecipeError as error:
            fix = f"remove {key!r} or choose a recipe that colors"
            raise file.error(error.what, "photograph", index, key, fix=fix) from error
    return recipe if entry.scale is None else recipe.with_scale(entry.scale)
