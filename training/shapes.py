"""Forms of things that a scene shows and that look like damage: layers of coverage, (H, W) uint8.

Lengths are in pixels of a crop in which a scratch is one or two pixels wide.
"""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

from photochrom.aging.fields import Line, Shape, draw_path, normals, wander

Layer = NDArray[np.uint8]

LETTERS = np.array(list("ABCDEFGHIJKLMNOPRSTUVWXYZabcdefghiklmnoprstuvw0123456789 .-"))
FONTS = (
    cv2.FONT_HERSHEY_SIMPLEX,
    cv2.FONT_HERSHEY_DUPLEX,
    cv2.FONT_HERSHEY_COMPLEX,
    cv2.FONT_HERSHEY_TRIPLEX,
    cv2.FONT_HERSHEY_SCRIPT_COMPLEX,
)


def place(shape: Shape, rng: np.random.Generator) -> Line:
    """A place in the picture, x and y."""
    return rng.uniform((0, 0), shape[::-1])


def curve(start: Line, turn: float, length: float, bend: float, count: int = 12) -> Line:
    """An arc: from a place, in a direction, that turns by `bend` radians on its way; (count, 2)."""
    turns = turn + bend * np.linspace(0, 1, count - 1)
    steps = length / (count - 1) * np.stack([np.cos(turns), np.sin(turns)], -1)
    return np.asarray(start + np.vstack([np.zeros(2), np.cumsum(steps, 0)]))


def draw(layer: Layer, path: Line, widths: float | Line) -> None:
    """Draw a line that covers wholly, in place."""
    broad = np.broadcast_to(np.asarray(widths, float), len(path))
    draw_path(layer, path, broad, np.ones(len(path)))


def blob(shape: Shape, rng: np.random.Generator) -> tuple[Layer, Line]:
    """A rounded body, a third to all of the picture wide, and its outline, (n, 2)."""
    angles = np.linspace(0, 2 * np.pi, 48, endpoint=False)
    reach = 1 + sum(
        rng.normal(0, 0.12) / n * np.cos(n * angles + rng.uniform(0, 6)) for n in (2, 3, 4)
    )
    half = np.array(shape[::-1]) * rng.uniform(0.17, 0.5, 2)
    around = reach[:, None] * half * np.stack([np.cos(angles), np.sin(angles)], -1)
    outline = place(shape, rng) + around @ _turned(rng.normal(0, 0.4))
    return _filled(shape, outline), outline


def _turned(by: float) -> Line:
    return np.array([[np.cos(by), np.sin(by)], [-np.sin(by), np.cos(by)]])


def _filled(shape: Shape, outline: Line) -> Layer:
    layer = np.zeros(shape, np.uint8)
    cv2.fillPoly(layer, [np.round(outline * 16).astype(np.int32)], 255, cv2.LINE_AA, 4)
    return layer


def marks(shape: Shape, around: Line, rng: np.random.Generator) -> Layer:
    """What a brush paints: rows of dashes like feathers, stripes beside each other, wedges, spots.

    Args:
        shape: Of the picture.
        around: Where about, x and y.
        rng: Where they come from.
    """
    layer = np.zeros(shape, np.uint8)
    for _ in range(int(rng.integers(1, 4))):
        paint = (_dashes, _stripes, _wedges)[int(rng.choice(3, p=(0.5, 0.3, 0.2)))]
        paint(layer, around + rng.normal(0, 0.12, 2) * shape[::-1], rng)
    return layer


def _dashes(layer: Layer, middle: Line, rng: np.random.Generator) -> None:
    turn, length = rng.uniform(0, 2 * np.pi), np.exp(rng.uniform(np.log(4), np.log(45)))
    width, gap = min(rng.uniform(1, 7), 0.35 * length), rng.uniform(0.7, 1.8) * length
    opening, lean = rng.normal(0, 0.7), rng.normal(0, 0.5)
    count, rows = int(rng.integers(4, 12)), int(rng.integers(1, 6))
    start = middle - 0.5 * count * gap * np.array([np.cos(turn), np.sin(turn)])
    swell = np.sin(np.pi * np.linspace(0.15, rng.uniform(0.6, 0.95), 6))
    for row in range(rows):
        spine = curve(start, turn, count * gap, opening, count)
        start = start + rng.uniform(0.8, 1.5) * length * np.array([-np.sin(turn), np.cos(turn)])
        turns = turn + opening * np.linspace(0, 1, count) + np.pi / 2 + lean
        for at, way in zip(spine + 0.5 * (row % 2) * gap * np.cos(turn), turns, strict=True):
            way, long = way + rng.normal(0, 0.1), length * rng.uniform(0.8, 1.2)
            draw(layer, curve(at, way, long, 0.3 * opening, 6), width * swell)


def _stripes(layer: Layer, middle: Line, rng: np.random.Generator) -> None:
    spine = curve(middle, rng.uniform(0, 6.3), rng.uniform(40, 220), rng.normal(0, 0.9), 20)
    spine += rng.uniform(0.2, 0.8) * (middle - spine[-1])
    width, aside = rng.uniform(1.2, 14), normals(spine)
    thinner = 1 - rng.uniform(0, 0.9) * np.linspace(0, 1, 20)
    offset = 0.0
    for _ in range(int(rng.integers(1, 6))):
        draw(layer, spine + offset * aside, width * thinner)
        offset += width * rng.uniform(1.4, 3)


def _wedges(layer: Layer, middle: Line, rng: np.random.Generator) -> None:
    """Wedges, crescents and spots with a sharp rim."""
    for _ in range(int(rng.integers(1, 4))):
        half = rng.uniform(2, 14) * np.sin(np.pi * np.linspace(0, 1, 14)) ** rng.uniform(0.6, 2)
        at = middle + rng.normal(0, 15, 2)
        spine = curve(at, rng.uniform(0, 6.3), rng.uniform(14, 110), rng.normal(0, 1), 14)
        draw(layer, spine, 2 * half + 0.5)


def rims(outline: Line, shape: Shape, rng: np.random.Generator) -> Layer:
    """Painted lines that keep to the outline of a thing, (n, 2), one within the other."""
    layer, middle = np.zeros(shape, np.uint8), outline.mean(0)
    for size in 1 - np.cumsum(rng.uniform(0.03, 0.15, int(rng.integers(1, 4)))):
        ring = middle + size * (outline - middle)
        first, last = sorted(rng.integers(len(ring) + 1, size=2)) if rng.random() < 0.6 else (0, 48)
        if last - first > 3:
            draw(layer, ring[first:last], rng.uniform(1, 4))
    return layer


def lettering(shape: Shape, rng: np.random.Generator) -> Layer:
    """A line or two of writing on a wall that is seen from the side."""
    flat = np.zeros((120, 360), np.uint8)
    font, thick = FONTS[int(rng.integers(len(FONTS)))], int(rng.integers(1, 6))
    for line in range(int(rng.integers(1, 3))):
        text = "".join(rng.choice(LETTERS, int(rng.integers(3, 12))))
        cv2.putText(flat, text, (8, 50 + 55 * line), font, 1.6, 255, thick, cv2.LINE_AA)
    return seen_askew(flat, shape, rng, wide=(0.35, 1.3))


def seen_askew(
    flat: Layer, shape: Shape, rng: np.random.Generator, *, wide: tuple[float, float]
) -> Layer:
    """A flat thing in perspective, somewhere in the picture.

    Args:
        flat: The thing, (h, w).
        shape: The picture's height and width.
        rng: Where the view comes from.
        wide: Least and largest width that it is seen with, as a share of the picture's.
    """
    height, width = flat.shape
    size = rng.uniform(*wide) * shape[1] / width
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], float)
    seen = (corners - corners.mean(0)) * size * rng.uniform((0.6, 0.7), (1, 1.2))
    seen *= 1 + rng.normal(0, 0.12, (4, 1))
    seen = seen @ _turned(rng.normal(0, 0.25)) + place(shape, rng)
    view = cv2.getPerspectiveTransform(corners.astype(np.float32), seen.astype(np.float32))
    return np.asarray(cv2.warpPerspective(flat, view, shape[::-1], flags=cv2.INTER_AREA), np.uint8)


def tree(shape: Shape, rng: np.random.Generator) -> Layer:
    """A thin trunk, or a branch from the side, with twigs."""
    layer = np.zeros(shape, np.uint8)
    height, width = shape
    start, turn = np.array([rng.uniform(0, width), height + 4.0]), -np.pi / 2
    if rng.random() < 0.3:
        start, turn = np.array([-4.0, rng.uniform(0, height)]), 0.0
    depth = int(rng.integers(0, 4))
    thick = rng.uniform(1.3, 9)
    for path, widths in _limbs(start, turn, rng.uniform(0.4, 1.1) * height, thick, depth, rng):
        draw(layer, path, widths)
    return layer


def _limbs(
    start: Line, turn: float, length: float, width: float, depth: int, rng: np.random.Generator
) -> Iterator[tuple[Line, Line]]:
    path = curve(start, turn + rng.normal(0, 0.12), length, rng.normal(0, 0.3), 14)
    path = path + normals(path) * (0.015 * length * wander(14, 3, rng))[:, None]
    widths = width * (1 - 0.7 * np.linspace(0, 1, 14))
    yield path, widths
    if depth:
        for at in rng.integers(3, 14, int(rng.integers(2, 7))):
            side = rng.choice([-1, 1]) * rng.uniform(0.3, 1.0)
            shorter = length * rng.uniform(0.25, 0.6)
            yield from _limbs(
                path[at], turn + side, shorter, max(0.7, 0.75 * widths[at]), depth - 1, rng
            )


def wires(shape: Shape, rng: np.random.Generator) -> Layer:
    """Wires that sag from pole to pole, most often with the pole; steady in width and strength."""
    layer = np.zeros(shape, np.uint8)
    height, width = shape
    x, top = rng.uniform(0.05, 0.95) * width, rng.uniform(-0.1, 0.5) * height
    thick = rng.uniform(1.5, 5)
    if rng.random() < 0.75:
        lean = rng.normal(0, 0.03) * height
        draw(layer, np.array([[x, top], [x + lean, height + 5]]), np.array([0.8, 1.2]) * thick)
        arm = rng.uniform(3, 9) * thick
        for y in top + thick * (2 + 5 * np.arange(int(rng.integers(0, 3)))):
            draw(layer, np.array([[x - arm, y], [x + arm, y + rng.normal(0, 1)]]), 0.6 * thick)
    fine, steps = rng.uniform(0.7, 2), np.linspace(-1.5, 1.5, 40)
    slope, sag = rng.normal(0, 0.25) * height, rng.uniform(0.02, 0.3) * height
    # Lamps, birds, insulators, washing.
    hung = rng.uniform(1.2, 4) if rng.random() < 0.25 else 0.0
    for number in range(int(rng.integers(1, 7))):
        down = number * rng.uniform(3, 14)
        # A parabola between poles; the far ends come together, as perspective has it.
        y = top + down * (1 - 0.25 * steps) + slope * steps + sag * (np.abs(steps) - steps**2 * 0.7)
        wire = np.stack([x + steps * width, y], -1)
        draw(layer, wire, fine)
        if hung:
            for at in wire[:: int(rng.integers(2, 7))]:
                cv2.circle(layer, np.round(at * 16).astype(int).tolist(), round(16 * hung), 255, -1,
                           cv2.LINE_AA, 4)  # fmt: skip
    return layer


def mast(shape: Shape, rng: np.random.Generator) -> Layer:
    """A mast or flagpole with its stays, a spar or a flag."""
    layer = np.zeros(shape, np.uint8)
    height, width = shape
    foot = np.array([rng.uniform(0, width), rng.uniform(0.4, 1.1) * height])
    lean = rng.normal(0, 0.06)
    top = foot + rng.uniform(0.2, 1.0) * height * np.array([np.sin(lean), -np.cos(lean)])
    thick = rng.uniform(1, 5)
    draw(layer, np.linspace(foot, top, 6), thick * np.linspace(1, 0.55, 6))
    fine = rng.uniform(0.6, 1.6)
    for _ in range(int(rng.integers(0, 7))):
        high = top + rng.uniform(0, 0.4) * (foot - top)
        deck = foot + np.array([rng.normal(0, 0.35) * width, rng.normal(0, 0.03) * height])
        draw(layer, np.stack([high, deck]), fine)
    if rng.random() < 0.4:
        at = top + rng.uniform(0.05, 0.6) * (foot - top)
        draw(layer, curve(at, rng.normal(0, 0.3) + np.pi * rng.integers(2), 0.25 * width, 0), fine)
    if rng.random() < 0.3:
        size = rng.uniform(4, 22)
        flag = top + size * np.array([[0, 0], [1.5, rng.normal(0.1, 0.2)], [1.4, 1], [0, 0.9]])
        np.maximum(layer, _filled(shape, flag), out=layer)
    return layer


def fence(shape: Shape, rng: np.random.Generator) -> Layer:
    """Wire netting, a lattice or pickets, in perspective."""
    side = 320
    flat = np.zeros((side, side), np.uint8)
    gap, fine = rng.uniform(8, 40), rng.uniform(0.8, 3.2)
    kind = int(rng.integers(3))
    turns = ((0.8, -0.8), (0, np.pi / 2), (np.pi / 2,))[kind]
    ways = [turn * rng.uniform(0.8, 1.2) if kind == 0 else turn for turn in turns]
    fine = fine * rng.uniform(1, 4) if kind == 2 else fine
    for turn in ways:
        ahead = side * np.array([np.cos(turn), np.sin(turn)])
        across = np.array([-np.sin(turn), np.cos(turn)])
        for offset in np.arange(-side, side, gap):
            middle = side / 2 + offset * across
            draw(flat, np.stack([middle - ahead, middle + ahead]), fine)
    if kind == 2:
        for y in rng.uniform(0.1, 0.9, 2) * side:
            draw(flat, np.array([[0, y], [side, y]]), 1.3 * fine)
    return seen_askew(flat, shape, rng, wide=(0.7, 2.2))
