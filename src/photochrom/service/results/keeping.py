"""Keeping files that were made: their bytes first, then the rows that tell of them."""

from __future__ import annotations

import mimetypes
from collections.abc import Mapping
from pathlib import Path

from photochrom.files import sha256_of
from photochrom.service.context import Context
from photochrom.service.results.tables import Result, ResultKind

_TYPES = {
    ".tif": "image/tiff",
    ".tiff": "image/tiff",
    ".webp": "image/webp",
    ".vtt": "text/vtt",
    ".srt": "application/x-subrip",
    ".mkv": "video/x-matroska",
}


_NONE = "all"
"""Folder of what shows no single photograph."""


def keep(
    context: Context,
    organization: str,
    owner: str,
    photograph: str,
    files: Mapping[Path, ResultKind],
) -> list[Result]:
    """Keeps files; the rows that tell of them are for the caller to write.

    A file's name among the blobs has its digest in it: bytes that are there already stay, whoever
    puts them there twice, and what a reader has begun to read is never replaced.

    Args:
        context: The service.
        organization: Whose they are.
        owner: The restoration or the film that they belong to.
        photograph: The photograph that they show, or "".
        files: What is kept, and what each is.
    """
    rows = []
    for path, kind in files.items():
        digest = sha256_of(path)
        blob = f"{results_of(organization, owner, photograph)}/{digest[:16]}/{path.name}"
        size = path.stat().st_size
        if context.blobs.size(blob) != size:
            context.blobs.adopt(blob, path)
        rows.append(
            Result(
                organization_id=organization,
                of=owner,
                photograph_id=photograph,
                kind=kind,
                name=path.name,
                media_type=media_type(path.name),
                size=size,
                sha256=digest,
                blob=blob,
            )
        )
    return rows


def results_of(organization: str, owner: str, photograph: str | None = None) -> str:
    """Below it lie the bytes of all results of a restoration or a film, or of those that show one
    photograph: others never share a file with them, so that they can go alone."""
    all_of_them = f"{organization}/results/{owner}"
    return all_of_them if photograph is None else f"{all_of_them}/{photograph or _NONE}"


def media_type(name: str) -> str:
    """What a file is, by the ending of its name."""
    known = _TYPES.get(Path(name).suffix.lower())
    return known or mimetypes.guess_type(name)[0] or "application/octet-stream"
