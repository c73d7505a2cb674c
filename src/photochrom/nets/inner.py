"""What lies inside of a network, as one more of its outputs.

An ONNX file is a message of protocol buffers, and of those one that is written behind another is
merged with it: fields that may be repeated are joined. So one output more is a few bytes at the
end, and nobody has to take the file apart.
"""

from __future__ import annotations

from typing import Final

# Numbers of fields in onnx.proto: ModelProto.graph, GraphProto.output, ValueInfoProto.name and
# .type, TypeProto.tensor_type, and a tensor's element type, which is FLOAT (1).
_GRAPH, _OUTPUT, _NAME, _TYPE, _TENSOR = 7, 12, 1, 2, 1
_FLOAT: Final = b"\x08\x01"
# Fields of bytes.
_BYTES: Final = 2


def exposing(content: bytes, tensor: str) -> bytes:
    """A network that gives a tensor besides.

    Args:
        content: An ONNX file.
        tensor: The name of a tensor of floats in its graph.
    """
    kind = _field(_TYPE, _field(_TENSOR, _FLOAT))
    output = _field(_NAME, tensor.encode()) + kind
    return content + _field(_GRAPH, _field(_OUTPUT, output))


def _field(number: int, value: bytes) -> bytes:
    return _varint(number << 3 | _BYTES) + _varint(len(value)) + value


def _varint(number: int) -> bytes:
    """A number in groups of seven bits, the lowest first; all but the last are marked."""
    groups = []
    while number > 0x7F:
        groups.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*groups, number])
