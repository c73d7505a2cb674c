"""What is seen in one picture, found again in another.

Both are cut into cells, and each cell has the features that a color network saw there. A cell is
taken for found where the likeness is mutual and its neighbors are found next to it in the other
picture, too: chance finds single cells, but no neighborhoods. From there it goes on: cells beside
those that are found are looked for beside where those are ("match propagation", Lhuillier and Quan,
2002). Light is not compared: exposures, prints and emulsions differ. `bench agree` measures what
comes of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from photochrom.steps.answer import Features
from photochrom.steps.plate import Plane

Floats = NDArray[np.float32]
Places = NDArray[np.bool_]

# How far from itself, in cells, a cell may come by going to the other picture and back.
_ASTRAY: Final = 1.5
# Cells around one that are asked, and how near and how far theirs may lie in the other picture, as
# parts of how far they are, and cells besides.
_REACH: Final = 2
_NEAREST, _FARTHEST, _BESIDE = 0.4, 1.6, 0.5
# The share of them that has to be found beside it: less is chance, from the second on it is sure.
_SOME, _ENOUGH = 0.35, 0.6
# So many sure cells that hang together: less is chance all the same.
_LEAST: Final = 10
# Where cells lie is evened out over so many (a Gaussian's sigma, and where it ends).
_EVEN, _EVEN_REACH = 1.5, 4
# Keeps a fit from turning on few cells, in squared cells.
_STIFF: Final = np.float32(0.3)
# How often cells beside those that are found are looked for; how many of those there have to be
# around them, how like they are at least, and by how much less than the likest anywhere.
_ROUNDS: Final = 3
_LED, _LIKE, _BEST = 0.03, 0.3, 0.15
# The share of cells around one that counts as found, and the likeness, from which on those between
# are taken to be found, too, and surely.
_FEW, _MANY = 0.15, 0.4
_UNLIKE, _ALIKE = 0.25, 0.45
_NOTHING: Final = np.float32(1e-9)


@dataclass(frozen=True)
class Pairing:
    """Where the cells of one picture lie in another.

    Attributes:
        at: (h, w, 2) float32: x and y in shares of the other picture's width and height.
        weight: (h, w) float32, 0..1: how surely they are there.
    """

    at: Floats
    weight: Plane


def paired(one: Features, other: Features) -> Pairing:
    """Find the cells of one picture in another.

    Args:
        one: Whose cells are looked for.
        other: Where they are looked for.
    """
    shape, there = one.cells.shape[1:], other.cells.shape[1:]
    likeness = _likeness(one.cells, other.cells)
    places, sure = _mutual(likeness, shape, there)
    likeness = likeness.reshape(*shape, *there)
    for _ in range(_ROUNDS):
        places, sure = _grown(likeness, places, sure)
    evened, around = _evened(places, sure)
    alike = _nearby(likeness, evened, 1)[1]
    weight = _smooth_step(around, _FEW, _MANY) * _smooth_step(alike, _UNLIKE, _ALIKE)
    at = (evened + np.float32(0.5)) / np.array(other.span[::-1], np.float32)
    weight[((at < 0) | (at > 1)).any(axis=-1)] = 0
    return Pairing(at.astype(np.float32), weight.astype(np.float32))


def fitted(pairing: Pairing, span: tuple[float, float], shape: tuple[int, ...]) -> Pairing:
    """The same for other cells of the same picture.

    Args:
        pairing: Of the cells of features.
        span: How many of those the picture takes, down and across.
        shape: Height and width of what it is wanted for.
    """
    height, width = shape
    rows = (np.arange(height, dtype=np.float32) + 0.5) / height * span[0] - 0.5
    columns = (np.arange(width, dtype=np.float32) + 0.5) / width * span[1] - 0.5
    x, y = np.meshgrid(columns.astype(np.float32), rows.astype(np.float32))
    return Pairing(taken(pairing.at, x, y), taken(pairing.weight, x, y))


def taken(cells: Floats, x: Plane, y: Plane) -> Floats:
    """A small map, (h, w) or (h, w, c), between its cells: at columns x and rows y."""
    planes = cells if cells.ndim == 3 else cells[..., None]
    found = np.empty((*x.shape, planes.shape[2]), np.float32)
    for number in range(planes.shape[2]):
        plane = np.ascontiguousarray(planes[..., number])
        found[..., number] = cv2.remap(
            plane, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
        )
    return found if cells.ndim == 3 else found[..., 0]


def _likeness(one: Floats, other: Floats) -> Floats:
    """The cosine between the features of all cells of two pictures, less what both have anyway."""
    usual = (one.mean(axis=(1, 2)) + other.mean(axis=(1, 2))) / 2

    def units(cells: Floats) -> Floats:
        rows = cells.reshape(len(cells), -1).T - usual
        lengths = np.linalg.norm(rows, axis=1, keepdims=True)
        return np.ascontiguousarray(rows / np.maximum(lengths, _NOTHING), np.float32)

    # Not by a library of matrices: sums in one order, whatever the number of threads.
    likeness: Floats = np.einsum("ic,jc->ij", units(one), units(other))
    return likeness


def _mutual(
    likeness: Floats, shape: tuple[int, ...], there: tuple[int, ...]
) -> tuple[Floats, Plane]:
    """Where cells are found that find their way back: (h, w, 2), and how surely, 0..1."""
    found, back = likeness.argmax(axis=1), likeness.argmax(axis=0)
    here = _coordinates(np.arange(len(found)), shape[1])
    astray = np.linalg.norm(_coordinates(back[found], shape[1]) - here, axis=1)
    places = _coordinates(found, there[1]).reshape(*shape, 2)
    return places, _sure(places, (astray <= _ASTRAY).reshape(shape))


def _grown(likeness: Floats, places: Floats, sure: Plane) -> tuple[Floats, Plane]:
    """The same, with cells that are found near where their neighbors lead, all but the likest."""
    evened, around = _evened(places, sure)
    near, alike = _nearby(likeness, evened, _REACH)
    best = likeness.max(axis=(2, 3))
    led = _sure(near, (around > _LED) & (alike >= best - _BEST) & (alike >= _LIKE))
    better = led > sure
    places = np.where(better[..., None], near, places)
    return places, _together(np.where(better, led, sure))


def _sure(places: Floats, found: Places) -> Plane:
    """How surely cells are there, by how many around them are found beside them."""
    supported = _smooth_step(_supported(places, found), _SOME, _ENOUGH)
    return _together(np.where(found, supported, np.float32(0)))


def _coordinates(numbers: NDArray[np.integer], width: int) -> Floats:
    """Columns and rows of numbered cells."""
    return np.stack([numbers % width, numbers // width], axis=-1).astype(np.float32)


def _supported(places: Floats, mutual: Places) -> Plane:
    """Of the cells around each, the share that is found where it should be, next to it."""
    height, width = mutual.shape
    margin = ((_REACH, _REACH), (_REACH, _REACH))
    padded = np.pad(places, (*margin, (0, 0)))
    counts, inside = np.pad(mutual, margin), np.pad(np.ones_like(mutual), margin)
    good, all_ = np.zeros((2, height, width), np.float32)
    for down in range(-_REACH, _REACH + 1):
        for right in range(-_REACH, _REACH + 1):
            far = np.float32(np.hypot(down, right))
            if not far:
                continue
            rows = slice(_REACH + down, _REACH + down + height)
            columns = slice(_REACH + right, _REACH + right + width)
            apart = np.linalg.norm(padded[rows, columns] - places, axis=-1)
            fits = (apart <= _FARTHEST * far + _BESIDE) & (apart >= _NEAREST * far - _BESIDE)
            good += fits & counts[rows, columns]
            all_ += inside[rows, columns]
    return np.asarray(good / np.maximum(all_, 1), np.float32)


def _together(sure: Plane) -> Plane:
    """The cells that enough others hang together with."""
    _, labels = cv2.connectedComponents((sure > 0.5).astype(np.uint8))
    sizes = np.bincount(labels.ravel())
    large = sizes >= _LEAST
    large[0] = False
    near = cv2.dilate(large[labels].astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    return np.where(near, sure, np.float32(0))


def _evened(places: Floats, sure: Plane) -> tuple[Floats, Plane]:
    """Where cells lie by what all sure ones around say: (h, w, 2); and how many those are, 0..1.

    A linear function of the place is fitted around each cell ("moving least squares", Lancaster and
    Salkauskas, 1981).
    """
    side = 2 * _EVEN_REACH + 1

    def around(plane: NDArray[np.float32]) -> Plane:
        blurred: Plane = cv2.GaussianBlur(
            plane.astype(np.float32), (side, side), _EVEN, borderType=cv2.BORDER_CONSTANT
        )
        return blurred

    y, x = np.mgrid[: sure.shape[0], : sure.shape[1]].astype(np.float32)
    weight = around(sure)
    share = np.asarray(weight / np.maximum(around(np.ones_like(sure)), _NOTHING), np.float32)
    weight = np.maximum(weight, _NOTHING)
    mean_x, mean_y = around(sure * x) / weight, around(sure * y) / weight
    xx = around(sure * x * x) / weight - mean_x * mean_x + _STIFF
    yy = around(sure * y * y) / weight - mean_y * mean_y + _STIFF
    xy = around(sure * x * y) / weight - mean_x * mean_y
    both = np.maximum(xx * yy - xy * xy, _NOTHING)
    found = np.empty_like(places)
    for axis in (0, 1):
        value = places[..., axis]
        mean = around(sure * value) / weight
        of_x = around(sure * x * value) / weight - mean_x * mean
        of_y = around(sure * y * value) / weight - mean_y * mean
        right, down = (of_x * yy - of_y * xy) / both, (of_y * xx - of_x * xy) / both
        found[..., axis] = mean + right * (x - mean_x) + down * (y - mean_y)
    return found, share


def _nearby(likeness: Floats, places: Floats, reach: int) -> tuple[Floats, Plane]:
    """The likest cell around each place, (h, w, 2), and its likeness; -1 where there is none."""
    height, width = likeness.shape[2:]
    column, row = (np.rint(places[..., axis]).astype(int) for axis in (0, 1))
    y, x = np.mgrid[: places.shape[0], : places.shape[1]]
    best = np.full(places.shape[:2], -1, np.float32)
    near = places.copy()
    for down in range(-reach, reach + 1):
        for right in range(-reach, reach + 1):
            rows, columns = row + down, column + right
            inside = (rows >= 0) & (rows < height) & (columns >= 0) & (columns < width)
            alike = likeness[y, x, rows.clip(0, height - 1), columns.clip(0, width - 1)]
            better = inside & (alike > best)
            best = np.where(better, alike, best)
            near[better] = np.stack([columns, rows], axis=-1)[better]
    return near, best


def _smooth_step(values: Plane, nothing: float, all_: float) -> Plane:
    share = np.clip((values - nothing) / (all_ - nothing), 0, 1).astype(np.float32)
    smooth: Plane = share * share * (3 - 2 * share)
    return smooth
