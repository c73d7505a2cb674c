"""The photographs of a batch that failed, a line of JSON each, to be taken up again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from photochrom.batch.jobs import Job
from photochrom.batch.result import Result
from photochrom.errors import PhotochromError, PhotographError
from photochrom.files import part_of, usable
from photochrom.places import Place, Url, fetch, find, place_of, put, remove

NAME = "failed.jsonl"
"""What it is called in an output folder."""

_KEYS = frozenset({"input", "folder", "name", "error"})


class Manifest:
    """A list of failures that grows.

    Args:
        path: Where it is written.
    """

    def __init__(self, path: Path):
        self._path = path
        self.count = 0

    def add(self, result: Result) -> None:
        """Notes a photograph that failed."""
        job = result.job
        line = {
            "input": str(job.source),
            "folder": str(job.folder),
            "name": job.name,
            "error": result.error,
        }
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line, ensure_ascii=False) + "\n")
        self.count += 1


@contextmanager
def manifest(place: Place | None) -> Iterator[Manifest | None]:
    """A list of failures that is at its place, whole, when the block ends, in whatever way.

    Without a failure there is none: one of an earlier run is removed.

    Args:
        place: Where; None for no list.

    Raises:
        PhotochromError: It cannot be written, or something that is none lies there.
    """
    if place is None:
        yield None
        return
    _look(place)
    with TemporaryDirectory(prefix="photochrom-") as folder:
        listed = Manifest(Path(folder) / NAME)
        try:
            yield listed
        finally:
            _publish(Path(folder) / NAME, place)


def taken_up(place: Place) -> list[Job]:
    """The jobs of a list.

    Raises:
        PhotochromError: It cannot be read, or is none.
    """
    with TemporaryDirectory(prefix="photochrom-") as folder:
        path = place if isinstance(place, Path) else Path(folder) / NAME
        if isinstance(place, Url):
            fetch(place, path)
        return [
            Job(place_of(line["input"]), place_of(line["folder"]), line["name"])
            for line in _lines(path, place)
        ]


def _lines(path: Path, place: Place) -> list[dict[str, Any]]:
    with usable(path, PhotographError):
        text = path.read_text("utf-8", errors="replace")
    lines = []
    for number, one in enumerate(text.splitlines(), start=1):
        try:
            line = json.loads(one)
            if not (isinstance(line, dict) and _KEYS <= line.keys()):
                raise ValueError
        except ValueError:
            raise PhotographError(
                "is no list of photographs that failed",
                where=f"{place}:{number}",
                fix=f"name a {NAME} that photochrom restore has written",
            ) from None
        lines.append(line)
    return lines


def _look(place: Place) -> None:
    """An error if something lies there that is none of ours."""
    if isinstance(place, Path):
        if place.exists():
            _lines(place, place)
    elif find(place) is not None:
        taken_up(place)


def _publish(listed: Path, place: Place) -> None:
    if isinstance(place, Url):
        if listed.exists():
            found = find(place)
            mode, etag = ("create", None) if found is None else ("replace", found.etag)
            put(listed, place, mode="replace" if mode == "replace" else "create", etag=etag)
        elif find(place) is not None:
            remove(place)
        return
    with usable(place, PhotochromError):
        if not listed.exists():
            place.unlink(missing_ok=True)
            return
        with part_of(place) as part:
            part.write_bytes(listed.read_bytes())
