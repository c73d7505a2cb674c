"""What is written over a picture: captions, credits and the mark, legible on anything."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import skia

from photochrom.film.camera import Rect
from photochrom.film.contrast import shade_for, shade_needed, spread
from photochrom.film.frames import Planes
from photochrom.film.items import Caption, Corner
from photochrom.film.layers import Layer, even_span, painted, shade
from photochrom.film.pictures import Floats
from photochrom.film.storyboard import Theme
from photochrom.film.type import Block, Style, Typesetter, scaled

TITLE_SAFE = 0.10
"""Share of width and height at each edge that holds no text (EBU R 95 speaks of 5 %; older
screens cut more)."""

CREDIT_SAFE = 0.05
"""Small print may go as far as the action-safe area."""

WIDEST = 0.58
"""Share of a wide frame's width that a caption takes at most."""

GAP = 6
"""Between the parts of a caption, in pixels of a 1080-pixel frame."""

AROUND = 5
"""What is this near to a letter, in those pixels, counts as lying below it."""

LITTLE = 0.25
"""Small print keeps to the theme's ink while no darker shade than this is needed below it; else it
may take the theme's background for an ink, which on a white sky needs none."""

FAINT = np.float32(0.005)
"""A shade ends where there is no more of it than this."""

Part = tuple[slice, slice]
"""Rows and columns of the picture area, from and to even numbers."""


def unit(size: tuple[int, int]) -> float:
    """Factor from the sizes below, made for a 1080-pixel frame, to another frame."""
    return min(size[1] / 1080, size[0] / 1080)


@dataclass(frozen=True)
class Place:
    """Where words may stand.

    Attributes:
        size: Width and height of the picture area in pixels.
        scale: From `unit`, of the whole frame: letterboxing does not make type smaller.
        column: Right edge of the column beside a matted picture, as a share of the width; the
            words then stand on the mat and need no shade. None: they lie on the picture.
    """

    size: tuple[int, int]
    scale: float
    column: float | None = None

    @property
    def room(self) -> float:
        """How wide a caption may be, in pixels."""
        upright = self.size[0] < self.size[1]
        widest = 1 - 2 * TITLE_SAFE if upright else WIDEST
        share = widest if self.column is None else self.column - TITLE_SAFE
        return share * self.size[0]


@dataclass(frozen=True)
class Words:
    """Texts under one another in a corner of the picture area, flush left.

    Attributes:
        blocks: The texts, from top to bottom.
        corner: Where they stand.
        left: Their left edge in pixels.
        top: Their upper edge.
        gap: Space between two of them.
        ink: Their color.
    """

    blocks: tuple[Block, ...]
    corner: Corner
    left: float
    top: float
    gap: float
    ink: str

    @property
    def width(self) -> float:
        return max(block.width for block in self.blocks)

    @property
    def height(self) -> float:
        return _height(self.blocks, self.gap)

    def share(self, size: tuple[int, int]) -> Rect:
        """What they take of a picture area, in shares of it."""
        width, height = size
        return Rect(self.left / width, self.top / height, self.width / width, self.height / height)

    def paint(self, canvas: skia.Canvas) -> None:
        y = self.top
        for block in self.blocks:
            block.paint(canvas, self.left, y)
            y += block.height + self.gap


def caption_words(
    caption: Caption, corner: Corner, theme: Theme, setter: Typesetter, place: Place
) -> Words | None:
    """A lower third: the name large in the title font, the text, and place and date in small type.

    Args:
        caption: What it says; its own `at` is not looked at.
        corner: Where it is to stand.
        theme: Fonts and colors.
        setter: Keeps the fonts.
        place: Where it may stand.

    Returns:
        None if the caption says nothing.
    """
    name, text, note = caption.parts
    large = Style(theme.title_font, 64, theme.ink, leading=1.08)
    alone = Style(theme.text_font, 46, theme.ink, leading=1.25, tracking=0.2)
    small = Style(theme.text_font, 40, theme.ink, leading=1.25, tracking=0.3)
    quiet = Style(theme.text_font, 31, theme.ink, leading=1.4, tracking=0.9)
    parts = [(name, large), (text, small if name else alone), (note, quiet)]
    styled = [(words, scaled(style, place.scale)) for words, style in parts]
    blocks = tuple(setter.column(styled, place.room))
    return _placed(blocks, corner, place, TITLE_SAFE, theme.ink) if blocks else None


def small_print(
    text: str, corner: Corner, theme: Theme, setter: Typesetter, place: Place, ink: str = ""
) -> Words | None:
    """A credit, or the mark; None if there is no text.

    Args:
        text: One or more lines.
        corner: Where it is to stand.
        theme: Fonts and colors.
        setter: Keeps the fonts.
        place: Where it may stand.
        ink: Instead of the theme's.
    """
    if not text.strip():
        return None
    ink = ink or theme.ink
    style = Style(theme.text_font, 24, ink, tracking=0.8, leading=1.2)
    width = min(place.room, place.size[0] * 0.4)
    block = setter.block(text.strip(), scaled(style, place.scale), width)
    safe = CREDIT_SAFE if place.column is None else TITLE_SAFE
    return _placed((block,), corner, place, safe, ink)


def above(words: Words, lower: Words) -> Words:
    """Words moved up to where they do not lie on others that reach below or into them."""
    if words.left >= lower.left + lower.width or lower.left >= words.left + words.width:
        return words
    top = min(words.top, lower.top - 3 * words.gap - words.height)
    return Words(words.blocks, words.corner, words.left, top, words.gap, words.ink)


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
            if not _shade_needed(other, place, below):
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


def _shade_needed(words: Words, place: Place, below: Sequence[Planes]) -> float:
    part = _around(words, place)
    half = tuple(slice(along.start // 2, along.stop // 2) for along in part)
    seen = [Planes(frame.luma[part], frame.cb[half], frame.cr[half]) for frame in below]
    letters = spread(_painted(part, words.paint)[..., 3], max(1, round(AROUND * place.scale)))
    return shade_needed(seen, letters, shade_shape(words, place.size, part), words.ink)


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


def _height(blocks: Sequence[Block], gap: float) -> float:
    return sum(block.height for block in blocks) + gap * (len(blocks) - 1)


def _placed(
    blocks: tuple[Block, ...], corner: Corner, place: Place, safe: float, ink: str
) -> Words:
    width, height = place.size
    gap = GAP * place.scale
    vertical, horizontal = corner.split()
    left, top = width * safe, height * safe
    if horizontal == "right":
        left = width * (1 - safe) - max(block.width for block in blocks)
    if vertical == "lower":
        top = height * (1 - safe) - _height(blocks, gap)
    return Words(blocks, corner, left, top, gap, ink)


def _paint_with_shadow(words: Words, place: Place, canvas: skia.Canvas) -> None:
    blur = 5 * place.scale
    gray = int(shade_for(words.ink)[1:3], 16)
    shadow = skia.ImageFilters.DropShadow(
        0, 1.5 * place.scale, blur, blur, skia.ColorSetARGB(150, gray, gray, gray)
    )
    canvas.saveLayer(None, skia.Paint(ImageFilter=shadow))
    words.paint(canvas)
    canvas.restore()
