"""What the names in a production mean that lies elsewhere, or names what does."""

from __future__ import annotations

import re
from pathlib import PureWindowsPath

from photochrom.errors import ProductionError
from photochrom.faults import shown
from photochrom.places import Url, place_of
from photochrom.source import Source

_PAGE = re.compile(r"(?P<file>.+)#page=(?P<page>\d+)", re.DOTALL)


def far_place(name: str, home: Url | None) -> Source[Url] | None:
    """Where a file lies that a production names; None if that is on this machine.

    Args:
        name: As it is written.
        home: Where the production lies, if that is elsewhere.

    Raises:
        PhotochromError: There can be no such place.
    """
    found = _PAGE.fullmatch(name)
    file, page = (found["file"], int(found["page"])) if found else (name, None)
    place = place_of(file)
    if isinstance(place, Url):
        return Source(place, page)
    return None if home is None else Source(_below(home, file), page)


def _below(home: Url, name: str) -> Url:
    """What a production elsewhere means by a name that is no URL."""
    # Nobody's files are read, or written, because a production from elsewhere says so.
    if name.startswith(("/", "~", "file:")) or PureWindowsPath(name).drive:
        what = f"{shown(name)} lies on a machine, but the production does not"
        fix = "name it relative to the production file, or by its URL"
        raise ProductionError(what, where=str(home), fix=fix)
    url = home.parent
    for part in name.split("/"):
        if part == ".." and not url.key:
            raise ProductionError(f"{shown(name)} lies in no bucket", where=str(home))
        if part not in ("", "."):
            url = url.parent if part == ".." else url / part
    return url.folder if name.endswith("/") else url
