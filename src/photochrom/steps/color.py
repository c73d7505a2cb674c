"""Color: chroma and its certainty, small, from light, emulsion and documented colors.

The network sees a small version of the picture and says for each place which color is likely, and
how sure it is. Looking at the picture mirrored and at more than one size, and averaging, removes
most of what is chance in the answer; where the answers differ, certainty falls. Chroma stays small;
`compose` joins it to the light. Asked for an eye's tones, the same network says those too (`eye`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from photochrom.colorspace import lightness_from_gray
from photochrom.emulsion import Emulsion, Tones
from photochrom.errors import ModelError
from photochrom.nets import Network, Registry
from photochrom.steps.eye import held
from photochrom.steps.pins import painted
from photochrom.steps.planes import let_go
from photochrom.steps.plate import Chroma, Context, Notes, Pin, Plane, Plate, Step, StepParams

Floats = NDArray[np.float32]

# Chroma of one cell stands for this many pixels of the network's input, in each direction.
_CELL: Final = 4
# Chroma up to the first is kept; beyond, it nears the second.
_KEPT_CHROMA, _LARGEST_CHROMA = np.float32(60), np.float32(100)
# L* between which colors fade in from black, and out towards white.
_BLACKS, _WHITES = (1.0, 12.0), (93.0, 100.0)
# Distance in a*b* from the true color at which certainty is 1/e: what the contract says of it.
_CERTAINTY_UNIT: Final = np.float32(25)
# No side of the network's input is longer than this many short sides' default.
_LONGEST: Final = 1536


class ColorParams(StepParams):
    """Parameters of color.

    Attributes:
        sizes: Short sides, in pixels, at which the network looks; the answers are averaged.
        mirror: Also look at the picture mirrored.
        temperature: How the network settles among likely colors: small takes the likeliest, 1 the
            mean of all.
        saturation: Factor on chroma; 0 leaves the picture black and white.
        caution: How much paler the colors are that the network is not sure of, 0..1.
        tones: Whose light and dark the picture shows: the "plate"'s own, or an "eye"'s by estimate.
        network: Name of the network; by default the embedded one.
    """

    sizes: tuple[int, ...] = Field(default=(256,), min_length=1)
    mirror: bool = True
    temperature: float = Field(default=0.5, gt=0, le=4)
    saturation: float = Field(default=1.0, ge=0, le=3)
    caution: float = Field(default=0.15, ge=0, le=1)
    tones: Tones = "plate"
    network: str | None = None


@dataclass(frozen=True)
class _Answer:
    """What the network said.

    Attributes:
        ab: (h, w, 2) a* and b*.
        certainty: (h, w).
        tone: (h, w) L* to add for an eye's tones; 0 where the network cannot say.
    """

    ab: Floats
    certainty: Plane
    tone: Plane


def network_for(params: ColorParams, registry: Registry) -> Network:
    """Return the network that these parameters ask for.

    Raises:
        ModelError: There is none, or it cannot do what they ask.
    """
    network = registry.network("color", name=params.network)
    if params.tones == "eye" and not network.has("tone"):
        raise ModelError(
            f"the network {network.card.name!r} has no output 'tone', so it cannot say what an eye "
            "saw",
            where=registry.file(network.card),
            fix='ask for the tones of the "plate", or choose a network that has it',
        )
    return network


def apply(plate: Plate, params: ColorParams, context: Context) -> tuple[Plate, Notes]:
    """Find colors and, if asked to, an eye's tones for the picture; its light is not changed."""
    network = network_for(params, context.registry)
    looks = [(size, flip) for size in params.sizes for flip in (False, True)[: 1 + params.mirror]]
    answers = []
    for number, (size, flip) in enumerate(looks, start=1):
        gray = _working(plate.light, size)
        let_go(plate.light)
        answers.append(
            _ask(network, gray, context.emulsion, context.pins, params.temperature, flip)
        )
        context.progress(STEP.name, number / len(looks))
    answer = _averaged(answers)
    small = cv2.resize(plate.light, answer.certainty.shape[::-1], interpolation=cv2.INTER_AREA)
    let_go(plate.light)
    lightness = lightness_from_gray(np.clip(small, 0, 1))
    eye = held(answer.tone, lightness) if params.tones == "eye" else None
    ab = _tamed(answer, lightness if eye is None else lightness + eye, params)
    chroma = np.linalg.norm(ab, axis=-1)
    notes: Notes = {
        "emulsion": context.emulsion.value,
        "pins": len(context.pins),
        "certainty": round(float(answer.certainty.mean()), 3),
        "chroma": round(float(chroma.mean()), 2),
        "tones": {"of": params.tones, **({} if eye is None else _change(eye))},
    }
    colored = Chroma(ab, answer.certainty) if params.saturation > 0 else None
    return replace(plate, chroma=colored, eye=eye), notes


def _working(light: Plane, size: int) -> Plane:
    """The picture with a short side of `size`, sides multiples of a cell."""
    height, width = light.shape
    share = min(size / min(height, width), _LONGEST / max(height, width))
    sides = [max(_CELL, round(side * share / _CELL) * _CELL) for side in (width, height)]
    how = cv2.INTER_AREA if share < 1 else cv2.INTER_CUBIC
    working: Plane = np.clip(cv2.resize(light, sides, interpolation=how), 0, 1)
    return working


def _ask(
    network: Network,
    gray: Plane,
    emulsion: Emulsion,
    pins: tuple[Pin, ...],
    temperature: float,
    flip: bool,
) -> _Answer:
    """Show the network one version of the picture."""
    height, width = gray.shape
    hints = painted(pins, gray, _CELL)
    if flip:
        gray, hints = gray[:, ::-1], hints[:, :, ::-1]
    multiple = network.card.multiple
    padding = ((0, -height % multiple), (0, -width % multiple))
    told = np.zeros((1, len(Emulsion)), dtype=np.float32)
    told[0, list(Emulsion).index(emulsion)] = 1
    said = network.run(
        {
            "gray": np.pad(gray, padding, mode="symmetric")[None, None],
            "hints": np.pad(hints, ((0, 0), *padding), mode="symmetric")[None],
            "emulsion": told,
            "temperature": np.array([temperature], dtype=np.float32),
        }
    )
    ab = said["ab"][0].transpose(1, 2, 0)
    plane = ab.shape[:2]
    certainty = said["certainty"][0, 0] if "certainty" in said else np.ones(plane, np.float32)
    tone = said["tone"][0, 0] if "tone" in said else np.zeros(plane, np.float32)
    values = np.concatenate([ab, certainty[..., None], tone[..., None]], axis=2)
    values = values[: height // _CELL, : width // _CELL]
    values = np.ascontiguousarray(values[:, ::-1] if flip else values)
    return _Answer(values[..., :2], np.clip(values[..., 2], 0, 1), values[..., 3])


def _averaged(answers: list[_Answer]) -> _Answer:
    """One answer from several of different sizes, at the largest of them.

    Colors and tones are averaged. Certainty c stands for a distance d from the true color,
    c = exp(-d / 25); that of the mean follows from the law of total variance: its square is the
    mean of the answers' squared distances plus the answers' own mean squared distance from their
    mean. So the mean of answers that agree is as certain as they are, and of others less.
    """
    height, width = max(answer.certainty.shape for answer in answers)

    def fitted(values: Floats) -> Floats:
        resized: Floats = cv2.resize(values, (width, height))
        return resized

    every = [fitted(answer.ab) for answer in answers]
    ab: Floats = np.stack(every).mean(axis=0)
    tone: Plane = np.stack([fitted(answer.tone) for answer in answers]).mean(axis=0)
    square = np.zeros((height, width), dtype=np.float32)
    for own, answer in zip(every, answers, strict=True):
        certainty = np.maximum(fitted(answer.certainty), np.finfo(np.float32).tiny)
        square += np.square(_CERTAINTY_UNIT * np.log(certainty)) + np.square(own - ab).sum(axis=-1)
    distance = np.sqrt(square / np.float32(len(answers)))
    return _Answer(ab, np.exp(-distance / _CERTAINTY_UNIT), tone)


def _change(eye: Plane) -> dict[str, Any]:
    """By how much an eye's tones differ from the plate's."""
    amount = np.abs(eye)
    mean, largest = round(float(amount.mean()), 2), round(float(amount.max()), 2)
    return {"unit": "L*", "mean": mean, "max": largest}


def _tamed(answer: _Answer, lightness: Plane, params: ColorParams) -> Floats:
    """Chroma as it may be shown: paler where unsure, none in black and white, never glaring."""
    factor = params.saturation * (1 - params.caution * (1 - answer.certainty))
    factor = factor * _smooth_step(lightness, *_BLACKS) * (1 - _smooth_step(lightness, *_WHITES))
    ab = answer.ab * factor[..., None].astype(np.float32)
    chroma = np.linalg.norm(ab, axis=-1, keepdims=True)
    room = _LARGEST_CHROMA - _KEPT_CHROMA
    limited = _KEPT_CHROMA + room * np.tanh((chroma - _KEPT_CHROMA) / room)
    scale = np.where(chroma > _KEPT_CHROMA, limited / np.maximum(chroma, _KEPT_CHROMA), 1)
    tamed: Floats = (ab * scale).astype(np.float32)
    return tamed


def _smooth_step(value: Plane, low: float, high: float) -> Plane:
    position = np.clip((value - np.float32(low)) / np.float32(high - low), 0, 1)
    step: Plane = position * position * (3 - 2 * position)
    return step


STEP: Final = Step("color", 2, ColorParams, apply, networks=(("network", "color"),))
