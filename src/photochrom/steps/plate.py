"""What passes from step to step."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from photochrom.colors.stated import Sure, stated
from photochrom.emulsion import Emulsion
from photochrom.measure import Measures
from photochrom.nets import Registry
from photochrom.steps.answer import Lender
from photochrom.steps.texture import Texture
from photochrom.variant import Letter

Plane = NDArray[np.float32]
Notes = dict[str, Any]
"""What a step did, in plain JSON values; goes into the record."""


@dataclass(frozen=True)
class Paint:
    """Documented colors over a small copy of the picture.

    Attributes:
        ab: (h, w, 2) float32, a* and b*, times their share.
        share: (h, w) float32, 0..1: how much of what is shown they are.
    """

    ab: NDArray[np.float32]
    share: Plane


@dataclass(frozen=True)
class Chroma:
    """Color at low resolution, to be joined to full-resolution light at the last moment.

    Attributes:
        ab: (h, w, 2) float32, CIELAB a* and b* (D65), about -110..110.
        certainty: (h, w) float32, 0 (a guess) .. 1 (sure).
        measured: Whether these are the photograph's own colors, not a network's.
        paint: Documented colors, that lie over them; None if there are none.
    """

    ab: NDArray[np.float32]
    certainty: Plane
    measured: bool = False
    paint: Paint | None = None


@dataclass(frozen=True)
class Other:
    """The same picture in other colors that a network thought likely.

    Attributes:
        letter: Which variant it is.
        chroma: Its colors.
        likely: How likely they are against those of variant "a", where the two differ.
    """

    letter: Letter
    chroma: Chroma
    likely: float


@dataclass(frozen=True)
class Expected:
    """What a "restore" network made of this light, told the mask; saves asking it twice.

    Attributes:
        light: (H, W) uint16, 0..65535: the light without defects and noise.
        network: Name of the network.
    """

    light: NDArray[np.uint16]
    network: str


@dataclass(frozen=True)
class Plate:
    """A photograph on its way through the steps.

    Attributes:
        light: (H, W) float32, 0..1, sRGB-encoded gray: the light that the plate recorded.
        tint: (H, W, 3) uint8 or uint16, the scan's sRGB-encoded pixels while the picture still has
            the tint of its paper and its age; `tone` neutralizes and drops it. None for gray scans.
        mask: (H, W) uint8, 255 where `repair` filled a defect, else 0. None before repair.
        chroma: None until `color`, but for a photograph in color: its own from the beginning.
        eye: (h, w) float32, small: L* to add to the light so that it becomes what an eye saw;
            joined to it by `compose`, so that `light` stays the plate's. None unless asked for.
        expected: What `repair` learned for `clean`. Whoever else changes the light drops it.
        removed: The grain that `clean` took away, in pixels of `light` as it was then; `grain` puts
            it back. None if nothing was taken.
        scale: How many times wider and higher `light` is than the scan.
        others: The variants that `color` found besides the one in `chroma`, if they are wanted.
    """

    light: Plane
    tint: NDArray[np.unsignedinteger[Any]] | None = None
    mask: NDArray[np.uint8] | None = None
    chroma: Chroma | None = None
    eye: Plane | None = None
    expected: Expected | None = None
    removed: Texture | None = None
    scale: int = 1
    others: tuple[Other, ...] = ()


@dataclass(frozen=True, init=False)
class Pin:
    """A documented color at a place in the picture.

    Attributes:
        at: (x, y), each 0..1 of the width and the height of the scan as it is seen upright.
        color: sRGB, each 0..255; may be given in words (`photochrom.colors.stated`).
        source: Where the color is documented ("team blazer, museum inventory 1931.4").
        strength: 0..1, how much of it is shown.
        sure: How sure it is.
        box: (left, top, width, height) in shares: the thing lies in it, in its middle; `at` is
            that middle. None: the thing that lies at `at`, wherever it ends.
        mask: A map (`photochrom.steps.maps`) of just where the color is; "" for none.
        said: The color as it was written where that says more than `color`: "Munsell 5R 4/14".
    """

    at: tuple[float, float]
    color: tuple[int, int, int]
    source: str
    strength: float = 1.0
    sure: Sure = "documented"
    box: tuple[float, float, float, float] | None = None
    mask: str = ""
    said: str = ""

    def __init__(
        self,
        at: tuple[float, float],
        color: tuple[int, int, int] | str,
        source: str,
        strength: float = 1.0,
        sure: Sure = "documented",
        box: tuple[float, float, float, float] | None = None,
        mask: str = "",
        said: str = "",
    ):
        if isinstance(color, str) and not color.startswith("#"):
            said = said or color
        told = {
            "at": at,
            "color": rgb_of(color),
            "source": source,
            "strength": strength,
            "sure": sure,
            "box": box,
            "mask": mask,
            "said": said,
        }
        for name, value in told.items():
            object.__setattr__(self, name, value)

    @classmethod
    def recorded(cls, told: Mapping[str, Any]) -> Pin:
        """A pin as a record tells of it; those of older versions have points and sources only."""
        box = told.get("box")
        return cls(
            tuple(told["at"]),
            tuple(told["color"]),
            told["source"],
            told.get("strength", 1.0),
            told.get("sure", "documented"),
            None if box is None else tuple(box),
            told.get("mask", ""),
            told.get("said", ""),
        )


def rgb_of(color: tuple[int, int, int] | str) -> tuple[int, int, int]:
    """Red, green and blue, each 0..255, of a color that may be written in words.

    Raises:
        ValueError: It is none.
    """
    if isinstance(color, str):
        return stated(color).rgb
    if len(color) != 3 or not all(0 <= part <= 255 for part in color):
        raise ValueError(f"{color!r} is no color: red, green and blue go from 0 to 255")
    return color


def silent(stage: str, done: float) -> None:
    """The progress report of someone who does not want any."""


@dataclass(frozen=True)
class Context:
    """Everything besides the picture that a step may depend on.

    Attributes:
        registry: Where networks come from.
        emulsion: How the plate saw color.
        measures: What was measured in the scan before the first step.
        pins: Documented colors.
        lenders: Pictures that lend their colors to what they show as well.
        seed: For whatever is random; taken from the original's digest, so that the same input
            gives the same bytes.
        memory: Bytes that one step may use beside the plate itself; decides tile sizes.
        progress: Called with (step name, share done 0..1).
        variants: How many variants are wanted, the one that is shown included (`Plate.others`).
    """

    registry: Registry
    emulsion: Emulsion
    measures: Measures
    pins: tuple[Pin, ...] = ()
    lenders: tuple[Lender, ...] = ()
    seed: int = 0
    memory: int = 512 * 2**20
    progress: Callable[[str, float], None] = field(default=silent)
    variants: int = 1


class StepParams(BaseModel):
    """Parameters of a step; each step subclasses it. Unknown keys are errors."""

    model_config = ConfigDict(frozen=True, extra="forbid")


P = TypeVar("P", bound=StepParams)
P_contra = TypeVar("P_contra", bound=StepParams, contravariant=True)


class Apply(Protocol[P_contra]):
    def __call__(self, plate: Plate, params: P_contra, context: Context) -> tuple[Plate, Notes]: ...


@dataclass(frozen=True)
class Step(Generic[P]):
    """One step of a recipe: a pure function with a name and a version.

    Attributes:
        name: As recipes write it.
        version: Raised whenever the same input and parameters give other pixels.
        params: The class of its parameters.
        apply: Plate in, new plate and notes for the record out; never changes its input.
        networks: What it asks the registry for: pairs of the parameter that can name another
            network than the embedded one, and the task.
    """

    name: str
    version: int
    params: type[P]
    apply: Apply[P]
    networks: tuple[tuple[str, str], ...] = ()
