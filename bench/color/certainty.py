"""Whether the network knows how sure it may be."""

from __future__ import annotations

from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray
from training.metrics import rank_correlation

from photochrom.steps.plate import Plane

Floats = NDArray[np.float32]

TENTHS: Final = 10


class Calibration:
    """Certainty and error in a*b* of places (cells of chroma), over many pictures."""

    def __init__(self) -> None:
        self._certainty: list[Plane] = []
        self._error: list[Plane] = []

    def add(self, truth: Floats, cells: Floats, certainty: Plane) -> None:
        """Add the places of one picture.

        Args:
            truth: (H, W, 3) CIELAB.
            cells: (h, w, 2) what the network says.
            certainty: (h, w) how sure it is.
        """
        there = cv2.resize(truth[..., 1:], certainty.shape[::-1], interpolation=cv2.INTER_AREA)
        self._certainty.append(certainty.ravel())
        self._error.append(np.linalg.norm(cells - there, axis=-1).ravel())

    def figures(self) -> dict[str, Any]:
        """Spearman's rho of certainty and error, and the reliability curve by tenths of places.

        Both over all places, and rho also as the mean of every picture's own: within one picture is
        where a user compares places.
        """
        certainty, error = np.concatenate(self._certainty), np.concatenate(self._error)
        within = [
            rank_correlation(sure, -far)
            for sure, far in zip(self._certainty, self._error, strict=True)
        ]
        tenths = np.array_split(np.argsort(certainty, kind="stable"), TENTHS)
        return {
            "rho": round(rank_correlation(certainty, -error), 3),
            "rho_within_pictures": round(float(np.mean(within)), 3),
            "certainty": [round(float(certainty[part].mean()), 3) for part in tenths],
            "error": [round(float(error[part].mean()), 2) for part in tenths],
        }
