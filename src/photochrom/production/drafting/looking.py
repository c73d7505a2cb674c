"""What a draft has to see of a picture itself: whether it has color, and where a detail is."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from photochrom.film.camera.attention import Attention, look
from photochrom.measure.tint import measure_tint
from photochrom.photograph import open_reduced
from photochrom.production.drafting.scans import Scan

WIDE_SCREEN = 16 / 9

DETAIL, NEARER = 0.62, 0.52
"""What of the picture is seen at the beginning and at the end of a detail, in shares of what a
frame can show."""

AIR = 1.35
"""How much larger than a head a detail of it is at least."""

FAINT = 0.25
"""What stands out with less weight than this is no detail to go to."""

_ENOUGH = 1200
"""Pixels of the longer side in which all of this is seen."""

_LONGEST = 384

Rectangle = tuple[float, float, float, float]


@dataclass(frozen=True)
class Seen:
    """What was seen of a scan.

    Attributes:
        is_color: Whether it is a color photograph, not a toned or yellowed print.
        detail: What a second shot may show: rectangles at its beginning and at its end.
    """

    is_color: bool = False
    detail: tuple[Rectangle, Rectangle] | None = None


def look_at(scan: Scan, *, detail: bool) -> Seen:
    """Looks at a scan, if there is anything that has to be seen.

    Args:
        scan: Its file is opened if it has color channels, or for a detail.
        detail: Whether a detail is wanted.

    Raises:
        PhotographError: It cannot be read.
    """
    if scan.info.channels == 1 and not detail:
        return Seen()
    pixels = open_reduced(scan.path, max(scan.info.width, scan.info.height) // _ENOUGH)
    is_color = False
    if pixels.ndim == 3:
        shrink = min(1.0, _LONGEST / max(pixels.shape))
        size = [max(1, round(side * shrink)) for side in (pixels.shape[1], pixels.shape[0])]
        small = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
        full = np.iinfo(pixels.dtype).max
        is_color = measure_tint(small.astype(np.float32) / full).is_color
    return Seen(is_color, detail_of(look(pixels)) if detail else None)


def detail_of(attention: Attention) -> tuple[Rectangle, Rectangle] | None:
    """A slow approach to the largest head, else to what stands out; None if nothing does.

    Args:
        attention: What matters in the picture.
    """
    least = 0.0
    if attention.heads:
        target = attention.heads[0]
        least = AIR * max(target.rect.width, target.rect.height)
    elif attention.salient is not None and attention.salient.weight >= FAINT:
        target = attention.salient
    else:
        return None
    shape = WIDE_SCREEN / (attention.aspect or WIDE_SCREEN)
    ends = []
    for share in (DETAIL, NEARER):
        width = share * min(1.0, shape)
        height = width / shape
        larger = max(1.0, least / width, least / height)
        width, height = min(1.0, width * larger), min(1.0, height * larger)
        left = min(max(target.x - width / 2, 0.0), 1.0 - width)
        top = min(max(target.y - height / 2, 0.0), 1.0 - height)
        left, top, width, height = (int(side * 1000) / 1000 for side in (left, top, width, height))
        ends.append((left, top, width, height))
    return (ends[0], ends[1])
