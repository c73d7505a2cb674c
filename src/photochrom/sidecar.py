"""Which file is the XMP sidecar of a photograph."""

from __future__ import annotations

from pathlib import Path

_ENDINGS = (".xmp", ".XMP", ".Xmp")


def sidecar_names(name: str, stem: str) -> list[str]:
    """What the sidecar of a photograph may be called; which it is, the first says that is there.

    Args:
        name: The photograph's file name.
        stem: The same without its ending.
    """
    return [name + ending for ending in _ENDINGS] + [stem + ending for ending in _ENDINGS]


def sidecar_of(path: Path) -> Path | None:
    """The sidecar of a photograph: `a.jpg.xmp`, which can only be meant for it, else `a.xmp`."""
    found = (path.with_name(name) for name in sidecar_names(path.name, path.stem))
    return next((one for one in found if one != path and one.is_file()), None)
