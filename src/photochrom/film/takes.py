"""One item of a storyboard with all that is needed to film it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from photochrom.engine import Input
from photochrom.film.stills import Stills, Version
from photochrom.film.storyboard import (
    Caption,
    Card,
    ComparisonCard,
    Film,
    Shot,
    WordsCard,
)
from photochrom.film.storyboard.cards import shows_logo


@dataclass(frozen=True)
class Take:
    """One item, ready to be filmed in any process.

    Attributes:
        item: The shot or card.
        film: Settings.
        stills: The photograph's files; None for cards that show none.
        style: The automatic move that was chosen for it.
        first: First frame of its body: the transition into it lasts that long.
        last: Frame after its body.
        span: Frames on screen, the transition out of it included.
        ends: Whether the film ends with it; what leads out of it is the fade to black.
        images: Pictures from elsewhere that it may show, by the names that the storyboard has for
            them.
    """

    item: Shot | Card
    film: Film
    stills: Stills | None
    style: str
    first: int
    last: int
    span: int
    ends: bool = False
    images: Mapping[str, Input] = field(default_factory=dict)

    @property
    def seconds(self) -> float:
        return float(self.span / self.film.rate)

    @property
    def seen(self) -> Shot | Card:
        """The item as it is seen: without its caption in films that have none in the picture."""
        if self.film.captions or not isinstance(self.item, Shot):
            return self.item
        return self.item.model_copy(update={"caption": Caption()})

    @property
    def colored(self) -> bool:
        """Whether the photograph's last state has colors that its restored one has not."""
        stills = self.stills
        return stills is not None and stills.digest("color") != stills.digest("gray")

    def files(self) -> dict[str, Input]:
        """The files that it shows, by their digests, where those are known."""
        stills = self.stills
        found = {one.sha256: one for one in self.images.values()}
        if stills is None or stills.digests is None:
            return found
        shown = {*self.versions(0, self.span), "color"}
        for version in shown:
            digest = stills.digest(version)
            found[digest] = Input(stills.path(version), digest)
        return found

    def at(self, files: Mapping[str, Path]) -> Take:
        """The same where its files lie elsewhere; `files` has their places by their digests."""
        images = {
            name: Input(files.get(one.sha256, one.path), one.sha256)
            for name, one in self.images.items()
        }
        stills = self.stills and self.stills.at(files)
        return replace(self, stills=stills, images=images)

    def image(self, name: str | None) -> Path | None:
        """Where a picture from elsewhere is that the storyboard names; None for no name."""
        return None if name is None else self.images[name].path

    def presence(self, index: int) -> float:
        """How strongly (0..1) words are seen at a frame.

        Captions are gone at both ends of the body. A card is nothing but words: they are there as
        soon as half of the transition into it is over, and for half of the one out of it, so that
        never two texts lie over one another; what ends the film takes them along.
        """
        rate = float(self.film.rate)
        if not isinstance(self.item, Shot):
            return self._presence_on_card(index, rate)
        body = (self.last - self.first) / rate
        since = (index - self.first) / rate
        left = (self.last - 1 - index) / rate
        lead, tail, fade = min(0.5, 0.08 * body), min(0.25, 0.04 * body), min(0.8, 0.2 * body)
        share = min((since - lead) / fade, (left - tail) / fade, 1.0)
        return _smooth(share)

    def _presence_on_card(self, index: int, rate: float) -> float:
        # Where nothing leads in or out, they are not there at once all the same.
        brief = max(min(0.4 * rate, 0.1 * (self.last - self.first)), 1.0)
        into, out = self.first / 2, (self.span - self.last) / 2
        since = (index - into) / max(into / 2, brief)
        left = 1.0 if self.ends else (self.last - 1 + out - index) / max(out / 2, brief)
        return _smooth(min(since, left, 1.0))

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
        if isinstance(self.item, ComparisonCard):
            return (self.item.from_, "color")
        if not isinstance(self.item, Shot):
            return ()
        span = self.reveal_span()
        if span is None or first >= span[1]:
            return ("color",)
        if stop - 1 <= span[0]:
            return (self.item.reveal.from_,)
        return (self.item.reveal.from_, "color")


def images_of(item: Shot | Card, film: Film) -> tuple[str, ...]:
    """Pictures from elsewhere that an item shows, as the storyboard names them, each once.

    Args:
        item: An item of a film.
        film: Its settings.
    """
    theme = film.theme
    named = [
        item.image if isinstance(item, WordsCard) else None,
        theme.logo if shows_logo(item) else None,
        theme.bug.image if theme.bug else None,
    ]
    return tuple(dict.fromkeys(name for name in named if name is not None))


def _smooth(share: float) -> float:
    share = max(share, 0.0)
    return share * share * (3 - 2 * share)
