"""The files of a photograph that a film can show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from photochrom.errors import StoryboardError
from photochrom.files import sha256_of
from photochrom.film.camera.attention import UNKNOWN, Attention

Version = Literal["scan", "gray", "color"]


@dataclass(frozen=True)
class Stills:
    """The three states of a photograph that a shot can show.

    Attributes:
        scan: As it came.
        gray: Restored, black-and-white.
        color: Restored, in color (the same file as `gray` where nothing was colored).
        digests: SHA-256 of the three files where the caller knows them; else they are computed.
        attention: What matters in the picture, from `attention.look`; automatic moves look for it.
    """

    scan: Path
    gray: Path
    color: Path
    digests: tuple[str, str, str] | None = None
    attention: Attention = UNKNOWN

    def path(self, version: Version) -> Path:
        return {"scan": self.scan, "gray": self.gray, "color": self.color}[version]

    def at(self, files: Mapping[str, Path]) -> Stills:
        """The same where its files lie elsewhere; `files` has their places by their digests."""
        if self.digests is None:
            return self
        paths = zip(self.digests, (self.scan, self.gray, self.color), strict=True)
        scan, gray, color = (files.get(digest, path) for digest, path in paths)
        return replace(self, scan=scan, gray=gray, color=color)

    def digest(self, version: Version) -> str:
        """SHA-256 of the file, hexadecimal.

        Raises:
            StoryboardError: If the file cannot be read.
        """
        if self.digests is not None:
            return self.digests[("scan", "gray", "color").index(version)]
        path = self.path(version)
        try:
            return sha256_of(path)
        except OSError as error:
            raise StoryboardError(
                f"the still cannot be read ({error.strerror})", where=path
            ) from None
