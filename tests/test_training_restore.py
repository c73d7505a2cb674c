"""The restore network's training: what its batches promise, and that it learns."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="training needs the extra [train]")

from training.crops import gray_crop, with_drawing  # noqa: E402
from training.restore.data import Batches, Recipe, crop_wear, unharmed  # noqa: E402
from training.restore.export import export_restore  # noqa: E402
from training.restore.model import RestoreNet, Shipped  # noqa: E402
from training.restore.train import RestoreLoss  # noqa: E402

from photochrom.aging import wear_out  # noqa: E402


@pytest.fixture(autouse=True)
def one_thread() -> None:
    torch.set_num_threads(1)


class _Pictures(list[np.ndarray]):
    """Two pictures that nobody said anything about."""

    def __init__(self) -> None:
        random = np.random.default_rng(0)
        soft = cv2.GaussianBlur(random.uniform(0, 255, (160, 200, 3)).astype(np.float32), (0, 0), 4)
        picture = np.where(soft > soft.mean(), 200, 60).astype(np.uint8)
        super().__init__([picture, picture[::-1]])
        self.about: list[dict[str, str]] = [{}, {}]


def _batches(**changes: object) -> Batches:
    recipe = replace(Recipe(size=64, crops=4), **changes)
    return Batches(_Pictures(), _Pictures(), recipe)  # type: ignore[arg-type]


def test_a_batch_is_a_function_of_its_number() -> None:
    one, again, other = (_batches()(step) for step in (5, 5, 6))
    for name in ("gray", "clean", "mask"):
        assert one[name].shape == (4, 1, 64, 64)
        assert one[name].dtype == torch.float32
        assert torch.equal(one[name], again[name])
    assert not torch.equal(one["gray"], other["gray"])


def test_untouched_crops_are_their_own_truth() -> None:
    batch = _batches(untouched=1.0)(0)
    # Printed, and thus within the tones of a print; but for rounding nothing else.
    assert torch.allclose(batch["gray"], batch["clean"], atol=1e-6)
    assert not batch["mask"].any()


def test_spotless_crops_have_defects_and_nothing_else() -> None:
    batch = _batches(untouched=0.0, unharmed=0.0, spotless=1.0)(2)
    changed = (batch["gray"] - batch["clean"]).abs() > 9 / 255
    assert changed.any()
    assert torch.equal(changed, changed & (batch["mask"] > 0))


def test_unharmed_crops_have_noise_and_no_defects() -> None:
    for step in range(5):
        batch = _batches(untouched=0.0, unharmed=1.0)(step)
        assert not batch["mask"].any()
        assert not torch.equal(batch["gray"], batch["clean"])


def test_worn_crops_have_defects_where_the_mask_says() -> None:
    random = np.random.default_rng(3)
    wear = crop_wear(random, framed=False)
    assert (wear.worn_edges, wear.rips, wear.corners) == (0, 0, 0)
    assert unharmed(wear).scratches == 0
    worn = wear_out(np.full((96, 96), 0.5, np.float32), replace(wear, dust=40), random)
    inside = np.abs(worn.light - worn.clean)[worn.mask].mean()
    assert inside > 3 * np.abs(worn.light - worn.clean)[~worn.mask].mean()


def test_drawings_change_something_and_keep_the_rest() -> None:
    gray = gray_crop(_Pictures()[0], 64, np.random.default_rng(1), shrink=(1, 2))
    drawn = with_drawing(gray, np.random.default_rng(2))
    changed = drawn != gray
    assert 0 < changed.mean() < 0.9
    assert 0 <= drawn.min() and drawn.max() <= 1


def test_crops_of_small_pictures_are_enlarged() -> None:
    tiny = _Pictures()[0][:40, :50]
    crop = gray_crop(tiny, 64, np.random.default_rng(0), shrink=(1, 4))
    assert crop.shape == (64, 64)


def test_export_does_what_the_network_does(tmp_path: Path) -> None:
    torch.manual_seed(1)
    network = RestoreNet((8, 8, 8, 8))
    for parameter in network.parameters():
        torch.nn.init.normal_(parameter, std=0.1)
    exported = export_restore(network, tmp_path / "restore.onnx")
    assert max(exported.worst.values()) < 0.01


def test_an_untrained_network_already_leaves_the_picture_nearly_alone() -> None:
    torch.manual_seed(0)
    gray = torch.rand(1, 1, 48, 32)
    with torch.inference_mode():
        mask, clean = Shipped(RestoreNet())(gray)
    assert mask.shape == clean.shape == gray.shape
    assert mask.max() < 0.3
    assert (clean - gray).abs().mean() < 0.1


def test_it_learns() -> None:
    torch.manual_seed(0)
    network, loss = RestoreNet((8, 12, 16, 16)), RestoreLoss()
    batch = _batches(untouched=0.0, unharmed=0.0)(1)
    optimizer = torch.optim.Adam(network.parameters(), 3e-3)
    values = []
    for _ in range(30):
        optimizer.zero_grad()
        value, _ = loss(network, batch)
        value.backward()
        optimizer.step()
        values.append(value.item())
    assert values[-1] < 0.85 * values[0]
