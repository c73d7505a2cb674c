"""Tiny ONNX networks with known answers, for tests."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

PICTURE = [1, 1, "H", "W"]


def value(name: str, shape: list[int | str]) -> onnx.ValueInfoProto:
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)


def constant(name: str, values: NDArray[np.generic]) -> onnx.TensorProto:
    return numpy_helper.from_array(values, name)


def write(
    folder: Path,
    name: str,
    task: str,
    nodes: list[onnx.NodeProto],
    inputs: list[onnx.ValueInfoProto],
    outputs: list[onnx.ValueInfoProto],
    constants: list[onnx.TensorProto],
    **keys: object,
) -> Path:
    """Write a network and its card; returns the card's path. A key of None is left out."""
    graph = helper.make_graph(nodes, name, inputs, outputs, constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(model)
    content = model.SerializeToString()
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.onnx").write_bytes(content)
    table: dict[str, object] = {
        "schema": "photochrom.card/1",
        "name": name,
        "task": task,
        "version": 1,
        "file": f"{name}.onnx",
        "sha256": hashlib.sha256(content).hexdigest(),
        "scale": 1,
        "channels": 1,
        "range": [0, 1],
        "multiple": 1,
        "tile": True,
        "tile_size": 64,
        "overlap": 16,
        "license": "Apache-2.0",
        "license_date": "2026-11-23",
        "authors": ["nobody"],
        "description": "for tests",
    }
    table.update(keys)
    lines = [f"{key} = {_toml(item)}" for key, item in table.items() if item is not None]
    card = folder / f"{name}.toml"
    card.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return card


def clarity(
    folder: Path, scale: int, name: str = "", *, crisp: bool = False, **keys: object
) -> Path:
    """Exact bilinear upscaling, as an exact clarity network would do on a gradient.

    One with a crisp character has the nearest pixel for that.
    """
    scales = np.array([1, 1, scale, scale], np.float32)
    node = helper.make_node(
        "Resize",
        ["gray", "", "scales"],
        ["clear"],
        mode="linear",
        coordinate_transformation_mode="half_pixel",
    )
    nearest = helper.make_node("Resize", ["gray", "", "scales"], ["crisp"], mode="nearest")
    outputs = ["clear", "crisp"] if crisp else ["clear"]
    return write(
        folder,
        name or f"clarity-x{scale}",
        "clarity",
        [node, nearest] if crisp else [node],
        [value("gray", PICTURE)],
        [value(one, [1, 1, "sH", "sW"]) for one in outputs],
        [constant("scales", scales)],
        **{"scale": scale, **keys},
    )


def defects(folder: Path, name: str = "defects", **keys: object) -> Path:
    """What is more than 0.25 above a 5 x 5 mean is a defect."""
    return restore(folder, name, **{"task": "defects", **keys})


def restore(folder: Path, name: str = "restore", **keys: object) -> Path:
    """Clean is a 5 x 5 mean; the mask is 1 where the light is more than 0.25 above that mean."""
    nodes = [
        helper.make_node("Pad", ["gray", "pads"], ["padded"], mode="reflect"),
        helper.make_node("Conv", ["padded", "kernel"], ["clean"], kernel_shape=[5, 5]),
        helper.make_node("Sub", ["gray", "clean"], ["above"]),
        helper.make_node("Sub", ["above", "limit"], ["over"]),
        helper.make_node("Mul", ["over", "steep"], ["sharp"]),
        helper.make_node("Sigmoid", ["sharp"], ["mask"]),
    ]
    constants = [
        constant("pads", np.array([0, 0, 2, 2, 0, 0, 2, 2], np.int64)),
        constant("kernel", np.full((1, 1, 5, 5), 1 / 25, np.float32)),
        constant("limit", np.array(0.25, np.float32)),
        constant("steep", np.array(200, np.float32)),
    ]
    outputs = [value("mask", PICTURE), value("clean", PICTURE)]
    keys = {"multiple": 16, **keys}
    task = str(keys.pop("task", "restore"))
    return write(folder, name, task, nodes, [value("gray", PICTURE)], outputs, constants, **keys)


PALETTE = ((60, 40), (10, -50), (0, 0))


def color(
    folder: Path,
    name: str = "color",
    *,
    tone: bool = True,
    likely: bool = False,
    sure: float = 0.9,
    **keys: object,
) -> Path:
    """Red where the light is below one half, blue elsewhere; pins replace the answer; very sure,
    unless told otherwise.

    An eye saw the red lighter by 20 L*, and the blue darker by 15. Without `tone` it has no such
    output. With `likely` it tells how likely red, blue and gray are: 50, 40 and 10 % in the dark,
    20, 70 and 10 % elsewhere.
    """
    quarter = {"kernel_shape": [4, 4], "strides": [4, 4]}
    nodes = [
        helper.make_node("AveragePool", ["gray"], ["small"], **quarter),
        helper.make_node("AveragePool", ["hints"], ["small_hints"], **quarter),
        helper.make_node("Split", ["small_hints", "parts"], ["hint", "strength"], axis=1),
        helper.make_node("Less", ["small", "half"], ["dark"]),
        helper.make_node("Where", ["dark", "red", "blue"], ["guess"]),
        helper.make_node("Mul", ["hint", "reach"], ["pinned"]),
        helper.make_node("Greater", ["strength", "zero"], ["held"]),
        helper.make_node("Where", ["held", "pinned", "guess"], ["ab"]),
        helper.make_node("Mul", ["small", "zero"], ["nothing"]),
        helper.make_node("Add", ["nothing", "sure"], ["certainty"]),
        helper.make_node("Where", ["dark", "lighter", "darker"], ["tone"]),
        # Used, so that the graph keeps them as inputs.
        helper.make_node("ReduceSum", ["emulsion"], ["told"]),
        helper.make_node("Identity", ["temperature"], ["warm"]),
    ]
    constants = [
        constant("parts", np.array([2, 1], np.int64)),
        constant("half", np.array(0.5, np.float32)),
        constant("red", np.array([60, 40], np.float32).reshape(1, 2, 1, 1)),
        constant("blue", np.array([10, -50], np.float32).reshape(1, 2, 1, 1)),
        constant("reach", np.array(110, np.float32)),
        constant("zero", np.array(0, np.float32)),
        constant("lighter", np.full((1, 1, 1, 1), 20, np.float32)),
        constant("darker", np.full((1, 1, 1, 1), -15, np.float32)),
        constant("sure", np.array(sure, np.float32)),
    ]
    inputs = [
        value("gray", PICTURE),
        value("emulsion", [1, 4]),
        value("hints", [1, 3, "H", "W"]),
        value("temperature", [1]),
    ]
    outputs = [value("ab", [1, 2, "h", "w"]), value("certainty", [1, 1, "h", "w"])]
    if tone:
        outputs.append(value("tone", [1, 1, "h", "w"]))
    if likely:
        nodes += [
            helper.make_node("Where", ["dark", "in_dark", "in_light"], ["likely"]),
            helper.make_node("Identity", ["colors"], ["palette"]),
        ]
        constants += [
            constant("in_dark", np.array([0.5, 0.4, 0.1], np.float32).reshape(1, 3, 1, 1)),
            constant("in_light", np.array([0.2, 0.7, 0.1], np.float32).reshape(1, 3, 1, 1)),
            constant("colors", np.array(PALETTE, np.float32)),
        ]
        outputs += [value("likely", [1, 3, "h", "w"]), value("palette", [3, 2])]
    keys = {"multiple": 32, "tile": False, **keys}
    return write(folder, name, "color", nodes, inputs, outputs, constants, **keys)


def _toml(item: object) -> str:
    if isinstance(item, bool):
        return "true" if item else "false"
    if isinstance(item, str):
        return f'"{item}"'
    if isinstance(item, list | tuple):
        return "[" + ", ".join(_toml(part) for part in item) + "]"
    if isinstance(item, dict):
        return "{" + ", ".join(f'"{key}" = {_toml(part)}' for key, part in item.items()) + "}"
    return str(item)
