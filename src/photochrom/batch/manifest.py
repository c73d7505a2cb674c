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
from photochrom.errors import PhotochromError, PhotographError, PlaceError
from photochrom.files import part_of, usable
from photochrom.places import Place, Url, fetch, find, place_of, put, remove

NAME = "failed.jsonl"
"""What it is called in an output folder."""

_KEYS = ("input", "folder", "name", "error")

_Line = dict[str, Any]


class Manifest:
    """A list of failures that grows.

    Args:
        path: Where it is written.
        earlier: Lines of the list that it takes the place of.

    Attributes:
        is_complete: Whether the batch has gone through all of its photographs. As long as it has
            not, what it has not come to stays on the list.
    """

    def __init__(self, path: Path, earlier: list[_Line]):
        self._path = path
        self._earlier = {_which(line): line for line in earlier}
        self.is_complete = False

    def note(self, result: Result) -> None:
        """Notes how a photograph came out."""
        job = result.job
        line = {
            "input": _lasting(job.source),
            "folder": _lasting(job.folder),
            "name": job.name,
        }
        earlier = self._earlier.pop(_which(line), line)
        if result.error is not None:
            self._add({**earlier, "error": result.error})

    def close(self) -> None:
        """Puts on the list what a batch that was cut short has not come to."""
        if not self.is_complete:
            for line in self._earlier.values():
                self._add(line)

    def _add(self, line: _Line) -> None:
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line, ensure_ascii=False) + "\n")


@contextmanager
def manifest(place: Place | None) -> Iterator[Manifest | None]:
    """A list of failures that is at its place, whole, when the block ends, in whatever way.

    Without a failure there is none: one of an earlier run is removed. Of a batch that was cut
    short, what was on the earlier list and has not been tried again is on the new one.

    Args:
        place: Where; None for no list.

    Raises:
        PhotochromError: It cannot be written, or something that is none lies there.
    """
    if place is None:
        yield None
        return
    earlier = _earlier(place)
    with TemporaryDirectory(prefix="photochrom-") as folder:
        listed = Manifest(Path(folder) / NAME, earlier)
        try:
            yield listed
        finally:
            listed.close()
            _publish(Path(folder) / NAME, place)


def taken_up(place: Place) -> list[Job]:
    """The jobs of a list.

    Raises:
        PhotochromError: It cannot be read, or is none.
    """
    return [_job(line, f"{place}:{number}") for number, line in _numbered(place)]


def _which(line: _Line) -> tuple[str, str, str]:
    source, folder = (_lasting(place_of(line[key])) for key in ("input", "folder"))
    return source, folder, line["name"]


def _lasting(place: Place) -> str:
    """A place as it is named in whatever folder the list is taken up again."""
    return str(place.absolute() if isinstance(place, Path) else place)


def _job(line: _Line, where: str) -> Job:
    name = line["name"]
    if name in ("", ".", "..") or any(sign in name for sign in "/\0"):
        raise PhotographError(
            "no result can have such a name", where=where, fix="name it as the scan is named"
        )
    if any("\0" in line[key] for key in ("input", "folder")):
        raise PhotographError("names no file", where=where, fix="take it off the list")
    source, folder = place_of(line["input"]), place_of(line["folder"])
    if isinstance(folder, Url) and folder.is_web:
        raise PlaceError(
            "the web takes no files", where=where, fix="name another folder", kind="unsupported"
        )
    return Job(source, folder, name)


def _numbered(place: Place) -> list[tuple[int, _Line]]:
    """The lines of a list, with their numbers."""
    with TemporaryDirectory(prefix="photochrom-") as folder:
        path = place if isinstance(place, Path) else Path(folder) / NAME
        if isinstance(place, Url):
            fetch(place, path)
        elif path.exists() and not path.is_file():
            # Never "/dev/null": what is finished takes the place of what lies there, or removes it.
            raise PhotographError("is no file", where=path, fix="name a file")
        elif not path.exists():
            what = "is not there: runs without failures remove it"
            raise PhotographError(what, where=path, fix="if it is another, check its name")
        with usable(path, PhotographError):
            text = path.read_text("utf-8-sig", errors="replace")
    # Names may hold other signs that end lines.
    numbered = enumerate(text.split("\n"), start=1)
    found = [(number, _line(one, f"{place}:{number}")) for number, one in numbered if one.strip()]
    if not found:
        raise _none(f"{place}:1")
    return found


def _line(text: str, where: str) -> _Line:
    try:
        line = json.loads(text)
    except ValueError:
        raise _none(where) from None
    if not (isinstance(line, dict) and all(isinstance(line.get(key), str) for key in _KEYS)):
        raise _none(where)
    return line


def _none(where: str) -> PhotographError:
    return PhotographError(
        "is no list of photographs that failed",
        where=where,
        fix=f"name a {NAME} that photochrom restore has written",
    )


def _earlier(place: Place) -> list[_Line]:
    """The lines of the list that lies there; an error if it is none of ours."""
    there = place.exists() if isinstance(place, Path) else find(place) is not None
    try:
        return [line for _, line in _numbered(place)] if there else []
    except PhotographError as error:
        error.fix = "name another with --failures, or move it away"
        raise


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
