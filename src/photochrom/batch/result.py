"""How one photograph of a batch came out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from photochrom.batch.jobs import Job
from photochrom.errors import PhotochromError, RetouchedError
from photochrom.places import Place


@dataclass(frozen=True)
class Result:
    """How one photograph of a batch came out.

    Attributes:
        job: The photograph and where its derivatives lie.
        outcome: "made", "kept" (it was up to date), "left" (somebody has changed a derivative, so
            that it is theirs) or "failed".
        files: The derivatives in the order of their formats, then the record; none if it was left
            or failed.
        beside: What is to be looked at with the derivatives, by kind (`record.BESIDE`).
        seconds: Time it took.
        error: One line for people if it failed.
        reason: One line for people if it was left: what somebody has changed.
        place: The machine of a cluster that made it; empty for this one.
        notices: What had to be chosen or left out to read the scan.
    """

    job: Job
    outcome: str
    files: tuple[Place, ...] = ()
    beside: Mapping[str, Place] = field(default_factory=dict)
    seconds: float = 0.0
    error: str | None = None
    notices: tuple[str, ...] = ()
    reason: str | None = None
    place: str = ""

    @classmethod
    def without(cls, job: Job, why: PhotochromError, seconds: float = 0.0) -> Result:
        """That of a photograph of which nothing was made, for a reason."""
        if isinstance(why, RetouchedError):
            return cls(job, "left", seconds=seconds, reason=str(why))
        return cls(job, "failed", seconds=seconds, error=str(why))

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values; `error` and `reason` only where there is one."""
        *pictures, record = self.files or (None, None)
        return {
            "input": str(self.job.source),
            "output": pictures[0] and str(pictures[0]),
            "outputs": [str(path) for path in pictures if path is not None],
            "record": record and str(record),
            "seconds": round(self.seconds, 3),
            "outcome": self.outcome,
            "notices": list(self.notices),
            **({"beside": _named(self.beside)} if self.beside else {}),
            **({"place": self.place} if self.place else {}),
            **({"error": self.error} if self.error is not None else {}),
            **({"reason": self.reason} if self.reason is not None else {}),
        }


def _named(places: Mapping[str, Place]) -> dict[str, str]:
    return {kind: str(place) for kind, place in places.items()}
