"""What the figures of a module depend on of our own source, so that changing it measures anew.

Benches have no versions that somebody could forget to raise. Followed are the imports of benches,
of what trainings measure with, and of those parts of photochrom that have no version either; what
steps do is told by theirs, and networks by their digests. Comments and layout do not count.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from photochrom.engine import digest_of

_COUNTED: Final = (
    "bench",
    "training",
    "photochrom.aging",
    "photochrom.colorspace",
    "photochrom.emulsion",
    "photochrom.measure",
    "photochrom.steps.joint",
)
# Benches take formulas of these, which stand for themselves; what else they import is for training.
_LEAVES: Final = ("training",)


@cache
def digest_of_sources(module: str, also: tuple[str, ...] = ()) -> str:
    """Digest of a module and of all of ours that it imports, in whatever depth.

    Args:
        module: Its name.
        also: Names of modules that are followed, too, with all that is in them.

    Raises:
        ModuleNotFoundError: There is no such module.
    """
    return digest_of({name: _meaning(path) for name, path in sources(module, also).items()})


def sources(module: str, also: tuple[str, ...] = ()) -> dict[str, Path]:
    """A module and all of ours that it imports, in whatever depth, with their files.

    Args:
        module: Its name.
        also: As for the digest.

    Raises:
        ModuleNotFoundError: There is no such module.
    """
    file = _file_of(module)
    if file is None:
        raise ModuleNotFoundError(f"there is no module {module}", name=module)
    counted = (*_COUNTED, *also)
    found, new = {module: file}, [module]
    while new:
        for name in _imported(found[new.pop()]):
            if name in found or not _is_in(name, counted) or (path := _file_of(name)) is None:
                continue
            found[name] = path
            if not _is_in(name, _LEAVES):
                new.append(name)
    return found


def _is_in(name: str, packages: tuple[str, ...]) -> bool:
    return any(name == one or name.startswith(f"{one}.") for one in packages)


def _imported(file: Path) -> Iterator[str]:
    """Names that may be modules: those imported, and what is imported from them."""
    for node in ast.walk(_tree(file)):
        if isinstance(node, ast.Import):
            yield from (one.name for one in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
            yield from (f"{node.module}.{one.name}" for one in node.names)


def _file_of(name: str) -> Path | None:
    """Where the source of a module lies, which is not imported."""
    top, *rest = name.split(".")
    spec = find_spec(top)
    if spec is None:
        return None
    if not rest and spec.origin is not None:
        return Path(spec.origin)
    for folder in spec.submodule_search_locations or ():
        path = Path(folder, *rest)
        for file in (path / "__init__.py", path.with_suffix(".py")):
            if file.is_file():
                return file
    return None


def _tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"))


def _meaning(file: Path) -> str:
    return ast.dump(_tree(file))
