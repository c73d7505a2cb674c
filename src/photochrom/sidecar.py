"""Which file is the XMP sidecar of a photograph."""

from __future__ import annotations

from pathlib import Path

_ENDINGS = (".xmp", ".XMP", ".Xmp")


def sidecar_of(path: Path) -> Path | None:
    """The sidecar of a photograph: `a.jpg.xmp`, which can only be meant for it, else `a.xmp`."""
    names = [path.name + ending for ending in _ENDINGS] + [path.stem + one for one in _ENDINGS]
    found = (path.with_name(name) for name in names)
    return next((one for one in found if one != path and one.is_file()), None)
