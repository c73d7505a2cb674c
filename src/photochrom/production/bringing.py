"""Opening a production, wherever it and what it names lie: all comes to this machine first."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import MappingProxyType

from photochrom.engine import Event, Progress, nobody
from photochrom.errors import PlaceError, ProductionError
from photochrom.faults import dotted
from photochrom.files import sweep_parts, usable
from photochrom.places import (
    Object,
    Url,
    etag_in,
    find,
    head,
    mark_of,
    place_of,
    put,
    read,
)
from photochrom.production.file import ProductionFile
from photochrom.production.mirror import Mirror
from photochrom.production.naming import Named, files_in
from photochrom.production.reading import SIZE_LIMIT
from photochrom.production.shelves import Shelves
from photochrom.sidecar import sidecar_names
from photochrom.threads import side_by_side

Openable = str | os.PathLike[str] | Url | ProductionFile
"""What a production is opened by: a path, a URL, or as it has been opened."""

AT_ONCE = 8
"""Files that are brought at a time."""

_STAGE = "scans brought"


def opened(
    production: Openable, *, inputs: bool = True, progress: Progress = nobody
) -> ProductionFile:
    """Opens a production; what lies elsewhere is brought, as far as it has changed there.

    Args:
        production: Which.
        inputs: Whether the files that it names are needed.
        progress: Told of each that is brought.

    Raises:
        ProductionError: The file is not a production, or something that it names cannot be read
            elsewhere. What is not there is another thing: that is told by whoever needs it.
        PlaceError: The same of the file itself.
    """
    if isinstance(production, ProductionFile):
        return production
    place = place_of(production)
    file = _from(place) if isinstance(place, Url) else ProductionFile.open(place)
    if inputs:
        _bring(file, progress)
    return file


def bring(
    mirror: Mirror,
    urls: Mapping[Url, Named | None],
    *,
    file: ProductionFile | None = None,
    progress: Progress = nobody,
) -> None:
    """Brings what has changed of some files, and removes copies of those that are gone.

    Args:
        mirror: Where copies go.
        urls: What is wanted, and where in the production it is named, if it is.
        file: The production.
        progress: Told of each that is brought.

    Raises:
        ProductionError: One cannot be brought; names the line and the key.
        PlaceError: The same of what is named nowhere.
    """
    shelves = Shelves()

    def look(url: Url) -> Object | None:
        try:
            with _in_its_line(file, urls[url], mirror):
                return shelves.find(url)
        except PlaceError as error:
            # Who may not list is not told that something is not there.
            if error.kind == "refused" and urls[url] is None:
                return None
            raise

    found = []
    for url, seen in side_by_side(look, urls, AT_ONCE):
        if seen is None:
            mirror.drop(url)
        else:
            found.append(seen)
    bring_seen(mirror, found, urls, file=file, progress=progress)


def bring_seen(
    mirror: Mirror,
    seen: Sequence[Object],
    urls: Mapping[Url, Named | None] = MappingProxyType({}),
    *,
    file: ProductionFile | None = None,
    progress: Progress = nobody,
) -> None:
    """Brings what has changed of what has been found; see `bring`."""

    def take(one: Object) -> None:
        with _in_its_line(file, urls.get(one.url), mirror):
            mirror.bring(one)

    with usable(mirror.root, ProductionError):
        wanted = [one for one in seen if mirror.mark(one.url) != mark_of(one)]
        for folder in {mirror.near(one.url).parent for one in wanted}:
            sweep_parts(folder)
        for done, (one, _) in enumerate(side_by_side(take, wanted, AT_ONCE), start=1):
            progress(Event(_STAGE, one.url.name, done, len(wanted), "brought", 1.0))


def put_back(file: ProductionFile, old: bytes, new: bytes) -> Url:
    """Replaces a production file that lies elsewhere; as it was, it is kept beside it.

    Args:
        file: The production.
        old: The file as it was brought.
        new: As it is to be.

    Returns:
        Where it lies as it was.

    Raises:
        PlaceError: It has been changed since, or cannot be written.
    """
    assert file.home is not None
    backup, number = file.home.with_name(f"{file.home.name}.bak"), 1
    while (there := find(backup)) is not None and read(backup, there.etag) != old:
        number += 1
        backup = file.home.with_name(f"{file.home.name}.{number}.bak")
    if there is None:
        put(old, backup)
    put(new, file.home, mode="replace", etag=etag_in(file.mirror.mark(file.home) or ""))
    return backup


def _bring(file: ProductionFile, progress: Progress) -> None:
    """Brings all that a production names and that lies elsewhere."""
    urls: dict[Url, Named | None] = {}
    for one in files_in(file.production):
        if (far := file.far(one.name)) is not None:
            urls[far.file] = one
            urls = dict.fromkeys(_beside(one, far.file)) | urls
    if urls:
        bring(file.mirror, urls, file=file, progress=progress)


def _beside(one: Named, url: Url) -> list[Url]:
    """What may lie beside a file, and is read with it."""
    if url.is_web:  # where nobody is asked for what may not be there
        return []
    if one.kind == "scan":
        return [url.with_name(name) for name in sidecar_names(url.name, url.stem)]
    return [url.with_name(f"{url.name}.json")] if one.kind == "voice" else []


def _from(url: Url) -> ProductionFile:
    """A production file that lies elsewhere."""
    if url.is_folder:
        raise ProductionError(
            "is a folder, not a production file",
            where=str(url),
            fix=f"name the file in it: {url / 'production.toml'}",
        )
    mirror = Mirror.of_production(url)
    path = mirror.near(url)
    try:
        seen = head(url)
        if seen.size > SIZE_LIMIT:
            raise ProductionError("is too large for a production file", where=str(url))
        with usable(mirror.root, ProductionError):
            mirror.bring(seen)
    except PlaceError as error:
        mirror.rename(error)
        if error.kind != "missing":
            raise
        mirror.drop(url)
        fix = "draft one with: photochrom new SCANS"
        raise ProductionError("there is no such file", where=str(url), fix=fix) from None
    with mirror.plainly():
        return ProductionFile.open(path, url)


@contextmanager
def _in_its_line(
    file: ProductionFile | None, named: Named | None, mirror: Mirror
) -> Iterator[None]:
    """Says of what cannot be read elsewhere where it is named."""
    try:
        yield
    except PlaceError as error:
        mirror.rename(error)
        if file is None or named is None:
            raise
        what = f"'{dotted(named.loc)}': {error.where}: {error.what}"
        raise file.error(what, *named.loc, fix=error.fix) from error
