"""Reading a production file that somebody sent in: it names photographs and its own files, and
nothing else of this machine or any other."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from pathlib import Path

from photochrom.errors import ProductionError
from photochrom.production import ProductionFile
from photochrom.production.naming import files_in, is_voice_file
from photochrom.service.core.ids import is_id
from photochrom.service.core.problems import InvalidError
from photochrom.source import Source

NAME = "production.toml"
_ASSET = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._-]{0,198}")
_PLACE = frozenset("/\\:")
_OURS = frozenset({NAME, "draft", "out", "photographs"})
"""What lies beside its files where a production is built."""


@dataclass(frozen=True)
class Read:
    """A production file, and what it names.

    Attributes:
        file: The file.
        photographs: Ids of the photographs, in its order.
        assets: Names of its other files.
    """

    file: ProductionFile
    photographs: tuple[str, ...]
    assets: tuple[str, ...]


def read(text: str, assets: Collection[str] | None = None) -> Read:
    """Reads a production file.

    Args:
        text: TOML. Photographs are named by their ids (`file = "ph_..."`, and behind a slash what
            people call them), other files as they were sent in.
        assets: Names of the files that were sent in; None to take all for granted.

    Raises:
        InvalidError: It is none, or names what cannot be named here; tells line and key.
    """
    try:
        file = ProductionFile.parse(text, Path(NAME))
    except ProductionError as error:
        raise InvalidError(error.what, where=error.where, fix=error.fix) from error
    _check_voice(file)
    photographs, others = [], []
    for named in files_in(file.production):
        if named.kind == "scan":
            photographs.append(_photograph(file, named.name, named.loc))
        elif not _ASSET.fullmatch(named.name) or (assets is not None and named.name not in assets):
            raise _wrong(
                file,
                f'there is no file "{named.name}" of this production',
                named.loc,
                "send it in first, and name it as it is called there",
            )
        else:
            others.append(named.name)
    return Read(file, tuple(dict.fromkeys(photographs)), tuple(dict.fromkeys(others)))


def asset_name(name: str) -> str:
    """A name that a file of a production may have.

    Raises:
        InvalidError: It may not.
    """
    if not _ASSET.fullmatch(name):
        raise InvalidError(
            "is no name for a file", where="name", fix="take letters, digits, spaces, . _ -"
        )
    if name.casefold() in _OURS:
        raise InvalidError("is taken by the service itself", where="name", fix="call it otherwise")
    return name


def placed(file: ProductionFile, path: Path, cache: Path, names: dict[str, str]) -> ProductionFile:
    """A production as it is built: in a folder that holds what it names.

    Args:
        file: As it was read.
        path: Where it is to be.
        cache: Where results are kept.
        names: Where each photograph lies in the folder, by its id.
    """
    production = file.production
    entries = []
    for entry in production.photographs:
        id, page = _parts(entry.file)
        near = names[id] + (f"#page={page}" if page is not None else "")
        entries.append(entry.model_copy(update={"file": near}))
    output = production.output.model_copy(
        update={"folder": "out", "film": None, "cache": str(cache)}
    )
    changed = production.model_copy(update={"photographs": tuple(entries), "output": output})
    return replace(file, path=path, production=changed)


def _check_voice(file: ProductionFile) -> None:
    """Speech engines take voices by their paths, and one of them by its URL."""
    voice = file.production.film.sound.voice
    if not is_voice_file(voice) and (_PLACE & set(voice) or voice.startswith((".", "-"))):
        raise _wrong(
            file,
            f'"{voice}" is no name of a voice',
            ("film", "sound", "voice"),
            "name a voice of the speech engine, or send in a model (.onnx)",
        )


def _photograph(file: ProductionFile, name: str, loc: tuple[str | int, ...]) -> str:
    id, _ = _parts(name)
    if not is_id("ph", id):
        raise _wrong(
            file,
            f'"{name}" is no photograph',
            loc,
            'name one by its id: file = "ph_..."',
        )
    return id


def _parts(name: str) -> tuple[str, int | None]:
    """Id and page of `ph_ID/NAME#page=N`."""
    source = Source.of(Path(name))
    return source.file.as_posix().partition("/")[0], source.page


def _wrong(file: ProductionFile, what: str, loc: tuple[str | int, ...], fix: str) -> InvalidError:
    said = file.error(what, *loc, fix=fix)
    return InvalidError(said.what, where=said.where, fix=said.fix)
