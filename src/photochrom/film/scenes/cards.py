"""Cards of words, filmed."""

from __future__ import annotations

from functools import cached_property

from photochrom.film.frames.emblems import Emblem
from photochrom.film.frames.layers import Layer
from photochrom.film.frames.pictures import codes_of
from photochrom.film.frames.planes import Planes
from photochrom.film.storyboard import Shot, TitleCard, WordsCard
from photochrom.film.storyboard.cards import shows_logo
from photochrom.film.takes import Take
from photochrom.film.words.cards import (
    Pictures,
    card_layer,
    column_for,
    fits,
    foot_layer,
    roll,
    roll_layer,
)
from photochrom.film.words.type import Typesetter


class CardScene:
    """A card: words on a plain background."""

    def __init__(self, take: Take):
        assert not isinstance(take.item, Shot)
        self._take, self._card = take, take.item
        background = take.item.background or take.film.theme.background
        self._plain = Planes.flat(take.film.size, codes_of(background))
        self._set: tuple[float, Planes] | None = None

    def frame(self, index: int) -> Planes:
        return self._plain

    def with_text(self, planes: Planes, index: int) -> Planes:
        layer, tops = self._words
        if layer is None:
            return planes
        strength = self._take.presence(index)
        if tops:
            part = layer.shifted(-tops[min(index, len(tops) - 1)], self._take.film.size[1])
            return planes if part is None else part.over(planes, strength)
        if self._set is None or self._set[0] != strength:
            out = layer.over(planes, strength)
            if self._foot is not None:
                out = self._foot.over(out, strength)
            self._set = strength, out
        return self._set[1]

    @cached_property
    def _pictures(self) -> Pictures:
        take, theme = self._take, self._take.film.theme
        image = self._card.image if isinstance(self._card, WordsCard) else None
        paths = take.image(image), take.image(theme.logo) if shows_logo(self._card) else None
        return Pictures(*(None if path is None else Emblem.open(path) for path in paths))

    @cached_property
    def _foot(self) -> Layer | None:
        """The theme's logo, at the foot of title cards."""
        logo = self._pictures.logo
        if logo is None or not isinstance(self._card, TitleCard):
            return None
        return foot_layer(logo, self._take.film)

    @cached_property
    def _words(self) -> tuple[Layer | None, list[int]]:
        """What the card says, and its first row in each frame if it rolls."""
        film, card = self._take.film, self._card
        column = column_for(card, film, Typesetter(language=film.language), self._pictures)
        if fits(column, film.size):
            return card_layer(column, film.size), []
        return roll_layer(column, film.size), roll(column, film.size, self._take.span)
