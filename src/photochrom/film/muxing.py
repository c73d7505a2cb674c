"""Segments, sound, captions, chapters and a cover to one film, without encoding anything again."""

from __future__ import annotations

import heapq
import math
import struct
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from fractions import Fraction
from pathlib import Path
from typing import Any, BinaryIO

import av
import av.error
from av.packet import Packet
from av.stream import Disposition
from av.subtitles.stream import SubtitleStream

from photochrom.errors import StoryboardError
from photochrom.film.cues import Chapter
from photochrom.film.encode import SAMPLE_RATE, muxing_options, whole_file
from photochrom.film.subtitles import Subtitle

CODE = 1
"""Raised whenever the same parts give another file."""

_TRACK_ENABLED = 1
_LONGEST_SAMPLE = 0xFFFF
_FINEST = 1_000_000
# mov_text takes its colors from an ASS header: white, on a shadow of half-transparent black.
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


def join(
    parts: Sequence[tuple[Path, int]],
    sound: Path | None,
    out: Path,
    *,
    rate: Fraction,
    metadata: dict[str, str] | None = None,
    captions: Sequence[Subtitle] = (),
    chapters: Sequence[Chapter] = (),
    cover: Path | None = None,
) -> None:
    """Join segments to a film without encoding them again.

    The captions are in the pictures already; as a track they are for those who search, translate
    or enlarge them, so the track is there to be chosen and is off until then.

    Args:
        parts: Segment files and how many frames each has, in order.
        sound: An .m4a file, or None for a silent film.
        out: The film (MP4, index first); appears whole or not at all.
        rate: Frames a second.
        metadata: Title, comment and the like.
        captions: In order, none over another; a track of text (3GPP timed text, `mov_text`).
        chapters: In order.
        cover: A JPEG file that players and file managers show for the film.

    Raises:
        StoryboardError: If a segment is damaged or encoded in another way than the first.
    """
    frames = sum(count for _, count in parts)
    options = muxing_options(rate) | {
        "movflags": "+faststart",
        "movie_timescale": str(_movie_timescale(rate)),
    }
    with whole_file(out) as temporary:
        with ExitStack() as stack:
            film = stack.enter_context(av.open(str(temporary), "w", format="mp4", options=options))
            film.metadata.update(metadata or {})
            with _opened(parts[0][0]) as first:
                template = first.streams.video[0]
                header = template.codec_context.extradata
                video = film.add_stream_from_template(template)
            video.time_base = 1 / rate
            tracks = [_on(video, _pictures(parts, rate, header))]
            if sound is not None:
                container = stack.enter_context(_opened(sound))
                audio = film.add_stream_from_template(container.streams.audio[0])
                tracks.append(_on(audio, _whole(container.demux(audio=0))))
            words = None
            if captions:
                words = film.add_stream("mov_text")
                assert isinstance(words, SubtitleStream)
                words.codec_context.subtitle_header = _STYLE
                words.time_base = 1 / rate
                words.metadata["handler_name"] = "Captions"
                tracks.append(_on(words, _samples(captions, frames, rate)))
            if cover is not None:
                container = stack.enter_context(_opened(cover, "jpeg_pipe"))
                picture = film.add_stream_from_template(container.streams.video[0])
                picture.disposition = Disposition.attached_pic
                tracks.insert(0, _on(picture, _whole(container.demux(video=0))))
            film.set_chapters([_chapter(n, one, rate) for n, one in enumerate(chapters)])
            for packet in heapq.merge(*tracks, key=_moment):
                film.mux(packet)
            number = None if words is None else words.index + 1
        if number is not None:
            _switch_off(temporary, number)


def metadata_of(path: Path) -> dict[str, str]:
    """The container's metadata; empty if there is no such file or it is no film."""
    if not path.is_file():
        return {}
    try:
        with av.open(str(path)) as container:
            return dict(container.metadata)
    except av.error.FFmpegError:
        return {}


def _movie_timescale(rate: Fraction) -> int:
    """Ticks in which chapters and the lengths of tracks are exact: whole frames, whole samples."""
    both = math.lcm(rate.numerator, SAMPLE_RATE)
    return both if both <= _FINEST else rate.numerator


def _chapter(number: int, chapter: Chapter, rate: Fraction) -> Any:
    return {
        "id": number,
        "start": chapter.start * rate.denominator,
        "end": chapter.stop * rate.denominator,
        "time_base": Fraction(1, rate.numerator),
        "metadata": {"title": chapter.title},
    }


@contextmanager
def _opened(path: Path, format: str | None = None) -> Iterator[Any]:
    try:
        with av.open(str(path), format=format) as container:
            yield container
    except av.error.FFmpegError as error:
        raise StoryboardError(
            f"the part of the film cannot be read ({error.strerror})",
            where=path,
            fix="delete it and build again",
        ) from error


def _pictures(
    parts: Sequence[tuple[Path, int]], rate: Fraction, header: bytes | None
) -> Iterator[Packet[Any]]:
    start = 0
    for path, frames in parts:
        with _opened(path) as container:
            stream = container.streams.video[0]
            if stream.codec_context.extradata != header or stream.frames != frames:
                raise StoryboardError(
                    "the part of the film does not fit the others",
                    where=path,
                    fix="delete it and build again",
                )
            shift = Fraction(start) / rate / stream.time_base
            assert shift.denominator == 1
            for packet in _whole(container.demux(stream)):
                packet.pts = (packet.pts or 0) + shift.numerator
                packet.dts = (packet.dts or 0) + shift.numerator
                yield packet
        start += frames


def _samples(captions: Sequence[Subtitle], frames: int, rate: Fraction) -> Iterator[Packet[Any]]:
    """Captions as timed text, and empty samples between them: a track of text has no gaps."""
    at = 0
    for caption in captions:
        if caption.start > at:
            yield _sample("", at, caption.start, rate)
        yield _sample(caption.text, caption.start, caption.stop, rate)
        at = caption.stop
    if at < frames:
        yield _sample("", at, frames, rate)


def _sample(text: str, start: int, stop: int, rate: Fraction) -> Packet[Any]:
    """Length in two bytes, then UTF-8 (3GPP TS 26.245, 5.17.1)."""
    data = text.encode()[:_LONGEST_SAMPLE].decode(errors="ignore").encode()
    packet: Packet[Any] = Packet(struct.pack(">H", len(data)) + data)
    packet.pts = packet.dts = start
    packet.duration = stop - start
    packet.time_base = 1 / rate
    return packet


def _whole(packets: Iterable[Packet[Any]]) -> Iterator[Packet[Any]]:
    """Without the empty packet that ends every file."""
    return (packet for packet in packets if packet.dts is not None)


def _on(stream: Any, packets: Iterator[Packet[Any]]) -> Iterator[Packet[Any]]:
    for packet in packets:
        packet.stream = stream
        yield packet


def _moment(packet: Packet[Any]) -> Fraction:
    return Fraction(packet.dts or 0) * Fraction(packet.time_base)


def _switch_off(path: Path, number: int) -> None:
    """Clear a track's flag "enabled", which FFmpeg sets in the first track of text in any case."""
    with path.open("r+b") as file:
        for start in _boxes(file, 0, path.stat().st_size, b"moov", b"trak", b"tkhd"):
            file.seek(start)
            version, flags = struct.unpack(">B3s", file.read(4))
            # Times of creation and of change come before the number.
            file.seek(start + (20 if version else 12))
            if struct.unpack(">I", file.read(4))[0] == number:
                cleared = int.from_bytes(flags) & ~_TRACK_ENABLED
                file.seek(start + 1)
                file.write(cleared.to_bytes(3))


def _boxes(file: BinaryIO, start: int, stop: int, *path: bytes) -> Iterator[int]:
    """Where the contents begin of all boxes that lie at a path (ISO/IEC 14496-12, 4.2)."""
    while start < stop:
        file.seek(start)
        size, kind = struct.unpack(">I4s", file.read(8))
        head = 8
        if size == 1:
            (size,), head = struct.unpack(">Q", file.read(8)), 16
        elif size == 0:  # to the end of the file
            size = stop - start
        if kind == path[0]:
            inside = _boxes(file, start + head, start + size, *path[1:])
            yield from inside if path[1:] else (start + head,)
        start += size
