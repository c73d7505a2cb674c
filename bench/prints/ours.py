"""photochrom's own steps on a gray scan, as the recipe `faithful` has them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from bench.prints.scans import Levels, Plane, threads
from photochrom.emulsion import Emulsion
from photochrom.measure import measure
from photochrom.nets import Registry, sweep_network
from photochrom.nets.registry import embedded_folder
from photochrom.photograph import Photograph
from photochrom.recipe import Recipe
from photochrom.steps import STEPS, repair
from photochrom.steps.plate import Context, Plate

_MEMORY: Final = 512 * 2**20
# What networks each step takes, by their tasks.
_NETWORKS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {"repair": ("defects", "restore"), "clean": ("restore",), "clarity": ("clarity",)}
)


def registry() -> Registry:
    """The embedded networks, on as many threads as the peers get."""
    return Registry.of([embedded_folder()], threads=threads())


def depends(*steps: str) -> dict[str, Any]:
    """All that decides what some of our steps make of a scan, beside the source of this bench."""
    recipe, found = Recipe.preset("faithful"), registry()
    tasks = {task for step in steps for task in _NETWORKS[step]}
    return {
        "steps": {name: STEPS[name].version for name in steps},
        "parameters": {name: recipe.params[name].model_dump(mode="json") for name in steps},
        "networks": {
            card.name: card.contract_digest for card in found.cards() if card.task in tasks
        },
        "provider": found.provider,
    }


def restored(scan: Levels) -> Plane:
    """Repair and clean."""
    return through(scan, ("repair", "clean")).light


def enlarged(scan: Levels, scale: int, *, worn: bool, crispness: float = 0) -> Plane:
    """Repair, clean and clarity, or clarity alone."""
    steps = ("repair", "clean", "clarity") if worn else ("clarity",)
    return through(scan, steps, scale=scale, crispness=crispness).light


def through(scan: Levels, steps: tuple[str, ...], *, scale: int = 1, crispness: float = 0) -> Plate:
    """A scan through some steps, measured first as a recipe has it."""
    recipe = Recipe.preset("faithful").with_params("clarity", scale=scale, crispness=crispness)
    photograph = Photograph.from_array(scan)
    context = _context(photograph)
    plate = Plate(photograph.gray())
    for name in steps:
        plate, _ = STEPS[name].apply(plate, recipe.params[name], context)
    return plate


def _context(photograph: Photograph) -> Context:
    return Context(registry(), Emulsion.PANCHROMATIC, measure(photograph), seed=1)


def found(scan: Levels) -> NDArray[np.bool_]:
    """Where the network that finds defects holds one more likely than not."""
    plane = Photograph.from_array(scan).gray()
    mask = np.empty(plane.shape, bool)
    network = registry().network("defects")
    for band in sweep_network(network, plane, memory=_MEMORY, outputs=("mask",)):
        mask[band.rows] = band.planes["mask"] > 0.5
    return mask


def takes_mask() -> bool:
    """Whether the network that fills can be told where."""
    return registry().network("restore").has("mask")


def filled(scan: Levels, mask: NDArray[np.bool_]) -> Plane:
    """What repair makes of a scan when told where; it takes noise away as well."""
    photograph = Photograph.from_array(scan)
    told = np.where(mask, np.uint8(255), np.uint8(0))
    network = registry().network("restore")
    clean, _ = repair.cleaned(network, photograph.gray(), told, _context(photograph))
    return clean.astype(np.float32) / np.float32(65535)
