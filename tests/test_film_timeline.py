"""Segments and their keys: what must, and what must not, be rendered again."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from photochrom.errors import StoryboardError
from photochrom.film import Storyboard
from photochrom.film.camera import Rect
from photochrom.film.camera.attention import Attention, Region
from photochrom.film.plan.timeline import Segment, length_of, segments_of
from photochrom.film.stills import Stills

NAMES = ("a", "b", "c")
STILLS = {
    name: Stills(Path(name), Path(name), Path(name), (f"{name}1", f"{name}2", f"{name}3"))
    for name in NAMES
}
SHOTS: list[dict[str, Any]] = [
    {"card": "title", "title": "A Film", "length": 4},
    {"photograph": "a", "length": 8, "caption": "One", "reveal": {"kind": "wipe", "from": "scan"}},
    {"photograph": "b", "length": 6, "caption": "Two", "transition": "dip"},
    {"photograph": "c", "length": 6, "transition": "cut", "reveal": "dissolve"},
    {"card": "credits", "length": 6, "credits": [{"names": ["N. N."]}]},
]


def segments(
    shots: list[dict[str, Any]] = SHOTS,
    film: Mapping[str, Any] | None = None,
    stills: Mapping[str, Stills] = STILLS,
) -> list[Segment]:
    data = {"film": {"title": "A Film", **(film or {})}, "shot": shots}
    return segments_of(Storyboard.parse(data), stills)


def changed(index: int, **fields: Any) -> list[dict[str, Any]]:
    return [shot | fields if n == index else shot for n, shot in enumerate(SHOTS)]


def new_keys(after: list[Segment]) -> list[str]:
    known = {segment.key for segment in segments()}
    return [segment.name for segment in after if segment.key not in known]


def test_segments_follow_one_another_without_a_gap() -> None:
    cut = segments()
    assert [segment.start for segment in cut] == [
        sum(other.frames for other in cut[:index]) for index in range(len(cut))
    ]
    assert length_of(cut) == 30 * 24
    kinds = [segment.kind for segment in cut]
    assert kinds == [
        *("dissolve", "body"),
        *("dissolve", "body"),
        *("dip", "body"),
        "body",
        *("dissolve", "body"),
        "fade",
    ]
    assert len({segment.key for segment in cut}) == len(cut)


def test_keys_do_not_hang_on_the_run() -> None:
    assert [segment.key for segment in segments()] == [segment.key for segment in segments()]


@pytest.mark.parametrize(
    ("fields", "again"),
    [
        ({"caption": "Another"}, ["a"]),
        ({"credit": "Somebody"}, ["a"]),
        ({"framing": "fill"}, ["dissolve to a", "a", "dip to b"]),
        ({"move": "still"}, ["dissolve to a", "a", "dip to b"]),
        ({"length": 9}, ["dissolve to a", "a", "dip to b"]),
        ({"reveal": {"kind": "dissolve", "from": "scan"}}, ["a"]),
        ({"reveal": {"kind": "wipe", "from": "gray"}}, ["dissolve to a", "a"]),
        ({"transition": "dip"}, ["dip to a"]),
        ({"transition": {"seconds": 2}}, ["dissolve to a", "a"]),
    ],
)
def test_an_edited_shot_touches_only_what_shows_it(
    fields: dict[str, Any], again: list[str]
) -> None:
    assert new_keys(segments(changed(1, **fields))) == again


def test_an_edited_card_touches_only_where_it_is_seen() -> None:
    title = ["dissolve to title card", "title card", "dissolve to a"]
    assert new_keys(segments(changed(0, title="Another"))) == title
    assert new_keys(segments(film={"title": "Another"})) == []
    credits = [{"names": ["M. M."]}]
    assert new_keys(segments(changed(4, credits=credits))) == [
        "dissolve to credits card",
        "credits card",
        "fade to credits card",
    ]


def test_a_new_still_touches_only_where_it_is_seen() -> None:
    def with_digests(*digests: str) -> list[str]:
        still = Stills(Path("c"), Path("c"), Path("c"), digests)  # type: ignore[arg-type]
        return new_keys(segments(stills={**STILLS, "c": still}))

    # Shot c is revealed from gray: its scan is never seen.
    assert with_digests("new", "c2", "c3") == []
    assert with_digests("c1", "new", "c3") == ["c"]
    assert with_digests("c1", "c2", "new") == ["c", "dissolve to credits card"]


def test_the_look_touches_what_it_shows_in() -> None:
    everything = [segment.name for segment in segments()]
    assert new_keys(segments(film={"size": [1280, 720]})) == everything
    assert new_keys(segments(film={"rate": 25})) == everything
    ink = new_keys(segments(film={"theme": {"ink": "#ffffff"}}))
    # Of transitions those that lead to a card, or from one.
    led = [name for name in ink if name.startswith(("dissolve", "dip", "fade"))]
    assert led == [
        "dissolve to title card",
        "dissolve to a",
        "dissolve to credits card",
        "fade to credits card",
    ]
    assert new_keys(segments(film={"sound": {"kind": "silence"}})) == []
    vignette = new_keys(segments(film={"theme": {"vignette": 0.3}}))
    assert vignette[0] == "dissolve to a"


def test_moving_a_shot_renders_only_its_transitions_again() -> None:
    moved = [SHOTS[0], SHOTS[1], SHOTS[3], SHOTS[2], SHOTS[4]]
    bodies = [name for name in new_keys(segments(moved)) if " to " not in name]
    # Bodies of moved shots change only where the handle under the next transition does.
    assert set(bodies) <= {"a", "b", "c"}
    assert "title card" not in bodies


def test_files_are_read_for_their_digest_when_nobody_knows_it(tmp_path: Path) -> None:
    for name in NAMES:
        (tmp_path / name).write_bytes(name.encode())
    files = {name: Stills(*[tmp_path / name] * 3) for name in NAMES}
    before = segments(stills=files)
    elsewhere = tmp_path / "other"
    (tmp_path / "a").rename(elsewhere)
    files["a"] = Stills(elsewhere, elsewhere, elsewhere)
    assert [s.key for s in segments(stills=files)] == [s.key for s in before]
    elsewhere.unlink()
    with pytest.raises(StoryboardError, match="cannot be read"):
        segments(stills=files)


def test_an_unknown_photograph_is_named() -> None:
    with pytest.raises(StoryboardError, match='shot 2: there is no photograph "zz"'):
        segments(changed(1, photograph="zz"))


@pytest.mark.parametrize("rate", ["24000/1001", "30000/1001", 25, 50])
def test_lengths_are_whole_frames_at_any_rate(rate: object) -> None:
    cut = segments(film={"rate": rate})
    exact = Fraction(rate) * 30  # type: ignore[arg-type]
    assert abs(length_of(cut) - exact) <= len(SHOTS) / 2


def test_the_reveal_waits_for_the_transition_and_ends_in_the_body() -> None:
    for length in (3.6, 5, 8, 20, 60):
        for segment in segments(changed(1, length=length)):
            take = segment.take
            span = take.reveal_span()
            if span is not None:
                assert span[0] >= take.first
                assert span[1] <= take.last + 1e-6


def test_what_matters_in_a_picture_touches_the_shots_whose_camera_looks_for_it() -> None:
    head = Region(Rect(0.7, 0.2, 0.1, 0.2), 1.0)
    seen = dataclasses.replace(STILLS["a"], attention=Attention(5.0, (head,)))
    looked = {**STILLS, "a": seen}
    again = new_keys(segments(stills=looked))
    assert again[:3] == ["dissolve to a", "a", "dip to b"]
    (take,) = {s.take.style for s in segments(stills=looked) if s.name == "a"}
    assert take == "drift-right"
    path = {"from": [0, 0, 1, 1], "to": [0, 0, 0.5, 0.5]}
    for caption in ("", {"text": "One", "at": "lower left"}):
        shots = changed(1, move=path, caption=caption)
        same, other = segments(shots), segments(shots, stills=looked)
        assert [s.key for s in same if s.name == "a"] == [s.key for s in other if s.name == "a"]
    # Words that look for a place of their own do not lie on faces; in transitions there are none.
    shots = changed(1, move=path)
    known = {segment.key for segment in segments(shots)}
    new = {s.name for s in segments(shots, stills=looked) if s.key not in known}
    assert "a" in new and "dissolve to a" not in new


def test_the_surround_touches_photographs_and_no_cards() -> None:
    again = new_keys(segments(film={"theme": {"surround": "blur"}}))
    assert "title card" not in again and "credits card" not in again
    assert {"a", "b", "c"} <= set(again)
