"""Ways to color: photochrom's color step as its recipes have it, and what it must beat."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from bench.color.palette import FILE, Palette
from bench.harness import ROOT
from photochrom.emulsion import Emulsion
from photochrom.files import part_of
from photochrom.measure import measure
from photochrom.nets import Registry
from photochrom.nets.registry import embedded_folder
from photochrom.photograph import Photograph
from photochrom.recipe import Recipe
from photochrom.steps import STEPS
from photochrom.steps.color import ColorParams
from photochrom.steps.joint import Joint
from photochrom.steps.plate import Context, Plane, Plate

Floats = NDArray[np.float32]

OURS: Final = "photochrom"
CINEMA: Final = "recipe cinema"
"""What the recipe for films is called in the results."""
FIRST: Final = "first network"
PALETTE: Final = "palette"
GRAY: Final = "gray"

# The last commit with the first network, and where that lay.
FIRST_COMMIT: Final = "d54dc51dfb7edc08ac5cc53136c88bc845a1bd1f"
FIRST_FILES: Final = ("color.onnx", "color.toml")
_FIRST_FOLDER: Final = ROOT / "bench" / "cache" / "first-network"
_WEIGHTS: Final = "src/photochrom/nets/weights"


@dataclass(frozen=True)
class Colored:
    """What a way says about a photograph.

    Attributes:
        ab: (H, W, 2) CIELAB a* and b*, at the photograph's size.
        cells: (h, w, 2) the same before it was joined to the light, or None.
        certainty: (h, w) 0..1, or None.
        eye: (H, W) L* to add to the plate's, or None.
    """

    ab: Floats
    cells: Floats | None = None
    certainty: Plane | None = None
    eye: Plane | None = None


Way = Callable[[Plane, Emulsion], Colored]
"""Colors (H, W) sRGB-encoded light, 0..1, of a plate that it is told the emulsion of."""


class Product:
    """photochrom's color step and its joining of chroma to light, as a recipe runs them.

    No pins. The photographs are exposed without wear, so that the steps before color have nothing
    to do and are left out.

    Args:
        registry: Where the color network comes from.
        recipe: Name of a preset.
        changes: Parameters of the step that differ from the recipe's.
    """

    def __init__(self, registry: Registry, recipe: str = "faithful", **changes: Any):
        params = Recipe.preset(recipe).params["color"].model_copy(update=changes)
        assert isinstance(params, ColorParams)
        self.params = params
        self.network = registry.network("color")
        # Every step may look at what was measured in the scan; color does not.
        blank = measure(Photograph.from_array(np.full((32, 32), 32768, np.uint16)))
        self._context = {"registry": registry, "measures": blank}

    def __call__(self, light: Plane, told: Emulsion) -> Colored:
        return joined(self.plate(light, told))

    @property
    def depends(self) -> dict[str, Any]:
        """All that decides what it says, beside the source of this bench."""
        return {
            "step": STEPS["color"].version,
            "parameters": self.params.model_dump(mode="json"),
            "network": self.network.card.contract_digest,
            "provider": self._context["registry"].provider,
        }

    def plate(self, light: Plane, told: Emulsion) -> Plate:
        """The plate as it leaves the step."""
        return STEPS["color"].apply(Plate(light), self.params, self.context(told))[0]

    def context(self, told: Emulsion) -> Context:
        """What the step is told."""
        return Context(emulsion=told, **self._context)


def joined(plate: Plate) -> Colored:
    """What a plate with chroma shows: chroma, and an eye's tones, joined to the light."""
    assert plate.chroma is not None
    light, everything = plate.light, slice(0, len(plate.light))
    eye = None
    if plate.eye is not None:
        eye = Joint(light, plate.eye[..., None]).rows(everything, light)[..., 0]
    ab = Joint(light, plate.chroma.ab).rows(everything, light)
    return Colored(ab, plate.chroma.ab, plate.chroma.certainty, eye)


def gray(light: Plane, told: Emulsion) -> Colored:
    """No color at all."""
    return Colored(np.zeros((*light.shape, 2), np.float32))


def palette(file: Path = FILE) -> Way:
    """The mean color of training photographs at the lightness that a plate of this kind shows."""
    table = Palette.load(file)
    return lambda light, told: Colored(table(light, told))


def current() -> Registry:
    """The embedded networks."""
    return Registry.of([embedded_folder()], threads=1)


def first() -> Path | str:
    """The folder with the first network, out of the history of this repository; or why it cannot
    be had."""
    folder = _FIRST_FOLDER / FIRST_COMMIT[:12]
    for name in FIRST_FILES:
        if (folder / name).exists():
            continue
        asked = ["git", "show", f"{FIRST_COMMIT}:{_WEIGHTS}/{name}"]
        try:
            done = subprocess.run(asked, cwd=ROOT, capture_output=True, check=False)
        except OSError as error:
            return f"git cannot be run ({error.strerror})"
        if done.returncode:
            return f"this checkout has no commit {FIRST_COMMIT[:7]}"
        with part_of(folder / name, flush=False) as part:
            part.write_bytes(done.stdout)
    registry = registry_in(folder)
    return str(registry.problems[0]) if registry.problems else folder


def registry_in(folder: Path) -> Registry:
    """The networks of a folder and no others."""
    return Registry.of([folder], threads=1)


def way_of(name: str, inputs: Mapping[str, Path]) -> Way:
    """A way by its name in the results, made of the files of a piece."""
    if name == GRAY:
        return gray
    if name == PALETTE:
        return palette(inputs["palette"])
    if name == FIRST:
        return Product(registry_in(inputs["color.toml"].parent))
    return Product(current(), "cinema" if name == CINEMA else "faithful")


def at_size(plane: NDArray[Any], height: int, width: int) -> NDArray[Any]:
    """Enlarge or shrink a small map linearly."""
    resized: NDArray[Any] = cv2.resize(plane, (width, height), interpolation=cv2.INTER_LINEAR)
    return resized
