"""Networks in ncnn's two files: a graph in words, and its weights. Run by ncnn, on the processor.

https://github.com/Tencent/ncnn
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from photochrom.errors import ModelError
from photochrom.threads import usable_cores

# Halves of numbers are faster on some processors and other numbers on all.
_SHORT: Final = (
    *("use_fp16_packed", "use_fp16_storage", "use_fp16_arithmetic"),
    *("use_bf16_packed", "use_bf16_storage"),
)

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class _Named:
    name: str


class NcnnSession:
    """A network that is called as a session of ONNX Runtime is.

    Args:
        graph: The file of its layers (`.param`).
        weights: The file of its weights (`.bin`).
        threads: For one run; None takes one for each usable core.

    Raises:
        ModelError: ncnn is not installed.
        ValueError: It is no network that this ncnn can load.
    """

    def __init__(self, graph: bytes, weights: bytes, threads: int | None):
        ncnn = _library()
        self._ncnn = ncnn
        self._weights = weights  # which ncnn reads where they lie, and does not copy
        self._net = ncnn.Net()
        self._net.opt.use_vulkan_compute = False
        self._net.opt.num_threads = threads or usable_cores()
        for name in _SHORT:
            if hasattr(self._net.opt, name):
                setattr(self._net.opt, name, False)
        try:
            failed = self._net.load_param_mem(graph.decode("ascii"))
        except UnicodeDecodeError:
            failed = -1
        if failed or not self._net.input_names():
            raise ValueError("its graph cannot be read")
        self._net.load_model_mem(self._weights)

    def get_inputs(self) -> list[_Named]:
        """Inputs, by name."""
        return [_Named(name) for name in self._net.input_names()]

    def get_outputs(self) -> list[_Named]:
        """Outputs, by name."""
        return [_Named(name) for name in self._net.output_names()]

    def run(self, outputs: Sequence[str], feed: Mapping[str, Floats]) -> list[Floats]:
        """Runs it once.

        Args:
            outputs: Names of those that are wanted.
            feed: (1, C, H, W) by input.

        Returns:
            (1, C, H, W) for each of them.

        Raises:
            ValueError: It cannot take these.
        """
        with self._net.create_extractor() as extractor:
            for name, value in feed.items():
                # Of an array's memory ncnn knows only where it is, and not how long.
                extractor.input(name, self._ncnn.Mat(np.ascontiguousarray(value[0])).clone())
            found = []
            for name in outputs:
                failed, result = extractor.extract(name)
                if failed:
                    raise ValueError(f"ncnn gives up ({failed})")
                found.append(np.array(result, np.float32)[None])
            return found


def _library() -> Any:
    """Raises:
    ModelError: It is not installed.
    """
    # Read when its threads are made: those that wait are not to take the core of those that work.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    try:
        import ncnn
    except ImportError as error:
        raise ModelError(
            "networks in ncnn's format need the package ncnn, which is not installed",
            fix="pip install 'photochrom[ncnn]'",
        ) from error
    return ncnn
