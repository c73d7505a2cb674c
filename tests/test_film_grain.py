"""Film grain: how strong, how fine, where, and how often it changes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from photochrom.film import Storyboard
from photochrom.film.frames.grain import FINE, FRAMES, FULL, Grain
from photochrom.film.frames.planes import Planes
from photochrom.film.plan.timeline import segments_of
from photochrom.film.scenes.shooting import frames_of
from photochrom.film.stills import Stills

SIZE = (320, 180)
GRAY = (110, 110, 110)


def noise(strength: float, size: tuple[int, int], scale: float, step: int) -> NDArray[np.float64]:
    """Grain alone, in codes."""
    grain = Grain(strength, size, scale)
    flat = Planes.flat(size, (120.0, 128.0, 128.0))
    return np.asarray(grain.over(flat, step).luma / 256 - 120.0)


def shot(folder: Path, grain: float, size: tuple[int, int] = SIZE, **fields: Any) -> list[Planes]:
    path = folder / "a.png"
    Image.new("RGB", (320, 180), GRAY).save(path)
    film = {"size": list(size), "fade": 0, "theme": {"grain": grain}}
    item = {"photograph": "a", "length": 2, "transition": "cut", "move": "still", **fields}
    (segment,) = segments_of(
        Storyboard.parse({"film": film, "shot": [item]}), {"a": Stills(path, path, path)}
    )
    return list(frames_of(segment))


@pytest.mark.parametrize("strength", [0.2, 1.0])
def test_grain_is_as_strong_as_it_was_asked_for_and_changes_no_mean(strength: float) -> None:
    seen = noise(strength, (640, 360), 1 / 3, 0)
    assert seen.std() == pytest.approx(FULL * strength, rel=0.05)
    assert abs(seen.mean()) < 0.05 * FULL * strength
    assert np.abs(seen).max() <= 3 * FULL * strength + 0.01


def test_grain_is_as_large_beside_the_picture_in_any_size_of_frame() -> None:
    def reach(size: tuple[int, int], scale: float) -> float:
        """The distance at which grain is alike to half, in pixels of a 1080-pixel frame."""
        seen = noise(1.0, size, scale, 3)
        alike = [float((seen[:, n:] * seen[:, : -n or None]).mean()) for n in range(12)]
        half = np.interp(-alike[0] / 2, -np.array(alike), np.arange(12))
        return float(half / scale)

    # A Gaussian of width s is alike to half at 2 s sqrt(ln 2).
    for size, scale in (((1920, 1080), 1.0), ((3840, 2160), 2.0)):
        assert reach(size, scale) == pytest.approx(2 * FINE * np.sqrt(np.log(2)), rel=0.2)


def test_patterns_are_the_same_in_every_run_and_differ_from_one_another() -> None:
    one, again, other = (noise(1.0, SIZE, 1 / 6, step) for step in (4, 4, 5))
    assert (one == again).all()
    assert abs(float((one * other).mean())) < 0.05 * FULL**2


def test_a_pattern_stands_for_two_frames_and_lies_on_light_alone(tmp_path: Path) -> None:
    frames = shot(tmp_path, 1.0)
    plain = shot(tmp_path, 0.0)
    for before, after in zip(frames[::FRAMES], frames[1::FRAMES], strict=True):
        assert before is after
    patterns = [frame.luma.astype(int) - plain[0].luma for frame in frames[::FRAMES]]
    assert len({pattern.tobytes() for pattern in patterns}) == len(patterns)
    assert all((frame.cb == plain[0].cb).all() for frame in frames)
    # Without it a shot that stands still is one frame.
    assert len({id(frame) for frame in plain}) == 1


def test_grain_is_on_pictures_and_neither_on_mats_nor_on_words(tmp_path: Path) -> None:
    frames = shot(tmp_path, 1.0, framing="mat")
    differs = np.ptp([frame.luma.astype(int) for frame in frames[:12]], axis=0) > 0
    rows, columns = np.flatnonzero(differs.any(axis=1)), np.flatnonzero(differs.any(axis=0))
    assert 0 < rows[0] < 20 and 160 < rows[-1] < 179
    assert 0 < columns[0] < 40 and 280 < columns[-1] < 319
    assert differs[30:150, 60:260].mean() > 0.95
    words = shot(tmp_path, 1.0, (960, 540), framing="fill", caption="MMMM", length=3)[30:40]
    bright = np.min([frame.luma for frame in words], axis=0) / 256
    letters = bright > 205
    assert letters.sum() > 50
    spread = np.ptp([frame.luma[letters] / 256 for frame in words], axis=0)
    assert np.median(spread) < FULL / 2
