"""Captions as a track of text in the film's file."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

from av.packet import Packet
from av.subtitles.stream import SubtitleStream

from photochrom.film.words.subtitles import Subtitle

_LONGEST_SAMPLE = 0xFFFF
# Both encoders take their colors from an ASS header: white, on a shadow of half-transparent black.
_STYLE = b"""[Script Info]
ScriptType: v4.00+

[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, Bold, \
Italic, Underline, StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, Shadow, \
Alignment, MarginL, MarginR, MarginV, Encoding
Style: Default,Sans-Serif,18,&Hffffff,&Hffffff,&H80000000,&H80000000,0,0,0,0,100,100,0,0,1,1,0,2,\
10,10,10,1

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
"""


def add_track(film: Any, rate: Fraction, *, matroska: bool) -> SubtitleStream:
    """An empty track of text in a film that is being written.

    Args:
        film: The container.
        rate: Frames a second.
        matroska: SubRip for Matroska; else 3GPP timed text, for MP4 and QuickTime.
    """
    words = film.add_stream("subrip" if matroska else "mov_text")
    assert isinstance(words, SubtitleStream)
    words.codec_context.subtitle_header = _STYLE
    words.time_base = 1 / rate
    return words


def packets(
    captions: Sequence[Subtitle], frames: int, rate: Fraction, *, matroska: bool
) -> Iterator[Packet[Any]]:
    """Captions as what the track holds.

    Args:
        captions: In order, none over another.
        frames: Length of the film.
        rate: Frames a second.
        matroska: As for `add_track`.
    """
    if matroska:
        for one in captions:
            yield _packet(one.text.encode(), one.start, one.stop, rate)
        return
    # A track of timed text has no gaps: between captions there are samples without a letter.
    at = 0
    for one in captions:
        if one.start > at:
            yield _sample("", at, one.start, rate)
        yield _sample(one.text, one.start, one.stop, rate)
        at = one.stop
    if at < frames:
        yield _sample("", at, frames, rate)


def _sample(text: str, start: int, stop: int, rate: Fraction) -> Packet[Any]:
    """Length in two bytes, then UTF-8 (3GPP TS 26.245, 5.17.1)."""
    data = text.encode()[:_LONGEST_SAMPLE].decode(errors="ignore").encode()
    return _packet(struct.pack(">H", len(data)) + data, start, stop, rate)


def _packet(data: bytes, start: int, stop: int, rate: Fraction) -> Packet[Any]:
    packet: Packet[Any] = Packet(data)
    packet.pts = packet.dts = start
    packet.duration = stop - start
    packet.time_base = 1 / rate
    return packet
