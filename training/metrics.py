"""How close a picture is to the truth, how colorful it is, and how well damage was found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray
from skimage.metrics import structural_similarity

Plane = NDArray[np.float32]
Mask = NDArray[np.bool_]
Levels = NDArray[np.uint8]

# Below this error (0.01 of a step of 8 bits) PSNR says nothing any more.
_LEAST_ERROR: Final = (0.01 / 255) ** 2
# Of GMSD, for values of 0..255.
_GMSD_CONSTANT: Final = 170.0
_PREWITT: Final = np.array([[1, 0, -1]] * 3) / 3


def decibels(mean_square: float) -> float:
    """PSNR of a mean square error of light 0..1."""
    return float(-10 * np.log10(max(mean_square, _LEAST_ERROR)))


def mean_square(truth: Plane, seen: Plane) -> float:
    """Mean square error."""
    return float(np.mean(np.square(seen - truth), dtype=np.float64))


def psnr(truth: Plane, seen: Plane) -> float:
    """Peak signal-to-noise ratio in dB; light 0..1."""
    return decibels(mean_square(truth, seen))


def psnr_of_levels(truth: Levels, seen: Levels) -> float:
    """Peak signal-to-noise ratio in dB of 8-bit pictures."""
    return decibels(float(np.mean((truth.astype(np.float64) - seen) ** 2)) / 255**2)


def colorfulness(rgb: Levels) -> float:
    """Hasler and Suesstrunk, "Measuring colorfulness in natural images" (2003); (H, W, 3)."""
    red, green, blue = np.moveaxis(rgb.astype(np.float64), -1, 0)
    first, second = red - green, (red + green) / 2 - blue
    spread = np.hypot(first.std(), second.std())
    return float(spread + 0.3 * np.hypot(first.mean(), second.mean()))


def rank_correlation(one: Plane, other: Plane) -> float:
    """Spearman's rank correlation of two flat arrays."""
    ranks = [np.argsort(np.argsort(values)).astype(np.float64) for values in (one, other)]
    return float(np.corrcoef(ranks[0], ranks[1])[0, 1])


def ssim(truth: Plane, seen: Plane) -> float:
    """Structural similarity with the Gaussian window of 1.5 pixels of Wang et al. (2004)."""
    return float(
        structural_similarity(
            truth,
            seen,
            data_range=1.0,
            gaussian_weights=True,
            sigma=1.5,
            use_sample_covariance=False,
        )
    )


def gmsd(truth: Plane, seen: Plane) -> float:
    """Gradient magnitude similarity deviation: 0 is alike, larger is worse.

    The formula of Xue, Zhang, Mou and Bovik, "Gradient Magnitude Similarity Deviation" (IEEE
    Transactions on Image Processing, 2014): both pictures halved, Prewitt gradients, c = 170 for
    values of 0..255, the standard deviation of the similarity. Beyond the rim everything is black,
    as in the authors' program.
    """
    first, second = (_gradient(_halved(plane * 255.0)) for plane in (truth, seen))
    alike = (2 * first * second + _GMSD_CONSTANT) / (first**2 + second**2 + _GMSD_CONSTANT)
    return float(alike.std(ddof=1))


def _halved(values: NDArray[Any]) -> NDArray[np.float64]:
    """Means of blocks of 2 by 2; half blocks at odd rims are filled with black."""
    height, width = values.shape
    even = np.pad(values.astype(np.float64), ((0, height % 2), (0, width % 2)))
    blocks = even.reshape(even.shape[0] // 2, 2, even.shape[1] // 2, 2)
    return np.asarray(blocks.mean(axis=(1, 3)))


def _gradient(values: NDArray[np.float64]) -> NDArray[np.float64]:
    across, down = (
        cv2.filter2D(values, cv2.CV_64F, kernel, borderType=cv2.BORDER_CONSTANT)
        for kernel in (_PREWITT, np.ascontiguousarray(_PREWITT.T))
    )
    return np.asarray(np.hypot(across, down))


@dataclass
class MaskScore:
    """Counts of pixels, over all pictures added, and what follows from them.

    *Near* forgives a pixel: what was found counts as right if a true defect is at most a pixel away
    (diagonals too), and a true defect as found likewise.
    """

    hits: int = 0
    false: int = 0
    missed: int = 0
    near_right: int = 0
    near_found: int = 0

    def add(self, truth: Mask, found: Mask) -> None:
        """Count one picture."""
        self.hits += int((found & truth).sum())
        self.false += int((found & ~truth).sum())
        self.missed += int((~found & truth).sum())
        self.near_right += int((found & wider(truth)).sum())
        self.near_found += int((truth & wider(found)).sum())

    def figures(self) -> dict[str, float | None]:
        """Precision, recall and intersection over union, plain and near; None: nothing to judge.

        The near IoU is the one that the near precision and recall would have: 1 / (1/p + 1/r - 1).
        """
        found, true = self.hits + self.false, self.hits + self.missed
        near_precision, near_recall = _share(self.near_right, found), _share(self.near_found, true)
        near = None
        if near_precision is not None and near_recall is not None:
            both = near_precision * near_recall
            near = both / (near_precision + near_recall - both) if both else 0.0
        return {
            "precision": _share(self.hits, found),
            "recall": _share(self.hits, true),
            "iou": _share(self.hits, found + self.missed),
            "near_precision": near_precision,
            "near_recall": near_recall,
            "near_iou": near,
        }


def wider(mask: Mask, pixels: int = 1) -> Mask:
    """The mask grown by so many pixels, diagonals too."""
    if pixels == 0:
        return mask
    square = np.ones((2 * pixels + 1,) * 2, np.uint8)
    grown: Mask = cv2.dilate(mask.astype(np.uint8), square) > 0
    return grown


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
