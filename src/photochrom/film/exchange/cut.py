"""The film as editing programs think of it: clips one after another, in whole frames.

All that leaves for an editing program is written from this, so that every format tells the same
cut. A clip's own frames are counted from 0, where the transition into it begins; the clip that
goes is seen beneath that transition for `tail` frames more than its length.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path
from typing import Literal

from photochrom.film.exchange.camera import KeyFrame, key_frames
from photochrom.film.plan.subtitles import in_one_line, words_on
from photochrom.film.plan.timeline import Segment
from photochrom.film.storyboard import Shot, Storyboard
from photochrom.film.takes import Take
from photochrom.phrases import one_line


@dataclass(frozen=True)
class Media:
    """A file that a clip shows or plays.

    Attributes:
        path: Where it is.
        size: Width and height in pixels; of sound the film's.
        facts: What is known of it, for people: caption, credit, license and the like.
        frames: Its length; 0 for a still, which is as long as anybody wants.
        first: Which of its frames is the clip's first; before it are handles.
    """

    path: Path
    size: tuple[int, int]
    facts: Mapping[str, str] = field(default_factory=dict)
    frames: int = 0
    first: int = 0

    @property
    def url(self) -> str:
        return self.path.absolute().as_uri()


@dataclass(frozen=True)
class Transition:
    """How a clip comes in, over its first frames.

    Attributes:
        kind: "dissolve", or "dip" (through the film's background).
        frames: How long it takes, 1 or more.
    """

    kind: Literal["dissolve", "dip"]
    frames: int


@dataclass(frozen=True)
class Clip:
    """A shot or a card in the cut.

    Attributes:
        key: By which the shot is known when the cut comes back.
        name: What people call it.
        start: Its first frame in the film.
        length: Its frames in the film.
        tail: Frames for which it goes on beneath the transition to the next one.
        into: How it comes in; None: by a cut.
        media: The photograph's file, or the shot's or card's own; None for cards that have none.
        move: The camera's path; empty for cards, and where it is in the file.
        heading: What a card says in large letters: its heading, title or quotation.
        body: What it says below.
        caption: What is written over a photograph.
        label: What its marker is called, in one line: a card's heading, or the caption; "": it has
            no marker.
        credit: The small print over a photograph.
        words: First frame of the clip with words, and the frame after the last one.
        chapter: Whether it is a chapter's card.
    """

    key: str
    name: str
    start: int
    length: int
    tail: int = 0
    into: Transition | None = None
    media: Media | None = None
    move: tuple[KeyFrame, ...] = ()
    heading: str = ""
    body: str = ""
    caption: str = ""
    label: str = ""
    credit: str = ""
    words: tuple[int, int] = (0, 0)
    chapter: bool = False

    @property
    def text(self) -> str:
        """All that a card says."""
        return "\n".join(filter(None, (self.heading, self.body)))


@dataclass(frozen=True)
class Timeline:
    """A film's cut.

    Attributes:
        title: Of the film.
        rate: Frames a second, exact.
        size: Width and height in pixels.
        background: What dips go through, "#rrggbb".
        clips: In order, without gaps.
        fade: Frames of the fade to black that ends the last clip.
        sound: The film's sound, as long as the film.
    """

    title: str
    rate: Fraction
    size: tuple[int, int]
    background: str
    clips: tuple[Clip, ...]
    fade: int = 0
    sound: Media | None = None

    @property
    def length(self) -> int:
        """Frames."""
        return sum(clip.length for clip in self.clips)


def timeline_of(
    storyboard: Storyboard,
    segments: Sequence[Segment],
    media: Mapping[str, Media],
    keys: Sequence[str],
) -> Timeline:
    """The cut of a film.

    Args:
        storyboard: The film.
        segments: Its plan.
        media: For each photograph that it shows, the file for the editing program.
        keys: For each item of the storyboard, by what it is to be known.
    """
    film = storyboard.film
    clips: list[Clip] = []
    last: Take | None = None
    fade = 0
    for segment in segments:
        take = segment.take
        if take is not last:
            clips.append(_clip(take, segment.start, keys[len(clips)], media))
            last = take
        clip = replace(clips[-1], length=clips[-1].length + segment.frames)
        if segment.kind in ("dissolve", "dip"):
            kind: Literal["dissolve", "dip"] = "dip" if segment.kind == "dip" else "dissolve"
            clip = replace(clip, into=Transition(kind, segment.frames))
        elif segment.kind == "fade":
            fade = segment.frames
        clips[-1] = replace(clip, tail=take.span - clip.length)
    return Timeline(
        film.title, film.rate, film.size, film.theme.background, tuple(clips), fade=fade
    )


def with_files(timeline: Timeline, files: Sequence[Media]) -> Timeline:
    """A cut whose clips show files of their own, with the move in them.

    Args:
        timeline: With photographs as media.
        files: For each clip, its own; what is known of the photograph in it is kept.
    """
    clips = (
        replace(clip, media=replace(file, facts=clip.media.facts if clip.media else {}), move=())
        for clip, file in zip(timeline.clips, files, strict=True)
    )
    return replace(timeline, clips=tuple(clips))


def _clip(take: Take, start: int, key: str, media: Mapping[str, Media]) -> Clip:
    item, words = take.item, (take.first, take.last)
    if not isinstance(item, Shot):
        heading, *rest = (text.strip() for text in words_on(take))
        body = "\n".join(filter(None, rest))
        return Clip(
            key,
            f"{item.card} card",
            start,
            0,
            heading=heading,
            body=body,
            label=one_line(heading or next(filter(None, rest), "")),
            words=words,
            chapter=item.card == "chapter",
        )
    picture = media[item.photograph]
    return Clip(
        key,
        item.photograph,
        start,
        0,
        media=picture,
        move=key_frames(take, picture.size),
        caption=item.caption.plain,
        label=in_one_line(item.caption.plain, take.film.say),
        credit=item.credit.strip(),
        words=words,
    )
