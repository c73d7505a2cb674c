"""Where the camera looks."""

from __future__ import annotations

import itertools
import math
from typing import Literal

import cv2
import numpy as np
import pytest
import skimage.data
from hypothesis import given
from hypothesis import strategies as st

from photochrom.film.camera import Camera, Rect, ease
from photochrom.film.camera.asked import unshown
from photochrom.film.camera.asked import views as asked_views
from photochrom.film.camera.attention import UNKNOWN, Attention, Region, look
from photochrom.film.camera.framing import fit, view
from photochrom.film.camera.moves import camera_for, styles, styles_for
from photochrom.film.storyboard import Move, Shot

shares = st.floats(0, 1)
sizes = st.floats(0.05, 1)
aspects = st.floats(0.3, 4)
frames = st.sampled_from([16 / 9, 4 / 3, 1.0, 9 / 16])
all_frames = st.sampled_from([16 / 9, 4 / 3, 1.0, 9 / 16, 2.35])
seconds = st.floats(1, 60)
auto_styles = st.sampled_from(["push", "pull", "drift-left", "drift-right"])
easings = st.sampled_from(["smooth", "in", "out", "linear"])
TIMES = np.linspace(0, 1, 41)


@st.composite
def rectangles(draw: st.DrawFn) -> tuple[float, float, float, float]:
    width, height = draw(sizes), draw(sizes)
    return draw(shares) * (1 - width), draw(shares) * (1 - height), width, height


def inside(rect: Rect) -> bool:
    tiny = 1e-9
    return (
        rect.left >= -tiny
        and rect.top >= -tiny
        and rect.right <= 1 + tiny
        and rect.bottom <= 1 + tiny
    )


@given(rectangles(), rectangles(), easings, aspects, frames)
def test_a_given_move_never_leaves_the_picture(
    start: tuple[float, float, float, float],
    end: tuple[float, float, float, float],
    easing: Literal["smooth", "in", "out", "linear"],
    picture: float,
    frame: float,
) -> None:
    move = Move(start=start, end=end, easing=easing)
    camera = camera_for(Shot(photograph="a", move=move), picture, frame, 8, "push")
    for time in TIMES:
        rect = camera.at(time)
        assert inside(rect)
        assert rect.width / rect.height * picture == pytest.approx(frame)


@given(aspects, frames, seconds, auto_styles)
def test_an_automatic_move_that_fills_the_frame_never_leaves_the_picture(
    picture: float, frame: float, length: float, style: str
) -> None:
    shot = Shot(photograph="a", framing="fill")
    camera = camera_for(shot, picture, frame, length, style)
    assert not camera.mat
    for time in TIMES:
        rect = camera.at(time)
        assert inside(rect)
        assert rect.width / rect.height * picture == pytest.approx(frame)


@given(aspects, frames, seconds, auto_styles, st.sampled_from(["", "Words"]))
def test_a_mat_shows_the_whole_picture(
    picture: float, frame: float, length: float, style: str, caption: str
) -> None:
    shot = Shot(photograph="a", framing="mat", caption=caption)
    camera = camera_for(shot, picture, frame, length, style)
    for time in TIMES:
        rect = camera.at(time)
        assert min(rect.left, rect.top) <= 0
        assert rect.left <= 1e-9 and rect.right >= 1 - 1e-9
        assert rect.top <= 1e-9 and rect.bottom >= 1 - 1e-9
        if camera.beside is not None:
            picture_begins = -rect.left / rect.width
            assert picture_begins > camera.beside


@pytest.mark.parametrize("picture", [3 / 4, 1, 4 / 3, 3 / 2])
def test_words_stand_beside_a_matted_picture(picture: float) -> None:
    alone, beside = (
        camera_for(Shot(photograph="a", framing="mat", caption=words), picture, 16 / 9, 8, "push")
        for words in ("", "Words")
    )
    assert alone.beside is None
    assert beside.beside is not None and beside.beside >= 0.3 - 1e-9, "a fifth, and the margin"
    smaller = beside.end.width / alone.end.width
    assert 1 <= smaller <= 1 / 0.75
    panorama = camera_for(
        Shot(photograph="a", framing="mat", caption="Words"), 3, 16 / 9, 8, "push"
    )
    assert panorama.beside is None, "it would become too small"


def test_tall_pictures_are_matted_and_panoramas_are_not() -> None:
    shot = Shot(photograph="a")
    assert camera_for(shot, 2 / 3, 16 / 9, 8, "push").mat
    assert not camera_for(shot, 1.0, 16 / 9, 8, "push").mat
    assert not camera_for(shot, 3 / 2, 16 / 9, 8, "push").mat
    panorama = camera_for(shot, 5.0, 16 / 9, 8, "drift-right")
    assert not panorama.mat
    assert panorama.end.left > panorama.start.left


@given(st.floats(0.9, 1.7), seconds, auto_styles)
def test_automatic_moves_over_tall_pictures_keep_to_the_upper_edge(
    picture: float, length: float, style: str
) -> None:
    camera = camera_for(Shot(photograph="a"), picture, 16 / 9, length, style)
    assert camera.start.top == camera.end.top == 0


@given(easings)
def test_easing_is_monotone_and_complete(
    easing: Literal["smooth", "in", "out", "linear"],
) -> None:
    values = np.array([ease(time, easing) for time in np.linspace(0, 1, 2001)])
    assert values[0] == 0
    assert values[-1] == pytest.approx(1)
    speed = np.diff(values) * 2000
    assert speed.min() >= 0
    assert speed.max() < 1.45
    # No jump in speed anywhere.
    assert np.abs(np.diff(speed)).max() < 0.01


def test_smooth_moves_start_and_stop_at_rest() -> None:
    assert ease(0.001, "smooth") < 1e-6
    assert 1 - ease(0.999, "smooth") < 1e-6
    assert ease(0.5, "smooth") == pytest.approx(0.5)
    assert ease(0.001, "in") < 1e-6
    assert 1 - ease(0.999, "out") < 1e-6


def test_a_zoom_has_constant_relative_speed() -> None:
    camera = Camera(Rect(0, 0, 1, 1), Rect(0.4, 0.3, 0.25, 0.25), "linear")
    widths = np.array([camera.at(time).width for time in TIMES])
    ratios = widths[1:] / widths[:-1]
    assert ratios == pytest.approx(np.full(len(ratios), ratios[0]))


@given(rectangles(), rectangles())
def test_one_point_of_the_picture_stays_where_it_is_in_a_zoom(
    start: tuple[float, float, float, float], end: tuple[float, float, float, float]
) -> None:
    first, last = fit(Rect(*start), 1.0), fit(Rect(*end), 1.0)
    if abs(first.width - last.width) < 0.02:
        return
    camera = Camera(first, last)
    # The point that is at the same place of the frame at both ends.
    place = (first.left - last.left) / (last.width - first.width)
    points = [rect.left + place * rect.width for rect in map(camera.at, TIMES)]
    assert points == pytest.approx([points[0]] * len(points), abs=1e-7 * (1 + abs(place)))


@given(rectangles(), st.floats(0.4, 2.5))
def test_fit_holds_what_it_was_given_where_the_picture_allows(
    given_rect: tuple[float, float, float, float], shape: float
) -> None:
    rect = Rect(*given_rect)
    fitted = fit(rect, shape)
    assert inside(fitted)
    assert fitted.width == pytest.approx(fitted.height * shape)
    if max(rect.width, rect.height * shape) <= min(1, shape):
        tiny = 1e-9
        assert fitted.left <= rect.left + tiny and fitted.right >= rect.right - tiny
        assert fitted.top <= rect.top + tiny and fitted.bottom >= rect.bottom - tiny


@given(st.lists(st.text(min_size=1, max_size=3), max_size=40), st.integers(0, 5))
def test_automatic_moves_never_repeat_and_are_seeded(names: list[str], seed: int) -> None:
    chosen = styles(names, seed)
    assert all(one != other for one, other in itertools.pairwise(chosen))
    assert chosen == styles(names, seed)


def test_a_shot_put_in_front_does_not_change_all_moves() -> None:
    names = [f"photograph {index}" for index in range(40)]
    with_new = styles(["new", *names], 0)[1:]
    same = sum(one == other for one, other in zip(styles(names, 0), with_new, strict=True))
    assert same >= 36


@given(rectangles(), rectangles(), rectangles(), st.floats(0.4, 2.5))
def test_a_bent_path_stays_in_the_picture_and_in_shape(
    start: tuple[float, float, float, float],
    via: tuple[float, float, float, float],
    end: tuple[float, float, float, float],
    shape: float,
) -> None:
    rects = [fit(Rect(*r), shape) for r in (start, via, end)]
    camera = Camera(rects[0], rects[2], "smooth", rects[1])
    path = [camera.at(time) for time in TIMES]
    for seen, wanted in ((path[0], rects[0]), (path[-1], rects[2])):
        assert (seen.left, seen.top, seen.width) == pytest.approx(
            (wanted.left, wanted.top, wanted.width)
        )
    narrow, wide = camera.widths
    for rect in path:
        assert inside(rect)
        assert rect.width == pytest.approx(rect.height * shape)
        assert narrow * (1 - 1e-9) <= rect.width <= wide * (1 + 1e-9)


def test_a_bent_path_comes_by_the_third_point_without_a_halt_or_a_jerk() -> None:
    via = Rect(0.3, 0.05, 0.4, 0.4)
    camera = Camera(Rect(0, 0.3, 0.7, 0.7), Rect(0.6, 0.5, 0.4, 0.4), "linear", via)
    path = [camera.at(time) for time in np.linspace(0, 1, 1001)]
    middles = np.array([(r.left + r.width / 2, r.top + r.height / 2) for r in path])
    away = np.hypot(*(middles - (0.5, 0.25)).T)
    # The bend passes it at an eighth of the frame, which then still shows it near its middle.
    assert away.min() < 0.125 * via.width
    steps = np.diff(middles, axis=0)
    speed = np.hypot(*steps.T)
    assert speed[5:-5].min() > 0.25 * speed.max()
    # From one frame of ten seconds to the next the velocity changes by a twelfth at most.
    frames = middles[:: len(middles) // 240]
    velocities = np.diff(frames, axis=0)
    changes = np.hypot(*np.diff(velocities, axis=0).T)
    assert changes.max() < np.hypot(*velocities.T).max() / 12


def test_what_a_bent_path_passes_is_known() -> None:
    camera = Camera(Rect(0, 0, 1, 1), Rect(0.7, 0.7, 0.3, 0.3), "smooth", Rect(0.1, 0.6, 0.4, 0.4))
    narrow, wide = camera.widths
    middle = (narrow * wide) ** 0.5
    bands = ((narrow, middle), (middle, wide))
    parts = {band: camera.between(*band) for band in bands}
    for time in np.linspace(0, 1, 333):
        rect = camera.at(time)
        for (low, high), seen in parts.items():
            if low <= rect.width <= high:
                assert rect.union(seen) == seen


def test_a_point_of_interest_is_shown_near_and_in_the_middle() -> None:
    seen = view((0.5, 0.6), 1.25)
    assert (seen.left + seen.width / 2, seen.top + seen.height / 2) == pytest.approx((0.5, 0.6))
    assert seen.width == pytest.approx(0.6) and seen.height == pytest.approx(0.6 / 1.25)
    assert inside(view((0.99, 0.0), 0.8))
    move = Move(start=(0, 0, 1, 1), via=(0.2, 0.3), end=(0.9, 0.9))
    shot = Shot(photograph="a", move=move)
    camera = camera_for(shot, 1.5, 1.5, 6, "")
    assert camera.via == view((0.2, 0.3), 1.0)
    assert camera.end == view((0.9, 0.9), 1.0)


@st.composite
def attentions(draw: st.DrawFn, aspect: float, most: int = 3) -> Attention:
    """Heads of people anywhere in a picture."""
    heads = []
    for _ in range(draw(st.integers(1, most))):
        width = draw(st.floats(0.02, 0.4))
        height = min(1.3 * width * aspect, 0.9)
        left, top = draw(shares) * (1 - width), draw(shares) * (1 - height)
        heads.append(Region(Rect(left, top, width, height), draw(st.floats(0.35, 1))))
    heads.sort(key=lambda head: -head.weight)
    return Attention(aspect, tuple(heads), Region(Rect(0.4, 0.4, 0.2, 0.2), 1.0))


def cut_heads(camera: Camera, attention: Attention) -> list[tuple[float, Rect]]:
    """Moments at which a head is not whole in the frame, and the head."""
    return [
        (float(time), head.rect)
        for time in TIMES
        for head in attention.heads
        if not holds(camera.at(time), head.rect)
    ]


def holds(seen: Rect, rect: Rect) -> bool:
    tiny = 1e-6
    return (
        seen.left <= rect.left + tiny
        and seen.top <= rect.top + tiny
        and seen.right >= rect.right - tiny
        and seen.bottom >= rect.bottom - tiny
    )


@given(st.data(), aspects, all_frames, seconds, auto_styles, st.sampled_from(["auto", "still"]))
def test_no_head_is_ever_cut(
    data: st.DataObject,
    picture: float,
    frame: float,
    length: float,
    style: str,
    move: Literal["auto", "still"],
) -> None:
    attention = data.draw(attentions(picture))
    shot = Shot(photograph="a", move=move)
    camera = camera_for(shot, picture, frame, length, style, attention)
    group = attention.heads[0].rect
    for head in attention.heads[1:]:
        group = group.union(head.rect)
    widest = min(1.0, frame / picture)
    one = 1.05 * attention.heads[0].rect.width <= widest
    if widest < 0.5 and frame >= 1 and one and 1.05 * group.width > widest:
        # A long row of people is crossed; the largest heads stay.
        assert not camera.mat
        attention = Attention(picture, attention.heads[:1])
    assert cut_heads(camera, attention) == []
    assert camera.mat or all(inside(camera.at(time)) for time in TIMES)


@given(st.data(), aspects, all_frames, seconds, auto_styles)
def test_where_the_frame_has_to_be_filled_the_largest_head_stays_whole(
    data: st.DataObject, picture: float, frame: float, length: float, style: str
) -> None:
    attention = data.draw(attentions(picture))
    first = attention.heads[0]
    shot = Shot(photograph="a", framing="fill")
    camera = camera_for(shot, picture, frame, length, style, attention)
    shape = frame / picture
    widest = min(1.0, shape)
    assert all(inside(camera.at(time)) for time in TIMES)
    if first.rect.width <= widest and first.rect.height <= widest / shape:
        assert cut_heads(camera, Attention(picture, (first,))) == []
    else:
        # Too large for any frame: the hair is seen rather than the chin.
        assert all(camera.at(time).top <= first.rect.top + 1e-9 for time in TIMES)


def off_middle(seen: Rect, x: float, y: float) -> float:
    """How far a place is from where one looks first, in frames."""
    return math.hypot((x - seen.left) / seen.width - 0.5, (y - seen.top) / seen.height - 0.42)


@given(st.data(), aspects, all_frames, st.floats(3, 20))
def test_the_camera_comes_near_to_heads_and_goes_back_from_them(
    data: st.DataObject, picture: float, frame: float, length: float
) -> None:
    attention = data.draw(attentions(picture, most=1))
    (head,) = attention.heads
    shot = Shot(photograph="a")
    push = camera_for(shot, picture, frame, length, "push", attention)
    pull = camera_for(shot, picture, frame, length, "pull", attention)
    assert (push.start, push.end) == (pull.end, pull.start)
    assert push.end.width < push.start.width
    if not push.mat:
        before, after = (off_middle(seen, head.x, head.y) for seen in (push.start, push.end))
        # The edge of the picture may keep it from the middle, and not less so from near.
        assert after <= before + 1e-6 or after < 0.5


@pytest.mark.parametrize(("x", "style"), [(0.85, "drift-right"), (0.12, "drift-left")])
@pytest.mark.parametrize("frame", [16 / 9, 9 / 16, 1.0, 2.35])
@pytest.mark.parametrize("kind", ["head", "thing"])
def test_a_panorama_is_crossed_towards_what_matters(
    x: float, style: str, frame: float, kind: str
) -> None:
    region = Region(Rect(x - 0.03, 0.4, 0.06, 0.2), 1.0)
    attention = Attention(5.0, (region,) if kind == "head" else (), region)
    shot = Shot(photograph="a")
    assert styles_for(shot, frame, attention) == (style,)
    camera = camera_for(shot, 5.0, frame, 8, style, attention)
    path = [camera.at(time) for time in TIMES]
    away = [abs(x - (seen.left + seen.width / 2)) for seen in path]
    assert all(later < earlier for earlier, later in itertools.pairwise(away))
    assert away[0] - away[-1] > 0.15 * path[0].width
    # It does not rush: what is seen needs five seconds from one edge to the other at least.
    steps = [abs(two.left - one.left) for one, two in itertools.pairwise(path)]
    assert max(steps) / path[0].width < 0.2 * 8 / 40
    if kind == "head":
        assert cut_heads(camera, attention) == []


@pytest.mark.parametrize("frame", [16 / 9, 9 / 16, 1.0, 2.35])
@pytest.mark.parametrize(("width", "height"), [(700, 500), (500, 700), (1400, 420), (500, 500)])
@pytest.mark.parametrize("place", [(0.0, 0.0), (0.5, 0.3), (1.0, 0.9)])
def test_a_face_that_was_found_is_whole_in_every_frame(
    frame: float, width: int, height: int, place: tuple[float, float]
) -> None:
    side = 150
    face = cv2.resize(skimage.data.astronaut()[:260, 90:350], (side, side))
    scene = np.full((height, width, 3), 125, np.uint8)
    left, top = round(place[0] * (width - side)), round(place[1] * (height - side))
    scene[top : top + side, left : left + side] = face
    # Brow to chin and ear to ear, without the hair; in pixels of the part that was pasted.
    features = Rect((left + 50) / width, (top + 38) / height, 54 / width, 64 / height)
    attention = look(scene)
    assert len(attention.heads) == 1
    shot = Shot(photograph="a")
    aspect = width / height
    for style in styles_for(shot, frame, attention):
        camera = camera_for(shot, aspect, frame, 8, style, attention)
        assert all(holds(camera.at(time), features) for time in TIMES)
        assert camera.moves


def test_moves_go_to_the_side_where_something_is() -> None:
    shot = Shot(photograph="a")

    def suiting(x: float, aspect: float | None = 1.5, frame: float = 16 / 9) -> tuple[str, ...]:
        head = Region(Rect(x - 0.05, 0.2, 0.1, 0.2), 1.0)
        return styles_for(shot, frame, Attention(aspect, (head,)))

    assert suiting(0.8) == ("push", "drift-right", "pull")
    assert suiting(0.2) == ("push", "drift-left", "pull")
    assert set(suiting(0.5)) == {"push", "pull", "drift-left", "drift-right"}
    # On a mat there is nowhere to go but nearer and back.
    assert suiting(0.8, aspect=0.6) == ("push", "pull")
    assert set(styles_for(shot, 16 / 9, UNKNOWN)) == {"push", "pull", "drift-left", "drift-right"}


suitings = st.sampled_from(
    [("push", "pull"), ("drift-right",), ("drift-left",), ("push", "drift-left", "pull")]
)


@given(st.lists(st.tuples(st.text(min_size=1, max_size=3), suitings), max_size=40))
def test_moves_that_suit_do_not_repeat_either(shots: list[tuple[str, tuple[str, ...]]]) -> None:
    chosen = styles([name for name, _ in shots], 0, [suiting for _, suiting in shots])
    assert all(one != other for one, other in itertools.pairwise(chosen))
    for style, (_, suiting) in zip(chosen, shots, strict=True):
        # Of two panoramas in a row that lead to the same side the second one goes back.
        assert style in suiting or len(suiting) == 1


def test_what_stands_out_is_a_hint_that_leads_sideways_rather_than_down() -> None:
    low = Region(Rect(0.7, 0.8, 0.2, 0.2), 1.0)
    shot = Shot(photograph="a")
    camera = camera_for(shot, 1.0, 16 / 9, 10, "push", Attention(1.0, (), low))
    plain = camera_for(shot, 1.0, 16 / 9, 10, "push")
    assert camera.end.left > plain.end.left
    assert plain.end.top == 0 < camera.end.top < 0.5 * (1 - camera.end.height)


@given(rectangles(), rectangles(), st.floats(0.4, 2.5))
def test_a_rectangle_is_inside_what_is_shown_or_it_is_told(
    start: tuple[float, float, float, float],
    end: tuple[float, float, float, float],
    shape: float,
) -> None:
    move = Move(start=start, end=end)
    told = {one.key for one in unshown(move, shape)}
    first, _, last = asked_views(move, shape)
    for key, asked, seen in (("from", Rect(*start), first), ("to", Rect(*end), last)):
        assert inside(seen)
        assert seen.width / seen.height == pytest.approx(shape)
        if key not in told:
            hardly = 0.021 * max(asked.width, asked.height)
            assert seen.left <= asked.left + hardly and seen.right >= asked.right - hardly
            assert seen.top <= asked.top + hardly and seen.bottom >= asked.bottom - hardly


def test_growing_keeps_the_middle_of_a_rectangle() -> None:
    move = Move(start=(0.4, 0.3, 0.2, 0.3), end=(0.3, 0.4, 0.3, 0.1))
    start, _, end = asked_views(move, 16 / 9)
    for seen, middle in ((start, (0.5, 0.45)), (end, (0.45, 0.45))):
        assert seen.left + seen.width / 2 == pytest.approx(middle[0])
        assert seen.top + seen.height / 2 == pytest.approx(middle[1])
    assert not unshown(move, 16 / 9)


def test_a_pan_over_tall_parts_in_a_wide_frame_stays_a_pan() -> None:
    move = Move(start=(0.0, 0.1, 0.3, 0.8), end=(0.7, 0.1, 0.3, 0.8))
    start, _, end = asked_views(move, 1.2)
    went = (end.left + end.width / 2) - (start.left + start.width / 2)
    assert went > 0.6 * 0.7
    assert end.top == pytest.approx(start.top)
    told = unshown(move, 1.2)
    assert [one.key for one in told] == ["from", "to"]
    assert all(one.is_tall for one in told)


def test_a_move_towards_a_tall_part_shows_all_of_it_that_fits() -> None:
    move = Move(start=(0.0, 0.0, 1.0, 1.0), end=(0.05, 0.1, 0.2, 0.6))
    _, _, end = asked_views(move, 1.2)
    assert end.top == pytest.approx(0.1) and end.bottom == pytest.approx(0.7)
