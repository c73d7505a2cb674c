"""Vividness: weak colors are raised, strong ones left, hues kept, documented colors obeyed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from photochrom.recipe import Recipe
from photochrom.steps.color import ColorParams
from photochrom.steps.vividness import MOST_VIBRANCE, Vividness

MIDDLE = 50.0
SKIN, SKY, GRASS = 46.0, 260.0, 130.0


def colors(chroma: np.ndarray | float, hue: float) -> np.ndarray:
    """(1, n, 2) a* and b* of a hue in degrees."""
    angle = np.radians(hue)
    chroma = np.atleast_1d(np.asarray(chroma, np.float32))
    return np.stack([chroma * np.cos(angle), chroma * np.sin(angle)], -1)[None].astype(np.float32)


def shown(
    vividness: Vividness,
    ab: np.ndarray,
    *,
    certainty: float = 1.0,
    lightness: float = MIDDLE,
) -> np.ndarray:
    planes = (np.full(ab.shape[:2], v, np.float32) for v in (certainty, lightness))
    return vividness(ab, *planes)


def chroma_of(ab: np.ndarray) -> np.ndarray:
    return np.linalg.norm(ab, axis=-1)[0]


def rise(vividness: Vividness, chroma: float, hue: float = SKY) -> float:
    """By how much a color is raised beyond the saturation, as a share of it."""
    return float(chroma_of(shown(vividness, colors(chroma, hue)))[0]) / chroma - 1


def test_weak_colors_are_raised_and_grays_and_strong_colors_are_not() -> None:
    vividness = Vividness(vibrance=0.8, knee=20)
    rises = [rise(vividness, chroma) for chroma in (0.01, 2, 11.2, 20, 40, 59)]
    wanted = [0.0, 0.8 * 0.15, 0.8, 0.8 * 0.69, 0.8 * 0.164, 0.8 * 0.057]
    np.testing.assert_allclose(rises, wanted, atol=0.012)
    assert max(rise(vividness, chroma) for chroma in np.linspace(1, 59, 200)) < 0.801
    # Twice the knee raises colors that are twice as strong.
    wide = replace(vividness, knee=40)
    assert rise(wide, 22.4) == pytest.approx(rise(vividness, 11.2), rel=1e-3)


@pytest.mark.parametrize("hue", [SKIN, 60.0, GRASS, SKY])
@pytest.mark.parametrize("vibrance", [0.0, 0.85, MOST_VIBRANCE])
@pytest.mark.parametrize("knee", [5.0, 24.0, 80.0])
@pytest.mark.parametrize("skin", [0.0, 0.8, 1.0])
def test_of_two_colors_of_one_hue_the_stronger_stays_the_stronger(
    hue: float, vibrance: float, knee: float, skin: float
) -> None:
    vividness = Vividness(1.5, vibrance, knee=knee, skin=skin)
    found = colors(np.linspace(0, 110, 400), hue)
    got = shown(vividness, found)
    assert np.diff(chroma_of(got)).min() > -1e-3
    assert np.isfinite(got).all() and chroma_of(got).max() < 100
    # And keeps its hue.
    crossed = got[..., 0] * found[..., 1] - got[..., 1] * found[..., 0]
    assert np.abs(crossed).max() < 1e-2


def test_without_vibrance_it_is_a_factor_for_all() -> None:
    found = np.array([2, 20, 45], np.float32)
    for hue in (SKIN, SKY):
        np.testing.assert_allclose(
            chroma_of(shown(Vividness(1.3), colors(found, hue))), found * 1.3, rtol=1e-5
        )


def test_skin_is_raised_less_than_a_sky() -> None:
    vividness = Vividness(vibrance=1.2, skin=0.8)
    rises = {hue: rise(vividness, 15, hue) for hue in (SKIN, 30.0, 62.0, GRASS, SKY)}
    assert rises[SKIN] == pytest.approx(0.2 * rises[SKY], rel=0.02)
    assert rises[SKY] == pytest.approx(rises[GRASS], rel=0.05)
    assert rises[SKIN] < rises[30.0] < rises[SKY] and rises[62.0] < rises[SKY]
    left = shown(replace(vividness, skin=1), colors(15, SKIN))
    np.testing.assert_allclose(left, colors(15, SKIN), atol=1e-3)


def test_what_is_unsure_is_paler_and_black_and_white_have_no_color() -> None:
    vividness = Vividness(vibrance=1, caution=0.5)
    sure, unsure = (
        chroma_of(shown(vividness, colors(30, GRASS), certainty=c))[0] for c in (1.0, 0.0)
    )
    assert 0.5 < unsure / sure < 0.75
    for lightness in (0.0, 100.0):
        assert chroma_of(shown(vividness, colors(30, GRASS), lightness=lightness))[0] == 0


def test_cinema_is_livelier_than_faithful_where_colors_are_weak_and_hardly_where_strong() -> None:
    def of(recipe: str) -> Vividness:
        params = Recipe.preset(recipe).params["color"]
        assert isinstance(params, ColorParams)
        names = ("saturation", "vibrance", "knee", "skin", "caution")
        return Vividness(**{name: getattr(params, name) for name in names})

    def share(chroma: float, hue: float) -> float:
        cinema, faithful = (shown(of(name), colors(chroma, hue)) for name in ("cinema", "faithful"))
        return float(chroma_of(cinema)[0] / chroma_of(faithful)[0])

    assert share(13, SKY) > 1.7 and share(13, GRASS) > 1.7
    assert 1 < share(20, SKIN) < 1.2
    assert 1 < share(45, GRASS) < 1.2
    assert share(1, SKY) < 1.1
