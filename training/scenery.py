"""Things drawn into a photograph that a finder takes for damage, although the lens saw them.

Painted marks, lettering on walls, folds of cloth, thin trunks, wires on their poles, fences,
rigging. They are part of the scene, and that is how they differ from what lies on a print: the
scene's light falls on them, they are in its perspective and its focus, they end where something
stands before them, and come in orders that a scratch does not keep. They are drawn before the print
is made, so that softness, grain and damage lie over them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import cv2
import numpy as np

from photochrom.aging.fields import Plane, cover, smooth_noise, smoothstep
from training import shapes
from training.shapes import Layer, blob, place

Draw = Callable[[Plane, np.random.Generator], Plane]

# What is bright or dark enough to be taken for bared paper or for dirt.
_BRIGHT: Final = (0.72, 1.0)
_DARK: Final = (0.0, 0.28)
# Over so many pixels the scene's light is taken to be even.
_EVEN: Final = 14.0


def with_scenery(gray: Plane, rng: np.random.Generator) -> Plane:
    """Draw one thing that belongs to the scene.

    Args:
        gray: (H, W) sRGB-encoded gray, 0..1.
        rng: Where the thing comes from.
    """
    draw = THINGS[int(rng.choice(len(THINGS), p=_OFTEN))]
    return np.asarray(np.clip(draw(gray, rng), 0, 1), np.float32)


def painted(gray: Plane, rng: np.random.Generator) -> Plane:
    """Marks of a brush, most often on a body of their own, and only there."""
    bright = rng.random() < 0.75
    body, outline = blob(gray.shape, rng)
    if rng.random() < 0.25:
        layer = shapes.rims(outline, gray.shape, rng)
    else:
        layer = shapes.marks(gray.shape, outline.mean(0), rng)
    if rng.random() < 0.7:
        gray = _body(gray, body, dark=bright, rng=rng)
        layer = np.minimum(layer, body)
    return lit(gray, layer, bright, rng)


def _body(gray: Plane, body: Layer, *, dark: bool, rng: np.random.Generator) -> Plane:
    """Something round and smooth, lit from one side."""
    height, width = gray.shape
    y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j].astype(np.float32)
    turn = rng.uniform(0, 2 * np.pi)
    shade = rng.uniform(0.1, 0.5) if dark else rng.uniform(0.5, 0.9)
    light = shade + rng.uniform(0.05, 0.3) * (x * np.cos(turn) + y * np.sin(turn))
    light = light + rng.uniform(0, 0.06) * smooth_noise(gray.shape, rng.uniform(2, 30), rng)
    return cover(gray, body, np.clip(light, 0, 1).astype(np.float32))


def lettered(gray: Plane, rng: np.random.Generator) -> Plane:
    return lit(gray, shapes.lettering(gray.shape, rng), rng.random() < 0.6, rng)


def grown(gray: Plane, rng: np.random.Generator) -> Plane:
    return standing(gray, shapes.tree(gray.shape, rng), rng.random() < 0.4, rng)


def strung(gray: Plane, rng: np.random.Generator) -> Plane:
    return standing(gray, shapes.wires(gray.shape, rng), rng.random() < 0.3, rng, alone=True)


def rigged(gray: Plane, rng: np.random.Generator) -> Plane:
    return standing(gray, shapes.mast(gray.shape, rng), rng.random() < 0.45, rng, alone=True)


def fenced(gray: Plane, rng: np.random.Generator) -> Plane:
    return standing(gray, shapes.fence(gray.shape, rng), rng.random() < 0.55, rng)


def folded(gray: Plane, rng: np.random.Generator) -> Plane:
    """Folds of cloth: ridges beside each other or from one place, lit from one side.

    Unlike a crease of the print they bend, fill a part of the picture and bare no paper.
    """
    height, width = gray.shape
    middle, turn = place(gray.shape, rng), rng.uniform(0, 2 * np.pi)
    y, x = np.mgrid[:height, :width].astype(np.float32)
    x, y = x - np.float32(middle[0]), y - np.float32(middle[1])
    broad = float(np.exp(rng.uniform(np.log(9), np.log(45))))
    if rng.random() < 0.4:
        # Gathered at one place, where a button, a belt or a knee holds them.
        along, across = np.hypot(x, y), np.arctan2(y, x) * rng.uniform(20, 60)
    else:
        along = x * np.cos(turn) + y * np.sin(turn)
        across = y * np.cos(turn) - x * np.sin(turn)
    across = across + rng.uniform(0.3, 1.5) * broad * smooth_noise(gray.shape, 5 * broad, rng)
    weave = smooth_noise((256, 256), 8, rng)
    at = [
        np.mod(128 + 8 * part / size, 250) for part, size in ((across, broad), (along, 4 * broad))
    ]
    waves = cv2.remap(weave, *(part.astype(np.float32) for part in at), cv2.INTER_CUBIC)
    # Some folds are round, some have an edge.
    waves = waves if rng.random() < 0.4 else -np.abs(waves)
    down, right = np.gradient(cv2.GaussianBlur(waves, (0, 0), rng.uniform(0.6, 2)))
    lamp = rng.uniform(0, 2 * np.pi)
    slope = np.cos(lamp) * right + np.sin(lamp) * down
    steepest = float(np.quantile(np.abs(slope), 0.97)) + 1e-6
    shading = np.clip(slope / steepest, -1.3, 1.3) * np.float32(rng.uniform(0.1, 0.55))
    cloth, _ = blob(gray.shape, rng)
    shading *= cv2.GaussianBlur(cloth.astype(np.float32) / 255, (0, 0), rng.uniform(1, 4))
    if rng.random() < 0.5:
        gray = _body(gray, cloth, dark=rng.random() < 0.5, rng=rng)
    return np.asarray(gray * (1 + shading), np.float32)


def standing(
    gray: Plane, layer: Layer, bright: bool, rng: np.random.Generator, *, alone: bool = False
) -> Plane:
    """What may stand behind things of the picture: seen only before what is lighter, or darker.

    A lone bright line that nothing hides may as well be a scratch: `alone` always stands behind.
    """
    if (bright and alone) or rng.random() < 0.7:
        seen = cv2.GaussianBlur(gray, (0, 0), 2.0)
        low, high = np.quantile(seen, (0.1, 0.9))
        limit = float(low + rng.uniform(0.3, 0.7) * (high - low))
        clear = smoothstep(seen, limit - 0.03, limit + 0.03)
        # Dark things stand before a bright sky, bright ones before dark woods and walls.
        layer = np.asarray(layer * ((1 - clear) if bright else clear), np.uint8)
    return lit(gray, layer, bright, rng, round_=True)


def lit(
    gray: Plane, layer: Layer, bright: bool, rng: np.random.Generator, *, round_: bool = False
) -> Plane:
    """Cover with a shade that is lit as the scene is, keeps some of its texture and its focus."""
    shade = rng.uniform(*(_BRIGHT if bright else _DARK))
    around = cv2.GaussianBlur(gray, (0, 0), _EVEN)
    even = around / np.float32(np.quantile(around, 0.95) + 0.05)
    light = 1 + np.float32(rng.uniform(0, 0.8)) * (np.minimum(even, 1) - 1)
    fine = gray - cv2.GaussianBlur(gray, (0, 0), 1.2)
    stained = 1 + np.float32(rng.uniform(0, 0.2)) * smooth_noise(gray.shape, 6, rng)
    paint = shade * light * stained + np.float32(rng.uniform(0, 0.8)) * fine
    soft = layer.astype(np.float32) / np.float32(255)
    if round_:
        # Lit from one side, as far as it is wide enough to have sides.
        down, right = np.gradient(cv2.GaussianBlur(soft, (0, 0), 1.0))
        lamp = rng.uniform(0, 2 * np.pi)
        flank = np.cos(lamp) * right + np.sin(lamp) * down
        paint = paint * (1 + np.float32(rng.uniform(0, 1.6)) * np.asarray(flank, np.float32))
    if rng.random() < 0.5:
        soft = cv2.GaussianBlur(soft, (0, 0), rng.uniform(0.4, 1.4))
    return cover(gray, soft, np.asarray(paint, np.float32))


THINGS: Final[tuple[Draw, ...]] = (
    painted, lettered, folded, grown, strung, rigged, fenced
)  # fmt: skip
_OFTEN: Final = (0.22, 0.08, 0.14, 0.18, 0.12, 0.12, 0.14)
