"""The finished track: a mix brought to its loudness, kept below its peak, encoded and measured."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict
from pathlib import Path

import numpy as np

from photochrom.film.output.encode import encode_sound, whole_file
from photochrom.film.sound.loudness import (
    SILENT,
    Loudness,
    Stereo,
    limited,
    measured,
)
from photochrom.film.sound.mixing import MOST_GAIN, Heed, Spool, factor_of, mix, nobody
from photochrom.film.sound.reading import measure_file
from photochrom.film.sound.schedule import Soundtrack

AAC = 0.4
"""Decibels that decoded AAC may peak above what was encoded."""

NEAR = 0.1
"""LU within which the loudness is right."""

MOST_LOST = 3.0
"""LU that an encoder may take away and that are made up for: AAC drops the highest of highs."""

BETWEEN = 3.1
"""Decibels that peaks between samples hardly ever rise above samples (a sine's: 3.01). Where they
might matter they are measured; in the finished track they are measured in any case."""

MOST_TRIES = 6

MOST_LIMITING = 12.0
"""Decibels of gain beyond which nothing is sacrificed to loudness."""


def make_sound(track: Soundtrack, path: Path, heed: Heed = nobody) -> None:
    """Mixes and encodes the sound of a film, and notes down what it measures.

    Args:
        track: What is heard.
        path: A file for `encode_sound`; appears whole or not at all.
        heed: Called every now and then while it is made: may raise, to end that.

    Raises:
        StoryboardError: If a file cannot be read, or the sound cannot be written.
    """
    target, peak = track.settings.loudness, track.settings.peak
    wanted, ceiling = target, peak - (AAC if path.suffix == ".m4a" else 0.0)
    with (
        whole_file(path) as temporary,
        closing(Spool(path.parent, mix(track, path.parent, heed), heed)) as mixed,
    ):
        for _ in range(MOST_TRIES):
            encode_sound(temporary, mastered(mixed, wanted, ceiling))
            found = measure_file(temporary)
            off = 0.0 if found.integrated <= SILENT else target - found.integrated
            if found.peak <= peak and (abs(off) <= NEAR or wanted >= target + MOST_LOST):
                break
            ceiling -= max(0.0, found.peak - peak + NEAR)
            wanted = min(wanted + off, target + MOST_LOST)
        # Before the track: whoever finds it finds what it measures.
        with whole_file(_note(path)) as note:
            note.write_text(json.dumps(asdict(found)), "utf-8")


def loudness_of(path: Path) -> Loudness:
    """What a track that `make_sound` made measures.

    Raises:
        StoryboardError: If it is not there.
    """
    if _note(path).is_file():
        return Loudness(**json.loads(_note(path).read_bytes()))
    return measure_file(path)


def mastered(mixed: Spool, target: float, ceiling: float) -> Iterator[Stereo]:
    """A mix at a loudness and below a peak; where both cannot be, the peak is kept.

    Args:
        mixed: The mix.
        target: LUFS.
        ceiling: dBTP.
    """
    gain = 0.0 if mixed.loudness <= SILENT else min(MOST_GAIN, target - mixed.loudness)
    if mixed.highest + BETWEEN + gain <= ceiling or mixed.peak + gain <= ceiling:
        yield from _louder(mixed.blocks(), gain)
        return
    # The limiter takes loudness away; that is given back, and limited again.
    first = gain
    for _ in range(MOST_TRIES):
        found = measured(limited(_louder(mixed.blocks(), gain), ceiling)).integrated
        if abs(found - target) < NEAR or gain >= first + MOST_LIMITING:
            break
        gain = min(gain + target - found, first + MOST_LIMITING)
    yield from limited(_louder(mixed.blocks(), gain), ceiling)


def _louder(blocks: Iterator[Stereo], gain: float) -> Iterator[Stereo]:
    factor = np.float32(factor_of(gain))
    return (block * factor for block in blocks)


def _note(path: Path) -> Path:
    return path.with_name(path.name.replace(".m4a", "") + ".json")
