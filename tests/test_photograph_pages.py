"""Files of several pages, thumbnails, pyramids, masks and raw files: which picture is taken."""

from __future__ import annotations

import json
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tifffile
from PIL import Image

from conftest import Ran
from metadata_kit import described, xmp
from photochrom.errors import PhotographError
from photochrom.photograph import Photograph, dimensions, open_reduced
from photochrom.production import ProductionFile, build, draft
from photochrom.record import Record
from photochrom.source import Source

Run = Callable[..., Ran]


def gray(height: int, width: int, seed: int = 0, dtype: type = np.uint8) -> np.ndarray:
    full = np.iinfo(dtype).max
    return np.random.default_rng(seed).integers(0, full + 1, (height, width)).astype(dtype)


FIRST, SECOND, THIRD = gray(40, 50, 1), gray(44, 52, 2), gray(48, 54, 3)


@pytest.fixture
def album(tmp_path: Path) -> Path:
    """Three pages, a mask and a smaller copy."""
    path = tmp_path / "album.tif"
    with tifffile.TiffWriter(path) as tiff:
        tiff.write(FIRST, photometric="minisblack")
        tiff.write(FIRST[::2, ::2], photometric="minisblack", subfiletype=1)
        tiff.write(SECOND, photometric="minisblack")
        tiff.write(gray(44, 52, 9) > 127, photometric="minisblack", subfiletype=4)
        tiff.write(THIRD, photometric="minisblack", subfiletype=2)
    return path


def test_a_page_is_named_and_counted(album: Path) -> None:
    for number, pixels in enumerate((FIRST, SECOND, THIRD), start=1):
        name = f"{album}#page={number}"
        page = Photograph.open(name)
        np.testing.assert_array_equal(page.pixels, pixels)
        assert (page.info.page, page.info.pages, page.info.notices) == (number, 3, ())
        assert page.info.path == album
        assert Photograph.probe(name).width == pixels.shape[1] == dimensions(name)[0]
        assert open_reduced(name, 2).shape == (pixels.shape[0] // 2, pixels.shape[1] // 2)


def test_without_a_name_the_first_is_taken_and_that_is_told(album: Path) -> None:
    opened = Photograph.open(album)
    np.testing.assert_array_equal(opened.pixels, FIRST)
    assert opened.info.notices == (
        "the file has 3 pages, and page 1 was taken (FILE#page=2 names another)",
    )
    assert Photograph.probe(album).notices == opened.info.notices


@pytest.mark.parametrize(
    ("page", "words"), [("4", "has 3 pages, no page 4"), ("0", "has no page 0")]
)
def test_a_page_that_is_not_there(album: Path, page: str, words: str) -> None:
    with pytest.raises(PhotographError, match=words):
        Photograph.open(f"{album}#page={page}")


def test_any_file_has_a_first_page_and_most_no_second(tmp_path: Path) -> None:
    for name in ("a.png", "a.jpg", "a.webp", "a.pgm", "a.jp2"):
        Image.fromarray(FIRST).save(tmp_path / name)
        assert Photograph.open(f"{tmp_path / name}#page=1").width == 50
        with pytest.raises(PhotographError, match="has 1 page, no page 2"):
            Photograph.open(f"{tmp_path / name}#page=2")


@pytest.mark.parametrize("ending", ["gif", "webp"])
def test_frames_are_pages(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"a.{ending}"
    frames = [Image.new("RGB", (40, 30), color) for color in ("black", "white")]
    frames[0].save(path, save_all=True, append_images=frames[1:], lossless=True)
    assert Photograph.open(path).pixels.max() == 0
    assert Photograph.open(f"{path}#page=2").pixels.min() == 255
    assert "has 2 pages" in Photograph.open(path).info.notices[0]


def test_a_file_that_is_called_like_a_page_is_itself(album: Path) -> None:
    odd = album.with_name("album.tif#page=2")
    Image.fromarray(THIRD).save(odd, "PNG")
    np.testing.assert_array_equal(Photograph.open(odd).pixels, THIRD)
    assert Source.of(odd) == Source(odd, None)


def test_results_are_called_after_the_page() -> None:
    page = Source.of("scans/two.old.tif#page=12")
    assert (page.file, page.page) == (Path("scans/two.old.tif"), 12)
    assert (page.stem, page.name) == ("two.old-page12", "two-old-tif-page12")
    assert Source.of("two.tif").stem == "two"
    assert Source.of("two.tif#page=x").file == Path("two.tif#page=x")


def test_two_pages_of_a_file_are_two_pictures() -> None:
    digests = {Source(Path("a.tif"), page).digest("ab" * 32) for page in (None, 1, 2, 12)}
    assert len(digests) == 4
    assert "ab" * 32 in digests
    assert all(len(digest) == 64 for digest in digests)


def thumbnail_first(path: Path) -> None:
    with tifffile.TiffWriter(path) as tiff:
        tiff.write(SECOND[::4, ::4], photometric="minisblack", subfiletype=1)
        tiff.write(SECOND, photometric="minisblack")


def full_in_subifd(path: Path) -> None:
    with tifffile.TiffWriter(path) as tiff:
        tiff.write(SECOND[::4, ::4], photometric="minisblack", subfiletype=1, subifds=1)
        tiff.write(SECOND, photometric="minisblack", subfiletype=0)


def full_in_subifd_unmarked(path: Path) -> None:
    with tifffile.TiffWriter(path) as tiff:
        tiff.write(SECOND[::4, ::4], photometric="minisblack", subifds=1)
        tiff.write(SECOND, photometric="minisblack")


def pyramid_in_subifds(path: Path) -> None:
    with tifffile.TiffWriter(path) as tiff:
        tiff.write(SECOND, photometric="minisblack", subifds=2, tile=(16, 16))
        tiff.write(SECOND[::2, ::2], photometric="minisblack", subfiletype=1, tile=(16, 16))
        tiff.write(SECOND[::4, ::4], photometric="minisblack", subfiletype=1, tile=(16, 16))


def pyramid_of_pages(path: Path) -> None:
    with tifffile.TiffWriter(path) as tiff:
        for step in (1, 2, 4):
            tiff.write(SECOND[::step, ::step], photometric="minisblack", subfiletype=int(step > 1))


def pyramid_unmarked(path: Path) -> None:
    with tifffile.TiffWriter(path) as tiff:
        for step in (1, 2, 4):
            tiff.write(SECOND[::step, ::step], photometric="minisblack")


def thumbnail_by_the_old_tag(path: Path) -> None:
    with tifffile.TiffWriter(path) as tiff:
        tiff.write(SECOND[::3, ::3], photometric="minisblack", extratags=[(255, 3, 1, 2, True)])
        tiff.write(SECOND, photometric="minisblack", extratags=[(255, 3, 1, 1, True)])


def with_a_mask(path: Path) -> None:
    with tifffile.TiffWriter(path) as tiff:
        tiff.write(SECOND > 127, photometric="minisblack", subfiletype=4)
        tiff.write(SECOND, photometric="minisblack")


@pytest.mark.parametrize(
    "write",
    [
        thumbnail_first,
        full_in_subifd,
        full_in_subifd_unmarked,
        pyramid_in_subifds,
        pyramid_of_pages,
        pyramid_unmarked,
        thumbnail_by_the_old_tag,
        with_a_mask,
    ],
)
def test_smaller_copies_and_masks_are_not_the_picture(
    tmp_path: Path, write: Callable[[Path], None]
) -> None:
    write(tmp_path / "a.tif")
    opened = Photograph.open(tmp_path / "a.tif")
    np.testing.assert_array_equal(opened.pixels, SECOND)
    assert opened.info.pages == 1
    assert open_reduced(tmp_path / "a.tif", 2).shape == (22, 26)


def test_a_large_pyramid_that_nothing_marks(tmp_path: Path) -> None:
    with tifffile.TiffWriter(tmp_path / "a.tif") as tiff:
        for side in (2400, 1200, 600, 300):
            tiff.write(np.full((side, side - 100 * side // 1200), 7, np.uint8), compression="zlib")
    assert Photograph.probe(tmp_path / "a.tif").pages == 1
    assert Photograph.open(tmp_path / "a.tif").info.notices == (
        "3 smaller copies are in the file too, and left out",
    )


def test_the_back_of_a_card_at_half_the_resolution_is_a_page(tmp_path: Path) -> None:
    with tifffile.TiffWriter(tmp_path / "a.tif") as tiff:
        for side in (1600, 800):
            tiff.write(np.full((side, side), 7, np.uint8), compression="zlib")
    assert Photograph.probe(tmp_path / "a.tif").pages == 2
    assert Photograph.open(f"{tmp_path / 'a.tif'}#page=2").width == 800


def test_when_all_are_reduced_the_largest_is_taken(tmp_path: Path) -> None:
    with tifffile.TiffWriter(tmp_path / "a.tif") as tiff:
        tiff.write(FIRST[::2, ::2], photometric="minisblack", subfiletype=1)
        tiff.write(FIRST, photometric="minisblack", subfiletype=1)
    opened = Photograph.open(tmp_path / "a.tif")
    np.testing.assert_array_equal(opened.pixels, FIRST)
    assert opened.info.notices == ("the file holds only reduced pictures; the largest was taken",)


def test_pages_of_one_size_or_another_shape_are_pages(tmp_path: Path) -> None:
    with tifffile.TiffWriter(tmp_path / "a.tif") as tiff:
        for pixels in (FIRST, FIRST, gray(200, 90), gray(90, 200)):
            tiff.write(pixels, photometric="minisblack")
    assert Photograph.open(tmp_path / "a.tif").info.pages == 4


def test_a_chain_that_bites_its_tail_ends(album: Path) -> None:
    data = bytearray(album.read_bytes())
    with tifffile.TiffFile(album) as tiff:
        first, last = tiff.pages[0].offset, tiff.pages[4].offset
    count = struct.unpack_from("<H", data, last)[0]
    struct.pack_into("<I", data, last + 2 + 12 * count, first)
    album.write_bytes(data)
    assert Photograph.open(album).info.pages == 3


DNG = [(50706, 1, 4, b"\1\4\0\0", True), (50708, 2, 0, "Camera", True)]


def raw(path: Path, *, preview: bool, tags: Any = DNG) -> None:
    """A raw file as cameras write it: a reduced preview, and the sensor's data in a SubIFD."""
    cfa = [(33421, 3, 2, (2, 2), True), (33422, 1, 4, b"\0\1\1\2", True)]
    with tifffile.TiffWriter(path) as tiff:
        if preview:
            rgb = np.dstack([FIRST, FIRST, 255 - FIRST])
            tiff.write(rgb, photometric="rgb", subfiletype=1, subifds=1, extratags=tags)
        tiff.write(
            gray(200, 300, dtype=np.uint16),
            photometric="cfa",
            extratags=cfa + ([] if preview else list(tags)),
        )


def test_the_preview_of_a_dng_is_named_as_such(tmp_path: Path) -> None:
    raw(tmp_path / "a.dng", preview=True)
    opened = Photograph.open(tmp_path / "a.dng")
    np.testing.assert_array_equal(opened.pixels, np.dstack([FIRST, FIRST, 255 - FIRST]))
    assert opened.info.notices == (
        "this is the preview embedded in a DNG (50 x 40 pixels); the raw picture (300 x 200) is "
        "not developed",
    )


def test_other_raw_files_are_named_too(tmp_path: Path) -> None:
    raw(tmp_path / "a.nef", preview=True, tags=[])
    assert "in a camera raw file" in Photograph.open(tmp_path / "a.nef").info.notices[0]


def test_raw_data_without_a_preview_are_refused(tmp_path: Path) -> None:
    raw(tmp_path / "a.dng", preview=False)
    with pytest.raises(PhotographError, match="is a DNG without a preview; develop it"):
        Photograph.open(tmp_path / "a.dng")


def test_the_preview_of_a_cr2_is_named_though_nothing_marks_it(tmp_path: Path) -> None:
    with tifffile.TiffWriter(tmp_path / "a.cr2") as tiff:
        tiff.write(np.dstack([FIRST] * 3), photometric="rgb")
        tiff.write(gray(200, 300, dtype=np.uint16), photometric="minisblack")
    data = tmp_path.joinpath("a.cr2").read_bytes()
    first = struct.unpack_from("<I", data, 4)[0]
    # Eight more bytes behind the header, and all offsets that lead further moved.
    with tifffile.TiffFile(tmp_path / "a.cr2") as tiff:
        assert first == tiff.pages[0].offset == 8
    moved = _moved(data, 8)
    (tmp_path / "a.cr2").write_bytes(moved[:8] + b"CR\2\0" + bytes(4) + moved[8:])
    opened = Photograph.open(tmp_path / "a.cr2")
    np.testing.assert_array_equal(opened.pixels, FIRST)
    assert opened.info.notices == (
        "this is the preview embedded in a camera raw file (50 x 40 pixels); the raw picture is "
        "not developed",
    )


def _moved(data: bytes, by: int) -> bytes:
    """A little-endian TIFF whose offsets, after its header, are all larger."""
    out, at = bytearray(data), 4
    sizes = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8}
    while offset := struct.unpack_from("<I", out, at)[0]:
        struct.pack_into("<I", out, at, offset + by)
        count = struct.unpack_from("<H", out, offset)[0]
        for entry in range(offset + 2, offset + 2 + 12 * count, 12):
            tag, kind, number = struct.unpack_from("<HHI", out, entry)
            place = struct.unpack_from("<I", out, entry + 8)[0]
            if sizes[kind] * number > 4 or tag == 273:
                struct.pack_into("<I", out, entry + 8, place + by)
        at = offset + 2 + 12 * count
    return bytes(out)


def test_restore_takes_pages_and_tells_of_them(photochrom: Run, album: Path) -> None:
    words = ("--steps", "tone", "-o", album.parent / "out")
    ran = photochrom("restore", album, f"{album}#page=2", *words)
    assert ran.code == 0, ran.err
    assert sorted(path.name for path in (album.parent / "out").glob("*.tif")) == [
        "album-page2.tif",
        "album.tif",
    ]
    assert f"{album}: the file has 3 pages, and page 1 was taken" in ran.err
    assert Photograph.open(album.parent / "out" / "album-page2.tif").width == 52
    record = Record.open(album.parent / "out" / "album-page2.record.json")
    assert (record.original["file"], record.original["page"]) == ("album.tif", 2)
    assert record.original["pages"] == 3
    first = Record.open(album.parent / "out" / "album.record.json")
    assert "page 1 was taken" in first.original["notices"][0]

    again = photochrom("restore", album, f"{album}#page=2", *words, "--json")
    said = [json.loads(line) for line in again.out.splitlines()]
    assert [one["outcome"] for one in said] == ["kept", "kept"]
    assert sorted(len(one["notices"]) for one in said) == [0, 1]


def test_what_was_made_of_a_page_is_not_replaced_by_another(photochrom: Run, album: Path) -> None:
    out = album.parent / "out"
    photochrom("restore", f"{album}#page=2", "--format", "tiff", "--steps", "tone", "-o", out)
    for kind in ("tif", "record.json"):
        (out / f"album-page2.{kind}").rename(out / f"album-page1.{kind}")
    record = out / "album-page1.record.json"
    record.write_text(record.read_text().replace("album-page2.tif", "album-page1.tif"))
    ran = photochrom("restore", f"{album}#page=1", "--format", "tiff", "--steps", "tone", "-o", out)
    assert ran.code == 2
    assert f"describes what was made of another scan than {album}#page=1" in ran.err


def test_inspect_names_pages(photochrom: Run, album: Path) -> None:
    ran = photochrom("inspect", album)
    assert "page 1 was taken" in ran.err
    assert photochrom("inspect", "--json", f"{album}#page=3").code == 0
    said = json.loads(photochrom("inspect", "--json", f"{album}#page=3").out)
    assert (said["scan"]["page"], said["scan"]["width"]) == (3, 54)
    assert "    pages " not in photochrom("inspect", _single(album)).out


def _single(album: Path) -> Path:
    path = album.with_name("one.png")
    Image.fromarray(FIRST).save(path)
    return path


def test_a_draft_tells_of_pages(album: Path) -> None:
    (album.parent / "scans").mkdir()
    album.rename(album.parent / "scans" / "album.tif")
    made = draft(album.parent / "scans")
    assert made.warnings == (
        "album.tif: the file has 3 pages, and page 1 was taken (FILE#page=2 names another)",
    )


def test_a_table_names_pages(album: Path) -> None:
    folder = album.parent / "scans"
    folder.mkdir()
    album.rename(folder / "album.tif")
    (folder / "t.csv").write_text(
        "file,caption\nalbum.tif#page=3,The third\nalbum.tif#page=1,The first\n"
        "album.tif#page=7,Nowhere\n"
    )
    made = draft(folder)
    file = ProductionFile.parse(made.text, folder.parent / "production.toml")
    entries = {entry.id: entry for entry in file.production.photographs}
    assert sorted(entries) == ["album-page1", "album-page3"]
    assert entries["album-page3"].file == "scans/album.tif#page=3"
    assert entries["album-page3"].caption == "The third"
    assert "album.tif#page=7: left out: has 3 pages, no page 7" in made.warnings


PRODUCTION = """\
schema = "photochrom.production/1"
title = "Pages"
recipe = "tone.toml"

[[photograph]]
id = "one"
file = "album.tif"

[[photograph]]
id = "two"
file = "album.tif#page=2"
"""
TONE = 'schema = "photochrom.recipe/1"\nname = "tone-only"\nsteps = ["tone"]\n'


def test_a_production_names_pages(album: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(album.parent)
    Path("tone.toml").write_text(TONE)
    Path("production.toml").write_text(PRODUCTION)
    result = build("production.toml", jobs=1)
    assert not result.failed
    sizes = [Photograph.open(f"out/pictures/{id}.tif").width for id in ("one", "two")]
    assert sizes == [50, 52]
    again = build("production.toml", jobs=1)
    assert not again.made
    # The scan is protected by whatever name the production knows it.
    before = album.stat().st_mtime_ns
    Path("production.toml").write_text(PRODUCTION.replace("=2", "=9"))
    failed = build("production.toml", jobs=1).failed
    assert any("has 3 pages, no page 9" in str(one) for one in failed)
    assert album.stat().st_mtime_ns == before


def test_each_page_has_metadata_of_its_own_and_the_sidecar_of_its_file(tmp_path: Path) -> None:
    path = tmp_path / "two.tif"
    with tifffile.TiffWriter(path) as tiff:
        for pixels, text in ((FIRST, "Front"), (SECOND, "Back")):
            tiff.write(pixels, photometric="minisblack", description=text, metadata=None)
    for number, text in ((1, "Front"), (2, "Back")):
        assert Photograph.probe(f"{path}#page={number}").caption == text
        Photograph.open(f"{path}#page={number}").save(tmp_path / "out.png")
        assert Photograph.probe(tmp_path / "out.png").caption == text
    (tmp_path / "two.xmp").write_bytes(xmp(described("Harbor")))
    assert Photograph.probe(f"{path}#page=2").caption == "Harbor"
