"""What a build says of itself when it is over."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class BuildResult:
    """How a build went.

    Attributes:
        made: Ids of the photographs whose results were made, "film" if the film was, and
            "sidecars" if anything was that belongs beside it.
        kept: The same of those that were up to date.
        failed: A line for each that failed.
        film: The film, if there is to be one and it is up to date now.
        seconds: How long the build took.
        loudness: What the film's sound measures ("-23.0 LUFS, true peak -3.1 dBTP"), if it was
            looked at.
        silent: How many narrations are not heard, because nobody has recorded or spoken them.
        borrowed: Fonts of this system that words are set from, because no packaged font has them.
    """

    made: tuple[str, ...]
    kept: tuple[str, ...]
    failed: tuple[str, ...]
    film: Path | None
    seconds: float
    loudness: str | None = None
    silent: int = 0
    borrowed: tuple[str, ...] = ()

    @property
    def nothing_to_do(self) -> bool:
        """Whether everything was up to date."""
        return not self.made and not self.failed
