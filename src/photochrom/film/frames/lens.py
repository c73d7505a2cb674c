"""From a picture and a camera to a frame: resampling without steps.

Resampling is done in two stages. Once a shot, the visible part of the picture is brought to
*textures*: two or three times as dense as the frame's pixels, and low-passed to what those pixels
can show. Once a frame, a texture is read, bilinearly, at two points a quarter of a texture pixel
off the wanted one on either side, and the two are averaged. Bilinear reads are never biased in
position, as OpenCV's cubic kernel is (by a fiftieth of a frame pixel even here); the pair and the
density keep their one fault small, that sharpness hangs on where between two pixels they fall (2 %
on white noise at density 3, 5 % at 2). The same read from the picture itself would alias and
shimmer. A long zoom passes from the texture of one size to that of the next by a growing share, so
sharpness never jumps.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
from PIL import Image

from photochrom.film.camera import Camera, Rect
from photochrom.film.frames.pictures import Floats, Picture
from photochrom.film.frames.planes import NEUTRAL, Codes, Planes

FINE, COARSE = 3, 2
"""Texture pixels per frame pixel: usually, and where several textures or a large frame would
take a gigabyte."""

LARGE = 2_300_000
"""Frame pixels above which textures are coarse."""

OFF = 0.25
"""How far from the wanted point, in texture pixels, luma is read."""

STEP = 1.5
"""Largest ratio of size between two textures of a zoom."""

SHORT = 1.25
"""A zoom up to this ratio makes do with one texture, right in its middle."""

_CEILING = 254 * 256
_PAD = 12
_LOBES = 3
_STRIP = 256


@dataclass(frozen=True)
class Texture:
    """One plane of a picture at one density.

    Attributes:
        samples: (h, w) uint16 codes times 256.
        left: Share of the picture's width at the texture's left edge.
        top: Share of the picture's height at its upper edge.
        across: Texture pixels per picture width.
        down: Texture pixels per picture height.
    """

    samples: Codes
    left: float
    top: float
    across: float
    down: float

    def read(
        self,
        rect: Rect,
        shape: tuple[int, int],
        columns: slice,
        site: tuple[float, float],
        *,
        paired: bool,
    ) -> Codes:
        """Read frame pixels.

        Args:
            rect: What the whole frame shows.
            shape: Height and width of the whole frame's plane.
            columns: Which columns of it are wanted.
            site: Where in its cell (0..1, across and down) a pixel is sampled.
            paired: Read at two points; for luma. The eye sees no such detail in chroma.
        """
        height, width = shape
        first, count = columns.start, columns.stop - columns.start
        if count <= 0:
            return np.empty((height, 0), np.uint16)
        step_x = rect.width / width * self.across
        step_y = rect.height / height * self.down
        start_x = (rect.left - self.left) * self.across + (first + site[0]) * step_x - 0.5
        start_y = (rect.top - self.top) * self.down + site[1] * step_y - 0.5
        reads = [
            cv2.warpAffine(
                self.samples,
                np.array([[step_x, 0.0, start_x + off], [0.0, step_y, start_y + off]]),
                (count, height),
                flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
                borderMode=cv2.BORDER_REPLICATE,
            )
            for off in ((-OFF, OFF) if paired else (0.0,))
        ]
        frame = cv2.addWeighted(reads[0], 0.5, reads[1], 0.5, 0) if paired else reads[0]
        return np.asarray(frame, np.uint16)


def texture(plane: Floats, region: Rect, pixels: float, density: int) -> Texture:
    """Bring a part of a plane to the density at which frames are read from it.

    Args:
        plane: (H, W) codes.
        region: The part that will be seen.
        pixels: Frame pixels per picture width; finer detail than that is taken out.
        density: Texture pixels per frame pixel.
    """
    height, width = plane.shape
    pad = _PAD * max(1.0, width / (pixels * density))
    left, right = _bounds(region.left, region.right, width, pad)
    top, bottom = _bounds(region.top, region.bottom, height, pad)
    part = plane[top:bottom, left:right]
    share = pixels * density / width
    dense = (max(1, round(part.shape[1] * share)), max(1, round(part.shape[0] * share)))
    kernel = _low_pass(density) if pixels < width else None
    samples = np.empty(dense[::-1], np.uint16)
    # In strips: floats, and what filters need besides, take several times the memory of the result.
    for first in range(0, dense[1], _STRIP):
        rows = slice(first, min(first + _STRIP, dense[1]))
        strip = _dense_rows(part, dense, rows, kernel)
        np.clip(strip, 0, _CEILING, out=strip)
        samples[rows] = strip
    return Texture(
        samples,
        left / width,
        top / height,
        dense[0] / ((right - left) / width),
        dense[1] / ((bottom - top) / height),
    )


def _dense_rows(part: Floats, dense: tuple[int, int], rows: slice, kernel: Floats | None) -> Floats:
    """Some rows of a plane brought to another size, as codes times 256 with a half to be cut off.

    Args:
        part: The plane.
        dense: Width and height to which the whole of it is brought.
        rows: Which rows of that are wanted.
        kernel: A low-pass for both directions, or None.
    """
    margin = 0 if kernel is None else kernel.size // 2 + 1
    low, high = max(0, rows.start - margin), min(dense[1], rows.stop + margin)
    scale = part.shape[0] / dense[1]
    foot = _LOBES * max(1.0, scale) + 1
    top, bottom = _whole(low * scale - foot, high * scale + foot, part.shape[0])
    source = Image.fromarray(np.ascontiguousarray(part[top:bottom]))
    method = Image.Resampling.LANCZOS if scale > 1 else Image.Resampling.BICUBIC
    box = (0.0, low * scale - top, float(part.shape[1]), high * scale - top)
    made = np.array(source.resize((dense[0], high - low), method, box=box), np.float32)
    if kernel is not None:
        made = cv2.sepFilter2D(made, -1, kernel, kernel, borderType=cv2.BORDER_REPLICATE)
    made = made[rows.start - low : rows.stop - low]
    made *= 256
    made += 0.5
    return np.asarray(made, np.float32)


def _bounds(low: float, high: float, length: int, pad: float) -> tuple[int, int]:
    """Whole source pixels around a span, a few more for the filters' feet."""
    return _whole(low * length - pad, high * length + pad, length)


def _whole(low: float, high: float, length: int) -> tuple[int, int]:
    """The whole pixels that a span touches, at least one."""
    first, last = max(0, math.floor(low)), min(length, math.ceil(high))
    return min(first, length - 1), max(last, 1)


def _low_pass(density: int) -> Floats:
    """What a texture may hold of detail: Lanczos' windowed sinc of three lobes."""
    taps = np.arange(1 - _LOBES * density, _LOBES * density)
    kernel = np.sinc(taps / density) * np.sinc(taps / (_LOBES * density))
    return np.asarray(kernel / kernel.sum(), np.float32)


class Lens:
    """A picture under a camera: gives the planes of any rectangle that the camera may show.

    Args:
        picture: The photograph.
        camera: Its move; decides which part is kept, and at which sizes.
        size: Width and height of the frame's picture area, even numbers.
    """

    def __init__(self, picture: Picture, camera: Camera, size: tuple[int, int]):
        self._size = size
        narrowest, widest = camera.widths
        if widest / narrowest <= SHORT:
            self._widths = [math.sqrt(widest * narrowest)]
        else:
            steps = math.ceil(math.log(widest / narrowest) / math.log(STEP) - 1e-9)
            ratio = (narrowest / widest) ** (1 / steps)
            self._widths = [widest * ratio**index for index in range(steps + 1)]
        single = len(self._widths) == 1
        density = FINE if single and size[0] * size[1] <= LARGE else COARSE
        planes = (picture.luma,) if picture.chroma is None else (picture.luma, *picture.chroma)
        self._levels = [
            [
                texture(plane, region, size[0] / width / (1 if index == 0 else 2), density)
                for index, plane in enumerate(planes)
            ]
            for width, region in zip(self._widths, self._regions(camera), strict=True)
        ]

    def read(self, rect: Rect, columns: slice | None = None) -> Planes:
        """The planes of what the camera shows.

        Args:
            rect: From `Camera.at`.
            columns: Only these columns of the picture area, even numbers.
        """
        columns = slice(0, self._size[0]) if columns is None else columns
        near, share = self._level(rect.width)
        first = self._read_level(near, rect, columns)
        # Of a reveal that has not begun no column is read, and OpenCV mixes no empty arrays.
        if share < 1 / 512 or columns.start == columns.stop:
            return first
        return first.mixed(self._read_level(near + 1, rect, columns), share)

    def _regions(self, camera: Camera) -> list[Rect]:
        """What is seen while each texture is read: from the width of the one before to the next."""
        if len(self._widths) == 1:
            return [camera.between(*camera.widths)]
        ends = [self._widths[0], *self._widths, self._widths[-1]]
        return [camera.between(narrow, wide) for wide, narrow in zip(ends, ends[2:], strict=False)]

    def _level(self, width: float) -> tuple[int, float]:
        """The texture to read from, and the share of the next finer one."""
        if len(self._widths) == 1:
            return 0, 0.0
        stride = math.log(self._widths[0] / self._widths[1])
        position = math.log(self._widths[0] / width) / stride
        position = min(max(position, 0.0), len(self._widths) - 1.0)
        index = min(int(position), len(self._widths) - 2)
        return index, position - index

    def _read_level(self, index: int, rect: Rect, columns: slice) -> Planes:
        width, height = self._size
        luma, *chroma = self._levels[index]
        half = slice(columns.start // 2, columns.stop // 2)
        shape = (height // 2, width // 2)
        y = luma.read(rect, (height, width), columns, (0.5, 0.5), paired=True)
        if not chroma:
            gray = np.full((shape[0], half.stop - half.start), NEUTRAL, np.uint16)
            return Planes(y, gray, gray.copy())
        cb, cr = (plane.read(rect, shape, half, (0.25, 0.5), paired=False) for plane in chroma)
        return Planes(y, cb, cr)
