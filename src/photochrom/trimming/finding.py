"""How a print lies in its scan: its edges, what surrounds it, and the border around its picture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from photochrom.geometry import Corners, Geometry
from photochrom.trimming.asked import Trim
from photochrom.trimming.cutting import cut
from photochrom.trimming.outline import Outline, Quad, outline_of
from photochrom.trimming.surround import Lab

Surround = Literal["dark", "colored", "light"]

LOOKED_AT: Final = 1200
"""Pixels of the longer side of the copy in which edges are looked for."""

_LIGHT: Final = 70.0
"""L* from which a ground may be paper or the lid of a scanner."""

_PAPER: Final = 35.0
"""The most colored that paper gets, CIELAB chroma."""

_DARK: Final = 40.0
_GRAY: Final = 12.0

_UNEVEN: Final = 0.05
"""By how much more, as a share of the width, one side of a light ground is wider than the other if
it is no border: prints are trimmed with equal margins."""

_WIDEST: Final = 0.25
"""Of the print's sides, the most that a border takes on one of them."""

_INSET: Final = 0.004
"""Of the print's sides, what is left out before its border is looked for: edges are worn."""


@dataclass(frozen=True)
class Found:
    """What was found in a scan; corners are in shares of its width and height.

    Attributes:
        surround: What lies around the print; None if nothing was found there.
        color: Of the surround, CIELAB.
        print: The print's corners; None if it has not been told from what surrounds it.
        picture: The corners of the picture within the print's border; None if there is none.
        doubt: Why there is no print, or no picture within a border; in words.
    """

    surround: Surround | None = None
    color: tuple[float, float, float] | None = None
    print: Corners | None = None
    picture: Corners | None = None
    doubt: str = ""

    def left_by(self, asked: Trim) -> Corners | None:
        """What of the scan is to be left, if somebody asks for what was found; None for all."""
        if not asked.finds_print:
            return None
        return (self.picture if asked.frame == "cut" else None) or self.print


def find(pixels: NDArray[np.unsignedinteger[Any]]) -> Found:
    """Looks for a print in a scan.

    Args:
        pixels: (H, W) or (H, W, 3), uint8 or uint16, sRGB-encoded.

    Returns:
        What is sure; a photograph that fills its scan has neither surround nor border.
    """
    lab = lab_of(pixels)
    around = outline_of(lab)
    if isinstance(around, str):
        return Found(doubt=around)
    color = around.ground.color
    outer = _corners(around.quad, lab)
    if _is_paper(around):
        within = _within(lab, outer)
        if isinstance(within, str) and not _is_uneven(around.quad, lab):
            # Paper to the edges of the scan, and a picture on it.
            return Found(picture=outer, doubt="a light border is all that surrounds it")
        surround: Surround = "light"
    else:
        surround = "colored" if around.ground.chroma >= _GRAY or color[0] >= _DARK else "dark"
        within = _within(lab, outer)
    if isinstance(within, str):
        return Found(surround, color, outer, doubt=f"no border was found: {within}")
    return Found(surround, color, outer, within)


def lab_of(pixels: NDArray[np.unsignedinteger[Any]]) -> Lab:
    """A small copy of a picture in CIELAB."""
    share = min(1.0, LOOKED_AT / max(pixels.shape[:2]))
    height, width = (max(8, round(side * share)) for side in pixels.shape[:2])
    small = cv2.resize(pixels, (width, height), interpolation=cv2.INTER_AREA)
    full = np.float32(np.iinfo(pixels.dtype).max)
    small = small.astype(np.float32) / full
    if small.ndim == 2:
        small = np.repeat(small[..., None], 3, axis=2)
    return np.asarray(cv2.cvtColor(small, cv2.COLOR_RGB2LAB), np.float32)


def _within(lab: Lab, outer: Corners) -> Corners | str:
    """The corners of the picture within a print's border, or why there is none."""
    height, width = lab.shape[:2]
    quad = np.array(outer) * (width, height)
    across = np.linalg.norm(quad[1] - quad[0]), np.linalg.norm(quad[2] - quad[3])
    down = np.linalg.norm(quad[3] - quad[0]), np.linalg.norm(quad[2] - quad[1])
    size = (round(float(np.mean(across))), round(float(np.mean(down))))
    try:
        print_ = Geometry(outer, size)
        inset = ((_INSET, _INSET), (1 - _INSET, _INSET), (1 - _INSET,) * 2, (_INSET, 1 - _INSET))
        first, second, third, fourth = (print_.to_scan(one) for one in inset)
        print_ = Geometry((first, second, third, fourth), size)
    except ValueError:
        return "its edges are not sure"
    found = outline_of(cut(lab, print_))
    if isinstance(found, str):
        return found
    shares = found.quad / size
    if not _is_paper(found):
        return "what is along its edges is not paper"
    margins = np.array([shares[:, 0].min(), shares[:, 1].min(), *(1 - shares.max(axis=0))])
    if margins.max() > _WIDEST:
        return "it would be wider than borders are"
    first, second, third, fourth = (print_.to_scan((float(x), float(y))) for x, y in shares)
    return _inside((first, second, third, fourth))


def _is_paper(outline: Outline) -> bool:
    return outline.ground.color[0] >= _LIGHT and outline.ground.chroma <= _PAPER


def _is_uneven(quad: Quad, lab: Lab) -> bool:
    """Whether the ground on the left is much wider than on the right, or the other way round."""
    width = lab.shape[1]
    left, right = float(quad[[0, 3], 0].mean()), width - float(quad[[1, 2], 0].mean())
    return bool(abs(left - right) > _UNEVEN * width)


def _corners(quad: Quad, lab: Lab) -> Corners:
    shares = quad / (lab.shape[1], lab.shape[0])
    first, second, third, fourth = ((float(x), float(y)) for x, y in shares)
    return _inside((first, second, third, fourth))


def _inside(corners: Corners) -> Corners:
    first, second, third, fourth = (
        (min(max(x, 0.0), 1.0), min(max(y, 0.0), 1.0)) for x, y in corners
    )
    return first, second, third, fourth
