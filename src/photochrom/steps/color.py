"""Color: chroma and its certainty, small, from light, emulsion and documented colors.

The network looks at small versions of the picture (`looks`) and says for each place which colors
are likely, and how sure it is. Other pictures of the same things have a say in it (`lending`).
Where it tells how likely each color is, regions settle on one of them together (`settling`); of
other networks the mean is taken. Chroma stays small; `compose` joins it to the light. Asked for an
eye's tones, the same network says those too (`eye`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Final, Literal

import cv2
import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from photochrom.colorspace import lightness_from_gray
from photochrom.emulsion import Emulsion, Tones
from photochrom.errors import ModelError
from photochrom.nets import Network, Registry
from photochrom.steps.answer import Answer, Likely, Said
from photochrom.steps.eye import held
from photochrom.steps.glance import features_of
from photochrom.steps.lending import Lent, lent, over
from photochrom.steps.looks import averaged, certainty_of, look, working
from photochrom.steps.maps import of_certainty
from photochrom.steps.painting import painted
from photochrom.steps.planes import let_go
from photochrom.steps.plate import (
    Chroma,
    Context,
    Notes,
    Other,
    Plane,
    Plate,
    Step,
    StepParams,
    silent,
)
from photochrom.steps.settling import annealed_mean, settled, shared
from photochrom.steps.sureness import sureness
from photochrom.steps.variants import (
    Variant,
    chosen,
    differing,
    none_such,
    told_of,
    variants,
)
from photochrom.steps.vividness import MOST_VIBRANCE, Vividness
from photochrom.variant import LETTERS, Letter

Floats = NDArray[np.float32]
Decode = Literal["settled", "mean"]


class ColorParams(StepParams):
    """Parameters of color.

    Attributes:
        sizes: Short sides, in pixels, at which the network looks; the answers are averaged.
        mirror: Look at each size both straight and mirrored, at twice the cost. Otherwise at one
            size after the other in turn, at the last of them straight.
        decode: Which of the likely colors are shown: what regions have "settled" on together, or
            the "mean". Networks that do not tell how likely each color is always give a mean.
        bandwidth: Within how many units of a*b* likely colors count as one when regions settle:
            small decides for one of them, large takes the mean of all.
        temperature: How sharp the mean is: small takes the likeliest, 1 the mean of all. Regions
            settle from it.
        saturation: Factor on chroma; 0 leaves the picture black and white. Documented colors are
            made paler by less than 1, and not stronger by more.
        vibrance: By how much weak colors, of about half the knee, are raised beyond that: 1 doubles
            them. What is all but gray stays so.
        knee: Chroma at which two thirds of that rise are left; beyond, it soon vanishes.
        skin: How much less of it colors of the hue of skin get, 0..1; 1 is none.
        caution: How much paler the colors are that the network is not sure of, 0..1.
        tones: Whose light and dark the picture shows: the "plate"'s own, or an "eye"'s by estimate.
        recolor: Whether a photograph that is in color is taken for one in black and white, and
            colored anew; otherwise it keeps its own colors, and nothing here applies to it.
        variant: Which of several pictures, where the network is unsure (`variants`): "a", the one
            that it always was, or as far as there are any "b", "c" or "d".
        network: Name of the network; by default the embedded one.
    """

    sizes: tuple[int, ...] = Field(default=(256, 384), min_length=1)
    mirror: bool = False
    decode: Decode = "settled"
    bandwidth: float = Field(default=18, ge=5, le=100)
    temperature: float = Field(default=0.5, gt=0, le=4)
    saturation: float = Field(default=1.0, ge=0, le=3)
    vibrance: float = Field(default=0.0, ge=0, le=MOST_VIBRANCE)
    knee: float = Field(default=24, ge=1, le=100)
    skin: float = Field(default=0.8, ge=0, le=1)
    caution: float = Field(default=0.15, ge=0, le=1)
    tones: Tones = "plate"
    recolor: bool = False
    # Only where it is another, so that the keys and records of all others stay as they are.
    variant: Letter = Field(default=LETTERS[0], exclude_if=lambda one: one == LETTERS[0])
    network: str | None = None


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
    if plate.chroma is not None:
        if params.variant != LETTERS[0]:
            raise none_such(params.variant, why="it keeps its own colors")
        return plate, {"idle": "the photograph has colors of its own"}
    answers = looked(plate.light, params, context.registry, context.emulsion, context.progress)
    return decoded(answers, plate, params, context)


def decoded(
    answers: Sequence[Answer], plate: Plate, params: ColorParams, context: Context
) -> tuple[Plate, Notes]:
    """Give the picture the colors that come of the network's answers.

    Args:
        answers: Of `looked`.
        plate: The picture.
        params: What is made of the answers; how they were got is not asked again.
        context: Of the step.
    """
    answer, shared_with = averaged(answers), _lent(answers, plate, context)
    if shared_with is not None:
        answer = shared_with.answer
    others = () if shared_with is None else shared_with.others
    small = cv2.resize(plate.light, answer.certainty.shape[::-1], interpolation=cv2.INTER_AREA)
    let_go(plate.light)
    lightness = lightness_from_gray(np.clip(small, 0, 1))
    settles = params.decode == "settled" and answer.likely is not None
    varies = params.variant != LETTERS[0] or context.variants > 1
    agreed = _agreed(answer, lightness) if settles or varies else None
    if settles and agreed is not None:
        start = annealed_mean(agreed.shares, agreed.palette, params.temperature)
        shown = settled(agreed.shares, agreed.palette, start, bandwidth=params.bandwidth)
        answer = replace(answer, ab=shown)
    if settles or others:
        answer = replace(answer, certainty=certainty_of(answer.ab, answers, others))
    found: list[Variant] = []
    if varies and (agreed is None or params.saturation == 0):
        found = [Variant(LETTERS[0], answer.ab)]
    elif varies and agreed is not None:
        found = variants(agreed, answer.ab, answer.certainty, lightness, plate.light)
    if found:
        answer = _in(chosen(found, params.variant), answer, answers, others)
    eye = held(answer.tone, lightness) if params.tones == "eye" else None
    seen = lightness if eye is None else lightness + eye
    ab, certainty = _over(answer, seen, params, shared_with)
    chroma = np.linalg.norm(ab, axis=-1)
    notes: Notes = {
        "emulsion": context.emulsion.value,
        "pins": len(context.pins),
        "decoded": "settled" if settles else "mean",
        "certainty": round(float(certainty.mean()), 3),
        "chroma": round(float(chroma.mean()), 2),
        "tones": {"of": params.tones, **({} if eye is None else _change(eye))},
    }
    if params.saturation == 0:
        return replace(plate, chroma=None, eye=eye), notes
    notes |= sureness(certainty, ab, seen, plate.light)
    notes["map"] = of_certainty(certainty)
    colored = replace(plate, chroma=Chroma(ab, certainty), eye=eye)
    colored, told = painted(colored, answers, context, shared_with, params.saturation)
    notes |= told
    if found:
        free = _free(colored, lightness.shape, shared_with)
        found = differing(found, lightness, free)
        notes["variant"] = told_of(found, params.variant, context.variants)
    if context.variants > 1:
        rest = [one for one in found[: context.variants] if one.letter != params.variant]
        said = [_in(one, answer, answers, others) for one in rest]
        colors = [Chroma(*_over(one, seen, params, shared_with)) for one in said]
        colored = replace(colored, others=_others(rest, colors, colored))
    return colored, notes


def _lent(answers: Sequence[Answer], plate: Plate, context: Context) -> Lent | None:
    """What other pictures lend; None if there are none."""
    if not context.lenders:
        return None
    seen = features_of(plate.light, context.registry)
    return lent(averaged(answers), seen, context.lenders)


def _over(
    answer: Answer, seen: Plane, params: ColorParams, lent: Lent | None
) -> tuple[Floats, Plane]:
    """The answer's colors as they are shown, with those of references over them; and certainty."""
    ab = _shown(answer, seen, params)
    if lent is None or lent.referred is None:
        return ab, answer.certainty
    return over(ab, answer.certainty, lent.referred, min(params.saturation, 1))


def looked(
    light: Plane,
    params: ColorParams,
    registry: Registry,
    emulsion: Emulsion,
    progress: Callable[[str, float], None] = silent,
) -> list[Answer]:
    """What the network says of a picture, (H, W) light, at each look."""
    network = network_for(params, registry)
    answers = []
    for number, size in enumerate(params.sizes, start=1):
        gray = working(light, size)
        let_go(light)
        ways = (False, True) if params.mirror else ((len(params.sizes) - number) % 2 == 1,)
        answers += [look(network, gray, emulsion, params.temperature, mirrored=way) for way in ways]
        progress(STEP.name, number / len(params.sizes))
    return answers


def _agreed(answer: Answer, lightness: Plane) -> Likely | None:
    """How likely colors are to places that have shared that with those they belong to."""
    if answer.likely is None:
        return None
    return replace(answer.likely, shares=shared(answer.likely.shares, lightness / np.float32(100)))


def _in(
    variant: Variant, answer: Answer, answers: Sequence[Answer], others: Sequence[Said]
) -> Answer:
    """An answer in the colors of a variant."""
    return replace(answer, ab=variant.ab, certainty=certainty_of(variant.ab, answers, others))


def _free(plate: Plate, shape: tuple[int, ...], lent: Lent | None) -> Plane | None:
    """What documented colors, and references, leave of a picture, (h, w) 0..1; None: all of it."""
    free = None if lent is None or lent.referred is None else 1 - lent.referred.share
    if plate.chroma is None or plate.chroma.paint is None:
        return free
    share = cv2.resize(plate.chroma.paint.share, shape[::-1], interpolation=cv2.INTER_AREA)
    unpinned: Plane = 1 - share
    return unpinned if free is None else free * unpinned


def _others(found: Sequence[Variant], colors: Sequence[Chroma], plate: Plate) -> tuple[Other, ...]:
    """Variants in their colors, with the documented ones of a plate over them."""
    paint = None if plate.chroma is None else plate.chroma.paint
    return tuple(
        Other(one.letter, replace(chroma, paint=paint), one.likely)
        for one, chroma in zip(found, colors, strict=True)
    )


def _change(eye: Plane) -> dict[str, Any]:
    """By how much an eye's tones differ from the plate's."""
    amount = np.abs(eye)
    mean, largest = round(float(amount.mean()), 2), round(float(amount.max()), 2)
    return {"unit": "L*", "mean": mean, "max": largest}


def _shown(answer: Answer, lightness: Plane, params: ColorParams) -> Floats:
    """The answer's colors as vivid as the parameters say."""
    vividness = Vividness(
        saturation=params.saturation,
        vibrance=params.vibrance,
        knee=params.knee,
        skin=params.skin,
        caution=params.caution,
    )
    return vividness(answer.ab, answer.certainty, lightness)


STEP: Final = Step("color", 7, ColorParams, apply, networks=(("network", "color"),))
