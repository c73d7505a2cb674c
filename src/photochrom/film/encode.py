"""Frames and sound to files, and files to one film, through PyAV.

Every segment is encoded alone, with one encoder thread, so that its bytes depend on nothing but
its frames; the film is then joined from packets, without encoding anything again.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import av.error
import numpy as np
from av.packet import Packet
from av.video.stream import VideoStream
from numpy.typing import NDArray

from photochrom.errors import StoryboardError

CRF = 18
PRESET = "veryfast"
SAMPLE_RATE = 48_000
AUDIO_BITS = 192_000
BT709 = 1
"""The code of BT.709 for primaries, transfer and matrix alike (ITU-T H.273)."""

LIMITED = 1
"""`AVCOL_RANGE_MPEG`: codes 16..235."""


def fingerprint(size: tuple[int, int], rate: Fraction) -> dict[str, Any]:
    """What decides the bytes that the same frames become; segments are joined only if it agrees."""
    return {
        "size": list(size),
        "rate": str(rate),
        "crf": CRF,
        "preset": PRESET,
        "av": av.__version__,
        "codec": list(av.library_versions["libavcodec"]),
    }


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """A temporary path beside `path` that takes its place only when all went well.

    Raises:
        StoryboardError: If the folder cannot be written to.
    """
    temporary = path.with_name(f".{path.stem}-{secrets.token_hex(4)}{path.suffix}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            yield temporary
            with temporary.open("rb") as file:
                os.fsync(file.fileno())
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)
    except (OSError, av.error.FFmpegError) as error:
        raise StoryboardError(
            f"the film cannot be written ({error.strerror or error})", where=path
        ) from error


def encode_segment(
    path: Path,
    frames: Iterable[NDArray[np.uint8]],
    *,
    size: tuple[int, int],
    rate: Fraction,
) -> None:
    """Encode frames as H.264.

    Args:
        path: Appears whole or not at all.
        frames: (H * 3/2, W) uint8 each, laid out as yuv420p.
        size: Width and height.
        rate: Frames a second.
    """
    with (
        whole_file(path) as temporary,
        av.open(str(temporary), "w", format="mp4", options=_muxing(rate)) as container,
    ):
        stream = container.add_stream(
            "libx264", rate=rate, options={"crf": str(CRF), "preset": PRESET}
        )
        _describe(stream, size, rate)
        for index, frame in enumerate(frames):
            picture = av.VideoFrame.from_ndarray(frame, format="yuv420p")
            picture.pts = index
            picture.time_base = 1 / rate
            container.mux(stream.encode(picture))
        container.mux(stream.encode(None))


def encode_sound(path: Path, samples: NDArray[np.float32]) -> None:
    """Encode stereo sound as AAC.

    Args:
        path: An .m4a file; appears whole or not at all.
        samples: (2, n) float32 in -1..1 at 48 kHz.
    """
    with (
        whole_file(path) as temporary,
        av.open(str(temporary), "w", format="mp4", options={"fflags": "+bitexact"}) as container,
    ):
        stream = container.add_stream("aac", rate=SAMPLE_RATE, layout="stereo")
        stream.bit_rate = AUDIO_BITS
        for start in range(0, samples.shape[1], 1024):
            part = np.ascontiguousarray(samples[:, start : start + 1024])
            frame = av.AudioFrame.from_ndarray(part, format="fltp", layout="stereo")
            frame.sample_rate = SAMPLE_RATE
            frame.pts = start
            frame.time_base = Fraction(1, SAMPLE_RATE)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


def join(
    parts: Sequence[tuple[Path, int]],
    sound: Path | None,
    out: Path,
    *,
    rate: Fraction,
    metadata: dict[str, str] | None = None,
) -> None:
    """Join segments to a film without encoding them again.

    Args:
        parts: Segment files and how many frames each has, in order.
        sound: An .m4a file, or None for a silent film.
        out: The film (MP4, index first); appears whole or not at all.
        rate: Frames a second.
        metadata: Title, comment and the like.

    Raises:
        StoryboardError: If a segment is damaged or encoded in another way than the first.
    """
    options = _muxing(rate) | {"movflags": "+faststart"}
    with (
        whole_file(out) as temporary,
        av.open(str(temporary), "w", format="mp4", options=options) as film,
    ):
        film.metadata.update(metadata or {})
        with _opened(parts[0][0]) as first:
            template = first.streams.video[0]
            header = template.codec_context.extradata
            video = film.add_stream_from_template(template)
        video.time_base = 1 / rate
        pictures = _video_packets(parts, rate, header)
        if sound is None:
            for packet in pictures:
                packet.stream = video
                film.mux(packet)
            return
        with _opened(sound) as container:
            audio = film.add_stream_from_template(container.streams.audio[0])
            tones = (packet for packet in container.demux(audio=0) if packet.dts is not None)
            for packet in _by_time(pictures, tones):
                packet.stream = audio if packet.stream.type == "audio" else video
                film.mux(packet)


def metadata_of(path: Path) -> dict[str, str]:
    """The container's metadata; empty if there is no such file or it is no film."""
    if not path.is_file():
        return {}
    try:
        with av.open(str(path)) as container:
            return dict(container.metadata)
    except av.error.FFmpegError:
        return {}


def _muxing(rate: Fraction) -> dict[str, str]:
    # A timescale of the rate's numerator makes every frame a whole number of ticks.
    return {"fflags": "+bitexact", "video_track_timescale": str(rate.numerator)}


def _describe(stream: VideoStream, size: tuple[int, int], rate: Fraction) -> None:
    stream.width, stream.height = size
    stream.pix_fmt = "yuv420p"
    stream.time_base = 1 / rate
    context = stream.codec_context
    context.thread_count = 1
    context.gop_size = round(2 * rate)
    context.color_range = LIMITED
    context.colorspace = BT709
    context.color_primaries = BT709
    context.color_trc = BT709


@contextmanager
def _opened(path: Path) -> Iterator[Any]:
    try:
        with av.open(str(path)) as container:
            yield container
    except av.error.FFmpegError as error:
        raise StoryboardError(
            f"the part of the film cannot be read ({error.strerror})",
            where=path,
            fix="delete it and build again",
        ) from error


def _video_packets(
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
            for packet in container.demux(stream):
                if packet.dts is None:
                    continue
                packet.pts += shift.numerator
                packet.dts += shift.numerator
                yield packet
        start += frames


def _by_time(
    pictures: Iterator[Packet[Any]], tones: Iterator[Packet[Any]]
) -> Iterator[Packet[Any]]:
    """Both streams as one, in the order of decoding."""
    picture, tone = next(pictures, None), next(tones, None)
    while picture is not None or tone is not None:
        if tone is None or (picture is not None and _moment(picture) <= _moment(tone)):
            assert picture is not None
            yield picture
            picture = next(pictures, None)
        else:
            yield tone
            tone = next(tones, None)


def _moment(packet: Packet[Any]) -> Fraction:
    return Fraction(packet.dts or 0) * Fraction(packet.time_base)
