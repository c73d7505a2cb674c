"""Builds: incremental, whole or not at all, the same every time, and not to be killed."""

from __future__ import annotations

import importlib
import os
import pickle
import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

import tiny_networks
from conftest import Ran
from metadata_kit import xmp
from photochrom.engine import PAUSED, Control, Event, FolderStore, Result
from photochrom.engine.needed import needed_in
from photochrom.errors import ModelError, ProductionError, StoppedError
from photochrom.files import is_part, sha256_of
from photochrom.photograph import Photograph, reduced
from photochrom.production import BuildResult, ProductionFile, build, building, looks, preview
from photochrom.production.desk import Desk
from photochrom.production.hearing import track
from photochrom.record import Record

RECIPE = """\
schema = "photochrom.recipe/1"
name = "tone-only"
steps = ["tone"]
"""

HEAD = """\
schema = "photochrom.production/1"
title = "Three"
recipe = "tone.toml"
"""

FILM = """
[film]
size = [160, 128]
rate = 12
fade = 0.5

[[shot]]
card = "title"
length = 1
transition = "cut"
"""

END = """
[[shot]]
card = "disclosure"
length = 1
transition = "cut"

[[shot]]
card = "credits"
length = 1
transition = "cut"
"""

SIDECARS = {
    *("film.srt", "film.vtt", "film.descriptions.vtt"),
    *("film.cues.csv", "film.cues.html", "film.jpg"),
}


def picture(path: Path, seed: int) -> None:
    rng = np.random.default_rng(seed)
    rows, columns = np.mgrid[0:72, 0:96]
    pixels = 90 + rows + 20 * np.sin(columns / (5 + seed)) + rng.normal(0, 3, (72, 96))
    Image.fromarray(pixels.clip(0, 255).astype(np.uint8)).save(path)


def write(folder: Path, ids: str = "abc", *, film: bool = True, head: str = HEAD) -> Path:
    """A production of tiny photographs."""
    (folder / "scans").mkdir(parents=True, exist_ok=True)
    (folder / "tone.toml").write_text(RECIPE)
    text = head
    for seed, id in enumerate(ids):
        picture(folder / "scans" / f"{id}.png", seed)
        text += f'\n[[photograph]]\nid = "{id}"\nfile = "scans/{id}.png"\ncredit = "Ann {id}"\n'
        text += f'caption = "Caption {id}"\n'
    if film:
        text += FILM
        for id in ids:
            text += f'\n[[shot]]\nphotograph = "{id}"\nlength = 2\ntransition = "cut"\n'
        text += END
    path = folder / "production.toml"
    path.write_text(text)
    return path


def outputs(production: Path) -> dict[str, bytes]:
    out = production.parent / "out"
    return {
        str(path.relative_to(out)): path.read_bytes()
        for path in sorted(out.rglob("*"))
        if path.is_file()
    }


def make(production: Path, **options: bool) -> BuildResult:
    return build(production, jobs=1, **options)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A production that has been built once; not to be changed."""
    production = write(tmp_path_factory.mktemp("made"))
    result = make(production)
    assert result.failed == ()
    return production


@pytest.fixture
def production(made: Path, tmp_path: Path) -> Path:
    """A copy of it that has been built where it lies, which takes no time with its cache."""
    shutil.copytree(made.parent, tmp_path / "copy")
    copy = tmp_path / "copy" / "production.toml"
    # Stamps, notes of what is needed, and what is known of published files go by their paths.
    shutil.rmtree(copy.parent / "out")
    shutil.rmtree(copy.parent / ".photochrom" / "builds")
    shutil.rmtree(copy.parent / ".photochrom" / "needed")
    make(copy)
    return copy


def test_a_build_makes_pictures_records_and_the_film(made: Path) -> None:
    names = {f"pictures/{id}.{end}" for id in "abc" for end in ("tif", "jpg", "record.json")}
    assert outputs(made).keys() == names | {"film.mp4", *SIDECARS}
    record = Record.open(made.parent / "out" / "pictures" / "a.record.json")
    assert [one["file"] for one in record.derivatives] == ["a.tif", "a.jpg"]
    assert [step.name for step in record.steps] == ["tone"]


def test_the_film_has_its_length(made: Path) -> None:
    import av

    with av.open(str(made.parent / "out" / "film.mp4")) as film:
        assert film.streams.video[0].frames == 9 * 12


def test_what_lies_beside_the_film_is_the_film_s(made: Path) -> None:
    import av
    import pysubs2

    out = made.parent / "out"
    with av.open(str(out / "film.mp4")) as film:
        (track,) = film.streams.subtitles
        texts = [bytes(packet)[2:].decode() for packet in film.demux(track) if packet.size > 2]
        film.seek(0)
        (packet,) = [packet for packet in film.demux(video=1) if packet.size]
        assert bytes(packet) == (out / "film.jpg").read_bytes()
    assert texts == ["Caption a", "Caption b", "Caption c"]
    assert [one.plaintext for one in pysubs2.load(str(out / "film.srt"))] == texts
    rows = (out / "film.cues.csv").read_text("utf-8-sig").splitlines()
    assert rows[0].startswith("number,kind,time_in,time_out")
    assert len(rows) == 1 + 6 + 1
    assert rows[-1].startswith(",total,00:00:00:00,00:00:09:00,00:00:09:00")
    with Image.open(out / "film.jpg") as poster:
        assert poster.size == (160, 128)
        assert b"algorithmicallyEnhanced" in poster.info["xmp"]


def test_an_edited_alternative_text_or_place_makes_only_what_says_it(production: Path) -> None:
    before = outputs(production)
    # What is known of a photograph is also in its derivatives, and they are in their record.
    known = {"pictures/a.tif", "pictures/a.jpg", "pictures/a.record.json"}
    parts = {
        "alt": ({"film.descriptions.vtt"}, ("sidecars",)),
        "place": ({"film.cues.csv", "film.cues.html"} | known, ("a", "sidecars")),
    }
    for key, (expected, names) in parts.items():
        text = production.read_text()
        production.write_text(text.replace('id = "a"', f'id = "a"\n{key} = "A shed"', 1))
        result = make(production)
        assert result.made == names
        assert {*result.kept} == {"a", "b", "c", "film"} - {*names}
        after = outputs(production)
        changed = {name for name in after if after[name] != before[name]}
        assert changed == expected
        told = changed - {"pictures/a.record.json"}
        assert all(b"A shed" in after[name] for name in told)
        assert make(production).nothing_to_do
        before = after
    # A film, or what belongs beside it, that nobody asks for any more is not kept.
    kinds = Counter(one.kind for one in stored(production))
    beside = {"sound": 1, "poster": 1, "film": 1, "sidecars": 1}
    assert kinds == {"picture": 3, "label": 3, "attention": 3, "segment": 7, **beside}


def test_a_retouched_subtitle_is_left_alone_and_the_others_are_made(production: Path) -> None:
    out = production.parent / "out"
    (out / "film.srt").write_text("corrected by hand")
    production.write_text(production.read_text().replace("Caption b", "Another caption"))
    result = make(production)
    assert (result.failed, [one.name for one in result.left]) == ((), ["sidecars"])
    assert str(result.left[0]).startswith(f"{out / 'film.srt'}: was changed by somebody")
    assert "--force" in result.left[0].fix
    assert result.film == out / "film.mp4"
    assert (out / "film.srt").read_text() == "corrected by hand"
    assert "Another caption" in (out / "film.vtt").read_text()
    assert make(production, force=True).left == ()
    assert "Another caption" in (out / "film.srt").read_text()


def test_what_is_left_is_told_each_time_and_made_once_it_is_gone(production: Path) -> None:
    """What was left is no success to be taken for granted the next time."""
    changed = production.parent / "out" / "film.srt"
    before = changed.read_text()
    changed.write_text("corrected by hand")
    for _ in range(2):
        result = make(production)
        assert (result.made, result.failed, len(result.left)) == ((), (), 1)
        assert not result.nothing_to_do
    # An edit that comes while it is left is not missed.
    text = production.read_text()
    production.write_text(text.replace("Caption b", "Another caption"))
    result = make(production)
    assert (set(result.made), len(result.left)) == ({"b", "film"}, 1)
    production.write_text(text)
    assert len(make(production).left) == 1
    changed.unlink()
    result = make(production)
    assert (result.made, result.left) == (("sidecars",), ())
    assert changed.read_text() == before
    assert make(production).nothing_to_do
    # What a build that has left something needs is needed, and what it has superseded is gone.
    assert Counter(one.kind for one in stored(production))["film"] == 1


def test_a_retouched_film_is_left_and_stops_nothing(production: Path) -> None:
    film = production.parent / "out" / "film.mp4"
    film.write_bytes(b"cut by hand")
    production.write_text(production.read_text().replace("Caption b", "Another caption"))
    result = make(production)
    assert (result.failed, [one.name for one in result.left]) == ((), ["film"])
    assert result.film is None
    assert film.read_bytes() == b"cut by hand"
    assert "Another caption" in film.with_suffix(".srt").read_text()


def test_make_counts_what_it_leaves(photochrom: Callable[..., Ran], production: Path) -> None:
    pictures = production.parent / "out" / "pictures"
    (pictures / "b.tif").write_bytes(b"retouched by hand")
    ran = photochrom("make", production, "--jobs", 1)
    assert (ran.code, "0 made, 4 kept, 1 left" in ran.err) == (0, True), ran.err
    assert "\n1 left as it is:\n" in ran.err
    assert f"  {pictures / 'b.tif'}: was changed by somebody" in ran.err
    assert "with --force to replace it" in ran.err
    assert ran.out.split() == [str(production.parent / "out" / "film.mp4")]
    # Something else that fails is a failure all the same.
    (production.parent / "scans" / "c.png").write_bytes(b"no picture")
    ran = photochrom("make", production, "--jobs", 1)
    assert (ran.code, "1 left" in ran.err, "2 failed:" in ran.err) == (1, True, True), ran.err


def stored(production: Path) -> list[Result]:
    return [*FolderStore(production.parent / ".photochrom").results()]


def test_originals_are_not_touched(made: Path, tmp_path: Path) -> None:
    write(tmp_path / "fresh")
    for id in "abc":
        fresh = (tmp_path / "fresh" / "scans" / f"{id}.png").read_bytes()
        assert (made.parent / "scans" / f"{id}.png").read_bytes() == fresh


def test_two_builds_give_the_same_bytes_however_many_work_on_it(made: Path, tmp_path: Path) -> None:
    other = write(tmp_path / "other place")
    assert build(other, jobs=2).failed == ()
    assert outputs(other) == outputs(made)


def written(production: Path) -> dict[Path, tuple[int, int, int]]:
    """All files beside a production, with what changes when one is written (and not when read)."""
    files = (path for path in production.parent.rglob("*") if path.is_file())
    return {p: (s.st_ino, s.st_size, s.st_mtime_ns) for p in files for s in [p.stat()]}


def test_a_second_build_does_nothing(production: Path) -> None:
    before = written(production)
    result = make(production)
    assert result.nothing_to_do
    assert result.kept == ("a", "b", "c", "film", "sidecars")
    assert result.film == production.parent / "out" / "film.mp4"
    assert written(production) == before


def test_without_its_stamp_a_build_still_makes_nothing(production: Path) -> None:
    (stamp,) = (production.parent / ".photochrom" / "builds").iterdir()
    stamp.write_text("{")
    result = make(production)
    assert result.nothing_to_do
    assert result.kept == ("a", "b", "c", "film", "sidecars")


def segments(production: Path) -> set[str]:
    return {one.key for one in stored(production) if one.kind == "segment"}


def test_an_edited_caption_renders_one_segment_again_and_restores_nothing(
    production: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def restore(*_: object, **__: object) -> None:
        raise AssertionError("restored again")

    monkeypatch.setattr("photochrom.restoration.restore", restore)
    before = segments(production)
    production.write_text(production.read_text().replace("Caption b", "Another caption"))
    result = make(production)
    assert result.failed == ()
    assert result.made == ("b", "film", "sidecars")
    assert result.kept == ("a", "c")
    pictures = production.parent / "out" / "pictures"
    assert b"Another caption" in (pictures / "b.tif").read_bytes()
    assert b"Caption b" not in (pictures / "b.tif").read_bytes()
    assert Photograph.probe(pictures / "b.jpg").caption == "Another caption"
    record = Record.open(pictures / "b.record.json")
    assert {one["sha256"] for one in record.derivatives} == {
        Photograph.probe(pictures / name).sha256 for name in ("b.tif", "b.jpg")
    }
    assert len(segments(production) - before) == 1


def test_a_picture_is_looked_at_once(production: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []

    def open_reduced(path: Path, factor: int, **more: Any) -> Any:
        opened.append(path.stem)
        return reduced.open_reduced(path, factor, **more)

    monkeypatch.setattr(looks, "open_reduced", open_reduced)
    (stamp,) = (production.parent / ".photochrom" / "builds").iterdir()
    stamp.write_text("{")
    assert make(production).nothing_to_do
    production.write_text(production.read_text().replace("Caption b", "Another caption"))
    assert make(production).failed == ()
    assert opened == []
    # A new picture is looked at, whatever the camera does: its caption keeps clear of faces.
    picture(production.parent / "scans" / "b.png", 9)
    assert make(production).failed == ()
    assert opened == ["b"]
    # A preview sees the same in it.
    assert preview(production, jobs=1).made
    assert opened == ["b"]


def test_a_film_is_said_to_be_made_when_it_is_with_its_sound(tmp_path: Path) -> None:
    import av

    production = write(tmp_path, "a")
    said: list[tuple[str, str]] = []
    tracks: list[int] = []

    def tell(event: Event) -> None:
        said.append((event.item, event.message))
        if said[-1] == ("joined", "made"):
            (film,) = (tmp_path / ".photochrom" / "scratch").glob("*/film.mp4")
            with av.open(str(film)) as opened:
                tracks.append(len(opened.streams.audio))

    assert build(production, jobs=1, progress=tell).failed == ()
    assert tracks == [1]
    parts = [said.index((item, "made")) for item in ("sound", "poster", "joined")]
    assert parts[:2] < [parts[2], parts[2]] == [len(said) - 1] * 2


def test_a_build_plans_its_film_once(production: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    counted: Counter[str] = Counter()
    for module, name in (
        ("photochrom.film.plan", "segments_of"),
        ("photochrom.production.hearing", "schedule"),
        ("photochrom.film.plan", "key_of"),
        ("photochrom.film.plan", "poster"),
        ("photochrom.film.plan", "cues"),
        ("photochrom.film.plan", "captions"),
        ("photochrom.film.plan", "sentences"),
    ):
        real = getattr(importlib.import_module(module), name)

        def once(*arguments: Any, _name: str = name, _real: Any = real, **more: Any) -> Any:
            counted[_name, *(arguments[:1] if _name == "key_of" else ())] += 1
            return _real(*arguments, **more)

        monkeypatch.setattr(f"{module}.{name}", once)
    production.write_text(production.read_text().replace("Caption b", "Another caption"))
    assert make(production).made == ("b", "film", "sidecars")
    assert len(counted) == 8
    assert set(counted.values()) == {1}, counted


def test_a_title_or_note_that_nobody_sees_renders_nothing(production: Path) -> None:
    before = segments(production)
    text = production.read_text()
    production.write_text(text.replace('id = "a"', 'id = "a"\nnotes = "ask Ann"'))
    result = make(production)
    assert result.nothing_to_do
    assert segments(production) == before


def test_a_changed_scan_is_restored_again_and_alone(production: Path) -> None:
    picture(production.parent / "scans" / "b.png", seed=99)
    assert make(production).made == ("b", "film", "sidecars")


def test_a_changed_recipe_restores_all_and_changing_it_back_nothing(production: Path) -> None:
    recipe = production.parent / "tone.toml"
    before = outputs(production)
    recipe.write_text(RECIPE + "[tone]\nstrength = 0.5\n")
    assert make(production).made == ("a", "b", "c", "film", "sidecars")
    after = outputs(production)
    assert all(after[name] != before[name] for name in before if name.endswith(".tif"))
    recipe.write_text(RECIPE)
    events: list[Event] = []
    build(production, jobs=1, progress=events.append)
    assert {event.message for event in events if event.stage == "pictures"} == {"kept"}
    assert outputs(production) == before


def test_what_a_photograph_says_of_itself_reaches_its_record(production: Path) -> None:
    text = production.read_text()
    known = 'id = "a"\ndate = 1899\ncolors = [{at = [0.5, 0.5], color = "#102030", source = "x"}]'
    production.write_text(text.replace('id = "a"', known))
    # Only color could have made use of it, so that the film stays as it was.
    assert make(production).made == ("a", "sidecars")
    record = Record.open(production.parent / "out" / "pictures" / "a.record.json")
    assert record.emulsion["name"] == "orthochromatic"
    assert record.pins[0]["source"] == "x"
    assert list(record.pins[0]["color"]) == [16, 32, 48]


def test_a_lost_output_is_put_back(production: Path) -> None:
    before = outputs(production)
    (production.parent / "out" / "pictures" / "b.jpg").unlink()
    assert make(production).made == ("b",)
    assert outputs(production) == before


def test_a_retouched_output_is_left_alone_unless_forced(production: Path) -> None:
    before = outputs(production)
    retouched = production.parent / "out" / "pictures" / "b.tif"
    retouched.write_bytes(b"retouched by hand")
    result = make(production)
    assert (result.failed, [one.name for one in result.left]) == ((), ["b"])
    assert "b.tif: was changed" in str(result.left[0])
    assert result.film is not None  # It shows what was made.
    assert retouched.read_bytes() == b"retouched by hand"
    forced = make(production, force=True)
    assert forced.failed == forced.left == ()
    assert set(forced.made) == {"a", "b", "c", "film", "sidecars"}
    assert outputs(production) == before


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b"no picture at all", ""),
        (None, "cannot be read"),
    ],
    ids=["empty", "garbage", "missing"],
)
def test_a_bad_scan_fails_alone(tmp_path: Path, content: bytes | None, said: str) -> None:
    production = write(tmp_path)
    scan = tmp_path / "scans" / "b.png"
    scan.unlink()
    if content is not None:
        scan.write_bytes(content)
    result = make(production)
    assert result.made == ("a", "c")
    assert result.film is None
    assert [one.name for one in result.failed] == ["b", "film"]
    assert result.failed[0].stage == ("scans" if content is None else "pictures")
    assert "b.png" in str(result.failed[0])
    assert said in str(result.failed[0])
    picture(scan, seed=1)
    result = make(production)
    assert result.made == ("b", "film", "sidecars")
    assert result.kept == ("a", "c")


def test_recipes_that_do_not_exist_are_told_with_their_line(tmp_path: Path) -> None:
    production = write(tmp_path, "a", head=HEAD.replace("tone.toml", "fathful"))
    with pytest.raises(ProductionError, match=r"production\.toml:3: .*did you mean 'faithful'"):
        make(production)
    production = write(tmp_path, "a", head=HEAD.replace("tone.toml", "none.toml"))
    with pytest.raises(ProductionError, match=r"toml:3: 'recipe' is \"none\.toml\", but there is"):
        make(production)
    assert not (tmp_path / "out").exists()


def test_a_production_without_shots_has_no_film(tmp_path: Path) -> None:
    result = make(write(tmp_path, "a", film=False))
    assert result.made == ("a",)
    assert result.film is None
    assert make(tmp_path / "production.toml").nothing_to_do


def test_formats_are_those_that_were_asked_for(tmp_path: Path) -> None:
    head = HEAD + '\n[output]\nfolder = "results"\nformats = ["png", "webp"]\ncache = "c"\n'
    make(write(tmp_path, "a", film=False, head=head))
    found = {path.name for path in (tmp_path / "results").rglob("*.*")}
    assert found == {"a.png", "a.webp", "a.record.json"}
    record = Record.open(tmp_path / "results" / "pictures" / "a.record.json")
    assert [one["file"] for one in record.derivatives] == ["a.png", "a.webp"]
    assert not (tmp_path / ".photochrom").exists()


def test_eye_tones_are_asked_for_by_photograph_and_shown_beside_the_plate_s_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tiny_networks.color(tmp_path / "models", name="toned")
    tiny_networks.color(tmp_path / "models", name="toneless", tone=False)
    monkeypatch.setenv("PHOTOCHROM_MODELS", str(tmp_path / "models"))
    recipe = 'schema = "photochrom.recipe/1"\nsteps = ["tone", "color"]\n[color]\nsaturation = 0\n'
    (tmp_path / "mine.toml").write_text(recipe + 'network = "toned"\n')
    head = HEAD.replace('"tone.toml"', '"mine.toml"')
    assert head != HEAD
    production = write(tmp_path, "ab", film=False, head=head)
    production.write_text(production.read_text().replace('id = "a"', 'id = "a"\ntones = "eye"'))
    assert make(production).made == ("a", "b")
    pictures = production.parent / "out" / "pictures"
    records = {id: Record.open(pictures / f"{id}.record.json") for id in "ab"}
    assert [records[id].tones for id in "ab"] == ["eye", "plate"]
    changes = [records[id].result["luminance_change"]["mean"] for id in "ab"]
    assert changes[0] > 5 and changes[1] < 0.01
    # The plate's own light is kept for what is an estimate, and only for that.
    assert len([*(tmp_path / ".photochrom").rglob(".gray.tif")]) == 1

    (tmp_path / "mine.toml").write_text(recipe + 'network = "toneless"\n')
    with pytest.raises(ModelError, match="'toneless' has no output 'tone'"):
        make(production)


@pytest.mark.parametrize("force", [False, True])
def test_a_scan_is_never_replaced_not_even_by_force(tmp_path: Path, force: bool) -> None:
    production = write(tmp_path, "a", film=False, head=HEAD + '\n[output]\nfolder = "."\n')
    (tmp_path / "pictures").mkdir()
    # By another name, which a comparison of names would not see through.
    scan = tmp_path / "pictures" / "a.tif"
    scan.hardlink_to(tmp_path / "scans" / "a.png")
    before = scan.read_bytes()
    result = make(production, force=force)
    assert "is a scan, which is never replaced" in str(result.failed[0])
    assert scan.read_bytes() == before


def test_a_mistake_of_ours_fails_alone_and_leaves_its_trace(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    production = write(tmp_path, "ab", film=False)
    real = Record.to_json

    def mistaken(self: Record) -> str:
        if self.derivatives[0]["file"] == "a.tif":
            raise ZeroDivisionError("one by none")
        return real(self)

    monkeypatch.setattr(Record, "to_json", mistaken)
    result = make(production)
    assert result.made == ("b",)
    assert "ZeroDivisionError: one by none (a mistake of photochrom's" in str(result.failed[0])
    assert "in mistaken" in (tmp_path / ".photochrom" / "failures.txt").read_text()


def test_a_part_of_the_film_that_fails_is_named_and_its_results_are_kept(
    production: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = outputs(production)
    text = production.read_text()
    production.write_text(text.replace("Caption b", "New b").replace("Caption c", "New c"))

    def mistaken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("one by none")

    with monkeypatch.context() as patch:
        patch.setattr("photochrom.film.render.encode.encode_segment", mistaken)
        result = make(production)
    assert [one.name for one in result.failed] == ["film, b", "film, c", "film"]
    assert str(result.failed[2]) == "film: not made, because 2 of its parts failed"
    assert result.film is None
    assert "in mistaken" in (production.parent / ".photochrom" / "failures.txt").read_text()
    changed = {name for name, data in outputs(production).items() if data != before.get(name)}
    assert {Path(name).parts[0] for name in changed} == {"pictures"}
    assert make(production).made == ("film", "sidecars")


def test_what_the_steps_of_a_build_give_can_be_kept_and_gone_on_with(
    production: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As by a job that runs each step in a process of its own."""
    text = production.read_text()
    production.write_text(text.replace("Caption b", "New b"))

    def kept(value: Any) -> Any:
        again = pickle.loads(pickle.dumps(value))
        assert str(again) == str(value)
        return again

    def desk() -> Desk:
        return Desk(ProductionFile.open(production), jobs=1)

    scans = kept(desk().scans())
    restored = kept(building.pictures(desk(), scans))
    # An edited caption is written into its picture, and restores nothing.
    assert (restored.kept, restored.made) == (("a", "c"), ("b",))
    with monkeypatch.context() as patch:
        patch.setattr("photochrom.film.render.encode.encode_segment", lambda *_, **__: 1 / 0)
        nothing, failed = kept(building.film_of(desk(), scans, restored, track(desk())))
    assert nothing is None
    assert [(one.name, one.stage) for one in failed] == [("film, b", "film"), ("film", "film")]
    filmed, failed = kept(building.film_of(desk(), scans, restored, track(desk())))
    assert failed == ()
    published = kept(building.publish(desk(), filmed))
    assert published.made == ("film", "sidecars")
    files = {**restored.files, **published.files}
    building.leave_stamp(desk(), scans, [filmed], files, restored.labels, None)
    assert make(production).nothing_to_do


def test_a_cache_that_cannot_be_written_is_one_clear_line(tmp_path: Path) -> None:
    production = write(tmp_path, "a", film=False)
    (tmp_path / ".photochrom").write_text("a file in the way")
    with pytest.raises(ProductionError, match=r"\.photochrom.*: cannot be used"):
        make(production)


def test_a_stamp_holds_wherever_one_stands(
    production: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(production.parent)
    assert make(Path("production.toml")).nothing_to_do
    monkeypatch.setattr(
        "photochrom.engine.store.FolderStore.sweep", lambda _: pytest.fail("the stamp did not hold")
    )
    assert make(production).nothing_to_do
    monkeypatch.chdir("/")
    assert make(production).nothing_to_do


def run(
    production: Path, code: str = "", jobs: int = 1, wait_at: int | None = None
) -> subprocess.Popen[str]:
    """Builds in another process, which prints a line for each event.

    Args:
        production: The file.
        code: What it does afterwards.
        jobs: How many.
        wait_at: The event at which it waits for a line; None: it never does.
    """
    program = (
        "import sys\n"
        "from photochrom.production import build\n"
        "told = []\n"
        "def tell(event):\n"
        "    told.append(event)\n"
        "    print(event.stage, event.item, event.message, flush=True)\n"
        f"    if len(told) == {wait_at}:\n        sys.stdin.readline()\n"
        "if __name__ == '__main__':\n"
        f"    result = build({str(production)!r}, jobs={jobs}, progress=tell)\n"
        f"    assert not result.failed, result.failed\n    {code}\n"
    )
    script = production.parent / f"run{jobs}.py"
    script.write_text(program)
    return subprocess.Popen(
        [sys.executable, str(script)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def test_a_build_with_nothing_to_do_loads_nothing_heavy(tmp_path: Path) -> None:
    ids = "".join(chr(ord("A") + n) if n < 26 else chr(ord("0") + n - 26) for n in range(36))
    production = write(tmp_path, ids, film=False)
    assert make(production).failed == ()
    heavy = "'av cv2 imagecodecs onnxruntime skia PIL tifffile'.split()"
    process = run(
        production, f"print(result.nothing_to_do, [m for m in {heavy} if m in sys.modules])"
    )
    out, err = process.communicate()
    assert (out.splitlines()[-1], err) == ("True []", "")


@pytest.mark.parametrize(
    ("seed", "times"), [(0, 3), *[pytest.param(n, 8, marks=pytest.mark.slow) for n in (1, 2, 3)]]
)
def test_a_build_survives_being_killed_again_and_again(
    made: Path, tmp_path: Path, seed: int, times: int
) -> None:
    production = write(tmp_path)
    chance = random.Random(seed)
    whole = outputs(made)
    for death in range(times):
        # Some events further than the scans, which are looked at first.
        last = 3 + chance.randrange(1, 9)
        process = run(production, jobs=2 if death == 1 else 1, wait_at=last)
        assert process.stdout is not None
        assert process.stdin is not None
        lines = [process.stdout.readline() for _ in range(last)]
        # There it waits, so that death does not come too late; or it goes on, and dies somewhere.
        if lines[-1] and death and chance.random() < 2 / 3:
            print(file=process.stdin, flush=True)
            time.sleep(chance.choice([0.001, 0.01, 0.1]))
        # One death in three takes the workers along, as when a machine goes down.
        how = os.killpg if chance.random() < 1 / 3 else os.kill
        how(process.pid, signal.SIGKILL)
        _, err = process.communicate()
        assert err == ""
        for name, content in outputs(production).items():
            # What is being written is hidden until it is whole; the next run sweeps what is left.
            if not is_part(Path(name)):
                assert content == whole[name], f"{name} is half-written"
        if process.returncode == 0:
            break
        assert process.returncode == -signal.SIGKILL
    assert death > 0
    assert make(production).failed == ()
    assert outputs(production) == whole
    assert not list((tmp_path / ".photochrom" / "scratch").iterdir())


def test_two_builds_at_once_both_succeed(made: Path, tmp_path: Path) -> None:
    production = write(tmp_path)
    processes = [run(production), run(production)]
    for process in processes:
        out, err = process.communicate(timeout=300)
        assert process.returncode == 0, out + err
    assert outputs(production) == outputs(made)


@pytest.mark.parametrize("tell_to", [Control.stop, Control.end])
def test_a_build_that_is_not_wanted_any_more_ends_and_goes_on_later(
    tmp_path: Path, tell_to: Callable[[Control], None]
) -> None:
    production = write(tmp_path)
    made: list[str] = []
    control = Control()

    def tell(event: Event) -> None:
        if event.message == "made":
            made.append(event.item)
            if len(made) == 2:
                tell_to(control)

    with pytest.raises(StoppedError):
        build(production, jobs=1, progress=tell, control=control)
    assert made == ["a", "b"]
    assert not (tmp_path / "out" / "film.mp4").exists()
    result = make(production)
    assert result.failed == ()
    assert "c" in result.made and "a" in result.kept


def test_a_build_that_is_paused_again_and_again_gives_the_same(made: Path, tmp_path: Path) -> None:
    production = write(tmp_path)
    control = Control()
    paused: list[str] = []

    def tell(event: Event) -> None:
        if event.message == PAUSED:
            paused.append(event.stage)
            control.resume()
        elif event.stage not in paused and event.item:
            control.pause()

    assert build(production, jobs=1, progress=tell, control=control).failed == ()
    assert {"scans", "pictures", "film"} <= set(paused)
    assert outputs(production) == outputs(made)


def test_a_sidecar_makes_its_photograph_again_and_a_broken_one_no_other(tmp_path: Path) -> None:
    production = write(tmp_path, "ab", film=False)
    assert make(production).made == ("a", "b")
    sidecar = tmp_path / "scans" / "a.xmp"
    sidecar.write_bytes(xmp("<photoshop:City>Bergen</photoshop:City>"))
    assert (make(production).made, make(production).nothing_to_do) == (("a",), True)
    assert b"Bergen" in (tmp_path / "out" / "pictures" / "a.tif").read_bytes()
    sidecar.write_bytes(b"broken")
    result = make(production)
    assert ([str(one) for one in result.failed], result.kept) == (
        [f"a: {sidecar}: is no XMP that can be read; mend it, or move it away"],
        ("b",),
    )
    sidecar.unlink()
    assert make(production).failed == ()


def test_pictures_with_what_is_known_are_needed(made: Path) -> None:
    labels = {one.key for one in stored(made) if one.kind == "label"}
    assert len(labels) == 3
    assert labels <= needed_in(made.parent / ".photochrom")


def test_a_photograph_may_be_called_gray(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tiny_networks.color(tmp_path / "models", name="toned")
    monkeypatch.setenv("PHOTOCHROM_MODELS", str(tmp_path / "models"))
    recipe = (
        'schema = "photochrom.recipe/1"\nsteps = ["tone", "color"]\n[color]\nnetwork = "toned"\n'
    )
    (tmp_path / "mine.toml").write_text(recipe)
    head = HEAD.replace('"tone.toml"', '"mine.toml"')
    production = write(tmp_path, "a", film=False, head=head)
    production.write_text(production.read_text().replace('id = "a"', 'id = "gray"'))
    assert make(production).made == ("gray",)
    pictures = production.parent / "out" / "pictures"
    record = Record.open(pictures / "gray.record.json")
    for one in record.derivatives:
        assert sha256_of(pictures / one["file"]) == one["sha256"]
    assert not Photograph.open(pictures / "gray.tif").is_gray
