"""Repair: scratches, dust, creases, stains and tears, found and filled, and nothing else touched.

One network says where defects are. What is believed of that becomes the mask. Light flows into it
from its rim, and another network, told the mask, goes over that. Only inside the mask is anything
changed, and the passage from old to new lies inside it as well: outside it the light stays what it
was to the bit. What is filled gets the grain of its surroundings. What may be of somebody's eyes is
left (`eyes.py`).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from photochrom.nets import Network, sweep_network
from photochrom.steps.defects import Bytes, count, decide, shrunk, suspect
from photochrom.steps.eyes import faces_in, spare
from photochrom.steps.holes import flowed_in
from photochrom.steps.maps import of_mask
from photochrom.steps.own import without_defects
from photochrom.steps.planes import let_go, plane
from photochrom.steps.plate import Context, Expected, Notes, Plane, Plate, Step, StepParams
from photochrom.steps.strips import enlarged, strips, with_halo
from photochrom.steps.texture import Texture, TextureMeter, noise

# Tells this step's grain from that of other steps under the same seed.
_FIELD: Final = 0x5EED
_UNIT: Final = np.float32(65535)


class RepairParams(StepParams):
    """Parameters of repair.

    Attributes:
        threshold: Probability from which a place is a defect, 0..1.
        grow: By how many pixels the mask is widened: defects have soft edges.
        feather: Over how many pixels, inside the mask, old passes into new.
        smallest: Defects of fewer pixels are left to `clean`.
        largest_share: If more of the picture than this is called a defect, only what is surer is
            filled.
        eyes: Whether finds that may be brows, lashes or the light in an eye are left as they are.
        grain: How much of the surrounding grain is put into what is filled, 0..1.
        finder: Name of the network that finds; by default the embedded one.
        network: Name of the network that fills; by default the embedded one.
    """

    threshold: float = Field(default=0.5, gt=0, lt=1)
    grow: int = Field(default=1, ge=0, le=16)
    feather: int = Field(default=1, ge=0, le=32)
    smallest: int = Field(default=4, ge=1)
    largest_share: float = Field(default=0.25, gt=0, le=1)
    eyes: bool = True
    grain: float = Field(default=1.0, ge=0, le=1)
    finder: str | None = None
    network: str | None = None


def apply(plate: Plate, params: RepairParams, context: Context) -> tuple[Plate, Notes]:
    """Find defects and fill them; see the module."""
    finder = context.registry.network("defects", name=params.finder)
    suspected = suspect(
        finder, plate.light, context.memory, lambda done: context.progress(STEP.name, 0.4 * done)
    )
    mask, regions, threshold = decide(suspected.defects, params)
    left = 0
    if params.eyes and regions > 0:
        left = spare(mask, suspected.defects, plate.light, faces_in(plate.light))
    filled = count(mask)
    # Finds that grew together are left together.
    regions = max(1, regions - left) if filled else 0
    notes: Notes = {
        "share": round(filled / mask.size, 6),
        "regions": regions,
        "threshold": threshold,
    }
    if left:
        notes["left_at_eyes"] = left
    if regions == 0:
        return replace(plate, mask=mask), notes
    notes["map"] = of_mask(mask)
    chroma = plate.chroma if plate.chroma is None else without_defects(plate.chroma, mask)
    network = context.registry.network("restore", name=params.network)
    clean, texture = cleaned(network, plate.light, mask, context)
    if suspected.coarse is not None:
        _add_coarse(network, plate.light, mask, suspected.coarse, clean, context)
    light = plane(plate.light.shape)
    for strip in strips(*light.shape, of=(plate.light, light, mask, clean)):
        light[strip] = plate.light[strip]
        if mask[strip].any():
            _fill(light, strip, mask, clean, texture, params, context.seed ^ _FIELD)
    expected = Expected(clean, network.card.name)
    return replace(plate, light=light, mask=mask, chroma=chroma, expected=expected), notes


def cleaned(
    network: Network,
    light: Plane,
    mask: Bytes,
    context: Context,
    within: tuple[float, float] = (0.4, 0.9),
) -> tuple[NDArray[np.uint16], Texture]:
    """What the network makes of a picture whose defects are known, all of it, and the grain.

    Args:
        network: Of the task "restore".
        light: (H, W), 0..1.
        mask: (H, W), above 0 where a defect is.
        context: Its memory is kept to and its progress called.
        within: From where to where the step comes meanwhile, 0..1.

    Returns:
        (H, W), 0..65535: filled where the mask is, without noise elsewhere; and how strong the
        noise was.
    """
    clean: NDArray[np.uint16] = plane(light.shape, np.uint16)
    meter = TextureMeter()
    start, end = within
    bands = sweep_network(
        network,
        light,
        mask=mask,
        prepare=flowed_in,
        memory=context.memory,
        outputs=("clean",),
        progress=lambda done: context.progress(STEP.name, start + (end - start) * done),
    )
    for band in bands:
        picture = np.clip(band.planes["clean"], 0, 1)
        clean[band.rows] = picture * _UNIT + np.float32(0.5)
        meter.add(light[band.rows] - picture, picture, mask[band.rows] == 0)
        let_go(light, mask, clean)
    return clean, meter.texture()


def _add_coarse(
    network: Network,
    light: Plane,
    mask: Bytes,
    coarse: NDArray[np.bool_],
    clean: NDArray[np.uint16],
    context: Context,
) -> None:
    """Fill, in place, what only the small version showed from the small version."""
    height, width = mask.shape
    if not any((coarse[strip] & (mask[strip] > 0)).any() for strip in strips(height, width)):
        return
    small = shrunk(light)
    small_mask = cv2.resize(mask, small.shape[::-1], interpolation=cv2.INTER_AREA)
    let_go(mask)
    small_mask = np.where(small_mask > 0, np.uint8(255), np.uint8(0))
    filled, _ = cleaned(network, small, small_mask, context, within=(0.9, 0.95))
    floats = filled.astype(np.float32)
    for strip in strips(height, width, of=(coarse, mask, clean)):
        here = coarse[strip] & (mask[strip] > 0)
        if here.any():
            clean[strip][here] = enlarged(floats, strip, height, width)[here]


def _fill(
    light: Plane,
    strip: slice,
    mask: Bytes,
    clean: NDArray[np.uint16],
    texture: Texture,
    params: RepairParams,
    seed: int,
) -> None:
    """Fill the defects of some rows, in place."""
    wide, inner = with_halo(strip, params.feather + 2, len(mask))
    depth = cv2.distanceTransform(mask[wide], cv2.DIST_L2, 5)[inner]
    share = np.clip(depth / np.float32(params.feather + 1), 0, 1)
    here = mask[strip] > 0
    columns = slice(0, light.shape[1])
    new = clean[strip].astype(np.float32) / _UNIT
    if params.grain > 0:
        new += (
            noise(seed, strip, columns, texture.blur) * texture.at(new) * np.float32(params.grain)
        )
    old = light[strip]
    mixed = np.clip(old + (new - old) * share, 0, 1)
    old[here] = mixed[here]


STEP: Final = Step(
    "repair",
    4,
    RepairParams,
    apply,
    networks=(("finder", "defects"), ("network", "restore")),
)
