"""Boards: pictures in even rows, each with its label, on one sheet of paper."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import skia
from numpy.typing import NDArray
from PIL import Image

from photochrom.film.words.type import Block, Style, Typesetter

WIDTH = 1800
"""Of a board, in pixels."""
_MARGIN, _GAP = 40, 24
_LABEL_GAP = 10
_PAPER = skia.ColorSetRGB(250, 248, 244)
_LABEL = Style("Alegreya Sans", 30, "#282623", weight=500, leading=1.15)
_NOTE = Style("Alegreya Sans", 25, "#77706a", leading=1.15)
# GitHub shows what is larger too, but nobody waits for it.
MOST_BYTES = 390_000


@dataclass(frozen=True)
class Panel:
    """One picture of a board.

    Attributes:
        picture: (H, W), (H, W, 3) uint8 or uint16, or float 0..1.
        label: What it is.
        note: A figure or a remark, in smaller print.
        crisp: Show its pixels as squares.
    """

    picture: NDArray[np.generic]
    label: str
    note: str = ""
    crisp: bool = False


def board(rows: Sequence[Sequence[Panel]], *, columns: int) -> Image.Image:
    """Lay panels out; all are as wide as a column.

    Args:
        rows: Panels from left to right; of one row, all of the same shape.
        columns: How many a full row has. A shorter one is centered.
    """
    wide = (WIDTH - 2 * _MARGIN - (columns - 1) * _GAP) // columns
    setter = Typesetter()
    placed = []
    top = _MARGIN
    for row in rows:
        left = (WIDTH - len(row) * wide - (len(row) - 1) * _GAP) // 2
        deep = 0
        for panel in row:
            shown = _shown(panel, wide)
            words = setter.column([(panel.label, _LABEL), (panel.note, _NOTE)], wide)
            placed.append((left, top, shown, words))
            under = _LABEL_GAP + sum(block.height for block in words)
            deep = max(deep, len(shown) + round(under))
            left += wide + _GAP
        top += deep + _GAP
    return _painted(placed, top - _GAP + _MARGIN)


def save(image: Image.Image, path: Path) -> None:
    """Write a board as a JPEG that is as good as its size allows."""
    for quality in (92, 88, 84, 80, 75, 70, 60):
        buffer = io.BytesIO()
        image.save(buffer, "JPEG", quality=quality, subsampling=0, optimize=True)
        if buffer.tell() <= MOST_BYTES:
            break
    path.write_bytes(buffer.getvalue())


def _painted(
    placed: Sequence[tuple[int, int, NDArray[np.uint8], Sequence[Block]]], height: int
) -> Image.Image:
    pixels = np.zeros((height, WIDTH, 4), np.uint8)
    canvas = skia.Canvas(pixels, colorType=skia.kRGBA_8888_ColorType)
    canvas.clear(_PAPER)
    for left, top, shown, words in placed:
        below = float(top + len(shown) + _LABEL_GAP)
        for block in words:
            block.paint(canvas, left, below)
            below += block.height
    for left, top, shown, _ in placed:
        pixels[top : top + shown.shape[0], left : left + shown.shape[1], :3] = shown
    return Image.fromarray(pixels[..., :3])


def _shown(panel: Panel, wide: int) -> NDArray[np.uint8]:
    """(h, wide, 3): the panel's picture as wide as its column."""
    picture = np.asarray(panel.picture)
    if np.issubdtype(picture.dtype, np.integer):
        picture = picture / np.float32(np.iinfo(picture.dtype).max)
    picture = picture.astype(np.float32)
    if picture.ndim == 2:
        picture = np.repeat(picture[..., None], 3, axis=2)
    height, width = picture.shape[:2]
    smooth = cv2.INTER_AREA if wide < width else cv2.INTER_CUBIC
    how = cv2.INTER_NEAREST if panel.crisp else smooth
    shown = cv2.resize(picture, (wide, round(height * wide / width)), interpolation=how)
    return (np.clip(shown, 0, 1) * 255 + 0.5).astype(np.uint8)
