"""`photochrom restore` as its users meet it."""

from __future__ import annotations

import hashlib
import json
import os
import struct
import subprocess
import sys
import time
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tifffile
from numpy.typing import NDArray
from PIL import Image

import tiny_networks
from conftest import Ran
from metadata_kit import described, xmp
from photochrom import files
from photochrom.batch import near
from photochrom.engine import FolderStore

Run = Callable[..., Ran]

TIFF = ("--format", "tiff", "--no-compare")
"""As folders become; a file by itself becomes a JPEG."""


@pytest.fixture
def scan(tmp_path: Path, gray_scene: NDArray[np.uint8]) -> Path:
    path = tmp_path / "scans" / "portrait 1931.png"
    path.parent.mkdir()
    Image.fromarray(gray_scene).save(path)
    return path


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_derivative_and_its_record_lie_beside_each_other(photochrom: Run, scan: Path) -> None:
    before = _digest(scan)
    ran = photochrom("restore", *TIFF, scan)
    assert ran.code == 0, ran.err
    derivative = scan.parent / "restored" / "portrait 1931.tif"
    with tifffile.TiffFile(derivative) as tiff:
        assert tiff.pages[0].dtype == np.uint16
        assert tiff.pages[0].shape == (96, 128, 3)
        assert tiff.pages[0].tags[34675].value  # the ICC profile
    record = json.loads((derivative.parent / "portrait 1931.record.json").read_text())
    assert record["original"]["sha256"] == before == _digest(scan)
    assert record["derivatives"] == [{"file": derivative.name, "sha256": _digest(derivative)}]
    assert record["steps"][0]["name"] == "fading"
    assert record["emulsion"]["name"] == "panchromatic"  # 1931, from the file's name
    assert {path.name for path in derivative.parent.iterdir()} == {
        "portrait 1931.tif",
        "portrait 1931.record.json",
    }


def test_json_is_one_line_a_picture_and_nothing_else(photochrom: Run, scan: Path) -> None:
    ran = photochrom("restore", scan.parent, "--json", "--steps", "tone")
    (line,) = ran.out.splitlines()
    said = json.loads(line)
    assert said.keys() == {"input", "output", "outputs", "record", "seconds", "outcome", "notices"}
    assert said["outcome"] == "made"
    assert Path(said["output"]).is_file()
    assert Path(said["record"]).is_file()


def test_what_is_up_to_date_is_skipped(photochrom: Run, scan: Path, tmp_path: Path) -> None:
    def outcome(*words: str) -> str:
        ran = photochrom("restore", scan, "-o", tmp_path / "out", "--json", *words)
        return str(json.loads(ran.out)["outcome"])

    assert outcome("--steps", "tone") == "made"
    assert outcome("--steps", "tone") == "kept"
    assert outcome("--steps", "tone", "--force") == "made"
    assert outcome("--steps", "tone,grain") == "made"
    assert outcome("--steps", "tone,grain", "--emulsion", "orthochromatic") == "made"


def test_a_sidecar_and_what_is_left_out_are_part_of_what_is_up_to_date(
    photochrom: Run, scan: Path, tmp_path: Path
) -> None:
    place = "<exif:GPSLatitude>60,23.4N</exif:GPSLatitude>"

    def outcome(*words: str) -> str:
        ran = photochrom(
            "restore", *TIFF, scan, "-o", tmp_path / "out", "--json", "--steps", "tone", *words
        )
        return str(json.loads(ran.out)["outcome"])

    assert outcome() == "made"
    scan.with_suffix(".xmp").write_bytes(xmp(described("Harbor") + place))
    assert (outcome(), outcome()) == ("made", "kept")
    derivative = tmp_path / "out" / "portrait 1931.tif"
    assert b"Harbor" in derivative.read_bytes() and b"60,23.4N" in derivative.read_bytes()
    record = json.loads((tmp_path / "out" / "portrait 1931.record.json").read_text())
    assert len(record["original"]["sidecar"]) == 64
    assert outcome("--strip", "location") == "made"
    assert b"Harbor" in derivative.read_bytes() and b"60,23.4N" not in derivative.read_bytes()
    assert outcome("--strip", "location") == "kept"
    assert outcome() == "made"
    scan.with_suffix(".xmp").write_bytes(b"broken")
    ran = photochrom("restore", *TIFF, scan, "-o", tmp_path / "out", "--steps", "tone")
    assert ran.code == 2
    assert "portrait 1931.xmp: is no XMP that can be read" in ran.err


def test_two_runs_give_the_same_bytes(photochrom: Run, scan: Path, tmp_path: Path) -> None:
    for folder in ("a", "b"):
        photochrom("restore", *TIFF, scan, "-o", tmp_path / folder)
    for name in ("portrait 1931.tif", "portrait 1931.record.json"):
        assert _digest(tmp_path / "a" / name) == _digest(tmp_path / "b" / name)


@pytest.mark.parametrize(
    ("format_", "ending", "kind"),
    [
        ("jpeg", ".jpg", "JPEG"),
        ("png", ".png", "PNG"),
        ("webp", ".webp", "WEBP"),
        ("jp2", ".jp2", "JPEG2000"),
    ],
)
def test_formats(photochrom: Run, scan: Path, format_: str, ending: str, kind: str) -> None:
    ran = photochrom("restore", scan, "--steps", "tone", "--format", format_)
    assert ran.code == 0, ran.err
    with Image.open(scan.parent / "restored" / f"portrait 1931{ending}") as picture:
        assert picture.format == kind
        assert picture.size == (128, 96)
        assert picture.info.get("icc_profile") or kind == "JPEG2000"


@pytest.mark.parametrize("scale", [2, 4])
def test_scale(photochrom: Run, scan: Path, scale: int) -> None:
    ran = photochrom("restore", *TIFF, scan, "--scale", str(scale), "--steps", "tone,clarity")
    # `--steps` keeps clarity's parameters, and `--scale` sets them.
    assert ran.code == 0, ran.err
    derivative = scan.parent / "restored" / "portrait 1931.tif"
    assert tifffile.imread(derivative).shape == (96 * scale, 128 * scale)


def test_without_color_the_result_is_gray(photochrom: Run, scan: Path) -> None:
    photochrom("restore", *TIFF, scan, "--recipe", "scan-clean")
    derivative = tifffile.imread(scan.parent / "restored" / "portrait 1931.tif")
    assert derivative.shape == (96, 128)


def test_names_that_would_collide_are_told_apart(
    photochrom: Run, scan: Path, gray_scene: NDArray[np.uint8], tmp_path: Path
) -> None:
    Image.fromarray(gray_scene).save(scan.with_suffix(".jpg"))
    photochrom("restore", scan.parent, "-o", tmp_path / "out", "--steps", "tone")
    assert {path.name for path in (tmp_path / "out").glob("*.tif")} == {
        "portrait 1931-png.tif",
        "portrait 1931-jpg.tif",
    }


def test_a_folder_keeps_its_shape_and_derivatives_are_no_scans(
    photochrom: Run, scan: Path, gray_scene: NDArray[np.uint8]
) -> None:
    below = scan.parent / "album"
    below.mkdir()
    Image.fromarray(gray_scene).save(below / "b.png")
    (below / "notes.txt").write_text("not a photograph")
    out = scan.parent / "out"
    for expected in ("made", "kept"):
        ran = photochrom("restore", scan.parent, "-o", out, "--steps", "tone", "--json")
        said = [json.loads(line) for line in ran.out.splitlines()]
        assert [one["outcome"] for one in said] == [expected] * 2
    assert (out / "album" / "b.tif").is_file()


def test_several_at_a_time_give_the_same(
    photochrom: Run, scan: Path, gray_scene: NDArray[np.uint8], tmp_path: Path
) -> None:
    for number in range(3):
        Image.fromarray(np.roll(gray_scene, number)).save(scan.parent / f"{number}.png")
    for jobs in (1, 2):
        ran = photochrom(
            "restore", scan.parent, "-o", tmp_path / str(jobs), "--steps", "tone", "--jobs", jobs
        )
        assert ran.code == 0, ran.err
    names = sorted(path.name for path in (tmp_path / "1").iterdir())
    assert len(names) == 8
    for name in names:
        assert _digest(tmp_path / "1" / name) == _digest(tmp_path / "2" / name)


@pytest.fixture
def models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with color networks that know what an eye saw, and that do not."""
    tiny_networks.color(tmp_path / "models", name="toned")
    tiny_networks.color(tmp_path / "models", name="toneless", tone=False)
    monkeypatch.setenv("PHOTOCHROM_MODELS", str(tmp_path / "models"))
    return tmp_path / "models"


@pytest.mark.parametrize(("steps", "shape"), [("tone,color", (96, 128, 3)), ("tone", (96, 128))])
def test_eye_tones_with_color_and_without(
    photochrom: Run, scan: Path, models: Path, steps: str, shape: tuple[int, ...], tmp_path: Path
) -> None:
    words = ("--steps", steps, "--json", "--set", "color.network=toned", "--tones")
    found = {}
    for tones in ("eye", "plate"):
        if tones == "plate" and steps == "tone":
            words = ("--steps", steps, "--json", "--tones")
        ran = photochrom("restore", *TIFF, scan, "-o", tmp_path / tones, *words, tones)
        assert ran.code == 0, ran.err
        found[tones] = json.loads(Path(json.loads(ran.out)["record"]).read_text())
        assert tifffile.imread(json.loads(ran.out)["output"]).shape == shape
    assert "what an eye saw" in found["eye"]["statement"]
    assert "eye" not in found["plate"]["statement"]
    notes = found["eye"]["steps"][-1]["notes"]["tones"]
    assert notes["of"] == "eye" and 10 < notes["mean"] < notes["max"] <= 20
    assert found["eye"]["result"]["luminance_change"]["mean"] > 10
    assert found["plate"]["result"]["luminance_change"]["mean"] < 0.01


def test_a_network_that_knows_no_eye_is_one_clear_line_before_any_work(
    photochrom: Run, scan: Path, models: Path, tmp_path: Path
) -> None:
    Image.new("L", (64, 64), 90).save(scan.parent / "second.png")
    words = ("--tones", "eye", "--set", "color.network=toneless", "-o", tmp_path / "out")
    ran = photochrom("restore", scan.parent, *words)
    assert ran.code == 2 and len(ran.err.strip().splitlines()) == 1
    assert "'toneless' has no output 'tone'" in ran.err
    assert 'ask for the tones of the "plate", or choose a network that has it' in ran.err
    assert not (tmp_path / "out").exists()


# -- bad input ---------------------------------------------------------------------------------


def _enormous_png() -> bytes:
    """A well-formed PNG header that promises 60,000 x 60,000 pixels."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(bytes(100)))
        + chunk(b"IEND", b"")
    )


@pytest.fixture
def bad(tmp_path: Path, gray_scene: NDArray[np.uint8]) -> dict[str, Path]:
    folder = tmp_path / "bad"
    folder.mkdir()
    whole = tmp_path / "whole.jpg"
    Image.fromarray(gray_scene).save(whole)
    files = {
        "empty": b"",
        "truncated": whole.read_bytes()[: whole.stat().st_size // 2],
        "text": b"this is not a photograph",
        "enormous": _enormous_png(),
    }
    for name, content in files.items():
        ending = "png" if name == "enormous" else "jpg"
        (folder / f"{name}.{ending}").write_bytes(content)
    (folder / "nothing").mkdir()
    return {
        **{path.stem: path for path in folder.iterdir()},
        "missing": folder / "missing.tif",
    }


@pytest.mark.parametrize("case", ["empty", "truncated", "text", "enormous", "nothing", "missing"])
def test_bad_input_is_one_clear_line(
    photochrom: Run, bad: dict[str, Path], case: str, tmp_path: Path
) -> None:
    ran = photochrom("restore", bad[case], "-o", tmp_path / "out")
    assert ran.code == 2
    assert ran.out == ""
    assert bad[case].name in ran.err
    assert "Traceback" not in ran.err
    assert not list((tmp_path / "out").glob("*")) if (tmp_path / "out").exists() else True


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read every file"
)
def test_an_unreadable_file_is_one_clear_line(photochrom: Run, scan: Path) -> None:
    scan.chmod(0)
    ran = photochrom("restore", scan)
    assert ran.code == 2
    assert scan.name in ran.err


def test_the_rest_of_a_batch_goes_on(
    photochrom: Run, scan: Path, bad: dict[str, Path], tmp_path: Path
) -> None:
    out = tmp_path / "out"
    words = ("-o", out, "--steps", "tone", "--json")
    ran = photochrom("restore", bad["truncated"], scan, bad["empty"], *words)
    assert ran.code == 1
    said = {Path(one["input"]).name: one for one in map(json.loads, ran.out.splitlines())}
    assert said[scan.name]["outcome"] == "made"
    assert said["truncated.jpg"]["outcome"] == said["empty.jpg"]["outcome"] == "failed"
    assert "2 failed" in ran.err
    assert sorted(path.name for path in out.iterdir()) == [
        "failed.jsonl",
        "portrait 1931.record.json",
        "portrait 1931.tif",
    ]


def test_an_original_is_never_overwritten(
    photochrom: Run, gray_scene: NDArray[np.uint8], tmp_path: Path
) -> None:
    scan = tmp_path / "portrait.tif"
    tifffile.imwrite(scan, gray_scene)
    before = _digest(scan)
    Image.fromarray(gray_scene).save(scan.with_suffix(".png"))
    for scans in ((scan,), (scan, scan.with_suffix(".png")), (tmp_path,)):
        for more in ((), ("--force",)):
            ran = photochrom("restore", *TIFF, *scans, "-o", tmp_path, "--steps", "tone", *more)
            assert ran.code == (2 if len(scans) == 1 and scans[0] == scan else 0), ran.err
            assert _digest(scan) == before
    assert "original" in photochrom("restore", *TIFF, scan, "-o", tmp_path, "--steps", "tone").err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--recipe", "faithfull"), "did you mean 'faithful'"),
        (("--recipe", "missing.toml"), "missing.toml"),
        (("--steps", "tone,colour"), "there is no step 'colour'"),
        (("--emulsion", "kodachrome"), "kodachrome"),
        (("--sharpen", "0,3"), "'0,3' is no number; write 0.3, with a point"),
        (("--sharpen", "much"), "'much' is no number; write one from 0 to 1"),
        (("--tones", "ear"), "ear"),
        (("--set", "color.saturation"), "write STEP.KEY=VALUE"),
    ],
)
def test_wrong_options_are_one_clear_line(
    photochrom: Run, scan: Path, words: tuple[str, ...], said: str
) -> None:
    ran = photochrom("restore", scan, *words)
    assert ran.code == 2
    assert said in ran.err
    assert "Traceback" not in ran.err


# -- what lies there already -------------------------------------------------------------------


def test_what_somebody_retouched_stays_unless_it_is_said_otherwise(
    photochrom: Run, scan: Path, tmp_path: Path
) -> None:
    words = ("restore", *TIFF, scan, "-o", tmp_path / "out", "--steps", "tone")
    photochrom(*words)
    derivative = tmp_path / "out" / "portrait 1931.tif"
    derivative.write_bytes(b"retouched")
    for more in ((), ("--year", "1920")):
        ran = photochrom(*words, *more)
        assert ran.code == 0 and derivative.name in ran.err and "changed by somebody" in ran.err
        assert "1 left as it is:" in ran.err and "failed" not in ran.err
        assert derivative.read_bytes() == b"retouched"
    assert photochrom(*words, "--force").code == 0
    assert derivative.read_bytes() != b"retouched"


def test_what_was_retouched_is_counted_as_left_beside_all_other_outcomes(
    photochrom: Run, scan: Path, gray_scene: NDArray[np.uint8], tmp_path: Path
) -> None:
    Image.fromarray(np.fliplr(gray_scene)).save(scan.with_name("second.png"))
    out = tmp_path / "out"
    words = ("restore", scan.parent, "-o", out, "--steps", "tone", "--format", "tiff,jpeg")
    assert photochrom(*words).code == 0
    (out / "second.tif").write_bytes(b"retouched")
    (out / "second.jpg").write_bytes(b"retouched, too")
    Image.fromarray(np.flipud(gray_scene)).save(scan.with_name("third.png"))
    ran = photochrom(*words)
    assert ran.code == 0
    assert "3 photographs: 1 made, 1 kept, 1 left\n" in ran.err
    assert "second.tif: was changed by somebody, as second.jpg was, and is left" in ran.err
    ran = photochrom(*words, "--json")
    told = {Path(one["input"]).stem: one for one in map(json.loads, ran.out.splitlines())}
    assert ran.code == 0 and told["second"]["outcome"] == "left"
    assert "changed by somebody" in told["second"]["reason"] and "error" not in told["second"]
    assert told["third"]["outcome"] == "kept" and "reason" not in told["third"]
    # What is no result of ours has taken the place of one: that is a failure all the same.
    (out / "portrait 1931.webp").write_bytes(b"of somebody else")
    ran = photochrom(*words[:-1], "webp")
    assert ran.code == 1 and "3 photographs: 1 made, 1 left, 1 failed\n" in ran.err


def test_what_somebody_else_put_there_stays(photochrom: Run, scan: Path, tmp_path: Path) -> None:
    foreign = tmp_path / "out" / "portrait 1931.tif"
    foreign.parent.mkdir()
    foreign.write_bytes(b"of somebody else")
    ran = photochrom("restore", *TIFF, scan, "-o", tmp_path / "out", "--steps", "tone")
    assert ran.code == 2 and "put there by somebody else" in ran.err
    assert foreign.read_bytes() == b"of somebody else"
    assert [path.name for path in foreign.parent.iterdir()] == [foreign.name]


def test_a_result_whose_record_is_gone_is_known_for_ours(
    photochrom: Run, scan: Path, tmp_path: Path
) -> None:
    words = ("restore", *TIFF, scan, "-o", tmp_path / "out", "--steps", "tone")
    assert photochrom(*words).code == 0
    (tmp_path / "out" / "portrait 1931.record.json").unlink()
    ran = photochrom(*words)
    assert ran.code == 2 and "made by photochrom, has no record, and is left as it is" in ran.err
    assert "run again with --force to replace it" in ran.err
    assert photochrom(*words, "--force").code == 0


def test_a_picture_is_no_folder_for_results(photochrom: Run, scan: Path, tmp_path: Path) -> None:
    words = ("restore", *TIFF, scan, "--steps", "tone", "-o")
    for named in ("out.jpg", "s3://results/out.TIFF"):
        ran = photochrom(*words, named)
        assert ran.code == 2 and f"'{named}' is the name of a picture; name a folder" in ran.err
    # Whoever has such a folder, or says that it is one, means it.
    assert photochrom(*words, f"{tmp_path}/out.jpg/").code == 0
    assert "(kept)" in photochrom(*words, tmp_path / "out.jpg").out


def test_what_was_made_of_another_scan_is_never_replaced(
    photochrom: Run, scan: Path, gray_scene: NDArray[np.uint8], tmp_path: Path
) -> None:
    other = tmp_path / "other" / scan.name
    other.parent.mkdir()
    Image.fromarray(np.fliplr(gray_scene)).save(other)
    words = ("-o", tmp_path / "out", "--steps", "tone")
    assert photochrom("restore", *TIFF, scan, *words).code == 0
    before = _digest(tmp_path / "out" / "portrait 1931.tif")
    for format_ in ("tiff", "jpeg"):
        ran = photochrom("restore", *TIFF, other, *words, "--format", format_)
        assert ran.code == 2 and "of another scan than" in ran.err
    assert _digest(tmp_path / "out" / "portrait 1931.tif") == before
    assert not (tmp_path / "out" / "portrait 1931.jpg").exists()


@pytest.mark.parametrize("name", ["001.png", "001.PNG"])
def test_scans_of_one_name_in_several_folders_are_all_made(
    photochrom: Run, gray_scene: NDArray[np.uint8], name: str, tmp_path: Path
) -> None:
    for number, album in enumerate(("album1", "album2", "album3")):
        (tmp_path / album).mkdir()
        picture = Image.fromarray(np.roll(gray_scene, number))
        picture.save(tmp_path / album / (name if number else "001.png"))
    albums = [tmp_path / f"album{number}" for number in (1, 2, 3)]
    for expected in ("made", "kept"):
        ran = photochrom("restore", *albums, "-o", tmp_path / "out", "--steps", "tone", "--json")
        said = [json.loads(line) for line in ran.out.splitlines()]
        assert [one["outcome"] for one in said] == [expected] * 3
        assert len({Path(one["output"]).name.casefold() for one in said}) == 3
        for one in said:
            record = json.loads(Path(one["record"]).read_text())
            assert record["original"]["sha256"] == _digest(Path(one["input"]))


def test_formats_share_one_record_in_one_run_and_in_two(
    photochrom: Run, scan: Path, tmp_path: Path
) -> None:
    def made(folder: str, *formats: str) -> list[str]:
        for format_ in formats:
            words = ("-o", tmp_path / folder, "--steps", "tone", "--format", format_)
            assert photochrom("restore", scan, *words).code == 0
        record = json.loads((tmp_path / folder / "portrait 1931.record.json").read_text())
        for one in record["derivatives"]:
            assert _digest(tmp_path / folder / one["file"]) == one["sha256"]
        return sorted(one["file"] for one in record["derivatives"])

    both = ["portrait 1931.jpg", "portrait 1931.tif"]
    assert made("one", "tiff,jpeg") == both
    assert made("two", "tiff", "jpeg") == both
    ran = photochrom("restore", scan, "-o", tmp_path / "two", "--steps", "tone", "--json")
    assert json.loads(ran.out)["outcome"] == "kept" or made("two", "jpeg") == both


@pytest.mark.parametrize("where", ["above", "same", "below"])
def test_scans_are_found_wherever_results_go(
    photochrom: Run, gray_scene: NDArray[np.uint8], where: str, tmp_path: Path
) -> None:
    scans = tmp_path / "scans"
    scans.mkdir()
    Image.fromarray(gray_scene).save(scans / "a.png")
    out = {"above": tmp_path, "same": scans, "below": scans / "out"}[where]
    for expected in ("made", "kept"):
        ran = photochrom("restore", scans, "-o", out, "--steps", "tone", "--json")
        assert ran.code == 0, ran.err
        assert [json.loads(line)["outcome"] for line in ran.out.splitlines()] == [expected]
    assert (out / "a.tif").is_file()


def test_a_run_that_was_killed_is_gone_on_with(
    photochrom: Run, scan: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed after the picture of a new recipe was put there, and before its record was."""
    words = ("restore", *TIFF, scan, "-o", tmp_path / "out")
    photochrom(*words, "--steps", "tone")
    publish = near.publish

    def killed(source: Path, target: Path, *more: Any, **options: Any) -> bool:
        if target.name.endswith(".json"):
            raise KeyboardInterrupt
        return publish(source, target, *more, **options)

    monkeypatch.setattr(near, "publish", killed)
    assert photochrom(*words, "--steps", "tone,grain").code == 130
    monkeypatch.setattr(near, "publish", publish)
    stray = tmp_path / "out" / f".x.{files._host()}-{2**22 + 1}-00000000.part.tif"
    stray.touch()
    assert photochrom(*words, "--steps", "tone,grain").code == 0
    record = json.loads((tmp_path / "out" / "portrait 1931.record.json").read_text())
    assert [step["name"] for step in record["steps"]] == ["tone", "grain"]
    assert record["derivatives"][0]["sha256"] == _digest(tmp_path / "out" / "portrait 1931.tif")
    assert not stray.exists()


def test_what_was_left_in_the_cache_long_ago_is_removed_by_a_later_run(
    photochrom: Run, scan: Path, tmp_path: Path
) -> None:
    store = FolderStore(Path(os.environ["PHOTOCHROM_CACHE"]))
    for key, days in (("1" * 64, 31), ("2" * 64, 29)):
        with store.writing(key, "picture") as folder:
            (folder / "a.tif").touch()
        then = time.time() - days * 86400
        os.utime(store.path(key), (then, then))
    assert photochrom("restore", scan, "-o", tmp_path / "out", "--steps", "tone").code == 0
    assert [one.key for one in store.results()] == ["2" * 64]


def test_what_goes_before_it_is_published_is_made_once_more(
    photochrom: Run, scan: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when somebody clears the cache."""
    store = FolderStore(Path(os.environ["PHOTOCHROM_CACHE"]))
    publish = near.publish
    published: list[str] = []

    def cleared(source: Path, target: Path, *more: Any, **options: Any) -> bool:
        published.append(target.name)
        if len(published) == 2:
            for one in store.results():
                store.forget(one.key)
        return publish(source, target, *more, **options)

    monkeypatch.setattr(near, "publish", cleared)
    out = tmp_path / "out"
    assert photochrom("restore", *TIFF, scan, "-o", out, "--steps", "tone").code == 0
    names = ["portrait 1931.tif", "portrait 1931.record.json"]
    assert published == [*names, *names]
    record = json.loads((out / names[1]).read_text())
    assert record["derivatives"][0]["sha256"] == _digest(out / names[0])
    assert photochrom("restore", *TIFF, scan, "-o", out, "--steps", "tone").code == 0
    assert published == [*names, *names]


def _circle(folder: Path) -> Path:
    (folder / "loop").symlink_to(folder / "loop")
    return folder / "loop"


@pytest.mark.parametrize("variable", ["PHOTOCHROM_CACHE", "PHOTOCHROM_MODELS"])
def test_a_home_that_is_nobody_s_is_one_clear_line(
    photochrom: Run, scan: Path, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    monkeypatch.setenv(variable, "~nobody.is.called.so/x")
    ran = photochrom("restore", scan, "--steps", "tone,clarity")
    assert ran.code == 2
    said = "~nobody.is.called.so/x: begins with a home folder that is not known"
    assert said in ran.err and len(ran.err.splitlines()) == 1


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
@pytest.mark.parametrize("below", ["", "x"])
def test_a_cache_that_is_a_circle_of_links_is_one_clear_line(
    photochrom: Run, scan: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, below: str
) -> None:
    monkeypatch.setenv("PHOTOCHROM_CACHE", str(_circle(tmp_path) / below))
    ran = photochrom("restore", scan, "--steps", "tone")
    assert ran.code == 2
    assert f"{tmp_path / 'loop'}" in ran.err and "cannot be used (Too many levels" in ran.err
    assert len(ran.err.splitlines()) == 1


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_circles_of_links_are_one_clear_line_wherever_they_are_named(
    photochrom: Run, scan: Path, tmp_path: Path
) -> None:
    loop = _circle(tmp_path)
    for words in (
        ("restore", loop),
        ("restore", scan, "-o", loop),
        ("new", scan.parent, "-o", loop / "p.toml"),
    ):
        ran = photochrom(*words)
        assert ran.code != 0 and "Traceback" not in ran.err
        assert str(loop) in ran.err and "circle of links" in ran.err, ran.err


def test_a_production_that_names_a_home_of_nobody_hides_no_scan(
    photochrom: Run, scan: Path, tmp_path: Path
) -> None:
    text = 'schema = "photochrom.production/1"\ntitle = "x"\n[output]\nfolder = "~nobody.is/x"\n'
    text += f'[[photograph]]\nid = "a"\nfile = "{scan.name}"\n'
    production = scan.parent / "production.toml"
    production.write_text(text)
    words = ("restore", scan.parent, "-o", tmp_path / "out", "--steps", "tone")
    assert photochrom(*words).code == 0
    ran = photochrom("make", production)
    assert ran.code == 2
    assert f'{production}: "~nobody.is/x" begins with a home folder' in ran.err


def test_what_is_passed_over_is_counted_and_named_in_one_line(
    photochrom: Run, scan: Path, gray_scene: NDArray[np.uint8], tmp_path: Path
) -> None:
    folder = scan.parent
    for name in ("@eaDir/portrait.jpg", ".Trash-1000/files", "#recycle", "$RECYCLE.BIN"):
        (folder / name).mkdir(parents=True)
        Image.fromarray(gray_scene).save(folder / name / "x.jpg")
    (folder / "notes.txt").write_text("x")
    (folder / "clip.mp4").write_bytes(b"x")
    ran = photochrom("restore", folder, "-o", tmp_path / "out", "--steps", "tone")
    assert len(ran.out.splitlines()) == 1
    (line,) = [line for line in ran.err.splitlines() if "passed over" in line]
    assert "2 that are no photograph (clip.mp4, notes.txt)" in line
    assert "4 in hidden and system folders" in line


def test_names_too_long_for_results_are_told_and_the_rest_is_made(
    photochrom: Run, gray_scene: NDArray[np.uint8], tmp_path: Path
) -> None:
    scans = tmp_path / "scans"
    scans.mkdir()
    for stem in ("ok", "й" * 123, "b" * 233):
        Image.fromarray(gray_scene).save(scans / f"{stem}.jpg")
    ran = photochrom("restore", scans, "-o", tmp_path / "out", "--steps", "tone")
    assert ran.code == 1
    assert (tmp_path / "out" / "ok.tif").is_file()
    assert "й" in ran.err and "too long" in ran.err and "Traceback" not in ran.err
    derivatives = {path.stem for path in (tmp_path / "out").glob("*.tif")}
    assert derivatives == {"ok", "b" * 233}
    for stem in derivatives:
        assert (tmp_path / "out" / f"{stem}.record.json").is_file()


def test_a_batch_closes_with_a_total(
    photochrom: Run, scan: Path, gray_scene: NDArray[np.uint8], tmp_path: Path
) -> None:
    Image.fromarray(np.fliplr(gray_scene)).save(scan.parent / "other.png")
    words = ("restore", scan.parent, "-o", tmp_path / "out", "--steps", "tone")
    ran = photochrom(*words)
    assert [line.rpartition(" (")[2] for line in ran.out.splitlines()] == [
        "made, 1 of 2)",
        "made, 2 of 2)",
    ]
    assert "2 photographs: 2 made" in ran.err
    assert "2 photographs: 2 kept" in photochrom(*words).err


# -- documented colors -------------------------------------------------------------------------


def test_a_pin_is_in_the_picture_and_in_the_record(
    photochrom: Run, scan: Path, models: Path, tmp_path: Path
) -> None:
    words = ("-o", tmp_path / "out", "--steps", "tone,color", "--set", "color.network=toned")
    ran = photochrom("restore", scan, *words, "--pin", "0.5,0.5=#2e6b3a:inventory 1931.4")
    assert ran.code == 0, ran.err
    record = json.loads((tmp_path / "out" / "portrait 1931.record.json").read_text())
    assert record["pins"] == [
        {
            "at": [0.5, 0.5],
            "color": [46, 107, 58],
            "source": "inventory 1931.4",
            "strength": 1.0,
            "sure": "documented",
            "box": None,
            "mask": "",
            "said": "",
        }
    ]


@pytest.mark.parametrize(
    "pin", ["0.5=#2e6b3a:x", "0.5,9999=#2e6b3a:x", "0.5,0.5=gren:x", "0.5,0.5", "x", "0,0,.9=red"]
)
def test_a_wrong_pin_is_one_clear_line(photochrom: Run, scan: Path, pin: str) -> None:
    ran = photochrom("restore", scan, "--pin", pin)
    assert ran.code == 2 and "write X,Y=COLOR[:SOURCE]" in ran.err


def test_pins_are_for_one_photograph(photochrom: Run, scan: Path, tmp_path: Path) -> None:
    Image.new("L", (64, 64), 90).save(scan.parent / "second.png")
    words = ("-o", tmp_path / "out", "--pin", "0.5,0.5=#2e6b3a:x")
    ran = photochrom("restore", scan.parent, *words)
    assert ran.code == 2 and "pins are places in one picture" in ran.err


def test_a_scale_of_one_asks_for_nothing(photochrom: Run, scan: Path, models: Path) -> None:
    words = ("--steps", "tone,color", "--set", "color.network=toned", "--scale", "1")
    assert photochrom("restore", scan, *words).code == 0


def test_not_even_by_force_is_a_scan_replaced_that_was_not_named(
    photochrom: Run, gray_scene: NDArray[np.uint8], tmp_path: Path
) -> None:
    tifffile.imwrite(tmp_path / "a.tif", np.fliplr(gray_scene))
    Image.fromarray(gray_scene).save(tmp_path / "a.png")
    before = _digest(tmp_path / "a.tif")
    for more in ((), ("--force",)):
        ran = photochrom(
            "restore", *TIFF, tmp_path / "a.png", "-o", tmp_path, "--steps", "tone", *more
        )
        assert ran.code == 2 and "put there by somebody else" in ran.err
        assert _digest(tmp_path / "a.tif") == before


def test_equal_scans_in_several_folders_are_each_made(
    photochrom: Run, gray_scene: NDArray[np.uint8], tmp_path: Path
) -> None:
    for folder in ("1", "2", "3"):
        (tmp_path / "scans" / folder).mkdir(parents=True)
        Image.fromarray(gray_scene).save(tmp_path / "scans" / folder / "a.png")
    words = ("restore", tmp_path / "scans", "-o", tmp_path / "out", "--steps", "tone")
    assert "3 made" in photochrom(*words).err
    assert "3 kept" in photochrom(*words).err
    assert len({_digest(path) for path in (tmp_path / "out").rglob("*.tif")}) == 1


def test_however_a_scan_is_named_it_is_taken_once(
    photochrom: Run, scan: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(scan.parent)
    named = (scan, scan.name, Path("..") / scan.parent.name / scan.name, scan.parent)
    ran = photochrom("restore", *named, "-o", tmp_path / "out", "--steps", "tone", "--json")
    assert len(ran.out.splitlines()) == 1


def test_in_whatever_order_formats_are_named_they_are_made_once(
    photochrom: Run, scan: Path, tmp_path: Path
) -> None:
    def outcome(formats: str) -> str:
        words = ("-o", tmp_path / "out", "--steps", "tone", "--json", "--format", formats)
        return str(json.loads(photochrom("restore", scan, *words).out)["outcome"])

    assert outcome("tiff") == "made" and outcome("jpeg") == "made"
    assert {outcome(one) for one in ("tiff", "jpeg", "jpeg,tiff", "tiff,jpeg")} == {"kept"}


BROKEN = ["", "{", "[" * 100_000, "null", '{"schema": 1}', "ours", "files", "notices"]


@pytest.mark.parametrize("broken", BROKEN, ids=lambda text: text[:8])
def test_a_broken_record_is_left_and_told_and_replaced_by_force(
    photochrom: Run, scan: Path, broken: str, tmp_path: Path
) -> None:
    words = ("restore", scan, "-o", tmp_path / "out", "--steps", "tone")
    photochrom(*words)
    record = tmp_path / "out" / "portrait 1931.record.json"
    odd = {"ours": {"original": []}, "files": {"derivatives": [{"file": 1}]}}
    odd["notices"] = {"original": {"sha256": "x", "notices": 4}}
    if broken in odd:
        broken = json.dumps({**json.loads(record.read_text()), **odd[broken]})
    record.write_text(broken)
    ran = photochrom(*words)
    assert ran.code == 2 and record.name in ran.err and "Traceback" not in ran.err
    assert record.read_text() == broken
    assert photochrom(*words, "--force").code == 0
    assert json.loads(record.read_text())["original"]["file"] == scan.name


def test_one_place_that_cannot_be_used_does_not_stop_the_others(
    photochrom: Run, scan: Path, gray_scene: NDArray[np.uint8], tmp_path: Path
) -> None:
    Image.fromarray(np.fliplr(gray_scene)).save(scan.parent / "other.png")
    (tmp_path / "out" / "other.tif").mkdir(parents=True)
    ran = photochrom("restore", scan.parent, "-o", tmp_path / "out", "--steps", "tone")
    assert ran.code == 1 and "other.tif" in ran.err
    assert (tmp_path / "out" / "portrait 1931.tif").is_file()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes with names")
def test_a_pipe_is_no_photograph(photochrom: Run, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.jpg")
    ran = photochrom("restore", tmp_path / "a.jpg", "-o", tmp_path / "out")
    assert ran.code == 2 and "is no file" in ran.err


def test_documented_colors_stay_until_others_are_told(
    photochrom: Run, scan: Path, models: Path, tmp_path: Path
) -> None:
    words = ("-o", tmp_path / "out", "--steps", "tone,color", "--set", "color.network=toned")

    def pinned(*more: str) -> list[str]:
        assert photochrom("restore", scan, *words, *more).code == 0
        record = json.loads((tmp_path / "out" / "portrait 1931.record.json").read_text())
        return [pin["source"] for pin in record["pins"]]

    assert pinned("--pin", "0.5,0.5=#2e6b3a:inventory") == ["inventory"]
    assert pinned() == pinned("--year", "1920") == ["inventory"]
    assert pinned("--pin", "0.2,0.5=#2e6b3a:catalog") == ["catalog"]


@pytest.mark.skipif(os.name == "nt", reason="names are Unicode there")
def test_a_name_that_is_not_text_is_restored_under_one_that_is(
    photochrom: Run, gray_scene: NDArray[np.uint8], tmp_path: Path
) -> None:
    name = os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.png")
    Image.fromarray(gray_scene).save(tmp_path / "a.png")
    (tmp_path / "a.png").rename(name)
    for expected in ("made", "kept"):
        ran = photochrom(
            "restore", *TIFF, name, "-o", tmp_path / "out", "--steps", "tone", "--json"
        )
        assert json.loads(ran.out)["outcome"] == expected, ran.err
    assert (tmp_path / "out" / "caf\ufffd.tif").is_file()


def test_two_runs_at_once_both_end_well(gray_scene: NDArray[np.uint8], tmp_path: Path) -> None:
    scans = tmp_path / "scans"
    scans.mkdir()
    for number in range(6):
        Image.fromarray(np.roll(gray_scene, number)).save(scans / f"{number}.png")
    words = ("restore", str(scans), "-o", str(tmp_path / "out"), "--steps", "tone", "--json")
    runs = [
        subprocess.Popen(
            [sys.executable, "-m", "photochrom", *words],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    for run in runs:
        out, err = run.communicate()
        assert run.returncode == 0, err
        assert {json.loads(line)["outcome"] for line in out.splitlines()} <= {"made", "kept"}
    for number in range(6):
        record = json.loads((tmp_path / "out" / f"{number}.record.json").read_text())
        derivative = tmp_path / "out" / f"{number}.tif"
        assert record["derivatives"] == [{"file": derivative.name, "sha256": _digest(derivative)}]
