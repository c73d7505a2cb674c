"""The clarity networks' training: what the architecture promises, and that it learns."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="training needs the extra [train]")

from training.clarity.data import Batches, Lesson, Print, soften  # noqa: E402
from training.clarity.export import export_clarity  # noqa: E402
from training.clarity.model import SCALES, ClarityNet, Enlarger  # noqa: E402
from training.clarity.teacher import read_all, save  # noqa: E402
from training.clarity.train import ClarityLoss, Perception  # noqa: E402


@pytest.fixture(autouse=True)
def one_thread() -> None:
    torch.set_num_threads(1)


def _wild() -> ClarityNet:
    """A small network with weights that nothing has tamed."""
    torch.manual_seed(3)
    network = ClarityNet(features=8, convolutions=4)
    for head in (*network.heads.values(), *network.details.values()):
        torch.nn.init.normal_(head.weight, std=0.5)
    return network.eval()


def _pictures() -> list[np.ndarray]:
    random = np.random.default_rng(0)
    soft = cv2.GaussianBlur(random.uniform(0, 255, (160, 200, 3)).astype(np.float32), (0, 0), 2)
    sharp = np.where(soft > soft.mean(), 210, 40).astype(np.uint8)
    return [sharp, np.roll(sharp, 50, axis=1)]


@pytest.mark.parametrize("scale", SCALES)
def test_plain_areas_stay_whatever_the_weights(scale: int) -> None:
    network = Enlarger(_wild(), scale)
    ramp = torch.linspace(0.2, 0.8, 48).expand(1, 1, 40, 48)
    for plain in (torch.full((1, 1, 40, 48), 0.37), ramp):
        with torch.inference_mode():
            characters = network(plain)
        wanted = torch.nn.functional.interpolate(plain, scale_factor=scale, mode="bilinear")
        inside = (..., slice(32, -32), slice(32, -32))
        for picture in characters:
            assert torch.allclose(picture[inside], wanted[inside], atol=1e-5)


def test_contrast_scales_through() -> None:
    network = Enlarger(_wild(), 4)
    picture = torch.rand(1, 1, 24, 24)
    with torch.inference_mode():
        for faint, full in zip(network(picture * 0.25), network(picture), strict=True):
            assert torch.allclose(faint, full * 0.25, atol=1e-5)


@pytest.mark.parametrize("scale", SCALES)
def test_export_does_what_the_network_does(scale: int, tmp_path: Path) -> None:
    exported = export_clarity(_wild(), scale, tmp_path / "clarity.onnx")
    assert max(exported.worst[name] for name in ("clear", "crisp")) < 0.01


def test_it_learns() -> None:
    torch.manual_seed(0)
    network = ClarityNet(features=8, convolutions=4)
    batch = Batches(_pictures(), crop=24, size=4)(0)
    loss = ClarityLoss(perception=0)
    optimizer = torch.optim.Adam(network.parameters(), 1e-2)
    values = []
    for _ in range(100):
        optimizer.zero_grad()
        value, _ = loss(network, batch)
        value.backward()
        optimizer.step()
        values.append(value.item())
    assert values[-1] < 0.9 * values[0]


def _lessons() -> list[Lesson]:
    """A teacher that answers whatever is gray with white."""
    sharp = np.ascontiguousarray(_pictures()[0][:, :160, 0])
    small = cv2.resize(sharp, (40, 40), interpolation=cv2.INTER_AREA)
    return [Lesson((small / 255).astype(np.float16), sharp, np.full_like(sharp, 255))]


def test_the_crisp_character_follows_its_teacher_and_the_clear_one_the_truth() -> None:
    torch.manual_seed(0)
    network = ClarityNet(features=8, convolutions=4)
    batch = Batches(_pictures(), _lessons(), crop=24, size=4)(0)
    loss = ClarityLoss(perception=0, texture=0)
    optimizer = torch.optim.Adam(network.parameters(), 1e-2)
    for _ in range(150):
        optimizer.zero_grad()
        value, _ = loss(network, batch)
        value.backward()
        optimizer.step()
    clear, crisp = network(batch["small"], (4,))[0]
    taught = batch["taught"] > 0

    def apart(seen: torch.Tensor, wanted: torch.Tensor) -> float:
        return float((seen - wanted)[taught].abs().mean())

    assert apart(crisp, batch["crisp4"]) < 0.9 * apart(clear, batch["crisp4"])
    assert apart(clear, batch["sharp4"]) < 0.9 * apart(crisp, batch["sharp4"])


def test_every_part_of_a_batch_has_lessons() -> None:
    taught = Batches(_pictures(), _lessons(), crop=24, size=6)(0)["taught"]
    assert [int(half.sum()) for half in taught.chunk(2)] in ([2, 1], [1, 2])
    assert "taught" not in Batches(_pictures(), crop=24, size=6)(0)


def test_a_corrected_lesson_is_the_truth_when_it_is_made_small(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    sharp = _pictures()[0][:, :160, 0]
    invented = np.clip(sharp * 0.8 + rng.normal(0, 25, sharp.shape), 0, 255).astype(np.uint8)

    def small(picture: np.ndarray) -> np.ndarray:
        return cv2.resize(picture.astype(np.float32), (40, 40), interpolation=cv2.INTER_AREA)

    def apart(picture: np.ndarray) -> float:
        return float(np.abs(small(picture) - small(sharp)).mean())

    lesson = Lesson(np.zeros((40, 40), np.float16), np.ascontiguousarray(sharp), invented)
    save(lesson, tmp_path / "00000.npz")
    (read,) = read_all(tmp_path)
    assert apart(read.crisp) < 0.15 * apart(invented)
    # Between the print's pixels it is still the teacher's.
    assert float(np.abs(read.crisp.astype(int) - sharp).mean()) > 5
    assert read_all(tmp_path / "nothing") == []


def test_a_batch_is_a_function_of_its_number() -> None:
    one, again, other = (Batches(_pictures(), crop=24, size=2)(n) for n in (5, 5, 6))
    assert torch.equal(one["small"], again["small"])
    assert not torch.equal(one["small"], other["small"])


def test_both_scales_show_the_same_crop() -> None:
    batch = Batches(_pictures(), crop=24, size=2)(0)
    assert batch["small"].shape[-1] * 4 == batch["sharp4"].shape[-1]
    halved = torch.nn.functional.avg_pool2d(batch["sharp4"], 2)
    assert torch.allclose(halved, batch["sharp2"], atol=1e-5)


def test_perception_grows_with_blur() -> None:
    perception = Perception()
    sharp = _pictures()[0][..., 0].astype(np.float32) / 255
    tensors = [
        torch.from_numpy(cv2.GaussianBlur(sharp, (0, 0), sigma) if sigma else sharp)[None, None]
        for sigma in (0, 1, 3)
    ]
    same, little, much = (float(perception(seen, tensors[0])) for seen in tensors)
    assert same == 0
    assert 0.02 < little < much


def test_softening_keeps_the_light_and_loses_the_detail() -> None:
    sharp = _pictures()[0][..., 0].astype(np.float32) / 255
    small = soften(sharp, 2, np.random.default_rng(1), Print(grain=(0, 0), jpeg=0))
    assert small.shape == (80, 100)
    assert abs(float(small.mean() - sharp.mean())) < 0.01
    assert small.std() < sharp.std()
