"""Names on a map: beside their dots, on no other name and on no dot."""

from __future__ import annotations

import itertools

import pytest
import skia

from photochrom.film.graphics.naming import Named, Sheet, named

ROOM = skia.Rect.MakeLTRB(32, 25, 608, 320)
SHEET = Sheet(ROOM, 576, 1 / 3)
# The northeast of the United States in a map of it all.
COAST = {
    "New York": (550.3, 145.6),
    "Saratoga Springs": (547.3, 129.1),
    "Boston": (561.9, 130.4),
    "Philadelphia": (545.5, 152.2),
    "Nipomo": (297.4, 179.2),
}


def put(places: dict[str, tuple[float, float]], sheet: Sheet = SHEET) -> dict[str, Named]:
    sizes = [(6.0 * len(name), 16.0) for name in places]
    found = named(sheet, sizes, list(places.values()))
    return {name: one for name, one in zip(places, found, strict=True) if one is not None}


def test_a_name_that_has_room_stands_beside_its_dot() -> None:
    right = put({"Paris": (300, 150)})["Paris"]
    assert right.stem is None and right.box.left() == pytest.approx(300 + 26 / 3)
    turned = put({"Paris": (300, 150)}, Sheet(ROOM, 576, 1 / 3, from_right=True))["Paris"]
    assert turned.stem is None and turned.box.right() == pytest.approx(300 - 26 / 3)
    # Where the frame ends, it changes sides.
    assert put({"Paris": (570, 150)})["Paris"].box.right() < 570


def test_a_dot_without_a_name_has_none() -> None:
    assert named(SHEET, [None, (30.0, 16.0)], [(300, 150), (310, 150)])[0] is None


@pytest.mark.parametrize("order", list(itertools.permutations(COAST))[::7])
def test_names_of_places_that_lie_close_can_be_read_and_told_apart(order: tuple[str, ...]) -> None:
    found = put({name: COAST[name] for name in order})
    for one, other in itertools.combinations(found.values(), 2):
        assert not one.box.intersects(other.box)
    for name, one in found.items():
        assert ROOM.contains(one.box)
        for other, (x, y) in COAST.items():
            dot = skia.Rect.MakeXYWH(x - 3, y - 3, 6, 6)
            assert not one.box.intersects(dot), (name, other)
            if other != name:
                assert not any(bit.intersects(dot) for bit in one.along()), (name, other)
                # A stem that goes through a name would strike it out.
                assert not any(bit.intersects(found[other].box) for bit in one.along())


def test_words_are_not_covered() -> None:
    words = skia.Rect.MakeLTRB(300, 140, 400, 170)
    (found,) = named(SHEET, [(30.0, 16.0)], [(295, 150)], [words])
    assert found is not None and not found.box.intersects(words)


def test_where_there_is_no_room_at_all_a_name_stands_all_the_same() -> None:
    tiny = Sheet(skia.Rect.MakeLTRB(0, 0, 20, 20), 18, 1 / 3)
    found = put({"Paris": (10, 10), "Versailles": (11, 10)}, tiny)
    assert set(found) == {"Paris", "Versailles"}
