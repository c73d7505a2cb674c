"""Whether anything can have changed since the last build, found out without loading anything heavy.

A build that has succeeded leaves a stamp: a digest of all that it depended on, and the digest of
each file that it published. If both are still the same there is nothing to do. The stamp only ever
saves time: without it the same build finds every result in the store and comes to the same end.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

import photochrom
from photochrom.engine import Ledger
from photochrom.engine.keys import FILES, FRAMES, NETWORKS, digest_of, key_of
from photochrom.production.file import ProductionFile
from photochrom.production.naming import files_in
from photochrom.sidecar import sidecar_of

# Whose version may change what comes out.
_LIBRARIES = sorted({"fontpkg", *FILES, *FRAMES, *NETWORKS})
# How packages say that they hold fonts, any of which may lend a character.
_FONTS = ("fontpkg.family", "fonts_ttf")
# Which decide where the user's networks are, and what networks run on.
_VARIABLES = ("PHOTOCHROM_MODELS", "PHOTOCHROM_PROVIDER", "XDG_DATA_HOME", "LOCALAPPDATA", "HOME")


@dataclass(frozen=True)
class Stamp:
    """What the last successful build of a production left behind.

    Attributes:
        inputs: Digest of everything it depended on.
        watched: Folders of the user's networks, whose files it depended on.
        published: Digest of each file it published, by its path.
        film_keys: The keys, in the store, of its film and what belongs beside it; empty if there
            is no film.
        label_keys: The keys of its pictures with what was known of them.
    """

    inputs: str
    watched: tuple[str, ...]
    published: Mapping[str, str]
    film_keys: tuple[str, ...]
    label_keys: tuple[str, ...] = ()

    def holds(self, inputs: str, ledger: Ledger) -> bool:
        """Whether neither what a build depends on nor what it published has changed."""
        if inputs != self.inputs:
            return False
        try:
            return all(ledger.digest(Path(path)) == sha for path, sha in self.published.items())
        except OSError:
            return False

    @classmethod
    def read(cls, path: Path) -> Stamp | None:
        """The stamp in a file; None if there is none that can be used."""
        try:
            data = json.loads(path.read_bytes())
            return cls(
                data["inputs"],
                tuple(data["watched"]),
                dict(data["published"]),
                tuple(data["film_keys"]),
                tuple(data["label_keys"]),
            )
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def write(self, path: Path) -> None:
        """Puts the stamp into a file, whole or not at all."""
        from photochrom.files import write_text

        data = {
            "inputs": self.inputs,
            "watched": list(self.watched),
            "published": dict(self.published),
            "film_keys": list(self.film_keys),
            "label_keys": list(self.label_keys),
        }
        write_text(path, json.dumps(data, indent=1))


def stamp_path(file: ProductionFile) -> Path:
    """Where the stamp of a production lies in its cache."""
    return file.cache / "builds" / f"{digest_of(str(file.path.resolve()))}.json"


def inputs_digest(
    file: ProductionFile, originals: Mapping[str, str], watched: Sequence[str], speech: str = ""
) -> str:
    """Digest of everything that a build of a production depends on.

    Args:
        file: The production.
        originals: SHA-256 of each original, by id.
        watched: Folders whose files it depends on besides those that it names.
        speech: Key of who speaks what nobody has recorded; empty: nobody.
    """
    facts = {
        "production": file.production.model_dump(mode="json"),
        "originals": dict(originals),
        "speech": speech,
        "files": [_look(path) for path in _named_files(file)],
        "watched": [_look(path) for folder in watched for path in sorted(Path(folder).glob("*"))],
        "environment": [os.environ.get(name) for name in _VARIABLES],
        "code": [_look(path) for path in _code()],
        "python": sys.version,
        "fonts": sorted(_font_packages()),
    }
    return key_of("build", 1, facts, libraries=_LIBRARIES)


def _named_files(file: ProductionFile) -> Iterator[Path]:
    """Recipes, fonts and sounds that the production names, and sidecars of its scans."""
    sidecars = (sidecar_of(file.scan(entry).file) for entry in file.production.photographs)
    yield from (path for path in sidecars if path is not None)
    # The scans themselves go by their digests.
    names = {one.name for one in files_in(file.production) if one.kind != "scan"}
    yield from (file.resolve(name) for name in sorted(names))


def _code() -> Iterator[Path]:
    folder = Path(photochrom.__file__).parent
    yield from sorted(p for p in folder.rglob("*") if p.suffix != ".pyc" and p.is_file())


def _look(path: Path) -> list[Any]:
    path = path.absolute()
    try:
        status = path.stat()
    except OSError:
        return [str(path), None]
    return [str(path), status.st_size, status.st_mtime_ns]


def _font_packages() -> Iterator[tuple[str, str, str]]:
    for group in _FONTS:
        for point in entry_points(group=group):
            yield group, point.name, point.dist.version if point.dist else ""
