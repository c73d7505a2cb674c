"""Gray crops of training photographs, as plates recorded them, with things no repair may remove."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from photochrom.aging import Plane
from training.color.data import KINDS, expose_fast
from training.shapes import FONTS, LETTERS
from training.shards import Pictures, color_shards, hires_shards, open_pictures

# Larger than this nothing is needed for crops, and the cache stays below a gigabyte.
HIRES_SHORT_SIDE = 768
COLOR_SHORT_SIDE = 256


def open_hires() -> Pictures:
    """The sharp photographs."""
    return open_pictures(hires_shards(), short_side=HIRES_SHORT_SIDE)


def open_small() -> Pictures:
    """The many small photographs, which the color network learns from as well."""
    return open_pictures(color_shards(), short_side=COLOR_SHORT_SIDE)


def gray_crop(
    picture: NDArray[np.uint8],
    size: int,
    rng: np.random.Generator,
    *,
    shrink: tuple[float, float],
    around: tuple[float, float] | None = None,
) -> Plane:
    """Cut a square out of a photograph, taken on a random emulsion, maybe mirrored or turned.

    Args:
        picture: (H, W, 3) RGB.
        size: Side of the square.
        rng: Where the choice comes from.
        shrink: By how much, at least and at most, the photograph is shrunk before; limited to what
            its size allows.
        around: A place that the square must show: y and x as shares of the photograph's sides.

    Returns:
        (size, size) float32 sRGB-encoded gray, 0..1.
    """
    height, width = picture.shape[:2]
    largest = min(height, width) / size
    factor = float(np.exp(rng.uniform(np.log(shrink[0]), np.log(shrink[1]))))
    side = round(size * float(np.clip(factor, min(1.0, largest), largest)))
    top, left = int(rng.integers(height - side + 1)), int(rng.integers(width - side + 1))
    if around is not None:
        # The place lies in the middle half of the square, or as near to that as the rim allows.
        shares = zip(around, (height, width), rng.uniform(0.25, 0.75, 2), strict=True)
        top, left = (
            int(np.clip(share * whole - at * side, 0, whole - side)) for share, whole, at in shares
        )
    square: NDArray[Any] = picture[top : top + side, left : left + side]
    if side != size:
        how = cv2.INTER_AREA if side > size else cv2.INTER_LINEAR
        square = cv2.resize(square, (size, size), interpolation=how)
    if rng.random() < 0.5:
        square = square[:, ::-1]
    if rng.random() < 0.15:
        square = np.rot90(square, int(rng.integers(1, 4)))
    return expose_fast(square, KINDS[int(rng.integers(3))], rng)


def _draw_blade(
    canvas: NDArray[np.uint8], start: tuple[int, int], shade: int, rng: np.random.Generator
) -> None:
    """Blades, masts and poles: a line that tapers and hardly bends, lit from one side."""
    turn, length = rng.uniform(0, 2 * np.pi), rng.uniform(40, 260)
    ahead = np.array([np.cos(turn), np.sin(turn)])
    across = np.array([-ahead[1], ahead[0]])
    along = np.linspace(0, 1, 12)[:, None]
    bend = rng.normal(0, 0.04) * length
    spine = np.asarray(start) + along * length * ahead + bend * along**2 * across
    half = 0.5 * rng.uniform(1.2, 6) * (1 - rng.uniform(0, 0.8) * along)
    sides = spine - half * across, spine + half * across
    other = int(np.clip(shade + rng.choice([-1, 1]) * rng.integers(10, 90), 0, 255))
    for near, far, value in ((sides[0], sides[1], shade), (sides[0], spine, other)):
        outline = np.round(np.concatenate([near, far[::-1]]) * 16).astype(np.int32)
        cv2.fillPoly(canvas, [outline], value, cv2.LINE_AA, 4)


def with_drawing(gray: Plane, rng: np.random.Generator) -> Plane:
    """Draw letters, wires, dots, glints, frames, blades: fine things that belong to a picture."""
    canvas = (np.clip(gray, 0, 1) * 255).astype(np.uint8)
    height, width = canvas.shape
    for _ in range(int(rng.integers(1, 4))):
        shade = int(rng.choice([rng.integers(0, 60), rng.integers(190, 256)]))
        # Blades most often: a lone line is what is taken for a scratch first.
        kind = rng.choice(6, p=(0.16, 0.16, 0.16, 0.16, 0.24, 0.12))
        x, y = int(rng.integers(width)), int(rng.integers(height))
        if kind == 0:
            text = "".join(rng.choice(LETTERS, int(rng.integers(3, 12))))
            font = FONTS[int(rng.integers(len(FONTS)))]
            size = float(rng.uniform(0.3, 1.3))
            cv2.putText(
                canvas, text, (x - 40, y), font, size, shade, int(rng.integers(1, 3)), cv2.LINE_AA
            )
        elif kind == 1:
            # Wires and railings: several parallel lines, steady in width and strength.
            turn, gap = rng.uniform(0, np.pi), rng.uniform(4, 18)
            across = np.array([-np.sin(turn), np.cos(turn)])
            ahead = 300 * np.array([np.cos(turn), np.sin(turn)])
            thickness = int(rng.integers(1, 4))
            for i in range(int(rng.integers(2, 8))):
                place = np.array([x, y]) + i * gap * across
                a, b = (np.round((place + s * ahead) * 16).astype(int).tolist() for s in (-1, 1))
                cv2.line(canvas, a, b, shade, thickness, cv2.LINE_AA, 4)
        elif kind == 2:
            # Buttons, rivets and lights: dots of one size in a row.
            step = rng.uniform(6, 20) * np.array([np.cos(t := rng.uniform(0, 7)), np.sin(t)])
            radius = float(rng.uniform(1.2, 4))
            for i in range(int(rng.integers(3, 9))):
                center = np.round((np.array([x, y]) + i * step) * 16).astype(int).tolist()
                cv2.circle(canvas, center, round(radius * 16), shade, -1, cv2.LINE_AA, 4)
        elif kind == 3:
            # Eyes, and whatever else is dark and round and reflects a window.
            radius = float(rng.uniform(2, 9))
            glint = np.array([x, y]) + rng.uniform(-0.5, 0.5, 2) * radius
            for place, reach, value in (
                (np.array([x, y]), radius, int(rng.integers(0, 70))),
                (glint, radius * rng.uniform(0.12, 0.35), int(rng.integers(170, 256))),
            ):
                center = np.round(place * 16).astype(int).tolist()
                cv2.circle(canvas, center, round(reach * 16), value, -1, cv2.LINE_AA, 4)
        elif kind == 4:
            _draw_blade(canvas, (x, y), shade, rng)
        else:
            half = rng.uniform(8, 40, 2)
            corners = [np.round(np.array([x, y]) + s * half).astype(int).tolist() for s in (-1, 1)]
            cv2.rectangle(canvas, *corners, shade, int(rng.integers(1, 3)), cv2.LINE_AA)
    drawn = canvas.astype(np.float32) * np.float32(1 / 255)
    # Where nothing was drawn, the picture keeps its finer steps.
    return np.where(np.abs(drawn - gray) < 1 / 250, gray, drawn)
