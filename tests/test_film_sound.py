"""Sound: the score, loudness and peaks, files, and what is heard when in the encoded track."""

from __future__ import annotations

import wave
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from photochrom.engine import FolderStore, Serial
from photochrom.errors import StoryboardError
from photochrom.film import Storyboard
from photochrom.film.sound.loudness import loudness, measured
from photochrom.film.sound.mastering import loudness_of, make_sound
from photochrom.film.sound.reading import SoundFile, decoded, listening_to, measure_file
from photochrom.film.sound.schedule import Soundtrack, schedule
from photochrom.film.sound.score import score_blocks
from photochrom.film.storyboard.sound import SAMPLE_RATE

SECONDS = 12.0
Samples = NDArray[np.float32]


def noise(seconds: float, seed: int = 0, level: float = -26.0) -> Samples:
    """(2, n) of white noise, its level in dBFS (RMS)."""
    rng = np.random.default_rng(seed)
    samples = rng.normal(size=(2, round(seconds * SAMPLE_RATE)))
    return (samples * 10 ** (level / 20)).astype(np.float32)


def tone(seconds: float, hertz: float, level: float = -20.0) -> Samples:
    """(2, n) of a sine, its peak in dBFS."""
    time = np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    wave_ = (10 ** (level / 20) * np.sin(2 * np.pi * hertz * time)).astype(np.float32)
    return np.stack([wave_, wave_])


def write(path: Path, samples: Samples) -> Path:
    """A WAV file of 16 bits."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(SAMPLE_RATE)
        file.writeframes((samples.T * 32767).clip(-32768, 32767).astype("<i2").tobytes())
    return path


def heard(path: Path) -> Samples:
    return np.concatenate(list(decoded(path)), axis=1)


def level(samples: Samples) -> float:
    """RMS in dBFS."""
    return float(10 * np.log10((samples.astype(np.float64) ** 2).mean() + 1e-20))


def band(samples: Samples, hertz: float) -> float:
    """Level of one frequency in dB."""
    time = np.arange(samples.shape[1]) / SAMPLE_RATE
    window = np.hanning(samples.shape[1])
    spin = np.exp(-2j * np.pi * hertz * time) * window
    return float(20 * np.log10(abs((samples[0] * spin).sum()) / window.sum() * 2 + 1e-12))


def board(
    sound: dict[str, Any], lengths: tuple[float, ...] = (12,), rate: Any = 24, **first: Any
) -> Storyboard:
    """A film of cards."""
    shots = [
        {"card": "chapter", "heading": f"Part {n}", "length": length, "transition": "cut"}
        for n, length in enumerate(lengths, start=1)
    ]
    shots[0] |= first
    return Storyboard.parse({"film": {"sound": sound, "rate": rate}, "shot": shots})


def track_of(storyboard: Storyboard, *paths: Path) -> Soundtrack:
    return schedule(storyboard, {path.name: SoundFile.open(path) for path in paths})


def made(folder: Path, storyboard: Storyboard, *paths: Path) -> Path:
    out = folder / "sound.m4a"
    make_sound(track_of(storyboard, *paths), out)
    return out


@pytest.fixture(scope="module")
def score(tmp_path_factory: pytest.TempPathFactory) -> Samples:
    return heard(made(tmp_path_factory.mktemp("score"), board({"seed": 3})))


def test_the_score_is_as_long_and_as_loud_as_asked(score: Samples, tmp_path: Path) -> None:
    # The last AAC frame is filled up with silence.
    assert 0 <= score.shape[1] - round(SECONDS * SAMPLE_RATE) < 1024
    assert loudness(score) == pytest.approx(-23, abs=0.2)
    quiet = made(tmp_path, board({"seed": 3, "loudness": -30}))
    assert loudness_of(quiet).integrated == pytest.approx(-30, abs=0.2)


def test_it_begins_and_ends_in_silence_and_never_clicks(score: Samples) -> None:
    score = score[:, : round(SECONDS * SAMPLE_RATE)]
    assert np.abs(score[:, :20]).max() < 1e-3
    assert np.abs(score[:, -20:]).max() < 1e-3
    # A click is a jump: energy at the very top of the spectrum, where the score has none.
    spectrum = np.abs(np.fft.rfft(score[0]))
    high = spectrum[len(spectrum) * 3 // 4 :]
    assert (high**2).sum() < 1e-5 * (spectrum**2).sum()


def test_it_is_stereo_and_both_sides_are_heard(score: Samples) -> None:
    left, right = np.sqrt((score**2).mean(axis=1))
    assert 0.5 < left / right < 2
    assert np.corrcoef(score)[0, 1] < 0.98


def test_it_is_seeded_and_as_long_as_asked() -> None:
    count = 300_001
    once, again, other = (
        np.concatenate(list(score_blocks(seed, count)), axis=1) for seed in (3, 3, 4)
    )
    assert once.shape == other.shape == (2, count)
    assert (once == again).all()
    assert not (once == other).all()


def test_silence_is_silent(tmp_path: Path) -> None:
    path = made(tmp_path, board({"kind": "silence"}, (2,)))
    assert not heard(path).any()
    assert str(loudness_of(path)) == "silent"


def test_loudness_and_peak_of_reference_tones() -> None:
    """EBU Tech 3341, cases 1 and 15: a 1 kHz stereo sine, and peaks between samples."""
    assert loudness(tone(20, 1000, -23)) == pytest.approx(-23, abs=0.1)
    at = np.arange(SAMPLE_RATE) * np.pi / 2 + np.pi / 4
    # It rises slowly: a sudden start has peaks of its own.
    between = (0.5 * np.sin(at) * np.hanning(SAMPLE_RATE)).astype(np.float32)
    assert np.abs(between).max() < 0.36
    assert measured([np.stack([between, between])]).peak == pytest.approx(-6, abs=0.3)


def test_loud_peaks_are_limited_and_the_loudness_is_kept(tmp_path: Path) -> None:
    """Noise without highs, which no encoder keeps, and a clap a second that would be clipped."""
    spectrum = np.fft.rfft(noise(12))
    hertz = np.fft.rfftfreq(12 * SAMPLE_RATE, 1 / SAMPLE_RATE)
    spectrum *= (hertz < 8000) / np.sqrt(np.maximum(hertz, 60))
    samples = np.fft.irfft(spectrum).astype(np.float32)
    samples *= np.float32(10 ** (-34 / 20) / np.sqrt((samples**2).mean()))
    for second in range(12):
        samples[:, second * SAMPLE_RATE : second * SAMPLE_RATE + 1200] *= 8
    music = write(tmp_path / "claps.wav", samples)
    settings = {"music": "claps.wav", "loudness": -14, "fade_in": 0, "fade_out": 0}
    heard_through = SoundFile.open(music)
    # With gain alone the claps would be clipped.
    unlimited = measured([samples]).peak - 14 - heard_through.loudness
    assert unlimited > 2
    path = made(tmp_path, board(settings), music)
    found = measure_file(path)
    assert found.peak <= -1.0
    assert found.integrated == pytest.approx(-14, abs=0.5)
    assert loudness_of(path) == found


@pytest.mark.parametrize(
    ("ending", "codec"),
    [("flac", "flac"), ("mp3", "libmp3lame"), ("ogg", "libopus"), ("m4a", "aac")],
)
def test_files_of_every_format_are_read(tmp_path: Path, ending: str, codec: str) -> None:
    path = tmp_path / f"tone.{ending}"
    rate = 24_000 if codec == "libopus" else 44_100
    with av.open(str(path), "w") as file:
        stream = file.add_stream(codec, rate=rate, layout="mono")
        resampler = av.AudioResampler(stream.format, "mono", rate, stream.frame_size or 4096)
        frame = av.AudioFrame.from_ndarray(tone(3, 440), format="fltp", layout="stereo")
        frame.sample_rate = SAMPLE_RATE
        for part in [*resampler.resample(frame), *resampler.resample(None)]:
            file.mux(stream.encode(part))
        file.mux(stream.encode(None))
    found = SoundFile.open(path)
    assert found.samples / SAMPLE_RATE == pytest.approx(3, abs=0.06)
    assert band(heard(path)[:, SAMPLE_RATE : 2 * SAMPLE_RATE], 440) > -26
    assert found.spoken[0][0] < 0.05 * SAMPLE_RATE


def test_a_file_is_heard_once_and_then_known(tmp_path: Path) -> None:
    path = write(tmp_path / "a.wav", noise(1))
    found = SoundFile.open(path)
    task, store = listening_to(path, found.digest), FolderStore(tmp_path / "store")
    (outcome,) = Serial(store).run("sounds", [task])
    assert outcome.folder is not None
    path.rename(tmp_path / "b.wav")
    assert SoundFile.heard(outcome.folder, path, found.digest) == found
    assert [one.kept for one in Serial(store).run("sounds", [task])] == [True]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "there is no such sound file"),
        (b"these are words, not sound" * 100, "cannot be read as sound"),
        (b"", "cannot be read as sound"),
        (b"#EXTM3U\n#EXTINF:1,\nother.wav\n", "cannot be read as sound"),
    ],
)
def test_bad_files_are_told_in_a_line(tmp_path: Path, content: bytes | None, said: str) -> None:
    path = tmp_path / "bad.wav"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(StoryboardError, match=said) as error:
        SoundFile.open(path)
    assert error.value.where == str(path)
    assert error.value.fix


def test_a_silent_file_is_told_of(tmp_path: Path) -> None:
    with pytest.raises(StoryboardError, match="nothing is to be heard"):
        SoundFile.open(write(tmp_path / "a.wav", np.zeros((2, 48_000), np.float32)))


def test_addresses_that_nobody_can_read_are_refused() -> None:
    with pytest.raises(StoryboardError, match="is no place we can read"):
        board({"music": "ftp://example.org/a.mp3"})


@pytest.mark.parametrize("rate", [24, 29.97])
def test_a_voice_begins_with_its_shot_to_the_sample(tmp_path: Path, rate: float) -> None:
    """A burst of noise is found again in the decoded track by correlation."""
    burst = noise(1, seed=5)
    voice = write(tmp_path / "voice.wav", burst)
    lengths = (2.345, 4)
    first = board({"kind": "silence", "loudness": -20}, lengths, rate)
    shots = [*first.shots[:1], first.shots[1].model_copy(update={"narration": None})]
    data = Storyboard(film=first.film, shot=tuple(shots)).model_dump(by_alias=True, mode="json")
    data["shot"][1]["narration"] = "voice.wav"
    storyboard = Storyboard.parse(data)
    samples = heard(made(tmp_path, storyboard, voice))
    frames = round(2.345 * float(storyboard.film.rate))
    expected = round(frames * SAMPLE_RATE / storyboard.film.rate)
    size = 1 << 19
    spectrum = np.fft.rfft(samples[0], size) * np.conj(np.fft.rfft(burst[0], size))
    assert int(np.fft.irfft(spectrum, size).argmax()) == expected


def test_music_sinks_beneath_a_voice_and_rises_again(tmp_path: Path) -> None:
    music = write(tmp_path / "music.wav", tone(20, 440))
    voice = write(tmp_path / "voice.wav", tone(4, 3000))
    settings = {"music": "music.wav", "fade_in": 0, "fade_out": 0, "duck": 12}
    narration = {"file": "voice.wav", "at": 8}
    samples = heard(made(tmp_path, board(settings, (20,), narration=narration), music, voice))

    def music_at(second: float) -> float:
        first = round(second * SAMPLE_RATE)
        return band(samples[:, first : first + SAMPLE_RATE], 440)

    before, during, after = music_at(5), music_at(9.5), music_at(15)
    assert before - during == pytest.approx(12, abs=0.5)
    assert after == pytest.approx(before, abs=0.3)
    # It has sunk before the first word, and not long before.
    assert music_at(6.5) == pytest.approx(before, abs=0.3)


def test_pieces_cross_at_chapters_without_a_dip(tmp_path: Path) -> None:
    one = write(tmp_path / "one.wav", noise(12, 1, -20))
    two = write(tmp_path / "two.wav", noise(12, 2, -35))
    settings = {
        "music": ["one.wav", {"file": "two.wav", "chapter": "Part 2"}],
        "fade_in": 0,
        "fade_out": 0,
    }
    samples = heard(made(tmp_path, board(settings, (6, 6)), one, two))
    levels = [
        level(samples[:, start : start + SAMPLE_RATE // 2])
        for start in range(SAMPLE_RATE // 2, 11 * SAMPLE_RATE, SAMPLE_RATE // 4)
    ]
    assert max(levels) - min(levels) < 1.0
    clips = track_of(board(settings, (6, 6)), one, two).clips
    assert [clip.start for clip in clips] == [0, 6 * SAMPLE_RATE]
    # Both are heard in the middle of it, as loud as each other.
    assert clips[0].stop == 9 * SAMPLE_RATE
    assert clips[0].fall == clips[1].rise == 3 * SAMPLE_RATE


def test_a_short_piece_is_repeated_until_the_film_ends(tmp_path: Path) -> None:
    short = write(tmp_path / "short.wav", noise(5, 1))
    settings = {"music": "short.wav", "fade_in": 0, "fade_out": 0, "crossfade": 1}
    samples = heard(made(tmp_path, board(settings), short))
    levels = [
        level(samples[:, start : start + SAMPLE_RATE // 2])
        for start in range(0, 11 * SAMPLE_RATE, SAMPLE_RATE // 4)
    ]
    assert max(levels) - min(levels) < 1.5
    once = board(settings | {"music": {"file": "short.wav", "repeat": False}})
    assert level(heard(made(tmp_path, once, short))[:, 6 * SAMPLE_RATE :]) < -80


def test_ambient_sound_is_softer_than_music(tmp_path: Path) -> None:
    music = write(tmp_path / "music.wav", tone(12, 440))
    sea = write(tmp_path / "sea.wav", tone(12, 560))
    settings = {"music": "music.wav", "ambient": "sea.wav"}
    samples = heard(made(tmp_path, board(settings), music, sea))
    middle = samples[:, 4 * SAMPLE_RATE : 6 * SAMPLE_RATE]
    assert band(middle, 440) - band(middle, 560) == pytest.approx(12, abs=1)


@pytest.mark.parametrize(
    ("sound", "narration", "said"),
    [
        ({"music": {"file": "a.wav", "chapter": "Part 9"}}, None, 'no chapter "Part 9"'),
        ({"music": {"file": "a.wav", "at": 50}}, None, "begins after the film"),
        ({"music": {"file": "a.wav", "at": 1, "chapter": "Part 1"}}, None, "both"),
        ({"music": [{"file": "a.wav", "at": 4}, {"file": "a.wav", "at": 2}]}, None, "before"),
        ({"music": "b.wav"}, None, 'no sound file "b.wav"'),
        ({}, {"file": "a.wav", "at": 10}, "ends 1.0 s after the film"),
        ({"narration": "a.wav"}, {"file": "a.wav", "at": 1}, "still speaks"),
    ],
)
def test_what_does_not_fit_is_told_in_a_line(
    tmp_path: Path, sound: dict[str, Any], narration: Any, said: str
) -> None:
    path = write(tmp_path / "a.wav", noise(3))
    with pytest.raises(StoryboardError, match=said):
        track_of(board(sound, narration=narration), path)


def test_the_key_hangs_on_what_is_heard_and_not_on_names(tmp_path: Path) -> None:
    one = write(tmp_path / "one.wav", noise(3))
    two = write(tmp_path / "two.wav", noise(3))
    other = write(tmp_path / "other.wav", noise(3, 1))
    keys = [
        track_of(board({"music": path.name, "seed": seed}), path).key
        for seed, path in enumerate((one, two, other))
    ]
    assert keys[0] == keys[1] != keys[2]
