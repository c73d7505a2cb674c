"""Whether the network knows how sure it may be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray
from training.metrics import rank_correlation

from photochrom.steps.plate import Plane

Floats = NDArray[np.float32]

TENTHS: Final = 10


def sureness(truth: Floats, cells: Floats, certainty: Plane) -> dict[str, Plane]:
    """Certainty and error in a*b* of the places (cells of chroma) of one picture.

    Args:
        truth: (H, W, 3) CIELAB.
        cells: (h, w, 2) what the network says.
        certainty: (h, w) how sure it is.
    """
    there = cv2.resize(truth[..., 1:], certainty.shape[::-1], interpolation=cv2.INTER_AREA)
    error = np.linalg.norm(cells - there, axis=-1)
    return {"certainty": certainty.ravel(), "error": error.ravel()}


def calibration(pictures: Sequence[Mapping[str, Plane]]) -> dict[str, Any]:
    """Spearman's rho of certainty and error, and the reliability curve by tenths of places.

    Both over all places, and rho also as the mean of every picture's own: within one picture is
    where a user compares places.

    Args:
        pictures: What `sureness` says of each.
    """
    certainty, error = (
        np.concatenate([one[what] for one in pictures]) for what in ("certainty", "error")
    )
    within = [rank_correlation(one["certainty"], -one["error"]) for one in pictures]
    tenths = np.array_split(np.argsort(certainty, kind="stable"), TENTHS)
    return {
        "rho": round(rank_correlation(certainty, -error), 3),
        "rho_within_pictures": round(float(np.mean(within)), 3),
        "certainty": [round(float(certainty[part].mean()), 3) for part in tenths],
        "error": [round(float(error[part].mean()), 2) for part in tenths],
    }
