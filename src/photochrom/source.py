"""How a scan is named: a file, and which of its pages where it has several (`two.tif#page=2`)."""

from __future__ import annotations

import hashlib
import os
import re
from dataclasses import dataclass
from pathlib import Path

from photochrom.errors import PhotographError

_FRAGMENT = re.compile(r"(?P<file>.+)#page=(?P<page>\d+)", re.DOTALL)


@dataclass(frozen=True)
class Source:
    """A scan as it is named by people.

    Attributes:
        file: The file.
        page: Which page of it, counted from 1; None where the name says nothing.
    """

    file: Path
    page: int | None = None

    @classmethod
    def of(cls, name: str | os.PathLike[str]) -> Source:
        """Take a name apart. A file that is really called `a.tif#page=2` is that file.

        Raises:
            PhotographError: Page 0.
        """
        path = Path(name)
        found = _FRAGMENT.fullmatch(path.name)
        if found is None or os.path.lexists(path):
            return cls(path)
        page = int(found["page"])
        if page < 1:
            raise PhotographError("has no page 0", where=path, fix="pages are counted from 1")
        return cls(path.with_name(found["file"]), page)

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
