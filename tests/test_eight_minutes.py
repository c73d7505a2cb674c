"""What photochrom is for, from end to end: forty dated scans become a film of eight minutes."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
import pysubs2
import pytest
from PIL import Image

from conftest import Ran
from photochrom.film.sound.reading import measure_file
from photochrom.production import ProductionFile

QUICK = 'schema = "photochrom.recipe/1"\nsteps = ["tone", "color"]\n[color]\nsizes = [96]\n'
SECONDS, RATE, SIZE = 480, 24, (256, 144)
PLACES = ("the harbor", "the market", "the school", "the stadium", "the station")


def scans(folder: Path) -> None:
    """Forty pictures of some shapes, dated 1896 to 1935, and a table of what is known of them."""
    rng = np.random.default_rng(40)
    folder.mkdir()
    lines = ["file,date,place,caption,credit"]
    for number in range(40):
        size = ((120, 90), (90, 120), (150, 70))[number % 3]
        low = Image.fromarray(rng.integers(20, 235, (6, 8), np.uint8))
        low.resize(size, Image.Resampling.BICUBIC).save(folder / f"scan{number:02}.tif")
        place = PLACES[number % 5]
        caption = f"Number {number} at {place}" if number % 7 else ""
        lines.append(f"scan{number:02},{1896 + number},{place},{caption},Archive {number % 4}")
    (folder / "captions.csv").write_text("\n".join(lines), "utf-8")


def words(text: str) -> str:
    """What a text says, however its parts are joined: subtitles break lines, sheets put commas."""
    return " ".join(re.findall(r"\w+", text))


def test_forty_scans_become_a_film_of_eight_minutes(
    tmp_path: Path, photochrom: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    scans(tmp_path / "scans")
    assert photochrom("new", "scans", "--title", "Forty years", "--length", "8:00").code == 0
    file = tmp_path / "production.toml"
    text = file.read_text("utf-8")
    (tmp_path / "quick.toml").write_text(QUICK, "utf-8")
    for what, instead in {"[1920, 1080]": str(list(SIZE)), '"faithful"': '"quick.toml"'}.items():
        assert what in text
        text = text.replace(what, instead, 1)
    file.write_text(text, "utf-8")
    made = photochrom("make", "production.toml")
    assert made.code == 0, made.err
    assert "sound: -23." in made.err or "sound: -22.9" in made.err

    out = tmp_path / "out"
    with av.open(str(out / "film.mp4")) as film:
        assert film.streams.video[0].frames == SECONDS * RATE
        assert film.duration == pytest.approx(SECONDS * av.time_base, rel=1e-4)
        chapters = [chapter["start"] * chapter["time_base"] for chapter in film.chapters()]
    found = measure_file(out / "film.mp4")
    assert found.integrated == pytest.approx(-23, abs=0.2)
    assert found.peak <= -1

    # The cue sheet adds up, and every photograph is on it.
    with (out / "film.cues.csv").open(encoding="utf-8-sig", newline="") as opened:
        *lines, total = csv.DictReader(opened)
    frames = [int(line["frames"]) for line in lines]
    assert sum(frames) == SECONDS * RATE == int(total["frames"])
    assert {f"scan{number:02}" for number in range(40)} <= {line["photograph"] for line in lines}
    starts = [sum(frames[:index]) / RATE for index in range(len(frames))]
    assert all(any(abs(float(at) - start) < 0.01 for start in starts) for at in chapters)

    # Subtitles stand in the time of the shot whose caption they are; who has none has a date.
    # (The library takes a number at the very end, our last date, for that of a next subtitle.)
    text = (out / "film.srt").read_text("utf-8")
    subtitles = pysubs2.SSAFile.from_string(f"{text}\n\n41\n", "srt")
    said = {words(one.plaintext): (one.start, one.end) for one in subtitles}
    shown = 0
    for line, start, count in zip(lines, starts, frames, strict=True):
        if (caption := words(line["text"])) in said and line["photograph"]:
            begin, end = (moment / 1000 for moment in said[caption])
            assert start <= begin < end <= start + count / RATE + 1.01, caption
            shown += 1
    assert shown == 40

    # An editor's timeline opens again with the same cut.
    assert photochrom("film", "export", "production.toml", "--to", "otio").code == 0
    before = ProductionFile.open(file).storyboard()
    again = photochrom("film", "import", "production.toml", "out/film.otio")
    assert again.code == 0, again.err
    assert ProductionFile.open(file).storyboard() == before

    # And nothing is done twice.
    assert "up to date" in photochrom("make", "production.toml").err
