"""Colors from other pictures: what is seen there, too, comes out in one palette.

Two kinds of pictures lend. Of one whose colors are guesses as well, the network's idea of each
place comes in beside its idea of the same thing here, the surer the weightier: all pictures of a
group move to the mean of the group, and what is sure in one decides for those in which it is not.
A reference, which is in color, lends its colors themselves. Where nothing of the other picture is
found nothing is lent.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from photochrom.steps.answer import Answer, Features, Lender, Likely, Said
from photochrom.steps.matching import Pairing, fitted, paired, taken
from photochrom.steps.plate import Paint, Plane

Floats = NDArray[np.float32]

# How much more the surest counts: certainties to this power.
_SUREST: Final = 4
_NOTHING: Final = np.float32(1e-9)
# A color as likelihoods of a palette: a Gaussian of this many units of a*b*.
_NEAR: Final = np.float32(6)
# What is told counts as sure as this.
_TOLD: Final = np.float32(0.95)
# A lender that is found in less of the picture lends next to nothing.
FAINT: Final = 0.005


@dataclass(frozen=True)
class Lent:
    """What other pictures lend to one.

    Attributes:
        answer: What the network thinks of the picture, in the light of the others.
        others: What it said of the same things elsewhere, and how much that counts beside what it
            said here, which counts 1; for the certainty of whatever is shown.
        agreed: (h, w), 0..1: how much of its idea comes from the others.
        referred: Colors of references; None if there are none.
        shares: (r, h, w), 0..1: how much of what is shown is each reference's.
        told: Of each lender its name, and the share of the picture that is seen in it, too.
    """

    answer: Answer
    others: tuple[Said, ...]
    agreed: Plane
    referred: Paint | None
    shares: Floats
    told: tuple[dict[str, Any], ...]


def lent(answer: Answer, features: Features, lenders: Sequence[Lender]) -> Lent:
    """What pictures lend to another one.

    Args:
        answer: What the network says of that.
        features: What is seen in it.
        lenders: The pictures.
    """
    shape = answer.certainty.shape
    pairings = [_pairing(features, one, shape) for one in lenders]
    guessing = [
        (one, pairing)
        for one, pairing in zip(lenders, pairings, strict=True)
        if one.sure is None and pairing is not None
    ]
    known = [
        (one, pairing)
        for one, pairing in zip(lenders, pairings, strict=True)
        if one.sure is not None
    ]
    agreed, others, share = _agreed(answer, guessing)
    referred, shares = _referred(known, shape)
    told = tuple(
        {"name": one.name, "share": 0.0 if of is None else round(float(of.weight.mean()), 4)}
        for one, of in zip(lenders, pairings, strict=True)
    )
    return Lent(agreed, others, share, referred, shares, told)


def told(answer: Answer, paint: Paint) -> Answer:
    """A network's answer with what somebody has told put over it.

    Args:
        answer: In cells.
        paint: Of the same size.
    """
    share = paint.share[..., None]
    likely = answer.likely
    if likely is not None:
        color = np.asarray(paint.ab / np.maximum(share, _NOTHING), np.float32)
        near = _likely_of(color, likely.palette)
        mixed = likely.shares * (1 - paint.share) + near * paint.share
        likely = Likely(mixed.astype(np.float32), likely.palette)
    return replace(
        answer,
        ab=(answer.ab * (1 - share) + paint.ab).astype(np.float32),
        certainty=np.maximum(answer.certainty, paint.share * _TOLD),
        likely=likely,
    )


def over(ab: Floats, certainty: Plane, paint: Paint, factor: float) -> tuple[Floats, Plane]:
    """Colors and certainty with those of references put over them; paler by a factor below 1."""
    share = paint.share[..., None]
    covered: Floats = ab * (1 - share) + paint.ab * np.float32(factor)
    return covered, np.maximum(certainty, paint.share * _TOLD)


def _pairing(features: Features, lender: Lender, shape: tuple[int, ...]) -> Pairing | None:
    """Where the picture lies in another, looked at in the size in which most of it is found; None
    if nothing is, or nothing of the other in it: what is of two things is found one way only."""
    if lender.glance.answer is None:
        return None
    pairings = [(paired(features, one), one) for one in lender.glance.features]
    best, size = max(pairings, key=lambda one: float(one[0].weight.mean()))
    if min(best.weight.mean(), paired(size, features).weight.mean()) < FAINT:
        return None
    return fitted(best, features.span, shape)


def _agreed(
    answer: Answer, lenders: Sequence[tuple[Lender, Pairing]]
) -> tuple[Answer, tuple[Said, ...], Plane]:
    """The answer, with the others' beside it, each as it is sure."""
    if not lenders:
        return answer, (), np.zeros_like(answer.certainty)
    own = answer.certainty**_SUREST
    total, ab = own.copy(), answer.ab * own[..., None]
    likely = None if answer.likely is None else answer.likely.shares * own
    others = []
    for lender, pairing in lenders:
        theirs = lender.glance.answer
        assert theirs is not None  # Or there was no pairing.
        x, y = _places(pairing, theirs.certainty.shape)
        color, certainty = taken(theirs.ab, x, y), taken(theirs.certainty, x, y)
        weight = np.asarray(pairing.weight * certainty**_SUREST, np.float32)
        total += weight
        ab += color * weight[..., None]
        if likely is not None and answer.likely is not None:
            likely += _likely_at(theirs, answer.likely.palette, color, x, y) * weight
        # Beside the picture's own answer, whose weight is one.
        beside = np.asarray(weight / np.maximum(own, _NOTHING), np.float32)
        others.append(Said(color, certainty, beside))
    total = np.maximum(total, _NOTHING)
    mixed = replace(
        answer,
        ab=(ab / total[..., None]).astype(np.float32),
        likely=None
        if likely is None or answer.likely is None
        else Likely((likely / total).astype(np.float32), answer.likely.palette),
    )
    share = np.clip(1 - own / total, 0, 1).astype(np.float32)
    return mixed, tuple(others), share


def _likely_at(theirs: Answer, palette: Floats, color: Floats, x: Plane, y: Plane) -> Floats:
    """How likely the colors of a palette are at places of another picture: (Q, h, w)."""
    likely = theirs.likely
    if likely is None or not np.array_equal(likely.palette, palette):
        return _likely_of(color, palette)
    return taken(likely.shares.transpose(1, 2, 0), x, y).transpose(2, 0, 1)


def _likely_of(color: Floats, palette: Floats) -> Floats:
    """A color at each place, (h, w, 2), as how likely those of a palette are: (Q, h, w)."""
    apart = np.square(palette[:, None, None, :] - color).sum(axis=-1)
    # Less the nearest, so that none is too far from all.
    apart -= apart.min(axis=0)
    near = np.exp(-apart / (2 * _NEAR**2))
    shares: Floats = (near / near.sum(axis=0)).astype(np.float32)
    return shares


def _referred(
    lenders: Sequence[tuple[Lender, Pairing | None]], shape: tuple[int, ...]
) -> tuple[Paint | None, Floats]:
    """The colors of references, and the share of each."""
    shares = np.zeros((len(lenders), *shape), np.float32)
    ab = np.zeros((len(lenders), *shape, 2), np.float32)
    for number, (lender, pairing) in enumerate(lenders):
        if pairing is None or lender.glance.answer is None:
            continue
        theirs = lender.glance.answer
        x, y = _places(pairing, theirs.certainty.shape)
        shares[number], ab[number] = pairing.weight, taken(theirs.ab, x, y)
    if not shares.any():
        return None, shares
    # Several at one place share it: none is shown twice.
    shares *= shares.max(axis=0) / np.maximum(shares.sum(axis=0), _NOTHING)
    paint = Paint((ab * shares[..., None]).sum(axis=0), shares.sum(axis=0))
    return paint, shares


def _places(pairing: Pairing, shape: tuple[int, ...]) -> tuple[Plane, Plane]:
    """Columns and rows in a map of the other picture, of some height and width."""
    height, width = shape
    x = pairing.at[..., 0] * np.float32(width) - np.float32(0.5)
    y = pairing.at[..., 1] * np.float32(height) - np.float32(0.5)
    return x, y
