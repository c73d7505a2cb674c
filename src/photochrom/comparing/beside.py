"""The sheet as a picture that is made with derivatives (`orders.Beside`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from photochrom.comparing.pair import Pair
from photochrom.comparing.sheet import CODE, FONTS, write_sheet
from photochrom.engine.keys import FRAMES, digest_of, versions
from photochrom.film.words.fonts import Fonts

if TYPE_CHECKING:
    from photochrom.restored import Restored


@dataclass(frozen=True)
class SheetBeside:
    """The original beside what was made of it.

    Attributes:
        facts: What its bytes depend on: how it is laid out, its fonts, what paints it.
        kind: As records name it.
    """

    facts: Mapping[str, Any]
    kind: str = "compare"

    @classmethod
    def current(cls) -> SheetBeside:
        """As it is made with what is installed."""
        known = versions()
        libraries = digest_of({name: known[name] for name in FRAMES})
        return cls({"code": CODE, "fonts": Fonts().digest(*FONTS), "libraries": libraries})

    def write(self, path: Path, restored: Restored, scan: Path, derivative: Path) -> str:
        """Writes it; see `orders.Beside`."""
        return write_sheet(path, Pair.open(scan, derivative))
