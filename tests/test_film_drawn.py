"""Figures, charts and maps: true to what they tell, the same every time, clear of the edges."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from photochrom.errors import ProductionError, StoryboardError
from photochrom.film import Storyboard
from photochrom.film.exchange import timeline_of
from photochrom.film.exchange.fcpxml import fcpxml
from photochrom.film.graphics import borders
from photochrom.film.graphics.view import View, view_of
from photochrom.film.plan import Plan
from photochrom.film.plan.subtitles import descriptions
from photochrom.film.plan.timeline import segments_of
from photochrom.film.scenes.shooting import pictures_at
from photochrom.phrases import counted, phrases_for
from photochrom.production import ProductionFile
from photochrom.production.cue_page import cue_page
from photochrom.production.cue_sheet import CueSheet, cue_lines

SIZES = {"16:9": (960, 540), "9:16": (540, 960), "1:1": (540, 540)}
BACKGROUND = (0x1B, 0x19, 0x17)
SOURCE = "International Olympic Committee"
FIGURE: dict[str, Any] = {
    "card": "figure",
    "heading": "Paris 1900",
    "number": 22,
    "of": 997,
    "text": "women among 997 athletes",
    "source": SOURCE,
}
CHART: dict[str, Any] = {
    "card": "chart",
    "heading": "Women among the athletes",
    "points": [[1900, 2.2], [1924, 4.4], [1952, 10.5], [1976, 20.7], [2000, 38.2], [2024, 50]],
    "unit": "%",
    "source": SOURCE,
}
MAP: dict[str, Any] = {
    "card": "map",
    "heading": "Paris",
    "country": "FR",
    "places": [{"name": "Paris", "latitude": 48.86, "longitude": 2.35}],
}
CARDS = {"figure": FIGURE, "chart": CHART, "map": MAP}

Pixels = NDArray[np.uint8]


def board(*cards: Mapping[str, Any], **film: Any) -> Storyboard:
    settings = {"title": "T", "size": SIZES["16:9"], "rate": 12, "fade": 0}
    return Storyboard.parse(
        {"film": settings | film, "shot": [{"transition": "cut", **card} for card in cards]}
    )


def seen(card: Mapping[str, Any], *shares: float, **film: Any) -> list[Pixels]:
    """A card at shares of its time."""
    segments = segments_of(board(card, **film), {})
    frames = sum(one.frames for one in segments)
    return list(pictures_at(segments, [int(share * (frames - 1)) for share in shares]))


def apart(picture: Pixels, background: Sequence[int] = BACKGROUND) -> NDArray[np.int16]:
    """How far each pixel is from the background."""
    return np.abs(picture.astype(np.int16) - np.asarray(background, np.int16)).max(axis=2)


def lights(picture: Pixels, least: int) -> int:
    """How many things are as bright as that."""
    bright = (picture.min(axis=2) >= least).astype(np.uint8)
    return cv2.connectedComponents(bright, connectivity=4)[0] - 1


# -- figures --------------------------------------------------------------------------------------


def test_as_many_dots_are_lit_as_were_counted() -> None:
    alone = {"card": "figure", "number": 22}
    (some,), (number,) = seen(alone | {"of": 400}, 0.6), seen(alone, 0.6)
    digits = lights(number, 170)
    assert lights(some, 170) - digits == 22
    parts = (apart(some) > 20).astype(np.uint8)
    assert cv2.connectedComponents(parts, connectivity=4)[0] - 1 - digits == 400


def test_a_number_counts_up_and_then_stands() -> None:
    early, later, stands, still = seen(FIGURE | {"length": 8}, 0.12, 0.2, 0.5, 0.7)
    counts = [lights(one[270:], 170) for one in (early, later, stands)]
    assert counts[0] < counts[1] <= counts[2]
    assert not np.array_equal(later, stands)
    assert np.array_equal(stands, still)


@pytest.mark.parametrize("part", [0.25, 0.5, 1])
def test_a_bar_is_as_long_as_its_share(part: float) -> None:
    card = {"card": "figure", "number": 100 * part, "of": 100, "drawn": "bar"}
    (picture,) = seen(card, 0.6)
    rows = [row for row in range(270, 520) if (apart(picture)[row] > 20).sum() > 300]
    row = picture[rows[len(rows) // 2]]
    whole = np.flatnonzero(apart(row[None])[0] > 20)
    lit = np.flatnonzero(row.min(axis=1) > 150)
    assert len(lit) / len(whole) == pytest.approx(part, abs=0.02)


@pytest.mark.parametrize(
    ("language", "number", "unit", "said"),
    [
        ("en", "5457", "", "5,457"),
        ("de", "5457", "", "5.457"),
        ("de-CH", "5457", "", "5’457"),
        ("fr", "1234567.5", "km", "1\u202f234\u202f567,5\u00a0km"),
        ("es", "5457", "", "5457"),
        ("es", "54570", "", "54\u202f570"),
        ("pl", "10500", "", "10\u00a0500"),
        ("de", "2.20", "%", "2,20\u00a0%"),
        ("it", "50", "%", "50%"),
        ("ja", "997", "", "997"),
        ("", "-3.5", "", "\u22123.5"),
        ("sv", "5457", "", "5,457"),
    ],
)
def test_numbers_are_written_as_the_language_writes_them(
    language: str, number: str, unit: str, said: str
) -> None:
    assert counted(Decimal(number), phrases_for(language), unit) == said


@pytest.mark.parametrize(
    ("card", "said"),
    [
        ({"number": 22, "of": 20}, "no share"),
        ({"number": -1, "of": 20}, "no share"),
        ({"number": 0, "of": 0}, "share of 0"),
        ({"number": 2.5, "of": 20, "drawn": "dots"}, "whole numbers"),
        ({"number": "12 km"}, "without a unit"),
        ({"number": float("inf")}, "digits"),
        ({"number": True}, "takes a number"),
    ],
)
def test_what_is_no_figure_is_refused(card: dict[str, Any], said: str) -> None:
    with pytest.raises(StoryboardError, match=said):
        board({"card": "figure", **card})


# -- charts ---------------------------------------------------------------------------------------


def test_bars_are_as_high_as_their_values() -> None:
    values = [10, 40, 20, 30]
    points = [[1900 + n, value] for n, value in enumerate(values)]
    (picture,) = seen({"card": "chart", "style": "bars", "points": points}, 0.7)
    bright = picture.min(axis=2) > 150
    # Digits are narrow: bars are what fills a row for long.
    tall = bright.sum(axis=0)
    columns = np.flatnonzero(tall > 40)
    groups = np.split(columns, np.flatnonzero(np.diff(columns) > 20) + 1)
    heights = [float(np.median(tall[group])) for group in groups if len(group) > 20]
    assert [one / heights[0] for one in heights] == pytest.approx([1, 4, 2, 3], rel=0.1)


def test_a_line_is_drawn_from_left_to_right_and_the_other_way_in_arabic() -> None:
    for language, turned in (("en", False), ("ar", True)):
        points = [[1900, 10], [2000, 10]]
        card = {"card": "chart", "points": points, "unit": "km"}
        half, whole = seen(card, 0.22, 0.8, language=language)
        row = int(np.argmax((whole.min(axis=2) > 150).sum(axis=1)))
        ends = [np.flatnonzero(one[row].min(axis=1) > 150) for one in (half, whole)]
        assert 30 < len(ends[0]) < len(ends[1])
        begins = [one.max() if turned else one.min() for one in ends]
        assert abs(int(begins[0]) - int(begins[1])) < 12


def test_words_at_points_never_lie_on_one_another() -> None:
    from photochrom.film.graphics.chart import ChartDrawing
    from photochrom.film.graphics.page import Page
    from photochrom.film.storyboard import ChartCard
    from photochrom.film.words.type import Typesetter

    points = [{"year": 1900 + n, "value": 10 + n % 2, "text": f"Year {n}"} for n in range(60)]
    for style in ("line", "bars"):
        for size in SIZES.values():
            film = board(FIGURE, size=size).film
            card = ChartCard.model_validate({"card": "chart", "style": style, "points": points})
            drawing = ChartDrawing(card, Page(film, film.theme.background, Typesetter()))
            said = drawing.said
            assert 2 <= len(said) < 60
            assert not any(one.meets(two, 0) for n, one in enumerate(said) for two in said[n + 1 :])


@pytest.mark.parametrize(
    ("points", "said"),
    [
        ([[1900, 2], [1900, 3]], "comes after"),
        ([[1900, 2]], "2"),
        ([[1900, 2, 3], [1901, 2]], r"\[year, value\]"),
        ([1900, 2.2], r"\[year, value\]"),
    ],
)
def test_what_is_no_chart_is_refused(points: list[Any], said: str) -> None:
    with pytest.raises(StoryboardError, match=said):
        board({"card": "chart", "points": points})


# -- maps -----------------------------------------------------------------------------------------


def test_every_country_can_be_shown() -> None:
    assert len(borders.countries()) > 240
    for one in borders.countries():
        view = view_of(one, [])
        left, top, right, bottom = view.box
        assert 0 < right - left < 4 and 0 < bottom - top < 4, one.name
        for land in one.lands:
            apart = land.rings[0][0] - land.rings[0][-1]
            assert abs(apart[0]) % 360 < 1e-6 and apart[1] == 0, one.name


@pytest.mark.parametrize("named", ["FR", "fra", "France", " france "])
def test_a_country_goes_by_its_letters_or_its_name(named: str) -> None:
    assert borders.country(named).name == "France"


def test_letters_mean_one_country_each() -> None:
    letters = [word for one in borders.countries() for word in one.words if len(word) in (2, 3)]
    codes = [word for word in letters if word.isupper() and word.isalpha()]
    assert len(codes) - len(set(codes)) == 0 and len(set(codes)) > 470
    assert borders.country("AU").name == "Australia"
    assert borders.country("US").name == "United States of America"


def test_a_country_that_is_none_is_told_with_its_line() -> None:
    text = (
        'schema = "photochrom.production/1"\ntitle = "t"\n[[photograph]]\nid = "a"\nfile = "a"\n'
        '[[shot]]\ncard = "map"\ncountry = "Frnace"\n'
    )
    with pytest.raises(ProductionError, match=r':8: there is no country.*did you mean "France"'):
        ProductionFile.parse(text, "production.toml")
    # What is like it in English may be another country: what can be written is said as well.
    for named in ("Deutschland", "Mittelerde"):
        with pytest.raises(ProductionError, match=r"in English, or its two letters"):
            ProductionFile.parse(text.replace("Frnace", named), "production.toml")


def holds(view: View, longitude: float, latitude: float) -> bool:
    (x, y), (left, top, right, bottom) = view.flat(np.array([[longitude, latitude]]))[0], view.box
    return bool(left <= x <= right and top <= y <= bottom)


def test_a_map_shows_the_part_where_its_place_is() -> None:
    france = borders.country("FR")
    ajaccio, cayenne = (8.74, 41.92), (-52.33, 4.92)
    home, far = view_of(france, [(2.35, 48.86)]), view_of(france, [cayenne])
    assert holds(home, *ajaccio) and not holds(home, *cayenne)
    assert holds(far, *cayenne) and not holds(far, 2.35, 48.86)
    honolulu = (-157.86, 21.31)
    islands = view_of(borders.country("US"), [honolulu])
    assert holds(islands, *honolulu) and not holds(islands, -98.0, 39.0)
    # Across the date line, and in one piece.
    fiji = view_of(borders.country("Fiji"), [])
    assert holds(fiji, 178.44, -18.14) and holds(fiji, -179.97, -16.8) and len(fiji.lands) > 3
    left, _, right, _ = fiji.box
    assert 0.03 < right - left < 0.1


def test_areas_on_a_map_are_true() -> None:
    """A degree by a degree has the area that it has on a sphere, wherever it lies."""
    for latitude in (0.0, 46.0, 70.0):
        view = View(8.0, latitude)
        x = np.linspace(7.5, 8.5, 201)
        y = np.linspace(latitude - 0.5, latitude + 0.5, 201)
        ring = np.concatenate(
            [
                np.stack([x, np.full_like(x, y[0])], 1),
                np.stack([np.full_like(y, x[-1]), y], 1),
                np.stack([x[::-1], np.full_like(x, y[-1])], 1),
                np.stack([np.full_like(y, x[0]), y[::-1]], 1),
            ]
        )
        u, v = view.flat(ring).T
        area = abs(float(np.sum(u[:-1] * v[1:] - u[1:] * v[:-1]))) / 2
        low, high = np.radians([latitude - 0.5, latitude + 0.5])
        assert area == pytest.approx(np.radians(1) * (np.sin(high) - np.sin(low)), rel=1e-3)


def test_no_line_is_drawn_where_the_data_of_the_world_is_cut() -> None:
    from photochrom.film.graphics.outline import _lines

    for name in ("Russia", "Fiji", "Antarctica"):
        for land in borders.country(name).lands:
            ring = land.rings[0]
            for line in _lines(ring, ring):
                points = np.array([[point.fX, point.fY] for point in line.getPoints()])
                near = np.abs(points[:, 0] % 360 - 180) < 0.01
                assert not (near[:-1] & near[1:]).any(), name


def test_land_on_the_other_side_of_the_earth_is_not_drawn_around_all() -> None:
    for country in ("ID", "FJ", "NZ", "CL", "ES"):
        (picture,) = seen({"card": "map", "country": country}, 0.6)
        ground = (apart(picture) < 4).mean()
        assert ground > 0.35, "there is sea around them"


# -- all of them ----------------------------------------------------------------------------------


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
@pytest.mark.parametrize("card", CARDS)
def test_a_card_stays_within_the_safe_area(card: str, size: tuple[int, int]) -> None:
    (picture,) = seen(CARDS[card] | {"length": 6}, 0.6, size=size)
    # Land may go to the edges: it is faint, and no part of the story.
    strong = apart(picture) > (60 if card == "map" else 12)
    width, height = size
    rows, columns = np.flatnonzero(strong.any(axis=1)), np.flatnonzero(strong.any(axis=0))
    lowest = 0.8 if size[1] > size[0] else 0.95
    assert rows[0] >= height * 0.05 and rows[-1] < height * lowest + 1
    assert columns[0] >= width * 0.05 and columns[-1] < width * 0.95


@pytest.mark.parametrize("card", CARDS)
def test_a_card_is_the_same_every_time(card: str) -> None:
    once, again = (seen(CARDS[card], 0.15, 0.3, 0.8) for _ in range(2))
    assert all(np.array_equal(one, two) for one, two in zip(once, again, strict=True))


@pytest.mark.parametrize("card", CARDS)
def test_a_card_takes_the_colors_of_its_theme(card: str) -> None:
    theme = {"background": "#f4efe4", "ink": "#20242a", "rule": "#8a6d3b"}
    (picture,) = seen(CARDS[card], 0.6, theme=theme)
    assert picture.min() < 60, "dark ink"
    edge = picture[:4, :4].reshape(-1, 3).mean(axis=0)
    assert np.all(edge > 215), "a light ground"


def keys(card: Mapping[str, Any], **film: Any) -> list[str]:
    cards = [card | {"transition": "dissolve"}, {"card": "text", "text": "x"}]
    return [one.key for one in segments_of(board(*cards, **film), {})]


CHANGES = [
    (FIGURE, {"number": 23}),
    (FIGURE, {"of": 998}),
    (FIGURE, {"unit": "%"}),
    (FIGURE, {"drawn": "bar"}),
    (CHART, {"style": "bars"}),
    (CHART, {"points": [[1900, 2.2], [2024, 51]]}),
    (MAP, {"country": "CH"}),
    (MAP, {"places": []}),
    *((card, {"source": "Somebody"}) for card in CARDS.values()),
]


@pytest.mark.parametrize(("card", "change"), CHANGES)
def test_what_is_changed_is_rendered_again_and_nothing_else(
    card: dict[str, Any], change: dict[str, Any]
) -> None:
    before, after = keys(card), keys(card | change)
    # The transition into it, its body, and another card.
    assert [one == two for one, two in zip(before, after, strict=True)] == [False, False, True]


def test_numbers_in_another_language_and_other_borders_are_rendered_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert keys(FIGURE) != keys(FIGURE, words={"source-line": "From {source}"})
    large = FIGURE | {"number": 5457, "of": 11000}
    assert keys(large) != keys(large, words={"thousands-mark": "'"})
    once = keys(MAP)
    monkeypatch.setattr(borders, "digest", lambda: "other")
    assert keys(MAP) != once and keys(FIGURE) == keys(dict(FIGURE))


def test_a_card_tells_all_in_words_and_its_source_in_the_cue_sheet() -> None:
    plan = Plan.of(board(*CARDS.values(), language="de"), {})
    told = [one.text for one in descriptions(plan.cues, {})]
    assert told[0] == f"Paris 1900. 22 women among 997 athletes. Quelle: {SOURCE}."
    assert "1900: 2,2\u00a0%" in told[1] and "2024: 50\u00a0%" in told[1]
    assert told[2] == "Paris. Paris. Quelle: Natural Earth."
    say = plan.film.say
    lines = cue_lines(plan.cues, {}, say)
    assert [line.source for line in lines] == [SOURCE, SOURCE, "Natural Earth"]
    sheet = CueSheet("T", "film.mp4", (2, 2), Fraction(24), lines, say)
    assert sheet.to_csv().count(SOURCE) == 2
    page = cue_page(sheet)
    assert f"Quelle: {SOURCE}" in page and "Zahlentafel" in page


def test_an_editing_program_gets_what_a_card_says() -> None:
    storyboard = board(*CARDS.values())
    cut = timeline_of(storyboard, segments_of(storyboard, {}), {}, ["a", "b", "c"])
    assert [clip.name for clip in cut.clips] == ["figure card", "chart card", "map card"]
    assert cut.clips[0].text.splitlines()[1] == "22 women among 997 athletes"
    assert "Source: Natural Earth" in fcpxml(cut)


def test_borders_are_small_and_say_where_they_are_from() -> None:
    import gzip
    import json

    path = Path(borders.__file__).with_name("borders.json.gz")
    assert path.stat().st_size < 300_000
    assert "Natural Earth" in json.loads(gzip.decompress(path.read_bytes()))["origin"]


@pytest.mark.parametrize("size", [(128, 128), (256, 128), (128, 256)])
@pytest.mark.parametrize("card", CARDS)
def test_words_that_are_much_too_long_leave_a_drawing_all_the_same(
    card: str, size: tuple[int, int]
) -> None:
    long = {"heading": "Words " * 60, "text": "and more " * 60}
    (picture,) = seen(CARDS[card] | long, 0.6, size=size)
    assert apart(picture).max() > 100
