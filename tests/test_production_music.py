"""Drafts with music and voices: how long they are, and pictures that change on the beats."""

from __future__ import annotations

import wave
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image

from photochrom.errors import StoryboardError
from photochrom.film.sound.reading import SoundFile
from photochrom.film.sound.schedule import names_in, schedule
from photochrom.film.storyboard import Shot, Storyboard
from photochrom.film.storyboard.sound import SAMPLE_RATE
from photochrom.film.storyboard.values import frames_in
from photochrom.production import Draft, ProductionFile, draft
from photochrom.production.drafting.music import Music, on_beats
from photochrom.production.pacing import Want


def write(path: Path, mono: NDArray[np.floating]) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(SAMPLE_RATE)
        file.writeframes((mono * 32767).astype("<i2").tobytes())
    return path


def ticking(path: Path, seconds: float, period: float, first: float = 0.25) -> Path:
    """A click every so often."""
    track = np.zeros(round(seconds * SAMPLE_RATE))
    time = np.arange(1440) / SAMPLE_RATE
    click = 0.5 * np.sin(2 * np.pi * 1000 * time) * np.exp(-120 * time)
    for start in np.arange(first, seconds - 0.1, period):
        track[round(start * SAMPLE_RATE) :][:1440] += click
    return write(path, track)


def humming(path: Path, seconds: float) -> Path:
    time = np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    return write(path, 0.3 * np.sin(2 * np.pi * 200 * time))


@pytest.fixture
def scans(tmp_path: Path) -> Path:
    (tmp_path / "scans").mkdir()
    for index in range(10):
        pixels = np.random.default_rng(index).integers(0, 256, (32, 48), dtype=np.uint8)
        Image.fromarray(pixels).save(tmp_path / "scans" / f"scan {index}.png")
    return tmp_path / "scans"


def storyboard_of(drafted: Draft, scans: Path) -> Storyboard:
    return ProductionFile.parse(drafted.text, scans.parent / "production.toml").storyboard()


def changes(storyboard: Storyboard) -> list[float]:
    """The middle of each transition, in seconds; counted in frames, as the film is."""
    frames, found = 0, []
    for item in storyboard.shots:
        if frames:
            found.append(frames / 24 + item.transition.seconds / 2)
        frames += frames_in(item.length, Fraction(24))
    return found


def test_the_film_is_as_long_as_its_music_and_changes_on_its_beats(scans: Path) -> None:
    music = ticking(scans.parent / "music.wav", 111.3, 0.75)
    drafted = draft(scans, music=[music])
    storyboard = storyboard_of(drafted, scans)
    assert drafted.warnings == ()
    assert [piece.file for piece in storyboard.film.sound.music] == ["music.wav"]
    assert 0 <= 111.3 - storyboard.length < 1 / 24
    for change in changes(storyboard):
        assert abs((change - 0.25 + 0.375) % 0.75 - 0.375) < 0.03, change
    shots = [item for item in storyboard.shots if isinstance(item, Shot)]
    assert all(5.5 <= shot.length <= 14 for shot in shots if shot.reveal.kind != "none")


def test_an_asked_length_is_kept_to_the_frame_on_beats_too(scans: Path) -> None:
    music = ticking(scans.parent / "music.wav", 60, 0.6)
    storyboard = storyboard_of(draft(scans, music=[music], length="2:05.5"), scans)
    assert storyboard.length == pytest.approx(125.5, abs=1e-6)
    assert sum(frames_in(item.length, Fraction(24)) for item in storyboard.shots) == 125.5 * 24
    # The music begins again after 57 seconds, when its last 3 pass into its first.
    beats = [start + beat for start in (0, 57, 114) for beat in np.arange(0.25, 59.9, 0.6)]
    for change in changes(storyboard):
        assert min(abs(change - beat) for beat in beats) < 0.03, change


def test_without_beats_lengths_are_as_ever(scans: Path) -> None:
    music = ticking(scans.parent / "music.wav", 111.3, 0.75)
    plain = storyboard_of(draft(scans, length="2:00"), scans)
    for drafted in (
        draft(scans, length="2:00", music=[music], beats=False),
        draft(scans, length="2:00", music=[humming(scans.parent / "hum.wav", 120)], beats=False),
    ):
        assert drafted.warnings == ()
        lengths = [item.length for item in storyboard_of(drafted, scans).shots]
        assert lengths == [item.length for item in plain.shots]


def test_pieces_pass_into_one_another(scans: Path) -> None:
    one = ticking(scans.parent / "one.wav", 50, 0.5)
    two = ticking(scans.parent / "two.wav", 60, 0.8)
    drafted = draft(scans, music=[one, two])
    storyboard = storyboard_of(drafted, scans)
    assert [piece.file for piece in storyboard.film.sound.music] == ["one.wav", "two.wav"]
    # They cross for three seconds.
    assert storyboard.length == 107
    files = {path.name: SoundFile.open(path) for path in (one, two)}
    clips = schedule(storyboard, files).clips
    assert [clip.start for clip in clips] == [0, 47 * SAMPLE_RATE]
    assert clips[-1].stop == 107 * SAMPLE_RATE
    # What the first plays beneath the second is not followed.
    beats = [*np.arange(0.25, 47, 0.5), *(47 + np.arange(0.25, 59.9, 0.8))]
    for change in changes(storyboard):
        assert min(abs(change - beat) for beat in beats) < 0.03, change


def test_music_that_does_not_suit_the_photographs_is_said(scans: Path) -> None:
    short = draft(scans, music=[humming(scans.parent / "short.wav", 20)], beats=False)
    long = draft(scans, music=[humming(scans.parent / "long.wav", 400)], beats=False)
    assert short.seconds == long.seconds == draft(scans).seconds
    assert "the music lasts 0:20, short for 10 photographs" in short.warnings[0]
    assert "the music lasts 6:40, long for 10 photographs" in long.warnings[0]


def test_music_without_a_beat_and_music_that_is_never_heard_are_said(scans: Path) -> None:
    hum = humming(scans.parent / "hum.wav", 100)
    tick = ticking(scans.parent / "tick.wav", 100, 0.5)
    drafted = draft(scans, length="1:30", music=[hum, tick])
    assert drafted.warnings == (
        "the film ends before this music begins: tick.wav",
        "hum.wav: no steady beat is heard in it, on which pictures could change",
    )
    sound = storyboard_of(drafted, scans).film.sound
    assert [piece.file for piece in sound.music] == ["hum.wav"]


def test_music_that_cannot_be_played_is_one_line(scans: Path) -> None:
    broken = scans.parent / "broken.mp3"
    broken.write_bytes(b"no music")
    with pytest.raises(StoryboardError, match=r"broken\.mp3: cannot be read as sound"):
        draft(scans, music=[broken])
    with pytest.raises(StoryboardError, match=r"gone\.wav: there is no such sound file"):
        draft(scans, music=[scans.parent / "gone.wav"])


def test_a_voice_beside_a_scan_is_heard_and_has_its_time(scans: Path) -> None:
    humming(scans / "scan 3.wav", 17.2)
    humming(scans / "scan 4.WAV", 2.0)
    (scans / "scan 5.mp3").write_bytes(b"no voice")
    drafted = draft(scans, length="2:20")
    storyboard = storyboard_of(drafted, scans)
    assert storyboard.length == 140
    shots = [item for item in storyboard.shots if isinstance(item, Shot)]
    voices = {shot.photograph: shot.narration.file for shot in shots if shot.narration}
    assert voices == {"scan-3": "scans/scan 3.wav", "scan-4": "scans/scan 4.WAV"}
    assert 18.2 <= shots[3].length < 19
    assert [line for line in drafted.warnings if "scan 5.mp3: left out" in line]
    assert len(drafted.warnings) == 1
    # The film can be mixed: no voice speaks over another or over the end.
    files = {name: SoundFile.open(scans.parent / name) for name in names_in(storyboard)}
    assert len(schedule(storyboard, files).speech) == 2


def test_a_voice_is_heard_once_where_a_photograph_has_several_shots(tmp_path: Path) -> None:
    (tmp_path / "scans").mkdir()
    Image.fromarray(np.full((32, 48), 90, np.uint8)).save(tmp_path / "scans" / "a.png")
    humming(tmp_path / "scans" / "a.wav", 5)
    text = draft(tmp_path / "scans", length="1:15").text
    assert text.count("photograph = ") == 4
    assert text.count("narration = ") == 1


# -- the parts ----------------------------------------------------------------------------------

ITEMS = st.lists(st.tuples(st.integers(12, 40), st.integers(0, 40)), min_size=1, max_size=30)


@settings(max_examples=60, deadline=None)
@given(ITEMS, st.floats(0.3, 1.5), st.integers(0, 23))
def test_on_beats_sums_and_least_lengths_are_kept(
    items: list[tuple[int, int]], period: float, odd: int
) -> None:
    lengths = [(least + more) / 4 for least, more in items]
    lengths[-1] += odd / 24
    wants = [Want(least / 4, 1.0, (least + more) / 4 + 3) for least, more in items]
    beats = [(float(at), 0.5) for at in np.arange(0.1, sum(lengths), period)]
    moved = on_beats(lengths, wants, [0.5] * len(items), beats)
    assert sum(moved) == pytest.approx(sum(lengths), abs=0.0006)
    for length, want in zip(moved, wants, strict=True):
        assert length >= want.least - 0.0011
        assert length <= max(want.most, want.least) + 1 / 24
    starts = np.cumsum(moved)[:-1] * 24
    assert np.abs(starts - np.round(starts)).max(initial=0) < 0.03


def test_a_strong_beat_is_worth_a_longer_way() -> None:
    wants = [Want(3), Want(3)]
    assert on_beats([5, 5], wants, [0, 0], [(4.8, 0.1), (5.5, 1.0)]) == [5.5, 4.5]
    assert on_beats([5, 5], wants, [0, 0], [(4.8, 0.9), (5.5, 1.0)]) == [4.792, 5.208]
    # None is in reach, or there is no room to go there.
    assert on_beats([5, 5], wants, [0, 0], [(7.0, 1.0)]) == [5, 5]
    assert on_beats([5, 5], [Want(5), Want(3)], [0, 0], [(4.8, 1.0)]) == [5, 5]


def test_music_is_known_by_its_places_even_if_a_piece_comes_twice(tmp_path: Path) -> None:
    piece = ticking(tmp_path / "a.wav", 20, 0.5)
    music = Music.hear([piece, piece])
    assert music.seconds == pytest.approx(37)
    times = [time for time, _ in music.beats_of_film(37)]
    assert times == sorted(times)
    assert 68 <= len(times) <= 75
    assert len(music.within(10).files) == 1
    assert len(music.within(20).files) == 2
