"""Small productions for tests, in folders and in buckets."""

from __future__ import annotations

import io
import wave
from pathlib import Path

import numpy as np
from PIL import Image

from metadata_kit import described, xmp
from photochrom.places import Url, listed, put, read

TONE = """\
schema = "photochrom.recipe/1"
name = "tone-only"
steps = ["tone"]
"""

HEAD = """\
schema = "photochrom.production/1"
title = "Harbor"
recipe = "recipes/tone.toml"
"""

FILM = """
[film]
size = [160, 128]
rate = 12
fade = 0.25

[film.sound]
music = "{music}"

[[shot]]
photograph = "a"
length = 4
transition = "cut"
reveal = { kind = "dissolve", from = "scan" }

[[shot]]
card = "credits"
length = 0.5
transition = "cut"
"""


def picture(seed: int) -> bytes:
    rng = np.random.default_rng(seed)
    rows, columns = np.mgrid[0:72, 0:96]
    pixels = 90 + rows + 20 * np.sin(columns / (5 + seed)) + rng.normal(0, 3, (72, 96))
    said = io.BytesIO()
    Image.fromarray(pixels.clip(0, 255).astype(np.uint8)).save(said, "PNG")
    return said.getvalue()


def sound() -> bytes:
    said = io.BytesIO()
    with wave.open(said, "wb") as file:
        file.setparams((1, 2, 8000, 0, "NONE", ""))
        noise = np.random.default_rng(3).normal(0, 3000, 16_000)
        file.writeframes(noise.astype("<i2").tobytes())
    return said.getvalue()


def text(scans: str = "scans/", ids: str = "ab", *, head: str = HEAD, film: str = "") -> str:
    said = head
    for id in ids:
        said += f'\n[[photograph]]\nid = "{id}"\nfile = "{scans}{id}.png"\ncredit = "Ann {id}"\n'
    return said + film


def contents(ids: str = "ab") -> dict[str, bytes]:
    """What a production names, by its name."""
    said = {f"scans/{id}.png": picture(seed) for seed, id in enumerate(ids)}
    said |= {"recipes/tone.toml": TONE.encode(), "music/a.wav": sound()}
    return said | {"scans/a.xmp": xmp(described("Cranes"))}


def laid_out(folder: Path | Url, said: str, others: dict[str, bytes]) -> Path | Url:
    """A production with all that it names, in a folder or in a bucket."""
    for name, content in (others | {"production.toml": said.encode()}).items():
        if isinstance(folder, Url):
            put(content, folder / name, mode="replace")
        else:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(content)
    return folder / "production.toml"


def outputs(folder: Url) -> dict[str, bytes]:
    found = (one.url for one in listed(folder))
    return {url.relative_to(folder).as_posix(): read(url) for url in found}


def foreign(url: Url, content: bytes) -> None:
    """Puts something as other programs do, without our attribute."""
    import obstore

    from photochrom.places.access import client_of

    client, key = client_of(url)
    obstore.put(client, key, content)
