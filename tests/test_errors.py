"""Errors: one line, and they travel between processes."""

from __future__ import annotations

import pickle

import pytest

from photochrom.errors import PhotochromError, PhotographError


def test_says_where_what_and_what_to_do_in_one_line() -> None:
    error = PhotographError("is\nempty", where="a/b.tif", fix="scan it again")
    assert str(error) == "a/b.tif: is empty; scan it again"
    assert str(PhotochromError("it broke")) == "it broke"


OURS = [
    kind
    for kind in (PhotochromError, *PhotochromError.__subclasses__())
    if kind.__module__.startswith("photochrom.")  # and not what other tests make up
]


@pytest.mark.parametrize("kind", OURS)
def test_travels_between_processes(kind: type[PhotochromError]) -> None:
    error = kind("is empty", where="b.tif", fix="scan it again")
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is kind
    assert str(again) == str(error)
