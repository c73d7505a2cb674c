"""The production file, its schema and versions, and the build.

A production is one TOML file: the photographs, how each is restored, and the film.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from photochrom.production.building import build
    from photochrom.production.caching import Cached, cached, prune, verify
    from photochrom.production.drafting import Draft, draft
    from photochrom.production.editing import Taken, export, take_back
    from photochrom.production.file import ProductionFile
    from photochrom.production.previewing import Preview, preview
    from photochrom.production.result import BuildResult
    from photochrom.production.schema import Production
    from photochrom.production.viewing import frame, save_frame, save_sheet, sheet

_HOMES = {
    "BuildResult": "photochrom.production.result",
    "Cached": "photochrom.production.caching",
    "Draft": "photochrom.production.drafting",
    "Preview": "photochrom.production.previewing",
    "Production": "photochrom.production.schema",
    "ProductionFile": "photochrom.production.file",
    "Taken": "photochrom.production.editing",
    "build": "photochrom.production.building",
    "cached": "photochrom.production.caching",
    "draft": "photochrom.production.drafting",
    "export": "photochrom.production.editing",
    "preview": "photochrom.production.previewing",
    "prune": "photochrom.production.caching",
    "frame": "photochrom.production.viewing",
    "save_frame": "photochrom.production.viewing",
    "save_sheet": "photochrom.production.viewing",
    "sheet": "photochrom.production.viewing",
    "take_back": "photochrom.production.editing",
    "verify": "photochrom.production.caching",
}

__all__ = [
    "BuildResult",
    "Cached",
    "Draft",
    "Preview",
    "Production",
    "ProductionFile",
    "Taken",
    "build",
    "cached",
    "draft",
    "export",
    "frame",
    "preview",
    "prune",
    "save_frame",
    "save_sheet",
    "sheet",
    "take_back",
    "verify",
]


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module 'photochrom.production' has no attribute {name!r}")
    return getattr(importlib.import_module(home), name)
