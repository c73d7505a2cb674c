"""What people ask for of the frame of a picture: how much of its scan is shown, and how it lies."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from photochrom.geometry import Geometry, Point

CODE: Final = 1
"""Raised whenever the same scan, asked for the same, is trimmed in another way."""

Auto = Literal["auto"]
Frame = Literal["keep", "cut"]

FRAMES: Final[tuple[Frame, ...]] = ("keep", "cut")

MOST_DEGREES: Final = 45.0
"""By more than this nothing is straightened."""

_BEYOND: Final = 1e-6
_CROP = 'write "auto", or X,Y,W,H in shares of the scan\'s width and height (0 to 1)'
_DEGREES = f'write "auto", or degrees, clockwise, from -{MOST_DEGREES:g} to {MOST_DEGREES:g}'


@dataclass(frozen=True)
class Trim:
    """What is asked for of the frame of a picture.

    Attributes:
        crop: Which part of the scan is shown: left, top, width, height, in shares of the scan's
            width and height; or the x and y of four corners, clockwise from the upper left one,
            which are made a rectangle. "auto": the print, if what surrounds it is found. None: all.
        straighten: By how many degrees the picture is turned clockwise so that it is level. "auto":
            as the edges of the print, or of the picture on it, lie. None: as it lies, but for a
            print that is found, which becomes a rectangle.
        frame: Whether the border of the print is "keep"t, or "cut" off together with all that
            surrounds it.

    Raises:
        ValueError: In words for people: what is wrong, and how it is written.
    """

    crop: Auto | tuple[float, ...] | None = None
    straighten: Auto | float | None = None
    frame: Frame = "keep"

    def __post_init__(self) -> None:
        if isinstance(self.crop, tuple):
            _check_crop(self.crop)
            if len(self.crop) == 8 and self.straighten is not None:
                raise ValueError("four corners say how the picture lies; leave straightening out")
        degrees = self.straighten
        if isinstance(degrees, int | float) and not abs(degrees) <= MOST_DEGREES:
            raise ValueError(f"{degrees:g} degrees straighten nothing; {_DEGREES}")

    @property
    def is_nothing(self) -> bool:
        """Whether the picture is all of its scan, as it lies, and nobody has to look."""
        return self == Trim()

    @property
    def looks(self) -> bool:
        """Whether something of it has to be found in the scan."""
        return "auto" in (self.crop, self.straighten) or self.frame == "cut"

    @property
    def finds_print(self) -> bool:
        """Whether the scan is to be cut to what is found in it."""
        return self.crop == "auto" or (self.crop is None and self.frame == "cut")

    def data(self) -> dict[str, Any]:
        """Lists and numbers, for JSON."""
        crop = list(self.crop) if isinstance(self.crop, tuple) else self.crop
        return {"crop": crop, "straighten": self.straighten, "frame": self.frame}


def crop_of(text: str) -> Auto | tuple[float, ...]:
    """A crop as people write it: "auto", "0.1,0.1,0.8,0.8", or eight numbers for four corners.

    Raises:
        ValueError: It is none.
    """
    if text.strip() == "auto":
        return "auto"
    try:
        crop = tuple(float(part) for part in text.split(","))
    except ValueError:
        raise ValueError(f"{text!r} is no crop; {_CROP}") from None
    _check_crop(crop)
    return crop


def degrees_of(text: str) -> Auto | float:
    """An angle as people write it: "auto" or degrees.

    Raises:
        ValueError: It is none.
    """
    if text.strip() == "auto":
        return "auto"
    try:
        degrees = float(text)
    except ValueError:
        raise ValueError(f"{text!r} is no angle; {_DEGREES}") from None
    return Trim(straighten=degrees).straighten or 0.0


def of_data(crop: object = None, straighten: object = None, frame: object = "keep") -> Trim:
    """What is asked for, from values as files hold them: lists, numbers, words.

    Raises:
        ValueError: One of them is none.
    """
    if isinstance(crop, list | tuple) and all(map(_is_number, crop)):
        crop = tuple(float(number) for number in crop)
    elif crop not in (None, "auto"):
        raise ValueError(f"it takes a part of the scan; {_CROP.replace('X,Y,W,H', '[X, Y, W, H]')}")
    if isinstance(straighten, int | float) and _is_number(straighten):
        straighten = float(straighten)
    elif straighten not in (None, "auto"):
        raise ValueError(f"it takes an angle; {_DEGREES}")
    if frame not in FRAMES:
        raise ValueError(f"it is one of {', '.join(FRAMES)}")
    return Trim(crop, straighten, frame)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def corners_in(crop: Sequence[float]) -> list[Point]:
    """The four corners that a crop of four or eight numbers names."""
    if len(crop) == 8:
        return [(crop[index], crop[index + 1]) for index in range(0, 8, 2)]
    left, top, width, height = crop
    right, bottom = min(left + width, 1.0), min(top + height, 1.0)
    return [(left, top), (right, top), (right, bottom), (left, bottom)]


def _check_crop(crop: Sequence[float]) -> None:
    said = ",".join(f"{number:g}" for number in crop)
    if len(crop) not in (4, 8) or not all(math.isfinite(number) for number in crop):
        raise ValueError(f"{said!r} is no crop; {_CROP}")
    if any(number > 1 for number in crop) and all(number >= 0 for number in crop):
        raise ValueError(f"{said!r} is not inside the scan: shares, not pixels; {_CROP}")
    if len(crop) == 4 and not (crop[2] > 0 and crop[3] > 0):
        raise ValueError(f"{said!r} has no width or no height; {_CROP}")
    if len(crop) == 4 and any(crop[axis] + crop[axis + 2] > 1 + _BEYOND for axis in (0, 1)):
        raise ValueError(f"{said!r} reaches beyond the scan: X + W and Y + H are 1 at most")
    first, second, third, fourth = corners_in(crop)
    try:
        Geometry((first, second, third, fourth))
    except ValueError as error:
        raise ValueError(f"{said!r} is no crop: {error}") from None
