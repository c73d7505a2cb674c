"""Groups of photographs of one thing, made from one photograph whose colors are known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from photochrom.aging import age
from photochrom.emulsion import Emulsion, expose, weights
from photochrom.photograph import Photograph

Floats = NDArray[np.float32]
Matrix = NDArray[np.float64]

# Of the sides of the whole: a part of it, and by how many degrees one is turned at most.
_PART, _TURN = (0.6, 0.85), 6.0
_GAMMA: Final = (0.75, 1.35)
_WEAR: Final = 0.35
# As one stands a step to the side: by how much of the sides corners move.
_ASIDE: Final = 0.05


@dataclass(frozen=True)
class Member:
    """A photograph of a group.

    Attributes:
        scan: In black and white, maybe on yellowed paper.
        emulsion: Of its plate.
        from_whole: (3, 3): from pixels of the whole to its own.
    """

    scan: Photograph
    emulsion: Emulsion
    from_whole: Matrix


def grouped(rgb: NDArray[np.uint8], seed: int) -> list[Member]:
    """Three photographs of one thing.

    The whole on a panchromatic plate; a part of it, mirrored, turned, in other tones, on an
    orthochromatic plate; a part of it seen from a step aside, as a worn print.

    Args:
        rgb: (H, W, 3): the whole, in its true colors.
        seed: Of which parts they show, and what has become of them.
    """
    rng = np.random.default_rng(seed)
    true = rgb.astype(np.float32) / np.float32(255)
    size = (rgb.shape[1], rgb.shape[0])
    whole = _exposed(true, Emulsion.PANCHROMATIC)
    turned, turning = _seen(true, *_part(size, rng, mirrored=True))
    light = np.clip(_exposed(turned, Emulsion.ORTHOCHROMATIC), 0, 1) ** rng.uniform(*_GAMMA)
    aside, standing = _seen(true, *_part(size, rng, aside=True))
    worn = age(aside, emulsion=Emulsion.PANCHROMATIC, wear=_WEAR, seed=seed).print
    return [
        Member(_scan(whole), Emulsion.PANCHROMATIC, np.eye(3)),
        Member(_scan(light), Emulsion.ORTHOCHROMATIC, turning),
        Member(_scan(worn), Emulsion.PANCHROMATIC, standing),
    ]


def _part(
    size: tuple[int, int], rng: np.random.Generator, *, mirrored: bool = False, aside: bool = False
) -> tuple[Matrix, tuple[int, int]]:
    """A part of the whole: how its pixels lie in that, and its size."""
    share = rng.uniform(*_PART)
    part = round(size[0] * share), round(size[1] * share)
    left, top = (float(rng.uniform(0, all_ - own)) for all_, own in zip(size, part, strict=True))
    place = np.array([[1, 0, -left], [0, 1, -top], [0, 0, 1]], np.float64)
    middle = (part[0] / 2, part[1] / 2)
    angle = float(rng.uniform(-_TURN, _TURN))
    turn = np.vstack([cv2.getRotationMatrix2D(middle, angle, 1.0), [0, 0, 1]])
    matrix = turn @ place
    if mirrored:
        matrix = np.array([[-1, 0, part[0] - 1], [0, 1, 0], [0, 0, 1]], np.float64) @ matrix
    if aside:
        corners = np.array([[0, 0], [part[0], 0], [*part], [0, part[1]]], np.float32)
        moved = corners + rng.uniform(-_ASIDE, _ASIDE, (4, 2)) * np.array(part)
        matrix = cv2.getPerspectiveTransform(corners, moved.astype(np.float32)) @ matrix
    return matrix, part


def _seen(true: Floats, matrix: Matrix, size: tuple[int, int]) -> tuple[Floats, Matrix]:
    seen = cv2.warpPerspective(
        true, matrix, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101
    )
    return np.clip(seen, 0, 1).astype(np.float32), matrix


def _exposed(true: Floats, emulsion: Emulsion) -> Floats:
    return np.clip(expose(true, weights(emulsion)), 0, 1).astype(np.float32)


def _scan(values: NDArray[Any]) -> Photograph:
    codes = np.rint(np.clip(values, 0, 1) * 65535).astype(np.uint16)
    return Photograph.from_array(codes)
