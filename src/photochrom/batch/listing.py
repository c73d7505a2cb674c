"""The scans in a folder of a bucket, one after the other as the service lists them.

What belongs together (a scan, its sidecar, what was made of it, another scan of the same name) has
names that begin alike up to their first dot, and so comes together. No more than that is held.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import PurePosixPath

from photochrom.errors import PhotochromError, PhotographError
from photochrom.photograph import ENDINGS, SUFFIXES
from photochrom.places import Object, Place, Url, listed, read
from photochrom.record import ENDING as RECORD
from photochrom.record import Record
from photochrom.scans import COMPANIONS, PassedOver, is_system, short_name
from photochrom.source import Source

_SIDECAR = ".xmp"


@dataclass(frozen=True)
class FarScan:
    """A scan in a bucket.

    Attributes:
        seen: What the listing says of it.
        below: In which folder below the one that was searched.
        name: Of its results.
        sidecar: Its XMP sidecar, if there is one.
    """

    seen: Object
    below: PurePosixPath
    name: str
    sidecar: Object | None = None


def far_scans(folder: Url, output: Place | None, passed: PassedOver) -> Iterator[FarScan]:
    """Finds the scans in a folder of a bucket and in its subfolders.

    Args:
        folder: Where to look.
        output: Where results go; passed over if it lies below the folder.
        passed: Takes in what lies there besides.

    Raises:
        PlaceError: It cannot be listed.
    """
    spared = output if isinstance(output, Url) and output != folder else None
    for _, group in groupby(listed(folder), key=lambda one: _beginning(one.url)):
        found: dict[str, Object] = {}
        for one in group:
            below = one.url.parent.relative_to(folder)
            if spared is not None and one.url.is_relative_to(spared):
                passed.ours += 1
            elif any(is_system(part) for part in (*below.parts, one.url.name)):
                passed.system += 1
            elif not one.url.is_folder:
                found[one.url.name] = one
        if found:
            yield from _scans(folder, found, passed)


def _scans(folder: Url, found: dict[str, Object], passed: PassedOver) -> Iterator[FarScan]:
    """The scans among objects whose names begin alike."""
    ours = _ours(found)
    scans: dict[str, Object] = {}
    for name, one in found.items():
        suffix = one.url.suffix.lower()
        if name in ours:
            passed.ours += 1
        elif suffix in SUFFIXES:
            scans[name] = one
        elif suffix not in COMPANIONS:
            passed.other(one.url)
    stems = [Source.of(one.url).stem for one in scans.values()]
    for name, one in scans.items():
        source = Source.of(one.url)
        # As in folders of files: where two have the same stem, their endings are added.
        short = short_name(one.url) if stems.count(source.stem) == 1 else source.name
        sidecar = _sidecar(name, source.file, found)
        yield FarScan(one, one.url.parent.relative_to(folder), short, sidecar)


def _ours(found: dict[str, Object]) -> set[str]:
    """Names of records, and of the derivatives that they describe."""
    ours = {name for name in found if name.endswith(RECORD)}
    for name in tuple(ours):
        if any(name.removesuffix(RECORD) + ending in found for ending in ENDINGS.values()):
            url = found[name].url
            try:
                said = Record.from_json(read(url).decode(), str(url))
            except (PhotographError, UnicodeDecodeError):
                continue  # Whatever it is, nobody else writes such names; it describes nothing.
            ours |= said.files.keys()
    return ours


def _sidecar(name: str, url: Url, found: dict[str, Object]) -> Object | None:
    """As beside a file: `a.jpg.xmp`, which can only be meant for it, else `a.xmp`."""
    lower = {one.lower(): found[one] for one in found if one.lower().endswith(_SIDECAR)}
    names = (f"{name}{_SIDECAR}".lower(), f"{url.stem}{_SIDECAR}".lower())
    return next((lower[one] for one in names if one in lower), None)


def _beginning(url: Url) -> tuple[Url, str]:
    try:
        return url.parent, url.name.partition(".")[0]
    except PhotochromError:  # A key that is no path; whatever it is, it stands alone.
        return url, ""
