"""What the child process does: it opens a file that nobody has opened before, and says what it is.

It is told where to read and where to write, and has no connection to anything of the service. What
it says is JSON, which whoever started it checks; nothing of it is ever unpickled.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import psutil
from PIL import Image

from photochrom.emulsion import emulsion_for_year
from photochrom.errors import PhotochromError, PhotographError
from photochrom.files import is_full
from photochrom.photograph import Photograph, ScanInfo, open_reduced
from photochrom.photograph.encode import to_depth

FACTS, PREVIEW, THUMBNAIL = "facts.json", "preview.jpg", "thumbnail.webp"
PREVIEW_SIDE, THUMBNAIL_SIDE = 2048, 512
"""Pixels of the longer side, at most."""
REFUSED, TOO_LARGE, FULL = 3, 4, 5
"""Exit codes: the facts say why; it takes more memory than it may; there is no room to write."""

_WRITTEN = 64 << 20
"""Bytes of one file that it may write."""
_LONGEST = 10_000
"""Characters of one text that a file says."""


@dataclass(frozen=True)
class Order:
    """What is to be looked into.

    Attributes:
        file: The file, which is only read.
        folder: An empty one, for what is found.
        pixels: More are refused.
        memory: Bytes that it may take.
        seconds: Of a processor, that it may take.
    """

    file: str
    folder: str
    pixels: int
    memory: int
    seconds: float


def look(order: Order) -> None:
    """Looks into a file and ends the process; its exit code says how that went."""
    # Who interrupts the service waits for what is in hand; the service ends us if it does not.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    folder = Path(order.folder)
    # What decoders print is no part of the service's log.
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 1)
    os.dup2(silence, 2)
    try:
        _limit(order)
        facts = _seen(order, folder)
    except MemoryError:
        os._exit(TOO_LARGE)
    except PhotochromError as error:
        if _is_memory(error.__cause__):
            os._exit(TOO_LARGE)
        _say(folder, {"reason": _reason(error, order.file)})
        os._exit(REFUSED)
    except OSError as error:
        if is_full(error):
            os._exit(FULL)
        raise
    _say(folder, facts)
    os._exit(0)


def _is_memory(error: BaseException | None) -> bool:
    if isinstance(error, cv2.error):
        return bool(error.code == cv2.Error.StsNoMem)
    return isinstance(error, MemoryError)


def _seen(order: Order, folder: Path) -> dict[str, Any]:
    info = Photograph.probe(order.file)
    if info.width * info.height > order.pixels:
        raise PhotographError(
            f"has {info.width} x {info.height} pixels, more than the "
            f"{order.pixels / 1e6:g} megapixels that are taken",
            where=order.file,
        )
    # Twice as large as needed, so that what is left is done by a better filter than a mean.
    factor = max(1, max(info.width, info.height) // (2 * PREVIEW_SIDE))
    pixels = open_reduced(order.file, factor, max_pixels=order.pixels)
    preview = _smaller(_eight_bits(pixels), PREVIEW_SIDE)
    Image.fromarray(preview).save(folder / PREVIEW, "JPEG", quality=88, optimize=True)
    thumbnail = _smaller(preview, THUMBNAIL_SIDE)
    Image.fromarray(thumbnail).save(folder / THUMBNAIL, "WEBP", quality=80, method=4)
    return _facts(info)


def _eight_bits(pixels: Any) -> Any:
    if pixels.dtype == np.uint8:
        return np.ascontiguousarray(pixels)
    # Some rows at a time: on the way there they are twice as large.
    small = np.empty(pixels.shape, np.uint8)
    for top in range(0, len(pixels), 256):
        small[top : top + 256] = to_depth(pixels[top : top + 256], small.dtype)
    return small


def _smaller(pixels: Any, side: int) -> Any:
    height, width = pixels.shape[:2]
    longest = max(height, width)
    if longest <= side:
        return pixels
    size = max(1, round(width * side / longest)), max(1, round(height * side / longest))
    return cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)


def _facts(info: ScanInfo) -> dict[str, Any]:
    """What is told of a file; texts are cut, because anything may stand in them."""
    told: dict[str, Any] = {
        name: _text(getattr(info, name))
        for name in (
            *("title", "caption", "date", "place", "creator", "credit"),
            *("license", "source", "identifier", "year_source"),
        )
    }
    told |= {
        "people": [one for one in map(_text, info.people[:200]) if one],
        "notices": [one for one in map(_text, info.notices[:50]) if one],
        "year": info.year,
        "emulsion": str(emulsion_for_year(info.year)),
        "pages": info.pages,
    }
    plain = ("format", "width", "height", "bit_depth", "channels")
    return {name: getattr(info, name) for name in plain} | {"found": told}


def _text(text: str | None) -> str | None:
    if text is None:
        return None
    # PostgreSQL has no room for zeros, and JSON none for halves of characters.
    whole = text.replace("\0", "").encode("utf-8", "replace").decode()
    return whole[:_LONGEST].strip() or None


def _reason(error: PhotochromError, file: str) -> str:
    """What was wrong, without where that was: our file's name means nothing to anybody."""
    said = " ".join(error.what.split()).replace(file, "the file")[:1000]
    return f"{said}; {error.fix}" if error.fix and "max_pixels" not in error.fix else said


def _say(folder: Path, facts: dict[str, Any]) -> None:
    try:
        (folder / FACTS).write_text(json.dumps(facts), "utf-8")
    except OSError:
        os._exit(FULL)


def _limit(order: Order) -> None:
    """Bounds what this process may take, where the system can do that."""
    if sys.platform == "win32":
        return
    import resource

    here = psutil.Process().memory_info().vms
    limits = {
        resource.RLIMIT_AS: here + order.memory,
        # Of all processors together: whoever started us looks at the clock.
        resource.RLIMIT_CPU: max(1, round(order.seconds)) * (os.cpu_count() or 1),
        resource.RLIMIT_FSIZE: _WRITTEN,
        resource.RLIMIT_CORE: 0,
    }
    for which, most in limits.items():
        _, hard = resource.getrlimit(which)
        soft = most if hard == resource.RLIM_INFINITY else min(most, hard)
        try:
            resource.setrlimit(which, (soft, soft))
        except (OSError, ValueError):
            continue  # macOS knows limits that it does not set; time still is limited from outside.
