"""Frames and sound to files, through PyAV.

Every segment is encoded alone, with one encoder thread, so that its bytes depend on nothing but
its frames; `muxing` then joins the film from packets.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import av.error
import numpy as np
from av.audio.stream import AudioStream
from av.packet import Packet
from av.video.stream import VideoStream
from numpy.typing import NDArray

from photochrom.errors import StoryboardError
from photochrom.files import part_of
from photochrom.film.output.dither import Samples
from photochrom.film.output.priority import ordinary_priority
from photochrom.film.storyboard.encoder import FORMATS, Encoder
from photochrom.film.storyboard.sound import SAMPLE_RATE

AUDIO_QUALITY = 354
"""Three times FFmpeg's unit (its `-q:a 3`): about 100 kbit/s for the score, 300 for dense music. A
constant rate takes four times as long for quiet sound, to find a use for bits that nobody needs."""

BT709 = 1
"""The code of BT.709 for primaries, transfer and matrix alike (ITU-T H.273)."""

_DEEP = 2
LIMITED = 1
"""`AVCOL_RANGE_MPEG`: codes 16..235."""


def fingerprint(size: tuple[int, int], rate: Fraction, encoder: Encoder) -> dict[str, Any]:
    """What decides the bytes that the same frames become; segments are joined only if it agrees."""
    return {
        "size": list(size),
        "rate": rate,
        "encoder": encoder.facts(),
        "codec": list(av.library_versions["libavcodec"]),
    }


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """A temporary path beside `path` that takes its place only when all went well.

    Raises:
        StoryboardError: If the folder cannot be written to.
    """
    try:
        with part_of(path) as part:
            yield part
    except (OSError, av.error.FFmpegError) as error:
        raise StoryboardError(
            f"the film cannot be written ({error.strerror or error})", where=path
        ) from error


def encode_segment(
    path: Path,
    frames: Iterable[Samples],
    *,
    size: tuple[int, int],
    rate: Fraction,
    encoder: Encoder,
) -> None:
    """Encode frames.

    Args:
        path: Ends as the encoder's files do; appears whole or not at all.
        frames: From `Dither.to_samples`, of the encoder's depth and sampling.
        size: Width and height.
        rate: Frames a second.
        encoder: What they become.
    """
    # SVT-AV1 writes a page about itself to standard error unless it is told to report errors only.
    os.environ.setdefault("SVT_LOG", "1")
    kind = encoder.kind
    options = muxing_options(rate, path)
    with (
        whole_file(path) as temporary,
        av.open(str(temporary), "w", format=FORMATS[path.suffix], options=options) as container,
    ):
        stream = container.add_stream(kind.library, rate=rate, options=encoder.options)
        assert isinstance(stream, VideoStream)
        _describe(stream, size, rate, encoder)
        with ordinary_priority():
            stream.codec_context.open(strict=False)
        count = 0
        for index, samples in enumerate(frames):
            count = index + 1
            picture = _picture(samples, size, encoder.pixel_format)
            picture.pts = index
            picture.time_base = 1 / rate
            container.mux(stream.encode(picture))
        last = stream.encode(None)
        container.mux(_timed(last) if kind.library == "libx265" and count <= _DEEP else last)


def _timed(packets: list[Packet[Any]]) -> list[Packet[Any]]:
    """With times of decoding, which x265 leaves as they lay in memory when a run is shorter than
    its B-frames are deep: one frame or two, which are not reordered. Longer runs begin so much
    before zero, in all its presets.
    """
    for packet in packets:
        packet.dts = (packet.pts or 0) - _DEEP
    return packets


def _picture(samples: Samples, size: tuple[int, int], pixel_format: str) -> av.VideoFrame:
    picture = av.VideoFrame(*size, pixel_format)
    flat, at = samples.reshape(-1), 0
    for plane in picture.planes:
        count = plane.width * plane.height
        # Rows of a plane may be longer than the picture is wide.
        rows = np.frombuffer(memoryview(plane), samples.dtype).reshape(plane.height, -1)
        rows[:, : plane.width] = flat[at : at + count].reshape(plane.height, plane.width)
        at += count
    picture.color_range = LIMITED
    picture.colorspace = BT709
    picture.color_primaries = BT709
    picture.color_trc = BT709
    return picture


def sound_fingerprint() -> dict[str, Any]:
    """What decides the bytes that the same sound becomes."""
    return {
        "quality": AUDIO_QUALITY,
        "codec": list(av.library_versions["libavcodec"]),
        "filter": list(av.library_versions["libavfilter"]),
    }


def encode_sound(path: Path, blocks: Iterable[NDArray[np.float32]]) -> None:
    """Encode stereo sound: as AAC, or without loss.

    Args:
        path: An .m4a file for AAC, .mov for PCM of 24 bits, .mka for FLAC of as many; appears whole
            or not at all.
        blocks: (2, n) float32 in -1..1 at 48 kHz each, one after another.
    """
    library = {".m4a": "aac", ".mov": "pcm_s24le", ".mka": "flac"}[path.suffix]
    lossy = library == "aac"
    # The "fast" coder is nearer to the original where music lives, in half the time.
    aac = {"aac_coder": "fast", "flags": "+qscale", "global_quality": str(AUDIO_QUALITY)}
    options = aac if lossy else {}
    exact, container_format = {"fflags": "+bitexact"}, FORMATS[path.suffix]
    with (
        whole_file(path) as temporary,
        av.open(str(temporary), "w", format=container_format, options=exact) as container,
    ):
        stream = container.add_stream(library, rate=SAMPLE_RATE, layout="stereo", options=options)
        assert isinstance(stream, AudioStream)
        if not lossy:
            stream.codec_context.format = av.AudioFormat("s32")
        count = 0
        for block in blocks:
            kind = "fltp" if lossy else "s32"
            samples = np.ascontiguousarray(block) if lossy else _whole_numbers(block)
            frame = av.AudioFrame.from_ndarray(samples, format=kind, layout="stereo")
            frame.sample_rate = SAMPLE_RATE
            frame.pts = count
            frame.time_base = Fraction(1, SAMPLE_RATE)
            count += block.shape[1]
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


def _whole_numbers(block: NDArray[np.float32]) -> NDArray[np.int32]:
    """(2, n) in -1..1 to (1, 2 n) in turns, 24 bits each and 8 of nothing below them."""
    most = 2**23
    codes = np.clip(np.rint(block.T.astype(np.float64) * most), -most, most - 1)
    return np.ascontiguousarray(codes.astype(np.int32) * 256).reshape(1, -1)


def muxing_options(rate: Fraction, path: Path) -> dict[str, str]:
    """What every film, and every part of one, is written with.

    Args:
        rate: Frames a second.
        path: The file; its ending decides the container.
    """
    options = {"fflags": "+bitexact"}
    if FORMATS[path.suffix] != "matroska":
        # A timescale of the rate's numerator makes every frame a whole number of ticks.
        options["video_track_timescale"] = str(rate.numerator)
    return options


def _describe(stream: VideoStream, size: tuple[int, int], rate: Fraction, encoder: Encoder) -> None:
    kind = encoder.kind
    stream.width, stream.height = size
    stream.pix_fmt = encoder.pixel_format
    stream.time_base = 1 / rate
    context = stream.codec_context
    context.thread_count = 1
    context.gop_size = 1 if kind.seconds is None else round(kind.seconds * rate)
    if kind.tag is not None:
        context.codec_tag = kind.tag
    context.color_range = LIMITED
    context.colorspace = BT709
    context.color_primaries = BT709
    context.color_trc = BT709
