"""Whose an object in a bucket is: what belongs to another production is never replaced.

On disk a ledger knows. Objects say it themselves, in an attribute, because those who put them there
may be on any machine.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from photochrom.errors import PhotochromError, PlaceError
from photochrom.places import Object, Url, find, place_of
from photochrom.production.file import ProductionFile

_LONGEST = 500
"""Bytes of a name; services take 2 kB for all attributes together, and escaped it is longer."""


def owner_of(file: ProductionFile) -> str:
    """What a production is called in the attributes of what it has put somewhere."""
    name = str(file.home or file.path.resolve())
    if len(name.encode(errors="surrogateescape")) <= _LONGEST:
        return name.encode(errors="replace").decode()
    return f"sha256:{hashlib.sha256(name.encode(errors='surrogateescape')).hexdigest()}"


def spare(file: ProductionFile, there: Object, *, force: bool) -> None:
    """Raises an error about an object that belongs to another production and is to be replaced.

    As long as the other is known to exist, not even force replaces it. Without force it stays, too,
    if nobody here knows: its file may lie on another machine.

    Args:
        file: The production.
        there: The object, with its attributes.
        force: Replace what may be of a production that is gone.

    Raises:
        PhotochromError: It is to stay.
        PlaceError: Nobody can say whether the other exists.
    """
    theirs = there.owner
    if theirs in ("", owner_of(file)):
        return
    exists = _exists(theirs)
    # What was put there from here was put by a production of this machine, which is gone.
    known = exists is not None or file.mirror.has_put(there)
    if not exists and (known or force):
        return
    fix = "choose another folder or another film name in [output]"
    if not known:
        fix += ", or, if it is this one under an earlier name, run again with --force"
    raise PhotochromError(f"belongs to another production, {theirs}", where=str(there.url), fix=fix)


def _exists(owner: str) -> bool | None:
    """Whether a production exists; None if that cannot be known here."""
    try:
        place = place_of(owner)
    except PhotochromError:
        return None
    if isinstance(place, Path):
        return True if place.is_file() else None
    return _exists_far(place)


def _exists_far(url: Url) -> bool | None:
    try:
        return find(url) is not None
    except PlaceError as error:
        if error.kind in ("refused", "bucket", "credentials", "unsupported", "settings"):
            return None
        raise
