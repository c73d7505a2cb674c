"""From PyTorch to the ONNX file that ships: exported, halved, and checked against the original.

Weights are stored as float16, each followed by a Cast to float32: the file is half as large, while
everything is still computed in float32. ONNX Runtime folds the casts when it loads the file.

A softmax over channels is spelled out. ONNX Runtime's kernel knows only the last axis: it turns the
whole tensor, twice.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from torch import Tensor, nn

OPSET = 17
_SMALLEST_HALVED = 64
# What the name of a weight that is stored as float16 ends with.
HALF = ".half"


@dataclass(frozen=True)
class Exported:
    """An exported network.

    Attributes:
        path: The ONNX file.
        sha256: Of the file, in hexadecimal.
        bytes: Its size.
        worst: Largest difference between the file's outputs and PyTorch's, by output, relative to
            the largest value of that output.
    """

    path: Path
    sha256: str
    bytes: int
    worst: Mapping[str, float]


@dataclass(frozen=True)
class Form:
    """The form in which a network ships.

    Attributes:
        wrap: Puts around the network what ships with it; takes the inputs in the order of the
            examples, gives the outputs as a tensor or a tuple.
        examples: Inputs by name, of several sizes. The first is traced, all are checked.
        outputs: Names of the outputs.
        dynamic: The axes whose length is free, by name of input or output.
        tolerance: Largest difference allowed, relative to each output's largest value.
        least: What that value counts as at least: 1 where outputs are probabilities, of which low
            ones say little about how the network computes.
    """

    wrap: Callable[[nn.Module], nn.Module]
    examples: Sequence[Mapping[str, Tensor]]
    outputs: Sequence[str]
    dynamic: Mapping[str, Mapping[int, str]]
    tolerance: float = 0.02
    least: float = 1e-6


def export(network: nn.Module, form: Form, path: Path) -> Exported:
    """Export a network and check the file against it.

    Args:
        network: What was trained; left on the CPU.
        form: How it ships.
        path: Where the file goes; replaced whole or not at all.

    Raises:
        ValueError: The file does not do what the network does.
    """
    unfinished = path.with_suffix(".part")
    trace(network, form, unfinished)
    halve(unfinished)
    spell_out(unfinished)
    try:
        worst = compare(form.wrap(network).eval(), unfinished, form)
        for name, difference in worst.items():
            if not difference <= form.tolerance:
                raise ValueError(f"{path}: output {name} is off by {difference:.3g}")
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    data = path.read_bytes()
    return Exported(path, hashlib.sha256(data).hexdigest(), len(data), worst)


def trace(network: nn.Module, form: Form, path: Path) -> None:
    """Write a network as it is, its weights as float32, to an ONNX file."""
    first = form.examples[0]
    torch.onnx.export(
        form.wrap(network).eval().cpu(),
        tuple(first.values()),
        str(path),
        input_names=list(first),
        output_names=list(form.outputs),
        dynamic_axes={name: dict(axes) for name, axes in form.dynamic.items()},
        opset_version=OPSET,
        dynamo=False,
    )


def halve(path: Path) -> None:
    """Store a file's float32 weights as float16, each cast back to float32 where it is used."""
    model = onnx.load(path)
    graph = model.graph
    casts = []
    for weights in graph.initializer:
        values = numpy_helper.to_array(weights)
        if weights.data_type != TensorProto.FLOAT or values.size < _SMALLEST_HALVED:
            continue
        largest = float(np.finfo(np.float16).max)
        if np.abs(values).max() > largest:
            continue
        name = weights.name
        half = numpy_helper.from_array(values.astype(np.float16), name + HALF)
        weights.CopyFrom(half)
        casts.append(helper.make_node("Cast", [half.name], [name], to=TensorProto.FLOAT))
    nodes = list(graph.node)
    del graph.node[:]
    graph.node.extend(casts + nodes)
    # Traces carry the paths of the machine they were made on; nobody needs those.
    for node in graph.node:
        node.doc_string = ""
        del node.metadata_props[:]
    onnx.checker.check_model(model)
    onnx.save(model, path)


def spell_out(path: Path) -> None:
    """Write every softmax of a file that is not over the last axis as what it computes.

    The largest value is taken away first, as the kernel does, so that no power overflows. Weights
    stay as they are.
    """
    model = onnx.load(path)
    nodes: list[onnx.NodeProto] = []
    for node in model.graph.node:
        axis = next((a.i for a in node.attribute if a.name == "axis"), -1)
        if node.op_type == "Softmax" and axis != -1:
            nodes.extend(_spelled(node.input[0], node.output[0], axis))
        else:
            nodes.append(node)
    del model.graph.node[:]
    model.graph.node.extend(nodes)
    onnx.checker.check_model(model)
    onnx.save(model, path)


def _spelled(x: str, share: str, axis: int) -> list[onnx.NodeProto]:
    def named(part: str) -> str:
        return f"{share}/{part}"

    axes = helper.make_tensor(named("axes"), TensorProto.INT64, [1], [axis])
    return [
        helper.make_node("ReduceMax", [x], [named("largest")], axes=[axis]),
        helper.make_node("Sub", [x, named("largest")], [named("below")]),
        helper.make_node("Exp", [named("below")], [named("odds")]),
        helper.make_node("Constant", [], [named("axes")], value=axes),
        helper.make_node("ReduceSum", [named("odds"), named("axes")], [named("all")]),
        helper.make_node("Div", [named("odds"), named("all")], [share]),
    ]


def compare(model: nn.Module, path: Path, form: Form) -> dict[str, float]:
    """Return the largest relative difference of each output between a file and its network."""
    outputs = form.outputs
    session = onnxruntime.InferenceSession(path.read_bytes(), providers=["CPUExecutionProvider"])
    worst = dict.fromkeys(outputs, 0.0)
    for example in form.examples:
        with torch.inference_mode():
            wanted = model(*example.values())
        tensors = wanted if isinstance(wanted, tuple) else (wanted,)
        got: list[NDArray[np.float32]] = session.run(
            list(outputs), {name: value.numpy() for name, value in example.items()}
        )
        for name, mine, theirs in zip(outputs, tensors, got, strict=True):
            truth = mine.numpy()
            if truth.shape != theirs.shape:
                raise ValueError(f"output {name} has shape {theirs.shape}, not {truth.shape}")
            scale = max(float(np.abs(truth).max()), form.least)
            worst[name] = max(worst[name], float(np.abs(truth - theirs).max()) / scale)
    return worst
