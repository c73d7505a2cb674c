"""A network that is ready to run."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from photochrom.errors import ModelError
from photochrom.nets.card import Card
from photochrom.nets.inner import exposing
from photochrom.nets.ncnn_runner import NcnnSession
from photochrom.nets.provider import Provider, session
from photochrom.threads import usable_cores

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Contract:
    """Names that every network of a task has, and those that it may have.

    Attributes:
        inputs: Required inputs.
        outputs: Required outputs.
        optional: Inputs and outputs that are used where the network has them.
        pictures: Inputs and outputs that hold light, and so follow the card's range and channels.
    """

    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    optional: tuple[str, ...] = ()
    pictures: tuple[str, ...] = ("gray",)


CONTRACTS: Final[Mapping[str, Contract]] = MappingProxyType(
    {
        "color": Contract(
            ("gray",),
            ("ab",),
            optional=(
                *("emulsion", "hints", "temperature"),
                *("certainty", "tone", "likely", "palette"),
            ),
        ),
        "defects": Contract(("gray",), ("mask",)),
        "restore": Contract(("gray",), ("clean",), optional=("mask",), pictures=("gray", "clean")),
        "clarity": Contract(
            ("gray",), ("clear",), optional=("crisp",), pictures=("gray", "clear", "crisp")
        ),
    }
)
"""What the steps of photochrom expect of a network, by task."""


class Network:
    """A network of ONNX Runtime's or of ncnn's, called by the names of its contract.

    Runs are deterministic: the same input gives the same bytes on the same machine, whatever the
    number of threads.

    Args:
        card: What the network expects.
        path: Its file.
        threads: Threads for one run; None takes one for each core that this process may use.
        provider: What it runs on.

    Raises:
        ModelError: A file is missing, differs from the card's digest, cannot be loaded, or lacks
            an input or output of its task; or networks cannot run on that provider here.
    """

    def __init__(
        self,
        card: Card,
        path: Path,
        *,
        threads: int | None = None,
        provider: Provider = Provider.CPU,
    ):
        self.card = card
        self._where = path
        self._threads, self._provider = threads, provider
        self._inner: dict[str, Any] = {}
        self._lock = threading.Lock()
        self._contract = CONTRACTS.get(card.task, Contract((), ()))
        self._session = self._opened(verified(card, path))
        self._inputs = frozenset(str(value.name) for value in self._session.get_inputs())
        self._outputs = tuple(str(value.name) for value in self._session.get_outputs())
        for name in self._contract.inputs + self._contract.outputs:
            if self._own(name) not in self._inputs.union(self._outputs):
                raise ModelError(
                    f"the network has no {self._own(name)!r}, which task {card.task!r} needs",
                    where=path,
                    fix="map it in the card's [names]",
                )

    def has(self, name: str) -> bool:
        """Tell whether the network has this input or output (a name of the contract)."""
        return self._own(name) in self._inputs or self._own(name) in self._outputs

    def run(self, inputs: Mapping[str, NDArray[Any]]) -> dict[str, Floats]:
        """Run the network once.

        Args:
            inputs: Arrays (1, C, H, W) or (1, n) by the contract's names; converted to float32.
                Light is 0..1 and has one channel whatever the card says. Optional inputs that the
                network lacks are left out.

        Returns:
            Outputs by the contract's names, float32. Light is 0..1 (not clipped), one channel.

        Raises:
            ModelError: A name is missing or unknown, or the network cannot take these shapes.
        """
        values = self._run(self._session, self._outputs, inputs)
        theirs = dict(zip(self._outputs, values, strict=True))
        named = {own: name for name, own in self.card.names.items()}
        ours = {named.get(own, own): value for own, value in theirs.items()}
        return {name: self._decoded(name, value) for name, value in ours.items()}

    def look_inside(self, name: str, inputs: Mapping[str, NDArray[Any]]) -> Floats:
        """Run the network as far as something inside of it, which its card names in `inner`.

        It is loaded once more for that, so that what it gives otherwise stays the same to the bit.

        Args:
            name: What is asked for ("features").
            inputs: As for `run`.

        Raises:
            ModelError: The card does not tell of it, the network does not have it, or as `run`.
        """
        if name not in self.card.inner:
            raise ModelError(
                f"the card of network {self.card.name!r} does not tell where its {name} are",
                where=self._where,
                fix=f"name the tensor in the card's [inner], as {name}",
            )
        own = self.card.inner[name]
        with self._lock:
            if name not in self._inner:
                self._inner[name] = self._opened(exposing(verified(self.card, self._where), own))
        (found,) = self._run(self._inner[name], (own,), inputs)
        return np.asarray(found, np.float32)

    def _opened(self, content: bytes) -> Any:
        try:
            if self.card.is_ncnn:
                graph = verified(self.card, self._where.with_name(self.card.graph))
                return NcnnSession(graph, content, self._threads)
            return session(content, _options(self._threads), self._provider)
        except ModelError:
            raise
        except Exception as error:  # the runtime's exceptions have no common base
            kind = "a network of ncnn" if self.card.is_ncnn else "an ONNX network"
            raise ModelError(
                f"not {kind} that can run here: {error}",
                where=self._where,
                fix="fetch or export it again",
            ) from error

    def _run(
        self, opened: Any, outputs: Sequence[str], inputs: Mapping[str, NDArray[Any]]
    ) -> list[Any]:
        feed: dict[str, Floats] = {}
        for name, value in inputs.items():
            own = self._own(name)
            if own in self._inputs:
                feed[own] = self._encoded(name, np.ascontiguousarray(value, dtype=np.float32))
            elif name not in self._contract.optional:
                raise ModelError(f"the network has no input {name!r}", where=self._where)
        if missing := sorted(self._inputs - feed.keys()):
            raise ModelError(f"input {missing[0]!r} was not given", where=self._where)
        try:
            values: list[Any] = opened.run(list(outputs), feed)
        except Exception as error:  # the runtime's exceptions have no common base
            shapes = ", ".join(f"{name} {value.shape}" for name, value in feed.items())
            raise ModelError(
                f"the network failed on {shapes}: {error}",
                where=self._where,
                fix="check the card's multiple and channels",
            ) from error
        return values

    def _own(self, name: str) -> str:
        return self.card.names.get(name, name)

    def _encoded(self, name: str, value: Floats) -> Floats:
        if name not in self._contract.pictures:
            return value
        low, high = self.card.range
        if (low, high) != (0.0, 1.0):
            value = value * np.float32(high - low) + np.float32(low)
        if rim := self.card.rim:
            value = np.pad(value, ((0, 0), (0, 0), (rim, rim), (rim, rim)), mode="edge")
        return np.repeat(value, self.card.channels, axis=1) if self.card.channels > 1 else value

    def _decoded(self, name: str, value: Floats) -> Floats:
        if name not in self._contract.pictures:
            return value
        if value.shape[1] > 1:
            value = value.mean(axis=1, keepdims=True)
        low, high = self.card.range
        if (low, high) != (0.0, 1.0):
            value = (value - np.float32(low)) / np.float32(high - low)
        return value


def verified(card: Card, path: Path) -> bytes:
    """Read a file of a network and check it; what was checked is what runs.

    Args:
        card: The network's.
        path: One of the card's files, where it lies.

    Raises:
        ModelError: The file is missing or differs from the card's digest.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ModelError(
            f"the file of network {card.name!r} cannot be read ({error.strerror})",
            where=path,
            fix="fetch it with `photochrom models pull`",
        ) from error
    if hashlib.sha256(content).hexdigest() != card.files[path.name]:
        raise ModelError(
            f"the file is not the one that the card of network {card.name!r} describes "
            "(its SHA-256 differs)",
            where=path,
            fix="fetch it again, or correct the card",
        )
    return content


def _options(threads: int | None) -> Any:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads or usable_cores()
    options.inter_op_num_threads = 1
    options.execution_mode = onnxruntime.ExecutionMode.ORT_SEQUENTIAL
    options.use_deterministic_compute = True
    # The arena keeps the peak of every size it has seen; without it memory halves.
    options.enable_cpu_mem_arena = False
    # Only errors: the runtime's warnings are about our weights' types, and are not for users.
    options.log_severity_level = 3
    # Spinning threads starve a neighbor on the same cores.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return options
