import io
import json
import pickle
import tarfile
from pathlib import Path

import cv2
import numpy as np
import pytest
from training import shards


def add(tar: tarfile.TarFile, name: str, data: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size = len(data)
    tar.addfile(member, io.BytesIO(data))


def picture(number: int) -> np.ndarray:
    rng = np.random.default_rng(number)
    return rng.integers(0, 256, (40 + number, 60, 3), dtype=np.uint8)


@pytest.fixture
def two_shards(tmp_path: Path) -> list[Path]:
    paths = []
    for shard in (0, 1):
        paths.append(tmp_path / f"set-{shard}.tar")
        with tarfile.open(paths[-1], "w") as tar:
            for number in (2 * shard, 2 * shard + 1):
                _, png = cv2.imencode(".png", picture(number)[..., ::-1])
                add(tar, f"k{number}.png", png.tobytes())
                add(tar, f"k{number}.json", json.dumps({"subject_hint": f"hint {number}"}).encode())
    return paths


def test_pictures_come_back_as_they_went_in(two_shards: list[Path], tmp_path: Path) -> None:
    pictures = shards.open_pictures(two_shards, cache=tmp_path / "cache")
    assert pictures.keys == ["k0", "k1", "k2", "k3"]
    assert pictures.about[3] == {"subject_hint": "hint 3"}
    assert len(pictures) == 4
    for number, found in enumerate(pictures):
        np.testing.assert_array_equal(found, picture(number))


def test_pictures_are_shrunk_but_never_enlarged(two_shards: list[Path], tmp_path: Path) -> None:
    small = shards.open_pictures(two_shards, short_side=20, cache=tmp_path / "cache")
    assert [p.shape for p in small] == [(20, round(60 * 20 / (40 + n)), 3) for n in range(4)]
    same = shards.open_pictures(two_shards, short_side=500, cache=tmp_path / "cache")
    np.testing.assert_array_equal(same[1], picture(1))


def test_the_cache_is_made_once_and_whole(two_shards: list[Path], tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    shards.open_pictures(two_shards, cache=cache)
    made = {file: file.stat().st_mtime_ns for file in cache.iterdir()}
    assert sorted(file.suffix for file in made) == [".json", ".u8"]
    shards.open_pictures(two_shards, cache=cache)
    assert made == {file: file.stat().st_mtime_ns for file in cache.iterdir()}


def test_another_process_gets_the_files_and_not_the_pixels(
    two_shards: list[Path], tmp_path: Path
) -> None:
    pictures = shards.open_pictures(two_shards, cache=tmp_path / "cache")
    sent = pickle.dumps(pictures)
    assert len(sent) < pictures[0].nbytes / 10
    np.testing.assert_array_equal(pickle.loads(sent)[2], pictures[2])


def test_what_is_evaluated_is_not_learned_from(
    two_shards: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shards, "TWINS", {"k1": "e7"})
    pictures = shards.open_pictures(two_shards, cache=tmp_path / "cache")
    assert pictures.keys == ["k0", "k2", "k3"]
    assert [entry["subject_hint"] for entry in pictures.about] == ["hint 0", "hint 2", "hint 3"]
    np.testing.assert_array_equal(pictures[1], picture(2))
    folder = tmp_path / "eval-dev"
    folder.mkdir()
    entries = [{"file": f"colour/{key}.webp", "kind": "colour"} for key in ("e6", "e7", "e8")]
    entries.append({"file": "damaged/d0.webp", "kind": "damaged"})
    (folder / "index.json").write_text(json.dumps(entries))
    monkeypatch.setenv("PHOTOCHROM_DATA", str(tmp_path))
    assert [file.stem for file in shards.evaluation_files("colour")] == ["e6", "e8"]


def test_cached_pixels_cannot_be_changed(two_shards: list[Path], tmp_path: Path) -> None:
    pictures = shards.open_pictures(two_shards, cache=tmp_path / "cache")
    with pytest.raises(ValueError, match="read-only"):
        pictures[0][:] = 0


def test_a_sample_without_its_json_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "bad.tar"
    with tarfile.open(path, "w") as tar:
        add(tar, "k0.png", b"...")
    with pytest.raises(ValueError, match=r"bad\.tar.*lack"):
        list(shards.read_samples([path]))


def test_bytes_that_are_no_picture_are_an_error() -> None:
    with pytest.raises(ValueError, match="not a picture"):
        shards.decode(b"not a picture")


def test_the_data_folder_is_named_by_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PHOTOCHROM_DATA", str(tmp_path))
    assert shards.data_folder() == tmp_path
    monkeypatch.setenv("PHOTOCHROM_DATA", str(tmp_path / "nowhere"))
    with pytest.raises(FileNotFoundError, match="PHOTOCHROM_DATA"):
        shards.data_folder()
