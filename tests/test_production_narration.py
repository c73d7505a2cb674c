"""Narration in productions: who speaks, and what of it is said to the audience."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import av
import numpy as np
import pysubs2
import pytest

from photochrom.engine import FolderStore
from photochrom.errors import StoryboardError
from photochrom.film.sound.reading import decoded
from photochrom.production import build
from test_film_narration import WINDOWS, fake_flite
from test_production_build import write

SHOT = 'photograph = "b"\nlength = 2\n'
SAID = "Here they are, all six. And none of them knew it."

pytestmark = pytest.mark.skipif(WINDOWS, reason="the engine is a script")


@pytest.fixture
def production(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two photographs without a score; words, which nobody has recorded, begin with the second."""
    path = write(tmp_path, "ab")
    text = path.read_text().replace("fade = 0.5\n", 'fade = 0.5\nsound = { kind = "silence" }\n')
    assert SHOT in text
    path.write_text(text.replace(SHOT, f'{SHOT}narration = {{ text = "{SAID}", at = 0.5 }}\n'))
    fake_flite(tmp_path / "bin", monkeypatch)
    return path


def texts(production: Path) -> dict[str, str]:
    folder = production.parent / "out"
    return {path.name: path.read_text("utf-8-sig") for path in folder.glob("film.*.[ch]*")}


def test_without_an_engine_it_is_silent_and_counted(
    production: Path, photochrom: Callable[..., Any]
) -> None:
    for _ in range(2):
        ran = photochrom("make", production, "--jobs", 1)
        assert ran.code == 0
        assert "1 narration has no recording: --narrate lets an engine speak" in ran.err
    folder = production.parent / "out"
    film = np.concatenate(list(decoded(folder / "film.mp4")), axis=1)
    assert not film.any()
    assert "Here they are" not in (folder / "film.srt").read_text()
    assert "computer voice" not in "".join(texts(production).values())


def test_an_engine_speaks_and_everybody_is_told(
    production: Path, photochrom: Callable[..., Any]
) -> None:
    folder = production.parent / "out"
    assert photochrom("make", production, "--jobs", 1).code == 0
    silent = segments(production)
    ran = photochrom("make", production, "--jobs", 1, "--narrate")
    assert ran.code == 0, ran.err
    assert "no recording" not in ran.err

    # A fiftieth of a second a letter, from half a second into the second photograph.
    film = np.abs(np.concatenate(list(decoded(folder / "film.mp4")), axis=1)).max(axis=0)
    heard = np.flatnonzero(film > film.max() / 4)[[0, -1]] / 48_000
    assert heard == pytest.approx([3.5, 3.5 + len(SAID) / 50], abs=0.05)
    with av.open(str(folder / "film.mp4")) as container:
        track = b"".join(bytes(one) for one in container.demux(container.streams.subtitles[0]))
    assert b"Caption b\nAnd none of them knew it." in track

    words = pysubs2.SSAFile.load(str(folder / "film.vtt"))
    found = {one.plaintext: (one.start / 1000, one.end / 1000) for one in words}
    first, second = found["Here they are, all six."], found["And none of them knew it."]
    assert [first[0], second[1]] == pytest.approx(list(heard), abs=0.1)
    assert first[1] == second[0]
    assert "Caption b" in found

    rows = list(csv.DictReader(texts(production)["film.cues.csv"].splitlines()))
    told = [row["narration"] for row in rows if row["narration"]]
    assert told == [f"computer voice (flite, slt): {SAID}"]
    assert "Narration: computer voice (flite, slt)" in texts(production)["film.cues.html"]
    descriptions = next(folder.glob("film.descriptions.vtt")).read_text()
    assert "Narration spoken by a computer voice (flite, slt)." in " ".join(descriptions.split())
    # The disclosure card says so, and nothing else in the pictures has changed.
    assert len(segments(production) - silent) == 1

    assert build(production, jobs=1, narrate="flite").nothing_to_do
    asked = production.parent / "bin" / "flite.asked"
    assert asked.read_text().count("Here they are") == 1


def test_a_preview_is_spoken_too(production: Path, photochrom: Callable[..., Any]) -> None:
    folder = production.parent / "out"
    assert photochrom("make", production, "--preview", "--jobs", 1).code == 0
    silent = np.concatenate(list(decoded(folder / "film.preview.mp4")), axis=1)
    assert not silent.any()
    ran = photochrom("make", production, "--preview", "--narrator", "flite", "--jobs", 1)
    assert ran.code == 0, ran.err
    spoken = np.abs(np.concatenate(list(decoded(folder / "film.preview.mp4")), axis=1)).max(axis=0)
    assert spoken[: 3 * 48_000].max() < spoken.max() / 4
    assert spoken[round(3.6 * 48_000) : 4 * 48_000].max() > spoken.max() / 4


def test_other_words_are_spoken_anew_and_no_picture_is_made(production: Path) -> None:
    build(production, jobs=1, narrate="auto")
    before = segments(production)
    production.write_text(production.read_text().replace("all six", "all seven"))
    result = build(production, jobs=1, narrate="auto")
    assert set(result.made) == {"film", "sidecars"}
    assert segments(production) == before
    assert "all seven" in (production.parent / "out" / "film.srt").read_text()


def test_an_engine_that_is_not_there_is_one_line_before_anything_is_made(
    production: Path, photochrom: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(production.parent))
    ran = photochrom("make", production, "--narrator", "espeak-ng")
    assert ran.code == 2
    assert "espeak-ng is not installed" in ran.err
    assert "apt install espeak-ng" in ran.err
    assert "Traceback" not in ran.err
    assert not (production.parent / "out").exists()


def test_words_that_are_longer_than_the_film_are_named(production: Path) -> None:
    long = "They talked and talked. " * 20
    production.write_text(production.read_text().replace(SAID, long.strip()))
    with pytest.raises(StoryboardError, match=r'the narration "They talked.*…" ends .* after the'):
        build(production, jobs=1, narrate="auto")


def segments(production: Path) -> set[str]:
    store = FolderStore(production.parent / ".photochrom")
    return {one.key for one in store.results() if one.kind == "segment"}
