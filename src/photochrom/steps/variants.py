"""Variants: where the network is unsure, several coherent pictures rather than one.

Variant "a" is what is always shown. The others differ from it in things (`things`) whose colors the
network may be wrong about by as much as two variants are apart, and nowhere else: each of these
takes another color that the network thought likely (`choosing`), and its cells go uphill from there
a little, each by what is likely to it alone. Heads stay as they are. What would look like another
variant is left out, so there may be fewer than four, or one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from photochrom.colors.difference import ciede2000
from photochrom.errors import RecipeError
from photochrom.measure.faces import frontal_faces, reduced
from photochrom.steps.answer import Likely
from photochrom.steps.choosing import Choice, choices
from photochrom.steps.planes import let_go
from photochrom.steps.plate import Plane
from photochrom.steps.settling import Guide, settled
from photochrom.steps.things import Things, things, unlike
from photochrom.variant import LETTERS, Letter

Floats = NDArray[np.float32]
Places = NDArray[np.bool_]

DOUBTFUL: Final = 0.55
"""Certainty of a thing below which it has variants: 15 units of a*b* from the truth, or more."""

# A thing that is not much surer has them with such a one, if it is alike (`things.unlike`) and more
# of its border is with such than with sure ones that are alike: both halves of a coat are of one
# color.
_HARDLY_SURER, _ALIKE = 0.58, 0.2
# Cells that are surer than this stay, whatever they are part of: 13 units.
_SURE: Final = 0.6
# Of the picture: smaller things stay as they are.
_LEAST = 0.005
# A head with its hair, in sizes of the face that a cascade marks: where its middle is, from the
# top, and half its axes. Regions that lie in one by this share stay as they are, and whatever is in
# the middle of it, of this size.
_MIDDLE, _HALF_WIDE, _HALF_HIGH = 0.38, 0.62, 0.85
_IN_HEAD, _FACE = 0.4, 0.6
# Cells go so many steps uphill, within so many units of a*b*: more would take a thing apart again.
_STEPS, _BANDWIDTH = 1, 12.0
# Two pictures look alike unless so much of them differs by more than this (CIEDE2000), in what is
# neither black nor white: there colors are hardly shown.
_SEEN, _SHARE = 6.0, 0.02
_BLACK, _WHITE = 12.0, 95.0
# How far changes follow the light, in cells.
_REACH: Final = 2


@dataclass(frozen=True)
class Variant:
    """One of the pictures.

    Attributes:
        letter: Its name.
        ab: (h, w, 2) float32, a* and b* before they are made vivid.
        likely: How likely its colors are against those of "a", where they differ.
        doubtful: The share of the picture that is of another color in some of them.
    """

    letter: Letter
    ab: Floats
    likely: float = 1.0
    doubtful: float = 0.0


def variants(
    likely: Likely, ab: Floats, certainty: Plane, lightness: Plane, light: Plane
) -> list[Variant]:
    """Find them.

    Args:
        likely: What the network thinks, shared among cells (`settling.shared`).
        ab: (h, w, 2) a* and b* of "a".
        certainty: (h, w) its certainty.
        lightness: (h, w) L*.
        light: (H, W) the picture in full, 0..1, in which faces are looked for.

    Returns:
        "a" and as many more as look different, at most `LETTERS`, the likeliest first.
    """
    found = things(likely.shares, lightness / np.float32(100))
    heads, faces = _heads(light, lightness.shape)
    heads = found.mostly(heads, _IN_HEAD) | faces
    may = (found.areas >= _LEAST) & (found.mean(heads) < _IN_HEAD)
    chosen = np.flatnonzero(_unsure(found, found.mean(certainty), may))
    chosen = chosen[np.argsort(-found.areas[chosen], kind="stable")]
    if not len(chosen):
        return [Variant(LETTERS[0], ab)]
    first = np.stack([np.median(ab[found.labels == one], axis=0) for one in chosen])
    opinions = found.likely[chosen]
    palette = likely.palette.astype(np.float64)
    others = choices(
        opinions,
        found.areas[chosen],
        unlike(opinions),
        first.astype(np.float64),
        palette,
        len(LETTERS) - 1,
    )
    number = np.full(len(found.areas), -1)
    number[chosen] = np.arange(len(chosen))
    of_cell = np.where(heads | (certainty > _SURE), -1, number[found.labels])
    made, changed = [Variant(LETTERS[0], ab)], np.zeros(len(chosen), np.bool_)
    for choice in others:
        new = _taken(choice, likely, ab, of_cell, lightness / np.float32(100))
        variant = Variant(LETTERS[len(made)], new, choice.likely)
        if not _looks_like_one(variant, made, lightness):
            made.append(variant)
            changed |= choice.changed
    doubtful = float(found.areas[chosen][changed].sum())
    return [replace(one, doubtful=doubtful) for one in made]


def differing(found: Sequence[Variant], lightness: Plane, free: Plane | None) -> list[Variant]:
    """Those of some variants that look different where documented colors leave them free.

    Args:
        found: Of `variants`.
        lightness: (h, w) L*.
        free: (h, w) 0..1, what documented colors leave; None: all.
    """
    if free is None:
        return list(found)
    kept: list[Variant] = []
    for variant in found:
        if not _looks_like_one(variant, kept, lightness, free):
            kept.append(variant)
    return kept


def chosen(found: Sequence[Variant], letter: Letter) -> Variant:
    """The variant of a letter.

    Raises:
        RecipeError: There is none.
    """
    for variant in found:
        if variant.letter == letter:
            return variant
    raise none_such(letter, found)


def none_such(letter: Letter, found: Sequence[Variant] = (), why: str = "") -> RecipeError:
    """The error of somebody who asks for a variant that there is not.

    Args:
        letter: What is asked for.
        found: What there is.
        why: Why there is no other than "a"; empty where the network is just not unsure of more.
    """
    there = " and ".join(one.letter for one in found) or LETTERS[0]
    because = why or "the network is not unsure of more, or it would look like another"
    return RecipeError(
        f"has no variant {letter!r}, only {there}: {because}",
        fix="photochrom restore --variants 4 shows all that there are",
    )


def told_of(found: Sequence[Variant], letter: Letter, asked: int) -> dict[str, Any]:
    """What a record says of the variant that is shown.

    Args:
        found: All.
        letter: Which.
        asked: How many are wanted.

    Returns:
        Its `letter`, the letters that there are (`of`), how `likely` it is against "a" where they
        differ, the share of the picture that is `doubtful`, and, if several are wanted, how many
        (`asked`).

    Raises:
        RecipeError: There is none.
    """
    variant = chosen(found, letter)
    return {
        "letter": letter,
        "of": "".join(one.letter for one in found),
        "likely": round(variant.likely, 3),
        "doubtful": round(variant.doubtful, 3),
        **({"asked": asked} if asked > 1 else {}),
    }


def _unsure(found: Things, certainty: NDArray[np.float64], may: Places) -> Places:
    """Which things have variants."""
    alike = found.borders * (unlike(found.likely) <= _ALIKE)
    unsure = may & (certainty < DOUBTFUL)
    hardly = may & (certainty < _HARDLY_SURER)
    for _ in range(len(certainty)):
        with_such = alike @ unsure
        more = unsure | (hardly & (with_such > alike @ ~unsure))
        if (more == unsure).all():
            break
        unsure = more
    return unsure


def _taken(
    choice: Choice, likely: Likely, ab: Floats, of_cell: NDArray[np.int64], light: Plane
) -> Floats:
    """The picture in which things have taken a choice."""
    there = of_cell >= 0
    aims = choice.colors.astype(np.float32)[np.maximum(of_cell, 0)]
    reached = settled(likely.shares, likely.palette, aims, bandwidth=_BANDWIDTH, steps=_STEPS)
    change = np.where(there[..., None], reached - ab, np.float32(0))
    near = cv2.dilate(there.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    guide = Guide(light, _REACH)
    follows = np.dstack(
        [guide.along(np.ascontiguousarray(one)) for one in np.moveaxis(change, -1, 0)]
    )
    taken: Floats = np.where(near[..., None], ab + follows, ab)
    return taken


def _looks_like_one(
    variant: Variant, others: Sequence[Variant], lightness: Plane, free: Plane | None = None
) -> bool:
    """Whether a variant can hardly be told from one of several."""
    shown = (lightness > _BLACK) & (lightness < _WHITE)
    weight = shown if free is None else shown * free
    own = np.dstack([lightness, variant.ab])
    return any(
        ((ciede2000(np.dstack([lightness, one.ab]), own) > _SEEN) * weight).mean() < _SHARE
        for one in others
    )


def _heads(light: Plane, shape: tuple[int, ...]) -> tuple[Places, Places]:
    """Where heads are, with their hair, and the middle of their faces."""
    small = reduced(light)
    let_go(light)
    planes = np.zeros((2, *small.shape), np.uint8)
    for left, top, width, height in frontal_faces(small):
        center = round(left + width / 2), round(top + _MIDDLE * height)
        for plane, size in zip(planes, (1.0, _FACE), strict=True):
            axes = round(size * _HALF_WIDE * width), round(size * _HALF_HIGH * height)
            cv2.ellipse(plane, center, axes, 0, 0, 360, 255, cv2.FILLED)
    heads, faces = (
        cv2.resize(plane, shape[::-1], interpolation=cv2.INTER_AREA) > 127 for plane in planes
    )
    return np.asarray(heads), np.asarray(faces)
