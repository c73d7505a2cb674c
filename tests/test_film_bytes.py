"""The same frames become the same bytes: again, in another process, on another processor."""

from __future__ import annotations

import hashlib
import platform
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from photochrom.film.output.dither import Samples
from photochrom.film.output.encode import encode_segment, encode_sound, fingerprint
from photochrom.film.plan.timeline import segments_of
from photochrom.film.storyboard import Storyboard
from photochrom.film.storyboard.encoder import CODECS, CodecName, Encoder

RATE = Fraction(24)

# Not one of them is a multiple of 128 wide: there x264 used to read what lay in memory by chance.
SIZES = [(160, 128), (192, 128), (320, 192), (324, 194)]


class Limited(Encoder):
    """An encoder that keeps to some instructions of the processor.

    Attributes:
        asm: As x264, x265 and SVT-AV1 call them; "" is all that there are.
    """

    asm: str = ""

    @property
    def options(self) -> dict[str, str]:
        options = super().options
        key = {"h264": "x264-params", "hevc": "x265-params", "av1": "svtav1-params"}[self.codec]
        return options | {key: f"{options[key]}:asm={self.asm}"} if self.asm else options


def glide(size: tuple[int, int], count: int, encoder: Encoder) -> list[Samples]:
    """Frames of a grainy picture that moves, made of whole numbers alone."""
    width, height = size
    rng = np.random.default_rng(width)
    y, x = np.mgrid[: height + 2 * count, : width + 3 * count]
    picture = 60 + ((x // 7) ^ (y // 5)) % 90 + rng.integers(0, 12, x.shape)
    rows = height // (1 if encoder.kind.sampling == "4:2:2" else 2)
    kind, scale = (np.uint8, 1) if encoder.depth == 8 else (np.uint16, 4)
    frames = []
    for n in range(count):
        luma = picture[n : n + height, 2 * n : 2 * n + width]
        color = 120 + picture[n : n + rows, n : n + width] // 16
        frames.append((np.concatenate([luma, color]) * scale).astype(kind))
    return frames


def encoded(
    folder: Path, encoder: Encoder, size: tuple[int, int] = SIZES[0], count: int = 12
) -> bytes:
    path = folder / f"a{encoder.ending}"
    encode_segment(path, glide(size, count, encoder), size=size, rate=RATE, encoder=encoder)
    return path.read_bytes()


def heard(folder: Path, ending: str) -> bytes:
    noise = np.random.default_rng(3).integers(-8000, 8000, (2, 24_000)) / np.float32(32_768)
    path = folder / f"a{ending}"
    encode_sound(path, np.split(noise.astype(np.float32), 10, axis=1))
    return path.read_bytes()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("preset", ["", "medium"])
def test_x264_gives_the_same_bytes_every_time(
    preset: str, size: tuple[int, int], tmp_path: Path
) -> None:
    # A few were not enough: it was the first of a process that differed, and now and then another.
    encoder = Encoder(preset=preset)
    assert len({encoded(tmp_path, encoder, size, 24) for _ in range(12)}) == 1


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("preset", ["", "superfast", "veryfast", "medium"])
def test_x264_gives_the_same_bytes_on_any_processor(
    preset: str, size: tuple[int, int], tmp_path: Path
) -> None:
    levels = ["", "0"]
    if platform.machine() in ("x86_64", "AMD64"):
        levels += ["sse2", "ssse3", "sse4.2", "avx2"]
    encoders = [Limited(preset=preset, asm=level) for level in levels]
    assert len({encoded(tmp_path, encoder, size) for encoder in encoders}) == 1


@pytest.mark.parametrize("bits", [8, 10])
def test_av1_gives_the_same_bytes_on_any_processor(bits: int, tmp_path: Path) -> None:
    # Between SSE 4.1 and AVX it may not: see docs/architecture.md.
    levels = ["", "c"] + (["avx2"] if platform.machine() in ("x86_64", "AMD64") else [])
    encoders = [
        Limited.model_validate({"codec": "av1", "bits": bits, "asm": level}) for level in levels
    ]
    assert len({encoded(tmp_path, encoder, (324, 194), 8) for encoder in encoders}) == 1


ALONE = """
import hashlib, sys
from pathlib import Path
sys.path.insert(0, {tests!r})
from test_film_bytes import CODECS, Encoder, Limited, encoded, heard
folder = Path({folder!r})
for codec in {codecs!r}:
    encoder = Limited(codec=codec, asm={asm!r}) if {asm!r} else Encoder(codec=codec)
    print(hashlib.sha256(encoded(folder, encoder)).hexdigest())
for ending in {sounds!r}:
    print(hashlib.sha256(heard(folder, ending)).hexdigest())
"""


def alone(folder: Path, codecs: list[CodecName], sounds: list[str], asm: str = "") -> list[str]:
    """Digests of what another process gives."""
    tests = str(Path(__file__).parent)
    code = ALONE.format(tests=tests, folder=str(folder), codecs=codecs, sounds=sounds, asm=asm)
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return ran.stdout.split()


def test_another_process_gives_the_same_bytes(tmp_path: Path) -> None:
    codecs, sounds = list(CODECS), [".m4a", ".mov", ".mka"]
    here = [encoded(tmp_path, Encoder(codec=codec)) for codec in codecs]
    here += [heard(tmp_path, ending) for ending in sounds]
    again = [encoded(tmp_path, Encoder(codec=codec)) for codec in codecs]
    again += [heard(tmp_path, ending) for ending in sounds]
    assert again == here
    assert alone(tmp_path, codecs, sounds) == [hashlib.sha256(one).hexdigest() for one in here]


def test_x265_gives_the_same_bytes_on_any_processor(tmp_path: Path) -> None:
    # It chooses its instructions once a process, and used to write down which.
    found = {tuple(alone(tmp_path, ["hevc"], [], asm)) for asm in ("", "0")}
    assert len(found) == 1


def test_a_change_of_how_it_is_encoded_changes_every_key(monkeypatch: pytest.MonkeyPatch) -> None:
    def keys() -> set[str]:
        board = Storyboard.parse({"shot": [{"card": "chapter", "heading": "One", "length": 4}]})
        return {segment.key for segment in segments_of(board, {})}

    before = keys()
    assert keys() == before
    options = {**CODECS["h264"].by_default, "x264-params": "cpu-independent=1:subme=2"}
    # A codec is frozen for everybody but a test that asks what would be if it were another.
    monkeypatch.setitem(CODECS["h264"].__dict__, "by_default", options)
    assert not keys() & before
    assert fingerprint((320, 180), RATE, Encoder())["encoder"]["options"]["x264-params"] == (
        "cpu-independent=1:subme=2"
    )
