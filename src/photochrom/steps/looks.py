"""Looks: a color network is shown one picture several times, and one answer is made of all.

Looking at the picture mirrored and at more than one size, and averaging, removes most of what is
chance in the answer; where the answers differ, certainty falls.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from photochrom.emulsion import Emulsion
from photochrom.nets import Network
from photochrom.steps.answer import Answer, Likely, Said
from photochrom.steps.plate import Plane

Floats = NDArray[np.float32]

# Chroma of one cell stands for this many pixels of the network's input, in each direction.
_CELL: Final = 4
# Distance in a*b* from the true color at which certainty is 1/e: what the contract says of it.
_CERTAINTY_UNIT: Final = np.float32(25)
# No side of the network's input is longer than this.
_LONGEST: Final = 1536


def working(light: Plane, size: int) -> Plane:
    """The picture with a short side of `size`, sides multiples of a cell."""
    height, width = light.shape
    share = min(size / min(height, width), _LONGEST / max(height, width))
    sides = [max(_CELL, round(side * share / _CELL) * _CELL) for side in (width, height)]
    how = cv2.INTER_AREA if share < 1 else cv2.INTER_CUBIC
    picture: Plane = np.clip(cv2.resize(light, sides, interpolation=how), 0, 1)
    return picture


def shown_to(
    network: Network, gray: Plane, emulsion: Emulsion, temperature: float
) -> dict[str, Floats]:
    """What a color network is given of a picture (h, w), mirrored at its edges to a multiple."""
    multiple = network.card.multiple
    height, width = gray.shape
    padding = ((0, -height % multiple), (0, -width % multiple))
    padded = np.pad(gray, padding, mode="symmetric")[None, None]
    told = np.zeros((1, len(Emulsion)), dtype=np.float32)
    told[0, list(Emulsion).index(emulsion)] = 1
    return {
        "gray": padded,
        # Colors that are known are put over its answer (`spreading`): they mean what they say.
        "hints": np.zeros((1, 3, *padded.shape[2:]), dtype=np.float32),
        "emulsion": told,
        "temperature": np.array([temperature], dtype=np.float32),
    }


def look(
    network: Network,
    gray: Plane,
    emulsion: Emulsion,
    temperature: float,
    *,
    mirrored: bool,
) -> Answer:
    """Show the network one version of the picture."""
    height, width = gray.shape
    if mirrored:
        gray = gray[:, ::-1]
    said = network.run(shown_to(network, gray, emulsion, temperature))

    def cells(planes: Floats) -> Floats:
        kept = planes[:, : height // _CELL, : width // _CELL]
        return np.ascontiguousarray(kept[:, :, ::-1] if mirrored else kept)

    plane = height // _CELL, width // _CELL
    certainty = cells(said["certainty"][0])[0] if "certainty" in said else np.ones(plane)
    tone = cells(said["tone"][0])[0] if "tone" in said else np.zeros(plane)
    likely = None
    if "likely" in said and "palette" in said:
        likely = Likely(cells(said["likely"][0]), said["palette"])
    return Answer(
        np.ascontiguousarray(cells(said["ab"][0]).transpose(1, 2, 0)),
        np.clip(certainty, 0, 1).astype(np.float32),
        tone.astype(np.float32),
        likely,
    )


def averaged(answers: Sequence[Answer]) -> Answer:
    """One answer from several of different sizes, at the largest of them; all of it averaged."""
    height, width = max(answer.certainty.shape for answer in answers)

    def mean(parts: Sequence[Floats]) -> Floats:
        total = _fitted(parts[0], height, width).copy()
        for part in parts[1:]:
            total += _fitted(part, height, width)
        total /= np.float32(len(parts))
        return total

    ab = mean([answer.ab for answer in answers])
    told = [answer.likely for answer in answers if answer.likely is not None]
    likely = None
    if len(told) == len(answers):
        planes = zip(*(one.shares for one in told), strict=True)
        likely = Likely(np.stack([mean(plane) for plane in planes]), told[0].palette)
    return Answer(
        ab,
        certainty_of(ab, answers),
        mean([answer.tone for answer in answers]),
        likely,
    )


def certainty_of(ab: Floats, answers: Sequence[Answer], others: Sequence[Said] = ()) -> Plane:
    """How certain a color is in the light of several answers.

    Certainty c stands for a distance d from the true color, c = exp(-d / 25); that of a color
    follows from the law of total variance: its square is the mean of the answers' squared distances
    plus the answers' own mean squared distance from the color. So the mean of answers that agree is
    as certain as they are, and of others, or a color that none of them gave, less.

    Args:
        ab: (h, w, 2) a* and b*, at the size of the largest answer.
        answers: Of any sizes.
        others: What was said of the same elsewhere, of the size of `ab`; all answers together
            count one beside it.

    Returns:
        (h, w), 0..1.
    """
    height, width = ab.shape[:2]
    square = np.zeros((height, width), dtype=np.float32)
    for answer in answers:
        own, sure = (_fitted(part, height, width) for part in (answer.ab, answer.certainty))
        square += _square(own - ab, sure)
    square /= np.float32(len(answers))
    if others:
        for one in others:
            square += one.weight * _square(one.ab - ab, one.certainty)
        square /= 1 + np.sum([one.weight for one in others], axis=0, dtype=np.float32)
    distance = np.sqrt(square)
    certainty: Plane = np.exp(-distance / _CERTAINTY_UNIT)
    return certainty


def _square(apart: Floats, sure: Plane) -> Plane:
    """The squared distance from the truth of a color that lies apart from what was said."""
    sure = np.maximum(sure, np.finfo(np.float32).tiny)
    square: Plane = np.square(_CERTAINTY_UNIT * np.log(sure)) + np.square(apart).sum(axis=-1)
    return square


def _fitted(values: Floats, height: int, width: int) -> Floats:
    if values.shape[:2] == (height, width):
        return values
    resized: Floats = cv2.resize(values, (width, height))
    return resized
