"""Colors in words: hex, names, Lab, Munsell."""

from __future__ import annotations

import numpy as np
import pytest

from photochrom.colors.difference import ciede2000
from photochrom.colors.munsell import munsell
from photochrom.colors.stated import stated


@pytest.mark.parametrize(
    ("text", "rgb"),
    [("#c4121e", (196, 18, 30)), ("#ABC", (170, 187, 204)), ("Crimson", (220, 20, 60))],
)
def test_hex_and_names(text: str, rgb: tuple[int, int, int]) -> None:
    assert stated(text).rgb == rgb


# Of published tables: sRGB under D65 of Munsell papers, rounded.
@pytest.mark.parametrize(
    ("text", "rgb"),
    [
        ("Munsell 5R 4/14", (189, 27, 55)),
        ("5Y 8/12", (226, 193, 0)),
        ("5B 5/6", (63, 129, 150)),
        ("N 5/", (122, 122, 122)),
    ],
)
def test_munsell_is_near_what_tables_give(text: str, rgb: tuple[int, int, int]) -> None:
    found = stated(text)
    from photochrom.colorspace import lab_from_srgb

    wanted = lab_from_srgb(np.array(rgb, np.float32) / 255)
    assert ciede2000(found.lab, wanted) < 3


def test_munsell_between_its_papers_is_between_them() -> None:
    low, high = munsell("5R 4/6"), munsell("5R 4/8")
    between = munsell("5R 4/7")
    assert low and high and between
    np.testing.assert_allclose(between, (np.array(low) + high) / 2, atol=1e-6)
    for value in (0, 0.5, 9.5, 10):
        assert munsell(f"5R {value}/2") is not None


def test_lab_is_relative_to_d50_as_in_css() -> None:
    # White and grays stay neutral, and a museum's red is the red that browsers show.
    assert stated("lab(100 0 0)").rgb == (255, 255, 255)
    assert (
        max(
            abs(a - b)
            for a, b in zip(stated("lab(54.29 80.8 69.89)").rgb, (255, 0, 0), strict=True)
        )
        <= 2
    )


def test_a_color_that_srgb_has_not_keeps_what_was_stated() -> None:
    found = stated("lab(60 -100 20)")
    assert found.lab[1] < -95 and min(found.rgb) >= 0


@pytest.mark.parametrize(
    "text", ["", "nimson", "#12", "lab(1 2)", "lab(120 0 0)", "5X 4/2", "12R 4/2", "5R 12/2"]
)
def test_what_is_no_color_is_told(text: str) -> None:
    with pytest.raises(ValueError, match="is no color"):
        stated(text)
