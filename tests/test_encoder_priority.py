"""Encoders take no real-time priority. SVT-AV1 does, where it is root that runs it."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import pytest

from photochrom.film.frames.planes import Planes
from photochrom.film.output.dither import Dither, Samples
from photochrom.film.output.encode import encode_segment
from photochrom.film.output.priority import ordinary_priority
from photochrom.film.storyboard.encoder import CODECS, Encoder

pytestmark = pytest.mark.skipif(
    not Path("/proc/self/task").is_dir(), reason="threads have such priorities on Linux only"
)


def policies() -> set[int]:
    return {os.sched_getscheduler(int(path.name)) for path in Path("/proc/self/task").iterdir()}


@pytest.mark.parametrize("codec", CODECS)
def test_whatever_encodes_keeps_its_priority(codec: str, tmp_path: Path) -> None:
    encoder = Encoder.model_validate({"codec": codec})
    dither = Dither((128, 96), encoder.depth, encoder.kind.sampling)
    asked: list[set[int]] = []

    def frames() -> Iterator[Samples]:
        for _ in range(3):
            yield dither.to_samples(Planes.flat((128, 96), (60.0, 128.0, 128.0)))
            asked.append(policies())

    path = tmp_path / f"film{encoder.ending}"
    encode_segment(path, frames(), size=(128, 96), rate=Fraction(24), encoder=encoder)
    assert path.is_file()
    assert [*asked, policies()] == [{os.SCHED_OTHER}] * 4


def test_a_priority_that_was_taken_is_given_back_and_one_that_was_there_is_kept() -> None:
    done, chosen = threading.Event(), threading.Event()
    found: list[int] = []

    def has_chosen_its_own() -> None:
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1))
        chosen.set()
        done.wait()
        found.append(os.sched_getscheduler(0))

    try:
        os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(1))
    except PermissionError:
        pytest.skip("whoever may not take a real-time priority has none to give back")
    finally:
        os.sched_setscheduler(0, os.SCHED_OTHER, os.sched_param(0))
    other = threading.Thread(target=has_chosen_its_own)
    other.start()
    chosen.wait()
    with ordinary_priority():
        os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(1))
    mine = os.sched_getscheduler(0)
    done.set()
    other.join()
    assert (mine, found) == (os.SCHED_OTHER, [os.SCHED_FIFO])
