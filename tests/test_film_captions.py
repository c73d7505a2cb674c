"""What is written over pictures: what it says, how legible it is, and what it keeps clear of."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image

from photochrom.errors import StoryboardError
from photochrom.film import Caption, Shot, Storyboard
from photochrom.film.camera import Rect
from photochrom.film.camera.attention import Attention, Region
from photochrom.film.exchange.cut import Media, timeline_of
from photochrom.film.frames.planes import Planes
from photochrom.film.plan.cues import cues
from photochrom.film.plan.subtitles import captions, descriptions
from photochrom.film.plan.timeline import segments_of
from photochrom.film.scenes.shooting import pictures_at
from photochrom.film.stills import Stills
from photochrom.film.storyboard import Theme
from photochrom.film.words.captions import CREDIT_SAFE, TITLE_SAFE
from photochrom.film.words.contrast import (
    MOST,
    RATIO,
    below,
    contrast,
    luminance,
    luminance_of,
    shade_for,
    shade_needed,
    worst_contrast,
)
from photochrom.film.words.corners import corner_for
from photochrom.film.words.subtitles import vtt

SIZE = (640, 360)
INK = Theme().ink
FULL = {"name": "Ann Fish", "text": "in her shop", "place": "Zürich", "date": 1931}
Pixels = NDArray[np.float32]


def still(folder: Path, pixels: NDArray[np.uint8], *, colored: bool = False) -> Stills:
    gray, color = folder / "gray.png", folder / "color.png"
    Image.fromarray(pixels).save(gray)
    tinted = np.clip(pixels * [1.0, 0.92, 0.75], 0, 255).astype(np.uint8) if colored else pixels
    Image.fromarray(tinted).save(color)
    return Stills(gray, gray, color)


def flat(level: int) -> NDArray[np.uint8]:
    return np.full((360, 640, 3), level, np.uint8)


def shown(
    stills: Stills, at: int | list[int] = 60, *, film: Mapping[str, Any] | None = None, **shot: Any
) -> Any:
    """Frames of a still shot of five seconds."""
    fields = {"photograph": "a", "length": 5, "transition": "cut", "move": "still", **shot}
    fields = {**fields, "framing": fields.get("framing", "fill")}
    head = {"size": list(SIZE), "fade": 0, **(film or {})}
    segments = segments_of(Storyboard.parse({"film": head, "shot": [fields]}), {"a": stills})
    frames = [at] if isinstance(at, int) else at
    found = [picture.astype(np.float32) for picture in pictures_at(segments, frames)]
    return found[0] if isinstance(at, int) else found


def drawn(words: Pixels, bare: Pixels) -> tuple[int, int, int, int]:
    """Left, top, right, bottom of what is much brighter or darker with words than without."""
    seen = np.abs(words - bare).max(axis=2) > 50
    rows, columns = np.flatnonzero(seen.any(axis=1)), np.flatnonzero(seen.any(axis=0))
    return int(columns[0]), int(rows[0]), int(columns[-1]), int(rows[-1])


def test_a_caption_is_a_text_or_a_table() -> None:
    def caption(value: object) -> Caption:
        return Shot.model_validate({"photograph": "a", "caption": value}).caption

    assert caption(" One line ").plain == "One line"
    assert caption("Ann\n\nin her shop").parts == ("Ann", "in her shop", "")
    assert caption(FULL).plain == "Ann Fish\nin her shop\nZürich, 1931"
    assert caption({"date": "1931"}).plain == "1931"
    # With a name of its own, no line of the text is one.
    assert caption({"name": "Ann", "text": "a\nb"}).parts == ("Ann", "a\nb", "")
    for value in ("", "x", FULL, {"text": "x", "at": "upper left"}):
        shot = Shot.model_validate({"photograph": "a", "caption": value})
        assert Shot.model_validate(shot.model_dump(by_alias=True)) == shot
    assert Shot(photograph="a").model_dump()["caption"] == ""


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ({"at": "lower left"}, "caption: the caption says nothing; give it text"),
        ({"name": " "}, "caption: the caption says nothing"),
        ({"nmae": "x"}, "caption, nmae: no such key"),
        (
            {"name": "x", "at": "middle"},
            "caption, at: is \"middle\"; it takes 'auto', 'lower left'",
        ),
        (5, "caption: is 5; write a text, or a table"),
        (["x"], "caption: write a text, or a table"),
    ],
)
def test_a_wrong_caption_is_told_in_one_line(value: object, message: str) -> None:
    with pytest.raises(StoryboardError, match=message):
        Storyboard.parse({"shot": [{"photograph": "a", "caption": value}]})


def test_all_texts_say_what_the_picture_says() -> None:
    stills = Stills(Path("a"), Path("a"), Path("a"), ("1", "2", "3"))
    board = Storyboard.parse({"shot": [{"photograph": "a", "caption": FULL, "length": 6}]})
    segments = segments_of(board, {"a": stills})
    (subtitle,) = captions(cues(segments))
    assert subtitle.text == "Ann Fish\nin her shop\nZürich, 1931"
    (spoken,) = descriptions(cues(segments), {"a": "A shop"})
    assert spoken.text == "A shop. Ann Fish, in her shop, Zürich, 1931."
    cut = timeline_of(board, segments, {"a": Media(Path("a.png"), (30, 20))}, ["key"])
    assert cut.clips[0].caption == subtitle.text


def test_contrast_is_that_of_wcag() -> None:
    assert contrast(luminance_of("#000000"), luminance_of("#ffffff")) == pytest.approx(21)
    # The grays that are known to lie at either side of 4.5 on white.
    assert float(contrast(luminance_of("#767676"), 1.0)) == pytest.approx(4.54, abs=0.01)
    assert float(contrast(luminance_of("#777777"), 1.0)) == pytest.approx(4.48, abs=0.01)
    assert luminance_of("#ff0000") == pytest.approx(0.2126, abs=1e-4)
    assert shade_for(INK) == "#000000" and shade_for("#302820") == "#ffffff"


@given(st.integers(0, 2**32 - 1), st.sampled_from(["#efe8da", "#201810", "#c08040"]))
@settings(max_examples=20, deadline=None)
def test_a_shade_is_enough_and_no_more_than_that(seed: int, ink: str) -> None:
    rng = np.random.default_rng(seed)
    low, high = sorted(rng.integers(16, 236, 2))
    shapes = ((24, 40), (12, 20), (12, 20))
    luma, *chroma = (
        rng.integers(a * 256, (b + 1) * 256, shape).astype(np.uint16)
        for shape, (a, b) in zip(shapes, [(low, high), (112, 144), (112, 144)], strict=True)
    )
    frame = Planes(luma, *chroma)
    words = np.zeros((24, 40), bool)
    words[8:16, 4:30] = True
    shape = np.tile(np.linspace(1, 0.6, 40, dtype=np.float32), (24, 1))
    dark = shade_needed([frame], words, shape, ink)
    colors, share = below(frame, words), shape[::2, ::2][words[::2, ::2]][:, None]
    white = float(shade_for(ink) == "#ffffff")

    def ratio(amount: float) -> float:
        return worst_contrast(colors + (white - colors) * share * np.float32(amount), ink)

    assert 0 <= dark <= MOST
    assert ratio(dark) >= RATIO or dark > MOST - 1 / 64
    assert dark == 0 or ratio(dark - 1 / 64) < RATIO


@pytest.mark.parametrize("level", [255, 190, 130, 60, 20])
def test_words_get_the_shade_that_they_need_and_a_dark_picture_none(
    tmp_path: Path, level: int
) -> None:
    stills = still(tmp_path, flat(level))
    bare, words = shown(stills), shown(stills, caption=FULL)
    # Beside the letters, in their rows: what they lie on.
    rows, columns = slice(270, 322), slice(20, int(SIZE[0] * TITLE_SAFE) - 12)
    beside = words[rows, columns]
    ratio = contrast(luminance(beside / 255), luminance_of(INK))
    assert ratio.min() >= RATIO - 0.05
    if contrast(luminance(np.float32([[level / 255] * 3])), luminance_of(INK)) > RATIO:
        assert np.abs(beside - bare[rows, columns]).max() <= 1
    else:
        assert ratio.max() < RATIO + 0.4
    # The rest of the picture is as it was.
    assert np.abs(words[: SIZE[1] // 3] - bare[: SIZE[1] // 3]).max() <= 1
    assert np.abs(words[:, -SIZE[0] // 8 :] - bare[:, -SIZE[0] // 8 :]).max() <= 1


def test_a_shade_is_for_the_brightest_that_comes_below_the_words(tmp_path: Path) -> None:
    """The left half is white, and only at the end of the move there."""
    pixels = flat(30)
    pixels[:, :100] = 255
    stills = still(tmp_path, pixels)
    path = {"from": [0.5, 0.25, 0.5, 0.5], "to": [0, 0.25, 0.5, 0.5], "easing": "linear"}
    frame = shown(stills, 95, caption="A caption", move=path)
    bare = shown(stills, 95, move=path)
    at = (slice(int(0.86 * SIZE[1]), int(0.89 * SIZE[1])), slice(20, 50))
    assert bare[at].min() > 250
    assert contrast(luminance(frame[at] / 255), luminance_of(INK)).min() >= RATIO - 0.05


def test_small_print_on_white_is_dark_and_needs_no_shade(tmp_path: Path) -> None:
    stills = still(tmp_path, flat(255))
    words, bare = shown(stills, credit="Photograph: somebody"), shown(stills)
    left, top, right, bottom = drawn(words, bare)
    assert words.min() < 120
    assert words[top - 12 : bottom + 12, left - 30 : left - 12].min() >= 254
    assert right <= SIZE[0] * (1 - CREDIT_SAFE) + 1 and bottom <= SIZE[1] * (1 - CREDIT_SAFE) + 1
    dark = still(tmp_path, flat(40))
    assert shown(dark, credit="Photograph: somebody").max() > 180


def test_the_four_corners_are_inside_the_margins(tmp_path: Path) -> None:
    stills = still(tmp_path, flat(40))
    bare = shown(stills)
    width, height = SIZE
    for at in ("lower left", "lower right", "upper left", "upper right"):
        left, top, right, bottom = drawn(shown(stills, caption={**FULL, "at": at}), bare)
        assert left >= width * TITLE_SAFE - 2 and right <= width * (1 - TITLE_SAFE) + 2
        assert top >= height * TITLE_SAFE - 2 and bottom <= height * (1 - TITLE_SAFE) + 2
        assert ("left" in at) == (left < 0.15 * width) == (right < 0.6 * width)
        assert ("upper" in at) == (top < 0.2 * height) == (bottom < 0.6 * height)


def test_a_lower_third_is_a_large_name_a_text_and_a_quiet_line(tmp_path: Path) -> None:
    stills = still(tmp_path, flat(40))
    bare = shown(stills)
    whole = drawn(shown(stills, caption=FULL), bare)
    heights = {}
    for key in ("name", "text", "date"):
        _, top, _, bottom = drawn(shown(stills, caption={key: "HHH"}), bare)
        heights[key] = bottom - top
    assert heights["name"] > heights["text"] > heights["date"]
    parts = [drawn(shown(stills, caption={"text": "HHH\nHHH"}), bare), whole]
    assert parts[1][1] < parts[0][1], "three lines are higher than two"


def test_a_caption_moves_to_where_it_hides_no_face() -> None:
    boxes = {
        "lower left": Rect(0.1, 0.75, 0.4, 0.15),
        "lower right": Rect(0.5, 0.75, 0.4, 0.15),
        "upper left": Rect(0.1, 0.1, 0.4, 0.15),
    }
    left, right, top = Rect(0.2, 0.6, 0.2, 0.3), Rect(0.6, 0.6, 0.2, 0.3), Rect(0.1, 0, 0.3, 0.3)
    middle = Rect(0.4, 0.3, 0.2, 0.3)

    def chosen(*moments: list[Rect]) -> str:
        return corner_for(boxes, moments)  # type: ignore[arg-type]

    assert chosen([], []) == "lower left"
    assert chosen([middle], [middle]) == "lower left"
    assert chosen([left], [left]) == "lower right"
    assert chosen([left, right], [left, right]) == "upper left"
    # Everywhere, but at the lower right only now and then.
    assert chosen([left, right, top], [left, top], [left, right, top]) == "lower right"
    # A face that comes by does not drive it away, nor does one that is hardly touched.
    assert chosen([left], *[[middle]] * 5) == "lower left"
    assert chosen([Rect(0.2, 0.4, 0.2, 0.36)]) == "lower left"
    # Of a head that is cut by the frame's edge only what is seen counts.
    assert chosen([Rect(0.1, 0.88, 0.3, 3.0)]) == "lower right"


def test_a_caption_keeps_clear_of_a_face_where_the_camera_shows_it(tmp_path: Path) -> None:
    stills = still(tmp_path, flat(40))
    head = Region(Rect(0.1, 0.6, 0.2, 0.35), 1.0)
    seen = dataclasses.replace(stills, attention=Attention(16 / 9, (head,)))
    bare = shown(stills)
    whole = {"from": [0, 0, 1, 1], "to": [0, 0, 1, 1]}
    upper = {"from": [0, 0, 0.5, 0.5], "to": [0, 0, 0.5, 0.5]}

    def left_of(move: object, **caption: str) -> int:
        frame = shown(seen, caption={"text": "A caption", **caption}, credit="Ann", move=move)
        rows = slice(0, int(0.9 * SIZE[1]))
        return drawn(frame[rows], bare[rows])[0]

    assert left_of(whole) > SIZE[0] / 2
    # The same head, out of the frame; and who wants a corner gets it.
    assert left_of(upper) < SIZE[0] / 2
    assert left_of(whole, at="lower left") < SIZE[0] / 2
    # Subtitles know where it is, without the picture.
    everywhere = tuple(
        Region(Rect(x, y, 0.2, 0.3), 1.0) for x, y in ((0.1, 0.65), (0.75, 0.65), (0.4, 0.3))
    )
    for heads, high in (((head,), False), (everywhere, True)):
        gone = Stills(*[Path("a")] * 3, ("1", "2", "3"), Attention(16 / 9, heads))
        items = [{"photograph": "a", "length": 5, "caption": "A caption, somewhat long, in a row"}]
        items[0] |= {"move": whole, "transition": "cut"}
        (one,) = captions(cues(segments_of(Storyboard.parse({"shot": items}), {"a": gone})))
        assert one.high is high
        text = vtt([one], Fraction(24), settings="line:1")
        assert ("line:1" in text) is not high
    # The credit makes room: it stands at the other side.
    frame = shown(seen, caption="A caption", credit="Ann", move=whole)
    low = slice(int(0.905 * SIZE[1]), None)
    assert drawn(frame[low], bare[low])[2] < SIZE[0] / 4


def test_beside_a_matted_picture_words_stand_in_a_column_and_lower_right_is_over_it(
    tmp_path: Path,
) -> None:
    tall = np.full((600, 300, 3), 200, np.uint8)
    stills = still(tmp_path, tall)
    column = shown(stills, caption=FULL, credit="Photograph: somebody", framing="mat")
    bare = shown(stills, caption=FULL, framing="mat", at=0)
    assert np.median(bare[180, 400:440]) > 150, "the picture stands aside"
    assert drawn(column, bare)[2] < 0.5 * SIZE[0]
    right = shown(stills, caption={**FULL, "at": "lower right"}, framing="mat", at=0)
    assert np.median(right[180, 300:340]) > 150, "the picture stands in the middle"


def test_the_mark_is_there_with_the_colors_and_only_with_them(tmp_path: Path) -> None:
    colored = still(tmp_path, flat(60), colored=True)
    theme = {"mark": "Colored"}
    reveal = {"kind": "wipe", "at": 1, "seconds": 1}
    corner = (slice(0, SIZE[1] // 6), slice(3 * SIZE[0] // 4, None))

    def marked(stills: Stills, at: list[int], **shot: Any) -> list[bool]:
        frames = shown(stills, at, film={"theme": theme}, **shot)
        return [bool(np.ptp(frame[corner].mean(axis=2)) > 60) for frame in frames]

    moments = [0, 23, 27, 40, 119]
    assert marked(colored, moments, reveal=reveal) == [False, False, True, True, True]
    assert marked(colored, [0, 119]) == [True, True]
    (tmp_path / "gray").mkdir()
    gray = still(tmp_path / "gray", flat(60))
    assert not any(marked(gray, [0, 60, 119]))
    # Where a caption was put, it gives way.
    taken = {**FULL, "at": "upper right"}
    frame = shown(colored, caption=taken, film={"theme": theme})
    other = shown(colored, caption=taken)
    left, top, right, bottom = drawn(frame, other)
    assert right < SIZE[0] / 4 and bottom < SIZE[1] / 6 and left >= CREDIT_SAFE * SIZE[0] - 1
    assert top >= CREDIT_SAFE * SIZE[1] - 1


def test_the_mark_is_in_transitions_too(tmp_path: Path) -> None:
    stills = still(tmp_path, flat(60), colored=True)
    shot = {"photograph": "a", "length": 2, "move": "still", "framing": "fill"}
    shots = [shot | {"transition": "cut"}, shot | {"transition": {"seconds": 1}}]
    film = {"size": list(SIZE), "fade": 0, "theme": {"mark": "Colored"}}
    segments = segments_of(Storyboard.parse({"film": film, "shot": shots}), {"a": stills})
    frames = [f.astype(float) for f in pictures_at(segments, [47, 48, 60, 71, 72])]
    assert max(np.abs(frame - frames[0]).max() for frame in frames) <= 2
    assert np.ptp(frames[0]) > 100


def test_a_mark_renders_only_what_shows_made_up_colors() -> None:
    def keys(stills: Stills, **theme: str) -> list[str]:
        board = Storyboard.parse(
            {
                "film": {"theme": theme},
                "shot": [
                    {"card": "title", "title": "x"},
                    {"photograph": "a", "length": 9, "reveal": "wipe"},
                    {"card": "text", "text": "x"},
                ],
            }
        )
        return [segment.key for segment in segments_of(board, {"a": stills})]

    colored, gray = (Stills(*[Path("a")] * 3, ("1", "2", last)) for last in ("3", "2"))
    changed = [
        one != other
        for one, other in zip(keys(colored), keys(colored, mark="Colored"), strict=True)
    ]
    # Title (in and body), the shot's transition, gray still; the shot; what follows; the last card.
    assert changed == [False, False, False, True, True, False, False]
    assert keys(gray) == keys(gray, mark="Colored")


def test_all_words_are_legible_under_a_letterbox_and_in_an_upright_film(tmp_path: Path) -> None:
    rng = np.random.default_rng(5)
    busy = np.kron(rng.integers(0, 2, (30, 50)) * 255, np.ones((20, 20)))
    stills = still(tmp_path, np.repeat(busy[..., None], 3, axis=2).astype(np.uint8))
    upright: dict[str, Any] = {"size": [360, 640]}
    letterbox: dict[str, Any] = {"theme": {"letterbox": 2.39}}
    for film, rows in ((letterbox, slice(232, 284)), (upright, slice(520, 574))):
        words = shown(stills, caption=FULL, film=film)
        bare = shown(stills, film=film)
        # The white squares in the rows of the words, without the letters.
        width = words.shape[1]
        shaded, squares = words[rows, : width // 4], bare[rows, : width // 4]
        letters = words[rows, : width // 4].min(axis=2) > 200
        white = (squares.min(axis=2) > 250) & ~letters
        assert white.any()
        dimmed = luminance(shaded[white] / 255)
        assert float(contrast(np.median(dimmed), luminance_of(INK))) > RATIO - 0.3


def test_a_caption_and_a_long_credit_do_not_lie_on_one_another(tmp_path: Path) -> None:
    upright: dict[str, Any] = {"size": [360, 640]}
    stills = still(tmp_path, flat(40))
    long = "A caption in an upright film, across it all"
    credit = "\n".join(["Photograph by somebody", "of", "some", "archive", "in some town"])
    bare = shown(stills, film=upright)
    alone = drawn(shown(stills, film=upright, credit=credit), bare)
    caption = drawn(shown(stills, film=upright, caption=long), bare)
    assert caption[2] > alone[0] and caption[3] > alone[1], "each for itself, they would"
    both = shown(stills, film=upright, caption=long, credit=credit)
    rows = np.flatnonzero((np.abs(both - bare).max(axis=2) > 50).any(axis=1))
    gaps = np.diff(rows)
    assert alone[1] in rows and (gaps[rows[:-1] < alone[1]] >= 4).any()
    assert drawn(both, bare)[1] < caption[1]


def test_words_beside_a_picture_out_of_focus_are_legible_too(tmp_path: Path) -> None:
    stills = still(tmp_path, np.full((600, 300, 3), 250, np.uint8))
    theme = {"surround": "blur", "background": "#8a8278"}
    frame = shown(stills, caption=FULL, framing="mat", film={"theme": theme})
    beside = frame[270:322, 20 : int(SIZE[0] * TITLE_SAFE) - 12]
    assert contrast(luminance(beside / 255), luminance_of(INK)).min() >= RATIO - 0.05
