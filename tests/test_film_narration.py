"""Narration in words: sentences as subtitles, and speech engines."""

from __future__ import annotations

import pickle
import sys
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from photochrom.engine import FolderStore, Serial
from photochrom.errors import StoryboardError
from photochrom.film import Storyboard
from photochrom.film.plan.sentences import LONGEST, sentences, together
from photochrom.film.sound.engines import ENGINES, NAMES, Order
from photochrom.film.sound.narration import recorded, unspoken
from photochrom.film.sound.reading import SoundFile
from photochrom.film.sound.schedule import Spoken, schedule
from photochrom.film.sound.speech import RECORDING, Speaker, speaker
from photochrom.film.storyboard.sound import SAMPLE_RATE
from photochrom.film.words.subtitles import LINE, Subtitle, srt, vtt
from test_film_sound import board, tone, write

TWO = "The team met in 1931. Nobody knew what would come of it."
WINDOWS = sys.platform == "win32"

FAKE = f"""#!{sys.executable}
import sys, wave
arguments = sys.argv[1:]
if arguments == ["--version"]:
    print("fake 1")
    sys.exit(1)
if arguments == ["-lv"]:
    print("Voices available: slt kal")
    sys.exit()
given = dict(zip(arguments[::2], arguments[1::2]))
text = open(given["-f"], encoding="utf-8").read() if "-f" in given else sys.stdin.read()
if "fail" in text:
    print("something", "went wrong", file=sys.stderr)
    sys.exit(3)
if "nothing" in text:
    sys.exit()
assert text.isascii(), text
with open(__file__ + ".asked", "a") as asked:
    asked.write(text)
with wave.open(given["-o"], "wb") as out:
    out.setnchannels(1)
    out.setsampwidth(2)
    out.setframerate(16000)
    # A fiftieth of a second a letter.
    for n in range(320 * len(text.strip())):
        out.writeframesraw((8000 if n // 20 % 2 else -8000).to_bytes(2, "little", signed=True))
"""


def fake_flite(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program called flite that really writes sound, the only engine on the path."""
    folder.mkdir(parents=True, exist_ok=True)
    program = folder / "flite"
    program.write_text(FAKE)
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(folder))
    return program


def spoken_by(engine: Speaker, text: str, folder: Path) -> SoundFile:
    engine.record(text, folder / f"{len(text)}.wav")
    return SoundFile.open(folder / f"{len(text)}.wav")


def spoken(text: str, *seconds: tuple[float, float]) -> Spoken:
    spans = tuple((round(a * SAMPLE_RATE), round(b * SAMPLE_RATE)) for a, b in seconds)
    return Spoken(text, spans)


def test_time_is_shared_out_by_letters() -> None:
    one, two = sentences(
        [spoken("Twenty letters here. And twenty of others.", (10, 14))], Fraction(24)
    )
    assert (one.text, two.text) == ("Twenty letters here.", "And twenty of others.")
    assert (one.start, two.stop) == (240, 336)
    assert one.stop == two.start == pytest.approx(287, abs=1)
    assert one.spoken and two.spoken


def test_numbers_take_longer_than_they_look() -> None:
    """A year is read as two words: the shorter of two sentences is heard for longer."""
    text = "In 1944 they came home. And in the end they all were gone."
    one, two = sentences([spoken(text, (0, 10))], Fraction(24))
    letters = [len(one.text) + 16, len(two.text)]
    assert one.stop / 24 == pytest.approx(10 * letters[0] / sum(letters), abs=0.05)
    assert one.stop > two.stop - one.stop


def test_a_pause_belongs_to_no_sentence() -> None:
    """Two sentences of one length, and a pause of three seconds exactly between them."""
    one, two = sentences(
        [spoken("He came at noon. She left at one.", (1, 3), (6, 8))], Fraction(25)
    )
    assert (one.start, one.stop, two.start, two.stop) == (25, 75, 150, 200)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Mr. Smith came home. Then what?", ["Mr. Smith came home.", "Then what?"]),
        (
            "It cost 3.5 francs. “Too much!” she said.",
            ["It cost 3.5 francs.", "“Too much!” she said."],
        ),
        ("我们在1931年相遇。后来呢？", ["我们在1931年相遇。", "后来呢？"]),
        ("  One\n line  only ", ["One line only"]),
    ],
)
def test_sentences_are_found(text: str, parts: list[str]) -> None:
    assert [one.text for one in sentences([spoken(text, (0, 9))], Fraction(24))] == parts


@pytest.mark.parametrize("space", [" ", ""])
def test_long_sentences_come_in_parts_of_two_lines(space: str) -> None:
    words = ["w" + "o" * (n % 5 + 2) + ("," if n % 7 == 6 else "") for n in range(70)]
    text = space.join(words) + "."
    found = sentences([spoken(text, (0, 40))], Fraction(24))
    whole = space.join(one.text.replace("\n", " ") for one in found)
    assert whole == text
    assert all(len(one.text) <= LONGEST for one in found)
    for one in found:
        assert (one.stop - one.start) / 24 == pytest.approx(len(one.text) * 40 / len(text), abs=0.4)
    if space:
        assert all(len(line) <= LINE for one in found for line in one.text.splitlines())
        assert all(one.text.endswith((",", ".")) for one in found)
    assert [one.start for one in found[1:]] == [one.stop for one in found[:-1]]


def test_captions_and_words_share_a_track() -> None:
    caption = Subtitle(10, 100, "Ann\n1931")
    said = [Subtitle(0, 30, "First.", spoken=True), Subtitle(30, 60, "Second.", spoken=True)]
    found = together([*said, caption])
    assert [(one.start, one.stop, one.text) for one in found] == [
        (0, 10, "First."),
        (10, 30, "Ann\n1931\nFirst."),
        (30, 60, "Ann\n1931\nSecond."),
        (60, 100, "Ann\n1931"),
    ]
    text = vtt([said[0], caption], Fraction(24), settings="line:1")
    assert "00:00:00.000 --> 00:00:01.250\nFirst." in text
    assert "00:00:00.417 --> 00:00:04.167 line:1\nAnn" in text
    assert srt(found, Fraction(24)).count("-->") == 4


def test_words_are_where_the_voice_is(tmp_path: Path) -> None:
    """A recording with a silent second before and behind: its words are heard between them."""
    quiet = np.zeros((2, SAMPLE_RATE), np.float32)
    voice = write(tmp_path / "a.wav", np.concatenate([quiet, tone(3, 800), quiet], axis=1))
    storyboard = board({}, (4, 9), narration={"file": "a.wav", "text": TWO, "at": 2})
    track = schedule(storyboard, {"a.wav": SoundFile.open(voice)})
    first, second = sentences(track.words, Fraction(24))
    assert first.start / 24 == pytest.approx(3, abs=0.1)
    assert second.stop / 24 == pytest.approx(6, abs=0.1)


def test_a_narration_needs_a_file_or_words() -> None:
    with pytest.raises(StoryboardError, match="neither file nor text"):
        board({}, narration={"text": " "})
    storyboard = board({"narration": {"text": "All along."}}, (4, 4), narration={"text": TWO})
    assert unspoken(storyboard) == ["All along.", TWO]
    assert schedule(storyboard, {}).speech == ()
    told = recorded(storyboard, lambda text: Path(f"/{len(text)}.wav"))
    assert unspoken(told) == []
    assert told.shots[0].narration.file == f"/{len(TWO)}.wav"
    assert Storyboard.model_validate(told.model_dump(by_alias=True)).shots[0].narration.text == TWO


@pytest.mark.skipif(WINDOWS, reason="the program is a script")
class TestAnEngineThatIsAScript:
    def test_it_speaks_once(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        program = fake_flite(tmp_path / "bin", monkeypatch)
        engine = speaker(None, "", "en-GB")
        assert str(engine) == "flite, slt"
        store = FolderStore(tmp_path / "store")
        texts = ("“Où – là”,\n said\tZoë… ", "“Où – là”, said Zoë…")
        outcomes = [*Serial(store).run("narration", [engine.task(text) for text in texts])]
        assert outcomes[0].folder == outcomes[1].folder is not None
        path = outcomes[0].folder / RECORDING
        said = '"Ou , la", said Zoe...'
        assert Path(f"{program}.asked").read_text() == f"{said}\n".replace("Ou , ", "Ou ,  ")
        assert SoundFile.open(path).samples == pytest.approx(SAMPLE_RATE * 23 / 50, rel=0.01)

    def test_what_decides_the_sound_is_its_key(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        program = fake_flite(tmp_path / "bin", monkeypatch)
        one, other = speaker("flite", "", "en"), speaker("flite", "kal", "en")
        assert one.key != other.key
        assert one.task("A text").key != other.task("A text").key
        assert pickle.loads(pickle.dumps(one.task("A text"))) == one.task("A text")
        program.write_text(FAKE.replace("fake 1", "fake 2"))
        assert speaker("flite", "", "en").key != one.key

    @pytest.mark.parametrize(
        ("voice", "text", "said"),
        [
            ("", "fail", "something went wrong"),
            ("", "nothing", "it wrote no sound"),
            ("nobody", "A text", 'it has no voice "nobody"'),
        ],
    )
    def test_an_engine_that_fails_is_one_line(
        self, voice: str, text: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        fake_flite(tmp_path / "bin", monkeypatch)
        with pytest.raises(StoryboardError, match=said) as error:
            speaker(None, voice, "en").record(text, tmp_path / "out.wav")
        assert "\n" not in str(error.value)
        (outcome,) = Serial(FolderStore(tmp_path)).run(
            "narration", [speaker(None, voice, "en").task(text)]
        )
        assert outcome.folder is None
        assert str(outcome.failure.as_error(StoryboardError)) == str(error.value)

    def test_a_language_that_it_does_not_speak(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        fake_flite(tmp_path / "bin", monkeypatch)
        with pytest.raises(StoryboardError, match='flite speaks only "en"'):
            speaker("flite", "", "de")
        with pytest.raises(
            StoryboardError, match='no speech engine for "de" is installed'
        ) as error:
            speaker(None, "", "de")
        assert "espeak-ng" in str(error.value.fix)
        assert "flite" not in str(error.value.fix)


def test_no_engine_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(StoryboardError, match="no speech engine") as error:
        speaker(None, "", "en")
    assert "apt install flite" in str(error.value.fix)
    with pytest.raises(StoryboardError, match="espeak-ng is not installed"):
        speaker("espeak-ng", "", "en")
    with pytest.raises(StoryboardError, match='no speech engine "siri"'):
        speaker("siri", "", "en")


def test_piper_wants_a_voice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake = fake_flite(tmp_path, monkeypatch)
    fake.rename(tmp_path / "piper")
    with pytest.raises(StoryboardError, match="piper has no voice"):
        speaker("piper", "", "en")
    model = tmp_path / "voice.onnx"
    model.write_bytes(b"a model")
    monkeypatch.setenv("PHOTOCHROM_PIPER_VOICE", str(model))
    found = speaker(None, "", "fr")
    assert str(found) == "piper, voice"
    before = found.key
    model.write_bytes(b"another")
    assert speaker("piper", "", "fr").key != before


def test_every_engine_names_where_its_sound_goes() -> None:
    order = Order("program", Path("text.txt"), Path("out.wav"), "voice", "en")
    for engine in ENGINES:
        command = engine.command(order)
        told = [*command, *engine.environment(order).values()]
        assert command[0] == "program"
        assert "out.wav" in told and "voice" in told
        assert engine.piped or "text.txt" in told
        assert engine.license and engine.install


@pytest.mark.parametrize("name", NAMES)
def test_an_installed_engine_speaks(name: str, tmp_path: Path) -> None:
    try:
        engine: Speaker = speaker(name, "", "en")
    except StoryboardError as error:
        pytest.skip(str(error))
    long, short = (spoken_by(engine, text, tmp_path) for text in (TWO, "The team met."))
    assert 2.5 < long.samples / SAMPLE_RATE < 8
    assert 0.4 < short.samples / SAMPLE_RATE < long.samples / SAMPLE_RATE / 2
