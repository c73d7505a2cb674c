"""Keys: the digest of everything that a result depends on. Every key is made here.

A key says what kind of result it is for, which version of the code makes it, the facts that it was
told, the inputs by their digests, and the versions of the libraries on which its bytes depend.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import fields, is_dataclass
from enum import Enum
from fractions import Fraction
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from types import MappingProxyType
from typing import Any

from pydantic import BaseModel

NETWORKS = ("numpy", "onnxruntime", "opencv-python-headless")
"""Libraries on which the bytes of a restored picture depend, besides those of its format."""

AT_TIMES = ("ncnn",)
"""Libraries on which that of few networks depends."""

FILES = ("imagecodecs", "lxml", "pillow", "tifffile")
"""Libraries that read and write pictures."""

FRAMES = ("av", "numpy", "opencv-python-headless", "skia-python")
"""Libraries on which the bytes of a film's frames, as encoded, depend."""

EMBLEMS = ("pillow", "resvg-py")
"""Libraries on which logos depend besides."""

SOUND = ("av", "numpy")
"""Libraries on which the bytes of a film's sound depend."""

_SHAPE = 1
# The same library under another name; if both are installed, either may be what is loaded.
_ALSO: Mapping[str, str] = MappingProxyType({"onnxruntime": "onnxruntime-gpu"})
_NOTHING: Mapping[str, str] = MappingProxyType({})


def versions() -> dict[str, str | None]:
    """Versions of all that results depend on: machines that share a store must have the same."""
    names = sorted({"photochrom", *NETWORKS, *AT_TIMES, *FILES, *FRAMES, *EMBLEMS, *SOUND})
    return {name: _version(name) for name in names}


def key_of(
    kind: str,
    code: int | tuple[int, ...],
    facts: Any,
    *,
    inputs: Mapping[str, str] = _NOTHING,
    libraries: Iterable[str] = (),
) -> str:
    """The key of a result: 64 lower-case hex digits.

    Args:
        kind: What is made ("picture", "segment"): results of two kinds never share a key.
        code: Version of the code that makes it; several where it has several parts.
        facts: What it is told: numbers, texts, enumerations, sequences, mappings with names,
            dataclasses and models of these. None of it may hang on the machine.
        inputs: SHA-256 of the files it is made from, or keys of other results, by their role.
        libraries: Names of the packages on whose version its bytes depend.

    Raises:
        TypeError: A fact has no stable form.
    """
    whole = {
        "shape": _SHAPE,
        "kind": kind,
        "code": code,
        "facts": facts,
        "inputs": inputs,
        "libraries": {name: _version(name) for name in libraries},
    }
    return digest_of(whole)


def digest_of(facts: Any) -> str:
    """SHA-256 of plain facts in their one canonical form; for digests that are no result's key.

    Raises:
        TypeError: A fact has no stable form.
    """
    text = json.dumps(_plain(facts, ""), sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: Any, place: str) -> Any:
    """A value of JSON's types that is the same for the same fact, on every machine."""
    if value is None or isinstance(value, bool | str):
        return value.value if isinstance(value, Enum) else value
    if isinstance(value, Enum):
        return _plain(value.value, place)
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        if not math.isfinite(value):
            raise TypeError(f"{place or 'a fact'} is {value}, which has no place in a key")
        return float(value)
    if isinstance(value, Fraction):
        return {"fraction": [value.numerator, value.denominator]}
    if isinstance(value, BaseModel):
        return _plain({name: getattr(value, name) for name in type(value).model_fields}, place)
    if is_dataclass(value) and not isinstance(value, type):
        return _plain({one.name: getattr(value, one.name) for one in fields(value)}, place)
    if isinstance(value, Mapping):
        if not all(isinstance(name, str) for name in value):
            raise TypeError(f"{place or 'a mapping'} has keys that are no names")
        return {str(name): _plain(one, f"{place}.{name}") for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one, f"{place}[{i}]") for i, one in enumerate(value)]
    if isinstance(value, frozenset | set):
        return sorted(_plain(one, place) for one in value)
    raise TypeError(f"{place or 'a fact'} is a {type(value).__name__}, which has no stable form")


@cache
def _version(name: str) -> str | None:
    found = []
    for one in (name, _ALSO.get(name, name)):
        with suppress(PackageNotFoundError):
            found.append(version(one))
    return " or ".join(dict.fromkeys(found)) or None
