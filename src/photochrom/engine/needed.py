"""Which results of a cache are needed: each production leaves a note of their keys there.

The note is written before the work begins, so that what a killed build has made is not taken for
something that nobody wants.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Any

from photochrom.engine.keys import digest_of
from photochrom.files import write_text

_FOLDER = "needed"


class Needed:
    """The results that a production needs for one purpose.

    Args:
        cache: The folder of results.
        production: Its file; once that is gone, it needs nothing.
        purpose: "build", "preview" or "shots".
        version: For which version of the production; each has a note of its own. Empty for it as
            it is, or for all of them.
    """

    def __init__(self, cache: Path, production: Path, purpose: str, version: str = ""):
        self._production = str(production.resolve())
        self._purpose, self._version = purpose, version
        said = [self._production, purpose, *([version] if version else ())]
        self._note = cache / _FOLDER / f"{digest_of(said)}.json"
        self._keys: set[str] = set()

    def add(self, keys: Iterable[str]) -> None:
        """Notes that these are needed, besides those that were."""
        new = set(keys) - self._keys
        self._keys |= new
        if not new <= (noted := _keys_in(self._note)):
            self._write(noted | new)

    def settle(self, versions: Collection[str] = ()) -> None:
        """Notes that nothing else is needed any more than what was added since the beginning.

        Args:
            versions: Those that the production has; what another one needed, nobody does.
        """
        if self._keys != _keys_in(self._note):
            self._write(self._keys)
        for note in self._note.parent.glob("*.json") if versions else ():
            said = _said(note)
            ours = (said.get("production"), said.get("purpose")) == self._whose
            if ours and said.get("version", "") not in versions:
                note.unlink(missing_ok=True)

    @property
    def _whose(self) -> tuple[str, str]:
        return self._production, self._purpose

    def _write(self, keys: set[str]) -> None:
        data = {
            "production": self._production,
            "purpose": self._purpose,
            "version": self._version,
            "keys": sorted(keys),
        }
        write_text(self._note, json.dumps(data, indent=1))


def needed_in(cache: Path) -> set[str]:
    """Keys of all that the productions need that share a cache and still exist."""
    notes = sorted((cache / _FOLDER).glob("*.json"))
    return {key for note in notes for key in _keys_in(note, existing=True)}


def _keys_in(note: Path, *, existing: bool = False) -> set[str]:
    said = _said(note)
    try:
        there = not existing or Path(said["production"]).is_file()
        return set(said["keys"]) if there else set()
    except (OSError, KeyError, TypeError):
        return set()


def _said(note: Path) -> dict[str, Any]:
    """What a note says; nothing if it cannot be read."""
    try:
        said = json.loads(note.read_bytes())
    except (OSError, ValueError):
        return {}
    return said if isinstance(said, dict) else {}
