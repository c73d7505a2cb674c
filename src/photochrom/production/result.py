"""What the steps of a build give, and what a build says of itself when it is over.

All of it is plain data: whoever runs the steps one by one, on whatever machine, can keep each.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from photochrom.engine import Failure
from photochrom.errors import ProductionError, RetouchedError

if TYPE_CHECKING:
    from photochrom.orders import Pictures


class MissingError(ProductionError):
    """Several things that a production needs are not there.

    Args:
        errors: What is said of each.
    """

    def __init__(self, errors: Sequence[ProductionError]):
        self.errors = tuple(errors)
        super().__init__("; ".join(map(str, errors)))

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.errors,)

    @property
    def lines(self) -> tuple[str, ...]:
        """A line for each."""
        return tuple(map(str, self.errors))


@dataclass(frozen=True)
class Failed:
    """Something that could not be made.

    Attributes:
        name: What: the id of a photograph, "film", "film, hopper", "sidecars".
        stage: Which step failed: "scans", "pictures", "film", "publish" or "deliver".
        failure: Why.
        report: The file with the traceback, when it was a mistake of photochrom's.
    """

    name: str
    stage: str
    failure: Failure
    report: Path | None = None

    def __str__(self) -> str:
        line = f"{self.name}: {self.failure.message}"
        if self.failure.trace is None:
            return line
        return f"{line} (a mistake of photochrom's; please report it with {self.report})"


@dataclass(frozen=True)
class Left:
    """A result that somebody has changed since it was put there, and that is left as it is.

    Attributes:
        name: Whose it is; as with `Failed`.
        where: The file, or its URL.
        what: What somebody has done.
        fix: How to come by the new result all the same.
    """

    name: str
    where: str
    what: str
    fix: str

    @classmethod
    def of(cls, name: str, error: RetouchedError) -> Left:
        """What was said of it when it was to be replaced."""
        return cls(name, error.where or "", error.what, error.fix or "")

    def __str__(self) -> str:
        return f"{self.where}: {self.what}; {self.fix}"


@dataclass(frozen=True)
class Scans:
    """The originals.

    Attributes:
        digests: SHA-256 of each that can be read, by the id of its photograph.
        failed: Those that cannot.
    """

    digests: Mapping[str, str]
    failed: tuple[Failed, ...] = ()


@dataclass(frozen=True)
class Restored:
    """The photographs, restored.

    Attributes:
        pictures: The results, by id.
        made: Ids of those that were made, or put back, now.
        kept: Ids of those that were up to date.
        failed: Those that could not be made or published.
        files: Digest of each file that lies in the output folder now, by its path.
        labels: Keys of the pictures with what is known of them.
        left: What somebody has changed in the output folder. The film shows what was made.
    """

    pictures: Mapping[str, Pictures]
    made: tuple[str, ...]
    kept: tuple[str, ...]
    failed: tuple[Failed, ...]
    files: Mapping[str, str]
    labels: tuple[str, ...] = ()
    left: tuple[Left, ...] = ()


@dataclass(frozen=True)
class Sidecars:
    """The files beside a film, in the store.

    Attributes:
        key: Their key.
        paths: The files; each name begins as the film's does.
        made: Whether they were made now.
    """

    key: str
    paths: tuple[Path, ...]
    made: bool


@dataclass(frozen=True)
class Filmed:
    """A film in the store.

    Attributes:
        key: Its key.
        path: Its file.
        made: Whether it was made now.
        sidecars: What belongs beside it.
        loudness: What its sound measures.
        borrowed: Fonts of this system that something in it is set from.
    """

    key: str
    path: Path
    made: bool
    sidecars: Sidecars
    loudness: str
    borrowed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Published:
    """What has been put into the output folder.

    Attributes:
        made: Names of that of which something was made, or put back, now.
        kept: The same where all was there.
        failed: What could not be put there.
        files: Digest of each file of ours that lies there now, by its path.
        left: What somebody has changed there.
    """

    made: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    failed: tuple[Failed, ...] = ()
    files: Mapping[str, str] = field(default_factory=dict)
    left: tuple[Left, ...] = ()


@dataclass(frozen=True)
class Delivered:
    """What has been brought from the output folder to where the production wants it.

    Attributes:
        sent: What was brought now, by its path below that folder.
        failed: What could not be, because somebody else has put something there.
        left: What somebody has changed there since we brought it.
    """

    sent: tuple[str, ...] = ()
    failed: tuple[Failed, ...] = ()
    left: tuple[Left, ...] = ()


@dataclass(frozen=True)
class BuildResult:
    """How a build went.

    Attributes:
        made: Ids of the photographs whose results were made, "film" if the film was, and
            "sidecars" if anything was that belongs beside it; of other versions with their names:
            "film (vertical)".
        kept: The same of those that were up to date.
        failed: What failed; each is a line for people as text.
        film: The film, if there is to be one and it is up to date now.
        seconds: How long the build took.
        loudness: What the film's sound measures ("-23.0 LUFS, true peak -3.1 dBTP"), if it was
            looked at.
        silent: How many narrations are not heard, because nobody has recorded or spoken them.
        borrowed: Fonts of this system that words are set from, because no packaged font has them.
        versions: Its other versions that are up to date now.
        notices: Of photographs that were made: what had to be chosen to read the scan, and what
            people may want to look at; a line each.
        sent: What was brought to a bucket now, by its path below the output folder.
        left: Results that somebody has changed where they lie, and that were not replaced; each is
            a line for people as text. Nothing has failed with them.
    """

    made: tuple[str, ...]
    kept: tuple[str, ...]
    failed: tuple[Failed, ...]
    film: Path | None
    seconds: float
    loudness: str | None = None
    silent: int = 0
    borrowed: tuple[str, ...] = ()
    versions: tuple[Path, ...] = ()
    notices: tuple[str, ...] = ()
    sent: tuple[str, ...] = ()
    left: tuple[Left, ...] = ()

    @property
    def nothing_to_do(self) -> bool:
        """Whether everything was up to date."""
        return not (self.made or self.failed or self.sent or self.left)
