"""What the film says, as text tracks: captions, and descriptions for those who cannot see it.

Written by hand and not by a library: it takes a dozen lines, and pysubs2, which reads them back in
the tests, takes braces and backslashes in a caption for its own markup.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from photochrom.phrases import one_line

LINE = 42
"""Letters in a line of a caption, at most; what broadcasters allow (BBC subtitle guidelines: 37 to
42 by the medium)."""

ENDS = tuple(".!?…。！？।؟")
CLOSING = "\"'”’»)]"
PAUSES = (*ENDS, *",;:、，—–")


@dataclass(frozen=True)
class Subtitle:
    """A text and when it is there.

    Attributes:
        start: First frame.
        stop: Frame after the last one.
        text: One or more lines.
        high: Whether the picture has the same words in its upper half.
        spoken: Whether it is heard; else it stands in the picture, too.
    """

    start: int
    stop: int
    text: str
    high: bool = False
    spoken: bool = False


def srt(subtitles: Iterable[Subtitle], rate: Fraction) -> str:
    """Subtitles as SubRip text; times are those of frames, to the millisecond."""
    blocks = [
        f"{number}\n{_clock(one.start, rate, ',')} --> {_clock(one.stop, rate, ',')}\n{one.text}\n"
        for number, one in enumerate(subtitles, start=1)
    ]
    return "\n".join(blocks)


def vtt(subtitles: Iterable[Subtitle], rate: Fraction, *, settings: str = "") -> str:
    """Subtitles as WebVTT text (W3C WebVTT 1).

    Args:
        subtitles: What to write.
        rate: Frames a second.
        settings: Of every cue that the picture has low, such as "line:1", the second line from the
            top. What is only heard stands where players put subtitles.
    """
    after = f" {settings}" if settings else ""
    blocks = [
        f"{number}\n{_clock(one.start, rate, '.')} --> {_clock(one.stop, rate, '.')}"
        f"{'' if one.high or one.spoken else after}\n"
        f"{_escaped(one.text)}\n"
        for number, one in enumerate(subtitles, start=1)
    ]
    return "\n".join(["WEBVTT\n", *blocks])


def _clock(frame: int, rate: Fraction, point: str) -> str:
    milliseconds = round(frame / rate * 1000)
    seconds, milliseconds = divmod(milliseconds, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02}{point}{milliseconds:03}"


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def wrapped(text: str) -> str:
    """Lines of at most `LINE` letters, about equally long; a blank line would end a subtitle."""
    lines = [one_line(line) for line in text.splitlines()]
    return "\n".join(part for line in lines if line for part in _balanced(line))


def _balanced(line: str) -> list[str]:
    def wrap(width: int) -> list[str]:
        return textwrap.wrap(line, width, break_long_words=False, break_on_hyphens=False)

    count = len(wrap(LINE))
    narrow = next(width for width in range(1, LINE + 1) if len(wrap(width)) <= count)
    return wrap(narrow)
