"""The color network that ships honors its contract."""

import hashlib
import tomllib
from pathlib import Path

import numpy as np
import onnxruntime
import pytest

import photochrom
from photochrom.steps.settling import annealed_mean

FOLDER = Path(photochrom.__file__).parent / "nets" / "weights"
FILE = FOLDER / "color.onnx"
KINDS = ("blue-sensitive", "orthochromatic", "panchromatic", "unknown")


@pytest.fixture(scope="module")
def session() -> onnxruntime.InferenceSession:
    return onnxruntime.InferenceSession(FILE.read_bytes(), providers=["CPUExecutionProvider"])


def scene(height: int, width: int) -> np.ndarray:
    """Sky over ground, with a plain figure before them: (1, 1, H, W)."""
    gray = np.linspace(0.85, 0.65, height, dtype=np.float32)[:, None] * np.ones(width, np.float32)
    gray[height // 2 :] = 0.35
    gray[height // 3 : -8, width // 3 : width // 2] = 0.55
    return gray[None, None]


def run(
    session: onnxruntime.InferenceSession,
    gray: np.ndarray,
    *,
    kind: str = "unknown",
    hints: np.ndarray | None = None,
    temperature: float = 0.5,
) -> tuple[np.ndarray, np.ndarray]:
    if hints is None:
        hints = np.zeros((1, 3, *gray.shape[2:]), np.float32)
    ab, certainty = session.run(
        ["ab", "certainty"],
        {
            "gray": gray,
            "emulsion": np.eye(4, dtype=np.float32)[None, KINDS.index(kind)],
            "hints": hints,
            "temperature": np.array([temperature], np.float32),
        },
    )
    return ab, certainty


@pytest.mark.parametrize("size", [(256, 320), (64, 96), (320, 256), (32, 32)])
def test_shapes_and_ranges_at_any_size(
    session: onnxruntime.InferenceSession, size: tuple[int, int]
) -> None:
    ab, certainty = run(session, scene(*size))
    assert ab.shape == (1, 2, size[0] // 4, size[1] // 4)
    assert certainty.shape == (1, 1, size[0] // 4, size[1] // 4)
    assert np.isfinite(ab).all()
    assert np.abs(ab).max() <= 110
    assert certainty.min() >= 0
    assert certainty.max() <= 1


def test_the_same_input_gives_the_same_bytes(session: onnxruntime.InferenceSession) -> None:
    one, other = run(session, scene(64, 64)), run(session, scene(64, 64))
    assert all(a.tobytes() == b.tobytes() for a, b in zip(one, other, strict=True))


@pytest.mark.parametrize("color", [(55.0, 35.0), (-40.0, 30.0), (15.0, -50.0)])
def test_a_pin_decides_the_color_at_its_place(
    session: onnxruntime.InferenceSession, color: tuple[float, float]
) -> None:
    gray = scene(256, 256)
    hints = np.zeros((1, 3, 256, 256), np.float32)
    hints[0, :2, 150:156, 104:110] = np.array(color)[:, None, None] / 110
    hints[0, 2, 150:156, 104:110] = 1
    without, _ = run(session, gray)
    pinned, certainty = run(session, gray, hints=hints)
    target = np.array(color)
    here = (0, slice(None), 38, 26)
    assert np.linalg.norm(pinned[here] - target) < 15
    assert np.linalg.norm(pinned[here] - target) < 0.4 * np.linalg.norm(without[here] - target)
    # The figure that it sits on follows it more than the far corner of the sky does.
    moved = np.linalg.norm(pinned - without, axis=1)[0]
    assert moved[34:44, 23:31].mean() > 2 * moved[:8, -8:].mean()
    assert certainty[0, 0, 38, 26] > 0.5


def test_a_weak_pin_moves_less_than_a_firm_one(session: onnxruntime.InferenceSession) -> None:
    gray = scene(128, 128)
    moves = []
    for strength in (0.0, 0.3, 1.0):
        hints = np.zeros((1, 3, 128, 128), np.float32)
        hints[0, :, 60:66, 50:56] = np.array([0.5, 0.4, strength])[:, None, None]
        ab, _ = run(session, gray, hints=hints)
        moves.append(np.linalg.norm(ab[0, :, 15, 13] - (55, 44)))
    assert moves[0] > moves[1] > moves[2]
    without, _ = run(session, gray)
    assert moves[0] == pytest.approx(np.linalg.norm(without[0, :, 15, 13] - (55, 44)), abs=1e-3)


def test_the_emulsion_makes_a_difference(session: onnxruntime.InferenceSession) -> None:
    blue, _ = run(session, scene(128, 128), kind="blue-sensitive")
    panchromatic, _ = run(session, scene(128, 128), kind="panchromatic")
    assert np.abs(blue - panchromatic).mean() > 0.2


def test_tone_is_what_an_eye_saw_more(session: onnxruntime.InferenceSession) -> None:
    gray = scene(128, 160)
    tones = []
    for kind in KINDS:
        (tone,) = session.run(
            ["tone"],
            {
                "gray": gray,
                "emulsion": np.eye(4, dtype=np.float32)[None, KINDS.index(kind)],
                "hints": np.zeros((1, 3, *gray.shape[2:]), np.float32),
                "temperature": np.array([0.5], np.float32),
            },
        )
        assert tone.shape == (1, 1, 32, 40)
        tones.append(float(np.abs(tone).mean()))
    blue, ortho, pan, _ = tones
    assert blue > ortho > pan
    assert pan < 3


def test_a_low_temperature_decides_for_one_color(session: onnxruntime.InferenceSession) -> None:
    decided, _ = run(session, scene(256, 256), temperature=0.01)
    mean, _ = run(session, scene(256, 256), temperature=1.0)

    def from_grid(ab: np.ndarray) -> float:
        return float(np.abs(ab - 10 * np.rint(ab / 10)).mean())

    assert from_grid(decided) < 0.6
    assert from_grid(mean) > 1.5


def test_it_tells_how_likely_each_color_is(session: onnxruntime.InferenceSession) -> None:
    gray = scene(96, 160)
    ab, likely, palette = session.run(
        ["ab", "likely", "palette"],
        {
            "gray": gray,
            "emulsion": np.eye(4, dtype=np.float32)[None, 2],
            "hints": np.zeros((1, 3, 96, 160), np.float32),
            "temperature": np.array([0.5], np.float32),
        },
    )
    assert palette.shape == (likely.shape[1], 2) and np.abs(palette).max() <= 110
    assert likely.shape[2:] == (24, 40) and likely.min() >= 0
    np.testing.assert_allclose(likely.sum(axis=1), 1, atol=1e-4)
    # It is the distribution that the color is the annealed mean of.
    mean = annealed_mean(likely[0], palette, 0.5)
    np.testing.assert_allclose(mean.transpose(2, 0, 1), ab[0], atol=0.05)


def test_the_card_tells_the_truth_about_the_file() -> None:
    card = tomllib.loads((FOLDER / "color.toml").read_text())
    assert card["file"] == FILE.name
    assert card["sha256"] == hashlib.sha256(FILE.read_bytes()).hexdigest()
    assert FILE.stat().st_size < 15_000_000
    assert "research use" in card["training"]
    assert card["multiple"] == 32
    assert card["tile"] is False
    results = card["results"]
    for emulsion in ("blue_sensitive", "orthochromatic", "panchromatic"):
        name = f"modern_{emulsion}_told_{emulsion}"
        assert results[f"{name}_psnr"] > results["modern_gray_psnr"] + 0.5
        assert results[f"{name}_delta_e"] < results["modern_gray_delta_e"]
        errors = results[f"{name}_error_by_certainty"]
        assert errors == sorted(errors, reverse=True)
