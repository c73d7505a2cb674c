"""`photochrom film`: frames, contact sheets, the way to an editing program and back."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import opentimelineio
import pytest
from numpy.typing import NDArray
from PIL import Image

from conftest import Ran
from photochrom.production import build, frame, sheet
from photochrom.production.file import ProductionFile
from photochrom.production.viewing import _frame_of

Run = Callable[..., Ran]

RECIPE = 'schema = "photochrom.recipe/1"\nname = "tone-only"\nsteps = ["tone"]\n'

TEXT = """\
# Made for a test.
schema = "photochrom.production/1"
title = "Three"
recipe = "tone.toml"

[[photograph]]
id = "a"
file = "scans/a.png"
caption = "Caption a"
credit = "Ann"
license = "CC0"

[[photograph]]
id = "b"
file = "scans/b.png"
people = ["Bob", "Eve"]

[film]
size = [160, 128]
rate = 12
fade = 0.5

# The beginning.
[[shot]]
card = "title"
length = 1
transition = "cut"

# What a is.
[[shot]]
photograph = "a"
length = 2  # long enough
transition = { kind = "dissolve", seconds = 0.5 }

[[shot]]
photograph = "b"
length = "0:01.5"
transition = "cut"
caption = ""

# a again.
[[shot]]
photograph = "a"
length = 1
transition = "cut"
move = "still"

[[shot]]
card = "credits"
length = 1
transition = "cut"
"""


def write(folder: Path) -> Path:
    (folder / "scans").mkdir(parents=True)
    (folder / "tone.toml").write_text(RECIPE)
    for seed, name in enumerate("ab"):
        rows, columns = np.mgrid[0:72, 0:96]
        pixels = 90 + rows + 20 * np.sin(columns / (5 + seed))
        Image.fromarray(pixels.clip(0, 255).astype(np.uint8)).save(folder / f"scans/{name}.png")
    path = folder / "production.toml"
    path.write_text(TEXT)
    return path


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A production that has been built; not to be changed."""
    path = write(tmp_path_factory.mktemp("made"))
    assert build(path, jobs=1).failed == ()
    return path


@pytest.fixture
def production(tmp_path: Path) -> Path:
    """A production that has not been built."""
    return write(tmp_path / "new")


def pixels(path: Path) -> NDArray[np.uint8]:
    with Image.open(path) as picture:
        assert picture.format == "PNG"
        return np.asarray(picture.convert("RGB"))


# Frames and sheets


@pytest.mark.parametrize(
    ("at", "number"),
    [("0", 0), ("2.25", 27), ("0:03", 36), ("0:00:04.5", 54), ("00:00:05:11", 71), ("6.4166", 77)],
)
def test_a_frame_is_the_one_that_the_film_has_there(
    photochrom: Run, made: Path, tmp_path: Path, at: str, number: int
) -> None:
    out = tmp_path / "frame.png"
    ran = photochrom("film", "frame", made, at, "-o", out)
    assert (ran.code, ran.out) == (0, f"{out}\n"), ran.err
    with av.open(str(made.parent / "out/film.mp4")) as film:
        decoded = [one.to_ndarray(format="rgb24") for one in film.decode(video=0)]
    off = [np.abs(pixels(out).astype(float) - one).mean() for one in decoded]
    # Neighbors may look alike, but nothing looks more alike than the frame itself.
    assert off[number] <= min(off) + 0.5
    assert off[number] < 4
    assert np.array_equal(pixels(out), frame(made, at))


def test_a_sheet_has_a_frame_every_so_often(photochrom: Run, made: Path, tmp_path: Path) -> None:
    out = tmp_path / "sheet.png"
    ran = photochrom("film", "sheet", made, "--every", "0.75", "-o", out)
    assert (ran.code, ran.out) == (0, f"{out}\n"), ran.err
    found = pixels(out)
    assert np.array_equal(found, sheet(made, 0.75))
    # 6.5 s: nine frames, six in a row.
    assert found.shape == (14 + 2 * (128 + 34), 14 + 6 * (160 + 14), 3)
    for place in range(9):
        row, column = divmod(place, 6)
        y, x = 14 + row * (128 + 34), 14 + column * (160 + 14)
        cell = found[y : y + 128, x : x + 160]
        assert np.array_equal(cell, frame(made, str(0.75 * place))), place
        label = found[y + 128 : y + 128 + 22, x : x + 160]
        assert label.max() - label.min() > 100


def test_a_sheet_of_a_large_film_is_made_small(made: Path, production: Path) -> None:
    text = TEXT.replace("[160, 128]", "[1280, 720]").replace('"scans/', f'"{made.parent}/scans/')
    text = text.replace('"tone.toml"', f'"{made.parent}/tone.toml"')
    cache = made.parent / ".photochrom"
    production.write_text(text.replace("[film]", f'[output]\ncache = "{cache}"\n\n[film]', 1))
    found = sheet(production, 4.5)
    assert found.shape == (14 + 180 + 34, 14 + 2 * (320 + 14), 3)
    whole = Image.fromarray(frame(production, "4.5")).resize((320, 180), Image.Resampling.BOX)
    cell = found[14:194, 348:668].astype(float)
    assert np.abs(cell - np.asarray(whole)).mean() < 2


def test_without_built_pictures_there_is_one_line_and_no_file(
    photochrom: Run, production: Path, tmp_path: Path
) -> None:
    before = sorted(production.parent.rglob("*"))
    for words in (
        ("frame", production, "1", "-o", tmp_path / "x.png"),
        ("sheet", production, "-o", tmp_path / "x.png"),
        ("export", production, "--to", "edl", "-o", tmp_path / "x.edl"),
    ):
        ran = photochrom("film", *words)
        assert ran.code == 2
        assert ran.err == (
            f"photochrom: {production}: the restored picture of a, b is not there or not up to "
            f"date; run first: photochrom make {production}\n"
        )
    assert not list(tmp_path.glob("x.*"))
    assert sorted(production.parent.rglob("*")) == before


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["frame", "{}", "0:07"], "the film is over at 0:07: it is 0:06.5 long"),
        (["frame", "{}", "noon"], '"noon" is no time'),
        (["frame", "{}", "0:75"], "after a colon go from 00 to 59"),
        (["frame", "{}", "00:00:01:12"], "frames of a timecode go from 00 to 11 in this film"),
        (["frame", "{}", "00:61:01:02"], "minutes and seconds of a timecode go from 00 to 59"),
        (["frame", "{}", "1", "-o", "frame.jpg"], "frame.jpg: is no name for a PNG"),
        (["frame", "{}", "1", "-o", "{}/../scans/a.png"], "is a scan, which is never replaced"),
        (["export", "{}", "--to", "edl", "-o", "{}/../scans/a.png"], "is a scan"),
        (["frame", "{}.no", "1"], "no such file"),
    ],
)
def test_bad_input_is_one_line(
    photochrom: Run,
    made: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    words: list[str],
    said: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    scan = (made.parent / "scans/a.png").read_bytes()
    paths = [word.replace("{}/..", str(made.parent)).replace("{}", str(made)) for word in words]
    ran = photochrom("film", *paths)
    assert ran.code == 2
    assert said in ran.err
    assert len(ran.err.splitlines()) == 1
    assert not list(tmp_path.iterdir())
    assert (made.parent / "scans/a.png").read_bytes() == scan


def test_a_production_without_shots_has_no_film(photochrom: Run, production: Path) -> None:
    production.write_text(TEXT[: TEXT.index("# The beginning")])
    ran = photochrom("film", "sheet", production)
    assert ran.code == 2
    assert "has no film; add [[shot]] tables" in ran.err


@pytest.mark.parametrize(
    ("rate", "at", "number"),
    [
        ("24", "1:05.5", 65 * 24 + 12),
        ("24", "1:00:00", 3600 * 24),
        ("24", "00:00:01:23", 47),
        ("24", "00:00:01:24", None),
        ("24", "1:60", None),
        ("24", "1:7", None),
        ("24", "-1", None),
        ("24000/1001", "1.0427", 25),
        ("30000/1001", "00:00:59;29", 1799),
        ("30000/1001", "00:01:00;02", 1800),
        ("30000/1001", "00:01:00;00", None),
        ("30000/1001", "01:00:00:00", 107892),
    ],
)
def test_times_and_timecodes(rate: str, at: str, number: int | None) -> None:
    assert _frame_of(at, Fraction(rate)) == number


def test_a_sheet_without_end_is_refused() -> None:
    from photochrom.errors import StoryboardError
    from photochrom.film.sheet import moments

    assert moments(78, Fraction(12), 0.001) == list(range(78))
    with pytest.raises(StoryboardError, match="make --every longer"):
        moments(24 * 3600, Fraction(24), 1)


def test_the_group_imports_nothing_heavy() -> None:
    code = (
        "import sys, photochrom.cli.film\n"
        "print(*{'numpy', 'pydantic', 'av', 'cv2', 'skia', 'opentimelineio'} & set(sys.modules))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == ""


# To an editing program and back


def test_an_export_lies_beside_the_film_and_shows_the_restored_pictures(
    photochrom: Run, made: Path
) -> None:
    for to in ("otio", "fcpxml", "edl"):
        ran = photochrom("film", "export", made, "--to", to)
        assert ran.code == 0, ran.err
        path = made.parent / f"out/film.{to}"
        assert ran.out == f"{path}\n"
        first = path.read_bytes()
        photochrom("film", "export", made, "--to", to)
        assert path.read_bytes() == first
    read = opentimelineio.adapters.read_from_file(str(made.parent / "out/film.otio"))
    clips = list(read.video_tracks()[0].find_clips())
    assert [clip.name for clip in clips] == ["title card", "a", "b", "a", "credits card"]
    assert clips[1].media_reference.target_url == (made.parent / "out/pictures/a.tif").as_uri()
    facts = dict(clips[1].metadata["photochrom"])
    del facts["key"]
    assert facts == {"id": "a", "caption": "Caption a", "credit": "Ann", "license": "CC0"}
    assert clips[2].metadata["photochrom"]["people"] == "Bob, Eve"
    (heard,) = read.audio_tracks()[0].find_clips()
    assert heard.media_reference.target_url == (made.parent / "out/film.mp4").as_uri()
    assert heard.duration().value == 78
    assert "Photographs: Ann (CC0)" in (made.parent / "out/film.edl").read_text()


@pytest.fixture
def edited(made: Path, production: Path) -> tuple[Path, Any]:
    """The production as it was when its timeline was exported, and that timeline."""
    from photochrom.production import export

    path = export(made, "otio", production.parent / "edited.otio")
    return path, opentimelineio.adapters.read_from_file(str(path))


def save(edited: tuple[Path, Any]) -> Path:
    opentimelineio.adapters.write_to_file(edited[1], str(edited[0]))
    return edited[0]


def trim(clip: Any, frames: int) -> None:
    start = clip.source_range.start_time
    length = opentimelineio.opentime.RationalTime(frames, start.rate)
    clip.source_range = opentimelineio.opentime.TimeRange(start, length)


def test_nothing_edited_is_nothing_changed(
    photochrom: Run, production: Path, edited: tuple[Path, Any]
) -> None:
    ran = photochrom("film", "import", production, save(edited))
    assert (ran.code, ran.out, ran.err) == (0, "", "nothing has changed\n")
    assert production.read_text() == TEXT
    assert not list(production.parent.glob("*.bak"))


def test_order_lengths_and_removals_come_back_and_nothing_else(
    photochrom: Run, production: Path, edited: tuple[Path, Any]
) -> None:
    track = edited[1].video_tracks()[0]
    title, dissolve, a, b, again, credits, fade = list(track)
    trim(a, 33)
    trim(b, 20)
    track[:] = []
    track.extend([b, title, dissolve, a, credits, fade])
    del again
    ran = photochrom("film", "import", production, save(edited))
    assert ran.code == 0, ran.err
    backup = production.with_name("production.toml.bak")
    assert ran.out == f"{production} (as it was: {backup})\n"
    assert ran.err == "moved: b\nremoved: a\nwith another length: b, a\n"
    assert backup.read_text() == TEXT
    parts = TEXT[TEXT.index("# The beginning") :].split("\n\n")
    wanted = "\n\n".join(
        [
            parts[2].replace('"0:01.5"', '"0:01.667"'),
            parts[0],
            parts[1].replace("length = 2 ", "length = 2.75 "),
            parts[4],
        ]
    )
    assert production.read_text() == TEXT[: TEXT.index("# The beginning")] + wanted
    shots = ProductionFile.open(production).production.shots
    assert [round(shot.length * 12) for shot in shots] == [20, 12, 33, 12]


def test_a_second_import_keeps_both_backups(
    photochrom: Run, production: Path, edited: tuple[Path, Any]
) -> None:
    track = edited[1].video_tracks()[0]
    trim(track[3], 24)
    photochrom("film", "import", production, save(edited))
    between = production.read_text()
    # The timeline that went out before the first import still fits.
    del track[4]
    ran = photochrom("film", "import", production, save(edited))
    assert (ran.code, ran.err) == (0, "removed: a\n")
    assert production.with_name("production.toml.bak").read_text() == TEXT
    assert production.with_name("production.toml.2.bak").read_text() == between


def test_programs_that_lose_our_facts_are_understood_by_name_and_file(
    photochrom: Run, production: Path, edited: tuple[Path, Any]
) -> None:
    track = edited[1].video_tracks()[0]
    for clip in track.find_clips():
        clip.metadata.clear()
        if not isinstance(clip.media_reference, opentimelineio.schema.GeneratorReference):
            clip.name = "Clip 7"
    trim(track[4], 24)
    ran = photochrom("film", "import", production, save(edited))
    assert (ran.code, ran.err) == (0, "with another length: a\n")
    assert production.read_text() == TEXT.replace(
        'length = 1\ntransition = "cut"\nmove', 'length = 2\ntransition = "cut"\nmove'
    )


def test_a_caption_that_was_mended_meanwhile_stays_mended(
    photochrom: Run, production: Path, edited: tuple[Path, Any]
) -> None:
    mended = TEXT.replace('caption = ""', 'caption = "Mended"')
    production.write_text(mended)
    trim(edited[1].video_tracks()[0][3], 24)
    assert photochrom("film", "import", production, save(edited)).code == 0
    assert production.read_text() == mended.replace('"0:01.5"', '"0:02"')


def test_a_clip_that_was_cut_into_pieces_is_one_shot(
    photochrom: Run, production: Path, edited: tuple[Path, Any]
) -> None:
    track = edited[1].video_tracks()[0]
    piece = track[3].deepcopy()
    trim(track[3], 8)
    trim(piece, 6)
    track.insert(4, piece)
    ran = photochrom("film", "import", production, save(edited))
    assert (ran.code, ran.err) == (0, "with another length: b\n")
    assert '"0:01.167"' in production.read_text()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("foreign", "the clip 'stranger' at 01:00:06:06 is no shot of"),
        ("twice", "the shot 'a' stands in the timeline twice, at 01:00:04:06 again"),
        ("gap", "there is a gap of 6 frames at 01:00:03:00; close it"),
        ("short", "edited.otio: does not make a film: .*the transition .* is longer"),
    ],
)
def test_what_cannot_be_taken_back_leaves_the_production_as_it_was(
    photochrom: Run, production: Path, edited: tuple[Path, Any], wrong: str, said: str
) -> None:
    schema, track = opentimelineio.schema, edited[1].video_tracks()[0]
    if wrong == "foreign":
        track.append(schema.Clip("stranger", source_range=track[0].source_range))
    elif wrong == "twice":
        # In the place of another shot of the same photograph.
        track[4] = track[2].deepcopy()
    elif wrong == "gap":
        gap = schema.Gap(source_range=track[0].source_range)
        trim(gap, 6)
        track.insert(3, gap)
    else:
        trim(track[2], 4)
    ran = photochrom("film", "import", production, save(edited))
    assert ran.code == 2
    assert re.search(said, ran.err), ran.err
    assert len(ran.err.splitlines()) == 1
    assert production.read_text() == TEXT
    assert not list(production.parent.glob("*.bak"))


def test_shots_in_one_line_cannot_be_taken_apart(
    photochrom: Run, production: Path, edited: tuple[Path, Any]
) -> None:
    text = TEXT[: TEXT.index("[film]")].replace(
        'recipe = "tone.toml"', 'recipe = "tone.toml"\nfilm = { rate = 12, fade = 0 }\nshot = ['
        '{ card = "title", length = 1 }, { photograph = "b", length = 1 }]'
    )  # fmt: skip
    production.write_text(text)
    track = edited[1].video_tracks()[0]
    del track[4:6]
    del track[2]
    ran = photochrom("film", "import", production, save(edited))
    assert ran.code == 2
    assert "write each as a [[shot]] table" in ran.err
    assert production.read_text() == text


def test_export_needs_the_published_pictures(photochrom: Run, made: Path, tmp_path: Path) -> None:
    shutil.copytree(made.parent, tmp_path / "copy")
    copy = tmp_path / "copy/production.toml"
    (copy.parent / "out/pictures/b.tif").unlink()
    ran = photochrom("film", "export", copy, "--to", "edl")
    assert ran.code == 2
    assert f"b.tif: is not there; run first: photochrom make {copy}" in ran.err
