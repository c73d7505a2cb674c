"""From photographs to what others can learn from them: references, and others of a scene.

Neither is restored for that: a small copy whose tones are set right is enough.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from photochrom.colors.stated import Sure
from photochrom.emulsion import Emulsion
from photochrom.errors import PhotographError
from photochrom.measure import measure
from photochrom.nets import Registry
from photochrom.photograph import Photograph
from photochrom.recipe import Recipe
from photochrom.restoration import restore
from photochrom.steps import color
from photochrom.steps.answer import Answer, Features, Glance, Lender
from photochrom.steps.glance import all_features_of, features_of
from photochrom.steps.lending import lent, told
from photochrom.steps.looks import averaged
from photochrom.steps.own import own_colors
from photochrom.steps.patches import patches
from photochrom.steps.pinning import in_picture
from photochrom.steps.plate import Paint, Pin, Plane
from photochrom.steps.spreading import spread
from photochrom.trimming import Trim

# Long side of the copies. Networks look at a third of it.
_LONGEST: Final = 1536
# Cells of a reference's colors, on its shorter side: as fine as a network's own.
_CELLS: Final = 96


def reference(
    photograph: Photograph,
    name: str,
    *,
    source: str = "",
    sure: Sure = "assumed",
    registry: Registry | None = None,
) -> Lender:
    """A picture in color as a reference for photographs of the same thing.

    Args:
        photograph: The picture; its colors are taken as they are.
        name: What people call it.
        source: Who says that it shows the same; its name unless given.
        sure: How sure that is.
        registry: Where networks come from; the default one unless given.

    Raises:
        PhotochromError: It has no colors, or there is no network that sees anything in it.
    """
    small = _colored(photograph, name)
    light = Photograph.from_array(small).gray()
    features = all_features_of(light, registry or Registry.default())
    glance = Glance(features, _measured(small), photograph.info.sha256)
    return Lender(name, glance, source or name, sure)


def check_reference(photograph: Photograph, name: str) -> None:
    """Whether a picture can lend colors.

    Args:
        photograph: The picture.
        name: What people call it.

    Raises:
        PhotographError: It has no colors.
    """
    _colored(photograph, name)


def glance(
    photograph: Photograph,
    recipe: Recipe,
    *,
    emulsion: Emulsion | None = None,
    year: int | None = None,
    pins: Sequence[Pin] = (),
    references: Sequence[Lender] = (),
    negative: bool = False,
    trim: Trim | None = None,
    registry: Registry | None = None,
) -> Glance:
    """What others can learn from a photograph: what is seen in it, and which colors it may have.

    Its documented colors and its references go before what the network thinks of it.

    Args:
        photograph: The scan.
        recipe: How it is restored; of that only tones and the network's answers are made.
        emulsion: As for `restore`.
        year: The same.
        pins: The same.
        references: Pictures in color that lend to it.
        negative: As for `restore`.
        trim: The same.
        registry: Where networks come from; the default one unless given.

    Returns:
        The glance; one from which nothing is to be learned of a photograph that is in color: it
        keeps its own, and who wants them elsewhere names it as a reference.

    Raises:
        PhotochromError: As `restore`.
    """
    registry = registry or Registry.default()
    sha256 = photograph.info.sha256
    params = recipe.params.get("color")
    if "color" not in recipe.steps or not isinstance(params, color.ColorParams):
        return Glance((), None, sha256)
    small = Photograph.from_array(_reduced(photograph), info=photograph.info)
    tones = ("tone",)
    toned = recipe.only(tones) if "tone" in recipe.steps else Recipe(name="tones", steps=tones)
    restored = restore(
        small, toned, emulsion=emulsion, year=year, negative=negative, trim=trim, registry=registry
    )
    if restored.record.in_color and not params.recolor:
        return Glance((), None, sha256)
    light = restored.plate.light
    plate = Emulsion(restored.record.emulsion["name"])
    answer = averaged(color.looked(light, params, registry, plate))
    features = all_features_of(light, registry)
    geometry = restored.record.geometry
    if geometry is not None:
        pins = [in_picture(one, geometry) for one in pins if geometry.shows(one.at)]
    if references:
        answer = _with_references(answer, features_of(light, registry), references)
    return Glance(features, _with_pins(answer, light, pins), sha256)


def _colored(photograph: Photograph, name: str) -> NDArray[np.unsignedinteger[Any]]:
    """The pixels of a small copy of a picture in color."""
    small = _reduced(photograph)
    if small.ndim != 3 or not measure(Photograph.from_array(small)).tint.is_color:
        raise PhotographError(
            "is a reference without colors",
            where=photograph.info.path or name,
            fix="give a picture in color that shows the same",
        )
    return small


def _with_references(answer: Answer, features: Features, references: Sequence[Lender]) -> Answer:
    referred = lent(answer, features, references).referred
    return answer if referred is None else told(answer, referred)


def _with_pins(answer: Answer, light: Plane, pins: Sequence[Pin]) -> Answer:
    if not pins:
        return answer
    paint = spread(pins, patches(light), answer).paint
    size = answer.certainty.shape[::-1]
    ab, share = (
        cv2.resize(one, size, interpolation=cv2.INTER_AREA) for one in (paint.ab, paint.share)
    )
    return told(answer, Paint(ab, np.clip(share, 0, 1)))


def _measured(pixels: NDArray[np.unsignedinteger[Any]]) -> Answer:
    """The colors of a picture in color, in cells."""
    height, width = pixels.shape[:2]
    share = _CELLS / min(height, width)
    rows, columns = max(1, round(height * share)), max(1, round(width * share))
    ab = cv2.resize(own_colors(pixels).ab, (columns, rows), interpolation=cv2.INTER_AREA)
    ones = np.ones((rows, columns), np.float32)
    return Answer(np.ascontiguousarray(ab), ones, np.zeros_like(ones))


def _reduced(photograph: Photograph) -> NDArray[np.unsignedinteger[Any]]:
    height, width = photograph.pixels.shape[:2]
    share = min(1.0, _LONGEST / max(height, width))
    if share == 1:
        return photograph.pixels
    size = (max(1, round(width * share)), max(1, round(height * share)))
    small: NDArray[np.unsignedinteger[Any]] = cv2.resize(
        photograph.pixels, size, interpolation=cv2.INTER_AREA
    )
    return small
