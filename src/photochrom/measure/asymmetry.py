"""What tells light from dark in a photograph, as figures that change their sign with its inversion.

Lamps and glints are small and bright, skies are smooth and bright, shade is rough and dark: each a
little more often than not. `training/negative.py` weighs them.
"""

from __future__ import annotations

from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from photochrom.measure.sampling import Plane

_SIDE: Final = 128
_SCALES: Final = (0.8, 1.6, 3.2, 6.4, 12.8)
_HATS: Final = (3, 7, 15)


def asymmetries(gray: Plane) -> NDArray[np.float64]:
    """Measure them.

    Args:
        gray: (h, w) 0..1.

    Returns:
        (43,); those of `1 - gray` are minus these.
    """
    x = _normalized(gray)
    figures = [*_of_tones(x)]
    for scale in _SCALES:
        figures += _of_scale(x, scale)
    for size in _HATS:
        around = np.ones((size, size), np.uint8)
        light = cv2.morphologyEx(x, cv2.MORPH_TOPHAT, around).astype(np.float64)
        dark = cv2.morphologyEx(x, cv2.MORPH_BLACKHAT, around).astype(np.float64)
        figures.append((light.mean() - dark.mean()) / (light.mean() + dark.mean() + 1e-4))
        figures.append(np.cbrt((light**3).mean()) - np.cbrt((dark**3).mean()))
    return np.array(figures, np.float64)


def _normalized(gray: Plane) -> Plane:
    share = _SIDE / max(gray.shape)
    size = [max(16, round(side * share)) for side in (gray.shape[1], gray.shape[0])]
    x = cv2.resize(gray, size, interpolation=cv2.INTER_AREA)
    low, high = np.percentile(x, [1, 99])
    return np.asarray(np.clip((x - low) / max(high - low, 0.02), 0, 1), dtype=np.float32)


def _of_tones(x: Plane) -> list[Any]:
    q = np.percentile(x, [5, 25, 50, 75, 95])
    return [
        x.mean() - 0.5,
        q[2] - 0.5,
        _skewness(x),
        q[0] + q[4] - 2 * q[2],
        q[1] + q[3] - 2 * q[2],
        (x > 0.9).mean() - (x < 0.1).mean(),
        (x > 0.75).mean() - (x < 0.25).mean(),
    ]


def _of_scale(x: Plane, scale: float) -> list[Any]:
    smooth = cv2.GaussianBlur(x, (0, 0), scale)
    fine = x - smooth
    tone = cv2.GaussianBlur(x, (0, 0), 2 * scale)
    rough = cv2.GaussianBlur(np.abs(fine), (0, 0), 2 * scale)
    order = np.argsort(rough, axis=None, kind="stable")
    count = max(1, len(order) // 8)
    return [
        _skewness(fine),
        _correlation(tone, rough),
        _correlation(tone, np.log(rough + 0.003)),
        _skewness(np.diff(smooth, axis=0)),
        tone.ravel()[order[:count]].mean() - x.mean(),
        tone.ravel()[order[-count:]].mean() - x.mean(),
    ]


def _skewness(values: NDArray[Any]) -> float:
    centered = values.astype(np.float64) - values.mean()
    spread = centered.std()
    return float(np.clip((centered**3).mean() / spread**3, -6, 6)) if spread > 1e-5 else 0.0


def _correlation(one: NDArray[Any], other: NDArray[Any]) -> float:
    spread = float(one.std()) * float(other.std())
    if spread < 1e-7:
        return 0.0
    return float(((one - one.mean()) * (other - other.mean())).mean() / spread)
