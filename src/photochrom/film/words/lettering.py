"""What is written over one shot: its words, each in its corner, on what they lie on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cached_property

from photochrom.film.camera import Camera
from photochrom.film.camera.framing import picture_area
from photochrom.film.camera.moves import camera_for
from photochrom.film.frames.layers import Layer
from photochrom.film.frames.planes import Planes
from photochrom.film.storyboard.items import Corner, Shot
from photochrom.film.takes import Take
from photochrom.film.words.captions import (
    Place,
    Words,
    above,
    caption_words,
    low_share,
    near,
    small_print,
    unit,
)
from photochrom.film.words.corners import CORNERS, FROM_RIGHT, corner_for, heads_at
from photochrom.film.words.shading import words_layer
from photochrom.film.words.type import Typesetter

MEASURED = 5
"""At how many moments is looked at what lies below words."""

WATCHED = 25
"""At how many moments is looked at where heads are."""

At = Callable[[int], Planes]
"""Gives the picture area at a frame of the shot."""


class Lettering:
    """The words over a shot.

    Args:
        take: The shot.
        camera: Its move.
        frames: Those of its frames that can be looked at.
        size: Width and height of the picture area.
    """

    def __init__(self, take: Take, camera: Camera, frames: range, size: tuple[int, int]):
        shot = take.seen
        assert isinstance(shot, Shot)
        assert take.stills is not None
        self._take, self._shot, self._camera = take, shot, camera
        self._frames = frames
        self._attention = take.stills.attention
        film = take.film
        taken = film.theme.bug.at if film.theme.bug else ""
        top, (_, height) = picture_area(film.size, film.theme.letterbox)
        low = low_share(film.size, top, height)
        scale = unit(film.size) * near(film.size)
        self._place = Place(size, scale, camera.beside, taken, low)
        self._setter = Typesetter(language=take.film.language)

    def captions(self, at: At) -> list[Layer]:
        """Caption and credit, as layers of the picture area.

        Args:
            at: Gives what they lie on.
        """
        place = self._place
        caption, credits = self._caption(self.corner), self._credits
        if caption is not None and credits and "lower" in caption.corner:
            caption = above(caption, credits[0])
        captions = [] if caption is None else [caption]
        wanted = [candidates for candidates in (captions, credits) if candidates]
        if not wanted:
            return []
        shown = [index for index in self._frames if self._take.presence(index) > 0]
        below = [at(index) for index in _some(shown or list(self._frames), MEASURED)]
        layers: list[Layer] = []
        on_background = place.column is not None and self._take.film.theme.surround == "plain"
        for candidates in wanted:
            layers.append(words_layer(candidates, place, None if on_background else below))
            # The shade of one is a part of what the next one lies on.
            below = [layers[-1].over(planes) for planes in below]
        return layers

    def mark(self, at: At) -> Layer | None:
        """The mark of colors, or None where there is nothing to mark.

        Args:
            at: Gives what it lies on, in color.
        """
        take = self._take
        theme = take.film.theme
        if not take.film.mark or not take.colored:
            return None
        # In a column of words it stands above them, and never half on the picture.
        aside = self._place.column is not None and not self._shot.caption.at.startswith("upper")
        place = self._place if aside else replace(self._place, column=None)
        corner: Corner = "upper left" if aside else mark_corner(self._shot)
        candidates = self._small(take.film.mark, corner, place)
        if aside and theme.surround == "plain":
            return words_layer(candidates, place, None)
        span = take.reveal_span()
        first = 0 if span is None else int(span[0])
        below = [at(index) for index in _some(range(first, take.span), MEASURED)]
        return words_layer(candidates, place, below)

    @cached_property
    def corner(self) -> Corner:
        """Where the caption stands."""
        at = self._shot.caption.at
        if at != "auto":
            return at
        shown = [i for i in range(self._take.span) if self._take.presence(i) > 0]
        if self._place.column is not None:
            return CORNERS[0]
        corners = FROM_RIGHT if self._setter.from_right else CORNERS
        if not self._attention.heads or not shown:
            return corners[0]
        candidates = {corner: self._caption(corner) for corner in corners}
        boxes = {
            corner: words.share(self._place.size)
            for corner, words in candidates.items()
            if words is not None
        }
        if not boxes:
            return corners[0]
        last = max(self._take.span - 1, 1)
        moments = [
            heads_at(self._camera, index / last, self._attention) for index in _some(shown, WATCHED)
        ]
        return corner_for(boxes, moments)

    def _caption(self, corner: Corner) -> Words | None:
        theme = self._take.film.theme
        return caption_words(self._shot.caption, corner, theme, self._setter, self._place)

    @cached_property
    def _credits(self) -> list[Words]:
        """Opposite the caption, or in the column beside a matted picture; under the caption where
        a frame is narrow."""
        width, height = self._place.size
        if width <= height:
            # One under the other: there is no room beside a caption.
            below: Corner = "lower right" if self.corner == "lower right" else "lower left"
            return self._small(self._shot.credit, below, self._place)
        aside = self._place.column is not None or self.corner == "lower right"
        return self._small(self._shot.credit, "lower left" if aside else "lower right", self._place)

    def _small(self, text: str, corner: Corner, place: Place) -> list[Words]:
        """Small print in the theme's ink and in its background's color."""
        theme = self._take.film.theme
        inks = (theme.ink, theme.background)
        found = [small_print(text, corner, theme, self._setter, place, ink) for ink in inks]
        return [words for words in found if words is not None]


def caption_corner(take: Take) -> Corner:
    """Where a shot's caption stands, without a look at its picture.

    Args:
        take: A shot.
    """
    shot, stills = take.seen, take.stills
    assert isinstance(shot, Shot) and stills is not None
    attention = stills.attention
    if shot.caption.at != "auto":
        return shot.caption.at
    if not attention.heads or attention.aspect is None:
        return FROM_RIGHT[0] if take.film.say.from_right else CORNERS[0]
    film = take.film
    _, size = picture_area(film.size, film.theme.letterbox)
    shape = size[0] / size[1]
    camera = camera_for(shot, attention.aspect, shape, take.seconds, take.style, attention)
    return Lettering(take, camera, range(0), size).corner


def mark_corner(shot: Shot) -> Corner:
    """Where the mark of colors stands: at the upper right, unless the caption was put there."""
    taken = shot.caption.at == "upper right" and shot.caption.plain
    return "upper left" if taken else "upper right"


def _some(frames: range | list[int], count: int) -> list[int]:
    """At most so many of some frames, evenly spread, the first and the last among them."""
    if len(frames) <= count:
        return list(frames)
    return [frames[round(i * (len(frames) - 1) / (count - 1))] for i in range(count)]
