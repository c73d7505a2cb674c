"""How a batch came out, in numbers, however many photographs it had."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from photochrom.batch.manifest import Manifest
from photochrom.batch.result import Result

OUTCOMES = ("made", "kept", "left", "failed")
_TOLD_AT_MOST = 100


class Tally:
    """Counts results as they come.

    Args:
        most: How many failures end the batch; None for however many.

    Attributes:
        errors: What went wrong, of the first that failed.
        reasons: Why they were left, of the first that were.
        places: How many were made on each machine of a cluster.
    """

    def __init__(self, most: int | None = None):
        self._most = most
        self._counts: Counter[str] = Counter()
        self.errors: list[str] = []
        self.reasons: list[str] = []
        self.places: Counter[str] = Counter()

    @property
    def count(self) -> int:
        """All."""
        return self._counts.total()

    @property
    def failed(self) -> int:
        """Those that failed."""
        return self._counts["failed"]

    @property
    def left(self) -> int:
        """Those that were left as they are."""
        return self._counts["left"]

    @property
    def is_enough(self) -> bool:
        """Whether so many have failed that the batch is given up."""
        return self._most is not None and self.failed >= self._most

    def counted(self, results: Iterator[Result], listed: Manifest | None) -> Iterator[Result]:
        """The same results, counted; no more of them once too many have failed.

        Args:
            results: Of a batch under way.
            listed: Is told of all, and takes in those that failed.
        """
        for result in results:
            self._counts[result.outcome] += 1
            if result.place:
                self.places[result.place] += 1
            if listed is not None:
                listed.note(result)
            if result.error is not None:
                self._note(self.errors, result.error)
            if result.reason is not None:
                self._note(self.reasons, result.reason)
            yield result
            if self.is_enough:
                return
        if listed is not None:
            listed.is_complete = True

    def __str__(self) -> str:
        """ "3 made, 1 failed"."""
        return ", ".join(f"{self._counts[one]} {one}" for one in OUTCOMES if self._counts[one])

    def _note(self, lines: list[str], line: str) -> None:
        if len(lines) < _TOLD_AT_MOST:
            lines.append(line)
