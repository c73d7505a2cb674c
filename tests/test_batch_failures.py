"""Lists of what failed: what is taken up, what stays on them, and what is none."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from conftest import Ran
from photochrom.batch import Tally, manifest, taken_up
from photochrom.batch.result import Result
from photochrom.errors import PhotochromError

Run = Callable[..., Ran]
TONE = ("--steps", "tone", "--json")


def line(at: Path, id: str, **other: Any) -> dict[str, Any]:
    source = str(at / f"{id}.png")
    return {"input": source, "folder": str(at / "out"), "name": id, "error": "x"} | other


def listed(path: Path, *lines: dict[str, Any]) -> Path:
    said = (json.dumps(one, ensure_ascii=False) + "\n" for one in lines)
    path.write_text("".join(said), encoding="utf-8")
    return path


def names(path: Path) -> list[str]:
    lines = path.read_text("utf-8").split("\n")
    return sorted(json.loads(one)["name"] for one in lines if one)


@pytest.fixture
def three(tmp_path: Path) -> Path:
    """A list of three photographs, none of which can be read."""
    for name in "abc":
        (tmp_path / f"{name}.png").write_bytes(b"broken")
    return listed(tmp_path / "failed.jsonl", *(line(tmp_path, name) for name in "abc"))


def test_what_cannot_begin_leaves_the_list(photochrom: Run, three: Path) -> None:
    assert photochrom("restore", "--only", three, "--engine", "nobody", *TONE).code == 2
    assert names(three) == ["a", "b", "c"]


def test_given_up_the_rest_stays_on_the_list(photochrom: Run, three: Path) -> None:
    ran = photochrom("restore", "--only", three, "--max-failures", "1", *TONE)
    assert (ran.code, ran.out.count("\n")) == (2, 1)
    assert names(three) == ["a", "b", "c"]
    assert "not an image" in three.read_text() and '"x"' in three.read_text()


def test_interrupted_only_what_is_done_leaves_the_list(three: Path) -> None:
    jobs = taken_up(three)
    with pytest.raises(KeyboardInterrupt), manifest(three) as list_:
        for _ in Tally().counted(iter([Result(jobs[1], "made")]), list_):
            raise KeyboardInterrupt
    assert names(three) == ["a", "c"]


def test_done_the_list_is_gone(three: Path) -> None:
    jobs = taken_up(three)
    with manifest(three) as list_:
        list(Tally().counted((Result(job, "made") for job in jobs), list_))
    assert not three.exists()


def test_a_list_that_is_gone_is_no_trouble_with_a_disk(photochrom: Run, tmp_path: Path) -> None:
    ran = photochrom("restore", "--only", tmp_path / "failed.jsonl")
    assert ran.code == 2 and "is not there: runs without failures remove it" in ran.err


def test_names_with_signs_that_end_lines_elsewhere(
    photochrom: Run, tmp_path: Path, gray_scene: NDArray[np.uint8]
) -> None:
    (tmp_path / "in").mkdir()
    odd = ["a\u2028b.png", "c\x85d.png", "e\x0bf.png", "g.png"]
    for name in odd:
        (tmp_path / "in" / name).write_bytes(b"broken")
    words = ("restore", tmp_path / "in", "-o", tmp_path / "out", *TONE)
    assert photochrom(*words).code == 1
    for name in odd:
        Image.fromarray(gray_scene).save(tmp_path / "in" / name)
    ran = photochrom("restore", "--only", tmp_path / "out" / "failed.jsonl", *TONE)
    assert (ran.code, ran.out.count('"made"')) == (0, 4), ran.err


def test_a_list_is_taken_up_from_another_folder(
    photochrom: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("a.png", "b.png"):
        Path(name).write_bytes(b"broken")
    assert photochrom("restore", "a.png", "b.png", "-o", "out", *TONE).code == 1
    (one, two) = taken_up(tmp_path / "out" / "failed.jsonl")
    assert one.source == tmp_path / "a.png" and two.folder == tmp_path / "out"


@pytest.mark.parametrize("text", ["\ufeff", "", "\n\n"])
def test_lists_that_an_editor_has_saved(three: Path, text: str) -> None:
    three.write_bytes((text + three.read_text("utf-8")).replace("\n", "\r\n").encode())
    assert [job.name for job in taken_up(three)] == ["a", "b", "c"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"input": 5},
        {"folder": None},
        {"name": ["a"]},
        {"name": "../../a"},
        {"name": "/a"},
        {"name": ".."},
        {"name": ""},
        {"name": "a\0"},
        {"input": "/a\0.png"},
        {"folder": "https://example.org/a/"},
        {"folder": "s3://a//b"},
        {"input": "s4://a/b.png"},
    ],
)
def test_lines_that_mean_nothing_are_one_line(
    photochrom: Run, tmp_path: Path, wrong: dict[str, Any]
) -> None:
    path = listed(tmp_path / "failed.jsonl", line(tmp_path, "a", **wrong))
    ran = photochrom("restore", "--only", path, *TONE)
    assert ran.code == 2 and ran.err.count("\n") == 1
    assert "Traceback" not in ran.err and path.exists()


@pytest.mark.parametrize("content", [b"", b"\n", b"notes", b'{"mine": 1}\n', b"\xff\xfe\0"])
def test_what_somebody_has_put_there_is_no_list_and_stays(
    photochrom: Run, tmp_path: Path, gray_scene: NDArray[np.uint8], content: bytes
) -> None:
    (tmp_path / "out").mkdir()
    for name in "ab":
        Image.fromarray(gray_scene).save(tmp_path / f"{name}.png")
    theirs = tmp_path / "out" / "failed.jsonl"
    theirs.write_bytes(content)
    words = (tmp_path / "a.png", tmp_path / "b.png", "-o", theirs.parent, *TONE)
    ran = photochrom("restore", *words)
    assert ran.code == 2 and "--failures" in ran.err
    assert theirs.read_bytes() == content
    ran = photochrom("restore", *words, "--failures", tmp_path / "mine.jsonl")
    assert ran.code == 0 and theirs.read_bytes() == content


@pytest.mark.skipif(os.name == "nt", reason="there is no such file there")
def test_what_is_no_file_is_never_removed(tmp_path: Path) -> None:
    """Whoever may do all would lose "/dev/null"."""
    null = tmp_path / "null"
    null.symlink_to(os.devnull)
    with pytest.raises(PhotochromError, match="is no file"), manifest(null):
        pass
    with pytest.raises(PhotochromError, match="is no file"):
        taken_up(null)
    assert null.is_symlink()
