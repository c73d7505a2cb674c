"""How a scan is named: a file, and which of its pages where it has several (`two.tif#page=2`)."""

from __future__ import annotations

import hashlib
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar, overload

from photochrom.errors import PhotographError
from photochrom.places.url import Place, Url

P = TypeVar("P", bound=Place)

_FRAGMENT = re.compile(r"(?P<file>.+)#page=(?P<page>\d+)", re.DOTALL)


@dataclass(frozen=True)
class Source(Generic[P]):
    """A scan as it is named by people.

    Attributes:
        file: The file, or where it lies elsewhere.
        page: Which page of it, counted from 1; None where the name says nothing.
    """

    file: P
    page: int | None = None

    @overload
    @staticmethod
    def of(name: Url) -> Source[Url]: ...

    @overload
    @staticmethod
    def of(name: str | os.PathLike[str]) -> Source[Path]: ...

    @staticmethod
    def of(name: str | os.PathLike[str] | Url) -> Source[Any]:
        """Take a name apart. A file that is really called `a.tif#page=2` is that file.

        Raises:
            PhotographError: Page 0.
        """
        place = name if isinstance(name, Url) else Path(name)
        found = _FRAGMENT.fullmatch(place.name)
        if found is None or (isinstance(place, Path) and os.path.lexists(place)):
            return Source(place)
        page = int(found["page"])
        if page < 1:
            raise PhotographError("has no page 0", where=str(place), fix="pages are counted from 1")
        return Source(place.with_name(found["file"]), page)

    @property
    def stem(self) -> str:
        """What results are called after: `two`, `two-page2`."""
        return self.file.stem + ("" if self.page is None else f"-page{self.page}")

    @property
    def name(self) -> str:
        """The file's name, with the page if there is one, and nothing that a suffix can follow."""
        plain = self.file.name.replace(".", "-")
        return plain + ("" if self.page is None else f"-page{self.page}")

    def on(self, file: Path) -> Path:
        """The name of the same page of a file that lies elsewhere."""
        return file if self.page is None else Path(f"{file}#page={self.page}")

    def digest(self, sha256: str) -> str:
        """What tells the picture from every other: two pages of one file are two pictures.

        Args:
            sha256: Of the file's bytes.

        Returns:
            The same where no page is named, else that of both together; hexadecimal.
        """
        if self.page is None:
            return sha256
        return hashlib.sha256(f"{sha256}#page={self.page}".encode()).hexdigest()
