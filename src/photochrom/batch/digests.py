"""Digests of objects that do not say theirs, because other tools have copied them."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from photochrom.files import part_of
from photochrom.places import Object, digest_of, mark_of

_FOLDER = "far/read"


class Digests:
    """Digests of objects; what had to be read for one is remembered for as long as it looks alike.

    Args:
        cache: The folder to remember them in. Losing it costs time and nothing else.
    """

    def __init__(self, cache: Path):
        self._root = cache / _FOLDER

    def of(self, one: Object) -> str:
        """SHA-256 of an object's bytes.

        Raises:
            PlaceError: It cannot be read.
        """
        if one.sha256 is not None:
            return one.sha256
        note, mark = self._note(one), mark_of(one)
        if (known := _noted(note, mark)) is not None:
            return known
        sha256 = digest_of(one)
        with part_of(note, flush=False) as part:
            said = {"url": str(one.url), "mark": mark, "sha256": sha256}
            part.write_text(json.dumps(said), encoding="utf-8")
        return sha256

    def _note(self, one: Object) -> Path:
        name = hashlib.sha256(str(one.url).encode()).hexdigest()
        return self._root / name[:2] / f"{name}.json"


def _noted(note: Path, mark: str) -> str | None:
    """The digest that was noted of an object in just this state."""
    try:
        said = json.loads(note.read_bytes())
        return str(said["sha256"]) if said["mark"] == mark else None
    except (OSError, ValueError, KeyError, TypeError):
        return None
