"""The marker of a result in a bucket: what is in it, and in which folder."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from photochrom.engine.folder import KEY
from photochrom.errors import PlaceError
from photochrom.places import Object, Url, put, read_object, remove, remove_all

MARKER = "about.json"
"""The name of a marker, below its key."""


@dataclass(frozen=True)
class Marker:
    """What the marker of a result says.

    Attributes:
        kind: Of the result.
        folder: Where its files are, below the key.
        files: Their digests by name.
        sizes: Their bytes by name.
        object: The marker itself, as it lies there.
    """

    kind: str
    folder: str
    files: dict[str, str]
    sizes: dict[str, int]
    object: Object | None = field(default=None, compare=False)

    def written(self) -> bytes:
        """As it is put there."""
        said = {"kind": self.kind, "folder": self.folder, "files": self.files, "sizes": self.sizes}
        return json.dumps(said).encode()

    @classmethod
    def of(cls, lies: Object, content: bytes) -> Marker:
        """As it was read.

        Raises:
            PlaceError: It is none.
        """
        try:
            said: dict[str, Any] = json.loads(content)
            return cls(said["kind"], said["folder"], said["files"], said["sizes"], lies)
        except (ValueError, KeyError, TypeError) as error:
            raise PlaceError(
                "is not what photochrom writes about a result",
                where=str(lies.url),
                fix="remove it, or choose another place for results",
                kind="damaged",
            ) from error


@dataclass(frozen=True)
class Markers:
    """The markers of a store, and its notes of folders that may belong to none.

    Attributes:
        root: Of the store.
    """

    root: Url

    def below(self, key: str) -> Url:
        """Where the result of a key lies, or would lie; a ValueError about what is no key."""
        if not KEY.fullmatch(key):
            raise ValueError(f"not a SHA-256 digest in hex: {key!r}")
        return self.root / f"results/{key[:2]}/{key}/"

    def url(self, key: str) -> Url:
        """Where the marker of a key lies, or would lie."""
        return self.below(key) / MARKER

    def marker(self, key: str) -> Marker | None:
        """The marker of a key; None if there is no such result.

        Raises:
            PlaceError: It cannot be read, or is none.
        """
        try:
            return Marker.of(*read_object(self.url(key)))
        except PlaceError as error:
            if error.kind == "missing":
                return None
            raise

    def writing(self, key: str, folder: str) -> Url:
        """Where it is noted that a folder may come to belong to no marker."""
        return self.root / f"writing/{key}-{folder}"

    def intend(self, key: str, folder: str) -> None:
        """Notes that a folder may come to belong to no marker."""
        put(b"", self.writing(key, folder))

    def clear(self, key: str, folder: str) -> bool:
        """Removes a folder that no marker names, and the note of it; whether there was one."""
        marker = self.marker(key)
        removed = 0
        if marker is None or marker.folder != folder:
            removed = remove_all(self.below(key) / f"{folder}/")
        remove(self.writing(key, folder))
        return removed > 0
