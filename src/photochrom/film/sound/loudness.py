"""How loud sound is, and how it is kept below a peak: FFmpeg's `ebur128` and `alimiter`."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import av
import av.filter
import numpy as np
from numpy.typing import NDArray

from photochrom.film.storyboard.sound import SAMPLE_RATE

Stereo = NDArray[np.float32]
"""(2, n) samples at 48 kHz."""

SILENT = -70.0
"""LUFS; what the measure says where there is nothing to be heard."""

OVERSAMPLING = 4
"""Peaks between samples are found at four times the rate (ITU-R BS.1770-5, annex 2)."""

_BOTTOM = -120.0


@dataclass(frozen=True)
class Loudness:
    """What a sound measures.

    Attributes:
        integrated: LUFS, EBU R 128; -70 for silence.
        peak: True peak in dBTP, at least -120.
    """

    integrated: float
    peak: float

    def __str__(self) -> str:
        if self.integrated <= SILENT:
            return "silent"
        return f"{self.integrated:.1f} LUFS, true peak {self.peak:.1f} dBTP"


class Meter:
    """Measures sound while it passes.

    Args:
        peak: Measure the true peak too, which takes twice as long.
    """

    def __init__(self, *, peak: bool = True):
        self._graph = _graph(("ebur128", f"metadata=1:peak={'true' if peak else 'none'}"))
        self._at = 0
        self._values: dict[str, str] = {}

    def push(self, samples: Stereo) -> None:
        """Hear some more."""
        # In blocks of any other size the filter works more slowly.
        for start in range(0, samples.shape[1], SAMPLE_RATE // 10):
            part = samples[:, start : start + SAMPLE_RATE // 10]
            self._graph.push(_frame(part, self._at))
            self._at += part.shape[1]
            self._drain()

    def finish(self) -> Loudness:
        """What was heard, as a whole; nothing can be pushed after it."""
        if self._at:
            self._graph.push(None)
            self._drain()
        top = max(float(self._values.get(f"lavfi.r128.true_peaks_ch{n}", 0)) for n in range(2))
        integrated = max(SILENT, float(self._values.get("lavfi.r128.I", SILENT)))
        return Loudness(integrated, level_of(top))

    def _drain(self) -> None:
        for frame in _pulled(self._graph):
            # True of all that was heard so far; a frame that is too short has none.
            self._values = frame.metadata or self._values


def measured(blocks: Iterable[Stereo]) -> Loudness:
    """The loudness of sound.

    Args:
        blocks: (2, n) float32 each.
    """
    meter = Meter()
    for block in blocks:
        meter.push(block)
    return meter.finish()


def loudness(samples: Stereo) -> float:
    """Integrated loudness in LUFS (EBU R 128).

    Returns:
        -70 for silence.
    """
    return measured([samples]).integrated


def limited(blocks: Iterable[Stereo], ceiling: float) -> Iterator[Stereo]:
    """Sound whose true peaks stay below a ceiling; as long as what came, and not later.

    Args:
        blocks: (2, n) float32 each.
        ceiling: dBTP.
    """
    # "level" would make it louder again; "latency" takes out the delay of looking ahead.
    limit = f"limit={10 ** (ceiling / 20):.6f}:level=0:latency=1:attack=5:release=80"
    graph = _graph(
        ("aresample", str(OVERSAMPLING * SAMPLE_RATE)),
        ("alimiter", limit),
        ("aresample", str(SAMPLE_RATE)),
        ("aformat", "sample_fmts=fltp:channel_layouts=stereo"),
    )
    came = went = 0
    for block in blocks:
        graph.push(_frame(block, came))
        came += block.shape[1]
        for frame in _pulled(graph):
            part = samples_of(frame)
            went += part.shape[1]
            yield part
    if not came:
        return
    graph.push(None)
    for frame in _pulled(graph):
        part = samples_of(frame)[:, : came - went]
        went += part.shape[1]
        yield part
    if went < came:
        yield np.zeros((2, came - went), np.float32)


def level_of(sample: float) -> float:
    """Decibels of a sample's height, 1 being 0 dB; at least -120."""
    return max(_BOTTOM, 20 * math.log10(sample)) if sample > 0 else _BOTTOM


def samples_of(frame: av.AudioFrame) -> Stereo:
    """The samples of a planar frame of floats."""
    return np.asarray(frame.to_ndarray(), np.float32)


def _graph(*filters: tuple[str, str]) -> av.filter.Graph:
    graph = av.filter.Graph()
    last = graph.add_abuffer(sample_rate=SAMPLE_RATE, format="fltp", layout="stereo", channels=2)
    for name, options in filters:
        following = graph.add(name, options)
        last.link_to(following)
        last = following
    last.link_to(graph.add("abuffersink"))
    graph.configure()
    return graph


def _frame(samples: Stereo, at: int) -> av.AudioFrame:
    planes = np.ascontiguousarray(samples, np.float32)
    frame = av.AudioFrame.from_ndarray(planes, format="fltp", layout="stereo")
    frame.sample_rate = SAMPLE_RATE
    frame.pts = at
    return frame


def _pulled(graph: av.filter.Graph) -> Iterator[av.AudioFrame]:
    while True:
        try:
            frame = graph.pull()
        except (av.error.BlockingIOError, av.error.EOFError):
            return
        assert isinstance(frame, av.AudioFrame)
        yield frame
