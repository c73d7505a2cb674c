"""The photographs of the gallery, what time did to them, and what photochrom made of them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np
import skimage.data
from numpy.typing import NDArray

from examples.demo import PRODUCTION, SOURCES, photograph
from photochrom import Photograph, Recipe, Restored, restore
from photochrom.aging import Aged, age
from photochrom.colorspace import lab_from_srgb
from photochrom.emulsion import Emulsion
from photochrom.production import ProductionFile
from photochrom.production.documenting import documented
from photochrom.steps.plate import Pin

Bytes = NDArray[np.uint8]
Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Subject:
    """A photograph, and what time is to do to it.

    Attributes:
        id: As its package calls it.
        title: What is seen, and whose picture it is.
        emulsion: What it is exposed on.
        wear: 0 (fresh) .. 1 (heavily damaged); None leaves a black-and-white picture as it is.
        seed: Which wear.
    """

    id: str
    title: str
    emulsion: Emulsion
    wear: float | None
    seed: int = 0

    @cached_property
    def photograph(self) -> Bytes:
        """(H, W, 3) or (H, W): as it ships in its package, the truth."""
        shipped = {"coffee": skimage.data.coffee, "chelsea": skimage.data.chelsea}
        pixels = shipped[self.id]() if self.id in shipped else photograph(self.id)
        return np.asarray(pixels, np.uint8)

    @cached_property
    def aged(self) -> Aged | None:
        """The worn print, and what is true of it; None for a picture that is not aged."""
        if self.wear is None:
            return None
        picture = self.photograph.astype(np.float32) / 255
        return age(picture, emulsion=self.emulsion, wear=self.wear, seed=self.seed)

    @cached_property
    def scan(self) -> Photograph:
        """The scan of the print, 16 bits."""
        if self.aged is None:
            return Photograph.from_array(self.photograph)
        return Photograph.from_array(sixteen_bits(self.aged.print))

    @cached_property
    def pins(self) -> tuple[Pin, ...]:
        """Its documented colors, as the demo's production names them."""
        file = ProductionFile.open(PRODUCTION)
        ids = [entry.id for entry in file.production.photographs]
        if self.id not in ids:
            return ()
        return tuple(color.pin for color in documented(file, ids.index(self.id)))

    @cached_property
    def restored(self) -> Restored:
        """Through the recipe `faithful`, told the emulsion and no color."""
        return restore(self.scan, emulsion=self.emulsion)

    @cached_property
    def pinned(self) -> Restored:
        """The same, told its documented colors too."""
        return restore(self.scan, emulsion=self.emulsion, pins=self.pins)

    @property
    def how(self) -> str:
        """How it came to look as it does, for captions."""
        if self.wear is None:
            return "black-and-white to begin with, not aged"
        return f"exposed as {self.emulsion.value}, wear {self.wear}, seed {self.seed}"


_DEMO = {
    "hopper": "Grace Hopper (US Navy, public domain)",
    "collins": "Eileen Collins (NASA, public domain)",
    "rocket": "A launch at Cape Canaveral (SpaceX, public domain)",
    "camera": "A cameraman (Lav Varshney, CC0)",
}
SUBJECTS = {
    **{
        source.id: Subject(
            source.id,
            _DEMO[source.id],
            source.emulsion,
            None if source.genuine else source.wear,
            source.seed,
        )
        for source in SOURCES
    },
    "coffee": Subject(
        "coffee", "A cup of coffee (Rachel Michetti, CC0)", Emulsion.ORTHOCHROMATIC, 0.4, 1921
    ),
    "chelsea": Subject(
        "chelsea", "Chelsea the cat (Stefan van der Walt, CC0)", Emulsion.BLUE_SENSITIVE, 0.35, 1884
    ),
}
"""By id; the first ones as the demo ages them."""


def colored(light: Floats, emulsion: Emulsion, **params: object) -> Restored:
    """Color a fresh plate, and do nothing else to it.

    Args:
        light: (H, W) sRGB-encoded gray, 0..1.
        emulsion: What the network is told.
        params: Of the step color.
    """
    recipe = Recipe("color only", ("color",)).with_params("color", **params)
    return restore(Photograph.from_array(sixteen_bits(light)), recipe, emulsion=emulsion)


def certainty_and_error(subject: Subject) -> tuple[Floats, Floats]:
    """How sure the network was of each pixel, 0..1, and how far in a*b* it was from the truth."""
    picture = subject.restored.photograph.pixels.astype(np.float32) / 65535
    truth = subject.photograph.astype(np.float32) / 255
    away = (lab_from_srgb(picture) - lab_from_srgb(truth))[..., 1:]
    small = subject.restored.certainty
    assert small is not None
    certainty: Floats = cv2.resize(small, truth.shape[1::-1])
    return certainty, np.linalg.norm(away, axis=-1)


def sixteen_bits(picture: Floats) -> NDArray[np.uint16]:
    """sRGB values 0..1 as 16-bit samples."""
    return (np.clip(picture, 0, 1) * 65535 + 0.5).astype(np.uint16)


def bytes_of(color: str) -> tuple[int, int, int]:
    """A color written as "#rrggbb"."""
    red, green, blue = bytes.fromhex(color[1:])
    return red, green, blue
