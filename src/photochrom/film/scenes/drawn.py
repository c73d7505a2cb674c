"""Cards on which something is drawn, filmed: it comes to be, and then stands."""

from __future__ import annotations

from functools import cached_property, partial

from photochrom.film.frames.layers import Layer
from photochrom.film.frames.pictures import codes_of
from photochrom.film.frames.planes import Planes
from photochrom.film.graphics.choosing import drawing_for
from photochrom.film.graphics.page import Drawing
from photochrom.film.storyboard import DrawnCard
from photochrom.film.takes import Take

LONGEST = 0.5
"""The share of a card's time after which all of it stands, so that it can be looked at."""


class DrawnScene:
    """A figure, chart or map card.

    Args:
        take: The card.
    """

    def __init__(self, take: Take):
        assert isinstance(take.item, DrawnCard)
        self._take, self._card = take, take.item
        background = take.item.background or take.film.theme.background
        self._plain = Planes.flat(take.film.size, codes_of(background))
        self._last: tuple[float, float, Planes] | None = None

    def frame(self, index: int) -> Planes:
        return self._plain

    def with_text(self, planes: Planes, index: int) -> Planes:
        strength, share = self._take.presence(index), self._share(index)
        if strength <= 0:
            return planes
        if self._last is None or self._last[:2] != (strength, share):
            layer = self._whole if share >= 1 else self._painted(share)
            out = planes if layer is None else layer.over(planes, strength)
            self._last = strength, share, out
        return self._last[2]

    @cached_property
    def _drawing(self) -> Drawing:
        return drawing_for(self._card, self._take.film)

    @cached_property
    def _whole(self) -> Layer | None:
        return self._painted(1.0)

    def _painted(self, share: float) -> Layer | None:
        return Layer.paint(self._take.film.size, partial(self._drawing.paint, share=share))

    def _share(self, index: int) -> float:
        """How much of the drawing has come to be."""
        take = self._take
        rate = float(take.film.rate)
        body = (take.last - take.first) / rate
        # It begins when its words are there.
        since = (index - take.first) / rate - (0.0 if take.first else min(0.6, 0.1 * body))
        return min(max(since / min(self._drawing.seconds, LONGEST * body), 0.0), 1.0)
