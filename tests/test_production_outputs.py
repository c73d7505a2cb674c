"""What a production's film is written as, and what it is called."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from photochrom.errors import PhotochromError, ProductionError
from photochrom.film.storyboard import DisclosureCard as Disclosure
from photochrom.film.storyboard import photograph_of
from photochrom.phrases import phrases_for
from photochrom.production import ProductionFile, build, preview
from photochrom.production.cue_page import cue_page
from photochrom.production.desk import Desk
from photochrom.production.footage import storyboard_of
from photochrom.production.hearing import track
from test_production_build import SIDECARS, outputs, write
from test_production_cues import sheet_of
from test_production_file import GOOD, parse


def encoded_as(production: Path, codec: str, more: str = "") -> None:
    text = production.read_text()
    table = f'[film.encoder]\ncodec = "{codec}"\n{more}\n'
    production.write_text(text.replace("\n[[shot]]", f"\n{table}\n[[shot]]", 1))


def test_the_film_is_named_as_its_codec_wants(tmp_path: Path) -> None:
    production = write(tmp_path, "a")
    encoded_as(production, "ffv1", "bits = 8")
    result = build(production, jobs=1)
    assert result.failed == ()
    assert result.film == tmp_path / "out" / "film.mkv"
    assert {name for name in outputs(production) if "/" not in name} == {"film.mkv", *SIDECARS}
    with av.open(str(result.film)) as film:
        assert film.streams.video[0].codec_context.name == "ffv1"
    page = (tmp_path / "out" / "film.cues.html").read_text("utf-8")
    assert "film.mkv" in page
    assert build(production, jobs=1).nothing_to_do


@pytest.mark.parametrize(
    ("codec", "name", "line", "said"),
    [
        ("prores", "a.mp4", 5, 'ProRes goes into a file that ends in .mov; write film = "a.mov"'),
        ("h264", "b.mkv", 5, 'H.264 goes into a file that ends in .mp4; write film = "b.mp4"'),
        ("av1", "c.avi", 5, "ends in .mp4, .mov or .mkv"),
    ],
)
def test_a_name_that_does_not_suit(codec: str, name: str, line: int, said: str) -> None:
    text = GOOD.replace("[output]", f'[output]\nfilm = "{name}"')
    text = text.replace("[film]\n", f'[film]\nencoder = {{ codec = "{codec}" }}\n')
    with pytest.raises(ProductionError) as caught:
        parse(text)
    assert str(caught.value).startswith(f"p.toml:{line}: ")
    assert said in str(caught.value)


def test_names_that_suit() -> None:
    for codec, ending in (("h264", ".mp4"), ("hevc", ".mp4"), ("prores", ".mov"), ("ffv1", ".mkv")):
        text = GOOD.replace("[film]\n", f'[film]\nencoder = {{ codec = "{codec}" }}\n')
        assert ProductionFile.parse(text, "production.toml").film == Path("out", f"film{ending}")
        named = text.replace("[output]", f'[output]\nfilm = "Two{ending}"')
        assert ProductionFile.parse(named, "production.toml").film == Path("out", f"Two{ending}")


def test_a_wrong_setting_is_told_with_its_line() -> None:
    text = GOOD.replace("[film]\n", '[film]\nencoder = { codec = "h264", bits = 10 }\n')
    with pytest.raises(ProductionError, match=r"p\.toml:24: .*H\.264 is written with 8 bits"):
        parse(text)


def test_the_cue_page_says_in_which_language_the_films_words_are() -> None:
    from dataclasses import replace

    sheet, _ = sheet_of()
    assert cue_page(sheet).count("lang=") == 1
    page = cue_page(replace(sheet, say=phrases_for("de")))
    assert '<html lang="de">' in page
    assert page.count("lang=") == 1
    # There is no catalog of Swedish: the page speaks English, the film does not.
    page = cue_page(replace(sheet, say=phrases_for("sv")))
    assert '<html lang="en">' in page
    assert '<h1 dir="auto" lang="sv">' in page
    assert page.count('lang="sv"') == 1 + len(sheet.lines)


def frames(film: Path) -> list[NDArray[np.uint8]]:
    with av.open(str(film)) as container:
        return [frame.to_ndarray(format="gray") for frame in container.decode(video=0)]


@pytest.fixture
def half_done(tmp_path: Path) -> Path:
    """A production of three, of which two are restored."""
    production = write(tmp_path, "abc", film=False)
    text = production.read_text()
    assert build(production, jobs=1).failed == ()
    film = write(tmp_path, "abc").read_text().replace("[160, 128]", "[960, 768]")
    # Another emulsion, another result; and no words over the pictures that are compared.
    changed = film.replace('id = "b"', 'id = "b"\nemulsion = "panchromatic"')
    production.write_text(re.sub('caption = "Caption .*"\n', "", changed))
    assert text.count("[[photograph]]") == 3
    return production


def test_a_preview_shows_what_there_is(half_done: Path) -> None:
    before = outputs(half_done)
    made = preview(half_done, jobs=1)
    assert (made.scans, made.photographs, made.made) == (("b",), 3, True)
    assert made.path == half_done.parent / "out" / "film.preview.mp4"
    # It is all that is new, and no picture was restored for it.
    assert outputs(half_done).keys() - before.keys() == {"film.preview.mp4"}
    assert {name: data for name, data in outputs(half_done).items() if name in before} == before
    with av.open(str(made.path)) as film:
        video = film.streams.video[0]
        assert (video.width, video.height, video.average_rate) == (640, 512, 12)
        assert video.frames == 9 * 12
        assert film.streams.audio[0].codec_context.name == "aac"
    seen = frames(made.path)
    scan = np.asarray(Image.open(half_done.parent / "scans" / "b.png"), np.float32)
    restored = np.asarray(Image.open(half_done.parent / "out/pictures/b.jpg").convert("L"))
    # The recipe stretches tones: in what comes of a scan they lie further apart.
    assert restored.std() > scan.std() + 15
    assert seen[12 + 24 + 12].std() == pytest.approx(scan.std(), abs=6)
    assert seen[12 + 12].std() == pytest.approx(restored.std(), abs=10)
    assert preview(half_done, jobs=1).made is False


def test_a_preview_says_on_its_card_what_is_not_restored(half_done: Path) -> None:
    file = ProductionFile.open(half_done)
    for scanned, said in (
        ([], "No photograph is shown."),
        (["b"], "Preview: 1 photograph is not restored yet and shown as scanned."),
        (["b", "c"], "Preview: 2 photographs are not restored yet and shown as scanned."),
    ):
        shots = storyboard_of(file, {}, scanned).shots
        card = next(one for one in shots if isinstance(one, Disclosure))
        assert card.text == said


def test_a_preview_replaces_neither_the_film_nor_what_lies_there(half_done: Path) -> None:
    assert build(half_done, jobs=1).failed == ()
    built = outputs(half_done)
    made = preview(half_done, jobs=1)
    assert made.scans == ()
    assert {name: data for name, data in outputs(half_done).items() if name in built} == built
    assert build(half_done, jobs=1).nothing_to_do
    made.path.write_bytes(b"mine")
    with pytest.raises(PhotochromError, match="was changed by somebody, and is left as it is"):
        preview(half_done, jobs=1)
    assert made.path.read_bytes() == b"mine"
    assert preview(half_done, jobs=1, force=True).made
    assert len(frames(made.path)) == 9 * 12


def test_previews_by_command(photochrom: Callable[..., Any], half_done: Path) -> None:
    ran = photochrom("make", half_done, "--preview", "--jobs", "1")
    assert ran.code == 0, ran.err
    assert Path(ran.out.strip()).is_file()
    assert "preview: 1 of 3 photographs not restored yet, shown as scanned" in ran.err
    again = photochrom("make", half_done, "--preview")
    assert "up to date" in again.err
    half_done.write_text(half_done.read_text().split("[film]")[0])
    none = photochrom("make", half_done, "--preview")
    assert none.code == 2
    assert "has no film" in none.err


def test_small_copies_tell_the_states_apart_that_the_pictures_have(half_done: Path) -> None:
    """By their digests films know whether a picture was colored, and mark it so."""
    half_done.write_text(
        half_done.read_text()
        + '\n[[shot]]\ncard = "comparison"\nphotograph = "a"\nlength = 2\ntransition = "cut"\n'
    )
    desk = Desk(ProductionFile.open(half_done), "preview", jobs=1)
    scans, pictures = desk.built()
    screening = desk.screening(scans, pictures, track(desk), small=True)
    takes = [segment.take for segment in screening.plan.segments]
    stills = {photograph_of(take.item): take.stills for take in takes if take.stills}
    assert list(stills) == ["a", "b", "c"]
    scan, gray, color = (stills["a"].digest(state) for state in ("scan", "gray", "color"))
    assert scan != color == gray  # no color was asked for
    assert len({stills["b"].digest(state) for state in ("scan", "gray", "color")}) == 1
    assert stills["a"].scan.is_file()  # the card shows it
    assert not stills["c"].scan.is_file()
    assert preview(half_done, jobs=1).made
