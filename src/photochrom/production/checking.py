"""Before work begins: is all there that a production names, and is there a place for its results?

What would stop a build after hours is found in a moment, all of it at once, each with its line and
its key. What stops nothing, but will not please, is remarked upon.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from photochrom.engine.publish import spare
from photochrom.errors import (
    ModelError,
    PhotochromError,
    ProductionError,
    RecipeError,
    RetouchedError,
)
from photochrom.faults import dotted, shown
from photochrom.film.storyboard import (
    DrawnCard,
    QuotationCard,
    Shot,
    TextCard,
    TimelineCard,
    TitleCard,
)
from photochrom.places import public
from photochrom.production.bringing import Openable, opened
from photochrom.production.delivering import make_room_there
from photochrom.production.desk import Desk
from photochrom.production.file import ProductionFile
from photochrom.production.naming import (
    images_in,
    is_recipe_file,
    references_in,
    sounds_in,
)
from photochrom.production.pacing import CHARACTERS_A_SECOND
from photochrom.production.result import MissingError, Scans
from photochrom.production.schema import Disclosure, Item
from photochrom.production.shelves import Shelves
from photochrom.production.wording import unset, untold
from photochrom.source import Source
from photochrom.toml_places import Path as Location


def check(file: ProductionFile, *, heard: bool = True) -> None:
    """Makes sure that all is there which a production needs besides its scans, and can be set.

    A scan that is not there keeps the others from nothing; it is told of with what does.

    Args:
        file: The production.
        heard: Whether its sounds are needed.

    Raises:
        ProductionError: Something is not there, or no font has a character; a `MissingError` names
            all of it, and the scans that are not there.
    """
    if errors := _lacking(file, heard=heard):
        errors = sorted([*_scans(file), *errors], key=_line)
        raise MissingError(errors) if errors[1:] else errors[0]


def _lacking(file: ProductionFile, *, heard: bool = True) -> list[ProductionError]:
    """Everything without which nothing can be made."""
    errors = [*_results(file), *_recipes(file), *_colors(file)]
    errors += _sounds(file) if heard else ()
    if file.production.shots:
        fonts = [*_fonts(file)]
        errors += fonts or unset(file)
        errors += [*_images(file), *_detector(file)]
    return errors


def make_room(desk: Desk, scans: Scans) -> None:
    """Makes sure that what is going to be made has a place.

    Args:
        desk: The production, opened.
        scans: Its originals.

    Raises:
        PhotochromError: Another production's results, or somebody else's film, are in the way; or
            the bucket that they go to cannot be asked.
    """
    from photochrom.photograph import ENDINGS

    file = desk.file
    if (far := file.far_folder) is not None:
        Shelves().find(far / file.film.name)  # whether it can be asked at all
    folder = file.folder / "pictures"
    _writable(folder)
    # What has a result already may be the same as another production's, and then they share it.
    for id, (order, task) in desk.orders(scans).items():
        if desk.store.get(task.key) is None:
            for name in (*(f"{id}{ENDINGS[one]}" for one in order.formats), f"{id}.record.json"):
                _free(desk, folder / name, force=True)
    for version in file.versions() if file.production.shots else ():
        _free(desk, version.film, force=desk.force or bool(far) or _says_ours(version.film))
        make_room_there(file, version.film, force=desk.force)


def remarks(production: Openable) -> tuple[str, ...]:
    """What people may want to mend in a production before they wait for it; a line each.

    Raises:
        ProductionError: The file is not a production.
    """
    from photochrom.production.fitting import misfits

    file = opened(production)
    absent = [*_scans(file)]
    # Together with what stops a build, they are told when it is stopped.
    told = map(str, () if absent and _lacking(file) else absent)
    return (*told, *untold(file), *_unread(file), *misfits(file))


def _scans(file: ProductionFile) -> Iterator[ProductionError]:
    for index, entry in enumerate(file.production.photographs):
        yield from _absent(file, entry.file, file.scan(entry).file, "photograph", index, "file")


def _results(file: ProductionFile) -> Iterator[ProductionError]:
    if file.far_folder is not None and file.far_folder.is_web:
        what = f"results would go to {file.far_folder}, and the web is for reading only"
        yield file.error(what, "output", "folder", fix='write folder = "s3://BUCKET/FOLDER/"')


def _recipes(file: ProductionFile) -> Iterator[ProductionError]:
    from photochrom.recipe import Recipe

    production = file.production
    own = [one.recipe for one in production.photographs]
    named: list[tuple[Location, str | None]] = []
    if None in own:
        named.append((("recipe",), production.recipe))
    named += [(("photograph", index, "recipe"), name) for index, name in enumerate(own)]
    for loc, name in named:
        if name is None:
            continue
        if is_recipe_file(name):
            yield from _absent(file, name, file.resolve(name), *loc)
            continue
        try:
            Recipe.open(name)
        except RecipeError as error:
            yield file.error(f"'{dotted(loc)}': {error.what}", *loc, fix=error.fix)


def _colors(file: ProductionFile) -> Iterator[ProductionError]:
    """What cannot be made out of documented colors, of the scans that are there."""
    production = file.production
    if any(one.colors for one in production.photographs):
        from photochrom.production.documenting import contradictions

        yield from contradictions(file)
    for one in references_in(production):
        yield from _absent(file, one.name, Source.of(file.resolve(one.name)).file, *one.loc)


def _sounds(file: ProductionFile) -> Iterator[ProductionError]:
    for one in sounds_in(file.production) if file.production.shots else ():
        yield from _absent(file, one.name, file.resolve(one.name), *one.loc)


def _images(file: ProductionFile) -> Iterator[ProductionError]:
    from photochrom.film.frames.emblems import Emblem

    for one in images_in(file.production):
        path = file.resolve(one.name)
        if absent := [*_absent(file, one.name, path, *one.loc)]:
            yield from absent
            continue
        try:
            Emblem.open(path).within(16, 16)
        except PhotochromError as error:
            what = f"'{dotted(one.loc)}' is {shown(public(one.name))}, which {error.what}"
            yield file.error(what, *one.loc, fix=error.fix)


def _detector(file: ProductionFile) -> Iterator[ProductionError]:
    """The network that finds faces for the camera."""
    from photochrom.production.looks import detector_named

    try:
        detector_named(file.production.film.faces)
    except ModelError as error:
        loc = ("film", "faces")
        yield file.error(f"'{dotted(loc)}': {error.what}", *loc, fix=error.fix)


def _absent(
    file: ProductionFile, name: str, path: Path, *loc: str | int
) -> Iterator[ProductionError]:
    if os.path.isfile(path):  # noqa: PTH113 (Path.is_file fails at names that are too long)
        return
    is_folder = os.path.isdir(path)  # noqa: PTH112
    place = path if file.far(name) is None else file.place(name)
    what = f"{place} is a folder" if is_folder else f"there is no file {place}"
    yield file.error(f"'{dotted(loc)}' is {shown(public(name))}, but {what}", *loc)


def _fonts(file: ProductionFile) -> Iterator[ProductionError]:
    from photochrom.film.words.fonts import Fonts

    theme, fonts = file.production.film.theme, Fonts()
    for key, name in (("title_font", theme.title_font), ("text_font", theme.text_font)):
        loc = ("film", "theme", key)
        path = file.resolve(name)
        if key in theme.font_files:
            if absent := [*_absent(file, name, path, *loc)]:
                yield from absent
                continue
            name = str(path)
        try:
            fonts.face(name)
        except PhotochromError as error:
            yield file.error(f"'{dotted(loc)}': {error.what}", *loc, fix=error.fix)


def _unread(file: ProductionFile) -> Iterator[str]:
    """Words that are gone before they can be read."""
    items = file.storyboard().shots if file.production.shots else ()
    for index, (item, own) in enumerate(zip(items, file.production.shots, strict=True)):
        key, text = _to_read(item, own)
        seconds = len(text) / CHARACTERS_A_SECOND
        if seconds <= item.length:
            continue
        loc: Location = ("shot", index, key) if key in own.model_fields_set else ("shot", index)
        whose = "" if len(loc) > 2 else f", {key}"
        yield str(
            file.error(
                f"'{dotted(loc)}{whose}' has {len(text)} characters, which take {seconds:.1f} s to "
                f"read ({CHARACTERS_A_SECOND} a second), and is seen for {item.length:g} s",
                *loc,
                fix="shorten it, or make 'length' longer",
            )
        )


def _to_read(item: Any, own: Item) -> tuple[str, str]:
    """What is read while an item is seen, and the key that has most of it."""
    if isinstance(item, Shot):
        return "caption", item.caption.plain
    if isinstance(item, TitleCard):
        return "title", f"{item.title} {item.subtitle}".strip()
    if isinstance(item, TextCard):
        return "text" if item.text else "heading", f"{item.heading} {item.text}".strip()
    if isinstance(item, QuotationCard):
        return "text", f"{item.text} {item.source}".strip()
    if isinstance(item, TimelineCard):
        return "marks", " ".join([item.heading, *(f"{one.date} {one.text}" for one in item.marks)])
    if isinstance(item, DrawnCard):
        return "text" if item.text else "heading", f"{item.heading} {item.text}".strip()
    # What the build writes on a disclosure card is not known yet.
    return "text", own.text if isinstance(own, Disclosure) else ""


def _writable(folder: Path) -> None:
    """An error if there is something else where a folder for results is to be."""
    for above in (folder, *folder.parents):
        if above.exists():
            if not above.is_dir():
                fix = "move it away, or choose another folder in [output]"
                raise ProductionError("is no folder for results", where=above, fix=fix)
            return


def _free(desk: Desk, target: Path, *, force: bool) -> None:
    """An error if something is to stay that lies where a result is going to be put."""
    if not target.is_file():
        return
    owner, present = str(desk.file.path.resolve()), desk.ledger.digest(target)
    with suppress(RetouchedError):  # It is left when it comes to it, and stops nothing.
        spare(target, present, desk.ledger, force=force, owner=owner)


def _says_ours(film: Path) -> bool:
    """Whether a film says that it was made by photochrom: the ledger may have been lost."""
    from photochrom.film.output.muxing import metadata_of

    return metadata_of(film).get("comment", "").startswith("photochrom ")


def _line(error: ProductionError) -> int:
    """The line that an error of a production file names."""
    return int(str(error.where).rpartition(":")[2])


def _numbered(file: ProductionFile) -> Iterable[tuple[int, Item]]:
    return enumerate(file.production.shots)
