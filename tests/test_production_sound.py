"""Sound files in productions: what is made again, what is reported, what is told before."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import av
import pytest

from photochrom.engine import Event, FolderStore
from photochrom.errors import PhotochromError
from photochrom.film.sound.reading import measure_file
from photochrom.production import build
from test_film_sound import noise, tone
from test_film_sound import write as write_sound
from test_production_build import write


@pytest.fixture
def production(tmp_path: Path) -> Path:
    """Two shots; music beneath them, and a voice that begins with the second one."""
    path = write(tmp_path, "ab")
    write_sound(tmp_path / "music.wav", noise(3))
    write_sound(tmp_path / "voice.wav", tone(1.5, 1000))
    text = path.read_text().replace("fade = 0.5\n", 'fade = 0.5\nsound = { music = "music.wav" }\n')
    shot = 'photograph = "b"\nlength = 2\n'
    assert shot in text
    path.write_text(text.replace(shot, f'{shot}narration = "voice.wav"\n'))
    return path


def segments(production: Path) -> dict[str, float]:
    store = FolderStore(production.parent / ".photochrom")
    return {one.key: one.made for one in store.results() if one.kind == "segment"}


def packets(film: Path, kind: str) -> list[bytes]:
    with av.open(str(film)) as container:
        streams = {"video": container.streams.video[0], "audio": container.streams.audio[0]}
        return [bytes(packet) for packet in container.demux(streams[kind])]


def test_a_changed_sound_file_makes_the_sound_again_and_no_picture(
    production: Path, photochrom: Callable[..., Any]
) -> None:
    first = build(production, jobs=1)
    assert first.failed == ()
    film = production.parent / "out" / "film.mp4"
    found = measure_file(film)
    assert found.integrated == pytest.approx(-23, abs=0.5)
    assert found.peak <= -1
    assert first.loudness == str(found)

    assert build(production, jobs=1).nothing_to_do
    # Written again as it was: looked at, and nothing made.
    os.utime(production.parent / "voice.wav", ns=(1, 1))
    assert build(production, jobs=1).made == ()

    before = segments(production), packets(film, "video"), packets(film, "audio")
    write_sound(production.parent / "voice.wav", tone(1.5, 500))
    ran = photochrom("make", production, "--jobs", 1)
    assert ran.code == 0
    assert re.search(r"sound: -2\d\.\d LUFS, true peak -\d+\.\d dBTP", ran.err)
    assert segments(production) == before[0]
    assert packets(film, "video") == before[1]
    assert packets(film, "audio") != before[2]
    assert build(production, jobs=1).nothing_to_do


@pytest.mark.parametrize("content", [None, b"no sound at all"])
def test_a_bad_sound_file_is_told_of_before_anything_is_made(
    production: Path, content: bytes | None
) -> None:
    voice = production.parent / "voice.wav"
    voice.unlink()
    if content is not None:
        voice.write_bytes(content)
    events: list[Event] = []
    with pytest.raises(PhotochromError) as error:
        build(production, jobs=1, progress=events.append)
    assert str(voice) in str(error.value)
    assert content is None or (error.value.where == str(voice) and error.value.fix)
    assert {event.stage for event in events} <= {"scans", "sounds"}
    assert not (production.parent / "out").exists()
