"""The small picture in a corner of a film, for as long as it runs."""

from __future__ import annotations

from dataclasses import replace

import skia

from photochrom.film.camera.framing import picture_area
from photochrom.film.frames.emblems import Emblem
from photochrom.film.frames.layers import Layer
from photochrom.film.storyboard import Bug, Film
from photochrom.film.words.captions import BUG, CREDIT_SAFE, near, unit


def bug_layer(bug: Bug, emblem: Emblem, film: Film) -> Layer | None:
    """A bug, in the corner of the picture area so that it never jumps between shots and cards.

    Args:
        bug: Where it stands, and how strongly.
        emblem: What it shows.
        film: Gives size and letterbox.
    """
    scale = unit(film.size) * near(film.size)
    shown = emblem.within(BUG[0] * scale, BUG[1] * scale)
    top, (width, height) = picture_area(film.size, film.theme.letterbox)
    margin = width * CREDIT_SAFE
    x = width - margin - shown.width if bug.at == "upper right" else margin
    # In the middle of its line: words below it begin at the same height, whatever its shape.
    y = height * CREDIT_SAFE + (BUG[1] * scale - shown.height) / 2
    blur = 4 * scale
    # It holds a light logo on a white sky.
    shadow = skia.ImageFilters.DropShadow(0, 0, blur, blur, skia.ColorSetARGB(130, 0, 0, 0))

    def draw(canvas: skia.Canvas) -> None:
        canvas.saveLayer(None, skia.Paint(ImageFilter=shadow))
        shown.paint(canvas, x, y)
        canvas.restore()

    layer = Layer.paint((width, height), draw)
    return layer and replace(layer, y=layer.y + top)
