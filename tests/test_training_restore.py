"""The restore network's training: what its batches promise, and that it learns."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import cv2
import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="training needs the extra [train]")

from training.crops import gray_crop, with_drawing  # noqa: E402
from training.restore import hard, mine  # noqa: E402
from training.restore.data import Batches, Recipe, crop_wear, unharmed  # noqa: E402
from training.restore.evaluate import filled_share  # noqa: E402
from training.restore.export import MIRRORED, export_filler, export_finder  # noqa: E402
from training.restore.model import Filler, Finder, ShippedFiller, ShippedFinder  # noqa: E402
from training.restore.train import FillerLoss, FinderLoss, build_finder  # noqa: E402
from training.start import read_shipped  # noqa: E402

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
        self.keys = ["first", "second"]


def _batches(small: _Pictures | None = None, **changes: object) -> Batches:
    recipe = replace(Recipe(size=64, crops=4), **changes)
    return Batches(small or _Pictures(), _Pictures(), recipe)  # type: ignore[arg-type]


def test_a_batch_is_a_function_of_its_number() -> None:
    one, again, other = (_batches()(step) for step in (5, 5, 6))
    assert one["spare"].shape == (4,)
    for name in ("gray", "clean", "mask", "told"):
        assert one[name].shape == (4, 1, 64, 64)
        assert one[name].dtype == torch.float32
        assert torch.equal(one[name], again[name])
    assert not torch.equal(one["gray"], other["gray"])


def test_untouched_crops_are_their_own_truth() -> None:
    batch = _batches(untouched=1.0)(0)
    # Printed, and thus within the tones of a print; but for rounding nothing else.
    assert torch.allclose(batch["gray"], batch["clean"], atol=1e-6)
    assert not batch["mask"].any()
    assert batch["spare"].all()


def test_scenery_is_part_of_the_truth_and_no_defect() -> None:
    plain, with_things = (
        _batches(unharmed=0.0, untouched=1.0, drawn=0.0, scenery=share)(3) for share in (0.0, 1.0)
    )
    assert not torch.equal(plain["gray"], with_things["gray"])
    assert torch.allclose(with_things["gray"], with_things["clean"], atol=1e-6)
    assert not with_things["mask"].any()


def test_nothing_is_drawn_across_a_face() -> None:
    faces = _Pictures()
    faces.about = [{"subject_hint": "face portrait"}, {"subject_hint": "face portrait"}]
    few = {"hires": 0.0, "hard": 0.0, "drawn": 0.0, "untouched": 1.0, "unharmed": 0.0}
    for step in range(3):
        drawn = _batches(faces, **few, scenery=1.0)(step)["gray"]
        # The first crop of a batch: whether the chance of scenery was asked moves all later ones.
        assert torch.equal(drawn[0], _batches(faces, **few, scenery=0.0)(step)["gray"][0])


def test_what_is_filled_is_what_the_step_would_fill() -> None:
    gray = np.full((64, 80), 0.5, np.float32)
    sure, unsure = np.zeros_like(gray), np.zeros_like(gray)
    # Grown by a pixel, but not at its corners.
    sure[30:33, 10:60] = 0.99
    # Above a half, but too large a region to be filled for so little.
    unsure[30:33, 10:60] = 0.6
    assert filled_share(lambda _: sure, gray) == (5 * 50 + 2 * 3) / gray.size
    assert filled_share(lambda _: unsure, gray) == 0


def test_told_masks_cover_the_true_ones() -> None:
    batch = _batches(untouched=0.0, unharmed=0.0)(3)
    assert (batch["told"] >= batch["mask"]).all()
    assert batch["told"].sum() > batch["mask"].sum() > 0
    assert set(batch["told"].unique().tolist()) == {0.0, 1.0}


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


def _random(network: torch.nn.Module) -> torch.nn.Module:
    torch.manual_seed(1)
    for parameter in network.parameters():
        torch.nn.init.normal_(parameter, std=0.1)
    return network


def test_exports_do_what_the_networks_do(tmp_path: Path) -> None:
    filler = export_filler(_random(Filler((8, 8, 8, 8))), tmp_path / "restore.onnx")
    assert max(filler.worst.values()) < 0.01
    finder = export_finder(Finder((8, 8, 8, 8)), tmp_path / "defects.onnx", caution=1.0)
    assert max(finder.worst.values()) < 0.01


def test_caution_makes_every_defect_less_likely() -> None:
    finder = Finder((8, 8, 8, 8)).eval()
    gray = torch.rand(1, 1, 48, 64)
    with torch.inference_mode():
        bold, cautious = (ShippedFinder(finder, caution)(gray) for caution in (0.0, 2.0))
    assert (cautious < bold).all()


def test_a_finder_that_looks_twice_says_the_same_of_a_mirrored_picture(tmp_path: Path) -> None:
    finder = _random(Finder((8, 8, 8, 8)).eval())
    gray = torch.rand(1, 1, 48, 64)
    with torch.inference_mode():
        for mirrored in (False, True):
            network = ShippedFinder(finder, mirrored=mirrored)
            off = (network(gray.flip(-1)).flip(-1) - network(gray)).abs().max()
            assert bool(off < 1e-4) == mirrored
    export_finder(finder, tmp_path / "defects.onnx", mirrored=True)
    read = read_shipped(finder, MIRRORED, tmp_path / "defects.onnx")
    for name, weight in finder.state_dict().items():
        assert torch.allclose(read[name], weight, rtol=2e-3, atol=2e-3), name


def test_nothing_tells_how_far_away_the_rim_is() -> None:
    # Zeros around a plain picture would be seen from the rim as far as the deepest layers reach,
    # 300 pixels; without them, no farther than the last few convolutions do.
    gray = torch.full((1, 1, 160, 192), 0.6)
    with torch.inference_mode():
        mask = build_finder().eval()(gray)
        clean = _random(Filler((8, 8, 8, 8)))(gray, torch.zeros_like(gray))
    for seen in (mask, clean):
        blocks = seen[..., 48:-48, 48:-48].unfold(2, 16, 16).unfold(3, 16, 16)
        assert torch.allclose(blocks, blocks[:, :, :1, :1].expand_as(blocks), atol=1e-3)


def test_outside_the_mask_filling_does_not_pass() -> None:
    network = _random(Filler((8, 8, 8, 8)))
    with torch.no_grad():
        # Without what takes noise away, there is only what the mask lets through.
        network.leave.weight[4:] = 0
        network.leave.bias[4:] = 0
    gray, mask = torch.rand(1, 1, 64, 64), torch.zeros(1, 1, 64, 64)
    mask[..., 20:30, 20:30] = 1
    with torch.no_grad():
        changed = network(gray, mask) != gray
    assert changed[..., 19:31, 19:31].any()
    changed[..., 19:31, 19:31] = False
    assert not changed.any()


def test_an_untrained_network_already_leaves_the_picture_nearly_alone() -> None:
    torch.manual_seed(0)
    gray = torch.rand(1, 1, 48, 32)
    with torch.inference_mode():
        mask = ShippedFinder(build_finder())(gray)
        clean = ShippedFiller(Filler())(gray, (mask > 0.5).float())
    assert mask.shape == clean.shape == gray.shape
    assert mask.mean() < 0.2
    assert (clean - gray).abs().mean() < 0.1


@pytest.mark.parametrize("part", ["find", "fill"])
def test_it_learns(part: str) -> None:
    torch.manual_seed(0)
    network: torch.nn.Module
    if part == "find":
        network, loss = Finder((8, 12, 16, 16)), FinderLoss()
    else:
        network, loss = Filler((8, 12, 16, 16)), FillerLoss()
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


def test_what_was_mistaken_is_written_down_and_shown(tmp_path: Path) -> None:
    mask = np.zeros((40, 60), bool)
    mask[10:12, 5:45] = True
    mask[30, 50] = True
    (place,) = mine.places_in(mask)
    assert mask[place]
    keys = SimpleNamespace(keys=["first", "second"])
    file = tmp_path / "hard.csv"
    assert hard.load(keys, file) == []
    hard.save([hard.Place("second", 0.25, 0.5), hard.Place("elsewhere", 0.1, 0.1)], file)
    assert hard.load(keys, file) == [(1, 0.25, 0.5)]


def test_a_crop_shows_the_place_that_is_asked_for() -> None:
    picture = np.zeros((300, 400, 3), np.uint8)
    picture[20:24, 380:384] = 255
    for seed in range(20):
        rng = np.random.default_rng(seed)
        crop = gray_crop(picture, 96, rng, shrink=(1.0, 2.0), around=(22 / 300, 382 / 400))
        assert crop.max() > 0.5
