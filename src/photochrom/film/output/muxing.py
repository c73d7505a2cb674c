"""Segments, sound, captions, chapters and a cover to one film, without encoding anything again."""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import av.error
from av.packet import Packet
from av.stream import Disposition

from photochrom.errors import StoryboardError
from photochrom.film.output import boxes, text_track
from photochrom.film.output.encode import muxing_options, whole_file
from photochrom.film.storyboard.encoder import FORMATS
from photochrom.film.storyboard.languages import alpha3
from photochrom.film.storyboard.sound import SAMPLE_RATE
from photochrom.film.words.subtitles import Subtitle

CODE = 2
"""Raised whenever the same parts give another file."""

CAPTIONS, SOUND = "Captions", "Sound"
"""What the tracks are called."""

_FINEST = 1_000_000


@dataclass(frozen=True)
class Chapter:
    """A part of the film that people can jump to.

    Attributes:
        start: First frame.
        stop: Frame after the last one.
        title: What menus call it; one line.
    """

    start: int
    stop: int
    title: str


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
    language: str = "",
    spoken: bool = False,
) -> None:
    """Join segments to a film without encoding them again.

    The captions are in the pictures already; as a track they are for those who search, translate
    or enlarge them, so the track is there to be chosen and is off until then.

    Args:
        parts: Segment files and how many frames each has, in order.
        sound: A file of `encode_sound`, or None for a silent film.
        out: The film: MP4, with the index first; QuickTime (.mov), the same; or Matroska (.mkv).
            Appears whole or not at all.
        rate: Frames a second.
        metadata: Title, comment and the like.
        captions: In order, none over another; a track of text: 3GPP timed text (`mov_text`), or
            SubRip in Matroska.
        chapters: In order.
        cover: A JPEG file that players and file managers show for the film; QuickTime files have
            no place for it.
        language: Of the captions, BCP 47; "" if it is not known.
        spoken: Whether it is spoken in the film, too.

    Raises:
        StoryboardError: If a segment is damaged or encoded in another way than the first.
    """
    frames = sum(count for _, count in parts)
    container = FORMATS[out.suffix]
    matroska = container == "matroska"
    code = alpha3(language, bibliographic=matroska)
    languages: dict[int, str] = {}
    number = None
    with whole_file(out) as temporary:
        with ExitStack() as stack:
            options = muxing_options(rate, out) | _index_options(rate, matroska=matroska)
            film = stack.enter_context(
                av.open(str(temporary), "w", format=container, options=options)
            )
            film.metadata.update(metadata or {})
            tracks = [_video(film, parts, rate)]
            if sound is not None:
                audio, packets = _copied(stack, film, sound, "audio")
                tracks.append(packets)
                languages[audio.index + 1] = _name(audio, SOUND, code if spoken else "und")
            if captions:
                words = text_track.add_track(film, rate, matroska=matroska)
                number = words.index + 1
                languages[number] = _name(words, CAPTIONS, code)
                samples = text_track.packets(captions, frames, rate, matroska=matroska)
                tracks.append(_on(words, samples))
            if cover is not None:
                tracks[:0] = _cover(stack, film, cover, out.suffix)
            film.set_chapters([_chapter(n, one, rate) for n, one in enumerate(chapters)])
            for packet in heapq.merge(*tracks, key=_moment):
                film.mux(packet)
        if not matroska:
            _label(temporary, languages, off=number)


def _video(film: Any, parts: Sequence[tuple[Path, int]], rate: Fraction) -> Iterator[Packet[Any]]:
    """The packets of a new track of pictures, which is as the first part says."""
    with _opened(parts[0][0]) as first:
        template = first.streams.video[0]
        header = template.codec_context.extradata
        # As it is: not every encoder of these can be opened without being told of more.
        video = film.add_stream_from_template(template, opaque=True)
        # Or players of Apple's take HEVC for something else.
        if (tag := template.codec_context.codec_tag) == "hvc1":
            video.codec_context.codec_tag = tag
    video.time_base = 1 / rate
    return _on(video, _pictures(parts, rate, header))


def _label(path: Path, languages: Mapping[int, str], *, off: int | None) -> None:
    """Writes the languages of tracks, by their numbers, and which one is not shown unasked."""
    if off is not None:
        boxes.switch_off(path, off)
    for track, said in languages.items():
        boxes.set_language(path, track, said)


def _cover(stack: ExitStack, film: Any, cover: Path, suffix: str) -> list[Iterator[Packet[Any]]]:
    """Adds a cover in the way of the container; returns its track, where it is one."""
    if suffix == ".mkv":
        film.add_attachment("cover.jpg", "image/jpeg", cover.read_bytes())
    if suffix != ".mp4":
        return []
    picture, packets = _copied(stack, film, cover, "video", "jpeg_pipe")
    picture.disposition = Disposition.attached_pic
    return [packets]


def _copied(
    stack: ExitStack, film: Any, path: Path, kind: str, format: str | None = None
) -> tuple[Any, Iterator[Packet[Any]]]:
    """A new track as the first of its kind in a file, and the packets of that."""
    opened = stack.enter_context(_opened(path, format))
    template = getattr(opened.streams, kind)[0]
    track = film.add_stream_from_template(template)
    return track, _on(track, _whole(opened.demux(template)))


def _index_options(rate: Fraction, *, matroska: bool) -> dict[str, str]:
    if matroska:
        # No track of text is on by itself.
        return {"default_mode": "infer_no_subs"}
    # A player that loads the film from a server knows at once what is in it.
    return {"movflags": "+faststart", "movie_timescale": str(_movie_timescale(rate))}


def _name(stream: Any, title: str, language: str) -> str:
    """Says what a track is, and in which language; returns the latter."""
    # MP4 and QuickTime files know the first key, Matroska the second.
    stream.metadata.update({"handler_name": title, "title": title, "language": language})
    return language


def metadata_of(path: Path) -> dict[str, str]:
    """The container's metadata; empty if there is no such file or it is no film."""
    if not path.is_file():
        return {}
    try:
        with av.open(str(path)) as container:
            # Matroska has its names in capitals.
            return {name.lower(): said for name, said in container.metadata.items()}
    except av.error.FFmpegError:
        return {}


def frames_of(film: Any) -> int:
    """How many frames a film that is open has.

    Args:
        film: A container with pictures and a rate.
    """
    video = film.streams.video[0]
    # Matroska does not say how many, but how long the whole is, in microseconds.
    return int(video.frames or round(Fraction(film.duration or 0, 10**6) * video.average_rate))


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
def _opened(path: Path, format: str | None = None, *, packets: bool = False) -> Iterator[Any]:
    # For packets alone no picture has to be decoded, which takes longer than all the rest.
    options = {"skip_frame": "all"} if packets else {}
    try:
        with av.open(str(path), format=format, options=options) as container:
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
    deep = max(_depth(path, rate) for path, _ in parts)
    start = 0
    for path, frames in parts:
        with _opened(path, packets=True) as container:
            stream = container.streams.video[0]
            fits = stream.codec_context.extradata == header
            count = 0
            for packet in _whole(container.demux(stream)) if fits else ():
                # Matroska rounds times to milliseconds; in frames they are exact again.
                ticks = packet.time_base * rate
                packet.pts = round((packet.pts or 0) * ticks) + start
                # Runs of one frame or two are not reordered, and would begin later than others.
                packet.dts = start + count - deep
                packet.duration = 1
                packet.time_base = 1 / rate
                count += 1
                yield packet
            if count != frames:
                raise StoryboardError(
                    "the part of the film does not fit the others",
                    where=path,
                    fix="delete it and build again",
                )
        start += frames


def _depth(path: Path, rate: Fraction) -> int:
    """How many frames earlier than it is shown the first one is decoded."""
    with _opened(path, packets=True) as container:
        first = next(_whole(container.demux(video=0)), None)
        return 0 if first is None else round(-(first.dts or 0) * first.time_base * rate)


def _whole(packets: Iterable[Packet[Any]]) -> Iterator[Packet[Any]]:
    """Without the empty packet that ends every file."""
    return (packet for packet in packets if packet.dts is not None)


def _on(stream: Any, packets: Iterator[Packet[Any]]) -> Iterator[Packet[Any]]:
    for packet in packets:
        packet.stream = stream
        yield packet


def _moment(packet: Packet[Any]) -> Fraction:
    return Fraction(packet.dts or 0) * Fraction(packet.time_base)
