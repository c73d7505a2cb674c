"""The marker of a result in a bucket: what is in it, and in which folder."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from photochrom.errors import PlaceError
from photochrom.places import Object


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
