"""Photographs from WebDataset tar shards, decoded once into a cache that lies flat in memory.

A shard holds `KEY.webp` and `KEY.json` beside each other. Decoding WebP costs more than a training
step can spare, so that `open_pictures` decodes every photograph once, shrinks it, and keeps the
pixels in one file that the operating system maps and shares between processes.
"""

from __future__ import annotations

import hashlib
import json
import os
import tarfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

ROOT = Path(__file__).resolve().parent
CACHE = ROOT / "cache"

# Portraits that lie in both sets, blurred, noisy or mirrored in one of them: nothing may be learned
# from them, nor may they be measured on by networks that did. Key of training, key of evaluation.
TWINS: Final[Mapping[str, str]] = {"c07744": "c106", "c05868": "c104", "c00546": "c108"}

_PICTURE_ENDINGS = (".webp", ".png", ".jpg", ".jpeg")
_CACHE_VERSION = 1


def data_folder() -> Path:
    """Find the training data: PHOTOCHROM_DATA, or `../shared/data` beside the checkout.

    Raises:
        FileNotFoundError: Neither is a folder.
    """
    named = os.environ.get("PHOTOCHROM_DATA")
    folder = Path(named) if named else ROOT.parent.parent / "shared" / "data"
    if not folder.is_dir():
        raise FileNotFoundError(f"{folder}: no training data; set PHOTOCHROM_DATA to its folder")
    return folder


@dataclass(frozen=True)
class Sample:
    """One photograph as it lies in a shard.

    Attributes:
        key: Its name without ending; unique in its set.
        data: The encoded picture.
        about: What the JSON beside it says.
    """

    key: str
    data: bytes
    about: dict[str, Any]


def read_samples(shards: Sequence[Path]) -> Iterator[Sample]:
    """Yield the samples of tar shards, in their order.

    Raises:
        ValueError: A shard is cut off in the middle of a sample.
    """
    for shard in shards:
        with tarfile.open(shard) as tar:
            pending: dict[str, dict[str, bytes]] = {}
            for member in tar:
                file = tar.extractfile(member)
                if file is None:
                    continue
                key, _, ending = member.name.rpartition(".")
                parts = pending.setdefault(key, {})
                parts["json" if ending == "json" else "picture"] = file.read()
                if len(parts) == 2:
                    yield Sample(key, parts["picture"], json.loads(parts["json"]))
                    del pending[key]
            if pending:
                raise ValueError(
                    f"{shard}: {len(pending)} samples lack their picture or their JSON"
                )


def decode(data: bytes) -> NDArray[np.uint8]:
    """Decode an encoded picture to (H, W, 3) uint8 RGB.

    Raises:
        ValueError: The bytes are not a picture.
    """
    pixels = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR_RGB)
    if pixels is None:
        raise ValueError("not a picture that OpenCV can decode")
    return np.asarray(pixels, np.uint8)


def shrink(pixels: NDArray[Any], short_side: int) -> NDArray[Any]:
    """Shrink a picture by area so that its short side is at most `short_side`; never enlarge."""
    height, width = pixels.shape[:2]
    scale = short_side / min(height, width)
    if scale >= 1:
        return pixels
    size = (round(width * scale), round(height * scale))
    return cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)


class Pictures(Sequence[NDArray[np.uint8]]):
    """Photographs in memory-mapped pixels; `pictures[i]` is (H, W, 3) uint8 RGB, not to be changed.

    Those that lie among the evaluation photographs, too, are left out.

    Attributes:
        keys: The key of each photograph in its shards.
        about: What the JSON beside each photograph says.
    """

    def __init__(self, pixels: Path, index: Path):
        entries = [e for e in json.loads(index.read_text()) if e["key"] not in TWINS]
        self.keys: list[str] = [entry["key"] for entry in entries]
        self.about: list[dict[str, Any]] = [entry["about"] for entry in entries]
        self._places = [(e["offset"], e["height"], e["width"]) for e in entries]
        self._pixels = np.memmap(pixels, np.uint8, mode="r")
        self._files = pixels, index

    def __reduce__(self) -> tuple[Any, ...]:
        # Another process maps the same file; the pixels do not travel.
        return Pictures, self._files

    def __len__(self) -> int:
        return len(self._places)

    def __getitem__(self, i: Any) -> Any:
        if isinstance(i, slice):
            return [self[j] for j in range(*i.indices(len(self)))]
        offset, height, width = self._places[i]
        flat = self._pixels[offset : offset + height * width * 3]
        return flat.reshape(height, width, 3)


def open_pictures(
    shards: Sequence[Path], *, short_side: int | None = None, cache: Path = CACHE
) -> Pictures:
    """Open the photographs of a set of shards, decoding them on first use.

    Args:
        shards: Tar files; the cache is keyed by their names, sizes and times.
        short_side: Shrink each photograph to this short side; None keeps its size.
        cache: Where decoded pixels are kept.
    """
    stats = [(s.name, s.stat().st_size, s.stat().st_mtime_ns) for s in shards]
    key = hashlib.sha256(repr((_CACHE_VERSION, short_side, stats)).encode()).hexdigest()[:16]
    pixels, index = cache / f"{key}.u8", cache / f"{key}.json"
    if not index.exists():
        cache.mkdir(parents=True, exist_ok=True)
        _fill(shards, short_side, pixels, index)
    return Pictures(pixels, index)


def _fill(shards: Sequence[Path], short_side: int | None, pixels: Path, index: Path) -> None:
    entries, offset = [], 0
    unfinished = pixels.with_suffix(f".{os.getpid()}.part")
    with unfinished.open("wb") as file:
        for sample in read_samples(shards):
            picture = decode(sample.data)
            if short_side is not None:
                picture = shrink(picture, short_side)
            height, width = picture.shape[:2]
            entries.append(
                {
                    "key": sample.key,
                    "about": sample.about,
                    "offset": offset,
                    "height": height,
                    "width": width,
                }
            )
            offset += file.write(np.ascontiguousarray(picture).data)
    unfinished.replace(pixels)
    # The index comes last and by rename: where there is an index, the pixels are whole.
    index_part = index.with_suffix(f".{os.getpid()}.part")
    index_part.write_text(json.dumps(entries))
    index_part.replace(index)


def evaluation_files(kind: str) -> list[Path]:
    """The evaluation photographs of a kind, in order, without those that training has seen.

    Args:
        kind: "colour", "historical_colour", "vintage_bw" or "damaged".

    Raises:
        FileNotFoundError: There is no data folder.
    """
    folder = data_folder() / "eval-dev"
    entries = json.loads((folder / "index.json").read_text())
    seen = set(TWINS.values())
    files = [folder / entry["file"] for entry in entries if entry["kind"] == kind]
    return [file for file in files if file.stem not in seen]


def color_shards() -> list[Path]:
    """The shards of the color photographs (short side 288), in order."""
    return sorted((data_folder() / "color-train").glob("*.tar"))


def hires_shards() -> list[Path]:
    """The shards of the sharp photographs (long side 1,000 to 1,600), in order."""
    return sorted((data_folder() / "hires-train").glob("*.tar"))
