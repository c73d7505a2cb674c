"""The cut as a CMX 3600 edit decision list: the least that every editing program reads.

An event is a line: number, reel, channel, transition, source in and out, record in and out. A
dissolve takes two: the clip that goes, without length, and the clip that comes, whose record time
begins with the dissolve. There is no dip in CMX 3600: it becomes a dissolve to black and one from
it. Reel names have eight characters; whose they are is said in comments.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from photochrom.errors import StoryboardError
from photochrom.film.exchange.cut import Clip, Timeline
from photochrom.film.exchange.timecode import drops, nominal, start_frame, timecode

BLACK = "BL"
"""The reel of what is on no reel: black, and cards."""

LONGEST_EFFECT = 999
"""Frames: three digits hold no more."""

FASTEST = 99
"""Frames a second: two digits count no more."""

_RESERVED = frozenset({"AX", "BL", "BLACK", "BARS"})


def edl(timeline: Timeline) -> str:
    """The text of the list.

    Raises:
        StoryboardError: It cannot be written down in CMX 3600.
    """
    if nominal(timeline.rate) > FASTEST:
        raise StoryboardError(
            f"an edit decision list has no timecode for {timeline.rate} frames a second",
            fix="export FCPXML or OpenTimelineIO",
        )
    return _List(timeline).text()


class _List:
    """A list under way: the events so far, and where in which reel the last one ended."""

    def __init__(self, timeline: Timeline):
        self._timeline = timeline
        self._start = start_frame(timeline.rate)
        self._reels = reels(timeline)
        self._lines: list[str] = []
        self._events = 0
        self._last = BLACK, 0

    def text(self) -> str:
        mode = "DROP FRAME" if drops(self._timeline.rate) else "NON-DROP FRAME"
        self._lines = [f"TITLE: {_line(self._timeline.title)}", f"FCM: {mode}"]
        before: Clip | None = None
        for clip in self._timeline.clips:
            is_last = clip is self._timeline.clips[-1]
            self._clip(clip, before, self._timeline.fade if is_last else 0)
            before = clip
        if self._timeline.fade:
            self._event(BLACK, 0, self._timeline.length - self._timeline.fade, self._timeline.fade)
            self._comment("COMMENT", "fade to black")
        return "\n".join(self._lines) + "\n"

    def _clip(self, clip: Clip, before: Clip | None, fade: int) -> None:
        reel = self._reels[clip.media.path] if clip.media else BLACK
        first = clip.media.first if clip.media else 0
        effect, skipped = (clip.into.frames if clip.into else 0), 0
        if clip.into and clip.into.kind == "dip" and effect > 1:
            skipped = effect // 2
            self._event(BLACK, 0, clip.start, skipped, effect=skipped)
            self._comment("COMMENT", f"dip through {self._timeline.background}, first half")
            before, effect = None, effect - skipped
        length = clip.length - skipped - fade
        comes = self._event(reel, first + skipped, clip.start + skipped, length, effect=effect)
        self._name(clip, before, comes=comes)
        for name, said in (*clip_facts(clip).items(), *_card(clip)):
            self._comment(name.upper(), said)
        if clip.label:
            at = timecode(self._start + clip.start + skipped, self._timeline.rate)
            self._comment("LOC", f"{at} {'GREEN':7} {_line(clip.label)}")

    def _event(
        self, reel: str, source: int, record: int, frames: int, *, effect: int | None = None
    ) -> bool:
        """One event; `effect` frames of it dissolve from what was before (default: all).

        Returns:
            Whether it is a dissolve: from black to black there is none.
        """
        effect = frames if effect is None else effect
        if effect > LONGEST_EFFECT:
            raise StoryboardError(
                f"a transition of {effect} frames is too long for an edit decision list "
                f"(at most {LONGEST_EFFECT})",
                fix="make it shorter, or export FCPXML or OpenTimelineIO",
            )
        self._events += 1
        gone, end = self._last
        if gone == reel == BLACK:
            effect = 0
        if effect:
            self._write(gone, "C", end, record, 0)
        self._write(reel, f"D    {effect:03d}" if effect else "C", source, record, frames)
        self._last = (BLACK, 0) if reel == BLACK else (reel, source + frames)
        return effect > 0

    def _write(self, reel: str, kind: str, source: int, record: int, frames: int) -> None:
        rate = self._timeline.rate
        times = (source, source + frames, self._start + record, self._start + record + frames)
        codes = " ".join(timecode(time, rate) for time in times)
        self._lines.append(f"{self._events:03d}  {reel:8} V     {kind:8} {codes}")

    def _name(self, clip: Clip, before: Clip | None, *, comes: bool) -> None:
        """Says which files an event shows, in the words that conforming programs look for."""
        if comes and before is not None:
            self._comment("FROM CLIP NAME", _file(before))
        here = "TO" if comes else "FROM"
        self._comment(f"{here} CLIP NAME", _file(clip))
        if clip.media is not None:
            self._comment(f"{here} CLIP", str(clip.media.path.absolute()))

    def _comment(self, name: str, said: str) -> None:
        self._lines.append(f"* {name}: {_line(said)}")


def reels(timeline: Timeline) -> dict[Path, str]:
    """A reel name for each file in a cut: up to eight capitals and digits, no two alike."""
    named: dict[Path, str] = {}
    for clip in timeline.clips:
        if clip.media is None or clip.media.path in named:
            continue
        taken = _RESERVED.union(named.values())
        plain = re.sub("[^A-Z0-9]", "", clip.media.path.stem.upper()) or "STILL"
        named[clip.media.path] = next(reel for reel in _reel_names(plain) if reel not in taken)
    return named


def _reel_names(plain: str) -> Iterator[str]:
    yield plain[:8]
    number = 1
    while True:
        number += 1
        yield f"{plain[: 8 - len(str(number))]}{number}"


def clip_facts(clip: Clip) -> dict[str, str]:
    """What is known of a clip's photograph; nothing of a card's."""
    return dict(clip.media.facts) if clip.media else {}


def _card(clip: Clip) -> Iterator[tuple[str, str]]:
    if clip.media is None:
        yield "CARD", clip.name
        yield from (
            (name, said) for name, said in (("HEADING", clip.heading), ("TEXT", clip.body)) if said
        )


def _file(clip: Clip) -> str:
    return clip.media.path.name if clip.media else clip.name


def _line(text: str) -> str:
    """Text without what would end a line of the list."""
    return " ".join(text.split())
