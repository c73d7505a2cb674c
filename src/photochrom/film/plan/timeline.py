"""The storyboard cut into segments, each known by a digest of exactly what is visible in it.

A *take* is one item with all that is needed to film it. A *segment* is a run of frames that is
rendered and encoded by itself: the body of an item, the transition into it, or the fade that ends
the film. Captions live in bodies only, so an edited one touches one segment; the words of a card
are its picture, and touch the transitions around it, too. Keys hang on file digests and storyboard
fields, never on paths, times or places in the film: a segment file is valid forever, and a shot
that moved to another place is not rendered again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from photochrom.engine import Input
from photochrom.engine.keys import EMBLEMS, FRAMES, key_of
from photochrom.errors import StoryboardError
from photochrom.files import sha256_of
from photochrom.film.camera.attention import UNKNOWN
from photochrom.film.camera.framing import picture_area
from photochrom.film.camera.moves import styles, styles_for
from photochrom.film.output import encode
from photochrom.film.plan.visible import Digests, visible
from photochrom.film.stills import Stills
from photochrom.film.storyboard import Shot, Storyboard, photograph_of
from photochrom.film.storyboard.cards import worded
from photochrom.film.storyboard.values import frames_in
from photochrom.film.takes import Take, images_of

CODE = 13
"""Raised whenever the same storyboard and stills give other frames."""

Kind = Literal["body", "dissolve", "dip", "fade"]


@dataclass(frozen=True)
class Segment:
    """A run of frames that is rendered and encoded by itself.

    Attributes:
        key: SHA-256 of everything visible in it, hexadecimal.
        kind: What happens in it.
        start: Its first frame in the film.
        frames: How many frames.
        take: The item; in a transition the one that comes in.
        offset: The item's frame that the segment starts with.
        before: In a transition the item that goes; None: black.
    """

    key: str
    kind: Kind
    start: int
    frames: int
    take: Take
    offset: int
    before: Take | None = None

    @property
    def name(self) -> str:
        """What people call it, for progress."""
        item = self.take.item
        title = item.photograph if isinstance(item, Shot) else f"{item.card} card"
        return title if self.kind == "body" else f"{self.kind} to {title}"


def segments_of(storyboard: Storyboard, stills: Mapping[str, Stills]) -> list[Segment]:
    """Cut a storyboard into segments; opens no picture.

    Args:
        storyboard: The film.
        stills: For each photograph id, its files.

    Raises:
        StoryboardError: If a shot names a photograph that is not there, or a still is unreadable.
    """
    digests = Digests(storyboard.film.language)
    takes = _takes(storyboard, stills, digests)
    segments: list[Segment] = []
    start = 0
    before: Take | None = None
    for take in takes:
        if take.first:
            kind = take.item.transition.kind
            assert kind != "cut"
            segments.append(_segment(kind, start, take.first, take, 0, before, digests))
        if take.last > take.first:
            body = take.last - take.first
            segments.append(
                _segment("body", start + take.first, body, take, take.first, None, digests)
            )
        before = take
        start += take.span if take is takes[-1] else frames_in(take.item.length, take.film.rate)
    final = takes[-1]
    rest = final.span - final.last
    if rest:
        segments.append(_segment("fade", start - rest, rest, final, final.last, None, digests))
    return segments


def length_of(segments: Sequence[Segment]) -> int:
    """Frames of a film."""
    return sum(segment.frames for segment in segments)


def one_frame(take: Take, index: int) -> Segment:
    """A single frame of an item as a segment of its own, with whatever text it shows.

    Args:
        take: The item.
        index: Its frame.
    """
    return _segment("body", 0, 1, take, index, None, Digests(take.film.language))


def _image(name: str, digests: Digests) -> Input:
    """A picture from elsewhere, and its digest."""
    path = Path(name)
    if ("image", name) not in digests:
        try:
            digests["image", name] = sha256_of(path)
        except OSError as error:
            what = f"the picture cannot be read ({error.strerror or error})"
            raise StoryboardError(what, where=path) from error
    return Input(path, digests["image", name])


def _takes(storyboard: Storyboard, stills: Mapping[str, Stills], digests: Digests) -> list[Take]:
    film, items = storyboard.film, storyboard.shots
    rate = film.rate
    lengths = [frames_in(item.length, rate) for item in items]
    into = [
        0 if item.transition.kind == "cut" else frames_in(item.transition.seconds, rate)
        for item in items
    ]
    fade = round(film.fade * rate)
    chosen = iter(_styles(storyboard, stills))
    takes = []
    for index, (item, length) in enumerate(zip(items, lengths, strict=True)):
        is_last = index == len(items) - 1
        files: Stills | None = None
        style = next(chosen) if isinstance(item, Shot) else ""
        if (photograph := photograph_of(item)) is not None:
            files = stills.get(photograph)
            if files is None:
                raise StoryboardError(
                    f'there is no photograph "{photograph}"', where=f"shot {index + 1}"
                )
        images = {name: _image(name, digests) for name in images_of(item, film)}
        takes.append(
            Take(
                item=worded(item, film.say),
                film=film,
                stills=files,
                style=style,
                first=min(into[index], length),
                last=length - fade if is_last else length,
                span=length if is_last else length + into[index + 1],
                ends=is_last,
                images=images,
            )
        )
    return takes


def _styles(storyboard: Storyboard, stills: Mapping[str, Stills]) -> list[str]:
    """The automatic moves of the shots; also of those that have one of their own."""
    film = storyboard.film
    shots = [item for item in storyboard.shots if isinstance(item, Shot)]
    _, (width, height) = picture_area(film.size, film.theme.letterbox)
    known = [stills.get(shot.photograph) for shot in shots]
    suiting = [
        styles_for(shot, width / height, UNKNOWN if files is None else files.attention)
        for shot, files in zip(shots, known, strict=True)
    ]
    return styles([shot.photograph for shot in shots], film.seed, suiting)


def _segment(
    kind: Kind,
    start: int,
    frames: int,
    take: Take,
    offset: int,
    before: Take | None,
    digests: Digests,
) -> Segment:
    film = take.film
    facts: dict[str, Any] = {
        "encoder": encode.fingerprint(film.size, film.rate, film.encoder),
        "kind": kind,
        "frames": frames,
        "take": visible(take, offset, offset + frames, text=kind == "body", digests=digests),
    }
    if kind == "dip":
        facts["background"] = film.theme.background
    if kind in ("dissolve", "dip") and before is not None:
        begin = before.span - frames
        facts["before"] = visible(before, begin, before.span, text=False, digests=digests)
    if (bug := film.theme.bug) is not None:
        facts["bug"] = [take.images[bug.image].sha256, bug.at, bug.strength, film.theme.letterbox]
    libraries = (*FRAMES, *EMBLEMS) if take.images else FRAMES
    key = key_of("segment", CODE, facts, libraries=libraries)
    return Segment(key, kind, start, frames, take, offset, before)
