"""One item of a storyboard with all that is needed to film it."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from photochrom.film.pictures import Stills, Version
from photochrom.film.storyboard import Card, Film, Shot


@dataclass(frozen=True)
class Take:
    """One item, ready to be filmed in any process.

    Attributes:
        item: The shot or card.
        film: Settings.
        stills: The photograph's files; None for cards.
        style: The automatic move that was chosen for it.
        first: First frame of its body: the transition into it lasts that long.
        last: Frame after its body.
        span: Frames on screen, the transition out of it included.
    """

    item: Shot | Card
    film: Film
    stills: Stills | None
    style: str
    first: int
    last: int
    span: int

    @property
    def seconds(self) -> float:
        return float(self.span / self.film.rate)

    def reveal_span(self) -> tuple[float, float] | None:
        """First and last frame of the reveal as fractions of frames, or None."""
        if not isinstance(self.item, Shot) or self.item.reveal.kind == "none":
            return None
        reveal, rate = self.item.reveal, float(self.film.rate)
        length = reveal.seconds * rate
        if reveal.at is not None:
            return reveal.at * rate, reveal.at * rate + length
        # Time to look at the old picture first, more of it in a long shot.
        body = self.last - self.first
        begin = self.first + max(0.28 * body, min(1.2 * rate, 0.4 * body))
        latest = max(self.first, self.last - length - 0.2 * body)
        begin = min(begin, latest)
        return begin, begin + length

    def versions(self, first: int, stop: int) -> tuple[Version, ...]:
        """Which states of the photograph are seen in a run of frames."""
        if not isinstance(self.item, Shot):
            return ()
        span = self.reveal_span()
        if span is None or first >= span[1]:
            return ("color",)
        if stop - 1 <= span[0]:
            return (self.item.reveal.from_,)
        return (self.item.reveal.from_, "color")


def frames_in(seconds: float, rate: Fraction) -> int:
    """How many frames a length is, at least one."""
    return max(1, round(Fraction(seconds).limit_denominator(100_000) * rate))
