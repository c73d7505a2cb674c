"""Errors of colored photographs, collected over many and told apart by what the truth is.

PSNR, colorfulness and rank correlation are those that training measures with
(`training.color.evaluate`). Color differences are CIEDE2000 on every so-manieth pixel: neighbors
say nearly the same, and the formula is slow.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from skimage.color import deltaE_ciede2000
from training.color.predict import join, lab_of
from training.metrics import colorfulness, psnr_of_levels

from bench.features import Features, frechet

Floats = NDArray[np.float32]
Row = dict[str, Any]
"""What is found of one picture."""

SECTORS: Final[Mapping[str, tuple[float, float]]] = {
    "red": (345, 45),
    "orange": (45, 75),
    "yellow": (75, 105),
    "green": (105, 165),
    "cyan": (165, 225),
    "blue": (225, 310),
    "violet": (310, 345),
}
"""Hue angles of CIELAB, in degrees. Skin and wood are orange, skies blue, lips red."""

COLORED, STRONG = 10.0, 30.0
"""Chroma of the truth above which a pixel has a hue, and above which it is strongly colored."""

_DRAWS: Final = 2000


class Errors:
    """CIEDE2000 by picture and by group of pixels.

    Groups: "all"; "colored" and "strong" by the truth's chroma; "colored HUE" and "strong HUE".

    Args:
        rows: What `judged` says of each picture.
    """

    def __init__(self, rows: Sequence[Row]) -> None:
        self._sums = [row["sums"] for row in rows]
        self._counts = [row["counts"] for row in rows]

    def means(self) -> dict[str, float | None]:
        """Mean of each group over the pixels of all pictures; None where there are none."""
        sums, counts = np.sum(self._sums, axis=0), np.sum(self._counts, axis=0)
        return {
            name: round(float(total / count), 3) if count else None
            for name, total, count in zip(group_names(), sums, counts, strict=True)
        }

    def shares(self) -> dict[str, float]:
        """Share of the pixels that are in each group."""
        counts = np.sum(self._counts, axis=0)
        return {
            name: round(float(count / counts[0]), 4)
            for name, count in zip(group_names(), counts, strict=True)
        }

    def gain_over(self, other: Errors) -> dict[str, list[float] | None]:
        """By how many percent these errors are smaller than others of the same pictures.

        Returns:
            By group: the gain, and the 2.5th and 97.5th percentile of what it is when pictures are
            drawn again (bootstrap, fixed seed). None for a group in fewer than five pictures.
        """
        ours, theirs = np.array(self._sums), np.array(other._sums)
        counts = np.array(self._counts)
        drawn = np.random.default_rng(0).integers(len(ours), size=(_DRAWS, len(ours)))
        gains: dict[str, list[float] | None] = {}
        for i, name in enumerate(group_names()):
            if (counts[:, i] > 0).sum() < 5:
                gains[name] = None
                continue
            whole = 1 - ours[:, i].sum() / theirs[:, i].sum()
            draws = 1 - ours[drawn, i].sum(axis=1) / np.maximum(theirs[drawn, i].sum(axis=1), 1e-9)
            gains[name] = [round(100 * float(v), 2) for v in (whole, *np.quantile(draws, _ENDS))]
        return gains


_ENDS: Final = (0.025, 0.975)


def group_names() -> list[str]:
    """Names of the groups of pixels, in the order of `groups`."""
    hues = [f"{level} {hue}" for level in ("colored", "strong") for hue in SECTORS]
    return ["all", "colored", "strong", *hues]


def groups(truth: Floats) -> list[NDArray[np.bool_]]:
    """Which pixels of a picture, (..., 3) CIELAB, belong to which group."""
    chroma = np.linalg.norm(truth[..., 1:], axis=-1)
    hue = np.degrees(np.arctan2(truth[..., 2], truth[..., 1])) % 360
    colored, strong = chroma > COLORED, chroma > STRONG
    within = [
        (hue >= low) & (hue < high) if low < high else (hue >= low) | (hue < high)
        for low, high in SECTORS.values()
    ]
    hues = [level & sector for level in (colored, strong) for sector in within]
    return [np.ones_like(colored), colored, strong, *hues]


def judged(
    rgb: NDArray[np.uint8],
    truth: Floats,
    ab: Floats,
    *,
    step: int = 2,
    features: Features | None = None,
) -> Row:
    """Judge one picture, with the true lightness put back.

    Args:
        rgb: (H, W, 3) the truth.
        truth: (H, W, 3) CIELAB of the truth.
        ab: (H, W, 2) what a way says.
        step: Color differences are taken at every `step`th row and column.
        features: If given, pictures are also compared as a set.
    """
    result = join(truth[..., 0], ab)
    some = (slice(step // 2, None, step),) * 2
    difference = deltaE_ciede2000(truth[some], lab_of(result[some]))
    return {
        "psnr": float(psnr_of_levels(rgb, result)),
        "colorfulness": float(colorfulness(result)),
        **by_group(difference, truth[some]),
        "pooled": None if features is None else features.pooled(result),
    }


def by_group(difference: Floats, truth: Floats) -> Row:
    """Sums of differences, and how many they are, in each group.

    Args:
        difference: (...) CIEDE2000.
        truth: (..., 3) CIELAB.
    """
    masks = groups(truth)
    return {
        "sums": [float(difference[mask].sum(dtype=np.float64)) for mask in masks],
        "counts": [int(mask.sum()) for mask in masks],
    }


def described(rgb: NDArray[np.uint8], features: Features | None = None) -> Row:
    """What one photograph is like."""
    return {
        "colorfulness": float(colorfulness(rgb)),
        "pooled": None if features is None else features.pooled(rgb),
    }


class Case:
    """One way on one kind of plate, told one thing, over many pictures.

    Args:
        rows: What `judged` says of each.
    """

    def __init__(self, rows: Sequence[Row]):
        self.errors = Errors(rows)
        self._rows = [(row["psnr"], row["colorfulness"]) for row in rows]
        self._pooled = _pooled(rows)

    def figures(self, truth: Truth) -> dict[str, Any]:
        """Means over pictures (PSNR, colorfulness) and over pixels (CIEDE2000)."""
        rows = np.array(self._rows)
        found: dict[str, Any] = {
            "psnr": round(float(rows[:, 0].mean()), 3),
            "colorfulness": round(float(rows[:, 1].mean()), 2),
            "colorfulness_share": round(float(rows[:, 1].mean() / np.mean(truth.colorfulness)), 3),
            "colorfulness_error": round(
                float(np.abs(rows[:, 1] - np.array(truth.colorfulness)).mean()), 2
            ),
            "delta_e": self.errors.means(),
        }
        if self._pooled:
            found["frechet"] = round(
                frechet(np.concatenate(self._pooled), np.concatenate(truth.pooled)), 3
            )
        return found


class Truth:
    """What the photographs were like.

    Args:
        rows: What `described` says of each.
    """

    def __init__(self, rows: Sequence[Row]) -> None:
        self.colorfulness = [row["colorfulness"] for row in rows]
        self.pooled = _pooled(rows)

    def figures(self) -> dict[str, Any]:
        """Colorfulness, and the Frechet distance of one half of the photographs to the other."""
        found: dict[str, Any] = {
            "pictures": len(self.colorfulness),
            "colorfulness": round(float(np.mean(self.colorfulness)), 2),
        }
        if len(self.pooled) > 1:
            halves = [np.concatenate(self.pooled[i::2]) for i in range(2)]
            found["frechet_of_halves"] = round(frechet(*halves), 3)
        return found


def _pooled(rows: Sequence[Row]) -> list[Floats]:
    return [row["pooled"] for row in rows if row["pooled"] is not None]
