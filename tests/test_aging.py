"""Aging: the same seed gives the same print, and its truth is true."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from photochrom.aging import (
    Halftone,
    Wear,
    age,
    draw_wear,
    folds,
    inscriptions,
    losses,
    marks,
    spots,
    texture,
    tone,
    wear_out,
)
from photochrom.colorspace import lab_from_srgb
from photochrom.emulsion import Emulsion

SHAPE = (120, 160)


def scene(height: int = SHAPE[0], width: int = SHAPE[1]) -> np.ndarray:
    """A soft colored picture: a gradient with a disk."""
    y, x = np.mgrid[:height, :width].astype(np.float32)
    disk = ((x - width / 2) ** 2 + (y - height / 2) ** 2 < (min(height, width) / 4) ** 2)[..., None]
    ground = np.stack([x / width, y / height, 0.5 + 0 * x], axis=-1) * 0.6 + 0.2
    return np.where(disk, np.float32([0.7, 0.2, 0.25]), ground).astype(np.float32)


def plain(value: float = 0.5) -> np.ndarray:
    return np.full(SHAPE, value, np.float32)


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


@settings(max_examples=20, deadline=None)
@given(
    wear=st.floats(0, 1),
    seed=st.integers(0, 2**32 - 1),
    emulsion=st.sampled_from(list(Emulsion)),
    height=st.integers(16, 140),
    width=st.integers(16, 140),
)
def test_any_print_is_whole_and_repeatable(
    wear: float, seed: int, emulsion: Emulsion, height: int, width: int
) -> None:
    picture = scene(height, width)
    kept = picture.copy()
    aged = age(picture, emulsion=emulsion, wear=wear, seed=seed)
    again = age(picture, emulsion=emulsion, wear=wear, seed=seed)
    assert np.array_equal(picture, kept)
    assert aged.print.shape == (height, width, 3)
    for plane in (aged.light, aged.clean):
        assert plane.shape == (height, width)
    for values in (aged.print, aged.light, aged.clean):
        assert values.dtype == np.float32
        assert 0 <= values.min() and values.max() <= 1
    assert aged.mask.dtype == np.bool_
    assert np.array_equal(aged.print, again.print)
    assert np.array_equal(aged.mask, again.mask)
    assert aged.wear == again.wear


def test_another_seed_gives_another_print() -> None:
    one, other = (age(scene(), emulsion=Emulsion.PANCHROMATIC, wear=0.6, seed=s) for s in (1, 2))
    assert not np.array_equal(one.print, other.print)


def test_no_wear_does_no_harm() -> None:
    for seed in range(10):
        aged = age(scene(), emulsion=Emulsion.ORTHOCHROMATIC, wear=0, seed=seed)
        assert not aged.mask.any()
        assert np.abs(aged.light - aged.clean).mean() < 0.02


def test_more_wear_does_more_harm() -> None:
    shares = [
        np.mean(
            [age(scene(), emulsion=Emulsion.UNKNOWN, wear=w, seed=s).mask.mean() for s in range(12)]
        )
        for w in (0.1, 0.4, 1.0)
    ]
    assert 0 < shares[0] < shares[1] < shares[2] < 0.7


def test_an_empty_wear_changes_nothing() -> None:
    gray = scene()[..., 0]
    worn = wear_out(gray, Wear(), rng())
    assert np.allclose(worn.light, gray, atol=1e-6)
    assert np.allclose(worn.clean, gray, atol=1e-6)
    assert not worn.mask.any()


def test_outside_the_mask_the_print_is_undamaged() -> None:
    damage = Wear(scratches=6, dust=40, cracks=1, creases=1, stains=1, foxing=5, hairs=2, rain=2)
    gray = scene()[..., 1]
    worn = wear_out(gray, damage, rng(4))
    changed = np.abs(worn.light - worn.clean) > 8 / 255
    assert worn.mask.any()
    assert worn.mask[changed].all()
    near = cv2.dilate(changed.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    assert near[worn.mask].all(), "what is masked beyond the changed pixels are gaps between them"
    assert worn.mask.sum() < 1.15 * changed.sum()


def test_defects_weaker_than_the_grain_are_not_asked_for() -> None:
    spill = Wear(stains=3)
    seen, hidden = (
        wear_out(plain(), replace(spill, grain=grain), rng(6)).mask.mean() for grain in (0, 0.2)
    )
    assert seen > 0.02
    assert hidden < 0.2 * seen


def test_what_is_missing_is_masked_whatever_the_lid_is_like() -> None:
    for seed in range(8):
        worn = wear_out(scene()[..., 1], Wear(corners=3, rips=2), rng(seed))
        assert worn.bare.max() > 0.9
        assert worn.mask[worn.bare > 0.5].all()


def test_stains_and_foxing_are_masked_where_they_are_seen() -> None:
    for wear in (Wear(stains=3), Wear(foxing=60)):
        worn = wear_out(plain(0.7), wear, rng(2), unit=1.5)
        darker = 0.7 - worn.light
        assert (darker > 10 / 255).sum() > 20
        assert worn.mask[darker > 10 / 255].all()
        assert not worn.mask[darker < 1 / 255].any()


def test_inscriptions_belong_to_the_print() -> None:
    gray = np.full((300, 400), 0.6, np.float32)
    for wear in (Wear(writing=3), Wear(stamps=3)):
        worn = wear_out(gray, wear, rng(1), unit=1.3)
        assert (np.abs(worn.clean - 0.6) > 0.1).mean() > 0.003
        assert np.array_equal(worn.light, worn.clean)
        assert np.array_equal(worn.sharp, worn.clean)
        assert not worn.mask.any()


def test_inscriptions_are_drawn_when_asked() -> None:
    for effect in (inscriptions.writing, inscriptions.stamps):
        assert np.array_equal(effect(plain(), 0, rng()), plain())
        assert not np.array_equal(effect(plain(), 4, rng(3)), plain())


def test_grain_noise_and_compression_are_no_defects() -> None:
    rough = Wear(grain=0.06, noise=0.02, jpeg=40, halftone=Halftone(4, 30, 0.5))
    worn = wear_out(scene()[..., 1], rough, rng())
    assert not worn.mask.any()
    assert np.abs(worn.light - worn.clean).mean() > 0.01


def test_emulsions_differ_in_red() -> None:
    red = np.zeros((32, 32, 3), np.float32) + np.float32([0.8, 0.1, 0.1])
    ortho, pan = (
        age(red, emulsion=kind, wear=Wear(), seed=3).light.mean()
        for kind in (Emulsion.ORTHOCHROMATIC, Emulsion.PANCHROMATIC)
    )
    assert ortho < pan - 0.1


def test_gray_is_taken_as_recorded() -> None:
    gray = scene()[..., 2] * 0.5
    aged = age(gray, emulsion=Emulsion.BLUE_SENSITIVE, wear=Wear(), seed=0)
    assert np.allclose(aged.light, gray, atol=1e-6)


def test_tint_leaves_the_lightness() -> None:
    ramp = np.tile(np.linspace(0.15, 0.9, 64, dtype=np.float32), (8, 1))
    zero = np.zeros_like(ramp)
    color = tone.tint(ramp, sepia=15, hue=75, yellowing=10, brown=zero, bare=zero)
    lab, gray = lab_from_srgb(color), lab_from_srgb(np.repeat(ramp[..., None], 3, -1))
    assert np.abs(lab[..., 0] - gray[..., 0]).max() < 1
    middle = lab[:, 20:44]
    assert (middle[..., 2] > 5).all(), "sepia is yellow-brown"


def test_grain_is_strongest_in_the_middle_tones() -> None:
    spread = {v: texture.grain(plain(v), 0.05, 0.6, rng()).std() for v in (0.03, 0.5)}
    assert spread[0.5] == pytest.approx(0.05, rel=0.05)
    assert spread[0.03] < 0.5 * spread[0.5]


def test_grain_is_stronger_in_lights_than_in_shadows() -> None:
    light, dark = texture.grain_weight(np.float32([[0.8, 0.2]]))[0]
    assert light > 1.2 * dark
    assert texture.grain_weight(np.float32([[0.5]]))[0, 0] == pytest.approx(1)


def test_larger_grain_is_smoother() -> None:
    def neighbors(size: float) -> float:
        noise = texture.grain(plain(), 0.05, size, rng()) - 0.5
        return float((noise[:, 1:] * noise[:, :-1]).mean() / noise.var())

    assert neighbors(0.0) < 0.1 < neighbors(0.7) < neighbors(1.5)


def test_halftone_keeps_the_tone_and_has_its_pitch() -> None:
    dots = texture.halftone(np.full((128, 128), 0.5, np.float32), 8, 0, 1.0)
    assert dots.mean() == pytest.approx(0.5, abs=0.03)
    rows = np.abs(np.fft.rfft(dots[4] - dots[4].mean()))
    assert rows.argmax() == 128 // 8


def test_vignette_darkens_corners_by_what_it_says() -> None:
    light = tone.vignette(np.ones((101, 101), np.float32), 0.4)
    assert light[50, 50] == pytest.approx(1, abs=1e-3)
    linear = ((light[0, 0] + 0.055) / 1.055) ** 2.4
    assert linear == pytest.approx(0.6, abs=0.01)


def test_a_curved_field_is_soft_in_the_corners() -> None:
    checks = np.indices((120, 160)).sum(axis=0) // 3 % 2 * np.float32(0.6) + np.float32(0.2)
    soft = tone.soften(checks, 0.0, corners=3.0)
    assert soft[50:70, 70:90].std() > 0.9 * checks[50:70, 70:90].std()
    for corner in (soft[:20, :20], soft[-20:, :20], soft[:20, -20:], soft[-20:, -20:]):
        assert corner.std() < 0.5 * checks.std()
    assert tone.soften(checks, 0.0, corners=0.0) is checks


def test_one_side_fades() -> None:
    for seed in range(6):
        faded = tone.fade_side(plain(0.1), 0.5, rng(seed))
        assert faded.min() == pytest.approx(0.1, abs=0.02)
        assert faded.max() > 0.25
        sides = [faded[:10].mean(), faded[-10:].mean(), faded[:, :10].mean(), faded[:, -10:].mean()]
        assert max(sides) > min(sides) + 0.1


def test_silver_shines_in_the_dark_near_edges_and_is_to_be_removed() -> None:
    worn = [wear_out(plain(0.1), Wear(mirroring=0.8), rng(seed)) for seed in range(6)]
    lifted = np.mean([w.light - w.clean for w in worn], axis=0)
    assert lifted[:8].mean() > 3 * lifted[50:70, 60:100].mean()
    assert np.array_equal(worn[0].clean, plain(0.1))
    assert not any(w.mask.any() for w in worn)
    bright = wear_out(plain(0.9), Wear(mirroring=0.8), rng())
    assert np.abs(bright.light - 0.9).max() < 0.01


def test_newtons_rings_get_closer_outwards() -> None:
    rings = texture.newton_rings(np.full((400, 400), 0.5, np.float32), 0.04, rng(2))
    assert np.abs(rings - 0.5).max() == pytest.approx(0.02, rel=0.1)
    assert rings.mean() == pytest.approx(0.5, abs=0.002)
    assert not wear_out(plain(), Wear(newton=0.03), rng(2)).mask.any()


def test_scratches_vary_and_are_interrupted() -> None:
    drawn = [np.abs(marks.scratches(plain(0.3), 1, rng(s)) - 0.3) for s in range(40)]
    depths = np.concatenate([d[d > 0.02] for d in drawn])
    assert depths.std() > 0.1
    pieces = [cv2.connectedComponents((d > 0.03).astype(np.uint8))[0] - 1 for d in drawn]
    assert sum(n > 1 for n in pieces) > 10


def test_worn_edges_stay_at_the_edges() -> None:
    changed = np.abs(losses.worn_edges(plain(0.3), 1.0, rng(), unit=0.8) - 0.3) > 0.05
    assert changed[:2].mean() > 0.4
    assert not changed[40:80, 50:110].any()


def test_creases_are_bare_and_shaded() -> None:
    folded = [folds.creases(plain(0.4), 1, rng(s), unit=1.5) for s in range(20)]
    assert sum(f.max() > 0.7 for f in folded) > 6
    assert sum(f.min() < 0.385 for f in folded) > 12


def test_marks_are_drawn_where_asked_and_only_when_asked() -> None:
    for effect in (marks.scratches, marks.rain, marks.dust, marks.hairs):
        assert np.array_equal(effect(plain(), 0, rng()), plain())
        assert (np.abs(effect(plain(), 25, rng(1)) - 0.5) > 0.1).any(), effect.__name__
    for effect in (folds.creases, folds.cracks):
        assert np.array_equal(effect(plain(), 0, rng()), plain())
        assert (np.abs(effect(plain(), 3, rng(1)) - 0.5) > 0.1).any(), effect.__name__


def test_rain_is_upright() -> None:
    drawn = np.abs(marks.rain(plain(), 1, rng(2)) - 0.5) > 0.05
    assert drawn.any(axis=1).sum() > 3 * drawn.any(axis=0).sum()


def test_stains_darken_and_flakes_bare_the_paper() -> None:
    swallowed = spots.stains(SHAPE, 3, rng(1))
    assert 0 <= swallowed.min() and 0.05 < swallowed.max() <= 0.9
    bare = losses.flakes(plain(0.2), 1.0, rng(1))
    assert 0.002 < (bare > 0.6).mean() < 0.6


def test_missing_corners_lie_in_corners() -> None:
    _, gone = losses.tears(plain(), 0, 4, rng(3))
    for corner in (gone[:3, :3], gone[:3, -3:], gone[-3:, :3], gone[-3:, -3:]):
        assert corner.max() > 0.9
    assert gone[40:80, 50:110].max() == 0


def test_wear_is_drawn_from_a_scale() -> None:
    unharmed = draw_wear(0.0, rng())
    counts = (
        "writing",
        "stamps",
        "scratches",
        "rain",
        "dust",
        "hairs",
        "creases",
        "cracks",
        "stains",
        "foxing",
    )
    degrees = ("flakes", "worn_edges", "rips", "corners", "blur", "noise", "mirroring", "side_fade")
    assert all(getattr(unharmed, name) == 0 for name in counts + degrees)
    assert unharmed.jpeg is None
    for wrong in (-0.1, 1.5, float("nan")):
        with pytest.raises(ValueError, match="wear must be"):
            draw_wear(wrong, rng())


def test_wrong_shapes_are_refused() -> None:
    with pytest.raises(ValueError, match=r"\(H, W\)"):
        age(np.zeros((4, 4, 4), np.float32), emulsion=Emulsion.UNKNOWN, wear=0, seed=0)


def test_no_flake_throws_its_shadow_over_to_the_other_edge() -> None:
    for seed in range(12):
        flaked = losses.flakes(plain(0.4), 0.8, rng(seed), unit=1.2)
        bare = (flaked > 0.7).astype(np.uint8)
        around = cv2.dilate(bare, np.ones((7, 7), np.uint8)) > 0
        assert (np.abs(flaked - 0.4) > 0.15)[~around].mean() < 0.02
        shaded = (flaked < 0.38) & ~around
        assert not shaded.any()
