"""Colors for things that a network is unsure of: for each several that it thought likely.

The choices of one variant are a whole: things of which the network thinks alike take colors that
are alike, and each thing another color than in the variants before, as likely as possible (as
diverse solutions of one random field are found; Batra, Yadollahpour, Guzman-Rivera and
Shakhnarovich, 2012). Nothing is random: things choose in order of their size, and three times over.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Doubles = NDArray[np.float64]

# Within how many units of a*b* likely colors count as one.
_ONE: Final = 10.0
# A color is a choice if it is at least so likely as the one shown first, and so far from all that
# the thing had in other variants, in a*b*.
_LEAST_LIKELY, _APART = 0.35, 18.0
# How much it counts to be of another color than before, of a distance of so much, beside the
# logarithm of how likely a color is; and how much, to be of one color with things that are alike.
_OTHER, _FAR, _TOGETHER = 1.5, 15.0, 1.5
# How alike opinions are that count, how near colors; and how much a thing's own size stands
# against the others'. A thing smaller than half of those may follow them to a color it had.
_ALIKE, _NEAR, _OWN, _FOLLOWS, _SMALL = 0.2, 15.0, 0.3, 0.5, 0.5
_SWEEPS: Final = 3


@dataclass(frozen=True)
class Choice:
    """What things take together.

    Attributes:
        colors: (n, 2) a* and b* of each thing.
        likely: How likely they are against those shown first, which count 1: the mean over the
            things that have another, by their size, of logarithms.
        changed: (n,) which have another color than at first.
    """

    colors: Doubles
    likely: float
    changed: NDArray[np.bool_]


def choices(
    likely: Doubles, areas: Doubles, unlike: Doubles, first: Doubles, palette: Doubles, count: int
) -> list[Choice]:
    """Choose.

    Args:
        likely: (n, Q) how likely colors are to each thing, a sum of 1.
        areas: (n,) their sizes, the largest first.
        unlike: (n, n) how far the network's opinions of them are from one another, 0..1.
        first: (n, 2) the colors that are shown first.
        palette: (Q, 2) all colors.
        count: How many choices are wanted besides.

    Returns:
        At most so many, the likeliest first; those in which nothing is of another color are left
        out.
    """
    ratios = _density(likely, palette, palette) / _at(likely, palette, first)[:, None]
    alike = np.exp(-np.square(unlike / _ALIKE) / 2) * areas
    np.fill_diagonal(alike, 0)
    before = [first]
    for _ in range(count):
        before.append(_chosen(ratios, areas, alike, palette, before))
    made = []
    for colors in before[1:]:
        changed = (colors != first).any(axis=1)
        if changed.any():
            odds = np.log(_at(likely, palette, colors) / _at(likely, palette, first))
            mean = (odds * areas)[changed].sum() / areas[changed].sum()
            made.append(Choice(colors, float(np.exp(mean)), changed))
    return sorted(made, key=lambda one: round(-one.likely, 4))


def _chosen(
    ratios: Doubles, areas: Doubles, alike: Doubles, palette: Doubles, before: list[Doubles]
) -> Doubles:
    """The colors of one more variant, (n, 2)."""
    colors = before[0].copy()
    there = np.zeros(len(areas))
    for _ in range(_SWEEPS):
        for thing, area in enumerate(areas):
            apart = np.min([np.linalg.norm(palette - one[thing], axis=1) for one in before], axis=0)
            worth = np.log(np.maximum(ratios[thing], 1e-6))
            worth += _OTHER * (1 - np.exp(-np.square(apart / _FAR) / 2))
            weights = alike[thing] * there
            near = np.square(palette - colors[:, None]).sum(axis=-1) / (2 * _NEAR**2)
            together = weights @ np.exp(-near) / (weights.sum() + _OWN * area)
            worth += _TOGETHER * together
            may = apart >= _APART
            if area < _SMALL * weights.sum():
                may |= together >= _FOLLOWS
            may &= ratios[thing] >= _LEAST_LIKELY
            best = np.where(may, np.round(worth, 5), -np.inf).argmax()
            colors[thing] = palette[best] if may.any() else before[0][thing]
            there[thing] = 1
    return colors


def _at(likely: Doubles, palette: Doubles, colors: Doubles) -> Doubles:
    """How likely each thing's color, (n, 2), is to it: (n,)."""
    square = np.square(palette - colors[:, None]).sum(axis=-1)
    found: Doubles = (likely * np.exp(-square / (2 * _ONE**2))).sum(axis=1)
    return np.maximum(found, 1e-9)


def _density(likely: Doubles, palette: Doubles, colors: Doubles) -> Doubles:
    """How likely colors, (m, 2), are to each thing: (n, m)."""
    square = np.square(palette[:, None] - colors).sum(axis=-1)
    density: Doubles = likely @ np.exp(-square / (2 * _ONE**2))
    return density
