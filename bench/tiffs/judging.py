"""Each TIFF of a collection read by us and by libtiff, and what both make of it side by side."""

from __future__ import annotations

import tarfile
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np
import tifffile
from numpy.typing import NDArray
from training.shards import data_folder

from bench.harness import Progress
from bench.pieces import Piece, Runner
from bench.tiffs import second
from photochrom.errors import PhotographError
from photochrom.photograph.container import Container
from photochrom.photograph.develop import develop
from photochrom.photograph.opening import look_into
from photochrom.source import Source

ENDINGS = (".tif", ".tiff")


@dataclass(frozen=True)
class Verdict:
    """What came of one file.

    Attributes:
        file: Its name in the collection.
        read: Whether it is read.
        right: Whether it is what libtiff reads; None where libtiff reads nothing, or nothing that
            could be compared.
        by: How it was compared: "8 bits" (tiff2rgba, within 1 of 255) or "full depth" (tiffcp,
            within 1 of 65,535).
        off: The largest difference, in the steps that `by` names.
        said: Why it was refused, or what was told of it.
    """

    file: str
    read: bool
    right: bool | None = None
    by: str = ""
    off: float | None = None
    said: str = ""


def collection() -> Path:
    """The tar of TIFFs beside the training data.

    Raises:
        FileNotFoundError: It is not there.
    """
    path = data_folder().parent / "tiffs" / "tiffs.tar"
    if not path.is_file():
        raise FileNotFoundError(f"{path}: no collection of TIFFs")
    return path


def judged(count: int | None, progress: Progress, runner: Runner) -> dict[str, Any]:
    """Figures: counts, and a verdict for each file.

    Raises:
        FileNotFoundError: The collection or libtiff's tools are not there.
    """
    if not second.is_here():
        raise FileNotFoundError("libtiff's tools are not installed (Debian: libtiff-tools)")
    tar, libtiff = collection(), second.version()
    pieces = {
        name: Piece(
            name,
            "bench.tiffs.judging:member",
            {"name": name},
            {"tar": tar},
            {"libtiff": libtiff},
            follows=("photochrom.photograph", "photochrom.source"),
        )
        for name in names(tar)[:count]
    }
    verdicts = list(runner.measured(pieces, progress).values())
    return {
        "files": len(verdicts),
        "read": sum(one["read"] for one in verdicts),
        "right": sum(one["right"] is True for one in verdicts),
        "wrong": sum(one["right"] is False for one in verdicts),
        "unchecked": sum(one["read"] and one["right"] is None for one in verdicts),
        "verdicts": verdicts,
    }


def names(tar: Path) -> list[str]:
    """The TIFFs of a collection."""
    with tarfile.open(tar) as archive:
        there = (PurePosixPath(one.name) for one in archive.getmembers() if one.isfile())
        return [str(path) for path in sorted(there) if path.suffix in ENDINGS]


def member(inputs: Mapping[str, Path], *, name: str) -> dict[str, Any]:
    """A piece: a file of a collection, taken out of it and judged."""
    with tempfile.TemporaryDirectory() as scratch:
        with tarfile.open(inputs["tar"]) as archive:
            found = next(one for one in archive if PurePosixPath(one.name) == PurePosixPath(name))
            archive.extract(found, scratch, filter="data")
        return asdict(verdict(Path(scratch, name), name, Path(scratch)))


def verdict(path: Path, name: str, scratch: Path) -> Verdict:
    """Read one file twice."""
    try:
        container, _ = look_into(Source(path))
        notices = list(container.notices)
        pixels = container.decode(notices.append)
    except PhotographError as error:
        return Verdict(name, read=False, said=error.what)
    except Exception as error:  # As `reading` does: decoders fail with nearly any class.
        return Verdict(name, read=False, said=f"the file is truncated or damaged ({error})")
    said = "; ".join(notices)
    # libtiff shows signed samples as if they were unsigned.
    signed = "signed samples" in said and "as unsigned" not in said
    seen = None if signed else second.picture(path, scratch)
    if seen is not None:
        off = _off_by_eye(container, pixels, seen)
        return Verdict(name, True, off <= 1, "8 bits", round(off, 3), said)
    stored = second.samples(path, scratch)
    wanted = None if stored is None else _meant(path, stored, pixels.shape)
    if wanted is None:
        return Verdict(name, True, said=said)
    full = np.iinfo(pixels.dtype).max
    off = float(np.abs(pixels / full - wanted).max() * full)
    return Verdict(name, True, off <= 1, "full depth", round(off, 3), said)


def _off_by_eye(container: Container, pixels: NDArray[Any], seen: NDArray[np.uint8]) -> float:
    """How far a picture is from that of `tiff2rgba`, in steps of 8 bits."""
    rgba = seen.astype(np.float64)
    # What hides nothing for us, or for libtiff, is left out of the comparison.
    opaque = container.alpha == "none" or (rgba[..., 3] == 255).all()
    if opaque and container.alpha != "none":
        pixels = pixels[..., :-1]
    alpha = "none" if opaque else container.alpha
    ours = develop(pixels, alpha=alpha, icc=None, orientation=1)
    ours = np.repeat(ours[..., None], 3, axis=2) if ours.ndim == 2 else ours
    over_white = rgba[..., :3] if opaque else rgba[..., :3] + 255 - rgba[..., 3:]
    if ours.shape != over_white.shape:
        return 255.0
    eight = np.rint(ours / (np.iinfo(ours.dtype).max / 255))
    return float(np.abs(eight - np.minimum(over_white, 255)).max())


def _meant(path: Path, stored: NDArray[Any], shape: tuple[int, ...]) -> NDArray[np.float64] | None:
    """What stored samples mean, from 0 to 1, by the rules that our documentation states."""
    with tifffile.TiffFile(path) as tiff:
        page = tiff.pages[0]
        if page.photometric == 3:
            colors = np.asarray(page.colormap).T.astype(np.float64)
            return colors[stored[..., 0]] / (255 if colors.max() < 256 else 65535)
        if page.photometric not in (0, 1, 2, 5):
            return None
        bits, inverted = page.bitspersample, page.photometric == 0
    values = stored[..., : shape[2] if len(shape) == 3 else 1].astype(np.float64)
    black, white = _ends(values, stored.dtype.kind, bits, inverted)
    values = (values - black) / (white - black)
    values = 1 - values if inverted else values
    return values.reshape(shape)


def _ends(values: NDArray[np.float64], kind: str, bits: int, inverted: bool) -> tuple[float, float]:
    low, high = float(values.min()), float(values.max())
    if kind == "f":
        return (0.0, 1.0) if low >= 0 and high <= 1 else (low, high)
    if kind == "i" and low < 0:
        half = 2.0 ** (bits - 1)
        return (-half, half - 1) if high - low >= half else (low, high)
    top = 2.0 ** (bits - (kind == "i")) - 1
    deep = (bits > 16 or kind == "i") and low < high
    darkest = top - low if inverted else high
    return (low, high) if deep and darkest < top / 256 else (0.0, top)
