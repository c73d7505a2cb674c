"""Could this color have made this gray?

A plate turns the light of a thing into one figure: the shares of red, green and blue that its
emulsion saw. Whoever documents a color says those shares, up to how brightly the thing was lit. So
a color says what gray it would be, with a wide margin for light and shade; several documented
colors of one picture were developed and printed together, which makes the margin narrower.

The model: of a color with exposure e (linear, 0..1) the picture shows the light y with

    log y = log e + offset + slope * (log e - MIDDLE) + own,

where the offset (exposure, print) and the slope (contrast) are the picture's and `own` (light and
shade, how well a swatch stands for a thing) is the place's; all are normal, so what the other
colors of a picture say of one of them is too. The deviations are those of photographs with known
colors; `bench plate` measures what comes of them.

Equally light colors look equal on a panchromatic plate, whatever their hue: there a wrong hue is
not found. What is found there is a wrong lightness.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from photochrom.colorspace import srgb_to_linear
from photochrom.emulsion import Emulsion, Weights, plausible_weights

Floats = NDArray[np.float64]
RGB = tuple[int, int, int]

# Standard deviations, of natural logarithms of light.
_OFFSET: Final = 0.5
_SLOPE: Final = 0.25
_OWN: Final = 0.3
# Where contrast turns about: a middle gray.
_MIDDLE: Final = -1.0
# Light that is there always: haze, the paper's own black.
_FLARE: Final = 0.004
# A color that is right deviates by more in one of fifty places or less.
CONFLICT: Final = 3.5
# Another emulsion explains what this one does not where the color deviates by less.
_EXPLAINED: Final = 2.5
KINDS: Final = (Emulsion.BLUE_SENSITIVE, Emulsion.ORTHOCHROMATIC, Emulsion.PANCHROMATIC)


@dataclass(frozen=True)
class Seen:
    """A documented color, and what the plate shows at its place.

    Attributes:
        color: sRGB, each 0..255.
        light: Linear light there, 0..1, of the picture with its blacks and whites in place.
    """

    color: RGB
    light: float


@dataclass(frozen=True)
class Finding:
    """How a documented color stands to its gray.

    Attributes:
        emulsion: Which the plate is taken for.
        deviation: Of what the plate shows from what the color would give, in standard deviations;
            above 0 the plate is lighter.
        stops: The same in stops (factors of two) of light.
        explained_by: The other emulsions on which the color would give this gray.
    """

    emulsion: Emulsion
    deviation: float
    stops: float
    explained_by: tuple[Emulsion, ...]

    @property
    def conflicts(self) -> bool:
        """Whether somebody should look at it."""
        return abs(self.deviation) > CONFLICT


def judge(seen: Sequence[Seen], emulsion: Emulsion) -> list[Finding]:
    """Test each documented color of one photograph against the gray at its place.

    Args:
        seen: The colors; each is judged by all the others.
        emulsion: Of the plate. An UNKNOWN one may be any: then the one that fits a color best
            is held against it.

    Returns:
        One for each color, in their order.
    """
    return [_finding(seen, index, emulsion) for index in range(len(seen))]


def likely_emulsions(seen: Sequence[Seen]) -> dict[Emulsion, float]:
    """Say how well each emulsion explains all documented colors of a picture together.

    Args:
        seen: The colors; three or more of different hues say something.

    Returns:
        Probabilities that sum to 1, the likeliest first, if all were equally likely before.
    """
    scores = {
        kind: float(np.logaddexp.reduce([_evidence(seen, one) for one in plausible_weights(kind)]))
        - np.log(len(plausible_weights(kind)))
        for kind in KINDS
    }
    total = np.logaddexp.reduce(list(scores.values()))
    shares = {kind: float(np.exp(score - total)) for kind, score in scores.items()}
    return dict(sorted(shares.items(), key=lambda one: -one[1]))


def _finding(seen: Sequence[Seen], index: int, emulsion: Emulsion) -> Finding:
    found = {kind: _least(seen, index, kind) for kind in KINDS}
    kind = emulsion
    if emulsion is Emulsion.UNKNOWN:
        kind = min(KINDS, key=lambda one: abs(found[one][0]))
    deviation, away = found[kind]
    others = tuple(one for one in KINDS if one is not kind and abs(found[one][0]) < _EXPLAINED)
    return Finding(kind, round(deviation, 2), round(away / float(np.log(2)), 2), others)


def _least(seen: Sequence[Seen], index: int, kind: Emulsion) -> tuple[float, float]:
    """The deviation on that plate of the kind on which it is least, and what it is a multiple of
    times that: the difference of logarithms."""
    found = [_deviation(seen, index, weights) for weights in plausible_weights(kind)]
    return min(found, key=lambda one: abs(one[0]))


def _deviation(seen: Sequence[Seen], index: int, weights: Weights) -> tuple[float, float]:
    left, covariance = _residuals(seen, weights)
    others = [one for one in range(len(seen)) if one != index]
    expected, variance = 0.0, float(covariance[index, index])
    if others:
        say = np.linalg.solve(covariance[np.ix_(others, others)], covariance[others, index])
        expected = float(say @ left[others])
        variance -= float(say @ covariance[others, index])
    away = float(left[index]) - expected
    return away / float(np.sqrt(variance)), away


def _evidence(seen: Sequence[Seen], weights: Weights) -> float:
    """Logarithm of how likely the grays are on a plate, up to a constant."""
    left, covariance = _residuals(seen, weights)
    _, volume = np.linalg.slogdet(covariance)
    return float(-0.5 * (left @ np.linalg.solve(covariance, left) + volume))


def _residuals(seen: Sequence[Seen], weights: Weights) -> tuple[Floats, Floats]:
    """What the plate shows beyond what the colors would give, and how that may vary together."""
    colors = np.array([one.color for one in seen], np.float32).reshape(-1, 3) / np.float32(255)
    exposures = srgb_to_linear(colors).astype(np.float64) @ np.asarray(weights, np.float64)
    given = np.log(np.maximum(exposures, 0) + _FLARE)
    shown = np.log(np.array([one.light for one in seen], np.float64) + _FLARE)
    turned = given - _MIDDLE
    covariance = _OWN**2 * np.eye(len(seen)) + _OFFSET**2 + _SLOPE**2 * np.outer(turned, turned)
    return shown - given, covariance
