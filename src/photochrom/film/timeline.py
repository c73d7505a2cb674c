"""The storyboard cut into segments, each known by a digest of exactly what is visible in it.

A *take* is one item with all that is needed to film it. A *segment* is a run of frames that is
rendered and encoded by itself: the body of an item, the transition into it, or the fade that ends
the film. Text lives in bodies only, so an edited caption touches one segment. Keys hang on file
digests and storyboard fields, never on paths, times or places in the film: a segment file is valid
forever, and a shot that moved to another place is not rendered again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

from photochrom.errors import StoryboardError
from photochrom.film import encode
from photochrom.film.attention import UNKNOWN
from photochrom.film.framing import picture_area
from photochrom.film.moves import styles, styles_for
from photochrom.film.pictures import Stills, Version
from photochrom.film.storyboard import Card, CreditsCard, Film, Shot, Storyboard, TitleCard
from photochrom.film.type import fonts_digest

CODE = 6
"""Raised whenever the same storyboard and stills give other frames."""

Kind = Literal["body", "dissolve", "dip", "fade"]


@dataclass(frozen=True)
class Take:
    """One item, ready to be filmed in any process.

    Attributes:
        item: The shot or card.
        film: Settings.
        stills: The photograph's files; None for cards.
        style: The automatic move that was chosen for it.
        first: First frame of its body: the transition into it lasts that long.
        last: Frame after its body.
        span: Frames on screen, the transition out of it included.
    """

    item: Shot | Card
    film: Film
    stills: Stills | None
    style: str
    first: int
    last: int
    span: int

    @property
    def seconds(self) -> float:
        return float(self.span / self.film.rate)

    def reveal_span(self) -> tuple[float, float] | None:
        """First and last frame of the reveal as fractions of frames, or None."""
        if not isinstance(self.item, Shot) or self.item.reveal.kind == "none":
            return None
        reveal, rate = self.item.reveal, float(self.film.rate)
        length = reveal.seconds * rate
        if reveal.at is not None:
            return reveal.at * rate, reveal.at * rate + length
        # Time to look at the old picture first, more of it in a long shot.
        body = self.last - self.first
        begin = self.first + max(0.28 * body, min(1.2 * rate, 0.4 * body))
        latest = max(self.first, self.last - length - 0.2 * body)
        begin = min(begin, latest)
        return begin, begin + length

    def versions(self, first: int, stop: int) -> tuple[Version, ...]:
        """Which states of the photograph are seen in a run of frames."""
        if not isinstance(self.item, Shot):
            return ()
        span = self.reveal_span()
        if span is None or first >= span[1]:
            return ("color",)
        if stop - 1 <= span[0]:
            return (self.item.reveal.from_,)
        return (self.item.reveal.from_, "color")


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


def plan(storyboard: Storyboard, stills: Mapping[str, Stills]) -> list[Segment]:
    """Cut a storyboard into segments; opens no picture.

    Args:
        storyboard: The film.
        stills: For each photograph id, its files.

    Raises:
        StoryboardError: If a shot names a photograph that is not there, or a still is unreadable.
    """
    takes = _takes(storyboard, stills)
    segments: list[Segment] = []
    start = 0
    before: Take | None = None
    digests: dict[Any, str] = {}
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


def length_of(segments: list[Segment]) -> int:
    """Frames of a film."""
    return sum(segment.frames for segment in segments)


def one_frame(take: Take, index: int) -> Segment:
    """A single frame of an item as a segment of its own, with whatever text it shows.

    Args:
        take: The item.
        index: Its frame.
    """
    return _segment("body", 0, 1, take, index, None, {})


def _takes(storyboard: Storyboard, stills: Mapping[str, Stills]) -> list[Take]:
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
        style = ""
        if isinstance(item, Shot):
            style = next(chosen)
            files = stills.get(item.photograph)
            if files is None:
                raise StoryboardError(
                    f'there is no photograph "{item.photograph}"', where=f"shot {index + 1}"
                )
        takes.append(
            Take(
                item=item,
                film=film,
                stills=files,
                style=style,
                first=min(into[index], length),
                last=length - fade if is_last else length,
                span=length if is_last else length + into[index + 1],
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


def frames_in(seconds: float, rate: Fraction) -> int:
    """How many frames a length is, at least one."""
    return max(1, round(Fraction(seconds).limit_denominator(100_000) * rate))


def _segment(
    kind: Kind,
    start: int,
    frames: int,
    take: Take,
    offset: int,
    before: Take | None,
    digests: dict[Any, str],
) -> Segment:
    film = take.film
    facts: dict[str, Any] = {
        "code": CODE,
        "encoder": encode.fingerprint(film.size, film.rate),
        "kind": kind,
        "frames": frames,
        "take": _visible(take, offset, offset + frames, text=kind == "body", digests=digests),
    }
    if kind == "dip":
        facts["background"] = film.theme.background
    if kind in ("dissolve", "dip") and before is not None:
        begin = before.span - frames
        facts["before"] = _visible(before, begin, before.span, text=False, digests=digests)
    text = json.dumps(facts, sort_keys=True, ensure_ascii=True, default=str)
    key = hashlib.sha256(text.encode()).hexdigest()
    return Segment(key, kind, start, frames, take, offset, before)


def _visible(
    take: Take, first: int, stop: int, *, text: bool, digests: dict[Any, str]
) -> dict[str, Any]:
    """Everything that decides the pixels of a run of frames, in JSON values."""
    item, theme = take.item, take.film.theme
    facts: dict[str, Any] = {"from": first, "background": theme.background}
    if text:
        facts["fonts"] = _fonts(take, digests)
        facts["ink"] = [theme.ink, theme.rule]
        facts["body"] = [take.first, take.last]
    if not isinstance(item, Shot):
        facts["background"] = item.background or theme.background
        if text:
            facts["card"] = item.model_dump(
                mode="json", exclude={"transition", "length", "narration"}
            )
            if isinstance(item, TitleCard) and not item.title:
                facts["title"] = take.film.title
            if isinstance(item, CreditsCard):
                facts["span"] = take.span
        return facts
    assert take.stills is not None
    hidden = {"photograph", "caption", "credit", "transition", "length", "reveal", "narration"}
    facts["shot"] = item.model_dump(mode="json", exclude=hidden)
    if item.move == "auto":
        facts["style"] = take.style
    if isinstance(item.move, str):
        facts["attention"] = take.stills.attention.data()
    facts["span"] = take.span
    # A matted picture makes room for words, whatever they are.
    facts["has caption"] = bool(item.caption.strip())
    facts["look"] = [theme.vignette, theme.letterbox, theme.surround]
    versions = take.versions(first, stop)
    if len(versions) > 1:
        facts["reveal"] = [item.reveal.kind, item.reveal.center, take.reveal_span()]
    if text:
        facts["words"] = [item.caption, item.credit]
    # The colored picture gives the camera its aspect, seen or not.
    for version in {*versions, "color"}:
        known = (item.photograph, version)
        if known not in digests:
            digests[known] = take.stills.digest(version)
        facts[f"{version} digest"] = digests[known]
    facts["versions"] = versions
    return facts


def _fonts(take: Take, digests: dict[Any, str]) -> str:
    item, theme = take.item, take.film.theme
    if isinstance(item, Shot) and not item.caption and not item.credit:
        return ""
    names = (theme.title_font, theme.text_font)
    if names not in digests:
        digests[names] = fonts_digest(names)
    return digests[names]
