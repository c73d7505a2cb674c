"""What a training starts from: another run's checkpoint, or what ships."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

torch = pytest.importorskip("torch", reason="training needs the extra [train]")
onnx = pytest.importorskip("onnx", reason="networks are read with the extra [train]")

import training.clarity.export as clarity  # noqa: E402
import training.color.export as color  # noqa: E402
import training.onnx_export as onnx_export  # noqa: E402
import training.restore.export as restore  # noqa: E402
from training.clarity.model import ClarityNet  # noqa: E402
from training.color.bins import Bins  # noqa: E402
from training.color.model import ColorNet  # noqa: E402
from training.loop import ROOT, Settings  # noqa: E402
from training.options import parser, settings  # noqa: E402
from training.restore.model import Filler, Finder  # noqa: E402
from training.saving import save_atomically, save_average, steps_done  # noqa: E402
from training.start import Shipped, read_shipped, start_from  # noqa: E402

WEIGHTS = ROOT.parent / "src" / "photochrom" / "nets" / "weights"


@pytest.fixture(autouse=True)
def one_thread() -> None:
    torch.set_num_threads(1)


def _random(network: torch.nn.Module, seed: int) -> torch.nn.Module:
    """Give every weight a value of its own, those included that begin as zeros."""
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for weight in network.parameters():
            noise = torch.randn(weight.shape, generator=generator)
            # Weights that keep the spread of what goes through; shifts that are smaller.
            fan_in = weight[0].numel() if weight.ndim > 1 else 100
            weight.copy_((weight.ndim == 1) + noise * 0.7 / fan_in**0.5)
    return network.eval()


@dataclass(frozen=True)
class Kind:
    build: Callable[[], torch.nn.Module]
    export: Callable[[torch.nn.Module, Path], object]
    forms: dict[str, onnx_export.Form]
    shipped: Shipped


def _color() -> ColorNet:
    return ColorNet(torch.from_numpy(Bins.load().centers), 0)


KINDS = {
    "color": Kind(
        _color,
        lambda network, folder: color.export_color(network, folder / "color.onnx"),
        {"color.onnx": color.FORM},
        color.SHIPPED,
    ),
    "defects": Kind(
        lambda: Finder((8, 8, 8, 8)),
        lambda network, folder: restore.export_finder(network, folder / "defects.onnx", 1.5),
        {"defects.onnx": restore.FINDER},
        restore.SHIPPED["find"],
    ),
    "restore": Kind(
        lambda: Filler((8, 8, 8, 8)),
        lambda network, folder: restore.export_filler(network, folder / "restore.onnx"),
        {"restore.onnx": restore.FILLER},
        restore.SHIPPED["fill"],
    ),
    "clarity": Kind(
        lambda: ClarityNet(features=8, convolutions=4),
        lambda network, folder: [
            clarity.export_clarity(network, scale, folder / f"clarity-x{scale}.onnx")
            for scale in clarity.SCALES
        ],
        {f"clarity-x{scale}.onnx": form for scale, form in clarity.FORMS.items()},
        clarity.SHIPPED,
    ),
}


def _card(folder: Path, boldness: float) -> None:
    (folder / "color.toml").write_text(f"[results]\nboldness = {boldness}\n")


def _settings(folder: Path) -> Settings:
    return Settings("mine", steps=1, root=folder / "fresh")


@pytest.mark.parametrize("name", KINDS)
def test_a_shipped_network_read_back_says_the_same(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kind = KINDS[name]
    theirs, ours = (_random(kind.build(), seed) for seed in (1, 2))
    kind.export(theirs, tmp_path)
    _card(tmp_path, 0.0)
    start_from(ours, [tmp_path / file for file in kind.forms], _settings(tmp_path), kind.shipped)
    assert "at random" not in capsys.readouterr().out
    for (weight, truth), found in zip(theirs.named_parameters(), ours.parameters(), strict=True):
        # Those of fewer than 64 numbers are stored as they are.
        exact = truth.numel() < 64
        torch.testing.assert_close(
            found, truth, rtol=0 if exact else 2**-11, atol=0 if exact else 1e-7, msg=weight
        )
    for form in kind.forms.values():
        example = form.examples[-1]
        with torch.inference_mode():
            says = [form.wrap(network).eval()(*example.values()) for network in (theirs, ours)]
        for wanted, got in zip(*map(_tuple, says), strict=True):
            assert (wanted - got).abs().max() <= 0.01 * wanted.abs().max()
            assert wanted.abs().max() > 0


def _tuple(said: object) -> tuple[torch.Tensor, ...]:
    return said if isinstance(said, tuple) else (said,)  # type: ignore[return-value]


def test_what_boldness_added_is_taken_off_again(tmp_path: Path) -> None:
    theirs, ours = _random(_color(), 1), _random(_color(), 2)
    before = theirs.head[-1].bias.detach().clone()
    color.embolden(theirs, Bins.load(), 0.3)
    color.export_color(theirs, tmp_path / "color.onnx")
    _card(tmp_path, 0.3)
    start_from(ours, [tmp_path / "color.onnx"], _settings(tmp_path), color.SHIPPED)
    torch.testing.assert_close(ours.head[-1].bias, before, rtol=0, atol=5e-3)
    (tmp_path / "color.toml").write_text("[results]\n")
    with pytest.raises(ValueError, match=r"does not tell `results\.boldness`"):
        start_from(ours, [tmp_path / "color.onnx"], _settings(tmp_path), color.SHIPPED)
    (tmp_path / "color.toml").unlink()
    with pytest.raises(ValueError, match=r"color\.onnx: .* no card color\.toml"):
        start_from(ours, [tmp_path / "color.onnx"], _settings(tmp_path), color.SHIPPED)


@pytest.mark.parametrize(
    ("build", "files", "shipped"),
    [
        (lambda: ColorNet(torch.from_numpy(Bins.load().centers)), ("color",), color.SHIPPED),
        (Finder, ("defects",), restore.SHIPPED["find"]),
        (Filler, ("restore",), restore.SHIPPED["fill"]),
        (ClarityNet, ("clarity-x2", "clarity-x4"), clarity.SHIPPED),
    ],
    ids=["color", "defects", "restore", "clarity"],
)
def test_what_ships_now_can_be_trained_on(
    build: Callable[[], torch.nn.Module],
    files: tuple[str, ...],
    shipped: Shipped,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    network = build()
    before = {name: weight.clone() for name, weight in network.named_parameters()}
    paths = [WEIGHTS / f"{file}.onnx" for file in files]
    start_from(network, paths, _settings(tmp_path), shipped)
    assert "at random" not in capsys.readouterr().out
    changed = [not torch.equal(w, before[name]) for name, w in network.named_parameters()]
    assert all(changed)


def test_one_of_two_heads_is_read_and_the_other_told_about(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kind = KINDS["clarity"]
    theirs, ours = _random(kind.build(), 1), _random(kind.build(), 2)
    kind.export(theirs, tmp_path)
    start_from(ours, [tmp_path / "clarity-x2.onnx"], _settings(tmp_path), kind.shipped)
    assert "heads.4.weight" in capsys.readouterr().out
    picture = torch.rand(1, 1, 24, 24)
    with torch.inference_mode():
        characters = zip(ours(picture, (2,))[0], theirs(picture, (2,))[0], strict=True)
        assert all(torch.allclose(mine, other, atol=2e-3) for mine, other in characters)


@pytest.mark.parametrize(("name", "other"), [("defects", "restore"), ("clarity", "defects")])
def test_a_file_of_another_network_is_refused(name: str, other: str, tmp_path: Path) -> None:
    theirs = KINDS[other]
    theirs.export(_random(theirs.build(), 1), tmp_path)
    ours = _random(KINDS[name].build(), 2)
    (file,) = theirs.forms
    before = [weight.clone() for weight in ours.parameters()]
    with pytest.raises(ValueError, match=rf"{re.escape(file)}: not of this network") as refused:
        start_from(ours, [tmp_path / file], _settings(tmp_path), KINDS[name].shipped)
    assert "\n" not in str(refused.value)
    assert all(torch.equal(a, b) for a, b in zip(before, ours.parameters(), strict=True))


def test_other_bins_are_refused(tmp_path: Path) -> None:
    centers = torch.from_numpy(Bins.load().centers)
    color.export_color(_random(ColorNet(centers, 0), 1), tmp_path / "color.onnx")
    with pytest.raises(ValueError, match=r"color\.onnx: not of this network"):
        read_shipped(_random(ColorNet(centers.flip(1), 0), 2), color.FORM, tmp_path / "color.onnx")


def test_what_is_no_network_at_all_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "color.onnx"
    file.write_bytes(b"no network")
    with pytest.raises(ValueError, match=r"color\.onnx: not an ONNX file") as refused:
        start_from(_random(_color(), 1), [file], _settings(tmp_path), color.SHIPPED)
    assert "\n" not in str(refused.value)


def _network(seed: int) -> ClarityNet:
    return _random(ClarityNet(features=8, convolutions=4), seed)  # type: ignore[return-value]


def _checkpoint(network: torch.nn.Module, file: Path) -> Path:
    state = {"step": 3, "model": _network(5).state_dict(), "ema": network.state_dict()}
    save_atomically(state, file)
    return file


def test_a_checkpoint_gives_its_averaged_weights(tmp_path: Path) -> None:
    theirs, ours = _network(1), _network(2)
    file = _checkpoint(theirs, tmp_path / "last.pt")
    start_from(ours, [file], _settings(tmp_path), clarity.SHIPPED)
    assert torch.equal(ours.body[1].weight, theirs.body[1].weight)


def test_an_average_alone_is_small_and_can_be_started_from(tmp_path: Path) -> None:
    theirs, ours = _network(1), _network(2)
    whole, small = _checkpoint(theirs, tmp_path / "last.pt"), tmp_path / "average.pt"
    save_average(whole, small)
    assert steps_done(small) == steps_done(whole) == 3
    weights = sum(weight.numel() for weight in theirs.parameters())
    assert small.stat().st_size < whole.stat().st_size - 4 * weights
    start_from(ours, [small], _settings(tmp_path), clarity.SHIPPED)
    torch.testing.assert_close(ours.body[1].weight, theirs.body[1].weight, rtol=2**-11, atol=1e-7)
    assert ours.body[1].weight.dtype == torch.float32


def test_a_run_that_has_begun_is_left_alone(tmp_path: Path) -> None:
    fresh = _settings(tmp_path)
    save_atomically({"step": 1}, fresh.checkpoint)
    ours, before = _network(2), _network(2)
    start_from(ours, [tmp_path / "missing.pt"], fresh, clarity.SHIPPED)
    assert torch.equal(ours.body[1].weight, before.body[1].weight)


def test_a_checkpoint_of_another_network_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "last.pt"
    save_atomically({"step": 3, "ema": {"elsewhere.weight": torch.zeros(3)}}, file)
    with pytest.raises(ValueError, match=r"last\.pt: not of this network: elsewhere\.weight"):
        start_from(_network(2), [file], _settings(tmp_path), clarity.SHIPPED)


def test_options_make_settings() -> None:
    options = parser("Train.", name="mine", steps=40, rate=1e-3)
    asked = options.parse_args(["--minutes", "5", "--parts", "2", "--makers", "3"])
    made = settings(asked, weight_decay=0.0)
    assert (made.name, made.steps, made.minutes, made.parts) == ("mine", 40, 5.0, 2)
    assert (made.learning_rate, made.weight_decay, made.makers) == (1e-3, 0.0, 3)


def test_shares_over_channels_are_spelled_out_and_the_same(tmp_path: Path) -> None:
    class Shares(torch.nn.Module):
        def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, ...]:
            return x.softmax(dim=1), (x / 0.4).softmax(dim=2), x.softmax(dim=-1)

    form = onnx_export.Form(
        wrap=lambda network: network,
        examples=[{"x": torch.linspace(-9, 9, 120).reshape(1, 5, 4, 6) ** 3}],
        outputs=("channels", "rows", "columns"),
        dynamic={"x": {2: "height", 3: "width"}},
        tolerance=1e-6,
    )
    file = onnx_export.export(Shares(), form, tmp_path / "shares.onnx").path
    kinds = [node.op_type for node in onnx.load(file).graph.node]
    assert kinds.count("Softmax") == 1
    assert kinds.count("Exp") == 2


def test_no_softmax_that_ships_turns_its_tensor() -> None:
    for file in WEIGHTS.glob("*.onnx"):
        for node in onnx.load(file).graph.node:
            axes = [attribute.i for attribute in node.attribute if attribute.name == "axis"]
            assert node.op_type != "Softmax" or axes in ([], [-1]), file.name
