"""From a folder of scans to a film, as its users do it: `new`, an editor, `make`."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
import pytest
import tifffile
from numpy.typing import NDArray
from PIL import Image

from conftest import Ran

Run = Callable[..., Ran]


@pytest.fixture
def production(photochrom: Run, tmp_path: Path, gray_scene: NDArray[np.uint8]) -> Path:
    """A drafted production of three scans, made small and quick by its editor."""
    scans = tmp_path / "scans"
    scans.mkdir()
    for year in (1934, 1928, 1931):
        Image.fromarray(np.roll(gray_scene, year)).save(scans / f"team {year}.png")
    path = tmp_path / "production.toml"
    ran = photochrom("new", scans, "-o", path, "--title", "The Team", "--length", "0:40")
    assert ran.code == 0, ran.err
    text = path.read_text().replace("[1920, 1080]", "[320, 180]", 1)
    text = text.replace('"faithful"', '"quick.toml"', 1)
    path.write_text(text)
    quick = 'schema = "photochrom.recipe/1"\nsteps = ["tone", "color"]\n[color]\nsizes = [96]\n'
    (tmp_path / "quick.toml").write_text(quick)
    return path


def _digests(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_a_draft_is_in_order_of_time_and_as_long_as_asked(
    photochrom: Run, production: Path
) -> None:
    text = production.read_text()
    places = [text.index(f"team {year}.png") for year in (1928, 1931, 1934)]
    assert places == sorted(places)
    again = photochrom("new", production.parent / "scans", "-o", production)
    assert again.code == 2
    assert "there is such a file already" in again.err
    assert production.read_text() == text


def test_from_a_draft_to_a_film_and_then_nothing_to_do(photochrom: Run, production: Path) -> None:
    originals = _digests(production.parent / "scans")
    ran = photochrom("make", production)
    assert ran.code == 0, ran.err
    film = Path(ran.out.strip())
    with av.open(str(film)) as container:
        video, audio = container.streams.video[0], container.streams.audio[0]
        assert (video.width, video.height, video.average_rate) == (320, 180, 24)
        assert sum(1 for _ in container.decode(video)) == 40 * 24
        assert audio.codec_context.name.startswith("aac")
    assert _digests(production.parent / "scans") == originals

    built = _digests(film.parent)
    again = photochrom("make", production)
    assert again.code == 0
    assert "up to date" in again.err
    assert _digests(film.parent) == built


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("lenght = 4", "did you mean 'length'"),
        ("length = ", "not valid TOML"),
        ("length = -4", "length"),
    ],
)
def test_a_wrong_production_file_is_one_line_with_its_place(
    photochrom: Run, production: Path, wrong: str, said: str
) -> None:
    text = production.read_text() + f'\n[[shot]]\ncard = "title"\n{wrong}\n'
    production.write_text(text)
    line = text.splitlines().index(wrong) + 1
    ran = photochrom("make", production)
    assert ran.code == 2
    assert f"production.toml:{line}:" in ran.err
    assert said in ran.err
    assert "Traceback" not in ran.err


def test_a_photograph_that_fails_is_listed_and_the_others_are_made(
    photochrom: Run, production: Path
) -> None:
    (production.parent / "scans" / "team 1931.png").write_bytes(b"")
    ran = photochrom("make", production)
    assert ran.code == 1
    assert "film: not made, because it shows team-1931" in ran.err
    assert "team 1931.png" in ran.err
    assert not list(production.parent.rglob("*.mp4"))
    assert len(list(production.parent.glob("out/pictures/*.tif"))) == 2


def test_a_folder_without_photographs_is_one_line(photochrom: Run, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    ran = photochrom("new", tmp_path / "empty", "-o", tmp_path / "p.toml")
    assert ran.code == 2
    assert "empty" in ran.err
    assert not (tmp_path / "p.toml").exists()


def test_without_a_terminal_each_item_that_ends_is_a_line(
    photochrom: Run, production: Path
) -> None:
    ran = photochrom("make", production)
    assert ran.code == 0, ran.err
    assert "pictures, 1 of " in ran.err and " made" in ran.err
    again = photochrom("make", production)
    assert "everything is up to date" in again.err
    assert "pictures, " not in again.err


def test_what_had_to_be_chosen_to_read_a_scan_is_told_once(
    photochrom: Run, production: Path, gray_scene: NDArray[np.uint8]
) -> None:
    scan = production.parent / "scans" / "team 1928.png"
    tifffile.imwrite(scan.with_suffix(".tif"), gray_scene / np.float32(255))
    production.write_text(production.read_text().replace("team 1928.png", "team 1928.tif"))
    ran = photochrom("make", production)
    assert ran.code == 0, ran.err
    assert "team-1928: 32-bit float samples: 0 is black, 1 white" in ran.err
    assert "float samples" not in photochrom("make", production).err
