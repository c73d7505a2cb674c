"""Captions and photo credits over a picture: a lower third, legible on anything."""

from __future__ import annotations

import numpy as np
import skia

from photochrom.film.layers import Layer, painted, shade
from photochrom.film.pictures import Floats
from photochrom.film.storyboard import Shot, Theme
from photochrom.film.type import Block, Style, Typesetter, scaled

TITLE_SAFE = 0.10
"""Share of width and height at each edge that holds no text (EBU R 95 speaks of 5 %; older
screens cut more)."""

CREDIT_SAFE = 0.05
"""Small print may go as far as the action-safe area."""

SCRIM = 0.66
"""Darkest share of the gradient behind captions."""

SCRIM_RIGHT = 0.3
"""Darkest share behind a credit, at the other side of the picture."""


def unit(size: tuple[int, int]) -> float:
    """Factor from the sizes below, made for a 1080-pixel frame, to another frame."""
    return min(size[1] / 1080, size[0] / 1080)


def caption_layer(
    shot: Shot,
    theme: Theme,
    size: tuple[int, int],
    setter: Typesetter,
    *,
    scale: float,
    column: float | None = None,
) -> Layer | None:
    """Caption and credit of a shot, or None if it has neither.

    A caption of several lines is set as a name and what belongs to it: the first line large in the
    title font, the others below in the text font. A gradient darkens the picture under it, and a
    soft shadow holds the letters where the picture is busy.

    Args:
        shot: Whose caption.
        theme: Fonts and colors.
        size: Of the picture area.
        setter: Keeps the fonts.
        scale: From `unit`, of the whole frame: letterboxing does not make type smaller.
        column: Right edge of the column beside a matted picture, as a share of the width; the
            words then stand on the mat and need no gradient. None: they lie on the picture.
    """
    right = column or (1 - TITLE_SAFE if size[0] < size[1] else 0.68)
    width, height = size
    gap = 6 * scale
    room = width * (right - TITLE_SAFE)
    blocks = _caption_blocks(shot.caption.strip(), theme, setter, room, scale)
    credit = _credit_block(shot.credit.strip(), theme, setter, min(room, width * 0.4), scale)
    if not blocks and credit is None:
        return None
    text_height = sum(block.height for block in blocks) + gap * max(len(blocks) - 1, 0)
    base = height * (1 - TITLE_SAFE)
    if column is not None and credit is not None:
        base -= credit.height + 3 * gap

    def draw(canvas: skia.Canvas) -> None:
        _save_with_shadow(canvas, scale)
        y = base - text_height
        for block in blocks:
            block.paint(canvas, width * TITLE_SAFE, y)
            y += block.height + gap
        if credit is not None:
            x, y = width * TITLE_SAFE, height * (1 - TITLE_SAFE)
            if column is None:
                x, y = width * (1 - CREDIT_SAFE) - credit.width, height * (1 - CREDIT_SAFE)
            credit.paint(canvas, x, y - credit.height)
        canvas.restore()

    top = base - text_height if blocks else height * (1 - CREDIT_SAFE)
    rgba = painted(size, draw)
    if column is not None:
        return Layer.from_rgba(rgba)
    return _with_scrim(rgba, top, SCRIM if blocks else 0.0, SCRIM_RIGHT if credit else 0.0)


def _caption_blocks(
    text: str, theme: Theme, setter: Typesetter, width: float, scale: float
) -> list[Block]:
    if not text:
        return []
    name, _, rest = text.partition("\n")
    large = Style(theme.title_font, 64, theme.ink, leading=1.08)
    small = Style(theme.text_font, 40, theme.ink, leading=1.25, tracking=0.3)
    if not rest:
        large = Style(theme.text_font, 46, theme.ink, leading=1.25, tracking=0.2)
    return setter.column([(name, scaled(large, scale)), (rest, scaled(small, scale))], width)


def _credit_block(
    text: str, theme: Theme, setter: Typesetter, width: float, scale: float
) -> Block | None:
    if not text:
        return None
    style = Style(theme.text_font, 24, theme.ink, tracking=0.8, leading=1.2)
    return setter.block(text, scaled(style, scale), width)


def _save_with_shadow(canvas: skia.Canvas, scale: float) -> None:
    blur = 5 * scale
    shadow = skia.ImageFilters.DropShadow(
        0, 1.5 * scale, blur, blur, skia.ColorSetARGB(150, 0, 0, 0)
    )
    canvas.saveLayer(None, skia.Paint(ImageFilter=shadow))


def _with_scrim(rgba: Floats, top: float, left: float, right: float) -> Layer:
    """Put a gradient of black beneath what was painted, darkest under the words.

    It is computed in floating point: eight bits of alpha would show as bands in a dark sky.

    Args:
        rgba: What was painted on the whole frame.
        top: Where the words begin.
        left: Darkness (0..1) at the lower left.
        right: Darkness at the lower right.
    """
    height, width = rgba.shape[:2]
    begin = max(0, int(top - 0.24 * height)) // 2 * 2
    rows = np.linspace(0, 1, height - begin, dtype=np.float32)[:, None]
    columns = np.linspace(0, 1, width, dtype=np.float32)
    knee = min(1.0, (top + 0.06 * height - begin) / (height - begin))
    gradient = _smooth(rows / knee) * (left + (right - left) * _smooth((columns - 0.15) / 0.75))
    text = Layer.from_rgba(rgba[begin:], 0, begin)
    return text.above(shade((width, height - begin), gradient, "#000000", begin))


def _smooth(x: Floats) -> Floats:
    x = np.clip(x, 0, 1)
    return np.asarray(x * x * (3 - 2 * x), np.float32)
