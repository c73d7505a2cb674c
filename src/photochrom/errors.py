"""Everything photochrom raises on purpose.

Each error is one line that says what was wrong, where, and what to do about it. The command line
prints that line as it stands, so it has to make sense to someone who never saw the code.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any, Literal


class PhotochromError(Exception):
    """Base of every deliberate error.

    Args:
        what: What was wrong, without a full stop ("the file is empty").
        where: The file, or "file:line", or key that it concerns.
        fix: What the user can do about it ("choose another output folder with -o").
    """

    def __init__(self, what: str, *, where: str | Path | None = None, fix: str | None = None):
        self.what = what
        self.where = None if where is None else str(where)
        self.fix = fix
        super().__init__(what, self.where, fix)

    def __reduce__(self) -> tuple[Any, ...]:
        # Errors travel between processes; the default would call us without our keywords.
        return partial(type(self), where=self.where, fix=self.fix), (self.what,)

    @property
    def lines(self) -> tuple[str, ...]:
        """It as lines for people: one, but for errors that are several."""
        return (str(self),)

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        cure = f"; {self.fix}" if self.fix else ""
        # A library's message may hold line breaks; ours never do.
        return " ".join(f"{place}{self.what}{cure}".split())


class PhotographError(PhotochromError):
    """A file that is not a photograph we can read, or a place we cannot write one to."""


class RetouchedError(PhotochromError):
    """A result of ours that somebody has changed since: it is theirs now, and is left alone.

    Nothing has failed: whoever makes many things counts it as left, and goes on.
    """


class RecipeError(PhotochromError):
    """A recipe that does not exist or does not hold together."""


class ModelError(PhotochromError):
    """A network, or its card, that is missing, damaged or not what its card says."""


class StoryboardError(PhotochromError):
    """A storyboard that cannot be filmed."""


class ProductionError(PhotochromError):
    """A production file that cannot be read or built."""


class EngineError(PhotochromError):
    """What is to do the work cannot be used, or has lost something."""


class StoppedError(PhotochromError):
    """Work was told to end before all of it was done; what was finished is kept."""


PlaceTrouble = Literal[
    "address",
    "missing",
    "bucket",
    "refused",
    "credentials",
    "unreachable",
    "changed",
    "taken",
    "full",
    "damaged",
    "source",
    "unsupported",
    "settings",
]


class PlaceError(PhotochromError):
    """A URL that is none, or a place elsewhere that does not do what it is asked.

    Args:
        what: See `PhotochromError`.
        where: The URL, without its query.
        fix: See `PhotochromError`.
        kind: For callers who have an answer to some troubles: "address" (no URL of ours),
            "missing", "bucket" (no such bucket), "refused" (by rights or wrong credentials),
            "credentials" (none found), "unreachable", "changed" (since it was looked at), "taken"
            (somebody else's object lies there), "full", "damaged", "source" (what is to be put
            there cannot be read), "unsupported" and "settings".
        transient: Whether the same may well work if it is tried again later.
    """

    def __init__(
        self,
        what: str,
        *,
        where: str | Path | None = None,
        fix: str | None = None,
        kind: PlaceTrouble = "address",
        transient: bool = False,
    ):
        super().__init__(what, where=where, fix=fix)
        self.kind = kind
        self.transient = transient

    def __reduce__(self) -> tuple[Any, ...]:
        make, said = super().__reduce__()
        return partial(make, kind=self.kind, transient=self.transient), said
