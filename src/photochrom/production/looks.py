"""What is seen in the pictures that a film shows: small copies of them, and what matters in each.

Cameras find their way, and words keep clear of faces, by what was found in a small copy; previews
show the copies themselves, because to read large pictures takes most of their time.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import cv2

from photochrom.engine import GoneError, Input, Report, Store, Task, key_of
from photochrom.engine.keys import FILES, FRAMES
from photochrom.film.camera import attention
from photochrom.film.camera.attention import UNKNOWN, Attention
from photochrom.film.stills import Stills, Version
from photochrom.film.storyboard import ComparisonCard, Item, Shot
from photochrom.measure.blazeface import BlazeFace
from photochrom.photograph import Photograph, dimensions, open_reduced
from photochrom.threads import limited_threads

CODE = 2
"""Raised whenever the same picture gives another copy."""

LONGEST = 1600
"""Pixels of a copy's longer side: a camera may come near, and frames still find enough of them."""

FACES = "faces"
"""The task of networks that find faces, on their cards."""

_COPY, _SEEN = "small.png", "attention.json"
_VERSIONS: tuple[Version, ...] = ("scan", "gray", "color")


@dataclass(frozen=True)
class Looks:
    """The pictures of a film, to be looked at.

    Attributes:
        files: The three states of each photograph by its id: scan, gray, color.
        items: What the film shows.
        small: Whether the film shows the small copies.
        detector: The network that finds faces; None for cascades.
    """

    files: Mapping[str, tuple[Input, Input, Input]]
    items: tuple[Item, ...]
    small: bool
    detector: Input | None = None

    def tasks(self) -> list[Task]:
        """What has to be looked at, or copied, before the film can be planned."""
        wanted = [(id, "color") for id in self.files if self.small or id in self._filmed]
        if self.small:
            # A state that nothing shows needs no copy, only its digest.
            wanted += sorted(one for one in self._before() if one not in wanted)
        return [self._task(id, version) for id, version in wanted]

    def stills(self, store: Store) -> dict[str, Stills]:
        """The stills of the film, by the photographs' ids; the store has what `tasks` made."""
        return {id: self._stills(id, store) for id in self.files}

    @property
    def _filmed(self) -> set[str]:
        return {item.photograph for item in self.items if isinstance(item, Shot)}

    def _before(self) -> Iterable[tuple[str, str]]:
        """The states that are seen before the last one."""
        for item in self.items:
            if isinstance(item, Shot) and item.reveal.kind != "none":
                yield item.photograph, item.reveal.from_
            elif isinstance(item, ComparisonCard):
                yield item.photograph, item.from_

    def _task(self, id: str, version: str) -> Task:
        file = self.files[id][("scan", "gray", "color").index(version)]
        looked_at = id in self._filmed
        kind = "attention" if looked_at else "small"
        inputs = {"picture": file}
        if looked_at and self.detector is not None:
            inputs["detector"] = self.detector
        digests = {name: one.sha256 for name, one in inputs.items()}
        code = (CODE, attention.CODE)
        key = key_of(kind, code, LONGEST, inputs=digests, libraries=(*FILES, *FRAMES))
        argument = looked_at, file is not self.files[id][0]
        return Task(key, id, look, argument, inputs, kind=kind)

    def _stills(self, id: str, store: Store) -> Stills:
        seen = UNKNOWN
        if id in self._filmed:
            folder = store.get(self._task(id, "color").key)
            if folder is None:
                raise GoneError("what was seen in a picture is gone", fix="run it again")
            seen = Attention.of(json.loads((folder / _SEEN).read_text("utf-8")))
        if not self.small:
            files = self.files[id]
            scan, gray, color = (file.path for file in files)
            digests = files[0].sha256, files[1].sha256, files[2].sha256
            return Stills(scan, gray, color, digests, seen)
        keys = [self._task(id, version).key for version in _VERSIONS]
        # Of a state that nothing shows there is no copy.
        scan, gray, color = ((store.get(key) or Path(key)) / _COPY for key in keys)
        return Stills(scan, gray, color, (keys[0], keys[1], keys[2]), seen)


def detector_named(name: str) -> Input | None:
    """The network that finds faces, by its card's name; None, for the cascades, if that is empty.

    Raises:
        ModelError: There is none of that name, or its file is not what the card says.
    """
    from photochrom.nets import Registry

    if not name:
        return None
    registry = Registry.default()
    card = registry.card(FACES, name=name)
    registry.verify(card)
    return Input(registry.file(card), card.sha256)


@limited_threads(1)
def look(
    folder: Path, argument: tuple[bool, bool], inputs: Mapping[str, Path], report: Report
) -> None:
    """Puts a copy of a picture into a folder, and a note of what matters in it.

    Args:
        folder: Where they go.
        argument: Whether anybody has to know what matters, and whether the picture is of our own
            making, so that it may be of any size.
        inputs: The picture; however large it is, it is never in memory as a whole. And the network
            that finds faces, if it is not the cascades that do.
        report: Told where it is.
    """
    (looked_at, ours), source = argument, inputs["picture"]
    factor = max(1, max(dimensions(source)) // LONGEST)
    pixels = open_reduced(source, factor, max_pixels=sys.maxsize if ours else None)
    if looked_at:
        report("looked at", 0.5)
        network = inputs.get("detector")
        detector = None if network is None else BlazeFace.open(network)
        seen = attention.look(pixels, detector).data()
        (folder / _SEEN).write_text(json.dumps(seen), "utf-8")
    height, width = pixels.shape[:2]
    share = LONGEST / max(height, width)
    if share < 1:
        size = (max(1, round(width * share)), max(1, round(height * share)))
        pixels = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
    Photograph.from_array(pixels).save(folder / _COPY, bit_depth=8)
