"""Frames and sound to files, through PyAV.

Every segment is encoded alone, with one encoder thread, so that its bytes depend on nothing but
its frames; `muxing` then joins the film from packets.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import av.error
import numpy as np
from av.video.stream import VideoStream
from numpy.typing import NDArray

from photochrom.errors import StoryboardError

CRF = 18
PRESET = "veryfast"
STILLS = "subme=1:partitions=none"
"""What x264 need not look for in pictures that only glide: finer motion search and smaller blocks
took 38 % of the time of a grainy 1080p move, for 6 % of its bits at the same quality."""

SAMPLE_RATE = 48_000
AUDIO_QUALITY = 354
"""Three times FFmpeg's unit (its `-q:a 3`): about 100 kbit/s for the score, 300 for dense music. A
constant rate takes four times as long for quiet sound, to find a use for bits that nobody needs."""

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
        "x264": STILLS,
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
        av.open(str(temporary), "w", format="mp4", options=muxing_options(rate)) as container,
    ):
        options = {"crf": str(CRF), "preset": PRESET, "x264-params": STILLS}
        stream = container.add_stream("libx264", rate=rate, options=options)
        _describe(stream, size, rate)
        for index, frame in enumerate(frames):
            picture = av.VideoFrame.from_ndarray(frame, format="yuv420p")
            picture.pts = index
            picture.time_base = 1 / rate
            container.mux(stream.encode(picture))
        container.mux(stream.encode(None))


def sound_fingerprint() -> dict[str, Any]:
    """What decides the bytes that the same sound becomes."""
    return {
        "quality": AUDIO_QUALITY,
        "av": av.__version__,
        "codec": list(av.library_versions["libavcodec"]),
        "filter": list(av.library_versions["libavfilter"]),
    }


def encode_sound(path: Path, blocks: Iterable[NDArray[np.float32]]) -> None:
    """Encode stereo sound as AAC.

    Args:
        path: An .m4a file; appears whole or not at all.
        blocks: (2, n) float32 in -1..1 at 48 kHz each, one after another.
    """
    with (
        whole_file(path) as temporary,
        av.open(str(temporary), "w", format="mp4", options={"fflags": "+bitexact"}) as container,
    ):
        # The "fast" coder is nearer to the original where music lives, in half the time.
        options = {
            "aac_coder": "fast",
            "flags": "+qscale",
            "global_quality": str(AUDIO_QUALITY),
        }
        stream = container.add_stream("aac", rate=SAMPLE_RATE, layout="stereo", options=options)
        count = 0
        for block in blocks:
            planes = np.ascontiguousarray(block)
            frame = av.AudioFrame.from_ndarray(planes, format="fltp", layout="stereo")
            frame.sample_rate = SAMPLE_RATE
            frame.pts = count
            frame.time_base = Fraction(1, SAMPLE_RATE)
            count += block.shape[1]
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


def muxing_options(rate: Fraction) -> dict[str, str]:
    """What every MP4 file of ours is written with."""
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
