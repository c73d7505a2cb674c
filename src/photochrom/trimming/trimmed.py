"""A scan, trimmed as somebody asks: what was found in it, what is left, and what is said of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from photochrom.geometry import Corners, Geometry
from photochrom.photograph import Photograph
from photochrom.trimming.asked import CODE, Trim, corners_in
from photochrom.trimming.cutting import cut
from photochrom.trimming.finding import Found, find, lab_of
from photochrom.trimming.glare import Glare, glare_in
from photochrom.trimming.laying import (
    LEVEL,
    Size,
    is_askew,
    lies_at,
    quad_of,
    straight_on,
    turned,
    within,
)
from photochrom.trimming.telling import told


@dataclass(frozen=True)
class Trimmed:
    """A scan that was trimmed.

    Attributes:
        photograph: What is left of it, with the scan's `info`.
        geometry: Where that lies in the scan.
        notes: What was asked, found and done, in plain JSON values for the record.
        notices: What people may want to know, a line each.
        glare: Where a print gives back light, in the picture.
    """

    photograph: Photograph
    geometry: Geometry
    notes: dict[str, Any] = field(default_factory=dict)
    notices: tuple[str, ...] = ()
    glare: tuple[Glare, ...] = ()


def trim(scan: Photograph, asked: Trim) -> Trimmed:
    """Trims a scan; what is not sure is left as it is, and said.

    Args:
        scan: The scan; it is not changed.
        asked: What is asked for.

    Returns:
        The picture with samples of the same depth; its geometry and what is said of it.

    Raises:
        PhotographError: Nearly nothing would be left.
    """
    size = (scan.width, scan.height)
    found = find(scan.pixels) if asked.looks else Found()
    geometry, degrees = _laid(asked, found, size)
    picture = scan
    if not geometry.is_whole:
        picture = Photograph.from_array(cut(scan.pixels, geometry), info=scan.info)
    # Who photographs a print has lamps and windows around; scanners have none.
    photographed = asked.finds_print and found.print is not None
    glare = glare_in(lab_of(picture.pixels)) if photographed else ()
    notes = _notes(asked, found, geometry, degrees, glare)
    said = told(asked, found, geometry, degrees, glare)
    return Trimmed(picture, geometry, notes, said, glare)


def _laid(asked: Trim, found: Found, scan: Size) -> tuple[Geometry, float]:
    """Where the picture lies, and by how many degrees it was turned clockwise."""
    print_ = found.left_by(asked)
    degrees = _degrees(asked, found, scan)
    if isinstance(asked.crop, tuple):
        quad = quad_of(corners_in(asked.crop), scan)
        if len(asked.crop) == 8:
            return straight_on(quad, scan, hair=0), -lies_at(quad)
        geometry = turned(quad, scan, -(degrees or 0.0))
    elif print_ is not None:
        quad = quad_of(print_, scan)
        if degrees is None and is_askew(quad):
            return straight_on(quad, scan), -lies_at(quad)
        degrees = -lies_at(quad) if degrees is None else degrees
        geometry = within(quad, scan, -degrees)
    elif degrees is not None and abs(degrees) >= LEVEL:
        geometry = turned(quad_of(Geometry.whole(scan).corners, scan), scan, -degrees)
    else:
        return Geometry.whole(scan), 0.0
    return geometry, 0.0 if degrees is None or abs(degrees) < LEVEL else degrees


def _degrees(asked: Trim, found: Found, scan: Size) -> float | None:
    """By how much the picture is to be turned clockwise; None: as the print lies."""
    if asked.straighten != "auto":
        return asked.straighten
    if found.left_by(asked) is not None:
        return None
    edges = found.print or found.picture
    return None if edges is None else -lies_at(quad_of(edges, scan))


def _notes(
    asked: Trim, found: Found, geometry: Geometry, degrees: float, glare: tuple[Glare, ...]
) -> dict[str, Any]:
    border = None
    if found.picture is not None:
        border = "cut" if asked.finds_print and asked.frame == "cut" else "kept"
    return {
        "code": CODE,
        "asked": asked.data(),
        **geometry.data(),
        "share": round(geometry.share, 6),
        "degrees": round(degrees, 3),
        "surround": found.surround,
        "surround_color": None if found.color is None else [round(one, 1) for one in found.color],
        "print": _rounded(found.print),
        "border": border,
        "picture": _rounded(found.picture),
        "doubt": found.doubt or None,
        "glare": [_place(geometry, one) for one in glare],
    }


def _place(geometry: Geometry, glare: Glare) -> dict[str, Any]:
    at = [round(part, 4) for part in geometry.to_scan(glare.at)]
    return {"at": at, "share": round(glare.share, 5)}


def _rounded(corners: Corners | None) -> list[list[float]] | None:
    return None if corners is None else [[round(x, 6), round(y, 6)] for x, y in corners]
