"""What a drafted film is made of: cards and shots."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from photochrom.film.storyboard import Caption, Reveal
from photochrom.production.drafting.chapters import Chapter
from photochrom.production.drafting.looking import Rectangle, Seen
from photochrom.production.drafting.scans import Scan
from photochrom.production.drafting.telling import lower_third
from photochrom.production.drafting.templates import Given, Template
from photochrom.production.pacing import (
    COMFORTABLE_SHOT,
    LONGEST_SHOT,
    Want,
    least_for,
    reading_time,
)

PANORAMA = 2.2
"""Width over height of pictures that are crossed, which takes time."""

PANORAMA_SECONDS = 5.0

_REVEAL = Reveal().seconds
_ABOVE = (0.5, 0.42)
"""Where an iris opens: faces are above the middle."""

Kind = Literal["title", "timeline", "chapter", "disclosure", "credits"]


@dataclass(frozen=True)
class Card:
    """A card of the film.

    Attributes:
        kind: Which.
        seconds: How long it is seen.
        briefest: How long it has to be seen where time is short.
        heading: What it says in large letters, where it is not found out by the build.
        text: What it says below.
        marks: Of a timeline: dates and what they stand for.
        transition: How it comes in.
        credits: Whether a disclosure has the credits below it.
        spare: How many seconds longer it may be, to end on a beat.
    """

    kind: Kind
    seconds: float
    briefest: float
    heading: str = ""
    text: str = ""
    marks: tuple[tuple[str, str], ...] = ()
    transition: str = "dissolve"
    credits: bool = False
    spare: float = 2.0

    @property
    def want(self) -> Want:
        """Cards are read and done with: they get no spare time."""
        return Want(self.seconds, weight=0.0, most=self.seconds + self.spare)


@dataclass(frozen=True)
class TemplateCard:
    """A card of a template.

    Attributes:
        given: As the template has it.
    """

    given: Given

    @property
    def transition(self) -> str:
        """How it comes in."""
        return self.given.transition

    @property
    def want(self) -> Want:
        """As long as the template says: it is drawn in that time."""
        return Want(self.given.seconds, weight=0.0, most=self.given.seconds + 2.0)


@dataclass(frozen=True)
class Shot:
    """A shot of the film.

    Attributes:
        scan: The photograph.
        take: 0 for its first shot.
        reveal: How it turns to color.
        origin: What a reveal starts from: the "scan", or the restored "gray".
        detail: Where the camera is and goes; None: photochrom chooses.
        whole: Whether the whole picture is shown, whatever its shape.
        transition: How it comes in.
        voice: Seconds of what is said.
    """

    scan: Scan
    take: int = 0
    reveal: str = "none"
    origin: str = "gray"
    detail: tuple[Rectangle, Rectangle] | None = None
    whole: bool = False
    transition: str = "dissolve"
    voice: float = 0.0

    @property
    def told(self) -> dict[str, str]:
        """Its caption's table: only the first shot of a photograph has one."""
        return lower_third(self.scan) if self.take == 0 else {}

    @property
    def caption(self) -> str:
        """All that there is to read over it."""
        return Caption.model_validate(self.told).plain if self.told else ""

    @property
    def center(self) -> tuple[float, float] | None:
        """Where its iris opens."""
        return _ABOVE if self.reveal == "iris" else None

    @property
    def want(self) -> Want:
        reveal = 0.0 if self.reveal == "none" else _REVEAL
        least = least_for(self.caption, reveal=reveal, voice=self.voice)
        # What has more to read or to see gets more of the spare time.
        wide = self.scan.info.width / self.scan.info.height >= PANORAMA
        busy = reading_time(self.caption) + reveal / 2 + (PANORAMA_SECONDS if wide else 0.0)
        weight = 1.0 + busy / COMFORTABLE_SHOT
        return Want(least, weight, LONGEST_SHOT)


Part = Card | Shot | TemplateCard


@dataclass(frozen=True)
class Story:
    """What a draft is made of.

    Attributes:
        title: Of the film.
        chapters: Its photographs.
        language: Of the film, BCP 47; "" if it is not said.
        seen: What was seen of them, by their ids.
        voices: Seconds of the narration of those that have one, by their ids.
        frame: Cards around the photographs.
    """

    title: str
    chapters: Sequence[Chapter]
    language: str = ""
    seen: Mapping[str, Seen] = field(default_factory=dict)
    voices: Mapping[str, float] = field(default_factory=dict)
    frame: Template = field(default_factory=Template)

    @property
    def scans(self) -> list[Scan]:
        """All photographs in the order in which they are shown."""
        return [scan for chapter in self.chapters for scan in chapter.scans]
