"""Scenes: a take, filmed. Each gives its frames without text, and its text as a layer."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import cached_property
from typing import Protocol

import numpy as np

from photochrom.film import reveals
from photochrom.film.camera import Rect
from photochrom.film.captions import caption_layer, unit
from photochrom.film.cards import card_layer, column_for, fits, roll_layer
from photochrom.film.frames import Codes, Lens, Planes, coverage, extent
from photochrom.film.framing import picture_area
from photochrom.film.layers import Layer, shade
from photochrom.film.moves import camera_for
from photochrom.film.pictures import (
    Floats,
    Picture,
    Version,
    codes_of,
    open_picture,
    out_of_focus,
)
from photochrom.film.storyboard import Shot
from photochrom.film.takes import Take
from photochrom.film.type import Typesetter
from photochrom.photograph import dimensions

SHINES = 0.25
"""How much of a blurred picture is seen through the background around the picture itself."""


SPARE = 3
"""Pixels of a picture that are kept for one of the frame."""


class Scene(Protocol):
    """What a take looks like, frame by frame."""

    def frame(self, index: int) -> Planes:
        """The take's frame without text. May be the very object that the frame before was."""

    def with_text(self, planes: Planes, index: int) -> Planes:
        """The frame with captions or the words of a card, as they are at that moment."""


class PhotographScene:
    """A photograph under a moving camera.

    Args:
        take: The shot.
        first: First frame that will be asked for.
        stop: Frame after the last one; only what is seen until then is loaded.
    """

    def __init__(self, take: Take, first: int, stop: int):
        assert isinstance(take.item, Shot)
        assert take.stills is not None
        self._take, self._shot = take, take.item
        film = take.film
        self._frame_size = film.size
        self._area = picture_area(film.size, film.theme.letterbox)
        width, height = self._area[1]
        across, down = dimensions(take.stills.color)
        self._camera = camera_for(
            self._shot,
            across / down,
            width / height,
            take.seconds,
            take.style,
            take.stills.attention,
        )
        # No more of a picture is kept than its nearest view can show, and something to filter.
        nearest = width / self._camera.widths[0]
        wanted = math.ceil(SPARE * nearest * max(1, down / across))
        self._lenses: dict[Version, Lens] = {}
        versions = take.versions(first, stop)
        for version in versions:
            picture = open_picture(take.stills.path(version), wanted)
            self._lenses[version] = Lens(picture, self._camera, (width, height))
        self._surround: tuple[Floats | float, ...] = codes_of(film.theme.background)
        if self._camera.mat and film.theme.surround == "blur":
            # Always of the same version, whichever are seen just now.
            if versions[-1] != "color":
                picture = open_picture(take.stills.color, wanted)
            self._surround = self._out_of_focus(picture)
        self._last: tuple[tuple[Rect, float], Planes] | None = None

    def frame(self, index: int) -> Planes:
        rect = self._camera.at(index / max(self._take.span - 1, 1))
        state = (rect, self._revealed(index))
        if self._last is None or self._last[0] != state:
            planes = self._uncovered(*state)
            if self._camera.mat:
                planes = self._on_mat(planes, rect)
            elif self._vignette is not None:
                planes = self._vignette.over(planes)
            self._last = state, self._boxed(planes)
        return self._last[1]

    def with_text(self, planes: Planes, index: int) -> Planes:
        if self._caption is None:
            return planes
        return self._caption.over(planes, presence(self._take, index))

    @cached_property
    def _caption(self) -> Layer | None:
        film = self._take.film
        top, size = self._area
        layer = caption_layer(
            self._shot,
            film.theme,
            size,
            Typesetter(),
            scale=unit(film.size),
            column=self._camera.beside,
        )
        return layer and replace(layer, y=layer.y + top)

    @cached_property
    def _vignette(self) -> Layer | None:
        strength = self._take.film.theme.vignette
        if strength <= 0:
            return None
        width, height = self._area[1]
        x = np.linspace(-1, 1, width, dtype=np.float32)
        y = np.linspace(-1, 1, height, dtype=np.float32)[:, None]
        distance = (x * x + y * y) / 2
        alpha = np.asarray(strength * 0.6 * distance**1.5, np.float32)
        return shade((width, height), alpha, "#000000")

    def _revealed(self, index: int) -> float:
        span = self._take.reveal_span()
        if span is None:
            return 1.0
        share = (index - span[0]) / (span[1] - span[0])
        return float(min(max(share, 0.0), 1.0))

    def _uncovered(self, rect: Rect, revealed: float) -> Planes:
        reveal = self._shot.reveal
        if revealed >= 1:
            return self._lenses["color"].read(rect)
        before = self._lenses[reveal.from_]
        if revealed <= 0:
            return before.read(rect)
        shares = reveals.shares(reveal, revealed, rect, self._area[1])
        new, old = shares.columns
        return reveals.mixed(before.read(rect, old), self._lenses["color"].read(rect, new), shares)

    def _out_of_focus(self, picture: Picture) -> tuple[Floats | float, ...]:
        """What a matted picture lies on if it lies on itself: codes of the three planes."""
        light, *color = codes_of(self._take.film.theme.background)
        # Light only, and little of it: it fits the gray picture as well as the colored one, and
        # words on it stay as legible as on the background.
        blurred = out_of_focus(picture, self._area[1])
        return light + (blurred - np.float32(light)) * np.float32(SHINES), *color

    def _on_mat(self, planes: Planes, rect: Rect) -> Planes:
        """Lay the picture on what is around it, its edges exact to fractions of pixels."""
        left, top, right, bottom = extent(rect, self._area[1])
        parts = []
        for plane, code, scale, site in zip(
            planes.parts(), self._surround, (1, 2, 2), (0.5, 0.25, 0.25), strict=True
        ):
            height, width = plane.shape
            across = coverage(left / scale, right / scale, width, site)
            down = coverage(top / scale, bottom / scale, height)
            parts.append(_masked(plane, across, down, code * 256))
        return Planes(*parts)

    def _boxed(self, planes: Planes) -> Planes:
        """Put the picture area into the frame, between the letterbox's bars."""
        top, (width, height) = self._area
        if height == self._frame_size[1]:
            return planes
        frame = Planes.flat((width, self._frame_size[1]), codes_of("#000000"))
        for whole, part, scale in zip(frame.parts(), planes.parts(), (1, 2, 2), strict=True):
            whole[top // scale : (top + height) // scale] = part
        return frame


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
        layer, speed = self._words
        if layer is None:
            return planes
        if speed:
            size = self._take.film.size
            gone = (index - self._take.first) * speed
            part = layer.shifted(gone - size[1], size[1])
            return planes if part is None else part.over(planes)
        strength = presence(self._take, index)
        if self._set is None or self._set[0] != strength:
            self._set = strength, layer.over(planes, strength)
        return self._set[1]

    @cached_property
    def _words(self) -> tuple[Layer | None, int]:
        """What the card says, and by how many rows a frame it rolls (0: it stands)."""
        film, card = self._take.film, self._card
        column = column_for(card, film, Typesetter())
        if fits(column, film.size):
            return card_layer(column, film.size), 0
        frames = max(self._take.last - self._take.first, 1)
        # Whole, even rows a frame: rolling type that moves by fractions shimmers.
        speed = 2 * -(-int(column.height + film.size[1]) // (2 * frames))
        return roll_layer(column, film.size), speed


def scene_for(take: Take, first: int, stop: int) -> Scene:
    """The scene of a take, loaded for a run of its frames."""
    if isinstance(take.item, Shot):
        return PhotographScene(take, first, stop)
    return CardScene(take)


def presence(take: Take, index: int) -> float:
    """How strongly (0..1) text is seen at a frame: gone at both ends of the body."""
    rate = float(take.film.rate)
    body = (take.last - take.first) / rate
    since = (index - take.first) / rate
    left = (take.last - 1 - index) / rate
    lead, tail, fade = min(0.5, 0.08 * body), min(0.25, 0.04 * body), min(0.8, 0.2 * body)
    share = min((since - lead) / fade, (left - tail) / fade, 1.0)
    share = max(share, 0.0)
    return share * share * (3 - 2 * share)


def _masked(plane: Codes, across: Floats, down: Floats, code: Floats | float) -> Codes:
    inside = np.outer(down, across)
    around = np.asarray(code, np.float32)
    out = around + (plane.astype(np.float32) - around) * inside
    return np.asarray(out + 0.5, np.uint16)
