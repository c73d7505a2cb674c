"""Tint and tones."""

from __future__ import annotations

import cv2
import numpy as np

from photochrom.colorspace import lab_from_srgb
from photochrom.measure.measures import Tint, TintName, Tones
from photochrom.measure.sampling import Plane

# A tint is one color for each tone; so many tones are told apart.
_TONES = 24
# In CIELAB units: chroma below this looks neutral; colors further than this from the tint of their
# tone are colors of their own, and so large a share of them makes a color photograph. Of 120 modern
# and 10 early color photographs the least colorful had a share of 0.09, a faded autochrome 0.115;
# of 19 black-and-white prints the worst stained had 0.06.
_NEUTRAL = 3.0
_OWN_COLOR = 6.0
_COLOR_SHARE = 0.075
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


def measure_tint(color: Plane | None) -> Tint:
    """Measure the tint of an (h, w, 3) sRGB picture; None is a gray one.

    The tint of a print is a function of its tone alone: each tone has the color of the paper, the
    silver and their age. What deviates from that function is color (or a stain).
    """
    if color is None:
        return Tint("neutral", 0.0, (0.0, 0.0), (0.0, 0.0), is_color=False)
    scale = min(1.0, _LONGEST_SIDE / max(color.shape))
    size = (max(1, round(color.shape[1] * scale)), max(1, round(color.shape[0] * scale)))
    lab = lab_from_srgb(cv2.resize(color, size, interpolation=cv2.INTER_AREA)).reshape(-1, 3)
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
