"""Shooting: the frames of segments, one after the other or any of them, not yet encoded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from photochrom.film.frames.emblems import Emblem
from photochrom.film.frames.layers import Layer
from photochrom.film.frames.pictures import Floats, codes_of, rgb_from_yuv
from photochrom.film.frames.planes import Planes
from photochrom.film.plan.timeline import Segment, length_of
from photochrom.film.scenes.opened import Scenes
from photochrom.film.takes import Take
from photochrom.film.words.bug import bug_layer

BLACK = "#000000"

Pixels = NDArray[np.uint8]


class Shooting:
    """A segment, ready to give any of its frames.

    Args:
        segment: From `plan`. The pictures that it shows are opened here, and once.
        scenes: Those of the segments around it: what is open is not opened again.
    """

    def __init__(self, segment: Segment, scenes: Scenes | None = None):
        take, before = segment.take, segment.before
        self._segment = segment
        self._scene, self._leaving = (scenes or Scenes((segment,))).of(segment)
        # Where the run of frames begins in the item that goes.
        self._gone = 0 if before is None else before.span - segment.frames
        self._black = Planes.flat(take.film.size, codes_of(BLACK))
        self._between = Planes.flat(take.film.size, codes_of(take.film.theme.background))
        self._bug = _bug_of(take)
        self._last: tuple[Planes, float, Planes] | None = None

    def frame(self, index: int) -> Planes:
        """A frame, not yet dithered; the very object that the one before was if nothing moved.

        Args:
            index: 0 .. frames - 1.
        """
        planes = self._without_bug(index)
        if self._bug is None:
            return planes
        strength = self._shown(index)
        if self._last is None or self._last[0] is not planes or self._last[1] != strength:
            self._last = planes, strength, self._bug.over(planes, strength)
        return self._last[2]

    def _without_bug(self, index: int) -> Planes:
        segment, scene = self._segment, self._scene
        at = segment.offset + index
        # In transitions there are the words of cards only: captions are gone by then.
        coming = scene.with_text(scene.frame(at), at)
        if segment.kind == "body":
            return coming
        share = self._share(index)
        if segment.kind == "fade":
            return coming.mixed(self._black, share)
        if segment.kind == "dissolve":
            return self._going(index).mixed(coming, share)
        if share < 0.5:
            return self._going(index).mixed(self._between, 2 * share)
        return self._between.mixed(coming, 2 * share - 1)

    def _share(self, index: int) -> float:
        # Never 0 nor 1, so that no frame stands twice.
        return (index + 1) / (self._segment.frames + 1)

    def _shown(self, index: int) -> float:
        """How strongly a bug is seen: it comes from black and goes to black with the film."""
        segment, bug = self._segment, self._segment.take.film.theme.bug
        strength = 0.0 if bug is None else bug.strength
        if segment.kind == "fade":
            return strength * (1 - self._share(index))
        from_black = segment.kind != "body" and segment.before is None
        return strength * self._share(index) if from_black else strength

    def _going(self, index: int) -> Planes:
        if self._leaving is None:
            return self._black
        at = self._gone + index
        return self._leaving.with_text(self._leaving.frame(at), at)


def _bug_of(take: Take) -> Layer | None:
    bug = take.film.theme.bug
    path = None if bug is None else take.image(bug.image)
    return None if bug is None or path is None else bug_layer(bug, Emblem.open(path), take.film)


def frames_of(
    segment: Segment, first: int = 0, *, scenes: Scenes | None = None
) -> Iterator[Planes]:
    """The frames of a segment, not yet dithered; the same object while nothing moves.

    Args:
        segment: From `plan`.
        first: Where in it to begin.
        scenes: As for `Shooting`.
    """
    return map(Shooting(segment, scenes).frame, range(first, segment.frames))


def picture_at(segments: Sequence[Segment], frame: int) -> Pixels:
    """One frame of the film as (H, W, 3) sRGB-encoded RGB, without encoding anything.

    Args:
        segments: From `plan`.
        frame: 0 .. length - 1; beyond that, the last one.
    """
    return next(pictures_at(segments, (frame,)))


def pictures_at(segments: Sequence[Segment], frames: Iterable[int]) -> Iterator[Pixels]:
    """Some frames of the film, as from `picture_at`.

    A picture is opened once for all frames of it that follow one another.

    Args:
        segments: From `plan`.
        frames: Their numbers.
    """
    last = length_of(segments) - 1
    wanted = [min(max(frame, 0), last) for frame in frames]
    shown = [next(s for s in segments if s.start <= at < s.start + s.frames) for at in wanted]
    scenes = Scenes(shown)
    now: tuple[Segment, Shooting] | None = None
    for frame, segment in zip(wanted, shown, strict=True):
        if now is None or now[0] is not segment:
            now = segment, Shooting(segment, scenes)
        planes = now[1].frame(frame - segment.start)
        size = segment.take.film.size
        cb, cr = (_enlarged(plane, size) for plane in (planes.cb, planes.cr))
        rgb = rgb_from_yuv(_codes(planes.luma), cb, cr)
        yield (np.clip(rgb, 0, 1) * 255 + 0.5).astype(np.uint8)


def _enlarged(plane: NDArray[np.uint16], size: tuple[int, int]) -> Floats:
    return np.asarray(cv2.resize(_codes(plane), size, interpolation=cv2.INTER_LINEAR), np.float32)


def _codes(plane: NDArray[np.uint16]) -> Floats:
    return np.asarray(plane / np.float32(256), np.float32)
