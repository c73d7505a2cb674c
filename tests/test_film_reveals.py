"""Reveals: from all of the old picture to all of the colored one, and what lies between."""

from __future__ import annotations

import itertools
from typing import get_args

import numpy as np
import pytest

from photochrom.film.camera import Rect
from photochrom.film.frames.planes import Planes
from photochrom.film.frames.reveals import GLOW, mixed, shares
from photochrom.film.storyboard import Reveal

SIZE = (64, 36)
KINDS = [k for k in get_args(Reveal.model_fields["kind"].annotation) if k != "none"]
# A picture that fills the frame, one that is matted, and one that is seen in part.
RECTS = [Rect(0, 0, 1, 1), Rect(-0.5, -0.1, 2, 1.2), Rect(0.2, 0.3, 0.5, 0.5)]


def _noise(seed: int) -> Planes:
    rng = np.random.default_rng(seed)
    width, height = SIZE
    shapes = ((height, width), (height // 2, width // 2), (height // 2, width // 2))
    return Planes(*(rng.integers(16 * 256, 220 * 256, shape, np.uint16) for shape in shapes))


def _columns(planes: Planes, part: slice) -> Planes:
    half = slice(part.start // 2, part.stop // 2)
    return Planes(planes.luma[:, part], planes.cb[:, half], planes.cr[:, half])


@pytest.mark.parametrize("rect", RECTS)
@pytest.mark.parametrize("kind", KINDS)
def test_color_only_ever_grows_from_nothing_to_everything(kind: str, rect: Rect) -> None:
    reveal = Reveal(kind=kind, center=(0.7, 0.4))
    seen = [
        np.broadcast_to(shares(reveal, at, rect, SIZE).color, SIZE[::-1])
        for at in np.linspace(0, 1, 30)
    ]
    width, height = SIZE
    x, y = (np.arange(width) + 0.5) / width, (np.arange(height) + 0.5) / height
    on_picture = np.outer(
        np.abs(rect.top + y * rect.height - 0.5) < 0.5,
        np.abs(rect.left + x * rect.width - 0.5) < 0.5,
    )
    assert seen[0][on_picture].max() == 0
    assert seen[-1][on_picture].min() > 0.98
    assert min(float((b - a).min()) for a, b in itertools.pairwise(seen)) >= -1e-6
    # Half the time has brought about a part of it, and not the other.
    assert 0.02 < seen[15][on_picture].mean() < 0.98


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_not_read_is_not_needed(kind: str) -> None:
    before, color = _noise(1), _noise(2)
    for at in (0.05, 0.3, 0.6, 0.95):
        here = shares(Reveal(kind=kind), at, RECTS[0], SIZE)
        new, old = here.columns
        result = mixed(_columns(before, old), _columns(color, new), here)
        share = np.broadcast_to(here.color, SIZE[::-1])
        for got, a, b, scale in zip(
            result.parts(), before.parts(), color.parts(), (1, 2, 2), strict=True
        ):
            wanted = a + (b.astype(float) - a) * share[::scale, ::scale]
            if scale == 1 and here.light is not None:
                wanted += (235 * 256 - wanted) * here.light
            assert np.abs(got - wanted).max() <= 1


def test_a_wipe_goes_from_left_to_right_and_a_split_from_the_middle() -> None:
    wipe = shares(Reveal(kind="wipe"), 0.5, RECTS[0], SIZE).color[0]
    assert wipe[:20].min() == 1 and wipe[44:].max() == 0
    split = shares(Reveal(kind="split"), 0.5, RECTS[0], SIZE).color[0]
    assert split[30:34].min() == 1 and max(split[:8].max(), split[-8:].max()) == 0
    assert split == pytest.approx(split[::-1])


def test_an_iris_opens_where_it_is_told_to() -> None:
    # The camera shows the right half only: a quarter of the frame is half of that in the picture.
    seen = shares(Reveal(kind="iris", center=(0.75, 0.5)), 0.2, Rect(0.5, 0.25, 0.5, 0.5), SIZE)
    y, x = np.unravel_index(np.argmax(seen.color), seen.color.shape)
    assert abs(x - 32) <= 3 and abs(y - 18) <= 3
    assert seen.color[0, 0] == 0


def test_the_bar_of_a_scan_shines_on_the_picture_alone() -> None:
    matted = RECTS[1]
    lights = [shares(Reveal(kind="scan"), at, matted, SIZE).light for at in np.linspace(0, 1, 60)]
    most = np.max(lights, axis=0)[:, 0]
    assert most[:3].max() == most[-3:].max() == 0
    assert 0.8 * GLOW < most[4:-4].min() <= most.max() <= GLOW
