"""Words on pictures as layers: painted, and legible by a shade that is as dark as it has to be."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
import skia

from photochrom.film.frames.layers import Layer, even_span, painted, shade
from photochrom.film.frames.pictures import Floats
from photochrom.film.frames.planes import Planes
from photochrom.film.words.captions import Place, Words
from photochrom.film.words.contrast import RATIO, shade_for, shade_needed, spread

AROUND = 5
"""What is this near to a letter, in those pixels, counts as lying below it."""

LITTLE = 0.25
"""Small print keeps to the theme's ink while no darker shade than this is needed below it; else it
may take the theme's background for an ink, which on a white sky needs none."""

OTHER_RATIO = 7.0
"""The contrast that another ink has to have by itself (WCAG 2's enhanced one): dark small print on
middle tones is read less well than its ratio says."""

FAINT = np.float32(0.005)
"""A shade ends where there is no more of it than this."""

Part = tuple[slice, slice]
"""Rows and columns of the picture area, from and to even numbers."""


def words_layer(candidates: Sequence[Words], place: Place, below: Sequence[Planes] | None) -> Layer:
    """Words with a soft shadow, which holds letters where a picture is busy, and with the shade
    that they need to be legible.

    Args:
        candidates: The same words in one ink or several, the preferred one first. Another one is
            taken only if the first needs much shade, and it none.
        place: Gives the size of the picture area.
        below: The picture area at some moments. None: the words stand on the theme's background.
    """
    words = candidates[0]
    dark = 0.0 if below is None else _shade_needed(words, place, below)
    if below is not None and dark > LITTLE:
        for other in candidates[1:]:
            if not _shade_needed(other, place, below, OTHER_RATIO):
                words, dark = other, 0.0
    part = _around(words, place)
    if dark:
        part = _joined(part, *(_extent(along) for along in _thinning(words, place.size)))
    rgba = _painted(part, partial(_paint_with_shadow, words, place))
    y, x = part[0].start, part[1].start
    layer = Layer.from_rgba(rgba, x, y)
    if dark:
        alpha = shade_shape(words, place.size, part) * np.float32(dark)
        layer = layer.above(shade(rgba.shape[1::-1], alpha, shade_for(words.ink), y, x))
    return layer


def shade_shape(words: Words, size: tuple[int, int], part: Part) -> Floats:
    """A gradient that fills a corner as far as the words go and thins out beyond them.

    It is computed in floating point: eight bits of alpha would show as bands in a dark sky.

    Args:
        words: What is to be shaded.
        size: Of the picture area.
        part: Rows and columns of it that are wanted.

    Returns:
        (rows, columns), 0..1.
    """
    rows, columns = _thinning(words, size)
    gauss = rows[part[0], None] * columns[part[1]]
    return np.asarray(np.maximum(gauss - FAINT, 0) / (1 - FAINT), np.float32)


def _thinning(words: Words, size: tuple[int, int]) -> tuple[Floats, Floats]:
    """What is left of a shade in each row and in each column, 0..1."""
    width, height = size
    vertical, horizontal = words.corner.split()
    rows = np.arange(height, dtype=np.float32) + np.float32(0.5)
    columns = np.arange(width, dtype=np.float32) + np.float32(0.5)
    down = words.top - rows if vertical == "lower" else rows - words.top - words.height
    across = columns - words.left - words.width if horizontal == "left" else words.left - columns
    # Small print needs no large shade; a caption's goes far, so that nobody sees where it ends.
    down = np.maximum(down, 0) / np.float32(0.5 * words.height + 0.08 * height)
    across = np.maximum(across, 0) / np.float32(0.3 * words.width + 0.06 * width)
    return np.exp(-(down**2)).astype(np.float32), np.exp(-(across**2)).astype(np.float32)


def _shade_needed(
    words: Words, place: Place, below: Sequence[Planes], ratio: float = RATIO
) -> float:
    part = _around(words, place)
    half = tuple(slice(along.start // 2, along.stop // 2) for along in part)
    seen = [Planes(frame.luma[part], frame.cb[half], frame.cr[half]) for frame in below]
    letters = spread(_painted(part, words.paint)[..., 3], max(1, round(AROUND * place.scale)))
    return shade_needed(seen, letters, shade_shape(words, place.size, part), words.ink, ratio)


def _around(words: Words, place: Place) -> Part:
    """Words with their shadow."""
    width, height = place.size
    margin = 24 * place.scale + 4
    return (
        even_span(words.top - margin, words.top + words.height + margin, height),
        even_span(words.left - margin, words.left + words.width + margin, width),
    )


def _extent(left: Floats) -> slice:
    """Where there is anything left of a shade."""
    found = np.flatnonzero(left > FAINT)
    return even_span(int(found[0]) - 2, int(found[-1]) + 3, len(left))


def _joined(part: Part, rows: slice, columns: slice) -> Part:
    first, second = (
        slice(min(one.start, other.start), max(one.stop, other.stop))
        for one, other in zip(part, (rows, columns), strict=True)
    )
    return first, second


def _painted(part: Part, draw: Callable[[skia.Canvas], None]) -> Floats:
    """What is painted in a part of the picture area."""
    rows, columns = part

    def moved(canvas: skia.Canvas) -> None:
        canvas.translate(-columns.start, -rows.start)
        draw(canvas)

    return painted((columns.stop - columns.start, rows.stop - rows.start), moved)


def _paint_with_shadow(words: Words, place: Place, canvas: skia.Canvas) -> None:
    blur = 5 * place.scale
    gray = int(shade_for(words.ink)[1:3], 16)
    shadow = skia.ImageFilters.DropShadow(
        0, 1.5 * place.scale, blur, blur, skia.ColorSetARGB(150, gray, gray, gray)
    )
    canvas.saveLayer(None, skia.Paint(ImageFilter=shadow))
    words.paint(canvas)
    canvas.restore()
