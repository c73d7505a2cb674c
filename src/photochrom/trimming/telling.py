"""What people are told of a scan that was trimmed, or was not: a line for each thing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from photochrom.geometry import Geometry, Point
from photochrom.trimming.asked import Trim
from photochrom.trimming.finding import Found
from photochrom.trimming.glare import Glare

KEEPS_BORDER: Final = 'its border is kept: --frame cut, or frame = "cut" in a production, cuts it'


def told(
    asked: Trim, found: Found, geometry: Geometry, degrees: float, glare: Sequence[Glare]
) -> tuple[str, ...]:
    """What was done, and why something was not.

    Args:
        asked: What was asked for.
        found: What was found.
        geometry: What is left of the scan.
        degrees: By how many the picture was turned clockwise.
        glare: Where the print gives back light, in the picture.
    """
    return (
        *_cut(asked, found, geometry),
        *_turned(asked, found, degrees),
        *(_glare(one) for one in glare),
    )


def _cut(asked: Trim, found: Found, geometry: Geometry) -> Iterator[str]:
    if not asked.finds_print:
        return
    if found.left_by(asked) is None:
        yield f"not cut: {found.doubt}"
    else:
        parts = []
        if found.print is not None:
            parts.append(f"its {found.surround} surround")
        if asked.frame == "cut" and found.picture is not None:
            parts.append("its border")
        yield f"cut by {_percent(1 - geometry.share)} of the scan: {' and '.join(parts)}"
        if asked.frame == "cut" and found.picture is None:
            yield found.doubt
    if asked.frame == "keep" and found.picture is not None:
        yield KEEPS_BORDER


def _turned(asked: Trim, found: Found, degrees: float) -> Iterator[str]:
    if degrees:
        yield f"turned {'counter' if degrees < 0 else ''}clockwise by {abs(degrees):.1f} degrees"
    elif asked.straighten == "auto":
        known = found.print is not None or found.picture is not None
        yield f"not turned: {'its edges are level' if known else found.doubt}"


def _glare(glare: Glare) -> str:
    what = f"glare in the {_place(glare.at)} hides {_percent(glare.share)} of it"
    return f"{what}: photograph the print again, with light from both sides"


def _place(at: Point) -> str:
    column = ("left", "middle", "right")[min(int(3 * at[0]), 2)]
    row = ("upper", "middle", "lower")[min(int(3 * at[1]), 2)]
    return "middle" if row == column else f"{row} {column}"


def _percent(share: float) -> str:
    return f"{max(100 * share, 0.1):.1f} %"
