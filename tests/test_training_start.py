"""What a training starts from: another run's checkpoint, or what ships."""

from __future__ import annotations

from pathlib import Path

import pytest

torch = pytest.importorskip("torch", reason="training needs the extra [train]")

from training.clarity.export import export_clarity  # noqa: E402
from training.clarity.model import ClarityNet  # noqa: E402
from training.loop import Settings, save_atomically  # noqa: E402
from training.options import parser, settings  # noqa: E402
from training.start import start_from  # noqa: E402


def _network(seed: int) -> ClarityNet:
    torch.manual_seed(seed)
    network = ClarityNet(features=8, convolutions=4)
    for head in network.heads.values():
        torch.nn.init.normal_(head.weight, std=0.5)
    return network.eval()


@pytest.fixture
def fresh(tmp_path: Path) -> Settings:
    return Settings("mine", steps=1, root=tmp_path / "fresh")


def test_a_checkpoint_gives_its_averaged_weights(fresh: Settings, tmp_path: Path) -> None:
    theirs = _network(1)
    file = tmp_path / "last.pt"
    save_atomically(
        {"step": 3, "model": _network(5).state_dict(), "ema": theirs.state_dict()}, file
    )
    ours = _network(2)
    start_from(ours, file, fresh)
    assert torch.equal(ours.body[1].weight, theirs.body[1].weight)


def test_a_shipped_file_gives_the_weights_that_it_holds(
    fresh: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    theirs, ours = _network(1), _network(2)
    file = tmp_path / "clarity.onnx"
    export_clarity(theirs, 2, file)
    start_from(ours, file, fresh)
    # The file holds the head of one scale only, and the other is told about.
    assert "heads.4.weight" in capsys.readouterr().out
    picture = torch.rand(1, 1, 24, 24)
    with torch.inference_mode():
        assert torch.allclose(ours(picture, (2,))[0], theirs(picture, (2,))[0], atol=2e-3)


def test_a_run_that_has_begun_is_left_alone(fresh: Settings, tmp_path: Path) -> None:
    save_atomically({"step": 1}, fresh.checkpoint)
    ours, before = _network(2), _network(2)
    start_from(ours, tmp_path / "missing.pt", fresh)
    assert torch.equal(ours.body[1].weight, before.body[1].weight)


def test_another_kind_of_network_is_refused(fresh: Settings, tmp_path: Path) -> None:
    file = tmp_path / "last.pt"
    save_atomically({"step": 3, "ema": {"elsewhere.weight": torch.zeros(3)}}, file)
    with pytest.raises(ValueError, match=r"last\.pt: not of this network: elsewhere\.weight"):
        start_from(_network(2), file, fresh)


def test_options_make_settings() -> None:
    options = parser("Train.", name="mine", steps=40, rate=1e-3)
    made = settings(options.parse_args(["--minutes", "5", "--parts", "2"]), weight_decay=0.0)
    assert (made.name, made.steps, made.minutes, made.parts) == ("mine", 40, 5.0, 2)
    assert (made.learning_rate, made.weight_decay) == (1e-3, 0.0)
