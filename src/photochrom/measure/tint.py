"""Tint and tones."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from photochrom.colorspace import lab_from_srgb
from photochrom.measure.measures import Tint, TintName, Tones
from photochrom.measure.sampling import Plane

Spot = tuple[tuple[float, float], float]
"""A place: its middle in shares of width and height, and its area in shares of the picture."""

# A tint is one color for each tone; so many tones are told apart.
_TONES = 24
# In CIELAB units: chroma below this looks neutral; colors further than this from the tint of their
# tone are colors of their own, and so large a share of them makes a color photograph. Of 120 modern
# and 10 early color photographs the least colorful had a share of 0.09, a faded autochrome 0.115;
# of 19 black-and-white prints the worst stained had 0.06.
_NEUTRAL = 3.0
_OWN_COLOR = 6.0
_COLOR_SHARE = 0.075
# How far the light around a place that is blown out reaches, in radii of a disk of its area; and
# the share of a picture that has to be left.
_REACH = 2.2
_ENOUGH = 0.3
# So small a picture has no colored noise or fringes left.
_LONGEST_SIDE = 192


def measure_tones(gray: Plane) -> Tones:
    """Measure percentiles of sRGB-encoded gray, (h, w) 0..1."""
    black, median, white = (float(p) for p in np.percentile(gray, [0.5, 50, 99.5]))
    return Tones(
        black=black,
        median=median,
        white=white,
        contrast=white - black,
        clipped_black=float((gray <= 0).mean()),
        clipped_white=float((gray >= 1).mean()),
    )


def measure_tint(color: Plane | None, glare: Sequence[Spot] = ()) -> Tint:
    """Measure the tint of a picture.

    The tint of a print is a function of its tone alone: each tone has the color of the paper, the
    silver and their age. What deviates from that function is color (or a stain).

    Args:
        color: (h, w, 3), sRGB-encoded; None is a gray one.
        glare: Where the print gives back white light, which makes two colors of one tint: the
            middle of each place in shares of width and height, and the share of the picture that is
            blown out there. What lies around it is left out, too, as far as the light reaches.
    """
    if color is None:
        return Tint("neutral", 0.0, (0.0, 0.0), (0.0, 0.0), is_color=False)
    scale = min(1.0, _LONGEST_SIDE / max(color.shape))
    size = (max(1, round(color.shape[1] * scale)), max(1, round(color.shape[0] * scale)))
    lab = lab_from_srgb(cv2.resize(color, size, interpolation=cv2.INTER_AREA)).reshape(-1, 3)
    lab = lab[_seen(size, glare)]
    order = np.argsort(lab[:, 0], kind="stable")
    bands = [band for band in np.array_split(lab[order], _TONES) if len(band)]
    curve = np.array([np.median(band[:, 1:], axis=0) for band in bands])
    own = np.concatenate(
        [np.hypot(*(band[:, 1:] - tone).T) for band, tone in zip(bands, curve, strict=True)]
    )
    is_color = bool((own > _OWN_COLOR).mean() > _COLOR_SHARE)
    # The very lightest and darkest tones are clipped too often to show the tint.
    paper, shadows = curve[-2:].mean(axis=0), curve[:2].mean(axis=0)
    strength = float(np.hypot(*curve.T).mean())
    return Tint(
        name=_name(curve, strength),
        strength=strength,
        paper=(float(paper[0]), float(paper[1])),
        shadows=(float(shadows[0]), float(shadows[1])),
        is_color=is_color,
    )


def _seen(size: tuple[int, int], glare: Sequence[Spot]) -> NDArray[np.bool_]:
    """(h * w,) which pixels no glare lies on; all where next to nothing would be left."""
    columns, rows = np.meshgrid(*(np.arange(side) + 0.5 for side in size))
    seen = np.ones(columns.shape, np.bool_)
    for (x, y), share in glare:
        radius = _REACH * np.sqrt(share * seen.size / np.pi)
        seen &= np.hypot(columns - x * size[0], rows - y * size[1]) > radius
    return seen.reshape(-1) if seen.mean() > _ENOUGH else np.ones(seen.size, np.bool_)


def _name(curve: Plane, strength: float) -> TintName:
    if strength < _NEUTRAL:
        return "neutral"
    hue = float(np.degrees(np.arctan2(*curve.mean(axis=0)[::-1]))) % 360
    if 190 <= hue <= 310:
        return "cyanotype"
    if not 20 <= hue <= 115:
        return "other"
    chroma = np.hypot(*curve.T)
    third = max(1, len(chroma) // 3)
    # Sepia toning changes the silver, and so the shadows and midtones; age yellows the paper.
    middle = chroma[third:-third] if len(chroma) > 2 else chroma
    aged = float(chroma[-third:].mean()) > 1.25 * float(middle.mean())
    return "yellowed" if hue > 75 and aged else "sepia"
