"""The second reader: libtiff's own tools, and NumPy for the samples that they unpack.

`tiff2rgba` gives the picture at 8 bits. `tiffcp` writes it again without compression or tiles; what
is left is to take samples of any number of bits out of their bytes, highest bit first.
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import tifffile
from numpy.typing import NDArray

TOOLS = ("tiff2rgba", "tiffcp")
_SECONDS = 60


def is_here() -> bool:
    """Whether libtiff's tools are installed (Debian: libtiff-tools)."""
    return all(shutil.which(tool) is not None for tool in TOOLS)


def version() -> str:
    """What libtiff's tools say of their version."""
    asked = subprocess.run([TOOLS[1], "-h"], capture_output=True, text=True, timeout=_SECONDS)
    said = (asked.stdout + asked.stderr).splitlines()
    return next((line.strip() for line in said if "Version" in line), "")


def picture(path: Path, scratch: Path) -> NDArray[np.uint8] | None:
    """(H, W, 4) premultiplied RGBA of the first directory, or None if libtiff has none to give."""
    rewritten = scratch / "rgba.tif"
    if not _ran("tiff2rgba", "-c", "none", str(path), target=rewritten):
        return None
    with tifffile.TiffFile(rewritten) as tiff:
        pixels: NDArray[np.uint8] = tiff.pages[0].asarray()
    return pixels


def samples(path: Path, scratch: Path) -> NDArray[Any] | None:
    """(H, W, C) samples of the first directory as stored, or None if libtiff cannot unpack them."""
    rewritten = scratch / "plain.tif"
    if not _ran("tiffcp", "-c", "none", "-s", f"{path},0", target=rewritten):
        return None
    with tifffile.TiffFile(path) as tiff:
        # What is not compressed is handed through by tiffcp as it is.
        differences = tiff.pages[0].compression == 1 and tiff.pages[0].predictor == 2
    with tifffile.TiffFile(rewritten) as tiff:
        page = tiff.pages[0]
        if page.compression != 1 or page.is_tiled:
            return None
        data = b""
        for offset, size in zip(page.dataoffsets, page.databytecounts, strict=True):
            tiff.filehandle.seek(offset)
            data += tiff.filehandle.read(size)
        height, width, channels = page.imagelength, page.imagewidth, page.samplesperpixel
        planes = page.planarconfig == 2
        shape = (channels * height, width, 1) if planes else (height, width, channels)
        kind = {1: "u", 2: "i", 3: "f"}.get(int(page.sampleformat))
        reverse = page.fillorder == 2
        values = _unpacked(data, shape, page.bitspersample, kind, tiff.byteorder, reverse)
    if values is None:
        return None
    if differences:
        values = np.cumsum(values, axis=1, dtype=np.uint32) % 2**page.bitspersample
    return np.moveaxis(values.reshape(channels, height, width), 0, -1) if planes else values


def _unpacked(
    data: bytes,
    shape: tuple[int, int, int],
    bits: Any,
    kind: str | None,
    order: str,
    reverse: bool,
) -> NDArray[Any] | None:
    if kind is None or not isinstance(bits, int):
        return None
    height, width, channels = shape
    across = -(-width * channels * bits // 8)
    if len(data) < across * height:
        return None
    rows = np.frombuffer(data, np.uint8, across * height).reshape(height, across)
    if bits in (8, 16, 32, 64):
        values = np.frombuffer(rows.tobytes(), np.dtype(f"{order}{kind}{bits // 8}"))
        return values.reshape(shape)
    if kind != "u":
        return None
    singles = np.unpackbits(rows, axis=1, bitorder="little" if reverse else "big")
    singles = singles[:, : width * channels * bits].reshape(*shape, bits).astype(np.uint32)
    weights = 2 ** np.arange(bits - 1, -1, -1, dtype=np.uint32)
    values: NDArray[Any] = singles @ weights
    return values


def _ran(*command: str, target: Path) -> bool:
    target.unlink(missing_ok=True)
    done = subprocess.run([*command, str(target)], capture_output=True, timeout=_SECONDS)
    return done.returncode == 0 and target.exists() and target.stat().st_size > 8
