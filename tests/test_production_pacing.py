"""What drafts are made with: lengths that add up, clocks, ids, captions from names, TOML."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from photochrom.errors import ProductionError
from photochrom.production.drafting.scans import caption_of, id_of
from photochrom.production.pacing import (
    BRIEFEST_SHOT,
    Want,
    clock,
    least_for,
    seconds_of,
    share_out,
)
from photochrom.scans import natural_key

WANTS = st.lists(
    st.builds(Want, st.integers(4, 60).map(lambda n: n / 4), st.floats(0.1, 5)), min_size=1
)


@given(WANTS, st.integers(0, 4000).map(lambda n: n / 8))
def test_shared_lengths_add_up_and_respect_what_must_be(wants: list[Want], extra: float) -> None:
    seconds = sum(want.least for want in wants) + extra
    lengths = share_out(seconds, wants)
    assert sum(lengths) == pytest.approx(seconds, abs=1e-9)
    assert all(length >= want.least for length, want in zip(lengths, wants, strict=True))
    assert all(length * 4 == int(length * 4) for length in lengths[:-1])


@given(WANTS)
def test_where_there_is_not_enough_each_gets_what_it_must_have(wants: list[Want]) -> None:
    assert share_out(0.5, wants) == [want.least for want in wants]


@given(st.integers(1000, 86_400_000).map(lambda n: n / 1000))
def test_clocks_read_back(seconds: float) -> None:
    assert seconds_of(clock(seconds)) == pytest.approx(seconds, abs=1e-9)


@pytest.mark.parametrize(
    ("text", "seconds"), [("90", 90), ("1:30", 90), ("0:05", 5), ("1:00:00", 3600), (8.5, 8.5)]
)
def test_lengths_are_read(text: str | float, seconds: float) -> None:
    assert seconds_of(text) == seconds


@pytest.mark.parametrize("text", ["", "abc", "1:60", "-5", "0", "1:2:3:4", "1:99:00", "nan", 1e9])
def test_lengths_that_are_none(text: str | float) -> None:
    with pytest.raises(ProductionError, match="is no length"):
        seconds_of(text)


def test_long_captions_and_reveals_ask_for_time() -> None:
    assert least_for("") == BRIEFEST_SHOT
    assert least_for("x" * 170) >= 10
    assert least_for("", reveal=2.5) == 5.5


@given(st.text(max_size=40))
def test_ids_are_file_names_and_differ(name: str) -> None:
    taken: set[str] = set()
    ids = [id_of(name, taken) for _ in range(3)]
    assert len(set(ids)) == 3
    for one in ids:
        assert one.isascii()
        assert one.replace("-", "").isalnum()


def test_ids_keep_what_can_be_kept() -> None:
    assert id_of("Großmutter Łucja, Zürich (1931)", set()) == "grossmutter-lucja-zurich-1931"
    assert id_of("東京", set()) == "photograph"


@pytest.mark.parametrize(
    ("name", "caption"),
    [
        ("Harbor at noon 1903", "Harbor at noon 1903"),
        ("03_uncle_karl-in-the-garden", "Uncle karl in the garden"),
        ("1914-08-02 mobilization", "1914-08-02 mobilization"),
        ("IMG_0042", ""),
        ("scan 12 final", ""),
        ("DSC01234", ""),
        ("bw07", ""),
        ("album-05x", ""),
        ("Print shop 1920", "Print shop 1920"),
        ("0001", ""),
    ],
)
def test_captions_from_names(name: str, caption: str) -> None:
    assert caption_of(name) == caption


def test_names_sort_as_people_count() -> None:
    names = ["scan 10", "Scan 9", "scan 09b", "a", "100", "20"]
    assert sorted(names, key=natural_key) == ["20", "100", "a", "Scan 9", "scan 09b", "scan 10"]


def test_nothing_gets_more_than_it_may_until_all_have_that() -> None:
    wants = [Want(3, 1, 5), Want(3, 1, 14), Want(4, 0, 4)]
    assert share_out(20, wants) == [5, 11, 4]
    assert share_out(23, wants) == [5, 14, 4]
    # Somebody asked for more than that: cards keep their length.
    assert share_out(27, wants) == [7, 16, 4]


def test_a_voice_asks_for_a_second_more_than_it_lasts() -> None:
    assert least_for("", voice=7.1) == 8.25
