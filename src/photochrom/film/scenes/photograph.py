"""A photograph under a moving camera, filmed."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import cached_property

import numpy as np

from photochrom.film.camera import Rect
from photochrom.film.camera.framing import picture_area
from photochrom.film.camera.moves import camera_for
from photochrom.film.frames import reveals
from photochrom.film.frames.grain import Grain
from photochrom.film.frames.layers import Layer, shade
from photochrom.film.frames.lens import Lens
from photochrom.film.frames.pictures import Floats, Picture, codes_of, open_picture, out_of_focus
from photochrom.film.frames.planes import Codes, Planes, coverage, extent
from photochrom.film.stills import Version
from photochrom.film.storyboard import Shot
from photochrom.film.takes import Take
from photochrom.film.words.captions import unit
from photochrom.film.words.lettering import Lettering
from photochrom.photograph import dimensions

MARKED = 0.1
"""Share of a reveal by whose end the mark of colors is fully there."""

SHINES = 0.25
"""How much of a blurred picture is seen through the background around the picture itself."""

SPARE = 3
"""Pixels of a picture that are kept for one of the frame."""


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
        self._lettering = Lettering(take, self._camera, range(first, stop), self._area[1])
        self._last: tuple[tuple[Rect, float, int], Planes] | None = None

    def frame(self, index: int) -> Planes:
        grain = self._grain
        step = 0 if grain is None else grain.step(index)
        state = (self._rect(index), self._revealed(index), step)
        if self._last is None or self._last[0] != state:
            rect, revealed, _ = state
            planes = self._pictured(rect, revealed, step)
            if revealed > 0 and self._mark is not None:
                planes = self._mark.over(planes, min(revealed / MARKED, 1.0))
            self._last = state, self._boxed(planes)
        return self._last[1]

    def with_text(self, planes: Planes, index: int) -> Planes:
        strength = self._take.presence(index)
        for layer in self._captions if strength > 0 else ():
            planes = layer.over(planes, strength)
        return planes

    @cached_property
    def _captions(self) -> list[Layer]:
        """What is written over the body, each on what it lies on at several moments."""
        layers = self._lettering.captions(
            lambda index: self._pictured(self._rect(index), self._revealed(index))
        )
        top = self._area[0]
        return [replace(layer, y=layer.y + top) for layer in layers]

    @cached_property
    def _mark(self) -> Layer | None:
        """The mark of colors, in the picture area; alike in all segments of a shot."""
        return self._lettering.mark(lambda index: self._pictured(self._rect(index), 1.0))

    @cached_property
    def _grain(self) -> Grain | None:
        film = self._take.film
        strength = film.theme.grain
        return Grain(strength, self._area[1], unit(film.size)) if strength else None

    def _rect(self, index: int) -> Rect:
        return self._camera.at(index / max(self._take.span - 1, 1))

    def _pictured(self, rect: Rect, revealed: float, step: int | None = None) -> Planes:
        """The picture area without anything written on it; without grain if no step is named."""
        planes = self._uncovered(rect, revealed)
        if self._grain is not None and step is not None:
            planes = self._grain.over(planes, step)
        if self._camera.mat:
            return self._on_mat(planes, rect)
        return planes if self._vignette is None else self._vignette.over(planes)

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


def _masked(plane: Codes, across: Floats, down: Floats, code: Floats | float) -> Codes:
    inside = np.outer(down, across)
    around = np.asarray(code, np.float32)
    out = around + (plane.astype(np.float32) - around) * inside
    return np.asarray(out + 0.5, np.uint16)
