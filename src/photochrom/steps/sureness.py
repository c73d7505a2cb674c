"""How sure a picture's colors are, in figures that tell one photograph from another.

A mean over the whole picture hardly does: most of it is gray or nearly so, and of gray networks are
rather sure. So it is told of what is colored alone, of people, sky and ground apart, with the share
of it that is a guess more than not.

Parts are known as far as a picture tells them without a network of its own. People are heads in
which two cascades see a face (`measure.faces`), and what is beneath them. Sky is smooth and blue
from the upper edge down, and the darker the bluer: what the color network itself takes for sky.
Ground is all else.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from photochrom.measure.faces import Box, frontal_faces, reduced
from photochrom.steps.planes import let_go
from photochrom.steps.plate import Plane

Floats = NDArray[np.float32]
Places = NDArray[np.bool_]

COLORED: Final = 6.0
"""Chroma, in a*b*, from which a place counts as colored: what is clearly seen as a tint."""

DOUBT: Final = 0.5
"""Certainty below which a color counts as a guess: 17 units of a*b* from the truth, or more."""

# Of the picture: smaller parts are not told of.
_LEAST: Final = 0.005
# A head with its hair, in sizes of the face that a cascade marks; and the body beneath.
_ABOVE, _CHIN, _BESIDE = 0.55, 1.2, 0.3
_SHOULDERS, _BODY = 0.9, 5.0
# L* from which, and up to which change of it within three cells, a place may be sky; the share of
# the upper edge that a sky has at least.
_DARKEST, _SMOOTH, _EDGE = 30.0, 6.0, 0.2
# The b* that it has on average at most, from an L* on; a darker one by half of that more.
_BLUE, _BRIGHT = -3.0, 50.0


def sureness(certainty: Plane, ab: Floats, lightness: Plane, light: Plane) -> dict[str, Any]:
    """Figures for the record.

    Args:
        certainty: (h, w), 0..1.
        ab: (h, w, 2) a* and b* as they are shown.
        lightness: (h, w) L* of the picture, 0..100.
        light: (H, W) the picture in full, 0..1, in which faces are looked for.

    Returns:
        `colored`: the colored share of the picture, its mean certainty, and the share of it that is
        doubtful; and the same by part in `parts` ("people", "sky", "ground"), of those that are
        there. Empty if next to nothing is colored.
    """
    colored = np.linalg.norm(ab, axis=-1) >= COLORED
    if colored.mean() < _LEAST:
        return {}
    return {
        "colored": _figures(certainty, colored),
        "parts": {
            name: _figures(certainty, colored & places)
            for name, places in _parts(ab, lightness, light)
            if (colored & places).mean() >= _LEAST
        },
    }


def _figures(certainty: Plane, where: Places) -> dict[str, float]:
    sure = certainty[where]
    return {
        "share": round(float(where.mean()), 3),
        "certainty": round(float(sure.mean()), 3),
        "doubtful": round(float((sure < DOUBT).mean()), 3),
    }


def _parts(ab: Floats, lightness: Plane, light: Plane) -> Iterator[tuple[str, Places]]:
    people = _people(light, lightness.shape)
    sky = _sky(ab, lightness) & ~people
    yield from (("people", people), ("sky", sky), ("ground", ~people & ~sky))


def _people(light: Plane, shape: tuple[int, ...]) -> Places:
    """Where heads with faces are, and what is beneath them."""
    small = reduced(light)
    let_go(light)
    people = np.zeros(small.shape, np.uint8)
    for face in frontal_faces(small):
        for left, top, right, bottom in _figure(face):
            cv2.rectangle(people, (left, top), (right, bottom), 255, cv2.FILLED)
    fitted = cv2.resize(people, shape[::-1], interpolation=cv2.INTER_AREA)
    return np.asarray(fitted > 127)


def _figure(face: Box) -> Iterator[Box]:
    """Head and body of somebody: left, top, right and bottom of each."""
    left, top, width, height = face
    chin = top + round(_CHIN * height)
    beside, shoulder = round(_BESIDE * width), round(_SHOULDERS * width)
    yield left - beside, top - round(_ABOVE * height), left + width + beside, chin
    yield left - shoulder, chin, left + width + shoulder, chin + round(_BODY * height)


def _sky(ab: Floats, lightness: Plane) -> Places:
    """What is smooth, bright and blue from the upper edge down."""
    around = np.ones((3, 3), np.uint8)
    change = cv2.dilate(lightness, around) - cv2.erode(lightness, around)
    maybe = (lightness > _DARKEST) & (change < _SMOOTH)
    _, labels = cv2.connectedComponents(maybe.astype(np.uint8), connectivity=4)
    sky = np.zeros(lightness.shape, np.bool_)
    edge = np.bincount(labels[0], minlength=1) / lightness.shape[1]
    for label in np.flatnonzero(edge >= _EDGE):
        place = labels == label
        darker = max(0.0, _BRIGHT - float(lightness[place].mean()))
        if label > 0 and ab[place][:, 1].mean() < _BLUE - darker / 2:
            sky |= place
    return sky
