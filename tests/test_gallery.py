"""The gallery's page and pictures agree with each other and with what makes them."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

pytest.importorskip("matplotlib", reason="the gallery needs the extra [demo]")
pytest.importorskip("skimage", reason="the gallery needs the extra [demo]")

from examples.gallery import board
from examples.gallery.__main__ import PAGE, PICTURES, captions_of, page
from examples.gallery.figures import FIGURES, clarity
from examples.gallery.subjects import SUBJECTS

CAPTIONS = captions_of(PAGE.read_text("utf-8"))


def test_the_page_is_what_its_captions_make_of_it() -> None:
    assert page(CAPTIONS) == PAGE.read_text("utf-8")


def test_every_picture_stands_on_the_page_and_no_other() -> None:
    assert {path.stem for path in PICTURES.iterdir()} == CAPTIONS.keys()
    shown = re.findall(r"!\[[^]]+\]\(([^)]+)\)", PAGE.read_text("utf-8"))
    assert {(PAGE.parent / name).resolve() for name in shown} == set(PICTURES.resolve().iterdir())


def test_every_figure_stands_on_the_page_but_those_that_a_network_cannot_make() -> None:
    missing = FIGURES.keys() - CAPTIONS.keys()
    assert all(name.startswith("tones-") for name in missing)
    # Then the embedded network has no eye's tones.
    from photochrom.nets import Registry

    assert bool(missing) != Registry.default().network("color").has("tone")


@pytest.mark.parametrize("name", CAPTIONS)
def test_pictures_are_light_enough_to_load_and_large_enough_to_see(name: str) -> None:
    path = PICTURES / f"{name}.jpg"
    assert path.stat().st_size <= 400_000
    with Image.open(path) as picture:
        assert picture.width == board.WIDTH and picture.height >= 500


@pytest.mark.parametrize("id", SUBJECTS)
def test_a_caption_says_how_its_picture_was_made(id: str) -> None:
    subject = SUBJECTS[id]
    assert subject.title in CAPTIONS[id] and subject.how in CAPTIONS[id]
    assert subject.photograph.dtype == np.uint8
    assert (subject.photograph.ndim == 2) == (subject.wear is None)
    if subject.pins:
        assert f"with {len(subject.pins)} documented colors pinned" in CAPTIONS[id]
    else:
        assert "pinned" not in CAPTIONS[id]


def test_a_figure_says_what_it_measures() -> None:
    """The cheapest one is made again: caption and page are of the networks that ship."""
    figure = clarity()
    assert figure.image.width == board.WIDTH
    numbers = r"\d+\.\d+"
    assert re.sub(numbers, "#", figure.caption) == re.sub(numbers, "#", CAPTIONS["clarity"])
    said = [
        [float(n) for n in re.findall(numbers, text)]
        for text in (figure.caption, CAPTIONS["clarity"])
    ]
    assert said[0] == pytest.approx(said[1], abs=0.02)


def test_boards_are_even(tmp_path: Path) -> None:
    dark = np.zeros((60, 80), np.uint8)
    red = np.full((60, 80, 3), (1.0, 0.0, 0.0), np.float32)
    image = board.board(
        [
            [board.Panel(dark, "one", "a note"), board.Panel(red, "two"), board.Panel(dark, "3")],
            [board.Panel(dark, "four")],
        ],
        columns=3,
    )
    pixels = np.asarray(image).astype(int)
    paper = pixels[0, 0]
    inked = (np.abs(pixels - paper).sum(axis=2) > 300).any(axis=0)
    margins = np.flatnonzero(inked)[0], board.WIDTH - 1 - np.flatnonzero(inked)[-1]
    assert margins[0] == pytest.approx(margins[1], abs=1)
    panel = (pixels == (255, 0, 0)).all(axis=2)
    rows, columns = np.flatnonzero(panel.any(axis=1)), np.flatnonzero(panel.any(axis=0))
    assert panel.sum() == len(rows) * len(columns)
    assert len(rows) == pytest.approx(len(columns) * 3 / 4, abs=1)
    assert columns[0] + columns[-1] == pytest.approx(board.WIDTH - 1, abs=1)
    board.save(image, tmp_path / "board.jpg")
    assert (tmp_path / "board.jpg").stat().st_size < board.MOST_BYTES


def test_a_crisp_panel_shows_its_pixels_as_squares() -> None:
    pair = np.array([[0, 255], [255, 0]], np.uint8)
    for crisp in (True, False):
        image = board.board([[board.Panel(pair, "pair", crisp=crisp)]], columns=1)
        middle = np.asarray(image)[100:1700, 100:1700]
        assert ((middle > 5) & (middle < 250)).any() != crisp
