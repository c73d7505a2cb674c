"""Pieces of benches: measured once, gone on with after an interruption, and anew when anything that
they depend on has changed."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import pytest
from bench import sources
from bench.pieces import Piece, PieceError, Runner

MODULE = '''
"""The pieces of a bench that there is not."""

import os

import cv2
import numpy as np

from tiny_formulas import brightness

ASKED = []


def mean(inputs, *, times=1):
    ASKED.append(inputs["photograph"].stem)
    pixels = cv2.imread(str(inputs["photograph"]), cv2.IMREAD_GRAYSCALE)
    if pixels is None:
        raise ValueError("no picture")
    return {"mean": times * brightness(pixels), "row": pixels[0], "pid": os.getpid(), "no": None}


def odd(inputs):
    return {"figure": np.float32(1)}
'''
FORMULAS = "def brightness(pixels):\n    return float(pixels.mean())\n"


@pytest.fixture
def tiny(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder with a bench's module, what it imports, and three tiny photographs."""
    monkeypatch.setenv("PHOTOCHROM_CACHE", str(tmp_path / "cache"))
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(sources, "_COUNTED", ("bench", "tiny_formulas"))
    (tmp_path / "tiny_pieces.py").write_text(MODULE)
    (tmp_path / "tiny_formulas.py").write_text(FORMULAS)
    for number in range(3):
        draw(tmp_path, number, 40 * number)
    sources.digest_of_sources.cache_clear()
    yield tmp_path
    for name in ("tiny_pieces", "tiny_formulas"):
        sys.modules.pop(name, None)
    sources.digest_of_sources.cache_clear()


def draw(folder: Path, number: int, level: int) -> None:
    pixels = np.full((6, 8), level, np.uint8)
    header = f"P5\n{pixels.shape[1]} {pixels.shape[0]}\n255\n".encode()
    (folder / f"{number}.pgm").write_bytes(header + pixels.tobytes())


def pieces(folder: Path, **changes: object) -> dict[int, Piece]:
    return {
        number: Piece(
            f"photograph {number}",
            "tiny_pieces:mean",
            **{"inputs": {"photograph": folder / f"{number}.pgm"}} | changes,
        )
        for number in (2, 0, 1)
    }


def asked() -> list[str]:
    """Photographs that have been measured since the last time."""
    import tiny_pieces

    found = list(tiny_pieces.ASKED)
    tiny_pieces.ASKED.clear()
    return found


def quietly(what: str, done: float) -> None:
    assert 0 <= done <= 1


def measured(wanted: Mapping[int, Piece], **how: bool) -> tuple[list[float], list[str]]:
    """Figures by number, and what was measured for them."""
    found = Runner("local", 1, **how).measured(wanted, quietly)
    return [found[number]["mean"] for number in sorted(found)], asked()


def test_what_pieces_find_comes_back_by_their_names(tiny: Path) -> None:
    runner = Runner("local", 1)
    for kept in (0, 3):
        found = runner.measured(pieces(tiny), quietly)
        assert list(found) == [2, 0, 1]
        assert found[2]["mean"] == 80.0 and found[2]["no"] is None
        assert found[2]["row"].dtype == np.uint8 and found[2]["row"].tolist() == [80] * 8
        assert runner.kept == kept
    assert runner.pieces == 6
    assert asked() == ["2", "0", "1"]


def test_workers_find_the_same(tiny: Path) -> None:
    here = Runner("local", 1).measured(pieces(tiny), quietly)
    there = Runner("local", 2, force=True).measured(pieces(tiny), quietly)
    assert all(one["pid"] == os.getpid() for one in here.values())
    assert all(one["pid"] != os.getpid() for one in there.values())
    for number, one in here.items():
        assert one["mean"] == there[number]["mean"]
        assert np.array_equal(one["row"], there[number]["row"])


def test_an_interrupted_bench_goes_on_where_it_was(tiny: Path) -> None:
    def interrupted(what: str, done: float) -> None:
        if done >= 2 / 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Runner("local", 1).measured(pieces(tiny), interrupted)
    assert asked() == ["2", "0"]
    assert measured(pieces(tiny)) == ([0.0, 40.0, 80.0], ["1"])


def test_a_piece_that_fails_costs_the_others_nothing(tiny: Path) -> None:
    good = (tiny / "0.pgm").read_bytes()
    (tiny / "0.pgm").write_text("no picture")
    with pytest.raises(PieceError, match="photograph 0: ValueError: no picture") as failed:
        Runner("local", 1).measured(pieces(tiny), quietly)
    assert 'raise ValueError("no picture")' in failed.value.__notes__[0]
    assert asked() == ["2", "0", "1"]
    (tiny / "0.pgm").write_bytes(good)
    assert measured(pieces(tiny)) == ([0.0, 40.0, 80.0], ["0"])


def test_only_what_has_changed_is_measured_anew(tiny: Path) -> None:
    assert measured(pieces(tiny)) == ([0.0, 40.0, 80.0], ["2", "0", "1"])
    draw(tiny, 1, 50)
    assert measured(pieces(tiny)) == ([0.0, 50.0, 80.0], ["1"])
    assert measured(pieces(tiny, told={"times": 2})) == ([0.0, 100.0, 160.0], ["2", "0", "1"])
    assert measured(pieces(tiny)) == ([0.0, 50.0, 80.0], [])


@pytest.mark.parametrize(
    "changes",
    [
        {"depends": {"step": 2}},
        {"depends": {"step": 1, "network": "ab"}},
        {"libraries": ("pytest",), "depends": {"step": 1}},
    ],
)
def test_a_raised_version_another_network_and_another_library_count(
    tiny: Path, changes: dict[str, object]
) -> None:
    before = pieces(tiny, depends={"step": 1})
    assert len(measured(before)[1]) == 3
    assert len(measured(pieces(tiny, **changes))[1]) == 3
    assert measured(before)[1] == []


@pytest.mark.parametrize(
    ("file", "source", "anew"),
    [
        ("tiny_pieces.py", MODULE.replace("times *", "3 * times *"), True),
        ("tiny_formulas.py", FORMULAS.replace("pixels.mean()", "pixels.max()"), True),
        ("tiny_formulas.py", f"# How bright it is.\n\n{FORMULAS}", False),
    ],
)
def test_code_that_says_something_else_measures_anew(
    tiny: Path, file: str, source: str, anew: bool
) -> None:
    measured(pieces(tiny))
    (tiny / file).write_text(source)
    sources.digest_of_sources.cache_clear()
    assert len(measured(pieces(tiny))[1]) == 3 * anew


def test_everything_can_be_measured_anew(tiny: Path) -> None:
    measured(pieces(tiny))
    draw(tiny, 1, 50)
    assert measured(pieces(tiny), force=True) == ([0.0, 50.0, 80.0], ["2", "0", "1"])
    assert measured(pieces(tiny)) == ([0.0, 50.0, 80.0], [])


def test_what_is_no_figure_is_refused(tiny: Path) -> None:
    with pytest.raises(PieceError, match="a piece found a float32, which is no figure"):
        Runner("local", 1).measured({0: Piece("one", "tiny_pieces:odd")}, quietly)


def test_an_engine_that_there_is_not_is_named() -> None:
    with pytest.raises(Exception, match="there is no engine 'lokal'"):
        Runner("lokal")


def test_the_source_of_a_piece_is_all_that_it_imports_and_no_more() -> None:
    found = sources.sources("bench.prints.tally")
    there = {"bench.prints.ways", "bench.prints.ours", "bench.features", "photochrom.aging.wear"}
    assert there <= found.keys()
    assert not found.keys() & {"bench.prints.report", "bench.page", "photochrom.steps.repair"}
    assert all(path.is_file() for path in found.values())
    more = sources.sources("bench.tiffs.judging", ("photochrom.photograph",)).keys()
    assert "photochrom.photograph.develop" in more - sources.sources("bench.tiffs.judging").keys()
    with pytest.raises(ModuleNotFoundError, match="nowhere"):
        sources.sources("nowhere")
