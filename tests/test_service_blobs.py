"""Where bytes are kept: a folder and a bucket do the same."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import rough_proxy
from photochrom.places import Url
from photochrom.service.core.blobs import Blobs, BucketBlobs, FolderBlobs, blobs_at
from photochrom.service.core.problems import NotFoundError

BYTES = bytes(range(256)) * 10_000
NAME = "or_x/photographs/ph_x/original/scan.tif"


@pytest.fixture(params=["folder", "bucket"])
def blobs(request: pytest.FixtureRequest, tmp_path: Path) -> Blobs:
    if request.param == "folder":
        return FolderBlobs(tmp_path / "blobs")
    return BucketBlobs(request.getfixturevalue("bucket"), tmp_path)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "scan.tif"
    path.write_bytes(BYTES)
    return path


def puts(blobs: Blobs) -> tuple[Callable[[str, Path], None], ...]:
    return blobs.put, blobs.adopt


def test_kept_read_and_forgotten(blobs: Blobs, file: Path) -> None:
    for put in puts(blobs):
        assert blobs.size(NAME) is None
        put(NAME, file)
        put(NAME, file)
        assert blobs.size(NAME) == len(BYTES)
        with blobs.near(NAME) as near:
            assert near.read_bytes() == BYTES
            assert near.name == "scan.tif"
        blobs.remove(NAME)
        blobs.remove(NAME)
    assert file.read_bytes() == BYTES


@pytest.mark.parametrize(
    ("start", "end"),
    [(0, None), (0, 1), (1000, 1_700_000), (len(BYTES) - 5, None), (len(BYTES) - 5, len(BYTES))],
)
def test_a_part_is_read(blobs: Blobs, file: Path, start: int, end: int | None) -> None:
    blobs.put(NAME, file)
    assert b"".join(blobs.read(NAME, start, end)) == BYTES[start:end]


def test_what_is_not_there(blobs: Blobs) -> None:
    with pytest.raises(NotFoundError):
        list(blobs.read(NAME, 3, 5))
    with pytest.raises(NotFoundError), blobs.near(NAME):
        pass
    blobs.remove_all("or_x")


def test_all_below_a_name_goes(blobs: Blobs, file: Path) -> None:
    for name in ("a/1/x", "a/1/y/z", "a/2/x", "b/x"):
        blobs.put(name, file)
    blobs.remove_all("a/1")
    there = [blobs.size(name) is not None for name in ("a/1/x", "a/1/y/z", "a/2/x", "b/x")]
    assert there == [False, False, True, True]


def test_an_adopted_file_outlives_its_other_name(blobs: Blobs, file: Path) -> None:
    blobs.adopt(NAME, file)
    file.unlink()
    assert b"".join(blobs.read(NAME, 5, 9)) == BYTES[5:9]


def test_nothing_leaves_the_folder(tmp_path: Path, file: Path) -> None:
    with pytest.raises(ValueError, match="outside"):
        FolderBlobs(tmp_path / "blobs").put("../x", file)


def test_room(tmp_path: Path) -> None:
    free = FolderBlobs(tmp_path / "not" / "yet" / "there").free()
    assert free is not None and free > 0
    assert isinstance(blobs_at(None, tmp_path), FolderBlobs)


def test_of_a_large_object_only_the_part_is_fetched(
    bucket: Url, proxy: rough_proxy.Proxy, file: Path, tmp_path: Path
) -> None:
    blobs = BucketBlobs(bucket, tmp_path)
    blobs.put(NAME, file)
    # The line breaks off within the part: it goes on from there.
    proxy.add(rough_proxy.Fault("tear", "GET", "scan.tif", after=70_000))
    assert b"".join(blobs.read(NAME, 500_000, 700_000)) == BYTES[500_000:700_000]
    assert proxy.all_happened
