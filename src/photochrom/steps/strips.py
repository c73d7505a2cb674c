"""Large planes, a few rows at a time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from photochrom.steps.planes import let_go

STRIP_BYTES: Final = 2**20
"""About what one float32 strip of a plane takes: small enough for the processor's caches."""

# Strips after which planes that lie in a file are let go.
_HELD: Final = 32


def strips(
    height: int, width: int, *, rows: int | None = None, of: tuple[NDArray[Any], ...] = ()
) -> Iterator[slice]:
    """Cut a plane into strips of whole rows, from top to bottom.

    Args:
        height: Rows of the plane.
        width: Columns of the plane.
        rows: Rows in a strip; by default as many as make `STRIP_BYTES` of float32.
        of: Planes that are gone over; those that lie in a file leave memory when they are done.
    """
    step = rows or max(1, STRIP_BYTES // (4 * width))
    for number, top in enumerate(range(0, height, step), start=1):
        yield slice(top, min(top + step, height))
        if number % _HELD == 0:
            let_go(*of)
    let_go(*of)


def with_halo(strip: slice, halo: int, height: int) -> tuple[slice, slice]:
    """Widen a strip by some rows, where there are any.

    Returns:
        The wider strip, and where the strip lies in it.
    """
    top, bottom = max(strip.start - halo, 0), min(strip.stop + halo, height)
    inner = slice(strip.start - top, strip.stop - top)
    return slice(top, bottom), inner


def enlarged(
    small: NDArray[np.float32], rows: slice, height: int, width: int
) -> NDArray[np.float32]:
    """Compute some rows of a small map's bilinear enlargement.

    Args:
        small: (h, w) or (h, w, c) float32.
        rows: Which rows of the enlargement.
        height: Of the whole enlargement.
        width: Of the whole enlargement.

    Returns:
        (rows, width) or (rows, width, c) float32; the same whichever rows are asked for together.
    """
    at = (np.arange(rows.start, rows.stop) + 0.5) * (len(small) / height) - 0.5
    at = np.clip(at, 0, len(small) - 1)
    low = at.astype(np.intp)
    high = np.minimum(low + 1, len(small) - 1)
    share = (at - low).astype(np.float32).reshape(-1, *[1] * (small.ndim - 1))
    lines = small[low] * (1 - share) + small[high] * share
    result: NDArray[np.float32] = cv2.resize(lines, (width, len(lines)))
    # OpenCV drops the axis of a single channel.
    return result.reshape(len(lines), width, *small.shape[2:])
