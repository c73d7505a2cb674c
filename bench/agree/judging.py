"""One group of photographs, colored by themselves and together: a piece of this bench."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from bench.agree.grouping import Member, grouped
from bench.things import small
from photochrom.colors.difference import ciede2000
from photochrom.colorspace import lab_from_srgb
from photochrom.glancing import glance, reference
from photochrom.photograph import Photograph
from photochrom.recipe import Recipe
from photochrom.restoration import restore
from photochrom.steps.answer import Lender
from photochrom.steps.compose import compose

Floats = NDArray[np.float32]
Mask = NDArray[np.bool_]

RECIPE: Final = Recipe(name="color", steps=("tone", "color"))
# A photograph is made worse where it is farther from the truth by more than this.
_WORSE: Final = 5.0


def judged(inputs: Mapping[str, Path], *, seed: int) -> dict[str, Any]:
    """Color a group without and with one another, and with references.

    Args:
        inputs: The "photograph" of which the group is made, and "another" of something else.
        seed: Of the group.
    """
    rgb, other = (
        small(Photograph.open(inputs[role]).pixels, longest=640)
        for role in ("photograph", "another")
    )
    members = grouped(rgb, seed)
    truth = lab_from_srgb(cv2.blur(rgb, (3, 3)).astype(np.float32) / np.float32(255))
    alone = [colored(one) for one in members]
    # With another photograph that happens to be of the same scene, and shows something else.
    stranger = grouped(other, seed + 1)[0]
    glances = [glance(one.scan, RECIPE, emulsion=one.emulsion) for one in (*members, stranger)]
    lenders = [Lender(str(number), one) for number, one in enumerate(glances)]
    together = [
        colored(one, [lender for lender in lenders if lender.name != str(number)])
        for number, one in enumerate(members)
    ]
    right, wrong = (
        reference(Photograph.from_array(one), "reference", source="the truth")
        for one in (rgb, other)
    )
    return {
        "agreement": {
            "alone": {**_judged(alone, members, truth), **_spread(alone, members, truth)},
            "together": {**_judged(together, members, truth), **_spread(together, members, truth)},
        },
        "reference": [
            _referred(one, by, truth, right, wrong)
            for one, by in zip(members[1:], alone[1:], strict=True)
        ],
    }


def colored(member: Member, lenders: Sequence[Lender] = ()) -> Floats:
    """a* and b* of what is shown: (h, w, 2)."""
    restored = restore(member.scan, RECIPE, emulsion=member.emulsion, lenders=lenders)
    rows = np.concatenate(list(compose(restored.plate)))
    return np.ascontiguousarray(lab_from_srgb(rows.astype(np.float32) / np.float32(65535))[..., 1:])


def _on_whole(ab: Floats, member: Member, shape: tuple[int, ...]) -> tuple[Floats, Mask]:
    """Colors where the whole has what a photograph shows, and where that is."""
    size = (shape[1], shape[0])
    how = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    back = cv2.warpPerspective(ab, member.from_whole, size, flags=how)
    inside = cv2.warpPerspective(
        np.ones(ab.shape[:2], np.uint8),
        member.from_whole,
        size,
        flags=cv2.INTER_NEAREST | cv2.WARP_INVERSE_MAP,
    )
    return back, cv2.erode(inside, np.ones((5, 5), np.uint8)) > 0


def _away(ab: Floats, truth: Floats) -> NDArray[np.float64]:
    """CIEDE2000 to the truth, at its lightness."""
    return ciede2000(np.concatenate([truth[..., :1], ab], axis=-1), truth)


def _judged(shown: Sequence[Floats], members: Sequence[Member], truth: Floats) -> dict[str, float]:
    errors = []
    for ab, member in zip(shown, members, strict=True):
        back, inside = _on_whole(ab, member, truth.shape)
        errors.append(float(_away(back, truth)[inside].mean()))
    return {"error": float(np.mean(errors))}


def _spread(shown: Sequence[Floats], members: Sequence[Member], truth: Floats) -> dict[str, float]:
    """How far two photographs are apart in the color of what both show, at the true lightness."""
    back = [_on_whole(ab, one, truth.shape) for ab, one in zip(shown, members, strict=True)]
    apart = []
    for (one, here), (other, there) in combinations(back, 2):
        both = here & there
        if both.any():
            first, second = (np.concatenate([truth[..., :1], ab], axis=-1) for ab in (one, other))
            apart.append(float(ciede2000(first[both], second[both]).mean()))
    return {"spread": float(np.mean(apart))}


def _referred(
    member: Member, alone: Floats, truth: Floats, right: Lender, wrong: Lender
) -> dict[str, float]:
    """With the whole in its true colors as a reference, and with one of something else."""
    found: dict[str, float] = {}
    errors = {}
    for name, ab in (
        ("alone", alone),
        ("right", colored(member, [right])),
        ("wrong", colored(member, [wrong])),
    ):
        back, inside = _on_whole(ab, member, truth.shape)
        errors[name] = _away(back, truth)[inside]
        found[name] = float(errors[name].mean())
    for name in ("right", "wrong"):
        found[f"worse_{name}"] = float((errors[name] - errors["alone"] > _WORSE).mean())
    return found
