"""Keys: the same for the same facts, another one for any other, and nothing unstable in them."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydantic import BaseModel

from photochrom.engine import keys
from photochrom.engine.keys import digest_of, key_of


class Color(StrEnum):
    RED = "red"


class Model(BaseModel):
    rate: Fraction = Fraction(24000, 1001)


@dataclass(frozen=True)
class Facts:
    name: str
    sizes: tuple[int, ...]


def test_a_key_is_64_hex_digits_and_the_same_for_the_same_facts() -> None:
    facts = {"b": [1, 2.5], "a": Facts("x", (1, 2)), "c": Color.RED, "d": Model()}
    key = key_of("picture", 1, facts, inputs={"scan": "ab"})
    assert len(key) == 64 and set(key) <= set("0123456789abcdef")
    assert key == key_of("picture", 1, dict(reversed(facts.items())), inputs={"scan": "ab"})


@pytest.mark.parametrize(
    "other",
    [
        ("sound", 1, {"a": 1}, {"scan": "ab"}),
        ("picture", 2, {"a": 1}, {"scan": "ab"}),
        ("picture", (1, 1), {"a": 1}, {"scan": "ab"}),
        ("picture", 1, {"a": 2}, {"scan": "ab"}),
        ("picture", 1, {"a": "1"}, {"scan": "ab"}),
        ("picture", 1, {"a": True}, {"scan": "ab"}),
        ("picture", 1, {"a": None}, {"scan": "ab"}),
        ("picture", 1, {"a": [1]}, {"scan": "ab"}),
        ("picture", 1, {"a": 1}, {"scan": "cd"}),
        ("picture", 1, {"a": 1}, {"gray": "ab"}),
    ],
)
def test_whatever_differs_makes_another_key(other: tuple[Any, ...]) -> None:
    kind, code, facts, inputs = other
    assert key_of("picture", 1, {"a": 1}, inputs={"scan": "ab"}) != key_of(
        kind, code, facts, inputs=inputs
    )


@pytest.mark.parametrize(
    "unstable",
    [object(), Path("/scans"), b"bytes", np.zeros(2), np.float32(1), float("nan"), {1: 2}, len],
    ids=lambda value: type(value).__name__,
)
def test_what_has_no_stable_form_is_refused_by_name(unstable: Any) -> None:
    with pytest.raises(TypeError, match=r"facts\.film\.size"):
        key_of("picture", 1, {"film": {"size": unstable}})


def test_another_version_of_a_library_is_another_key(monkeypatch: pytest.MonkeyPatch) -> None:
    before = key_of("picture", 1, {}, libraries=keys.NETWORKS)
    assert before != key_of("picture", 1, {}, libraries=("numpy",))
    monkeypatch.setattr(keys, "_version", lambda name: "99")
    assert before != key_of("picture", 1, {}, libraries=keys.NETWORKS)


def test_every_library_that_keys_name_is_one_that_we_depend_on() -> None:
    named = {*keys.NETWORKS, *keys.FILES, *keys.FRAMES, *keys.SOUND}
    assert all(keys._version(name) is not None for name in named)


def test_keys_are_the_same_in_another_process() -> None:
    code = (
        "from photochrom.engine.keys import digest_of\n"
        "print(digest_of({'b': {'y', 'x', 'z'}, 'a': 'Zürich \\udc80'}))"
    )
    said = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
        for seed in ("1", "2")
    }
    assert said == {digest_of({"a": "Zürich \udc80", "b": {"x", "y", "z"}})}
