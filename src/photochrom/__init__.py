"""photochrom restores, sharpens and colors vintage photographs honestly, and films their story.

>>> import photochrom as pc
>>> scan = pc.Photograph.open("scan.tif")                          # doctest: +SKIP
>>> pc.restore(scan, pc.Recipe.preset("faithful")).save("out.tif")  # doctest: +SKIP

The names below are the public surface; they load on first use, so that importing photochrom (and
`photochrom --help`) costs nothing.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from photochrom._version import __version__
from photochrom.errors import (
    ModelError,
    PhotochromError,
    PhotographError,
    ProductionError,
    RecipeError,
    StoryboardError,
)

if TYPE_CHECKING:
    from photochrom.aging import Aged, age
    from photochrom.emulsion import Emulsion
    from photochrom.measure import Measures
    from photochrom.nets import Card, Registry
    from photochrom.photograph import Photograph, ScanInfo
    from photochrom.recipe import Recipe
    from photochrom.record import Record
    from photochrom.restoration import Restored, restore
    from photochrom.steps.plate import Pin

_HOMES = {
    "Aged": "photochrom.aging",
    "Card": "photochrom.nets",
    "Emulsion": "photochrom.emulsion",
    "Measures": "photochrom.measure",
    "Photograph": "photochrom.photograph",
    "Pin": "photochrom.steps.plate",
    "Recipe": "photochrom.recipe",
    "Record": "photochrom.record",
    "Registry": "photochrom.nets",
    "Restored": "photochrom.restoration",
    "ScanInfo": "photochrom.photograph",
    "age": "photochrom.aging",
    "restore": "photochrom.restoration",
}

__all__ = [
    "Aged",
    "Card",
    "Emulsion",
    "Measures",
    "ModelError",
    "PhotochromError",
    "Photograph",
    "PhotographError",
    "Pin",
    "ProductionError",
    "Recipe",
    "RecipeError",
    "Record",
    "Registry",
    "Restored",
    "ScanInfo",
    "StoryboardError",
    "__version__",
    "age",
    "restore",
]


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module 'photochrom' has no attribute {name!r}")
    return getattr(importlib.import_module(home), name)


def __dir__() -> list[str]:
    return __all__
