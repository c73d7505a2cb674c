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
EXPECTED: Final = 25
"""A certainty c stands for an expected error of -EXPECTED ln c, in units of a*b* (networks.md)."""
LEAST: Final = 1e-3


def sureness(truth: Floats, cells: Floats, certainty: Plane) -> dict[str, Plane]:
    """Certainty and error in a*b* of the places (cells of chroma) of one picture.

    Besides, the error beside the picture's cast: by how much a place is farther from the truth
    than all of the picture is (the median of its differences). What hangs on who balanced a
    historical photograph, and how, no gray can tell.

    Args:
        truth: (H, W, 3) CIELAB.
        cells: (h, w, 2) what the network says.
        certainty: (h, w) how sure it is.
    """
    there = cv2.resize(truth[..., 1:], certainty.shape[::-1], interpolation=cv2.INTER_AREA)
    apart = cells - there
    cast = np.median(apart, axis=(0, 1))
    return {
        "certainty": certainty.ravel(),
        "error": np.linalg.norm(apart, axis=-1).ravel(),
        "beside_cast": np.linalg.norm(apart - cast, axis=-1).ravel(),
    }


def calibration(pictures: Sequence[Mapping[str, Plane]]) -> dict[str, Any]:
    """Spearman's rho of certainty and error, and the reliability curve by tenths of places.

    Both over all places, and rho also as the mean of every picture's own: within one picture is
    where a user compares places.

    Args:
        pictures: What `sureness` says of each.
    """
    certainty, error, beside = (
        np.concatenate([one[what] for one in pictures])
        for what in ("certainty", "error", "beside_cast")
    )
    expected = -EXPECTED * np.log(np.maximum(certainty, LEAST))
    within = [rank_correlation(one["certainty"], -one["error"]) for one in pictures]
    tenths = np.array_split(np.argsort(certainty, kind="stable"), TENTHS)
    return {
        "rho": round(rank_correlation(certainty, -error), 3),
        "rho_within_pictures": round(float(np.mean(within)), 3),
        "certainty": [round(float(certainty[part].mean()), 3) for part in tenths],
        "expected": [round(float(expected[part].mean()), 2) for part in tenths],
        "error": [round(float(error[part].mean()), 2) for part in tenths],
        "beside_cast": [round(float(beside[part].mean()), 2) for part in tenths],
    }
