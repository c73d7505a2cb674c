"""Drafts: a folder of scans becomes a production file that comes out at the asked length."""

from __future__ import annotations

import os
import tomllib
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from photochrom.errors import ProductionError
from photochrom.film.storyboard import Shot
from photochrom.production import Draft, ProductionFile, draft
from photochrom.production.pacing import (
    BRIEFEST_SHOT,
    Want,
    clock,
    least_for,
    reading_time,
    seconds_of,
    share_out,
)
from photochrom.production.scans import caption_of, id_of, natural_key
from photochrom.production.toml_text import comment, quoted


def picture(path: Path, *, seed: int = 0, size: tuple[int, int] = (48, 32), text: str = "") -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    pixels = np.random.default_rng(seed).integers(0, 256, (size[1], size[0]), dtype=np.uint8)
    exif = Image.Exif()
    if text:
        exif[0x010E] = text
    Image.fromarray(pixels).save(path, exif=exif)


@pytest.fixture
def scans(tmp_path: Path) -> Path:
    folder = tmp_path / "scans"
    for number in range(12):
        picture(folder / f"scan {number}.jpg", seed=number, text=f"Caption number {number}.")
    return folder


def read(drafted: Draft, scans: Path) -> ProductionFile:
    return ProductionFile.parse(drafted.text, scans.parent / "production.toml")


def test_a_draft_holds_every_photograph_in_natural_order(scans: Path) -> None:
    drafted = draft(scans)
    production = read(drafted, scans).production
    assert [entry.id for entry in production.photographs] == [f"scan-{n}" for n in range(12)]
    assert production.photographs[3].file == "scans/scan 3.jpg"
    assert production.photographs[3].caption == "Caption number 3."
    assert production.title == "scans"
    assert drafted.photographs == 12
    assert drafted.warnings == ()


@pytest.mark.parametrize("length", ["1:30", "2:00", "3:00.5", "8:00", 100, 77.125])
def test_the_film_comes_to_the_asked_length_exactly(scans: Path, length: str | float) -> None:
    drafted = draft(scans, length=length)
    storyboard = read(drafted, scans).storyboard()
    assert drafted.warnings == ()
    assert drafted.seconds == storyboard.length
    assert storyboard.length == pytest.approx(seconds_of(length), abs=1e-9)


def test_every_caption_can_be_read_and_no_shot_is_endless(scans: Path) -> None:
    for length in ("1:15", "4:00", None):
        for shot in read(draft(scans, length=length), scans).storyboard().shots:
            if isinstance(shot, Shot):
                assert max(BRIEFEST_SHOT, reading_time(shot.caption.plain)) <= shot.length <= 20


def test_moves_and_reveals_vary(scans: Path) -> None:
    shots = [s for s in read(draft(scans), scans).storyboard().shots if isinstance(s, Shot)]
    assert len({str(shot.move) for shot in shots}) >= 4
    assert {shot.reveal.kind for shot in shots} == {"dissolve", "wipe", "none"}
    assert all(str(a.move) != str(b.move) for a, b in pairwise(shots))


def test_too_many_photographs_are_said_and_stay_readable(scans: Path) -> None:
    drafted = draft(scans, length="0:20")
    assert drafted.seconds > 20
    assert len(drafted.warnings) == 1
    assert f"{drafted.length} long, not 0:20" in drafted.warnings[0]
    assert drafted.warnings[0] in " ".join(
        line.lstrip("# ") for line in drafted.text.splitlines() if line.startswith("#")
    )


def test_too_few_photographs_get_several_shots_and_at_last_a_note(tmp_path: Path) -> None:
    picture(tmp_path / "scans" / "one.png")
    two = draft(tmp_path / "scans", length="1:15")
    shots = [s for s in read(two, tmp_path / "scans").storyboard().shots if isinstance(s, Shot)]
    assert len(shots) == 4
    assert [shot.caption.plain for shot in shots][1:] == ["", "", ""]
    assert two.seconds == 75
    assert two.warnings == ()
    ten = draft(tmp_path / "scans", length="10:00")
    assert ten.seconds == 600
    assert "few for 10:00" in ten.warnings[0]


def test_dates_decide_unless_names_are_numbered(tmp_path: Path) -> None:
    for index, name in enumerate(["b 1931", "a 1943", "c 1912", "d", "Zebra 1899"]):
        picture(tmp_path / "dated" / f"{name}.jpg", seed=index)
    for index, name in enumerate(["1 wedding 1931", "2 school 1915", "10 birth 1899"]):
        picture(tmp_path / "numbered" / f"{name}.jpg", seed=index)
    dated = read(draft(tmp_path / "dated"), tmp_path / "dated").production.photographs
    # d has no date and follows c by name.
    assert [entry.id for entry in dated] == ["zebra-1899", "c-1912", "d", "b-1931", "a-1943"]
    assert [entry.year for entry in dated] == [1899, 1912, None, 1931, 1943]
    numbered = read(draft(tmp_path / "numbered"), tmp_path / "numbered").production.photographs
    assert [entry.id[:2].rstrip("-") for entry in numbered] == ["1", "2", "10"]


def test_what_cannot_be_used_is_left_out_and_said(scans: Path) -> None:
    (scans / "broken.jpg").write_bytes(b"\xff\xd8\xff no picture")
    (scans / "empty.tif").touch()
    (scans / "notes.txt").write_text("no photograph")
    (scans / ".hidden.jpg").write_bytes((scans / "scan 1.jpg").read_bytes())
    (scans / "zz twin.jpg").write_bytes((scans / "scan 1.jpg").read_bytes())
    picture(scans / "done.png", seed=77)
    (scans / "done.record.json").touch()
    drafted = draft(scans)
    assert drafted.photographs == 12
    said = "\n".join(drafted.warnings)
    assert said.count("\n") == 2
    assert "broken.jpg: left out" in said
    assert "empty.tif: left out" in said
    assert "zz twin.jpg: left out: it is the same file as scan 1.jpg" in said


@pytest.mark.skipif(os.name == "nt", reason="names are Unicode there")
def test_a_name_that_is_not_text_is_left_out_and_said(scans: Path) -> None:
    name = os.fsdecode(bytes(scans) + b"/caf\xe9.jpg")
    Path(name).write_bytes((scans / "scan 1.jpg").read_bytes() + b" ")
    drafted = draft(scans)
    assert drafted.photographs == 12
    assert "not UTF-8" in drafted.warnings[0]
    drafted.text.encode("utf-8")


def test_a_folder_without_photographs_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("x")
    with pytest.raises(ProductionError, match="there is no photograph"):
        draft(tmp_path)
    (tmp_path / "broken.jpg").write_text("x")
    with pytest.raises(ProductionError, match=r"there is no photograph.*broken\.jpg"):
        draft(tmp_path)
    with pytest.raises(ProductionError, match="is not a folder"):
        draft(tmp_path / "nowhere")


def test_hostile_titles_and_captions_stay_text(tmp_path: Path) -> None:
    caption = "say \"no\" \\ to\x7f [tables] # and 'quotes' in 東京"
    picture(tmp_path / "scans" / 'x\n"y" # z].jpg', text=caption)
    title = 'a "title"\n[[photograph]] \\u0041'
    drafted = draft(tmp_path / "scans", title=title)
    production = read(drafted, tmp_path / "scans").production
    assert production.title == title
    assert len(production.photographs) == 1
    assert production.photographs[0].file == 'scans/x\n"y" # z].jpg'


def test_two_drafts_are_the_same(scans: Path) -> None:
    assert draft(scans, length="3:00") == draft(scans, length="3:00")


# -- the parts ----------------------------------------------------------------------------------

WANTS = st.lists(
    st.builds(Want, st.integers(4, 60).map(lambda n: n / 4), st.floats(0.1, 5)), min_size=1
)


@given(WANTS, st.integers(0, 4000).map(lambda n: n / 8))
def test_shared_lengths_add_up_and_respect_what_must_be(wants: list[Want], extra: float) -> None:
    seconds = sum(want.least for want in wants) + extra
    lengths = share_out(seconds, wants)
    assert sum(lengths) == pytest.approx(seconds, abs=1e-9)
    assert all(length >= want.least for length, want in zip(lengths, wants, strict=True))
    assert all(length * 4 == int(length * 4) for length in lengths[:-1])


@given(WANTS)
def test_where_there_is_not_enough_each_gets_what_it_must_have(wants: list[Want]) -> None:
    assert share_out(0.5, wants) == [want.least for want in wants]


@given(st.integers(1000, 86_400_000).map(lambda n: n / 1000))
def test_clocks_read_back(seconds: float) -> None:
    assert seconds_of(clock(seconds)) == pytest.approx(seconds, abs=1e-9)


@pytest.mark.parametrize(
    ("text", "seconds"), [("90", 90), ("1:30", 90), ("0:05", 5), ("1:00:00", 3600), (8.5, 8.5)]
)
def test_lengths_are_read(text: str | float, seconds: float) -> None:
    assert seconds_of(text) == seconds


@pytest.mark.parametrize("text", ["", "abc", "1:60", "-5", "0", "1:2:3:4", "1:99:00", "nan", 1e9])
def test_lengths_that_are_none(text: str | float) -> None:
    with pytest.raises(ProductionError, match="is no length"):
        seconds_of(text)


def test_long_captions_and_reveals_ask_for_time() -> None:
    assert least_for("") == BRIEFEST_SHOT
    assert least_for("x" * 170) >= 10
    assert least_for("", reveal=2.5) == 5.5


@given(st.text(max_size=40))
def test_ids_are_file_names_and_differ(name: str) -> None:
    taken: set[str] = set()
    ids = [id_of(name, taken) for _ in range(3)]
    assert len(set(ids)) == 3
    for one in ids:
        assert one.isascii()
        assert one.replace("-", "").isalnum()


def test_ids_keep_what_can_be_kept() -> None:
    assert id_of("Großmutter Łucja, Zürich (1931)", set()) == "grossmutter-lucja-zurich-1931"
    assert id_of("東京", set()) == "photograph"


@pytest.mark.parametrize(
    ("name", "caption"),
    [
        ("Harbor at noon 1903", "Harbor at noon 1903"),
        ("03_uncle_karl-in-the-garden", "Uncle karl in the garden"),
        ("1914-08-02 mobilization", "1914-08-02 mobilization"),
        ("IMG_0042", ""),
        ("scan 12 final", ""),
        ("DSC01234", ""),
        ("bw07", ""),
        ("0001", ""),
    ],
)
def test_captions_from_names(name: str, caption: str) -> None:
    assert caption_of(name) == caption


def test_names_sort_as_people_count() -> None:
    names = ["scan 10", "Scan 9", "scan 09b", "a", "100", "20"]
    assert sorted(names, key=natural_key) == ["20", "100", "a", "Scan 9", "scan 09b", "scan 10"]


@given(st.text())
def test_quoted_text_and_comments_read_back(text: str) -> None:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return
    source = "\n".join([*comment(text), f"key = {quoted(text)}", *comment(text)])
    assert tomllib.loads(source) == {"key": text}
