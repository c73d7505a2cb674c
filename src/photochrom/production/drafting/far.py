"""Scans, tables and sounds of a folder in a bucket, brought here to be looked at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path, PureWindowsPath

from photochrom.batch.listing import far_scans
from photochrom.engine import Progress, nobody
from photochrom.errors import PlaceError, ProductionError
from photochrom.places import Object, Place, Url, head, listed
from photochrom.production.bringing import bring_seen
from photochrom.production.drafting.catalog import SUFFIXES as TABLES
from photochrom.production.drafting.scans import SOUNDS
from photochrom.production.mirror import Mirror
from photochrom.scans import PassedOver, is_system
from photochrom.source import Source


@dataclass(frozen=True)
class Copies:
    """What a draft is made of, where some of it lies elsewhere.

    Attributes:
        mirror: Where copies are, so that whoever makes the production finds them.
        home: Where the production file is going to be, if that is elsewhere.
        progress: Told of what is brought.
    """

    mirror: Mirror
    home: Url | None = None
    progress: Progress = nobody
    _urls: dict[Path, Url] = field(default_factory=dict)

    @classmethod
    def for_draft(cls, output: Place, progress: Progress) -> Copies:
        """Those of a production file that is going to be somewhere."""
        if isinstance(output, Url):
            return cls(Mirror.of_production(output), output, progress)
        return cls(Mirror(output.parent / ".photochrom"), None, progress)

    def name(self, path: Path) -> str | None:
        """What the production calls a file that lies elsewhere; None if it lies here.

        Raises:
            ProductionError: It lies here, and the production is going to be elsewhere.
        """
        source = Source.of(path)
        url = self._urls.get(source.file)
        if url is None:
            if self.home is not None:
                raise ProductionError(
                    "lies on this machine, but the production file is to lie elsewhere",
                    where=path,
                    fix="copy it there first, or draft into a file of this machine",
                )
            return None
        page = "" if source.page is None else f"#page={source.page}"
        return self._short(url) + page

    def _short(self, url: Url) -> str:
        """Relative to the production file, if that is above it."""
        if self.home is not None and url.is_relative_to(self.home.parent):
            name = url.relative_to(self.home.parent).as_posix()
            if not (name.startswith("~") or PureWindowsPath(name).drive or "//" in name):
                return name
        return str(url)

    def file(self, place: Place) -> Path:
        """A file, from here.

        Raises:
            PlaceError: It lies elsewhere, and cannot be brought.
        """
        if isinstance(place, Path):
            return place
        self._bring([head(place)])
        return self.mirror.near(place)

    def folder(self, place: Place) -> tuple[Path, list[str]]:
        """A folder of scans, from here, and what to know of what else lies there.

        Raises:
            PlaceError: It lies elsewhere, and cannot be listed or brought.
        """
        if isinstance(place, Path):
            return place, []
        place = place.folder
        passed = PassedOver()
        wanted: list[Object] = []
        for scan in far_scans(place, None, passed):
            wanted += [scan.seen] if scan.sidecar is None else [scan.seen, scan.sidecar]
        sounds = [one for one in listed(place) if _is_read(one.url, place)]
        spoken = sum(one.url.suffix.lower() in SOUNDS for one in sounds)
        others = [one for one in passed.others if _suffix(one) not in SOUNDS]
        # Sounds may be narrations.
        passed.more = max(0, passed.more - (spoken - (len(passed.others) - len(others))))
        passed.others = others
        near = self.mirror.near(place)
        self._bring([*{one.url: one for one in (*wanted, *sounds)}.values()])
        for path in near.rglob("*") if near.is_dir() else ():
            if path not in self._urls and path.is_file():
                self._drop(place, path.relative_to(near))
        if not near.is_dir():
            raise ProductionError(
                "there is no photograph in this folder", where=str(place), fix="name another"
            )
        line = str(passed)
        return near, [line] if line else []

    def _bring(self, seen: Sequence[Object]) -> None:
        bring_seen(self.mirror, seen, progress=self.progress)
        self._urls.update({self.mirror.near(one.url): one.url for one in seen})

    def _drop(self, folder: Url, below: Path) -> None:
        """Removes a copy of what is not there any more."""
        try:
            self.mirror.drop(folder / below.as_posix())
        except PlaceError:
            return  # It has no name that anything there could have.


def _is_read(url: Url, folder: Url) -> bool:
    """Whether something is read with scans: a table in their folder, or a sound anywhere."""
    if any(is_system(part) for part in url.relative_to(folder).parts):
        return False
    suffix = url.suffix.lower()
    return suffix in SOUNDS or (suffix in TABLES and url.parent == folder)


def _suffix(place: Place) -> str:
    return place.suffix.lower()
