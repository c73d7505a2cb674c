"""docs/tutorial.md, done as it says: its folder, its table, its commands and its edits."""

from __future__ import annotations

import re
import shlex
import tomllib
import wave
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from conftest import Ran
from photochrom.production import ProductionFile

PAGE = (Path(__file__).parents[1] / "docs" / "tutorial.md").read_text("utf-8")

# Small and quick, which nobody wants to read about in a tutorial.
SMALLER = {
    "size = [1920, 1080]": "size = [256, 144]",
    "rate = 24": "rate = 10",
    '"faithful"': '"quick.toml"',
}
QUICK = 'schema = "photochrom.recipe/1"\nsteps = ["tone", "color"]\n[color]\nsizes = [96]\n'


def blocks() -> list[tuple[str, str]]:
    """(language, text) of all blocks, in order."""
    return re.findall(r"^```(\w+)\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)


def listed(tree: str) -> Iterator[str]:
    """The files of a folder as it is listed: indented by two a folder."""
    folders: list[str] = []
    for line in tree.splitlines():
        depth = (len(line) - len(line.lstrip())) // 2
        folders = folders[:depth]
        if line.endswith("/"):
            folders.append(line.strip().rstrip("/"))
        else:
            yield "/".join([*folders, line.strip()])


def ticking(path: Path, seconds: float) -> None:
    track = np.zeros(round(48_000 * seconds))
    time = np.arange(1440) / 48_000
    for start in np.arange(0.2, seconds - 0.1, 0.5):
        click = 0.5 * np.sin(2 * np.pi * 800 * time) * np.exp(-120 * time)
        track[round(start * 48_000) :][:1440] += click
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(48_000)
        file.writeframes((track * 32767).astype("<i2").tobytes())


def made_smaller(path: Path) -> None:
    text = path.read_text("utf-8")
    for what, instead in SMALLER.items():
        assert what in text
        text = text.replace(what, instead, 1)
    path.write_text(text, "utf-8")


def edited(text: str, block: str) -> str:
    """A production with a block of the tutorial put where it belongs."""
    table = tomllib.loads(block)
    parts = text.split("\n\n")
    if "film" in table:
        at = next(i for i, part in enumerate(parts) if "[film]" in part)
        return "\n\n".join([*parts[: at + 1], block.strip(), *parts[at + 1 :]])
    if "card" in table.get("shot", [{}])[0]:
        at = next(i for i, part in enumerate(parts) if 'card = "disclosure"' in part)
        return "\n\n".join([*parts[:at], block.strip(), *parts[at:]])
    key = "id" if "photograph" in table else "photograph"
    name = next(iter(table.values()))[0][key]
    at = next(i for i, part in enumerate(parts) if f'\n{key} = "{name}"\n' in part)
    parts[at] = block.strip()
    return "\n\n".join(parts)


def test_the_tutorial_does_what_it_says(
    photochrom: Callable[..., Ran],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    gray_scene: NDArray[np.uint8],
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "quick.toml").write_text(QUICK)
    production = tmp_path / "production.toml"
    edits: list[str] = []
    outputs: list[str] = []
    for language, block in blocks():
        if language == "text":
            for index, name in enumerate(listed(block)):
                (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
                if name.endswith(".wav"):
                    ticking(tmp_path / name, 70 if name == "waltz.wav" else 2)
                elif name.endswith(".jpg"):
                    Image.fromarray(np.roll(gray_scene, 9 * index)).save(tmp_path / name)
        elif language == "csv":
            (tmp_path / "scans" / "captions.csv").write_text(block, "utf-8")
        elif language == "toml":
            edits.append(block)
        elif language == "sh":
            for edit in edits:
                production.write_text(edited(production.read_text("utf-8"), edit), "utf-8")
            edits.clear()
            for line in block.splitlines():
                words = shlex.split(line.replace("--length 2:00", "--length 1:30"))
                assert words[0] == "photochrom"
                ran = photochrom(*words[1:])
                assert ran.code == 0, f"{line}: {ran.err}"
                outputs.append(f"{line}\n{ran.out}{ran.err}")
                if words[1] == "new":
                    # Nothing that the tutorial has people write is left unused.
                    (said,) = ran.err.splitlines()
                    assert said.startswith("photochrom: too small for the frame")
                    made_smaller(Path(ran.out.split(" (")[0]))

    file = ProductionFile.open(production)
    entries = {entry.id: entry for entry in file.production.photographs}
    assert len(entries) == 7
    assert entries["farmhouse"].year == 1896
    assert entries["family"].people == ("Ola", "Kari", "Edith")
    assert "four years before" in entries["portrait"].caption
    assert file.production.film.sound.music[0].file == "waltz.wav"
    cards = [getattr(item, "card", "shot") for item in file.production.shots]
    assert cards.count("chapter") == 3
    assert cards.count("quotation") == 1
    to_music = ProductionFile.open(tmp_path / "to-music.toml").storyboard()
    assert 0 <= 70 - to_music.length < 1 / 24

    first, second = (said for said in outputs if said.startswith("photochrom make"))
    made = [int(re.search(r"(\d+) made", said)[1]) for said in (first, second)]  # type: ignore[index]
    assert made[1] < made[0] / 2
    with av.open(str(tmp_path / "out" / "film.mp4")) as container:
        video = container.streams.video[0]
        assert video.average_rate == Fraction(10)
        assert sum(1 for _ in container.decode(video)) > 650
    with Image.open(tmp_path / "sheet.png") as sheet, Image.open(tmp_path / "frame.png") as frame:
        assert sheet.width > frame.width == 256
    assert (tmp_path / "out" / "film.edl").read_text().startswith("TITLE:")
    assert len(list((tmp_path / "out" / "pictures").glob("*.record.json"))) == 7
