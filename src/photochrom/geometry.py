"""Where in a scan a picture lies: the way from places of one to places of the other.

People point at places of the scan, because that is what they have: documented colors, rectangles.
What is made of it may be a part of the scan, turned, or seen straight on where it was photographed
at an angle. Both are told in shares of width and height, from the upper left corner of what is seen
upright, so that it does not matter in how many pixels anybody looks at them.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Point = tuple[float, float]
Corners = tuple[Point, Point, Point, Point]
"""Upper left, upper right, lower right, lower left, as the picture is seen."""

_WHOLE: Final[Corners] = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))
_DIGITS: Final = 8
"""Of shares: a thousandth of a pixel, in scans of a hundred thousand."""

_BEYOND: Final = 1e-6
"""By so much corners may lie outside of the scan: they are rounded."""


@dataclass(frozen=True)
class Geometry:
    """Where a picture lies in its scan.

    Attributes:
        corners: Of the picture, in shares of the scan's width and height.
        size: Width and height of the picture, in pixels of the scan.

    Raises:
        ValueError: The corners are no convex quadrangle inside the scan, in their order, or the
            size is none.
    """

    corners: Corners = _WHOLE
    size: tuple[int, int] = (1, 1)

    def __post_init__(self) -> None:
        rounded = tuple((round(x, _DIGITS), round(y, _DIGITS)) for x, y in self.corners)
        object.__setattr__(self, "corners", rounded)
        numbers = [number for corner in rounded for number in corner]
        if len(numbers) != 8 or not all(-_BEYOND <= one <= 1 + _BEYOND for one in numbers):
            raise ValueError("four corners lie inside the scan, in shares of 0 to 1")
        if not all(turn > 0 for turn in _turns(rounded)):
            raise ValueError(
                "corners go clockwise from the upper left one, and make no dent or crossing"
            )
        if not (len(self.size) == 2 and all(type(one) is int and one > 0 for one in self.size)):
            raise ValueError("a size is two numbers of pixels")

    @classmethod
    def whole(cls, size: tuple[int, int]) -> Geometry:
        """Of a picture that is all of a scan of `size` pixels."""
        return cls(_WHOLE, size)

    @property
    def is_whole(self) -> bool:
        """Whether the picture is all of its scan, as it lies."""
        return self.corners == _WHOLE

    @property
    def share(self) -> float:
        """How much of the scan's area the picture has, 0..1."""
        following = (*self.corners[1:], self.corners[0])
        pairs = zip(self.corners, following, strict=True)
        return abs(sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in pairs)) / 2

    def to_scan(self, at: Point) -> Point:
        """A place of the picture, as a place of the scan."""
        return _mapped(self.unit_to_scan, at)

    def to_picture(self, at: Point) -> Point:
        """A place of the scan, as a place of the picture; outside 0..1 it is not in it."""
        return _mapped(np.linalg.inv(self.unit_to_scan).astype(np.float64), at)

    def shows(self, at: Point) -> bool:
        """Whether a place of the scan is in the picture."""
        return all(0 <= share <= 1 for share in self.to_picture(at))

    def window(self, scan: tuple[int, int]) -> tuple[slice, slice] | None:
        """Rows and columns of a scan of so many pixels, if the picture is just these.

        Args:
            scan: Width and height.
        """
        (left, top), (right, _), (_, bottom), _ = self.corners
        if self.corners != ((left, top), (right, top), (right, bottom), (left, bottom)):
            return None
        edges = [left * scan[0], top * scan[1], right * scan[0], bottom * scan[1]]
        x0, y0, x1, y1 = map(round, edges)
        near = all(abs(edge - round(edge)) < 0.01 for edge in edges)
        return (slice(y0, y1), slice(x0, x1)) if near and (x1 - x0, y1 - y0) == self.size else None

    def matrix(self, scan: tuple[int, int], picture: tuple[int, int]) -> NDArray[np.float64]:
        """From pixels of the picture to pixels of the scan, both counted at their middles.

        Args:
            scan: Width and height of the scan, or of a copy of it in another size.
            picture: The same of the picture.

        Returns:
            (3, 3), for homogeneous columns (x, y, 1).
        """
        shares = np.diag([1 / picture[0], 1 / picture[1], 1.0]) @ _shifted(0.5)
        return (
            _shifted(-0.5)
            @ np.diag([float(scan[0]), float(scan[1]), 1.0])
            @ self.unit_to_scan
            @ shares
        )

    def data(self) -> dict[str, Any]:
        """Lists and numbers, for JSON."""
        return {"corners": [list(corner) for corner in self.corners], "size": list(self.size)}

    @classmethod
    def of(cls, data: dict[str, Any]) -> Geometry:
        """What `data` gave.

        Raises:
            KeyError, TypeError, ValueError: It did not.
        """
        first, second, third, fourth = (_point(corner) for corner in data["corners"])
        width, height = data["size"]
        return cls((first, second, third, fourth), (width, height))

    @cached_property
    def unit_to_scan(self) -> NDArray[np.float64]:
        """From shares of the picture to shares of the scan (Heckbert, "Fundamentals of Texture
        Mapping and Image Warping", 1989, 2.2.3)."""
        (x0, y0), (x1, y1), (x2, y2), (x3, y3) = self.corners
        sum_x, sum_y = x0 - x1 + x2 - x3, y0 - y1 + y2 - y3
        across, down = (x1 - x2, y1 - y2), (x3 - x2, y3 - y2)
        area = across[0] * down[1] - down[0] * across[1]
        g = (sum_x * down[1] - down[0] * sum_y) / area
        h = (across[0] * sum_y - sum_x * across[1]) / area
        return np.array(
            [
                [x1 - x0 + g * x1, x3 - x0 + h * x3, x0],
                [y1 - y0 + g * y1, y3 - y0 + h * y3, y0],
                [g, h, 1.0],
            ]
        )


def _point(numbers: Sequence[float]) -> Point:
    x, y = numbers
    if not all(math.isfinite(one) for one in (x, y)):
        raise ValueError("a place that is none")
    return float(x), float(y)


def _turns(corners: Sequence[Point]) -> Iterable[float]:
    """How far one turns to the right at each corner; all above 0 for a convex quadrangle."""
    for index in range(4):
        (x0, y0), (x1, y1), (x2, y2) = (corners[(index + step) % 4] for step in range(3))
        yield (x1 - x0) * (y2 - y1) - (y1 - y0) * (x2 - x1)


def _shifted(by: float) -> NDArray[np.float64]:
    return np.array([[1.0, 0.0, by], [0.0, 1.0, by], [0.0, 0.0, 1.0]])


def _mapped(matrix: NDArray[np.float64], at: Point) -> Point:
    x, y, scale = (float(one) for one in matrix @ np.array([at[0], at[1], 1.0]))
    return x / scale, y / scale
