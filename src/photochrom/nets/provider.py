"""What networks run on: the processor, or a graphics card of NVIDIA."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import redirect_stdout
from enum import StrEnum
from io import StringIO
from types import MappingProxyType
from typing import Any, Final

import onnxruntime

from photochrom.errors import ModelError

PROVIDER_VARIABLE = "PHOTOCHROM_PROVIDER"
"""Environment variable: what networks run on, `cpu` (the default) or `cuda`."""


class Provider(StrEnum):
    """An execution provider, by ONNX Runtime's name: results of two differ in their last bits, so
    that it is in keys and records."""

    CPU = "CPUExecutionProvider"
    CUDA = "CUDAExecutionProvider"

    @property
    def gpu(self) -> float:
        """The share of a GPU that a worker takes; most of its time goes into other work."""
        return 0.25 if self is Provider.CUDA else 0.0


_NAMES: Final[Mapping[str, Provider]] = MappingProxyType(
    {"cpu": Provider.CPU, "cuda": Provider.CUDA}
)

# Which algorithm is the fastest is not found out by trying, and floats keep all their bits: the
# same card gives the same bytes every time.
_CUDA: Final[Mapping[str, str]] = MappingProxyType(
    {"cudnn_conv_algo_search": "HEURISTIC", "use_tf32": "0"}
)

_FATAL: Final = 4


def chosen() -> Provider:
    """What networks are to run on, as `$PHOTOCHROM_PROVIDER` says; whether it is there is another
    question, as the work may be for other machines (`require`).

    Raises:
        ModelError: The variable says something else.
    """
    said = os.environ.get(PROVIDER_VARIABLE, "").strip() or "cpu"
    if said.lower() not in _NAMES:
        raise ModelError(
            f"networks cannot run on {said!r}",
            where=PROVIDER_VARIABLE,
            fix=f"set it to one of {', '.join(_NAMES)}",
        )
    return _NAMES[said.lower()]


def require(provider: Provider) -> None:
    """Sees to it that networks can run on it here.

    Raises:
        ModelError: The installed ONNX Runtime does not know it.
    """
    if provider not in onnxruntime.get_available_providers():
        raise ModelError(
            "the installed ONNX Runtime has no CUDA",
            where=PROVIDER_VARIABLE,
            fix="run `pip uninstall -y onnxruntime` and then "
            "`pip install 'onnxruntime-gpu[cuda,cudnn]'`, or set it to cpu",
        )


def session(content: bytes, options: Any, provider: Provider) -> Any:
    """A session of ONNX Runtime.

    Args:
        content: The network, as in its file.
        options: The runtime's.
        provider: What it runs on; what that cannot do runs on the processor.

    Raises:
        ModelError: Networks cannot run on it here.
        Exception: The runtime's own, of a network that it cannot load.
    """
    if provider is Provider.CPU:
        return onnxruntime.InferenceSession(content, options, providers=[provider.value])
    require(provider)
    _load_libraries()
    # What it would write of a card that does not start, we say in a line of our own.
    onnxruntime.set_default_logger_severity(_FATAL)
    both = [(provider.value, dict(_CUDA)), Provider.CPU.value]
    made = onnxruntime.InferenceSession(content, options, providers=both, enable_fallback=0)
    # Without a driver, or with another version of CUDA, it silently goes on without.
    if provider.value not in made.get_providers():
        raise ModelError(
            "CUDA does not start on this machine",
            where=PROVIDER_VARIABLE,
            fix="check that `nvidia-smi` shows a card, and that CUDA "
            f"{getattr(onnxruntime, 'cuda_version', None) or ''} and cuDNN are installed, "
            "or set it to cpu",
        )
    return made


def _load_libraries() -> None:
    """Loads CUDA from the packages of the runtime's extra, if it is there.

    What it prints when it finds nothing would be among our results; whether CUDA then starts, the
    session shows.
    """
    if load := getattr(onnxruntime, "preload_dlls", None):  # from 1.21 on
        with redirect_stdout(StringIO()):
            load()
