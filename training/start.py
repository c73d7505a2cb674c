"""Weights that a run starts from: those of another run's checkpoint, or those that ship.

On its way into an ONNX file a weight loses its name and may be transposed or reshaped. Which of the
file's tensors is which weight is learned from a blank network of the same kind: every weight of it
is given values that no other has, it is exported the same way, and its tensors are known by those.
"""

from __future__ import annotations

import copy
import tempfile
import tomllib
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import numpy_helper
from torch import Tensor, nn

from training.loop import Settings
from training.onnx_export import HALF, Form, trace

# What float16 may move a number, as a share of it.
_ROUNDING = 2**-10

Card = dict[str, Any]


@dataclass(frozen=True)
class Shipped:
    """How a kind of network is read from the files that ship.

    Attributes:
        forms: The forms that it ships in; a file may be any of them.
        undo: Takes back what the export added to the trained weights, as the file's card tells;
            None if it adds nothing.
    """

    forms: Sequence[Form]
    undo: Callable[[nn.Module, Card], None] | None = None


class _Place(NamedTuple):
    """Which weight a tensor of the file is."""

    weight: str
    shape: tuple[int, ...]
    transposed: bool


def read_checkpoint(path: Path) -> dict[str, Tensor]:
    """Read the averaged weights of a checkpoint, as float32."""
    state = torch.load(path, map_location="cpu", weights_only=True)
    return {name: v.float() if v.is_floating_point() else v for name, v in state["ema"].items()}


def read_shipped(network: nn.Module, form: Form, path: Path) -> dict[str, Tensor]:
    """Read the weights of a network out of a shipped ONNX file.

    Args:
        network: Of the kind that is in the file; left as it is.
        form: How that ships.
        path: The file.

    Returns:
        Weights by their names in the network, as exact as float16 has kept them. Those that this
        form leaves out are not there.

    Raises:
        ValueError: The file is not of this network.
    """
    tensors, places = _blank(network, form)
    theirs = _tensors(path)
    ours, found = list(tensors.items()), list(theirs.items())
    if [array.shape for _, array in ours] != [array.shape for _, array in found]:
        raise ValueError(f"{path}: not of this network: its {len(found)} tensors have other shapes")
    weights = {}
    for (name, blank), (their_name, array) in zip(ours, found, strict=True):
        place = places.get(name)
        # A name that has survived belongs to the same weight; what is no weight is alike in all.
        alike = (
            np.allclose(array, blank, rtol=_ROUNDING, atol=_ROUNDING)
            if place is None
            else name == their_name or not name.endswith(place.weight)
        )
        if not alike:
            raise ValueError(f"{path}: not of this network: {their_name} is another one's")
        if place is not None:
            straight = array.T if place.transposed else array.reshape(place.shape)
            weights[place.weight] = torch.from_numpy(np.array(straight, np.float32, order="C"))
    return weights


def _blank(network: nn.Module, form: Form) -> tuple[dict[str, NDArray[Any]], dict[str, _Place]]:
    """The tensors of a blank network's file, and which weight each of them is."""
    blank = copy.deepcopy(network).cpu()
    generator = torch.Generator().manual_seed(0)
    known = {}
    with torch.no_grad():
        for name, weight in blank.named_parameters():
            weight.copy_(torch.rand(weight.shape, generator=generator) + 0.5)
            values = weight.numpy()
            known[_key(values)] = _Place(name, values.shape, transposed=False)
            if values.ndim == 2:
                known[_key(values.T)] = _Place(name, values.shape, transposed=True)
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        file = Path(folder) / "blank.onnx"
        trace(blank, form, file)
        tensors = _tensors(file)
    places = {name: known[key] for name, array in tensors.items() if (key := _key(array)) in known}
    return tensors, places


def _key(values: NDArray[Any]) -> bytes:
    return np.ascontiguousarray(values, np.float32).tobytes()


def _tensors(path: Path) -> dict[str, NDArray[Any]]:
    """The tensors of an ONNX file by name, in their order; float16 as float32."""
    try:
        initializers = onnx.load(path).graph.initializer
    except Exception as error:
        raise ValueError(f"{path}: not an ONNX file: {error}") from None
    found = {}
    for tensor in initializers:
        array = numpy_helper.to_array(tensor)
        half = array.dtype == np.float16
        found[tensor.name.removesuffix(HALF)] = array.astype(np.float32) if half else array
    return found


def _any_form(network: nn.Module, shipped: Shipped, path: Path) -> dict[str, Tensor]:
    problems = []
    for form in shipped.forms:
        try:
            return read_shipped(network, form, path)
        except ValueError as error:
            problems.append(error)
    raise problems[0]


def start_from(
    network: nn.Module, files: Sequence[Path] | None, settings: Settings, shipped: Shipped
) -> None:
    """Load what another run has learned into the network of a run that has not begun.

    Args:
        network: Parts that the files do not have stay as they are, and are told.
        files: A checkpoint, or one or several shipped ONNX files, each with its card beside it;
            None to start without.
        settings: A run that goes on from its own checkpoint is left alone.
        shipped: How networks of this kind ship.

    Raises:
        ValueError: What is there is not of this network.
    """
    if not files or settings.checkpoint.exists():
        return
    theirs: dict[str, Tensor] = {}
    for path in files:
        onnx_file = path.suffix == ".onnx"
        theirs |= _any_form(network, shipped, path) if onnx_file else read_checkpoint(path)
    names = dict(network.named_parameters())
    known = network.state_dict()
    wrong = [
        name
        for name, value in theirs.items()
        if name not in known or value.shape != known[name].shape
    ]
    if wrong or not theirs.keys() & names.keys():
        told = ", ".join(wrong[:3]) or "no weights"
        raise ValueError(f"{files[0]}: not of this network: {told}")
    network.load_state_dict(theirs, strict=False)
    if shipped.undo is not None and files[0].suffix == ".onnx":
        shipped.undo(network, read_card(files[0]))
    if lacking := [name for name in names if name not in theirs]:
        print(f"starting at random: {', '.join(lacking)}")


def read_card(file: Path) -> Card:
    """Read the card beside a shipped file.

    Raises:
        ValueError: There is none.
    """
    path = file.with_suffix(".toml")
    if not path.exists():
        raise ValueError(f"{file}: has no card {path.name} beside it to tell how it was exported")
    return tomllib.loads(path.read_text())
