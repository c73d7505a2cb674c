"""`photochrom compare`: sheets, pages and wipes, as whoever is shown them meets them."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from conftest import Ran
from photochrom.comparing import Pair, Sheet, compare
from photochrom.comparing.sheet import EDGE, PAPER
from photochrom.errors import PhotochromError, PhotographError
from photochrom.photograph import made_by_us
from photochrom.scans import find

Run = Callable[..., Ran]
Pixels = NDArray[np.uint8]


@pytest.fixture
def pair(tmp_path: Path, scene: Pixels, gray_scene: Pixels) -> tuple[Path, Path]:
    """A gray picture, and the same in color and lossless."""
    before, after = tmp_path / "portrait.png", tmp_path / "out" / "portrait.png"
    after.parent.mkdir()
    Image.fromarray(gray_scene).save(before)
    Image.fromarray(scene).save(after)
    return before, after


def _distance(one: Pixels, other: Pixels) -> float:
    return float(np.abs(one.astype(float) - other.astype(float)).mean())


def test_a_sheet_lies_beside_the_derivative_and_shows_both(
    photochrom: Run, pair: tuple[Path, Path], scene: Pixels
) -> None:
    ran = photochrom("compare", *pair)
    assert ran.code == 0, ran.err
    sheet = pair[1].with_name("portrait.compare.jpg")
    assert ran.out.strip() == str(sheet)
    pixels = np.asarray(Image.open(sheet).convert("RGB"))
    columns = pixels.reshape(-1, 3).astype(int)
    colored = np.ptp(pixels.astype(int), axis=2) > 40
    width = pixels.shape[1]
    # Color is in the right half only, and some of it is in the right half.
    assert colored[:, width // 2 :].mean() > 0.1 > 0.01 > colored[:, : width // 2].mean()
    assert np.abs(columns[0] - np.array(list(bytes.fromhex(PAPER[1:])))).max() < 6


def test_a_sheet_is_passed_over_where_scans_are_looked_for(pair: tuple[Path, Path]) -> None:
    sheet = pair[0].with_name("portrait.compare.jpg")
    compare(*pair, sheet)
    assert made_by_us(sheet)
    assert sheet not in find(pair[0].parent)[0]


@pytest.mark.parametrize(("quarters", "factor"), [(0, 2), (1, 1), (2, 1), (3, 2)])
def test_a_turned_original_and_an_enlarged_derivative_are_matched(
    pair: tuple[Path, Path], scene: Pixels, gray_scene: Pixels, quarters: int, factor: int
) -> None:
    large = Image.fromarray(scene).resize((128 * factor, 96 * factor), Image.Resampling.BICUBIC)
    large.save(pair[1])
    Image.fromarray(np.rot90(gray_scene, quarters)).save(pair[0])
    matched = Pair.open(*pair)
    assert matched.size == (128 * factor, 96 * factor)
    assert _distance(matched.before, matched.after) < 40
    assert _distance(np.rot90(matched.before, 2), matched.after) > 45


def test_pictures_of_different_shapes_are_one_clear_line(
    photochrom: Run, pair: tuple[Path, Path], scene: Pixels
) -> None:
    Image.fromarray(scene[:, :90]).save(pair[1])
    ran = photochrom("compare", *pair)
    assert ran.code == 2 and len(ran.err.splitlines()) == 1
    assert "has another shape than portrait.png (128 x 96 and 90 x 96 pixels)" in ran.err
    assert [one.name for one in pair[1].parent.iterdir()] == ["portrait.png"]


def test_words_come_from_the_record_and_the_order_is_held_to_it(
    photochrom: Run, pair: tuple[Path, Path]
) -> None:
    scan, out = pair[0], pair[1].parent / "made"
    words = ("restore", scan, "-o", out, "--steps", "tone", "--format", "png")
    assert photochrom(*words).code == 0
    derivative = out / "portrait.png"
    found = Pair.open(scan, derivative)
    assert found.labels == ("As scanned", "Restored")
    assert found.note.startswith("Restored by photochrom") and "(tone)" in found.note
    ran = photochrom("compare", derivative, scan)
    assert ran.code == 2 and "name the original first" in ran.err
    # A copy that nobody recorded has no words of its own.
    other = out / "copy.png"
    other.write_bytes(derivative.read_bytes())
    assert Pair.open(scan, other).labels == ("Before", "After")


@pytest.mark.parametrize("which", [0, 1])
def test_neither_picture_is_replaced(photochrom: Run, pair: tuple[Path, Path], which: int) -> None:
    before = pair[which].read_bytes()
    for more in ((), ("--force",)):
        ran = photochrom("compare", *pair, "-o", pair[which], *more)
        assert ran.code == 2 and "would replace a picture that is compared" in ran.err
    assert pair[which].read_bytes() == before


def test_what_somebody_put_there_stays_and_ours_is_made_anew(
    pair: tuple[Path, Path], scene: Pixels
) -> None:
    scan = pair[1].with_name("other.jpg")
    Image.fromarray(scene).save(scan)
    there = scan.read_bytes()
    for force in (False, True):
        with pytest.raises(PhotochromError, match="left as it is"):
            compare(*pair, scan, force=force)
    assert scan.read_bytes() == there
    page = pair[1].with_name("page.html")
    compare(*pair, page)
    compare(*pair, page, labels=("Vorher", "Nachher"))
    assert "Vorher" in page.read_text("utf-8")
    page.write_text("mine", "utf-8")
    with pytest.raises(PhotochromError, match="changed by somebody"):
        compare(*pair, page)
    compare(*pair, page, force=True)
    assert "slider" in page.read_text("utf-8")


def test_a_page_holds_all_that_it_needs_and_can_be_worked_with_keys(
    photochrom: Run, pair: tuple[Path, Path]
) -> None:
    ran = photochrom("compare", *pair, "--slider", "--labels", "<b>Früher</b>, Später")
    assert ran.code == 0, ran.err
    text = pair[1].with_name("portrait.compare.html").read_text("utf-8")
    assert "&lt;b&gt;Früher&lt;/b&gt;" in text and "<b>" not in text
    page = unescape(text)
    assert page.count("data:image/jpeg;base64,") == 2
    assert not re.search(r"https?:|//\w|@import|url\(", re.sub(r"base64,[^\"]+", "", page))
    assert "default-src 'none'" in page and "unsafe-inline" not in page.split("style-src-attr")[0]
    assert re.search(r'<input [^>]*type="range"[^>]*aria-label=', page)
    assert "ArrowLeft" in page


def test_a_wipe_begins_with_the_original_and_comes_to_the_derivative(
    photochrom: Run, pair: tuple[Path, Path], scene: Pixels, gray_scene: Pixels, tmp_path: Path
) -> None:
    gray = np.repeat(gray_scene[..., None], 3, axis=2)
    for ending in ("gif", "mp4"):
        out = tmp_path / f"wipe.{ending}"
        assert photochrom("compare", *pair, "-o", out).code == 0
        with av.open(str(out)) as film:
            frames = [one.to_ndarray(format="rgb24") for one in film.decode(video=0)]
            assert ending == "gif" or film.streams.video[0].codec_context.name == "h264"
        assert frames[0].shape[1] == 128 and frames[0].shape[0] > 96
        assert _distance(frames[0][:96], gray) < 6
        nearest = [_distance(one[:96], scene) for one in frames]
        assert min(nearest) < 6 < nearest[0]
        middle = frames[len(frames) // 4][:96]
        assert _distance(middle[:, :10], gray[:, :10]) < 8 and nearest[len(frames) // 4] > 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("-o", "sheet.doc"), "let it end in .jpg, .jpeg"),
        (("--labels", "one"), "write LEFT,RIGHT"),
        (("--slider", "-o", "a.jpg"), "does not end in .html"),
        (("-o", "s3://bucket/a.jpg"), "lies elsewhere"),
    ],
)
def test_wrong_options_are_one_clear_line(
    photochrom: Run, pair: tuple[Path, Path], words: tuple[str, ...], said: str
) -> None:
    ran = photochrom("compare", *pair, *words)
    assert ran.code == 2 and said in ran.err and "Traceback" not in ran.err


def test_a_missing_picture_is_one_clear_line(photochrom: Run, pair: tuple[Path, Path]) -> None:
    ran = photochrom("compare", pair[0].with_name("gone.png"), pair[1])
    assert ran.code == 2 and "gone.png" in ran.err and len(ran.err.splitlines()) == 1


@pytest.mark.parametrize("shape", [(60, 240), (240, 60), (1, 300), (40, 40)])
def test_sheets_of_any_shape_hold_whole_pictures(shape: tuple[int, int]) -> None:
    before = np.full((*shape, 3), 90, np.uint8)
    sheet = Sheet(Pair(before, before + 60, ("", "After")))
    pixels = sheet.pixels()
    assert pixels.shape[:2] == sheet.size[::-1]
    for value in (90, 150):
        assert (pixels == value).all(axis=2).any()
    # A line goes round each picture, so none of them touches the paper's edge.
    edge = np.array(list(bytes.fromhex(EDGE[1:])))
    assert (pixels == edge).all(axis=2).any() and not (pixels[0] == edge).all(axis=1).any()


def test_a_picture_that_cannot_be_read_leaves_nothing(pair: tuple[Path, Path]) -> None:
    pair[1].write_bytes(b"no picture")
    with pytest.raises(PhotographError, match=r"portrait\.png"):
        compare(*pair, pair[1].with_name("sheet.jpg"))
    assert not pair[1].with_name("sheet.jpg").exists()
