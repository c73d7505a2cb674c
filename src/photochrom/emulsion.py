"""How plates and films saw color.

An early plate did not see what the eye sees: to a wet collodion plate the sky was white and red
lips were black. Each kind of emulsion is described here by the share of linear red, green and blue
light that darkened it.

Sources: Luo et al., "Time-Travel Rephotography" (2021), section 3; manufacturers' data sheets.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from photochrom.colorspace import linear_to_srgb, srgb_to_linear

Weights = tuple[float, float, float]
"""Shares of linear red, green and blue light; none negative, their sum is 1."""


Tones = Literal["plate", "eye"]
"""Whose light and dark a picture shows: the plate's own, or an eye's by estimate."""


class Emulsion(StrEnum):
    """A kind of photographic emulsion, by the colors that it was sensitive to."""

    BLUE_SENSITIVE = "blue-sensitive"
    ORTHOCHROMATIC = "orthochromatic"
    PANCHROMATIC = "panchromatic"
    UNKNOWN = "unknown"


_TYPICAL: Final[Mapping[Emulsion, Weights]] = MappingProxyType(
    {
        Emulsion.BLUE_SENSITIVE: (0.0, 0.1, 0.9),
        Emulsion.ORTHOCHROMATIC: (0.0, 0.46, 0.54),
        Emulsion.PANCHROMATIC: (0.299, 0.587, 0.114),
        Emulsion.UNKNOWN: (0.299, 0.587, 0.114),
    }
)

# Real emulsions of a kind lie somewhere between these extremes.
_EXTREMES: Final[Mapping[Emulsion, tuple[Weights, ...]]] = MappingProxyType(
    {
        Emulsion.BLUE_SENSITIVE: ((0.0, 0.0, 1.0), (0.0, 0.1, 0.9), (0.02, 0.18, 0.8)),
        Emulsion.ORTHOCHROMATIC: ((0.0, 0.42, 0.58), (0.0, 0.5, 0.5), (0.05, 0.55, 0.4)),
        Emulsion.PANCHROMATIC: ((0.299, 0.587, 0.114), (1 / 3, 1 / 3, 1 / 3), (0.28, 0.32, 0.4)),
    }
)

_FIRST_ORTHOCHROMATIC_YEAR: Final = 1886
_FIRST_PANCHROMATIC_YEAR: Final = 1930


def weights(emulsion: Emulsion) -> Weights:
    """Return the typical weights of an emulsion on linear light.

    Args:
        emulsion: UNKNOWN gets the weights of panchromatic film, which are close to the eye's.
    """
    return _TYPICAL[emulsion]


def plausible_weights(emulsion: Emulsion) -> tuple[Weights, ...]:
    """Weights of real plates of a kind, each as far from the others as they come.

    Args:
        emulsion: UNKNOWN may be any of the other three.
    """
    if emulsion is Emulsion.UNKNOWN:
        return tuple(one for kind in _EXTREMES.values() for one in kind)
    return _EXTREMES[emulsion]


def jittered_weights(emulsion: Emulsion, rng: np.random.Generator) -> Weights:
    """Draw the weights of one particular plate of this kind of emulsion.

    Args:
        emulsion: UNKNOWN may be any of the other three.
        rng: Where the randomness comes from.
    """
    if emulsion is Emulsion.UNKNOWN:
        kinds = tuple(_EXTREMES)
        emulsion = kinds[int(rng.integers(len(kinds)))]
    extremes = np.array(_EXTREMES[emulsion])
    mixed = rng.dirichlet(np.ones(len(extremes))) @ extremes
    red, green, blue = (mixed / mixed.sum()).tolist()
    return red, green, blue


def expose(rgb_srgb: NDArray[np.float32], weights: Weights) -> NDArray[np.float32]:
    """Photograph a color picture on an emulsion.

    Args:
        rgb_srgb: (..., 3) sRGB-encoded color, 0..1.
        weights: Shares of linear red, green and blue; scaled here to sum to 1.

    Returns:
        (...) float32, sRGB-encoded gray, 0..1. Neutral grays keep their value.

    Raises:
        ValueError: A weight is negative, or all are zero.
    """
    shares = np.asarray(weights, dtype=np.float32)
    if shares.shape != (3,) or (shares < 0).any() or shares.sum() <= 0:
        raise ValueError(
            f"emulsion weights must be three shares, none negative, not all zero: {weights}"
        )
    light: NDArray[np.float32] = srgb_to_linear(rgb_srgb) @ (shares / shares.sum())
    return linear_to_srgb(light)


def usual_years(emulsion: Emulsion) -> tuple[int | None, int | None]:
    """The years in which an emulsion is taken for the usual one: the first and the last, None where
    there is no beginning or no end; both for UNKNOWN."""
    match emulsion:
        case Emulsion.BLUE_SENSITIVE:
            return None, _FIRST_ORTHOCHROMATIC_YEAR - 1
        case Emulsion.ORTHOCHROMATIC:
            return _FIRST_ORTHOCHROMATIC_YEAR, _FIRST_PANCHROMATIC_YEAR - 1
        case Emulsion.PANCHROMATIC:
            return _FIRST_PANCHROMATIC_YEAR, None
        case _:
            return None, None


def emulsion_for_year(year: int | None) -> Emulsion:
    """Say which emulsion a photograph of that year was most likely taken on.

    A prior and no more: ordinary blue-sensitive plates were sold into the 1920s, and orthochromatic
    roll film into the 1950s. Whoever knows better says so.

    Args:
        year: The year of the exposure; None gives UNKNOWN.
    """
    if year is None:
        return Emulsion.UNKNOWN
    if year < _FIRST_ORTHOCHROMATIC_YEAR:
        return Emulsion.BLUE_SENSITIVE
    if year < _FIRST_PANCHROMATIC_YEAR:
        return Emulsion.ORTHOCHROMATIC
    return Emulsion.PANCHROMATIC
