"""What is fitted is what the step looks at."""

from __future__ import annotations

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="training wants PyTorch")

from training.fading import corrected, faded, network, seen  # noqa: E402

from photochrom.steps.fading import features, layers_of  # noqa: E402


def test_features_are_those_of_the_step() -> None:
    pictures = np.random.default_rng(0).random((2, 4096, 3)) * (0.8, 0.6, 0.4) + 0.1
    many = seen(torch.tensor(pictures)).numpy()
    for one, found in zip(pictures, many, strict=True):
        assert np.allclose(found, features(one), atol=1e-6)


def test_a_network_that_learned_nothing_changes_little() -> None:
    pictures = torch.rand(2, 4096, 3, generator=torch.Generator().manual_seed(0))
    with torch.no_grad():
        told = network()(seen(pictures))
    assert (corrected(pictures, told) - pictures).abs().max() < 0.06


def test_sound_pictures_are_among_those_that_are_shown() -> None:
    pictures = torch.rand(64, 4096, 3, generator=torch.Generator().manual_seed(0))
    y, sound = faded(pictures, torch.Generator().manual_seed(1))
    moved = (y - pictures).abs().mean((1, 2))
    assert 0.1 < sound.float().mean() < 0.5
    assert moved[sound].max() < 0.03 < moved[~sound].mean()


def test_what_ships_reads_back() -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (80, 100, 3), dtype=np.uint8)
    layers = layers_of(pixels)
    assert all(len(one) == 3 for one in (layers.black, layers.white, layers.contrast))
