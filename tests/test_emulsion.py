import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from photochrom.emulsion import Emulsion, emulsion_for_year, expose, jittered_weights, weights

RED, BLUE, SKY = (0.8, 0.1, 0.1), (0.1, 0.1, 0.8), (0.45, 0.65, 0.95)


def gray_of(color: tuple[float, float, float], emulsion: Emulsion) -> float:
    return float(expose(np.array(color, np.float32), weights(emulsion)))


def test_early_plates_turn_red_dark_and_sky_light() -> None:
    for early in (Emulsion.BLUE_SENSITIVE, Emulsion.ORTHOCHROMATIC):
        assert gray_of(RED, early) < gray_of(RED, Emulsion.PANCHROMATIC) - 0.2
        assert gray_of(SKY, early) > gray_of(SKY, Emulsion.PANCHROMATIC) + 0.05
    assert gray_of(BLUE, Emulsion.BLUE_SENSITIVE) > gray_of(BLUE, Emulsion.ORTHOCHROMATIC)


@given(st.floats(0, 1, width=32), st.sampled_from(Emulsion))
def test_neutral_gray_keeps_its_value(v: float, emulsion: Emulsion) -> None:
    assert gray_of((v, v, v), emulsion) == pytest.approx(v, abs=2e-6)


@given(st.sampled_from(Emulsion), st.integers(0, 2**32))
def test_jittered_weights_are_shares(emulsion: Emulsion, seed: int) -> None:
    drawn = jittered_weights(emulsion, np.random.default_rng(seed))
    assert sum(drawn) == pytest.approx(1)
    assert min(drawn) >= 0
    assert drawn == jittered_weights(emulsion, np.random.default_rng(seed))


def test_jitter_keeps_kinds_apart() -> None:
    rng = np.random.default_rng(0)
    for _ in range(50):
        assert jittered_weights(Emulsion.BLUE_SENSITIVE, rng)[2] >= 0.8
        assert jittered_weights(Emulsion.ORTHOCHROMATIC, rng)[0] <= 0.05
        assert jittered_weights(Emulsion.PANCHROMATIC, rng)[0] >= 0.27


def test_unknown_may_be_any_kind() -> None:
    rng = np.random.default_rng(0)
    reds = [jittered_weights(Emulsion.UNKNOWN, rng)[0] for _ in range(60)]
    assert min(reds) < 0.05 < 0.27 < max(reds)


def test_expose_scales_weights_and_refuses_nonsense() -> None:
    rgb = np.random.default_rng(0).random((4, 5, 3), dtype=np.float32)
    np.testing.assert_allclose(expose(rgb, (1, 2, 1)), expose(rgb, (0.25, 0.5, 0.25)), atol=1e-6)
    assert expose(rgb, (1, 2, 1)).shape == (4, 5)
    for nonsense in ((0, 0, 0), (-1, 1, 1)):
        with pytest.raises(ValueError, match="weights"):
            expose(rgb, nonsense)


@pytest.mark.parametrize(
    ("year", "emulsion"),
    [
        (None, Emulsion.UNKNOWN),
        (1851, Emulsion.BLUE_SENSITIVE),
        (1885, Emulsion.BLUE_SENSITIVE),
        (1886, Emulsion.ORTHOCHROMATIC),
        (1929, Emulsion.ORTHOCHROMATIC),
        (1930, Emulsion.PANCHROMATIC),
        (1969, Emulsion.PANCHROMATIC),
    ],
)
def test_year_gives_the_likely_emulsion(year: int | None, emulsion: Emulsion) -> None:
    assert emulsion_for_year(year) is emulsion
