"""How far off the color of skin is, by how light it looks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from skimage.color import deltaE_ciede2000

from bench.color.skin import GROUPS, Face

Floats = NDArray[np.float32]

# Below the first chroma skin has no hue; below the second it looks gray.
_NEUTRAL, _PALE = 1.0, 5.0

Row = tuple[str, float, float, float, float, float]


def skin_of(faces: Sequence[Face], truth: Floats, ab: Floats) -> list[Row]:
    """Judge the skin of one photograph, face by face, with the true lightness put back.

    Args:
        faces: Of the photograph.
        truth: (H, W, 3) CIELAB.
        ab: (H, W, 2) what a way says.
    """
    rows = []
    for face in faces:
        there, said = truth[face.skin], ab[face.skin]
        seen = np.concatenate([there[:, :1], said], axis=1)
        difference = float(deltaE_ciede2000(there, seen).mean())
        chroma = float(np.linalg.norm(said, axis=1).mean())
        excess = chroma - float(np.linalg.norm(there[:, 1:], axis=1).mean())
        hues = [np.arctan2(b, a) for a, b in (said.mean(axis=0), there[:, 1:].mean(axis=0))]
        turn = np.degrees((hues[0] - hues[1] + np.pi) % (2 * np.pi) - np.pi)
        pale = float((np.linalg.norm(said, axis=1) < _PALE).mean())
        rows.append((face.group, difference, excess, float(turn), chroma, pale))
    return rows


def figures(faces: Sequence[Row]) -> dict[str, Any]:
    """By group and for all: faces, mean CIEDE2000, mean excess of chroma, median turn of hue.

    And the share of pixels that look gray, with a chroma below 5. The turn is None where skin
    was left gray. The gap is by how much the worst group's CIEDE2000 exceeds the best's, in
    percent; groups of fewer than five faces are left out.

    Args:
        faces: What `skin_of` says of each; each counts the same.
    """
    found: dict[str, Any] = {}
    for group in ("all", *GROUPS):
        rows = np.array([row[1:] for row in faces if group in ("all", row[0])])
        if not len(rows):
            found[group] = {"faces": 0}
            continue
        colored = bool((rows[:, 3] > _NEUTRAL).all())
        found[group] = {
            "faces": len(rows),
            "delta_e": round(float(rows[:, 0].mean()), 2),
            "chroma": round(float(rows[:, 1].mean()), 2),
            "hue": round(float(np.median(rows[:, 2])), 1) if colored else None,
            "pale": round(float(rows[:, 4].mean()), 4),
        }
    compared = [found[g]["delta_e"] for g in GROUPS if found[g]["faces"] >= 5]
    found["gap"] = (
        round(100 * (max(compared) / min(compared) - 1), 1) if len(compared) > 1 else None
    )
    return found
